#include <apps/server/web/web_routes.hpp>

#include <cstddef>
#include <string>

#include <sodium.h>

#include <apps/server/data/random_hex.hpp>
#include <apps/server/http/ascii.hpp>

namespace vultus::server {
namespace {

constexpr std::string_view kNonceMark = "%VULTUS_NONCE%";
constexpr std::string_view kPagePath = "/index.html";

constexpr const char* kWithoutPage =
    R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Vultus</title></head><body><h1>Vultus</h1>
<p>This server answers under <a href="/v1/openapi.json">/v1</a>. It was built without its web page.</p>
<p>To get the page: run <code>tools/setup npm</code>, then configure with <code>-DVULTUS_WEB=ON</code> and build again.</p>
</body></html>
)";

/// 128 random bits for one answer: styles that carry them are those of the page (Content Security Policy, nonce).
std::string fresh_nonce() {
  constexpr std::size_t kBytes = 16;
  return random_hex(kBytes);
}

std::string page_policy(const std::string& nonce) {
  return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce +
         "'; img-src 'self' blob: data:; media-src blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
         "form-action 'none'; frame-ancestors 'none'";
}

void add_page_headers(Response& response) {
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()");
  response.headers.set("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.set("Cross-Origin-Resource-Policy", "same-origin");
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// Whether a list such as Accept-Encoding or If-None-Match names a value. A weight of zero refuses it.
bool list_names(std::string_view list, std::string_view value) {
  while (!list.empty()) {
    const std::string_view item = trimmed(list.substr(0, list.find(',')));
    list.remove_prefix(
        std::min(list.size(), list.find(',') == std::string_view::npos ? list.size() : list.find(',') + 1));
    const std::string_view name = trimmed(item.substr(0, item.find(';')));
    if (!ascii_equal(name, value) && name != "*") continue;
    const std::size_t weight = item.find("q=");
    if (weight == std::string_view::npos) return true;
    return item.substr(weight + 2).find_first_not_of("0.") != std::string_view::npos;
  }
  return false;
}

Response page_answer(const WebFile& page) {
  Response response{.status = 200};
  const std::string nonce = fresh_nonce();
  response.body = page.plain;
  for (auto at = response.body.find(kNonceMark); at != std::string::npos; at = response.body.find(kNonceMark, at))
    response.body.replace(at, kNonceMark.size(), nonce);
  response.headers.set("Content-Type", std::string(page.type));
  // It is another text every time, so nothing of it is kept: what is large lies in the files that it names.
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Content-Security-Policy", page_policy(nonce));
  add_page_headers(response);
  return response;
}

Response file_answer(const WebFile& file, const Request& request) {
  Response response{.status = 200};
  response.headers.set("Content-Type", std::string(file.type));
  response.headers.set("ETag", std::string(file.etag));
  response.headers.set("Cache-Control", file.lasting ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  if (!file.gzip.empty()) response.headers.set("Vary", "Accept-Encoding");
  add_page_headers(response);
  if (list_names(request.headers.find("If-None-Match").value_or(""), file.etag)) {
    response.status = 304;
    return response;
  }
  if (!file.gzip.empty() && list_names(request.headers.find("Accept-Encoding").value_or(""), "gzip")) {
    response.headers.set("Content-Encoding", "gzip");
    response.body = file.gzip;
  } else {
    response.body = file.plain;
  }
  return response;
}

Route web_route(std::string path, std::function<Response(const Request&)> handle) {
  return {.method = Method::get, .path = std::move(path), .scope = Scope::none, .handle = std::move(handle)};
}

}  // namespace

Status add_web_routes(Router& router, std::span<const WebFile> files) {
  if (::sodium_init() < 0) return fail(ErrorCode::internal, "libsodium does not start");
  if (files.empty()) {
    static constexpr WebFile kAlone{.path = kPagePath, .type = "text/html; charset=utf-8", .plain = kWithoutPage};
    return router.add(web_route("/", [](const Request&) { return page_answer(kAlone); }));
  }
  for (const WebFile& file : files) {
    if (file.path == kPagePath)
      VULTUS_CHECK(router.add(web_route("/", [&file](const Request&) { return page_answer(file); })));
    else
      VULTUS_CHECK(router.add(
          web_route(std::string(file.path), [&file](const Request& request) { return file_answer(file, request); })));
  }
  return {};
}

}  // namespace vultus::server

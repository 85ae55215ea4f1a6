#include <apps/server/http/head_rules.hpp>

#include <algorithm>
#include <charconv>

#include <apps/server/http/ascii.hpp>
#include <apps/server/http/percent.hpp>

namespace vultus::server {
namespace {

using Refusal = std::optional<Problem>;

Problem broken_head(std::string detail) {
  return {400, "malformed_request", "The head of the request does not follow HTTP", std::move(detail), {}};
}

std::vector<std::string_view> values_of(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [known, value] : headers.fields())
    if (ascii_equal(known, name)) values.emplace_back(value);
  return values;
}

// Host and port as they stand in a URL: a name, an address of version 4, or one of version 6 in brackets.
// @return the host in lower case, or nothing
std::optional<std::string> host_of(std::string_view authority) {
  const bool bracketed = authority.starts_with('[');
  const std::size_t end = bracketed ? authority.find(']') : authority.find(':');
  if (bracketed && end == std::string_view::npos) return std::nullopt;
  const std::string_view host = authority.substr(0, bracketed ? end + 1 : end);
  std::string_view port = authority.substr(host.size());
  const std::string_view inside = bracketed ? host.substr(1, host.size() - 2) : host;
  const std::string_view allowed = bracketed ? "0123456789abcdefABCDEF:." : "-._~!$&'()*+,;=%";
  const auto fits = [&](char byte) {
    const bool letter = (byte >= '0' && byte <= '9') || (ascii_lower(byte) >= 'a' && ascii_lower(byte) <= 'z');
    return (!bracketed && letter) || allowed.find(byte) != std::string_view::npos;
  };
  if (inside.empty() || !std::all_of(inside.begin(), inside.end(), fits)) return std::nullopt;
  if (port.empty()) return ascii_lowered(host);
  port.remove_prefix(1);
  const bool digits = std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (authority[host.size()] != ':' || !digits || port.size() > 5) return std::nullopt;
  return ascii_lowered(host);
}

Refusal read_body_framing(RequestHead& head) {
  const auto codings = values_of(head.request.headers, "Transfer-Encoding");
  const auto lengths = values_of(head.request.headers, "Content-Length");
  if (!codings.empty()) {
    if (!lengths.empty()) return broken_head("both Transfer-Encoding and Content-Length");
    if (head.old_version) return broken_head("Transfer-Encoding in HTTP/1.0");
    if (codings.size() > 1 || !ascii_equal(trimmed(codings[0]), "chunked"))
      return Problem{501, "coding_not_implemented", "The only transfer coding spoken here is chunked", {}, {}};
    head.chunked = true;
  }
  if (lengths.size() > 1) return broken_head("more than one Content-Length");
  if (lengths.size() == 1) {
    std::uint64_t bytes = 0;
    const std::string_view text = lengths[0];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
      return broken_head("Content-Length is no number of bytes");
    head.content_length = bytes;
  }
  return {};
}

Refusal read_host_field(RequestHead& head) {
  const auto hosts = values_of(head.request.headers, "Host");
  if (hosts.empty() && head.old_version) return {};
  if (hosts.size() != 1) return broken_head("there must be one Host, not " + std::to_string(hosts.size()));
  auto host = host_of(hosts[0]);
  if (!host) return broken_head("Host names no host");
  head.host = *std::move(host);
  return {};
}

// Takes "http://host" from the beginning of a target that is a whole URL (RFC 9112, 3.2.2).
Refusal take_authority(std::string_view& target, RequestHead& head) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!ascii_equal(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::string_view authority = target.substr(0, target.find_first_of("/?"));
    auto host = host_of(authority);
    if (!host) return broken_head("the target names no host");
    head.host = *std::move(host);
    target.remove_prefix(authority.size());
    return {};
  }
  return broken_head("the target is neither a path nor a URL of http");
}

Refusal read_target(std::string_view target, const HeadLimits& limits, RequestHead& head) {
  if (target.size() > limits.url_bytes)
    return Problem{414,
                   "url_too_long",
                   "The URL is too long",
                   std::to_string(target.size()) + " bytes, at most " + std::to_string(limits.url_bytes),
                   {}};
  if (!std::all_of(target.begin(), target.end(), [](char byte) { return byte > ' ' && byte < '\x7F' && byte != '#'; }))
    return broken_head("the target holds bytes that no URL has");
  if (target == "*" && head.request.method == Method::options) {
    head.for_server = true;
    head.request.path = "*";
    return {};
  }
  if (!target.starts_with('/')) {
    if (auto refused = take_authority(target, head)) return refused;
  }
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  head.request.path = path.empty() ? "/" : std::string(path);
  if (mark == std::string_view::npos) return {};
  auto query = parse_query(target.substr(mark + 1));
  if (!query) return broken_head("the query is not percent-encoded UTF-8");
  head.request.query = *std::move(query);
  return {};
}

}  // namespace

Refusal apply_head_rules(std::string_view method, std::string_view target, const HeadLimits& limits,
                         RequestHead& head) {
  const auto known = method_of(method);
  if (!known) return Problem{501, "method_not_implemented", "No path knows this method", {}, {}};
  head.request.method = *known;
  if (auto refused = read_body_framing(head)) return refused;
  if (auto refused = read_host_field(head)) return refused;
  if (auto refused = read_target(target, limits, head)) return refused;
  for (const std::string_view expect : values_of(head.request.headers, "Expect"))
    head.expect = ascii_lowered(trimmed(expect));
  return {};
}

}  // namespace vultus::server

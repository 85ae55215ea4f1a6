// Service::admit(): what is decided about a request before its body.
#include <cmath>
#include <memory>

#include <apps/server/api/gate.hpp>
#include <apps/server/api/problem_kinds.hpp>
#include <apps/server/http/ascii.hpp>
#include <apps/server/keys/principal.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

constexpr std::string_view kBearer = "bearer ";

bool begins_with_bearer(std::string_view header) { return ascii_equal(header.substr(0, kBearer.size()), kBearer); }

/// The text of the key that a request carries.
Checked<std::string> credential_of(const Request& request) {
  const auto authorization = request.headers.find("Authorization");
  const auto own = request.headers.find("X-Api-Key");
  if (authorization && !begins_with_bearer(*authorization))
    return problem("key_not_valid", "Authorization: Bearer KEY is wanted");
  if (!authorization && !own) return problem("key_missing", "Authorization: Bearer KEY, or X-Api-Key: KEY, is wanted");
  std::string_view text = authorization ? authorization->substr(kBearer.size()) : *own;
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (authorization && own && text != *own) return problem("key_not_valid", "two different keys were sent");
  return std::string(text);
}

Checked<std::shared_ptr<const Principal>> admitted(const Route& route, const Request& request, KeyStore& keys) {
  VULTUS_TRY(const std::string text, credential_of(request));
  VULTUS_TRY(auto key, keys.authenticate(text));
  if (!key) return problem("key_not_valid", "it is unknown, revoked or has ended");
  VULTUS_TRY(const auto wait, keys.spend(key->id));
  if (wait) return waiting_problem(*wait);
  if (!key->allows(route.scope))
    return problem("scope_too_small", "scope " + std::string(scope_name(route.scope)) + " is wanted, the key has " +
                                          std::string(scope_name(key->scope)));
  const Digest seal = keyed_hash(std::as_bytes(std::span(text)).first(std::min<std::size_t>(text.size(), 64)), text);
  return std::shared_ptr<const Principal>(std::make_shared<Principal>(Principal{.key = *std::move(key), .seal = seal}));
}

}  // namespace

Problem waiting_problem(const Wait& wait) {
  const int seconds = std::max(1, static_cast<int>(std::ceil(wait.seconds)));
  if (wait.reason == Wait::Reason::quota)
    return problem("quota_exhausted", std::to_string(wait.limit) + " requests a day (UTC) are allowed", seconds);
  return problem("rate_limited", "the key is used more often than its limit allows", seconds);
}

std::optional<Response> Service::admit(const Route& route, Request& request) {
  if (request.principal) return std::nullopt;
  if (route.admit) return route.admit(request);
  if (route.scope == Scope::none) return std::nullopt;
  const auto began = std::chrono::steady_clock::now();
  auto principal = admitted(route, request, *keys_);
  RequestNote note = note_of(route, request);
  if (principal) {
    request.principal = *std::move(principal);
    const auto is_hidden = [&](const char* kind) {
      const std::string_view name = request.path_value(kind);
      return !name.empty() && !request.principal->key.sees(name);
    };
    const bool sealed = is_hidden("sealed");
    if (!sealed && !is_hidden("collection")) return std::nullopt;
    note.key = request.principal->key.id;
    principal = problem(sealed ? "sealed_not_found" : "collection_not_found", "");
    request.principal = nullptr;
  }
  Response refused = refusal_response(principal.error(), request, *this, note);
  refused.headers.set("Cache-Control", "no-store");
  tell(*this, std::move(note), refused, began);
  return refused;
}

}  // namespace vultus::server

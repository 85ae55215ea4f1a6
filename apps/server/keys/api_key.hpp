// A key: who may do what, in which collections, how often and until when. The secret itself is not kept.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/gallery/utc_time.hpp>

#include <apps/server/http/router.hpp>

namespace vultus::server {

/// "read", "identify", "enrol", "admin"; "none" for what needs no key.
[[nodiscard]] std::string_view scope_name(Scope scope);
[[nodiscard]] std::optional<Scope> scope_from(std::string_view name);

/// What a key of the CompreFace interface opens: one of its three services.
enum class ServiceKind : std::uint8_t { recognition, detection, verification };
[[nodiscard]] std::string_view service_name(ServiceKind kind);  ///< "recognition", ...
[[nodiscard]] std::optional<ServiceKind> service_from(std::string_view name);

/// How often a key may be used; empty = as often as its owner likes.
struct KeyLimits {
  std::optional<double> per_second;     ///< (0, 1e6]: tokens that come back each second
  std::int64_t burst = 1;               ///< [1, 1e6]: tokens at most
  std::optional<std::int64_t> per_day;  ///< requests of one day (UTC), > 0
  bool operator==(const KeyLimits&) const = default;
};

struct ApiKey {
  std::string id;  ///< 16 hex digits, no secret
  std::string name;
  Scope scope = Scope::read;
  std::optional<std::vector<std::string>> collections;  ///< empty = all, also those to come
  KeyLimits limits;
  /// Set: it opens this service of the CompreFace interface and nothing else. Recognition has one collection.
  std::optional<ServiceKind> service;
  UtcTime created{};
  std::optional<UtcTime> expires;
  std::optional<UtcTime> revoked;
  std::optional<UtcTime> last_used;

  [[nodiscard]] bool sees_all() const { return !collections.has_value(); }
  [[nodiscard]] bool sees(std::string_view collection) const {
    return !collections || std::ranges::find(*collections, collection) != collections->end();
  }
  [[nodiscard]] bool allows(Scope needed) const { return scope >= needed; }
  [[nodiscard]] bool valid_at(UtcTime now) const { return !revoked && (!expires || now < *expires); }
  /// May make and revoke keys: one that cannot grow beyond itself by doing so.
  [[nodiscard]] bool governs() const { return sees_all() && scope == Scope::admin; }
  bool operator==(const ApiKey&) const = default;
};

}  // namespace vultus::server

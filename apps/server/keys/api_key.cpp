#include <apps/server/keys/api_key.hpp>

#include <array>

namespace vultus::server {
namespace {

constexpr std::array<std::string_view, 5> kScopeNames{"none", "read", "identify", "enrol", "admin"};
constexpr std::array<std::string_view, 3> kServiceNames{"recognition", "detection", "verification"};

}  // namespace

std::string_view scope_name(Scope scope) { return kScopeNames.at(static_cast<std::size_t>(scope)); }

std::optional<Scope> scope_from(std::string_view name) {
  const auto* const at = std::ranges::find(kScopeNames, name);
  if (at == kScopeNames.end() || at == kScopeNames.begin()) return std::nullopt;
  return static_cast<Scope>(at - kScopeNames.begin());
}

std::string_view service_name(ServiceKind kind) { return kServiceNames.at(static_cast<std::size_t>(kind)); }

std::optional<ServiceKind> service_from(std::string_view name) {
  const auto* const at = std::ranges::find(kServiceNames, name);
  if (at == kServiceNames.end()) return std::nullopt;
  return static_cast<ServiceKind>(at - kServiceNames.begin());
}

}  // namespace vultus::server

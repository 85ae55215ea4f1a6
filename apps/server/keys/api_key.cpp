#include <apps/server/keys/api_key.hpp>

#include <array>

namespace vultus::server {
namespace {

constexpr std::array<std::string_view, 5> kScopeNames{"none", "read", "identify", "enrol", "admin"};

}  // namespace

std::string_view scope_name(Scope scope) { return kScopeNames.at(static_cast<std::size_t>(scope)); }

std::optional<Scope> scope_from(std::string_view name) {
  const auto* const at = std::ranges::find(kScopeNames, name);
  if (at == kScopeNames.end() || at == kScopeNames.begin()) return std::nullopt;
  return static_cast<Scope>(at - kScopeNames.begin());
}

}  // namespace vultus::server

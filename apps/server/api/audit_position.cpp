#include <apps/server/api/audit_position.hpp>

#include <algorithm>

#include <apps/server/api/parameters.hpp>

namespace vultus::server {

std::optional<AuditPosition> AuditPosition::from(std::string_view text) {
  AuditPosition position;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const auto equals = one.find('=');
    const std::string_view shard = equals == std::string_view::npos ? std::string_view() : one.substr(0, equals);
    const auto number = integer_of(equals == std::string_view::npos ? one : one.substr(equals + 1));
    if (!number || *number < 0) return std::nullopt;
    position.last_.insert_or_assign(std::string(shard), *number);
  }
  return position;
}

std::string AuditPosition::text() const {
  std::string text;
  for (const auto& [shard, number] : last_) {
    if (!text.empty()) text += ',';
    if (!shard.empty()) text += shard + "=";
    text += std::to_string(number);
  }
  return text;
}

bool AuditPosition::is_behind(const AuditEntry& entry) const {
  const auto at = last_.find(entry.shard);
  return at != last_.end() && entry.number <= at->second;
}

void AuditPosition::pass(const AuditEntry& entry) { last_[entry.shard] = entry.number; }

std::int64_t AuditPosition::read_by_all(std::int64_t shards) const {
  // Of a shard that is not named nothing was read.
  if (last_.empty() || static_cast<std::int64_t>(last_.size()) < shards) return 0;
  return std::ranges::min_element(last_, {}, [](const auto& one) { return one.second; })->second;
}

}  // namespace vultus::server

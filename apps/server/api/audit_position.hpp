// How far somebody has read in an audit log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <vultus/gallery/audit_note.hpp>

namespace vultus::server {

/// A gallery in one store has one log; one of shards has a log for each, whose numbers know nothing of each other.
class AuditPosition {
 public:
  /// @param text  "" = the beginning, else what text() has made
  /// @return nothing for another text
  [[nodiscard]] static std::optional<AuditPosition> from(std::string_view text);
  [[nodiscard]] std::string text() const;  ///< "12", or "amsterdam=12,berlin=7"

  [[nodiscard]] bool is_behind(const AuditEntry& entry) const;
  void pass(const AuditEntry& entry);
  /// Up to where the logs of all shards were read. @param shards  of the gallery; 0 = it lies in one store
  [[nodiscard]] std::int64_t read_by_all(std::int64_t shards) const;

 private:
  std::map<std::string, std::int64_t, std::less<>> last_;  // by the name of the shard; "" = the one store
};

}  // namespace vultus::server

// Checksums of an export. Private to this room.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace vultus::gallery {

inline constexpr int kExportFormat = 1;

/// The first 16 hex digits of BLAKE2b-256.
[[nodiscard]] std::string sum_of_line(std::string_view before_sum);

/// BLAKE2b-256 of all lines.
class RunningHash {
 public:
  RunningHash();
  ~RunningHash();
  RunningHash(const RunningHash&) = delete;
  RunningHash& operator=(const RunningHash&) = delete;
  void add(std::string_view bytes);
  /// 64 hex digits of what was added until now.
  [[nodiscard]] std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vultus::gallery

// What a check collects. Private to the stores.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::gallery {

inline constexpr int kMaxFindings = 100;

/// Collects sentences up to the limit. Damage is a finding; any other failure ends the check.
class FindingList {
 public:
  explicit FindingList(std::vector<std::string>& lines) : lines_(lines) {}
  [[nodiscard]] bool full() const { return lines_.size() >= static_cast<std::size_t>(kMaxFindings); }
  /// @param line  empty = nothing was found
  void add(std::string line) {
    if (!line.empty() && !full()) lines_.push_back(std::move(line));
  }
  template <class T>
  Status absorb(const Result<T>& status) {
    if (status) return {};
    if (status.error().code != ErrorCode::corrupt_data) return status.error();
    add(status.error().message);
    return {};
  }

 private:
  std::vector<std::string>& lines_;
};

}  // namespace vultus::gallery

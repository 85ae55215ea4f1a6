// Many subjects, asked for one by one. Internal to the room.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <vultus/core/ids.hpp>

namespace vultus::gallery {

/// A bit for each number from the lowest to the highest where they lie close together, as those of a gallery do; else
/// the numbers, sorted. Immutable.
class SubjectSet {
 public:
  explicit SubjectSet(const std::vector<SubjectId>& subjects) {
    if (subjects.empty()) return;
    const auto [low, high] = std::ranges::minmax_element(subjects);
    low_ = low->number();
    const std::uint64_t reach = distance(*high);
    constexpr std::uint64_t kBitsOfSubject = 1024;  // 128 bytes for each that is named
    if (reach / kBitsOfSubject < subjects.size()) {
      bits_.resize(reach / 64 + 1);
      for (const SubjectId subject : subjects)
        bits_[distance(subject) / 64] |= std::uint64_t{1} << (distance(subject) % 64);
    } else {
      sorted_ = subjects;
      std::ranges::sort(sorted_);
    }
  }

  [[nodiscard]] bool contains(SubjectId subject) const {
    if (bits_.empty()) return std::ranges::binary_search(sorted_, subject);
    // What is lower than the lowest is very far above it, as numbers without a sign.
    const std::uint64_t at = distance(subject);
    return at / 64 < bits_.size() && (bits_[at / 64] >> (at % 64) & 1U) != 0;
  }

 private:
  [[nodiscard]] std::uint64_t distance(SubjectId subject) const {
    return static_cast<std::uint64_t>(subject.number()) - static_cast<std::uint64_t>(low_);
  }
  std::int64_t low_ = 0;
  std::vector<std::uint64_t> bits_;
  std::vector<SubjectId> sorted_;
};

}  // namespace vultus::gallery

// Mated pairs with what was measured on both pictures: the table that `vultus audit attributes` reads (system 26).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/all_pairs.hpp>
#include <vultus/face/quality.hpp>

namespace vultus::engine {

/// Pictures of a person that go into pairs: with more, a few people who were photographed often would be the table.
inline constexpr std::size_t kMostPicturesOfPairs = 10;

/// A picture whose main face has a template.
struct MeasuredPicture {
  std::string person;
  std::string group;            ///< empty = in no group: its pairs are left out
  face::QualityReport quality;  ///< of the main face
};

/// CSV with the columns `person`, `group` (called as the caller says), `score` and `worse_MEASURE` for each measure of
/// quality: 1 = both pictures are worse than the median of all `pictures` by that measure, 0 = neither is, empty = they
/// differ or one could not be measured. One row a pair of two pictures of a person, of whom the first
/// kMostPicturesOfPairs count.
/// @param group  name of that column
/// @param score  of two pictures by number
/// @error invalid_argument  no pair; a group that is called as another column
/// @thread no state
[[nodiscard]] Result<std::string> measured_pairs(std::span<const MeasuredPicture> pictures, const std::string& group,
                                                 const evaluation::ScoreOfPair& score);

}  // namespace vultus::engine

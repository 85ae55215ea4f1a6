// Whether what a network would learn to tell can be told by who runs it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::learn {

/// What a network would be trained to tell.
struct LearntLabels {
  std::int64_t classes = 0;
  bool planted = false;  ///< the samples are, so that their labels are those of the planter
  std::string
      named;  ///< the note "labels" of the file of samples: names in the order of the codes, with spaces between
};

/// Predictions are told by fixed names: a network of other labels would be of no use, or be told by wrong ones.
/// @param wanted  the names, in the order of the codes
/// @error invalid_argument  another number of classes; samples that are not planted whose labels are not named, or are
///                          others
[[nodiscard]] Status check_labels(const LearntLabels& labels, std::span<const std::string_view> wanted);

}  // namespace vultus::learn

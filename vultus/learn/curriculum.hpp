// A curriculum: stages of epochs, each with its share of the harder samples.
#pragma once

#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::learn {

/// A stage: so many epochs, in each of which this share of the samples is of the harder kind.
struct CurriculumStage {
  int epochs = 1;    ///< [1, 1000]
  double share = 0;  ///< [0, 1]
  bool operator==(const CurriculumStage&) const = default;
};
using Curriculum = std::vector<CurriculumStage>;

/// @error invalid_argument  no stage, or one outside its ranges
[[nodiscard]] Status validate(std::span<const CurriculumStage> stages);

/// The share of an epoch; that of the last stage beyond the curriculum's end.
/// @param epoch  from 1
/// @error as validate(); invalid_argument  an epoch below 1
[[nodiscard]] Result<double> curriculum_share(std::span<const CurriculumStage> stages, int epoch);

}  // namespace vultus::learn

// How the learners of the expression systems are made from a configuration, and how their answers are judged. Needs
// libtorch.
#pragma once

#include <vultus/core/result.hpp>
#include <vultus/learn/training/system_run.hpp>
#include <vultus/learn/training_config.hpp>

namespace vultus::learning {

/// @error not_found  no such system; invalid_argument  an option that it does not know, or a target that does not fit
[[nodiscard]] Result<learn::LearningSystem> learning_system(const learn::TrainingConfig& config);

/// System 27's comparison at equal size: one softmax instead of pairs.
[[nodiscard]] bool is_multinomial(const learn::TrainingConfig& config);

/// Where labels were planted wrong: how well doubt tells them, as "doubt.auroc" of the validation.
void add_doubts(learn::SystemResult& result);

}  // namespace vultus::learning

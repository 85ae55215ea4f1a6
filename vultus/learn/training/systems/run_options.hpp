// The training loop as the systems run it. Not installed: shows libtorch.
#pragma once

#include <string>

#include <vultus/learn/training/loop.hpp>
#include <vultus/learn/training/systems/training_run.hpp>

namespace vultus::learn {

/// @param identity  all that decides the run but the epochs and the seed
[[nodiscard]] inline LoopOptions options_of(const TrainingRun& run, const std::string& name,
                                            const std::string& identity, int epochs) {
  return {.name = name,
          .identity = identity + " " + std::to_string(epochs) + " " + std::to_string(run.seed),
          .epochs = epochs,
          .batch = run.batch,
          .learning_rate = run.learning_rate,
          .weight_decay = 0.05,
          .clip = 1,
          .seed = run.seed};
}

}  // namespace vultus::learn

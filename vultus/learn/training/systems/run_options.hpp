// The training loop as the systems run it. Not installed: shows libtorch.
#pragma once

#include <string>

#include <vultus/core/result.hpp>
#include <vultus/learn/training/loop.hpp>
#include <vultus/learn/training/systems/training_run.hpp>

namespace vultus::learn {

/// What a run is told by, field for field: a checkpoint goes on only where all of it is the same.
class RunIdentity {
 public:
  explicit RunIdentity(std::string system) : text_(std::move(system)) {}
  RunIdentity& add(const std::string& name, const std::string& value);
  RunIdentity& add(const std::string& name, double value);  ///< all its digits
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// @param identity  what decides the run beside what all of them have. Added are the bytes of the data and of what is
///                  tested on: with another split, a checkpoint may have learnt what would be tested on
/// @error of sha256_of_file()
[[nodiscard]] Result<LoopOptions> options_of(const TrainingRun& run, const std::string& name, RunIdentity identity,
                                             int epochs);

}  // namespace vultus::learn

// Whether a configuration asks for what its system does.
#pragma once

#include <vultus/core/result.hpp>
#include <vultus/learn/training_config.hpp>

namespace vultus::learn {

/// The plain head, "pairwise", "poi" and "compound" read some members each. What one does not read would be told in
/// the card of a network that was trained without it.
/// @error invalid_argument  a member that the system of the configuration does not read and that is set to something
///                          else than it is otherwise, by name
[[nodiscard]] Status check_use(const TrainingConfig& config);

}  // namespace vultus::learn

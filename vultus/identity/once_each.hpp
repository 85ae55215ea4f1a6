// One identity at most once per picture: names for all faces of a picture at the same time.
#pragma once

#include <span>
#include <vector>

#include <vultus/core/decision.hpp>
#include <vultus/core/result.hpp>

namespace vultus::identity {

/// Decides for all faces of one picture at once so that no subject is named twice. "Unknown" is worth the threshold to
/// every face and a name its similarity; the total is made as large as possible. A face that loses its first choice
/// gets its next candidate at or above the threshold, or is unknown. Counting above the threshold keeps a face with a
/// clear match from being moved to a doubtful one so that a second face gets a name.
/// @param faces  the candidates of each face: all subjects at or above the threshold, each once, in any order
/// @param at     the threshold and what it stands for; repeated in every answer
/// @return one decision per face, in order; `best` is the most similar candidate whether it was given or not
/// @error resource_limit  see best_assignment
/// @thread no state
[[nodiscard]] Result<std::vector<Decision>> decide_once_each(std::span<const std::vector<Candidate>> faces,
                                                             const OperatingPoint& at);

}  // namespace vultus::identity

// The open-set answer: who a face is, or that nobody known is close enough.
#pragma once

#include <span>

#include <vultus/core/decision.hpp>

namespace vultus::identity {

/// Takes the most similar candidate if it reaches the threshold; equal similarity = the first in the list.
/// @param candidates  subjects of a search, each once, in any order; may be empty
/// @param at          the threshold and what it stands for; repeated in the answer
/// @return match empty = unknown; best empty = there was no candidate. A similarity that is not a number never wins.
/// @thread no state
[[nodiscard]] Decision decide(std::span<const Candidate> candidates, const OperatingPoint& at);

}  // namespace vultus::identity

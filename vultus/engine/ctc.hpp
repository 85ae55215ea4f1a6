// What a network that reads says, as text.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace vultus::engine {

/// Best path decoding: the likeliest sign at each step; repeats and blanks are left out.
/// @param scores    steps x signs, row by row; any monotone scale; 0 steps = no text
/// @param alphabet  UTF-8 text of each sign; sign 0 is the blank
/// @return UTF-8
/// @source A. Graves et al., Connectionist Temporal Classification, ICML 2006, section 3.2
[[nodiscard]] std::string ctc_text(std::span<const float> scores, const std::vector<std::string>& alphabet);

}  // namespace vultus::engine

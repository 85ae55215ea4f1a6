// What is left of a picture without its slow waves: the first stage of the frequency stream of FA3-CLIP.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::liveness {

/// The waves of a plane that are not slow in both directions: in the shifted spectrum the square of +-`share` of half
/// of each side about the middle is set to 0. Exact, and linear in the plane.
/// @param plane   height x width values, row after row
/// @param share   of the half spectrum that is taken away, [0, 1)
/// @return height x width values; without `rectified` the energies of what was taken away and of what is left add up
/// @error invalid_argument  a plane of another size than told, sides outside [2, 4096], a share outside its range
/// @thread no state
/// @cost height * width * (height + width) multiplications
/// @source FA3-CLIP, arXiv 2504.00454, high-frequency extraction; both borders of the square belong to it: our reading
[[nodiscard]] Result<std::vector<float>> high_pass(std::span<const float> plane, std::size_t width, std::size_t height,
                                                   double share = 0.25);

/// The same with what is below 0 set to 0, as the network sees it.
[[nodiscard]] Result<std::vector<float>> rectified_high_pass(std::span<const float> plane, std::size_t width,
                                                             std::size_t height, double share = 0.25);

}  // namespace vultus::liveness

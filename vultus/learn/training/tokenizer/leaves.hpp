// Pictures drawn by chance whose edges are like those of photos: leaves that hide each other. Not installed: shows
// libtorch.
#pragma once

#include <cstdint>
#include <random>

#include <torch/types.h>

namespace vultus::learn {

/// Discs and rectangles of all sizes, the latest on top, each of one colour that fades and has a grain. Planted: there
/// is nobody and nothing behind it.
/// @param side  pixels. @return [3, side, side] floats, 0 to 255
/// @source A. Lee, D. Mumford, J. Huang, Occlusion Models for Natural Images, IJCV 41, 2001 (radii by 1 / r^3);
/// colours,
///         fading and grain are our own
[[nodiscard]] torch::Tensor dead_leaves(std::int64_t side, std::mt19937_64& engine);

}  // namespace vultus::learn

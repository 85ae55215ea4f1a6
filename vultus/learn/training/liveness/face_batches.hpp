// Batches of faces from a file of presentations. Not installed: shows libtorch.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include <torch/torch.h>

#include <vultus/learn/presentations.hpp>
#include <vultus/learn/spoof_config.hpp>
#include <vultus/learn/training/loop.hpp>

namespace vultus::learn {

/// A number below n, the same with every standard library. @param n  at least 1
[[nodiscard]] inline std::int64_t below(std::mt19937_64& random, std::int64_t n) {
  return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n));
}
[[nodiscard]] inline double unit(std::mt19937_64& random) { return static_cast<double>(random() >> 11U) * 0x1p-53; }

/// The middle of each face as a network sees it: [n, 3, seen, seen], levels less 127.5 over 127.5.
[[nodiscard]] torch::Tensor middles(const Presentations& faces, std::span<const std::int64_t> which);

/// The same, each shifted within the margin, mirrored by chance, and up to a tenth brighter or darker.
[[nodiscard]] torch::Tensor jittered(const Presentations& faces, std::span<const std::int64_t> which,
                                     std::mt19937_64& random);

/// Where a piece goes and how large it is.
struct PasteAt {
  double row = 0, column = 0;  ///< of the middle, shares of the sides
  double radius = 0;           ///< share of the sides
};

/// Into each picture goes an ellipse of the next one, from a place drawn by chance, mirrored, lit differently: every
/// pixel is one of a live face when the batch is of live faces.
/// @param pictures  [n, 3, h, w], n at least 2. @param at  one a picture
/// @source C. Li et al., CutPaste, CVPR 2021; ellipses from other pictures are our own
[[nodiscard]] torch::Tensor cut_and_paste(const torch::Tensor& pictures, std::span<const PasteAt> at,
                                          std::mt19937_64& random);

/// Area under the curve of scores that should be higher for `positive`; 0.5 where one side is empty.
[[nodiscard]] double auc_of(const std::vector<double>& positive, const std::vector<double>& negative);

/// What the loop of every system needs of a configuration.
[[nodiscard]] LoopOptions loop_options(const SpoofConfig& config);

}  // namespace vultus::learn

// Parts of an aligned face as sums of patches. Not installed: shows libtorch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <torch/torch.h>

#include <vultus/learn/training/blocks/block.hpp>

namespace vultus::learn {

/// Parts of an aligned face, each a square of the crop; a unit is seen in one of them.
inline constexpr std::int64_t kFaceRegions = 9;
/// Which patches belong to each region: [kFaceRegions, grid grid], rows of sum 1. Our reading: fixed squares of the
/// aligned crop stand for squares around landmarks.
[[nodiscard]] torch::Tensor region_weights(std::int64_t grid);
/// The region in which a unit is seen: brows, eyes, nose, mouth or chin. Units that are not known: the whole face.
[[nodiscard]] std::int64_t region_of(int facs);

/// region_of() of each unit. @return [units]
[[nodiscard]] torch::Tensor regions_of_units(const std::vector<int>& units);

/// Row r is the mean over the patches of region r. @param tokens  [n, 1 + patches, d]. @param regions  region_weights()
/// @return [n, kFaceRegions, d]
[[nodiscard]] torch::Tensor local_tokens(const torch::Tensor& tokens, const torch::Tensor& regions);
[[nodiscard]] std::string write_local_tokens(const blocks::Exporter& to, const std::string& tokens,
                                             const torch::Tensor& regions);

/// Each unit's own row of weights on the region in which it is seen.
/// @param local  [n, kFaceRegions, d]. @param which  regions_of_units(). @param weight  [units, d]. @param bias [units]
/// @return [n, units]
[[nodiscard]] torch::Tensor unit_answers(const torch::Tensor& local, const torch::Tensor& which,
                                         const torch::Tensor& weight, const torch::Tensor& bias);
[[nodiscard]] std::string write_unit_answers(const blocks::Exporter& to, const std::string& local,
                                             const torch::Tensor& which, const torch::Tensor& weight,
                                             const torch::Tensor& bias);

}  // namespace vultus::learn

// Changing a face, within a budget, so that recognisers take it for somebody else: for testing one's own recogniser.
// Not installed: shows libtorch.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <torch/types.h>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/learn/training/attack/surrogate.hpp>

namespace vultus::learn::attack {

/// fgsm: one step along the sign of the gradient. pgd: many, from a random start. mi: with momentum. The others are mi
/// with more: di shrinks and shifts the crop at random; ti smooths the gradient; dfa leaves out inner channels at
/// random; fia lowers what a middle layer says where it matters; aaa, our reading of the attention-aggregated attack,
/// does so where it matters to many altered copies and networks, and lowers the cosine too.
/// @source I. Goodfellow et al., ICLR 2015 (fgsm); A. Madry et al., ICLR 2018 (pgd); Y. Dong et al., CVPR 2018 (mi);
///         C. Xie et al., CVPR 2019 (di); Y. Dong et al., CVPR 2019 (ti); Y. Zhong, W. Deng, TIFS 2020 (dfa); Z. Wang
///         et al., ICCV 2021, arXiv 2107.14185 (fia); arXiv 2505.03383 (aaa; its text was not available)
enum class Method : std::uint8_t { fgsm, pgd, mi, di, ti, dfa, fia, aaa };
[[nodiscard]] std::string_view name_of(Method method) noexcept;
[[nodiscard]] std::optional<Method> method_of(std::string_view name) noexcept;

/// dodging: not to be taken for oneself. impersonation: to be taken for another.
enum class Goal : std::uint8_t { dodging, impersonation };
[[nodiscard]] std::string_view name_of(Goal goal) noexcept;

struct FaceAttackOptions {
  Method method = Method::aaa;
  Goal goal = Goal::dodging;
  int budget = 8;          ///< of 255: the largest change of a byte, [1, 64]
  int steps = 20;          ///< [1, 10000]; fgsm takes one
  int copies = 30;         ///< whose gradients are aggregated (fia, aaa), [1, 1000]
  double decay = 1;        ///< of the momentum
  double diversity = 0.7;  ///< probability that a crop is shrunk, to 0.9 of its side at least (di, aaa)
  double dropout = 0.1;    ///< share of inner channels left out (dfa, aaa)
  double drop_low = 0.1;   ///< share of patches that are grey in a copy, drawn between these two (fia, aaa)
  double drop_high = 0.3;
  std::uint64_t seed = 1;
};

/// @error invalid_argument  names the option and its range
[[nodiscard]] Status validate(const FaceAttackOptions& options);

/// A surrogate and where it sees the face.
struct Aim {
  const Surrogate* surrogate = nullptr;
  Similarity to_crop;    ///< from pixels of the photo to those of the surrogate's crop
  torch::Tensor target;  ///< [1, dimension], unit: who shall be seen; undefined for dodging
};

/// The weight of every feature of a surrogate: the gradient of cos(f(T x), reference) with respect to them, summed over
/// altered copies T x, of unit length.
/// @param reference  [1, dimension], unit
/// @source feature importance: arXiv 2107.14185, eq. 4; with networks and sizes that vary: our reading of arXiv
///         2505.03383
[[nodiscard]] torch::Tensor aggregated_attention(const Surrogate& surrogate, const torch::Tensor& crop,
                                                 const torch::Tensor& reference, const FaceAttackOptions& options,
                                                 at::Generator& random);

struct AttackedFace {
  Image photo;                 ///< every byte within the budget of the original
  std::vector<double> before;  ///< cosine of each surrogate to the face itself (dodging: 1) or to the target
  std::vector<double> after;
};

/// Attacks one face of a photo. The change lives on the aligned face and is put back into the photo, so that surrogates
/// with crops of their own see the same face; pixels outside of the aligned square stay as they are.
/// @param photo    rgb8
/// @param to_face  from pixels of the photo to the aligned face that the change lives on
/// @param side     of that face, pixels
/// @param aims     at least one; losses are averaged
/// @error invalid_argument  options, an empty photo, no aim, a target that is missing
/// @error internal          a loss that is not finite
/// @cost steps times the networks there and back; fia and aaa also `copies` times once
[[nodiscard]] Result<AttackedFace> attack_face(ImageView photo, const Similarity& to_face, std::int64_t side,
                                               std::span<const Aim> aims, const FaceAttackOptions& options);

}  // namespace vultus::learn::attack

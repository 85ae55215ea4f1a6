// Templates as whole numbers, and many numbers in the slots of one message. Nothing here can overflow:
//
//   A unit vector a becomes v_i = round(S a_i). |v_i - S a_i| <= 1/2, so |v| <= S |a| + sqrt(d)/2, and since lengths up
//   to 1 + kLengthSlack are taken, |v|^2 <= N(S, d) = floor((S (1 + kLengthSlack) + sqrt(d)/2)^2). Both sides are
//   checked in whole numbers: the sealed one where it is sealed, the plain one where it is searched with. By Cauchy and
//   Schwarz every product v.q of a sealed and a plain vector obeys
//       |v.q| <= B = floor(sqrt(N(S_sealed, d) N(S_plain, d))),
//   whatever the vectors are: a hostile flat probe is refused, it cannot run over into a neighbour's slot.
//   A slot has w bits with B <= 2^(w-1) - 1, so a signed product fits. The message M = sum_k s_k 2^(w k) + c 2^(w K) of
//   K slots and a check slot c = sum_k s_k obeys |c| <= K B < 2^(w-1+ceil(log2 K)), hence |M| < 2^(w K + w - 1 +
//   ceil(log2 K)), and K is the largest number with w K + w + ceil(log2 K) <= usable_bits + 1, hence |M| <
//   2^usable_bits <= space/2.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/sealed/keys.hpp>

namespace vultus::sealed {

/// How far the length of a template may be above 1: float arithmetic leaves 1e-6, files with few digits 1e-3.
inline constexpr double kLengthSlack = 1e-3;
inline constexpr int kMaxDimension = 4096;
inline constexpr int kMaxScale = 1 << 20;

/// What 1.0 becomes. The error of a cosine is at most sqrt(d)/2 (1/sealed + 1/plain) + d/(4 sealed plain); it is
/// distributed about 0 with standard deviation sqrt((1/sealed^2 + 1/plain^2)/12): 0.00065 for these.
struct Precision {
  int sealed = 1000;  ///< of the encrypted side, [1, kMaxScale]: wider slots
  int plain = 500;    ///< of the plain side, [1, kMaxScale]: wider slots and longer computation
  bool operator==(const Precision&) const = default;
};

/// Where numbers lie in messages of a key. Made by layout_for() alone.
struct Layout {
  int dimension = 0;
  Precision precision;
  int slot_bits = 0;                   ///< w
  int slots = 0;                       ///< K, templates of one message
  std::int64_t product_bound = 0;      ///< B
  std::int64_t sealed_norm_bound = 0;  ///< N(S_sealed, d), of |v|^2
  std::int64_t plain_norm_bound = 0;   ///< N(S_plain, d)
  bool operator==(const Layout&) const = default;

  /// The cosine that a product stands for.
  [[nodiscard]] double cosine(std::int64_t product) const {
    return static_cast<double>(product) / (static_cast<double>(precision.sealed) * precision.plain);
  }
};

/// Slots and bounds for templates of a key.
/// @param dimension  [1, kMaxDimension]
/// @error invalid_argument  a number outside its range, or messages of this key are too short for one slot
[[nodiscard]] Result<Layout> layout_for(const PublicKey& key, int dimension, const Precision& precision);

/// N(S, d): the greatest square of a length.
[[nodiscard]] std::int64_t norm_bound(int scale, int dimension);

/// round(scale * a), halves away from 0.
/// @param values  finite numbers, as a vector not longer than 1 + kLengthSlack
/// @error invalid_argument  a value that is not finite, or too long a vector: the message names the first such values
///                          with their places
[[nodiscard]] Result<std::vector<std::int32_t>> quantise(std::span<const float> values, int scale);

/// Whether a vector keeps its bound.
/// @param values  as of quantise()
/// @param norm_bound  of a Layout
/// @error invalid_argument  |values|^2 is above it: the message names the largest values
[[nodiscard]] Status check_norm(std::span<const std::int32_t> values, std::int64_t norm_bound);

/// The product of two vectors in the clear: what every encrypted search must equal.
[[nodiscard]] std::int64_t plain_product(std::span<const std::int32_t> a, std::span<const std::int32_t> b);

}  // namespace vultus::sealed

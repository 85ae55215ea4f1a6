// The innermost loops of search, one set for each kind of instructions. All sets give the same bits.
// Internal to the room. Included where wide instructions are switched on: nothing of the standard library but types.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vultus::gallery {

/// Rows of a block of the codes of one bit: their words lie side by side, so that one load takes a word of each.
inline constexpr std::size_t kRowsOfBlock = 8;
/// Levels of a probe's value beside codes of one bit: 0 to 15.
inline constexpr int kProbeBits = 4;
/// Rows of bytes and of floats begin at multiples of this many values, filled up with zeros.
inline constexpr std::size_t kRowAlignment = 64;
/// Probes that share one reading of the rows.
inline constexpr std::size_t kProbesAtOnce = 4;

/// What turns a sum of byte_products into the greatest product there can be:
/// (sum - zero) * scale * row's scale + row's error + (1 + row's error) * error + slack.
/// By Cauchy and Schwarz: |row - its bytes| |probe| + |its bytes| |probe - its bytes|.
struct ByteProbe {
  std::int32_t zero;
  float scale, error;
  float slack;  ///< for the rounding of both ways of computing
};

/// A row and about how similar it is, in the unit of a probe's step.
struct EstimatedRow {
  float estimate;
  std::uint32_t row;
};

/// What an estimate by the rest of the bits needs; as large as a word, and kept behind them.
struct RestScale {
  float factor;
  std::int32_t base;
};
static_assert(sizeof(RestScale) == sizeof(std::uint64_t));

struct Kernels {
  const char* name;

  /// Inner products, bit for bit those of `vultus::inner_product`.
  /// @param rows       `count` rows, `stride` floats apart
  /// @param dimension  values of a row and of the probe
  void (*products)(const float* rows, std::size_t stride, std::size_t count, const float* probe, std::size_t dimension,
                   float* out);

  /// Inner products of bytes: sum over d of row[d] * probe[d], exact.
  /// @param rows    unsigned bytes, `stride` apart, a multiple of kRowAlignment, all of which are read
  /// @param probes  `probe_count` (1 to kProbesAtOnce) rows of signed bytes, `stride` apart
  /// @param out     [probe][count]
  void (*byte_products)(const std::uint8_t* rows, std::size_t stride, std::size_t count, const std::int8_t* probes,
                        std::size_t probe_count, std::int32_t* out);

  /// Sums of a probe's levels over the set bits of each row.
  /// @param blocks  of kRowsOfBlock rows: [block][word][row]
  /// @param planes  [kProbeBits][words]: bit p of the level of each dimension
  /// @param out     block_count * kRowsOfBlock sums
  void (*bit_sums)(const std::uint64_t* blocks, std::size_t words, std::size_t block_count, const std::uint64_t* planes,
                   std::int32_t* out);
  /// Adds to each row's estimate what the rest of its bits says: (2 * sum + base + offset) * factor.
  /// @param chunks  rows of `words` words and a RestScale, 2^chunk_shift rows in each chunk
  /// @param planes  [kProbeBits][words]
  void (*add_rest)(const std::uint64_t* const* chunks, unsigned chunk_shift, std::size_t words,
                   const std::uint64_t* planes, std::int32_t offset, EstimatedRow* rows, std::size_t count);

  /// Finds the rows whose product may reach a floor: bounds that are never too low, from sums of byte_products.
  /// @return how many were written to `rows`, in rising order
  std::size_t (*may_reach)(const std::int32_t* sums, const float* scales, const float* errors, std::size_t count,
                           const ByteProbe& probe, float floor, std::uint32_t* rows);

  /// Finds the rows whose estimate (2 * sums[r] + base[r] + offset) * factors[r] is above a threshold.
  /// @param first  number of the first row
  /// @param rows   room for `count`
  /// @return how many were written, in rising order of the rows
  std::size_t (*above)(const std::int32_t* sums, const std::int16_t* base, const float* factors, std::size_t count,
                       std::int32_t offset, float threshold, std::uint32_t first, EstimatedRow* rows);
};

/// In plain C++.
[[nodiscard]] const Kernels& portable_kernels();
/// Null where this build or this processor has not these instructions.
[[nodiscard]] const Kernels* avx2_kernels();
[[nodiscard]] const Kernels* avx512_kernels();
[[nodiscard]] const Kernels* neon_kernels();

/// The fastest that run on this processor.
[[nodiscard]] const Kernels& best_kernels();

}  // namespace vultus::gallery

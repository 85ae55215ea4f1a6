// The innermost loops of search, one set for each kind of instructions. All sets give the same bits.
// Internal to the room. Included where wide instructions are switched on: nothing of the standard library but types.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vultus::gallery {

/// Rows of a block of the codes of one bit. A block is a row of kRowsOfBlock bytes for each byte of a code, so that one
/// load takes the same dimensions of many rows. Row r stands at place_in_block(r).
inline constexpr std::size_t kRowsOfBlock = 64;
/// Rows whose sums are widened together stand in the even bytes and in the odd ones.
[[nodiscard]] constexpr std::size_t place_in_block(std::size_t row) { return row % 32 * 2 + row / 32; }
/// A table of sixteen entries stands so many times, one behind the other, as wide registers look up in it.
inline constexpr std::size_t kTableCopies = 4;
inline constexpr std::size_t kTableEntries = 16;
/// Greatest entry of a table of four dimensions; of one that is split (is_split) each half is rounded: one more.
inline constexpr int kMostEntry = 15;
/// Tables of six dimensions have so many entries; three bytes of a code are four of them.
inline constexpr std::size_t kWideEntries = 64;
/// True for the tables of four dimensions whose dimensions lie in two tables of six: the middle one of three. Their
/// entries are sums of an entry for the first two dimensions and one for the others, so that both kinds of tables give
/// the same sums. @param bytes  of a code
[[nodiscard]] constexpr bool is_split(std::size_t table, std::size_t bytes) {
  return table % 3 == 1 && table / 6 < bytes / 3;
}
/// Levels of a probe's value beside codes of one bit: 0 to 15.
inline constexpr int kProbeBits = 4;
inline constexpr std::int32_t kMostLevel = (1 << kProbeBits) - 1;
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

/// Units of the estimates by the first bits and by the rest; as large as a word, and kept behind the rest.
struct RestScale {
  float first, rest;
};
static_assert(sizeof(RestScale) == sizeof(std::uint64_t));

/// How a probe looks at the first bits, and what it finds. A row's sum is that of an entry for every four of its bits;
/// the row is found if its sum > from + ((scale * slope) >> 16) with the row's scale, all in whole numbers.
struct FirstLook {
  const std::uint8_t* tables;  ///< [four bits][kTableCopies][kTableEntries], low half of a byte first
  const std::uint8_t* wide;  ///< [six bits][kWideEntries] of the bits of whole threes of bytes, lowest first: the same
                             ///< sums by fewer entries, for processors that look up so many
  std::int16_t from, slope;
  std::uint16_t* rows;  ///< room for the count of rows and kSpareRows; counted from the first of the call
  std::uint16_t* sums;  ///< likewise: of each row that was found
  std::size_t found;
};
inline constexpr std::size_t kSpareRows = 32;
/// What will be read next, and is brought from memory meanwhile: some cache lines beside each block of rows. A
/// processor keeps some twenty requests, and drops most of a burst of more.
struct ReadSoon {
  const char* at = nullptr;
  std::size_t lines = 0;  ///< for each block
};
inline constexpr std::size_t kCacheLine = 64;
/// Looks of one call.
inline constexpr std::size_t kLooksAtOnce = 4;

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

  /// Finds the rows whose sums are high, in rising order.
  /// @param blocks  of kRowsOfBlock rows
  /// @param bytes   of a code, a multiple of 8, 32 at most
  /// @param scales  of each row
  /// @param count   of rows, 2^16 at most
  /// @param looks   `look_count`, 1 to kLooksAtOnce
  void (*first_look)(const std::uint8_t* blocks, std::size_t bytes, const std::int16_t* scales, std::size_t count,
                     FirstLook* looks, std::size_t look_count, ReadSoon soon);
  /// Estimates by the first bits become those by all: estimate * scale.first + (2 * sum - most * ones + offset) *
  /// scale.rest, where sum is that of the levels of the set bits, ones is how many there are, and most is the highest
  /// level.
  /// @param chunks  rows of `words` words and a RestScale, 2^chunk_shift rows in each chunk
  /// @param planes  [kProbeBits][words]
  void (*add_rest)(const std::uint64_t* const* chunks, unsigned chunk_shift, std::size_t words,
                   const std::uint64_t* planes, std::int32_t offset, EstimatedRow* rows, std::size_t count);

  /// Finds the rows whose product may reach a floor: bounds that are never too low, from sums of byte_products.
  /// @return how many were written to `rows`, in rising order
  std::size_t (*may_reach)(const std::int32_t* sums, const float* scales, const float* errors, std::size_t count,
                           const ByteProbe& probe, float floor, std::uint32_t* rows);
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

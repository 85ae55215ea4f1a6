// Templates in fewer bytes: what a search reads first. Internal to the room.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <vultus/gallery/index/kernels.hpp>

namespace vultus::gallery {

/// Any number, but for ever the same: codes are kept in files.
inline constexpr std::uint64_t kRotationSeed = 0x56554C54;

/// Codes and sets of rows are words of so many bits.
inline constexpr std::size_t kWordBits = 64;

/// A fixed random rotation: two rounds of random signs and a Walsh-Hadamard transform (Ailon and Chazelle 2009; as used
/// for codes of one bit by Gao and Long, RaBitQ, SIGMOD 2024). It spreads every direction over all dimensions, so that
/// any part of a code tells the same share. The same on every machine, to the bit: codes may be kept in a file.
class Rotation {
 public:
  /// @param dimension  [1, Embedding::kMaxDimension]
  explicit Rotation(std::size_t dimension);
  /// Dimensions after the rotation: a power of 2, at least 64.
  [[nodiscard]] std::size_t size() const { return signs_.size() / kRounds; }
  /// @param values  `dimension` values
  /// @param out     size() values, of the same length as vector
  void turn(std::span<const float> values, std::span<float> out) const;

 private:
  static constexpr std::size_t kRounds = 2;
  std::vector<float> signs_;
  float scale_;
};

/// Bytes of a row: value = (byte - 128) * scale, within `error` in length.
struct ByteCode {
  float scale = 0;
  float error = 0;  ///< length of the difference, rounded up
};
inline constexpr int kByteZero = 128;

/// @param out  as many bytes as a row has, the rest filled with zeros
ByteCode to_bytes(std::span<const float> values, std::span<std::uint8_t> out);

/// Signs of some rotated dimensions, and what is needed to estimate products with them.
struct BitCode {
  std::vector<std::uint64_t> words;
  float factor = 0;  ///< squared length over the sum of absolute values: the estimate's unit
};

/// @param rotated  a multiple of 64 values
[[nodiscard]] BitCode to_bits(std::span<const float> rotated);

/// What a row's first bits are multiplied by, as a whole number: the reciprocal of the unit of its estimate in units of
/// look_unit(). @param factor  of the BitCode, @param dimensions  of all bits
[[nodiscard]] std::int16_t look_scale(float factor, std::size_t dimensions);
[[nodiscard]] float look_unit(std::size_t dimensions);

/// What each pattern of four signs adds to a sum. Where is_split: of[n] = low[n % 4] + high[n / 4].
struct LookEntries {
  std::array<std::uint8_t, kTableEntries> of{};
  std::array<std::uint8_t, 4> low{}, high{};
};

/// A table as it is looked up, in a cache line of its own.
struct alignas(64) LookTable {
  std::array<std::uint8_t, kTableCopies * kTableEntries> entries;
};
static_assert(sizeof(LookTable) == kWideEntries);

/// The layouts of FirstLook: a table for every four dimensions, and four for every three bytes of a code.
[[nodiscard]] std::vector<LookTable> tables_of_four(std::span<const LookEntries> entries);
[[nodiscard]] std::vector<LookTable> tables_of_six(std::span<const LookEntries> entries);

/// A probe in the forms that are held against rows.
struct ProbeCode {
  std::span<const float> values;   ///< as it came
  std::vector<std::int8_t> bytes;  ///< as long as a row of bytes
  ByteProbe byte{};
  std::vector<LookTable> tables;  ///< of the first dimensions, four at a time
  std::vector<LookTable> wide;    ///< the same, six at a time
  float entry = 1;                ///< the unit of the tables' entries
  float level = 0;                ///< what sums are about for rows that have nothing in common with the probe
  float first_square = 0;         ///< squared length of the first dimensions
  std::vector<std::uint64_t> planes_rest;
  std::int32_t offset_rest = 0;  ///< kMostLevel * dimensions / 2 less the sum of levels
  float step = 0;                ///< similarity by bits = estimate * step, about

  /// An estimate by the first bits, in units of step and of the row's BitCode::factor.
  [[nodiscard]] float estimate(std::uint16_t sum) const { return (static_cast<float>(sum) - level) * (entry / step); }
};

/// @param values       of the probe; must outlive the code
/// @param row_bytes    bytes of a row
/// @param first_words  words of 64 dimensions that are looked at first
[[nodiscard]] ProbeCode to_probe(std::span<const float> values, const Rotation& rotation, std::size_t row_bytes,
                                 std::size_t first_words);

}  // namespace vultus::gallery

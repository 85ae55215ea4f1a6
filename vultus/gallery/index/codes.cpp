#include <vultus/gallery/index/codes.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace vultus::gallery {
namespace {

/// SplitMix64 (Steele, Lea and Flood 2014): a short, well-mixed sequence.
std::uint64_t next(std::uint64_t& state) {
  std::uint64_t z = state += 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

/// The nearest whole number, to even ones from the middle, of |value| < 2^22: as std::nearbyint, but for many at once.
float nearest(float value) {
  constexpr float kNoFraction = 12'582'912;  // 1.5 * 2^23: a float this large has no bits behind the point
  return (value + kNoFraction) - kNoFraction;
}

/// In place, without the factor 1 / sqrt(n). Sums and differences alone: the same bits on every machine.
void hadamard(std::span<float> values) {
  for (std::size_t from = 0; from < values.size(); from += 4) {  // widths 1 and 2 together
    float* const v = values.data() + from;
    const float a = v[0] + v[1], b = v[0] - v[1], c = v[2] + v[3], d = v[2] - v[3];
    v[0] = a + c, v[1] = b + d, v[2] = a - c, v[3] = b - d;
  }
  for (std::size_t width = 4; width < values.size(); width *= 2)
    for (std::size_t from = 0; from < values.size(); from += 2 * width) {
      float* const a = values.data() + from;
      float* const b = a + width;
      for (std::size_t i = 0; i < width; ++i) {
        const float sum = a[i] + b[i];
        b[i] = a[i] - b[i];
        a[i] = sum;
      }
    }
}

/// Levels of a probe as planes of bits. @return offset_rest
std::int32_t to_planes(std::span<const float> rotated, float step, std::vector<std::uint64_t>& planes) {
  const std::size_t words = rotated.size() / kWordBits;
  planes.assign(kProbeBits * words, 0);
  std::int32_t sum = 0;
  for (std::size_t d = 0; d < rotated.size(); ++d) {
    const float level = nearest(rotated[d] / step + 0.5F * static_cast<float>(kMostLevel));
    const auto kept = static_cast<std::uint64_t>(std::clamp(level, 0.0F, static_cast<float>(kMostLevel)));
    sum += static_cast<std::int32_t>(kept);
    for (std::size_t plane = 0; plane < kProbeBits; ++plane)
      planes[plane * words + d / kWordBits] |= (kept >> plane & 1U) << (d % kWordBits);
  }
  return kMostLevel * static_cast<std::int32_t>(rotated.size() / 2) - sum;
}

// Sums and maxima of floats run in so many lanes, in an order of their own on every machine alike.
constexpr std::size_t kLanes = 16;

float largest(std::span<const float> values) {
  std::array<float, kLanes> most{};
  const std::size_t whole = values.size() / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) most[lane] = std::max(most[lane], std::abs(values[i + lane]));
  for (std::size_t i = whole; i < values.size(); ++i) most[i - whole] = std::max(most[i - whole], std::abs(values[i]));
  return *std::ranges::max_element(most);
}

/// What each pattern of some signs adds: twice the positive values whose signs are set, twice the negative ones whose
/// signs are not.
template <std::size_t Dimensions>
std::array<float, std::size_t{1} << Dimensions> pattern_sums(const float* values) {
  std::array<float, std::size_t{1} << Dimensions> sums{};
  for (std::size_t i = 0; i < Dimensions; ++i) sums[0] += std::max(0.0F, -2 * values[i]);
  // A bit more: a negative sign becomes a positive one.
  for (std::size_t i = 0; i < Dimensions; ++i)
    for (std::size_t entry = 0; entry < std::size_t{1} << i; ++entry)
      sums[entry + (std::size_t{1} << i)] = sums[entry] + 2 * values[i];
  return sums;
}

std::uint8_t to_entry(float sum, float unit) {
  return static_cast<std::uint8_t>(std::clamp(nearest(sum / unit), 0.0F, static_cast<float>(kMostEntry)));
}

/// The tables of a probe's first dimensions. Entries are rounded; the level is that of what they became.
void to_tables(std::span<const float> rotated, ProbeCode& code) {
  constexpr std::size_t kTogether = 4;  // dimensions of a table
  std::vector<LookEntries> tables(rotated.size() / kTogether);
  float reach = 0;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    float sum = 0;
    for (std::size_t i = 0; i < kTogether; ++i) sum += 2 * std::abs(rotated[t * kTogether + i]);
    reach = std::max(reach, sum);
  }
  code.entry = reach > 0 ? reach / static_cast<float>(kMostEntry) : 1;
  std::int32_t sum = 0;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    const float* const values = rotated.data() + t * kTogether;
    LookEntries& table = tables[t];
    if (is_split(t, tables.size() / 2)) {
      const auto low = pattern_sums<kTogether / 2>(values), high = pattern_sums<kTogether / 2>(values + kTogether / 2);
      for (std::size_t i = 0; i < low.size(); ++i) {
        table.low[i] = to_entry(low[i], code.entry);
        table.high[i] = to_entry(high[i], code.entry);
      }
      for (std::size_t i = 0; i < kTableEntries; ++i)
        table.of[i] = static_cast<std::uint8_t>(table.low[i % 4] + table.high[i / 4]);
    } else {
      const auto exact = pattern_sums<kTogether>(values);
      for (std::size_t i = 0; i < kTableEntries; ++i) table.of[i] = to_entry(exact[i], code.entry);
    }
    for (const std::uint8_t entry : table.of) sum += entry;
  }
  code.level = static_cast<float>(sum) / static_cast<float>(kTableEntries);
  code.tables = tables_of_four(tables);
  code.wide = tables_of_six(tables);
}

constexpr float kMostByte = 127;

}  // namespace

Rotation::Rotation(std::size_t dimension) {
  const std::size_t size = std::max(kWordBits, std::bit_ceil(dimension));
  // Each round lengthens by sqrt(size).
  scale_ = 1 / static_cast<float>(size);
  std::uint64_t state = kRotationSeed;
  signs_.resize(kRounds * size);
  for (float& sign : signs_) sign = (next(state) & 1U) != 0 ? 1.0F : -1.0F;
}

void Rotation::turn(std::span<const float> values, std::span<float> out) const {
  std::ranges::fill(std::ranges::copy(values, out.begin()).out, out.end(), 0.0F);
  for (std::size_t round = 0; round < kRounds; ++round) {
    const float* const signs = signs_.data() + round * out.size();
    for (std::size_t i = 0; i < out.size(); ++i) out[i] *= signs[i];
    hadamard(out);
  }
  for (float& v : out) v *= scale_;
}

ByteCode to_bytes(std::span<const float> values, std::span<std::uint8_t> out) {
  const float most = largest(values);
  const float scale = most > 0 ? most / kMostByte : 1;
  for (std::size_t i = 0; i < values.size(); ++i)
    out[i] = static_cast<std::uint8_t>(static_cast<int>(nearest(values[i] / scale)) + kByteZero);
  double square = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double gone = double{values[i]} - (static_cast<double>(out[i]) - kByteZero) * double{scale};
    square += gone * gone;
  }
  std::fill(out.begin() + std::ssize(values), out.end(), static_cast<std::uint8_t>(kByteZero));
  return {scale, std::nextafter(static_cast<float>(std::sqrt(square)), 2.0F)};
}

BitCode to_bits(std::span<const float> rotated) {
  BitCode code{.words = std::vector<std::uint64_t>(rotated.size() / kWordBits)};
  std::array<float, kLanes> sums{}, squares{};
  for (std::size_t w = 0; w < code.words.size(); ++w) {
    const float* const of = rotated.data() + w * kWordBits;
    std::uint64_t word = 0;
    for (std::size_t bit = 0; bit < kWordBits; ++bit) word |= std::uint64_t{of[bit] > 0} << bit;
    code.words[w] = word;
    for (std::size_t i = 0; i < kWordBits; i += kLanes)
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        sums[lane] += std::abs(of[i + lane]);
        squares[lane] += of[i + lane] * of[i + lane];
      }
  }
  float sum = 0;
  float square = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) sum += sums[lane], square += squares[lane];
  code.factor = sum > 0 ? square / sum : 0;
  return code;
}

float look_unit(std::size_t dimensions) {
  // Signs of a direction like any other: the reciprocal is about 0.8 * sqrt(dimensions), in the middle of 15 bits.
  return std::sqrt(static_cast<float>(dimensions)) / 16384;
}

std::vector<LookTable> tables_of_four(std::span<const LookEntries> entries) {
  std::vector<LookTable> tables(entries.size());
  for (std::size_t t = 0; t < entries.size(); ++t)
    for (std::size_t copy = 0; copy < kTableCopies; ++copy)
      std::ranges::copy(entries[t].of, tables[t].entries.begin() + static_cast<std::ptrdiff_t>(copy * kTableEntries));
  return tables;
}

std::vector<LookTable> tables_of_six(std::span<const LookEntries> entries) {
  std::vector<LookTable> tables(entries.size() / 6 * 4);
  for (std::size_t t = 0; t + 1 < tables.size(); t += 2) {
    const LookEntries* const three = entries.data() + t / 2 * 3;  // 12 dimensions: 4 and 2, 2 and 4
    for (std::size_t i = 0; i < kWideEntries; ++i) {
      tables[t].entries[i] = static_cast<std::uint8_t>(three[0].of[i % 16] + three[1].low[i / 16]);
      tables[t + 1].entries[i] = static_cast<std::uint8_t>(three[1].high[i % 4] + three[2].of[i / 4]);
    }
  }
  return tables;
}

std::int16_t look_scale(float factor, std::size_t dimensions) {
  constexpr float kMost = INT16_MAX;
  if (!(factor > 0)) return INT16_MAX;
  return static_cast<std::int16_t>(
      std::clamp(nearest(std::min(kMost, 1 / (factor * look_unit(dimensions)))), 1.0F, kMost));
}

ProbeCode to_probe(std::span<const float> values, const Rotation& rotation, std::size_t row_bytes,
                   std::size_t first_words) {
  ProbeCode code{.values = values};
  std::vector<std::uint8_t> bytes(row_bytes);
  const ByteCode byte = to_bytes(values, bytes);
  // Sums of up to 16,384 products in two orders differ by less than this.
  constexpr float kRounding = 1e-5F;
  code.byte = {.zero = 0, .scale = byte.scale, .error = byte.error, .slack = kRounding};
  code.bytes.resize(row_bytes);
  for (std::size_t i = 0; i < row_bytes; ++i) {
    code.bytes[i] = static_cast<std::int8_t>(int{bytes[i]} - kByteZero);
    code.byte.zero += code.bytes[i];
  }
  code.byte.zero *= kByteZero;

  std::vector<float> rotated(rotation.size());
  rotation.turn(values, rotated);
  const std::span<const float> first = std::span(rotated).first(first_words * kWordBits);
  const std::span<const float> rest = std::span(rotated).subspan(first.size());
  for (const float v : first) code.first_square += v * v;
  to_tables(first, code);
  // Three standard deviations: the few values beyond are cut off, all others are told more finely.
  double square = 0;
  for (const float v : rotated) square += double{v} * double{v};
  const auto reach = static_cast<float>(3 * std::sqrt(square / static_cast<double>(rotated.size())));
  code.step = std::min(reach, largest(rotated)) * 2 / static_cast<float>(kMostLevel);
  if (!(code.step > 0)) code.step = 1;
  code.offset_rest = to_planes(rest, code.step, code.planes_rest);
  return code;
}

}  // namespace vultus::gallery

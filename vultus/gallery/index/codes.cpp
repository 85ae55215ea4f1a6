#include <vultus/gallery/index/codes.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace vultus::gallery {
namespace {

constexpr std::size_t kWordBits = 64;

/// SplitMix64 (Steele, Lea and Flood 2014): a short, well-mixed sequence.
std::uint64_t next(std::uint64_t& state) {
  std::uint64_t z = state += 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

/// In place, without the factor 1 / sqrt(n). Sums and differences alone: the same bits on every machine.
void hadamard(std::span<float> values) {
  for (std::size_t width = 1; width < values.size(); width *= 2)
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

/// Levels of a probe as planes of bits. @return less their sum
std::int32_t to_planes(std::span<const float> rotated, float step, std::vector<std::uint64_t>& planes) {
  const std::size_t words = rotated.size() / kWordBits;
  planes.assign(kProbeBits * words, 0);
  std::int32_t sum = 0;
  for (std::size_t d = 0; d < rotated.size(); ++d) {
    const float level = std::nearbyint(rotated[d] / step + 0.5F * static_cast<float>(kMostLevel));
    const auto kept = static_cast<std::uint64_t>(std::clamp(level, 0.0F, static_cast<float>(kMostLevel)));
    sum += static_cast<std::int32_t>(kept);
    for (std::size_t plane = 0; plane < kProbeBits; ++plane)
      planes[plane * words + d / kWordBits] |= (kept >> plane & 1U) << (d % kWordBits);
  }
  return -sum;
}

float largest(std::span<const float> values) {
  float most = 0;
  for (const float v : values) most = std::max(most, std::abs(v));
  return most;
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
  double square = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float level = std::nearbyint(values[i] / scale);
    out[i] = static_cast<std::uint8_t>(static_cast<int>(level) + kByteZero);
    const double gone = double{values[i]} - double{level} * double{scale};
    square += gone * gone;
  }
  std::fill(out.begin() + std::ssize(values), out.end(), static_cast<std::uint8_t>(kByteZero));
  return {scale, std::nextafter(static_cast<float>(std::sqrt(square)), 2.0F)};
}

BitCode to_bits(std::span<const float> rotated) {
  BitCode code{.words = std::vector<std::uint64_t>(rotated.size() / kWordBits)};
  float sum = 0;
  float square = 0;
  std::int32_t set = 0;
  for (std::size_t d = 0; d < rotated.size(); ++d) {
    const bool positive = rotated[d] > 0;
    code.words[d / kWordBits] |= std::uint64_t{positive} << (d % kWordBits);
    set += positive ? 1 : 0;
    sum += std::abs(rotated[d]);
    square += rotated[d] * rotated[d];
  }
  code.base = kMostLevel * (static_cast<std::int32_t>(rotated.size()) / 2 - set);
  code.factor = sum > 0 ? square / sum : 0;
  return code;
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
  // Three standard deviations: the few values beyond are cut off, all others are told more finely.
  double square = 0;
  for (const float v : rotated) square += double{v} * double{v};
  const auto reach = static_cast<float>(3 * std::sqrt(square / static_cast<double>(rotated.size())));
  code.step = std::min(reach, largest(rotated)) * 2 / static_cast<float>(kMostLevel);
  if (!(code.step > 0)) code.step = 1;
  const std::size_t first = first_words * kWordBits;
  code.offset = to_planes(std::span(rotated).first(first), code.step, code.planes);
  code.offset_rest = to_planes(std::span(rotated).subspan(first), code.step, code.planes_rest);
  return code;
}

}  // namespace vultus::gallery

#include <vultus/gallery/template_bytes.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace vultus::gallery {
namespace {

constexpr std::size_t kBytesPerValue = 4;
// Rounding 16,384 values to float32 moves the length by less than 1e-5; a flipped bit that matters moves it further.
constexpr double kLengthTolerance = 1e-4;

}  // namespace

std::vector<std::byte> to_bytes(std::span<const float> values) {
  std::vector<std::byte> bytes(values.size() * kBytesPerValue);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(values[i]);
    for (std::size_t b = 0; b < kBytesPerValue; ++b)
      bytes[i * kBytesPerValue + b] = static_cast<std::byte>(bits >> (8 * b) & 0xFFU);
  }
  return bytes;
}

std::optional<std::string> from_bytes(std::span<const std::byte> bytes, std::size_t dimension,
                                      std::vector<float>& values) {
  if (bytes.size() != dimension * kBytesPerValue)
    return "has a template of " + std::to_string(bytes.size()) + " bytes, the model makes " +
           std::to_string(dimension * kBytesPerValue);
  values.resize(dimension);
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(values.data(), bytes.data(), bytes.size());
  } else {
    for (std::size_t i = 0; i < dimension; ++i) {
      std::uint32_t bits = 0;
      for (std::size_t b = 0; b < kBytesPerValue; ++b)
        bits |= std::to_integer<std::uint32_t>(bytes[i * kBytesPerValue + b]) << (8 * b);
      values[i] = std::bit_cast<float>(bits);
    }
  }
  double square = 0;
  for (const float v : values) square += double{v} * v;
  if (!std::isfinite(square)) return "has a template that is not finite";
  if (std::abs(std::sqrt(square) - 1) > kLengthTolerance)
    return "has a template of length " + std::to_string(std::sqrt(square)) + ", 1 is wanted";
  return std::nullopt;
}

}  // namespace vultus::gallery

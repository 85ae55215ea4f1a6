#include <vultus/learn/half.hpp>

#include <bit>

namespace vultus::learn {

std::uint16_t half_of(float value) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16U) & 0x8000U, magnitude = bits & 0x7FFFFFFFU;
  if (magnitude > 0x7F800000U) return static_cast<std::uint16_t>(sign | 0x7E00U);   // not a number
  if (magnitude >= 0x477FF000U) return static_cast<std::uint16_t>(sign | 0x7C00U);  // rounds beyond 65504
  if (magnitude < 0x38800000U) {
    // Below 2^-14: adding 1/2 leaves the multiple of 2^-24 in the last bits, rounded by the processor.
    const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
    return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3F000000U));
  }
  const std::uint32_t odd = (magnitude >> 13U) & 1U;
  return static_cast<std::uint16_t>(sign | ((magnitude - 0x38000000U + 0xFFFU + odd) >> 13U));
}

float float_of(std::uint16_t half) noexcept {
  const std::uint32_t sign = (half & 0x8000U) << 16U, rest = half & 0x7FFFU;
  if (rest >= 0x7C00U) return std::bit_cast<float>(sign | 0x7F800000U | ((rest & 0x3FFU) << 13U));
  if (rest < 0x400U) {
    const float tiny = static_cast<float>(rest) * 0x1p-24F;
    return sign != 0 ? -tiny : tiny;
  }
  return std::bit_cast<float>(sign | ((rest << 13U) + 0x38000000U));
}

}  // namespace vultus::learn

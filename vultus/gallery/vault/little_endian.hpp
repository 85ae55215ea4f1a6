// Numbers as bytes, the lowest first, on every machine. Private to this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace vultus::gallery {

inline void put_u32(std::span<std::uint8_t, 4> to, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) to[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

inline void put_u64(std::span<std::uint8_t, 8> to, std::uint64_t value) {
  for (std::size_t i = 0; i < 8; ++i) to[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

inline std::uint32_t get_u32(std::span<const std::uint8_t, 4> from) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{from[i]} << (8 * i);
  return value;
}

inline std::uint64_t get_u64(std::span<const std::uint8_t, 8> from) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value |= std::uint64_t{from[i]} << (8 * i);
  return value;
}

}  // namespace vultus::gallery

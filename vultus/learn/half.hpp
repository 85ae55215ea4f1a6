// Half floats in memory and in files: two bytes a number.
#pragma once

#include <cstdint>

namespace vultus::learn {

/// The half float nearest to a number; ties go to the even one, too large ones become infinite.
/// @source IEEE 754-2008, binary16
[[nodiscard]] std::uint16_t half_of(float value) noexcept;

/// The number that a half float stands for, exactly.
[[nodiscard]] float float_of(std::uint16_t half) noexcept;

}  // namespace vultus::learn

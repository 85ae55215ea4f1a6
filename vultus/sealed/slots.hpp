// Numbers in the slots of a message. Private to this room; the layout and its proof stand in codec.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/sealed/codec.hpp>
#include <vultus/sealed/number.hpp>

namespace vultus::sealed {

/// The message with `values` in the slots from `first` on, and their sum in the check slot. Messages of different slots
/// may be added.
/// @param values  each with |value| <= layout.product_bound; first + values.size() <= layout.slots
[[nodiscard]] Number slot_message(const Layout& layout, std::span<const std::int64_t> values, int first);

/// The first `used` slots of a message.
/// @error corrupt_data  a value beyond its bound, or a check slot that does not agree: not a message of this layout
[[nodiscard]] Result<std::vector<std::int64_t>> slots_of(const Layout& layout, const Number& message, int used);

}  // namespace vultus::sealed

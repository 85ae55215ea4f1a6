// Templates as bytes: float32, little-endian, on every machine. Private to this room.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace vultus::gallery {

[[nodiscard]] std::vector<std::byte> to_bytes(std::span<const float> values);

/// @param values  resized to `dimension` and filled
/// @return why the bytes are no template: another length, a value that is not finite, or not of unit length
[[nodiscard]] std::optional<std::string> from_bytes(std::span<const std::byte> bytes, std::size_t dimension,
                                                    std::vector<float>& values);

}  // namespace vultus::gallery

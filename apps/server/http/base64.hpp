// Base64 as RFC 4648 has it, and nothing else.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::server {

/// The alphabet of section 4, with its padding, without line breaks, and with zero bits where the last character has
/// bits to spare: each byte string has one text alone.
/// @param most_bytes  that the result may have; checked before anything is allocated
/// @error corrupt_data    a character outside the alphabet, no or wrong padding, bits to spare that are set
/// @error resource_limit  more than `most_bytes`
/// @thread any
[[nodiscard]] Result<std::string> decode_base64(std::string_view text, std::size_t most_bytes);

}  // namespace vultus::server

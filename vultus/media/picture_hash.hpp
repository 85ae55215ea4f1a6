// A short hash of what a picture looks like: near-duplicates differ in few bits.
#pragma once

#include <cstdint>
#include <string>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::media {

/// 64-bit hash of the lowest spatial frequencies: the picture in grey at 32 x 32 pixels, its discrete cosine transform,
/// and for each of the 8 x 8 lowest coefficients whether it is above their median (the mean brightness takes no part in
/// the median). Scaled, recompressed and slightly brightened pictures differ in few bits, others in about 32.
/// @error invalid_argument  an empty picture
/// @thread no state
/// @source C. Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010, section 3.2.1
[[nodiscard]] Result<std::uint64_t> picture_hash(ImageView picture);

/// 16 hexadecimal digits.
[[nodiscard]] std::string hash_text(std::uint64_t hash);

}  // namespace vultus::media

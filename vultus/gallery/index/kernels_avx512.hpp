// What the two sources of the AVX-512 kernels share. Internal to the room.
#pragma once

#include <vultus/gallery/index/kernels.hpp>

namespace vultus::gallery {

/// Kernels::first_look; on a processor that has the instructions of avx512_kernels() alone.
void avx512_first_look(const std::uint8_t* blocks, std::size_t bytes, const std::int16_t* scales, std::size_t count,
                       FirstLook* looks, std::size_t look_count, ReadSoon soon);

}  // namespace vultus::gallery

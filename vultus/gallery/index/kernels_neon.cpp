// NEON of 64-bit ARM: every such processor has it.
#include <vultus/gallery/index/kernels.hpp>

#ifdef __aarch64__
#include <arm_neon.h>

namespace vultus::gallery {
namespace {

void byte_products(const std::uint8_t* rows, std::size_t stride, std::size_t count, const std::int8_t* probes,
                   std::size_t probe_count, std::int32_t* out) {
  for (std::size_t p = 0; p < probe_count; ++p)
    for (std::size_t r = 0; r < count; ++r) {
      int32x4_t sum = vdupq_n_s32(0);
      for (std::size_t i = 0; i < stride; i += 16) {
        const uint8x16_t row = vld1q_u8(rows + r * stride + i);
        const int8x16_t probe = vld1q_s8(probes + p * stride + i);
        const int16x8_t low = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(row)));
        const int16x8_t high = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(row)));
        const int16x8_t a = vmovl_s8(vget_low_s8(probe)), b = vmovl_s8(vget_high_s8(probe));
        sum = vmlal_s16(sum, vget_low_s16(low), vget_low_s16(a));
        sum = vmlal_s16(sum, vget_high_s16(low), vget_high_s16(a));
        sum = vmlal_s16(sum, vget_low_s16(high), vget_low_s16(b));
        sum = vmlal_s16(sum, vget_high_s16(high), vget_high_s16(b));
      }
      out[p * count + r] = vaddvq_s32(sum);
    }
}

template <class Mask>
uint64x2_t sums_of_two(uint64x2_t bits, const Mask& mask) {
  const auto ones = [&](std::size_t plane) { return vcntq_u8(vreinterpretq_u8_u64(vandq_u64(bits, mask(plane)))); };
  const uint8x16_t low = vaddq_u8(ones(0), vshlq_n_u8(ones(1), 1));
  const uint8x16_t high = vaddq_u8(ones(2), vshlq_n_u8(ones(3), 1));
  return vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(vaddq_u8(low, vshlq_n_u8(high, 2)))));
}

void bit_sums(const std::uint64_t* blocks, std::size_t words, std::size_t block_count, const std::uint64_t* planes,
              std::int32_t* out) {
  for (std::size_t two = 0; two < 4 * block_count; ++two) {
    const std::uint64_t* const block = blocks + two / 4 * words * kRowsOfBlock + two % 4 * 2;
    uint64x2_t sum = vdupq_n_u64(0);
    for (std::size_t w = 0; w < words; ++w)
      sum = vaddq_u64(sum, sums_of_two(vld1q_u64(block + w * kRowsOfBlock),
                                       [&](std::size_t plane) { return vdupq_n_u64(planes[plane * words + w]); }));
    out[two * 2] = static_cast<std::int32_t>(vgetq_lane_u64(sum, 0));
    out[two * 2 + 1] = static_cast<std::int32_t>(vgetq_lane_u64(sum, 1));
  }
}

void add_rest(const std::uint64_t* const* chunks, unsigned chunk_shift, std::size_t words, const std::uint64_t* planes,
              std::int32_t offset, EstimatedRow* rows, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t in_chunk = rows[i].row & ((1U << chunk_shift) - 1U);
    const std::uint64_t* const row = chunks[rows[i].row >> chunk_shift] + in_chunk * (words + 1);
    uint64x2_t sum = vdupq_n_u64(0);
    for (std::size_t w = 0; w < words; w += 2)
      sum = vaddq_u64(sum, sums_of_two(vld1q_u64(row + w),
                                       [&](std::size_t plane) { return vld1q_u64(planes + plane * words + w); }));
    RestScale scale;
    __builtin_memcpy(&scale, row + words, sizeof scale);
    rows[i].estimate +=
        static_cast<float>(2 * static_cast<std::int32_t>(vaddvq_u64(sum)) + scale.base + offset) * scale.factor;
  }
}

void products(const float* rows, std::size_t stride, std::size_t count, const float* probe, std::size_t dimension,
              float* out) {
  portable_kernels().products(rows, stride, count, probe, dimension, out);
}

std::size_t may_reach(const std::int32_t* sums, const float* scales, const float* errors, std::size_t count,
                      const ByteProbe& probe, float floor, std::uint32_t* rows) {
  return portable_kernels().may_reach(sums, scales, errors, count, probe, floor, rows);
}

std::size_t above(const std::int32_t* sums, const std::int16_t* base, const float* factors, std::size_t count,
                  std::int32_t offset, float threshold, std::uint32_t first, EstimatedRow* rows) {
  return portable_kernels().above(sums, base, factors, count, offset, threshold, first, rows);
}

constexpr Kernels kNeon{"NEON", products, byte_products, bit_sums, add_rest, may_reach, above};

}  // namespace

const Kernels* neon_kernels() { return &kNeon; }

}  // namespace vultus::gallery
#else
namespace vultus::gallery {
const Kernels* neon_kernels() { return nullptr; }
}  // namespace vultus::gallery
#endif

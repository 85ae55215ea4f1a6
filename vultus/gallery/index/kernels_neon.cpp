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

void first_look(const std::uint8_t* blocks, std::size_t bytes, const std::int16_t* scales, std::size_t count,
                FirstLook* looks, std::size_t look_count, ReadSoon soon) {
  constexpr std::size_t kPart = 16;  // bytes of a register: 8 rows in the even ones, 8 in the odd ones
  const uint8x16_t low = vdupq_n_u8(15);
  for (std::size_t p = 0; p < look_count; ++p) {
    FirstLook& look = looks[p];
    look.found = 0;
    for (std::size_t r = 0; r < count; r += kRowsOfBlock) {
      for (std::size_t i = 0; p == 0 && i < soon.lines; ++i, soon.at += kCacheLine) __builtin_prefetch(soon.at);
      alignas(16) std::uint16_t sums[kRowsOfBlock];
      for (std::size_t part = 0; part < kRowsOfBlock / kPart; ++part) {
        const std::uint8_t* const codes = blocks + r * bytes + part * kPart;
        const std::uint8_t* table = look.tables;
        uint16x8_t even = vdupq_n_u16(0), odd = even;
        for (std::size_t b = 0; b < bytes; b += 8) {
          uint8x16_t sum = vdupq_n_u8(0);  // sixteen entries fit
          for (std::size_t i = b; i < b + 8; ++i, table += 2 * kTableCopies * kTableEntries) {
            const uint8x16_t bits = vld1q_u8(codes + i * kRowsOfBlock);
            sum = vaddq_u8(sum, vqtbl1q_u8(vld1q_u8(table), vandq_u8(bits, low)));
            sum = vaddq_u8(sum, vqtbl1q_u8(vld1q_u8(table + kTableCopies * kTableEntries), vshrq_n_u8(bits, 4)));
          }
          const uint16x8_t wide = vreinterpretq_u16_u8(sum);
          even = vaddq_u16(even, vandq_u16(wide, vdupq_n_u16(255)));
          odd = vaddq_u16(odd, vshrq_n_u16(wide, 8));
        }
        vst1q_u16(sums + part * 8, even);
        vst1q_u16(sums + 32 + part * 8, odd);
      }
      const std::size_t here = count - r < kRowsOfBlock ? count - r : kRowsOfBlock;
      for (std::size_t i = 0; i < here; ++i) {
        const auto most =
            static_cast<std::int16_t>(look.from + static_cast<std::int16_t>(scales[r + i] * look.slope >> 16));
        if (static_cast<std::int16_t>(sums[i]) <= most) continue;
        look.rows[look.found] = static_cast<std::uint16_t>(r + i);
        look.sums[look.found++] = sums[i];
      }
    }
  }
}

template <class Mask>
uint64x2_t sums_of_two(uint64x2_t bits, const Mask& mask) {
  const auto ones = [&](std::size_t plane) { return vcntq_u8(vreinterpretq_u8_u64(vandq_u64(bits, mask(plane)))); };
  const uint8x16_t low = vaddq_u8(ones(0), vshlq_n_u8(ones(1), 1));
  const uint8x16_t high = vaddq_u8(ones(2), vshlq_n_u8(ones(3), 1));
  return vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(vaddq_u8(low, vshlq_n_u8(high, 2)))));
}

void add_rest(const std::uint64_t* const* chunks, unsigned chunk_shift, std::size_t words, const std::uint64_t* planes,
              std::int32_t offset, EstimatedRow* rows, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t in_chunk = rows[i].row & ((1U << chunk_shift) - 1U);
    const std::uint64_t* const row = chunks[rows[i].row >> chunk_shift] + in_chunk * (words + 1);
    uint64x2_t sum = vdupq_n_u64(0), ones = sum;
    for (std::size_t w = 0; w < words; w += 2) {
      const uint64x2_t bits = vld1q_u64(row + w);
      sum = vaddq_u64(sum, sums_of_two(bits, [&](std::size_t plane) { return vld1q_u64(planes + plane * words + w); }));
      ones = vaddq_u64(ones, vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(vcntq_u8(vreinterpretq_u8_u64(bits))))));
    }
    RestScale scale;
    __builtin_memcpy(&scale, row + words, sizeof scale);
    const auto whole = 2 * static_cast<std::int32_t>(vaddvq_u64(sum)) -
                       kMostLevel * static_cast<std::int32_t>(vaddvq_u64(ones)) + offset;
    rows[i].estimate = rows[i].estimate * scale.first + static_cast<float>(whole) * scale.rest;
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

constexpr Kernels kNeon{"NEON", products, byte_products, first_look, add_rest, may_reach};

}  // namespace

const Kernels* neon_kernels() { return &kNeon; }

}  // namespace vultus::gallery
#else
namespace vultus::gallery {
const Kernels* neon_kernels() { return nullptr; }
}  // namespace vultus::gallery
#endif

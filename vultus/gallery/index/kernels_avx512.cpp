// AVX-512 with VNNI and VPOPCNTDQ: Ice Lake, Zen 4 and later. Compiled with these instructions switched on, so nothing
// but intrinsics may be used here: an inline function of the standard library compiled here could replace the same
// function elsewhere and fail on an older processor.
#include <vultus/gallery/index/kernels.hpp>

#ifdef VULTUS_AVX512
#include <immintrin.h>

// NOLINTBEGIN(modernize-avoid-c-arrays): std::array has inline functions, and they must not be compiled here.

namespace vultus::gallery {
namespace {

// The order of inner_product: lane + lane 8 apart, then 4, 2, 1. No fused multiply-add: it rounds once instead of
// twice.
float folded(__m512 sums) {
  const __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(sums), _mm512_extractf32x8_ps(sums, 1));
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

void products(const float* rows, std::size_t stride, std::size_t count, const float* probe, std::size_t dimension,
              float* out) {
  constexpr std::size_t kLanes = 16;
  const std::size_t whole = dimension / kLanes * kLanes;
  const auto rest = static_cast<__mmask16>((1U << (dimension - whole)) - 1U);
  std::size_t r = 0;
  for (; r + 4 <= count; r += 4) {
    const float* const at = rows + r * stride;
    __m512 a = _mm512_setzero_ps(), b = a, c = a, d = a;
    for (std::size_t i = 0; i < whole; i += kLanes) {
      const __m512 p = _mm512_loadu_ps(probe + i);
      a = _mm512_add_ps(a, _mm512_mul_ps(_mm512_loadu_ps(at + i), p));
      b = _mm512_add_ps(b, _mm512_mul_ps(_mm512_loadu_ps(at + stride + i), p));
      c = _mm512_add_ps(c, _mm512_mul_ps(_mm512_loadu_ps(at + 2 * stride + i), p));
      d = _mm512_add_ps(d, _mm512_mul_ps(_mm512_loadu_ps(at + 3 * stride + i), p));
    }
    if (rest != 0) {
      const __m512 p = _mm512_maskz_loadu_ps(rest, probe + whole);
      const auto more = [&](__m512 sum, const float* row) {
        return _mm512_mask_add_ps(sum, rest, sum, _mm512_mul_ps(_mm512_maskz_loadu_ps(rest, row + whole), p));
      };
      a = more(a, at), b = more(b, at + stride), c = more(c, at + 2 * stride), d = more(d, at + 3 * stride);
    }
    out[r] = folded(a), out[r + 1] = folded(b), out[r + 2] = folded(c), out[r + 3] = folded(d);
  }
  for (; r < count; ++r) {
    const float* const at = rows + r * stride;
    __m512 sum = _mm512_setzero_ps();
    for (std::size_t i = 0; i < whole; i += kLanes)
      sum = _mm512_add_ps(sum, _mm512_mul_ps(_mm512_loadu_ps(at + i), _mm512_loadu_ps(probe + i)));
    if (rest != 0)
      sum = _mm512_mask_add_ps(
          sum, rest, sum,
          _mm512_mul_ps(_mm512_maskz_loadu_ps(rest, at + whole), _mm512_maskz_loadu_ps(rest, probe + whole)));
    out[r] = folded(sum);
  }
}

/// The sums of four registers, in order.
__m128i folded(__m512i a, __m512i b, __m512i c, __m512i d) {
  const __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
  const __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
  const __m512i all = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
  const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

void byte_products(const std::uint8_t* rows, std::size_t stride, std::size_t count, const std::int8_t* probes,
                   std::size_t probe_count, std::int32_t* out) {
  constexpr std::size_t kBytes = 64;
  std::size_t r = 0;
  for (; r + 4 <= count; r += 4) {
    const std::uint8_t* const at = rows + r * stride;
    if (probe_count == 4) {
      __m512i sums[16];
      for (__m512i& sum : sums) sum = _mm512_setzero_si512();
      for (std::size_t i = 0; i < stride; i += kBytes) {
        const __m512i row[4] = {_mm512_loadu_si512(at + i), _mm512_loadu_si512(at + stride + i),
                                _mm512_loadu_si512(at + 2 * stride + i), _mm512_loadu_si512(at + 3 * stride + i)};
#pragma GCC unroll 4
        for (int p = 0; p < 4; ++p) {
          const __m512i probe = _mm512_loadu_si512(probes + static_cast<std::size_t>(p) * stride + i);
#pragma GCC unroll 4
          for (int k = 0; k < 4; ++k) sums[4 * p + k] = _mm512_dpbusd_epi32(sums[4 * p + k], row[k], probe);
        }
      }
#pragma GCC unroll 4
      for (int p = 0; p < 4; ++p)
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out + static_cast<std::size_t>(p) * count + r),
                         folded(sums[4 * p], sums[4 * p + 1], sums[4 * p + 2], sums[4 * p + 3]));
      continue;
    }
    for (std::size_t p = 0; p < probe_count; ++p) {
      __m512i a = _mm512_setzero_si512(), b = a, c = a, d = a;
      for (std::size_t i = 0; i < stride; i += kBytes) {
        const __m512i probe = _mm512_loadu_si512(probes + p * stride + i);
        a = _mm512_dpbusd_epi32(a, _mm512_loadu_si512(at + i), probe);
        b = _mm512_dpbusd_epi32(b, _mm512_loadu_si512(at + stride + i), probe);
        c = _mm512_dpbusd_epi32(c, _mm512_loadu_si512(at + 2 * stride + i), probe);
        d = _mm512_dpbusd_epi32(d, _mm512_loadu_si512(at + 3 * stride + i), probe);
      }
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + p * count + r), folded(a, b, c, d));
    }
  }
  for (; r < count; ++r)
    for (std::size_t p = 0; p < probe_count; ++p) {
      __m512i sum = _mm512_setzero_si512();
      for (std::size_t i = 0; i < stride; i += kBytes)
        sum = _mm512_dpbusd_epi32(sum, _mm512_loadu_si512(rows + r * stride + i),
                                  _mm512_loadu_si512(probes + p * stride + i));
      out[p * count + r] = _mm512_reduce_add_epi32(sum);
    }
}

__m512i ones(__m512i bits, __m512i mask) { return _mm512_popcnt_epi64(_mm512_and_si512(bits, mask)); }

__m256i joined(__m512i s0, __m512i s1, __m512i s2, __m512i s3) {
  const __m512i low = _mm512_add_epi64(s0, _mm512_slli_epi64(s1, 1));
  const __m512i high = _mm512_add_epi64(s2, _mm512_slli_epi64(s3, 1));
  return _mm512_cvtepi64_epi32(_mm512_add_epi64(low, _mm512_slli_epi64(high, 2)));
}

/// Codes of 256 bits: the probe stays in registers.
void bit_sums_of_four_words(const std::uint64_t* blocks, std::size_t block_count, const std::uint64_t* planes,
                            std::int32_t* out) {
  constexpr std::size_t kWords = 4;
  __m512i masks[kProbeBits * kWords];
#pragma GCC unroll 16
  for (std::size_t i = 0; i < kProbeBits * kWords; ++i) masks[i] = _mm512_set1_epi64(static_cast<long long>(planes[i]));
  for (std::size_t b = 0; b < block_count; ++b) {
    const std::uint64_t* const block = blocks + b * kWords * kRowsOfBlock;
    __m512i bits[kWords];
#pragma GCC unroll 4
    for (std::size_t w = 0; w < kWords; ++w) bits[w] = _mm512_loadu_si512(block + w * kRowsOfBlock);
    __m512i sums[kProbeBits];
#pragma GCC unroll 4
    for (std::size_t plane = 0; plane < kProbeBits; ++plane) {
      const __m512i* const of = masks + plane * kWords;
      sums[plane] = _mm512_add_epi64(_mm512_add_epi64(ones(bits[0], of[0]), ones(bits[1], of[1])),
                                     _mm512_add_epi64(ones(bits[2], of[2]), ones(bits[3], of[3])));
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + b * kRowsOfBlock), joined(sums[0], sums[1], sums[2], sums[3]));
  }
}

void bit_sums(const std::uint64_t* blocks, std::size_t words, std::size_t block_count, const std::uint64_t* planes,
              std::int32_t* out) {
  if (words == 4) return bit_sums_of_four_words(blocks, block_count, planes, out);
  for (std::size_t b = 0; b < block_count; ++b) {
    const std::uint64_t* const block = blocks + b * words * kRowsOfBlock;
    __m512i sums[kProbeBits];
    for (__m512i& sum : sums) sum = _mm512_setzero_si512();
    for (std::size_t w = 0; w < words; ++w) {
      const __m512i bits = _mm512_loadu_si512(block + w * kRowsOfBlock);
      for (std::size_t plane = 0; plane < kProbeBits; ++plane) {
        const __m512i mask = _mm512_set1_epi64(static_cast<long long>(planes[plane * words + w]));
        sums[plane] = _mm512_add_epi64(sums[plane], ones(bits, mask));
      }
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + b * kRowsOfBlock), joined(sums[0], sums[1], sums[2], sums[3]));
  }
}

void add_rest(const std::uint64_t* const* chunks, unsigned chunk_shift, std::size_t words, const std::uint64_t* planes,
              std::int32_t offset, EstimatedRow* rows, std::size_t count) {
  constexpr std::size_t kAhead = 16;
  const auto at = [&](std::size_t i) {
    const std::size_t in_chunk = rows[i].row & ((1U << chunk_shift) - 1U);
    return chunks[rows[i].row >> chunk_shift] + in_chunk * (words + 1);
  };
  for (std::size_t i = 0; i < count; ++i) {
    if (i + kAhead < count) {
      const char* const next = reinterpret_cast<const char*>(at(i + kAhead));
      for (std::size_t b = 0; b <= words * 8; b += 64) _mm_prefetch(next + b, _MM_HINT_T0);
      _mm_prefetch(next + words * 8, _MM_HINT_T0);
    }
    const std::uint64_t* const row = at(i);
    __m256i sum = _mm256_setzero_si256();
    for (std::size_t w = 0; w < words; w += 4) {
      const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row + w));
      const auto ones_of = [&](std::size_t plane) {
        const __m256i mask = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(planes + plane * words + w));
        return _mm256_popcnt_epi64(_mm256_and_si256(bits, mask));
      };
      const __m256i low = _mm256_add_epi64(ones_of(0), _mm256_slli_epi64(ones_of(1), 1));
      const __m256i high = _mm256_add_epi64(ones_of(2), _mm256_slli_epi64(ones_of(3), 1));
      sum = _mm256_add_epi64(sum, _mm256_add_epi64(low, _mm256_slli_epi64(high, 2)));
    }
    const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    const auto whole = static_cast<std::int32_t>(_mm_cvtsi128_si64(_mm_add_epi64(two, _mm_unpackhi_epi64(two, two))));
    RestScale scale;
    __builtin_memcpy(&scale, row + words, sizeof scale);
    rows[i].estimate += static_cast<float>(2 * whole + scale.base + offset) * scale.factor;
  }
}

std::size_t may_reach(const std::int32_t* sums, const float* scales, const float* errors, std::size_t count,
                      const ByteProbe& probe, float floor, std::uint32_t* rows) {
  const __m512i zero = _mm512_set1_epi32(probe.zero);
  const __m512 scale = _mm512_set1_ps(probe.scale), error = _mm512_set1_ps(probe.error);
  const __m512 slack = _mm512_set1_ps(probe.slack), one = _mm512_set1_ps(1), limit = _mm512_set1_ps(floor);
  const __m512i steps = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  std::size_t found = 0;
  for (std::size_t r = 0; r < count; r += 16) {
    const auto here = static_cast<__mmask16>(count - r >= 16 ? 0xFFFFU : (1U << (count - r)) - 1U);
    const __m512i sum = _mm512_sub_epi32(_mm512_maskz_loadu_epi32(here, sums + r), zero);
    const __m512 product =
        _mm512_mul_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(sum), scale), _mm512_maskz_loadu_ps(here, scales + r));
    const __m512 off = _mm512_maskz_loadu_ps(here, errors + r);
    const __m512 more = _mm512_mul_ps(_mm512_add_ps(one, off), error);
    const __m512 most = _mm512_add_ps(_mm512_add_ps(_mm512_add_ps(product, off), more), slack);
    const __mmask16 pass = _mm512_mask_cmp_ps_mask(here, most, limit, _CMP_GE_OQ);
    if (pass == 0) continue;
    _mm512_mask_compressstoreu_epi32(rows + found, pass,
                                     _mm512_add_epi32(steps, _mm512_set1_epi32(static_cast<int>(r))));
    found += static_cast<std::size_t>(__builtin_popcount(pass));
  }
  return found;
}

std::size_t above(const std::int32_t* sums, const std::int16_t* base, const float* factors, std::size_t count,
                  std::int32_t offset, float threshold, std::uint32_t first, EstimatedRow* rows) {
  const __m512 limit = _mm512_set1_ps(threshold);
  const __m512i more = _mm512_set1_epi32(offset);
  std::size_t found = 0;
  for (std::size_t r = 0; r < count; r += 16) {
    const auto here = static_cast<__mmask16>(count - r >= 16 ? 0xFFFFU : (1U << (count - r)) - 1U);
    const __m512i sum = _mm512_maskz_loadu_epi32(here, sums + r);
    const __m512i from = _mm512_cvtepi16_epi32(_mm256_maskz_loadu_epi16(here, base + r));
    const __m512i whole = _mm512_add_epi32(_mm512_add_epi32(_mm512_slli_epi32(sum, 1), from), more);
    const __m512 estimate = _mm512_mul_ps(_mm512_cvtepi32_ps(whole), _mm512_maskz_loadu_ps(here, factors + r));
    unsigned pass = _mm512_mask_cmp_ps_mask(here, estimate, limit, _CMP_GT_OQ);
    if (pass == 0) continue;
    alignas(64) float values[16];
    _mm512_store_ps(values, estimate);
    for (; pass != 0; pass &= pass - 1) {
      const auto lane = static_cast<std::uint32_t>(__builtin_ctz(pass));
      rows[found++] = {values[lane], first + static_cast<std::uint32_t>(r) + lane};
    }
  }
  return found;
}

constexpr Kernels kAvx512{"AVX-512 VNNI", products, byte_products, bit_sums, add_rest, may_reach, above};

}  // namespace

const Kernels* avx512_kernels() {
  const bool here = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vpopcntdq");
  return here ? &kAvx512 : nullptr;
}

}  // namespace vultus::gallery
// NOLINTEND(modernize-avoid-c-arrays)
#else
namespace vultus::gallery {
const Kernels* avx512_kernels() { return nullptr; }
}  // namespace vultus::gallery
#endif

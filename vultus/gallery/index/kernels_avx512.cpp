// AVX-512 with VNNI, VPOPCNTDQ, VBMI and VBMI2: Ice Lake, Zen 4 and later. Compiled with these instructions switched
// on, so nothing but intrinsics may be used here: an inline function of the standard library compiled here could
// replace the same function elsewhere and fail on an older processor.
#include <vultus/gallery/index/kernels_avx512.hpp>

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

/// Sums of a row's words, four of them: 2 * levels of the set bits - kMostLevel * ones.
/// @param low, high  planes 0 and 1 of the four words side by side, and 2 and 3
__m256i rest_sums(__m256i bits, __m512i low, __m512i high) {
  const __m512i twice = _mm512_broadcast_i64x4(bits);
  const __m512i both = _mm512_add_epi64(_mm512_popcnt_epi64(_mm512_and_si512(twice, low)),
                                        _mm512_slli_epi64(_mm512_popcnt_epi64(_mm512_and_si512(twice, high)), 2));
  const __m256i even = _mm512_castsi512_si256(both), odd = _mm512_extracti64x4_epi64(both, 1);
  const __m256i ones = _mm256_popcnt_epi64(bits);
  const __m256i levels = _mm256_add_epi64(_mm256_slli_epi64(even, 1), _mm256_slli_epi64(odd, 2));
  return _mm256_sub_epi64(_mm256_add_epi64(levels, ones), _mm256_slli_epi64(ones, kProbeBits));
}

__m256i load_words(const std::uint64_t* words) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words)); }

__m512i two_planes(const std::uint64_t* planes, std::size_t words) {
  return _mm512_inserti64x4(_mm512_castsi256_si512(load_words(planes)), load_words(planes + words), 1);
}

/// The rows of add_rest.
struct RestRows {
  const std::uint64_t* const* chunks;
  unsigned chunk_shift;
  std::size_t words;
  [[nodiscard]] const std::uint64_t* at(std::uint32_t row) const {
    return chunks[row >> chunk_shift] + (row & ((1U << chunk_shift) - 1U)) * (words + 1);
  }
  void fetch(std::uint32_t row) const {
    const char* const begin = reinterpret_cast<const char*>(at(row));
    for (std::size_t b = 0; b < words * 8; b += 64) _mm_prefetch(begin + b, _MM_HINT_T0);
    _mm_prefetch(begin + words * 8, _MM_HINT_T0);
  }
  void add(EstimatedRow& to, const std::uint64_t* row, std::int32_t sum) const {
    RestScale scale;
    __builtin_memcpy(&scale, row + words, sizeof scale);
    to.estimate = to.estimate * scale.first + static_cast<float>(sum) * scale.rest;
  }
};

constexpr std::size_t kRestAhead = 16;

/// RestRows::add for four rows at once.
/// @param of  the rows; behind their words stands a RestScale
void add_four(EstimatedRow* to, const std::uint64_t* const (&of)[4], std::size_t words, __m128 sums) {
  constexpr int kEven = 0x88, kOdd = 0xDD;  // of two registers
  const auto two_scales = [&](std::size_t k) {
    const __m128i lower = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(of[k] + words));
    const __m128i upper = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(of[k + 1] + words));
    return _mm_castsi128_ps(_mm_unpacklo_epi64(lower, upper));
  };
  const __m128 ab = two_scales(0), cd = two_scales(2);
  float* const at = reinterpret_cast<float*>(to);
  const __m128 rows_ab = _mm_loadu_ps(at), rows_cd = _mm_loadu_ps(at + 4);
  const __m128 estimates =
      _mm_add_ps(_mm_mul_ps(_mm_shuffle_ps(rows_ab, rows_cd, kEven), _mm_shuffle_ps(ab, cd, kEven)),
                 _mm_mul_ps(sums, _mm_shuffle_ps(ab, cd, kOdd)));
  const __m128 numbers = _mm_shuffle_ps(rows_ab, rows_cd, kOdd);
  _mm_storeu_ps(at, _mm_unpacklo_ps(estimates, numbers));
  _mm_storeu_ps(at + 4, _mm_unpackhi_ps(estimates, numbers));
}

/// Codes of 512 bits: the probe stays in registers, and four rows are added up together.
std::size_t add_rest_of_four_words(const RestRows& rest, const std::uint64_t* planes, std::int32_t offset,
                                   EstimatedRow* rows, std::size_t count) {
  const __m512i low = two_planes(planes, 4), high = two_planes(planes + 8, 4);
  std::size_t i = 0;
  for (; i < kRestAhead && i < count; ++i) rest.fetch(rows[i].row);
  for (i = 0; i + 4 <= count; i += 4) {
    if (i + kRestAhead + 4 <= count)
      for (std::size_t k = 0; k < 4; ++k) rest.fetch(rows[i + kRestAhead + k].row);
    const std::uint64_t* of[4];
    __m256i sums[4];
#pragma GCC unroll 4
    for (std::size_t k = 0; k < 4; ++k) {
      of[k] = rest.at(rows[i + k].row);
      sums[k] = rest_sums(load_words(of[k]), low, high);
    }
    // Sums fit into 32 bits: those of two rows side by side in each 64.
    const __m256i lower = _mm256_set1_epi64x(0xFFFFFFFF);
    const __m256i ab = _mm256_or_si256(_mm256_and_si256(sums[0], lower), _mm256_slli_epi64(sums[1], 32));
    const __m256i cd = _mm256_or_si256(_mm256_and_si256(sums[2], lower), _mm256_slli_epi64(sums[3], 32));
    const __m256i all = _mm256_add_epi32(_mm256_unpacklo_epi64(ab, cd), _mm256_unpackhi_epi64(ab, cd));
    const __m128i four = _mm_add_epi32(_mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1)),
                                       _mm_set1_epi32(offset));
    add_four(rows + i, of, 4, _mm_cvtepi32_ps(four));
  }
  return i;
}

void add_rest(const std::uint64_t* const* chunks, unsigned chunk_shift, std::size_t words, const std::uint64_t* planes,
              std::int32_t offset, EstimatedRow* rows, std::size_t count) {
  const RestRows rest{chunks, chunk_shift, words};
  for (std::size_t i = words == 4 ? add_rest_of_four_words(rest, planes, offset, rows, count) : 0; i < count; ++i) {
    if (i + kRestAhead < count) rest.fetch(rows[i + kRestAhead].row);
    const std::uint64_t* const row = rest.at(rows[i].row);
    __m256i sum = _mm256_setzero_si256();
    for (std::size_t w = 0; w < words; w += 4)
      sum = _mm256_add_epi64(sum, rest_sums(load_words(row + w), two_planes(planes + w, words),
                                            two_planes(planes + 2 * words + w, words)));
    const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    const auto whole = static_cast<std::int32_t>(_mm_cvtsi128_si64(_mm_add_epi64(two, _mm_unpackhi_epi64(two, two))));
    rest.add(rows[i], row, whole + offset);
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

constexpr Kernels kAvx512{"AVX-512 VNNI", products, byte_products, avx512_first_look, add_rest, may_reach};

}  // namespace

const Kernels* avx512_kernels() {
  const bool here = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
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

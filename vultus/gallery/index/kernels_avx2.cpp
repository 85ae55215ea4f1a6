// AVX2: processors since about 2013. Compiled with these instructions switched on; see kernels_avx512.cpp for why only
// intrinsics are used.
#include <vultus/gallery/index/kernels.hpp>

#ifdef VULTUS_AVX2
#include <immintrin.h>

// NOLINTBEGIN(modernize-avoid-c-arrays): std::array has inline functions, and they must not be compiled here.

namespace vultus::gallery {
namespace {

float folded(__m256 low, __m256 high) {
  const __m256 eight = _mm256_add_ps(low, high);
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

// Two registers are the sixteen running sums of inner_product.
void products(const float* rows, std::size_t stride, std::size_t count, const float* probe, std::size_t dimension,
              float* out) {
  constexpr std::size_t kLanes = 16;
  const std::size_t whole = dimension / kLanes * kLanes;
  const auto sum_of = [&](const float* at, __m256 low, __m256 high) {
    if (whole == dimension) return folded(low, high);
    alignas(32) float sums[kLanes];
    _mm256_store_ps(sums, low);
    _mm256_store_ps(sums + 8, high);
    for (std::size_t i = whole; i < dimension; ++i) sums[i - whole] += at[i] * probe[i];
    return folded(_mm256_load_ps(sums), _mm256_load_ps(sums + 8));
  };
  std::size_t r = 0;
  for (; r + 2 <= count; r += 2) {
    const float* const at = rows + r * stride;
    const float* const next = at + stride;
    __m256 a = _mm256_setzero_ps(), b = a, c = a, d = a;
    for (std::size_t i = 0; i < whole; i += kLanes) {
      const __m256 p = _mm256_loadu_ps(probe + i), q = _mm256_loadu_ps(probe + i + 8);
      a = _mm256_add_ps(a, _mm256_mul_ps(_mm256_loadu_ps(at + i), p));
      b = _mm256_add_ps(b, _mm256_mul_ps(_mm256_loadu_ps(at + i + 8), q));
      c = _mm256_add_ps(c, _mm256_mul_ps(_mm256_loadu_ps(next + i), p));
      d = _mm256_add_ps(d, _mm256_mul_ps(_mm256_loadu_ps(next + i + 8), q));
    }
    out[r] = sum_of(at, a, b);
    out[r + 1] = sum_of(next, c, d);
  }
  for (; r < count; ++r) {
    const float* const at = rows + r * stride;
    __m256 a = _mm256_setzero_ps(), b = a;
    for (std::size_t i = 0; i < whole; i += kLanes) {
      a = _mm256_add_ps(a, _mm256_mul_ps(_mm256_loadu_ps(at + i), _mm256_loadu_ps(probe + i)));
      b = _mm256_add_ps(b, _mm256_mul_ps(_mm256_loadu_ps(at + i + 8), _mm256_loadu_ps(probe + i + 8)));
    }
    out[r] = sum_of(at, a, b);
  }
}

std::int32_t sum_of(__m256i v) {
  const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  const __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
  return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xB1)));
}

__m256i wide(const std::uint8_t* bytes) {
  return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
}
__m256i wide(const std::int8_t* bytes) {
  return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
}

// Bytes are widened first: the instruction that multiplies bytes saturates, and then the sets would not agree.
void byte_products(const std::uint8_t* rows, std::size_t stride, std::size_t count, const std::int8_t* probes,
                   std::size_t probe_count, std::int32_t* out) {
  constexpr std::size_t kBytes = 16;
  for (std::size_t r = 0; r < count; ++r) {
    const std::uint8_t* const at = rows + r * stride;
    std::size_t p = 0;
    for (; p + 4 <= probe_count; p += 4) {
      __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;
      const std::int8_t* const of = probes + p * stride;
      for (std::size_t i = 0; i < stride; i += kBytes) {
        const __m256i row = wide(at + i);
        a = _mm256_add_epi32(a, _mm256_madd_epi16(row, wide(of + i)));
        b = _mm256_add_epi32(b, _mm256_madd_epi16(row, wide(of + stride + i)));
        c = _mm256_add_epi32(c, _mm256_madd_epi16(row, wide(of + 2 * stride + i)));
        d = _mm256_add_epi32(d, _mm256_madd_epi16(row, wide(of + 3 * stride + i)));
      }
      out[p * count + r] = sum_of(a), out[(p + 1) * count + r] = sum_of(b);
      out[(p + 2) * count + r] = sum_of(c), out[(p + 3) * count + r] = sum_of(d);
    }
    for (; p < probe_count; ++p) {
      __m256i a = _mm256_setzero_si256(), b = a;
      for (std::size_t i = 0; i < stride; i += 2 * kBytes) {
        a = _mm256_add_epi32(a, _mm256_madd_epi16(wide(at + i), wide(probes + p * stride + i)));
        b = _mm256_add_epi32(b, _mm256_madd_epi16(wide(at + i + kBytes), wide(probes + p * stride + i + kBytes)));
      }
      out[p * count + r] = sum_of(_mm256_add_epi32(a, b));
    }
  }
}

// Ones in each byte by a table of sixteen entries (Mula, Kurz and Lemire, Faster population counts using AVX2).
__m256i ones_of_bytes(__m256i bits) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                         0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i low = _mm256_set1_epi8(0x0F);
  return _mm256_add_epi8(_mm256_shuffle_epi8(table, _mm256_and_si256(bits, low)),
                         _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(bits, 4), low)));
}

/// Sums of four words side by side. @param mask  of each plane
template <class Mask>
__m256i sums_of_four(__m256i bits, const Mask& mask) {
  const auto ones = [&](std::size_t plane) { return ones_of_bytes(_mm256_and_si256(bits, mask(plane))); };
  // At most 8 ones a byte, so 8 + 16 + 32 + 64 = 120 fits.
  const __m256i low = _mm256_add_epi8(ones(0), _mm256_slli_epi16(ones(1), 1));
  const __m256i high = _mm256_add_epi8(ones(2), _mm256_slli_epi16(ones(3), 1));
  return _mm256_sad_epu8(_mm256_add_epi8(low, _mm256_slli_epi16(high, 2)), _mm256_setzero_si256());
}

/// Half a block: rows 0 to 15 of it in the even bytes, 32 to 47 in the odd ones, or 16 to 31 and 48 to 63.
template <int Looks>
void sums_of_half(const std::uint8_t* codes, std::size_t bytes, const std::uint8_t* const* tables, __m256i* even,
                  __m256i* odd) {
  const __m256i low = _mm256_set1_epi8(15), low_byte = _mm256_set1_epi16(255);
  for (int p = 0; p < Looks; ++p) even[p] = odd[p] = _mm256_setzero_si256();
  for (std::size_t b = 0; b < bytes; b += 8) {
    __m256i sum[Looks];  // sixteen entries fit into a byte
    for (__m256i& one : sum) one = _mm256_setzero_si256();
    for (std::size_t i = b; i < b + 8; ++i) {
      const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes + i * kRowsOfBlock));
      const __m256i first = _mm256_and_si256(bits, low), second = _mm256_and_si256(_mm256_srli_epi16(bits, 4), low);
#pragma GCC unroll 4
      for (int p = 0; p < Looks; ++p) {
        const auto* const table = reinterpret_cast<const __m256i*>(tables[p] + i * 2 * kTableCopies * kTableEntries);
        sum[p] = _mm256_add_epi8(sum[p], _mm256_shuffle_epi8(_mm256_loadu_si256(table), first));
        sum[p] = _mm256_add_epi8(sum[p], _mm256_shuffle_epi8(_mm256_loadu_si256(table + 2), second));
      }
    }
#pragma GCC unroll 4
    for (int p = 0; p < Looks; ++p) {
      even[p] = _mm256_add_epi16(even[p], _mm256_and_si256(sum[p], low_byte));
      odd[p] = _mm256_add_epi16(odd[p], _mm256_srli_epi16(sum[p], 8));
    }
  }
}

/// Bit r tells that row r of sixteen is found.
unsigned found_of(__m256i sums, const std::int16_t* scales, const FirstLook& look) {
  const __m256i scale = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(scales));
  const __m256i most =
      _mm256_add_epi16(_mm256_set1_epi16(look.from), _mm256_mulhi_epi16(scale, _mm256_set1_epi16(look.slope)));
  const __m256i pass = _mm256_cmpgt_epi16(sums, most);
  const __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(pass), _mm256_extracti128_si256(pass, 1));
  return static_cast<unsigned>(_mm_movemask_epi8(bytes));
}

template <int Looks>
void first_look_of(const std::uint8_t* blocks, std::size_t bytes, const std::int16_t* scales, std::size_t count,
                   FirstLook* looks, ReadSoon soon) {
  const std::uint8_t* tables[Looks];
  for (int p = 0; p < Looks; ++p) tables[p] = looks[p].tables, looks[p].found = 0;
  for (std::size_t r = 0; r < count; r += kRowsOfBlock) {
    for (std::size_t i = 0; i < soon.lines; ++i, soon.at += kCacheLine) _mm_prefetch(soon.at, _MM_HINT_T0);
    std::uint64_t found[Looks] = {};
    // Those of rows that are not there yet are not read: somebody may be writing them.
    const std::size_t rows_here = count - r < kRowsOfBlock ? count - r : kRowsOfBlock;
    std::int16_t last[kRowsOfBlock] = {};
    if (rows_here < kRowsOfBlock) __builtin_memcpy(last, scales + r, rows_here * sizeof *last);
    const std::int16_t* const of_block = rows_here < kRowsOfBlock ? last : scales + r;
    alignas(32) std::uint16_t sums[Looks][kRowsOfBlock];
    for (std::size_t half = 0; half < 2; ++half) {
      __m256i even[Looks], odd[Looks];
      sums_of_half<Looks>(blocks + r * bytes + half * 32, bytes, tables, even, odd);
      for (int p = 0; p < Looks; ++p) {
        _mm256_store_si256(reinterpret_cast<__m256i*>(sums[p] + 16 * half), even[p]);
        _mm256_store_si256(reinterpret_cast<__m256i*>(sums[p] + 32 + 16 * half), odd[p]);
        found[p] |= std::uint64_t{found_of(even[p], of_block + 16 * half, looks[p])} << (16 * half) |
                    std::uint64_t{found_of(odd[p], of_block + 32 + 16 * half, looks[p])} << (32 + 16 * half);
      }
    }
    const std::uint64_t here = rows_here == kRowsOfBlock ? ~std::uint64_t{0} : (std::uint64_t{1} << rows_here) - 1;
    for (int p = 0; p < Looks; ++p)
      for (std::uint64_t pass = found[p] & here; pass != 0; pass &= pass - 1) {
        const auto row = static_cast<std::size_t>(__builtin_ctzll(pass));
        looks[p].rows[looks[p].found] = static_cast<std::uint16_t>(r + row);
        looks[p].sums[looks[p].found++] = sums[p][row];
      }
  }
}

void first_look(const std::uint8_t* blocks, std::size_t bytes, const std::int16_t* scales, std::size_t count,
                FirstLook* looks, std::size_t look_count, ReadSoon soon) {
  std::size_t p = 0;
  for (; p + 2 <= look_count; p += 2) {
    first_look_of<2>(blocks, bytes, scales, count, looks + p, soon);
    soon.lines = 0;  // all of them were asked for
  }
  if (p < look_count) first_look_of<1>(blocks, bytes, scales, count, looks + p, soon);
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
      const __m256i levels = sums_of_four(bits, [&](std::size_t plane) {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(planes + plane * words + w));
      });
      const __m256i ones = _mm256_sad_epu8(ones_of_bytes(bits), _mm256_setzero_si256());
      const __m256i most = _mm256_sub_epi64(_mm256_slli_epi64(ones, kProbeBits), ones);
      sum = _mm256_add_epi64(sum, _mm256_sub_epi64(_mm256_slli_epi64(levels, 1), most));
    }
    const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    const auto whole = static_cast<std::int32_t>(_mm_cvtsi128_si64(_mm_add_epi64(two, _mm_unpackhi_epi64(two, two))));
    RestScale scale;
    __builtin_memcpy(&scale, row + words, sizeof scale);
    rows[i].estimate = rows[i].estimate * scale.first + static_cast<float>(whole + offset) * scale.rest;
  }
}

std::size_t may_reach(const std::int32_t* sums, const float* scales, const float* errors, std::size_t count,
                      const ByteProbe& probe, float floor, std::uint32_t* rows) {
  const __m256i zero = _mm256_set1_epi32(probe.zero);
  const __m256 scale = _mm256_set1_ps(probe.scale), error = _mm256_set1_ps(probe.error);
  const __m256 slack = _mm256_set1_ps(probe.slack), one = _mm256_set1_ps(1), limit = _mm256_set1_ps(floor);
  std::size_t found = 0;
  std::size_t r = 0;
  for (; r + 8 <= count; r += 8) {
    const __m256i sum = _mm256_sub_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(sums + r)), zero);
    const __m256 product = _mm256_mul_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(sum), scale), _mm256_loadu_ps(scales + r));
    const __m256 off = _mm256_loadu_ps(errors + r);
    const __m256 more = _mm256_mul_ps(_mm256_add_ps(one, off), error);
    const __m256 most = _mm256_add_ps(_mm256_add_ps(_mm256_add_ps(product, off), more), slack);
    for (int pass = _mm256_movemask_ps(_mm256_cmp_ps(most, limit, _CMP_GE_OQ)); pass != 0; pass &= pass - 1)
      rows[found++] =
          static_cast<std::uint32_t>(r) + static_cast<std::uint32_t>(__builtin_ctz(static_cast<unsigned>(pass)));
  }
  for (; r < count; ++r) {
    const float product = static_cast<float>(sums[r] - probe.zero) * probe.scale * scales[r];
    const float most = product + errors[r] + (1 + errors[r]) * probe.error + probe.slack;
    if (most >= floor) rows[found++] = static_cast<std::uint32_t>(r);
  }
  return found;
}

constexpr Kernels kAvx2{"AVX2", products, byte_products, first_look, add_rest, may_reach};

}  // namespace

const Kernels* avx2_kernels() { return __builtin_cpu_supports("avx2") ? &kAvx2 : nullptr; }

}  // namespace vultus::gallery
// NOLINTEND(modernize-avoid-c-arrays)
#else
namespace vultus::gallery {
const Kernels* avx2_kernels() { return nullptr; }
}  // namespace vultus::gallery
#endif

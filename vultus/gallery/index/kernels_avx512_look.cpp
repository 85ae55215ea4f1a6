// The first look of a search with AVX-512. As kernels_avx512.cpp: nothing but intrinsics, and nothing of the standard
// library but types.
#include <vultus/gallery/index/kernels_avx512.hpp>

#ifdef VULTUS_AVX512
#include <immintrin.h>

// NOLINTBEGIN(modernize-avoid-c-arrays): std::array has inline functions, and they must not be compiled here.

namespace vultus::gallery {
namespace {

/// Rows 0 to 31 of a block, or 32 to 63: those whose sums are high, one behind the other without a branch.
void put_found(__m512i sums, const std::int16_t* scales, __mmask32 here, std::size_t first, FirstLook& look) {
  const __m512i steps = _mm512_set_epi16(31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12,
                                         11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i most =
      _mm512_add_epi16(_mm512_set1_epi16(look.from),
                       _mm512_mulhi_epi16(_mm512_maskz_loadu_epi16(here, scales), _mm512_set1_epi16(look.slope)));
  const __mmask32 pass = _mm512_mask_cmpgt_epi16_mask(here, sums, most);
  const __m512i rows = _mm512_add_epi16(steps, _mm512_set1_epi16(static_cast<short>(first)));
  _mm512_storeu_si512(look.rows + look.found, _mm512_maskz_compress_epi16(pass, rows));
  _mm512_storeu_si512(look.sums + look.found, _mm512_maskz_compress_epi16(pass, sums));
  look.found += static_cast<std::size_t>(__builtin_popcount(pass));
}

// Called, they would have all sums written to memory and read again.
#define VULTUS_INLINE inline __attribute__((always_inline))

/// Sums of some looks at the rows of a block: bytes that are about to be full, and all of them widened.
template <int Looks>
struct LookSums {
  __m512i bytes[Looks];
  __m512i all[Looks], odd[Looks];  // even bytes + 256 * odd bytes, without the carry; odd bytes

  VULTUS_INLINE LookSums() {
#pragma GCC unroll 4
    for (int p = 0; p < Looks; ++p) bytes[p] = all[p] = odd[p] = _mm512_setzero_si512();
  }
  VULTUS_INLINE void widen() {
#pragma GCC unroll 4
    for (int p = 0; p < Looks; ++p) {
      all[p] = _mm512_add_epi16(all[p], bytes[p]);
      odd[p] = _mm512_add_epi16(odd[p], _mm512_srli_epi16(bytes[p], 8));
      bytes[p] = _mm512_setzero_si512();
    }
  }
  [[nodiscard]] VULTUS_INLINE __m512i even(int p) const {
    return _mm512_sub_epi16(all[p], _mm512_slli_epi16(odd[p], 8));
  }
};

/// Looks up six bits of each row in a table of each look. The upper bits of an index do not matter.
template <int Looks>
VULTUS_INLINE void look_up_wide(__m512i index, const std::uint8_t* const (&wide)[Looks], std::size_t table,
                                LookSums<Looks>& sums) {
#pragma GCC unroll 4
  for (int p = 0; p < Looks; ++p) {
    sums.bytes[p] = _mm512_add_epi8(sums.bytes[p],
                                    _mm512_permutexvar_epi8(index, _mm512_loadu_si512(wide[p] + table * kWideEntries)));
    // Added in this order: in that of GCC 12 more sums are under way than there are registers. NOLINTNEXTLINE
    asm("" : "+v"(sums.bytes[p]));
  }
}

/// Three bytes of the codes: four times six bits.
/// @param at     the first of them, of a block
/// @param table  of the first six bits
template <int Looks>
VULTUS_INLINE void look_at_three(const std::uint8_t* at, std::size_t table, const std::uint8_t* const (&wide)[Looks],
                                 LookSums<Looks>& sums) {
  // Bits of one byte below, bits of the next above: where the mask is set those of the first.
  constexpr int kFirstWhereSet = 0xCA;
  const __m512i two = _mm512_set1_epi8(3), four = _mm512_set1_epi8(15);
  const __m512i a = _mm512_loadu_si512(at), b = _mm512_loadu_si512(at + kRowsOfBlock);
  const __m512i c = _mm512_loadu_si512(at + 2 * kRowsOfBlock);
  look_up_wide<Looks>(a, wide, table, sums);
  look_up_wide<Looks>(_mm512_ternarylogic_epi64(two, _mm512_srli_epi16(a, 6), _mm512_slli_epi16(b, 2), kFirstWhereSet),
                      wide, table + 1, sums);
  look_up_wide<Looks>(_mm512_ternarylogic_epi64(four, _mm512_srli_epi16(b, 4), _mm512_slli_epi16(c, 4), kFirstWhereSet),
                      wide, table + 2, sums);
  look_up_wide<Looks>(_mm512_srli_epi16(c, 2), wide, table + 3, sums);
}

/// A byte of the codes that is left over: twice four bits.
template <int Looks>
VULTUS_INLINE void look_at_byte(const std::uint8_t* block, std::size_t byte, const FirstLook* looks,
                                LookSums<Looks>& sums) {
  constexpr std::size_t kTable = kTableCopies * kTableEntries;
  const __m512i low = _mm512_set1_epi8(15);
  const __m512i bits = _mm512_loadu_si512(block + byte * kRowsOfBlock);
  const __m512i one = _mm512_and_si512(bits, low), two = _mm512_and_si512(_mm512_srli_epi16(bits, 4), low);
#pragma GCC unroll 4
  for (int p = 0; p < Looks; ++p) {
    const std::uint8_t* const table = looks[p].tables + byte * 2 * kTable;
    const __m512i first = _mm512_shuffle_epi8(_mm512_loadu_si512(table), one);
    const __m512i second = _mm512_shuffle_epi8(_mm512_loadu_si512(table + kTable), two);
    sums.bytes[p] = _mm512_add_epi8(sums.bytes[p], _mm512_add_epi8(first, second));
  }
}

/// The rows of a block; a load of it serves four probes.
/// @param first  number of its first row, @param count  of rows from there
template <int Looks>
void look_at_block(const std::uint8_t* block, std::size_t bytes, const std::int16_t* scales, std::size_t count,
                   std::size_t first, FirstLook* looks) {
  // Entries of six dimensions are 31 at most: eight of them fit into a byte, or four and those of two bytes.
  constexpr std::size_t kBytesOfGroup = 6;
  const std::uint8_t* wide[Looks];
#pragma GCC unroll 4
  for (int p = 0; p < Looks; ++p) wide[p] = looks[p].wide;
  LookSums<Looks> sums;
  std::size_t b = 0, table = 0;
  for (; b + kBytesOfGroup <= bytes; b += kBytesOfGroup, table += 8) {
    look_at_three<Looks>(block + b * kRowsOfBlock, table, wide, sums);
    look_at_three<Looks>(block + (b + 3) * kRowsOfBlock, table + 4, wide, sums);
    sums.widen();
  }
  if (b + 3 <= bytes) {
    look_at_three<Looks>(block + b * kRowsOfBlock, table, wide, sums);
    b += 3;
  }
  for (; b < bytes; ++b) look_at_byte<Looks>(block, b, looks, sums);
  sums.widen();
  const std::uint64_t here = count >= kRowsOfBlock ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
#pragma GCC unroll 4
  for (int p = 0; p < Looks; ++p) {
    put_found(sums.even(p), scales, static_cast<__mmask32>(here), first, looks[p]);
    put_found(sums.odd[p], scales + 32, static_cast<__mmask32>(here >> 32U), first + 32, looks[p]);
  }
}

template <int Looks>
void first_look_of(const std::uint8_t* blocks, std::size_t bytes, const std::int16_t* scales, std::size_t count,
                   FirstLook* looks, ReadSoon soon) {
  for (int p = 0; p < Looks; ++p) looks[p].found = 0;
  for (std::size_t r = 0; r < count; r += kRowsOfBlock) {
    for (std::size_t i = 0; i < soon.lines; ++i, soon.at += kCacheLine) _mm_prefetch(soon.at, _MM_HINT_T0);
    look_at_block<Looks>(blocks + r * bytes, bytes, scales + r, count - r, r, looks);
  }
}

}  // namespace

void avx512_first_look(const std::uint8_t* blocks, std::size_t bytes, const std::int16_t* scales, std::size_t count,
                       FirstLook* looks, std::size_t look_count, ReadSoon soon) {
  switch (look_count) {
    case 1: return first_look_of<1>(blocks, bytes, scales, count, looks, soon);
    case 2: return first_look_of<2>(blocks, bytes, scales, count, looks, soon);
    case 3: return first_look_of<3>(blocks, bytes, scales, count, looks, soon);
    default: return first_look_of<4>(blocks, bytes, scales, count, looks, soon);
  }
}

}  // namespace vultus::gallery
// NOLINTEND(modernize-avoid-c-arrays)
#endif

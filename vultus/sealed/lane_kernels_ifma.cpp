// Compiled with AVX-512 IFMA and called where the processor has it.
#include <vultus/sealed/lane_kernels.hpp>

#ifdef VULTUS_IFMA
#include <immintrin.h>

namespace vultus::sealed {
namespace {

using Lanes = __m512i;

Lanes low(Lanes sum, Lanes a, Lanes b) { return _mm512_madd52lo_epu64(sum, a, b); }
Lanes high(Lanes sum, Lanes a, Lanes b) { return _mm512_madd52hi_epu64(sum, a, b); }
Lanes load(const std::uint64_t* from) { return _mm512_load_si512(from); }
void store(std::uint64_t* to, Lanes value) { _mm512_store_si512(to, value); }
Lanes mask() { return _mm512_set1_epi64((1LL << kLimbBits) - 1); }

/// Four limbs of a factor.
struct Rows {
  Lanes x0, x1, x2, x3;
};
/// Limbs j-1 to j-4 of the other factor.
struct Before {
  Lanes p1, p2, p3, p4;
};

/// One column: the low halves of x_r y_(j-r) and the high halves of x_r y_(j-1-r).
inline void add_column(std::uint64_t* column, const Rows& x, Lanes y0, Lanes y1, Lanes y2, Lanes y3, Lanes y4) {
  Lanes a = low(load(column), x.x0, y0);
  Lanes b = high(_mm512_setzero_si512(), x.x0, y1);
  a = low(a, x.x1, y1);
  b = high(b, x.x1, y2);
  a = low(a, x.x2, y2);
  b = high(b, x.x2, y3);
  a = low(a, x.x3, y3);
  b = high(b, x.x3, y4);
  store(column, _mm512_add_epi64(a, b));
}

/// columns += (four limbs of x) * y, from column `from` on (a multiple of 4), where `before` are the limbs in front of
/// it. A column takes at most 4 L terms below 2^52 in all: below 2^61 for 80 limbs.
inline void add_rows(std::uint64_t* columns, const Rows& x, const std::uint64_t* y, int limbs, int from,
                     Before before) {
  for (int j = from; j < limbs; j += 4) {
    const Lanes y0 = load(y + j * kLanes);
    const Lanes y1 = load(y + (j + 1) * kLanes);
    const Lanes y2 = load(y + (j + 2) * kLanes);
    const Lanes y3 = load(y + (j + 3) * kLanes);
    add_column(columns + j * kLanes, x, y0, before.p1, before.p2, before.p3, before.p4);
    add_column(columns + (j + 1) * kLanes, x, y1, y0, before.p1, before.p2, before.p3);
    add_column(columns + (j + 2) * kLanes, x, y2, y1, y0, before.p1, before.p2);
    add_column(columns + (j + 3) * kLanes, x, y3, y2, y1, y0, before.p1);
    before = {y3, y2, y1, y0};
  }
  std::uint64_t* const end = columns + limbs * kLanes;
  Lanes a = low(load(end), x.x1, before.p1);
  Lanes b = high(_mm512_setzero_si512(), x.x0, before.p1);
  a = low(low(a, x.x2, before.p2), x.x3, before.p3);
  b = high(high(high(b, x.x1, before.p2), x.x2, before.p3), x.x3, before.p4);
  store(end, _mm512_add_epi64(a, b));
  a = low(low(load(end + kLanes), x.x2, before.p1), x.x3, before.p2);
  b = high(high(high(_mm512_setzero_si512(), x.x1, before.p1), x.x2, before.p2), x.x3, before.p3);
  store(end + kLanes, _mm512_add_epi64(a, b));
  a = low(load(end + 2 * kLanes), x.x3, before.p1);
  b = high(high(_mm512_setzero_si512(), x.x2, before.p1), x.x3, before.p2);
  store(end + 2 * kLanes, _mm512_add_epi64(a, b));
  store(end + 3 * kLanes, high(load(end + 3 * kLanes), x.x3, before.p1));
}

inline Rows rows_of(const std::uint64_t* x, int i) {
  return {load(x + i * kLanes), load(x + (i + 1) * kLanes), load(x + (i + 2) * kLanes), load(x + (i + 3) * kLanes)};
}

inline Before nothing() {
  const Lanes zero = _mm512_setzero_si512();
  return {zero, zero, zero, zero};
}

inline void add_product(std::uint64_t* columns, const std::uint64_t* x, const std::uint64_t* y, int limbs) {
  for (int i = 0; i < limbs; i += 4) add_rows(columns + i * kLanes, rows_of(x, i), y, limbs, 0, nothing());
}

/// Makes the lower L columns 0 by adding m n, and leaves the carry in column L.
/// @param quotient  gets the limbs of m, or null
inline void reduce(const LaneModulus& modulus, std::uint64_t* columns, std::uint64_t* quotient) {
  const Lanes inverse = load(modulus.negative_inverse);
  const Lanes n0 = load(modulus.n);
  const Lanes n1 = load(modulus.n + kLanes);
  const Lanes n2 = load(modulus.n + 2 * kLanes);
  const Lanes n3 = load(modulus.n + 3 * kLanes);
  const Lanes zero = _mm512_setzero_si512();
  Lanes carry = zero;
  for (int i = 0; i < modulus.limbs; i += 4) {
    std::uint64_t* const c = columns + i * kLanes;
    Rows m{};
    Lanes column = _mm512_add_epi64(load(c), carry);
    m.x0 = low(zero, column, inverse);
    carry = _mm512_srli_epi64(low(column, m.x0, n0), kLimbBits);
    column = high(low(_mm512_add_epi64(load(c + kLanes), carry), m.x0, n1), m.x0, n0);
    m.x1 = low(zero, column, inverse);
    carry = _mm512_srli_epi64(low(column, m.x1, n0), kLimbBits);
    column = high(low(_mm512_add_epi64(load(c + 2 * kLanes), carry), m.x0, n2), m.x0, n1);
    column = high(low(column, m.x1, n1), m.x1, n0);
    m.x2 = low(zero, column, inverse);
    carry = _mm512_srli_epi64(low(column, m.x2, n0), kLimbBits);
    column = high(low(_mm512_add_epi64(load(c + 3 * kLanes), carry), m.x0, n3), m.x0, n2);
    column = high(low(column, m.x1, n2), m.x1, n1);
    column = high(low(column, m.x2, n1), m.x2, n0);
    m.x3 = low(zero, column, inverse);
    carry = _mm512_srli_epi64(low(column, m.x3, n0), kLimbBits);
    add_rows(c, m, modulus.n, modulus.limbs, 4, {n3, n2, n1, n0});
    if (quotient != nullptr) {
      std::uint64_t* const q = quotient + i * kLanes;
      store(q, m.x0), store(q + kLanes, m.x1), store(q + 2 * kLanes, m.x2), store(q + 3 * kLanes, m.x3);
    }
  }
  std::uint64_t* const top = columns + modulus.limbs * kLanes;
  store(top, _mm512_add_epi64(load(top), carry));
}

/// The upper L columns as limbs of 52 bits.
inline void carry_over(std::uint64_t* out, const std::uint64_t* columns, int limbs) {
  Lanes carry = _mm512_setzero_si512();
  for (int i = 0; i < limbs; ++i) {
    const Lanes column = _mm512_add_epi64(load(columns + (limbs + i) * kLanes), carry);
    store(out + i * kLanes, _mm512_and_si512(column, mask()));
    carry = _mm512_srli_epi64(column, kLimbBits);
  }
}

inline void clear(std::uint64_t* columns, int from, int to) {
  for (int i = from; i < to; ++i) store(columns + i * kLanes, _mm512_setzero_si512());
}

/// columns += R - 1 - m + correction: -m R^-1 after the reduction.
inline void add_quotient(const LaneModulus& modulus, std::uint64_t* columns, const std::uint64_t* m) {
  for (int i = 0; i < modulus.limbs; ++i) {
    const Lanes negated = _mm512_andnot_si512(load(m + i * kLanes), mask());
    const Lanes term = _mm512_add_epi64(negated, load(modulus.correction + i * kLanes));
    store(columns + i * kLanes, _mm512_add_epi64(load(columns + i * kLanes), term));
  }
}

// The last rows reach three columns beyond 2 L; they add zeros there.
// NOLINTBEGIN(modernize-avoid-c-arrays): the compiler keeps plain arrays in registers where it can
struct alignas(64) Columns {
  std::uint64_t words[(2 * kMaxLimbs + 4) * kLanes];
};
struct alignas(64) Half {
  std::uint64_t words[kMaxLimbs * kLanes];
};
// NOLINTEND(modernize-avoid-c-arrays)

void multiply(const LaneModulus& modulus, std::uint64_t* out, const std::uint64_t* x, const std::uint64_t* y) {
  const int limbs = modulus.limbs;
  Columns first, second;
  Half m;
  clear(first.words, 0, 2 * limbs + 4);
  add_product(first.words, x, y, limbs);
  reduce(modulus, first.words, m.words);
  clear(second.words, 0, 2 * limbs + 4);
  add_product(second.words, x, y + limbs * kLanes, limbs);
  add_product(second.words, y, x + limbs * kLanes, limbs);
  add_quotient(modulus, second.words, m.words);
  reduce(modulus, second.words, nullptr);
  carry_over(out, first.words, limbs);
  carry_over(out + limbs * kLanes, second.words, limbs);
}

void square(const LaneModulus& modulus, std::uint64_t* out, const std::uint64_t* x) {
  const int limbs = modulus.limbs;
  Columns first, second;
  Half m;
  clear(first.words, 0, 2 * limbs + 4);
  add_product(first.words, x, x, limbs);
  reduce(modulus, first.words, m.words);
  clear(second.words, 0, 2 * limbs + 4);
  add_product(second.words, x, x + limbs * kLanes, limbs);
  for (int i = 0; i < 2 * limbs; ++i)  // 2 a b
    store(second.words + i * kLanes, _mm512_slli_epi64(load(second.words + i * kLanes), 1));
  add_quotient(modulus, second.words, m.words);
  reduce(modulus, second.words, nullptr);
  carry_over(out, first.words, limbs);
  carry_over(out + limbs * kLanes, second.words, limbs);
}

void select(const LaneModulus& modulus, std::uint64_t* out, const std::uint64_t* table, std::size_t elements,
            const std::uint64_t* digits) {
  const std::size_t words = static_cast<std::size_t>(2 * modulus.limbs) * kLanes;
  const Lanes wanted = load(digits);
  for (std::size_t i = 0; i < words; i += kLanes) store(out + i, load(table + i));
  for (std::size_t e = 1; e < elements; ++e) {
    const __mmask8 here = _mm512_cmpeq_epi64_mask(wanted, _mm512_set1_epi64(static_cast<long long>(e)));
    const std::uint64_t* const element = table + e * words;
    for (std::size_t i = 0; i < words; i += kLanes) _mm512_mask_store_epi64(out + i, here, load(element + i));
  }
}

constexpr LaneKernels kIfma{.multiply = multiply, .square = square, .select = select};

}  // namespace

const LaneKernels* ifma_kernels() {
  const bool here = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512ifma");
  return here ? &kIfma : nullptr;
}

}  // namespace vultus::sealed

#else

namespace vultus::sealed {
const LaneKernels* ifma_kernels() { return nullptr; }
}  // namespace vultus::sealed

#endif

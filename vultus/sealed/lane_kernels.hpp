// Eight multiplications modulo a square at once, each in a lane of its own. Private to this room.
//
// A number modulo n^2 is x = a + b n with two halves of L limbs of 52 bits. With R = 2^(52 L):
//   a1 a2 = r R - m n,  m = -a1 a2 n^-1 mod R                             (Montgomery's reduction, quotient kept)
//   x1 x2 = r R + (a1 b2 + a2 b1 - m) n  mod n^2
//   x1 x2 R^-1 = r + n ((a1 b2 + a2 b1 - m) R^-1 mod n)  mod n^2
// so one multiplication is three products and two reductions of half the length: 10 L^2 products of limbs where a
// product and a reduction of full length need 16 L^2. Halves stay below 2 n: R is above 16 n, so no last subtraction
// is needed. Neither time nor addresses depend on the numbers.
// @source P. Montgomery, Math. Comp. 44 (1985); Paillier 1999, section 7 (n-adic arithmetic)
#pragma once

#include <cstddef>
#include <cstdint>

namespace vultus::sealed {

inline constexpr int kLanes = 8;
inline constexpr int kLimbBits = 52;
inline constexpr int kMaxLimbs = 80;    ///< of half an element: n of at most 4,150 bits
inline constexpr int kPowerWindow = 4;  ///< bits of an exponent at a time

/// Eight moduli, lane by lane: word [i * kLanes + lane] is limb i of a lane. All arrays are aligned to 64 bytes.
struct LaneModulus {
  int limbs = 0;  ///< L, a multiple of 4, at most kMaxLimbs
  const std::uint64_t* n = nullptr;
  const std::uint64_t* negative_inverse = nullptr;  ///< -n^-1 mod 2^52, kLanes words
  const std::uint64_t* correction = nullptr;        ///< (1 - R) mod n
};

/// Elements are 2 L limbs a lane, a before b: 2 L kLanes words, aligned to 64 bytes.
struct LaneKernels {
  /// out = x y R^-1. Any of them may be the same memory.
  void (*multiply)(const LaneModulus& modulus, std::uint64_t* out, const std::uint64_t* x, const std::uint64_t* y);
  /// out = x^2 R^-1.
  void (*square)(const LaneModulus& modulus, std::uint64_t* out, const std::uint64_t* x);
  /// out = the element number digit[lane] of `table` in each lane; every element is read, whatever the digits are.
  void (*select)(const LaneModulus& modulus, std::uint64_t* out, const std::uint64_t* table, std::size_t elements,
                 const std::uint64_t* digits);
};

/// The kernels of AVX-512 IFMA, or null where the processor or the build has none.
[[nodiscard]] const LaneKernels* ifma_kernels();

}  // namespace vultus::sealed

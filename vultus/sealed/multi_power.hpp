// Products of powers with small exponents: what an encrypted product of vectors is. Private to this room.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/sealed/number.hpp>

namespace vultus::sealed {

/// The order in which a product of powers is computed with the fewest multiplications: bases by falling exponent, and
/// after each step the running product once into the sum product (Pippenger's buckets without their memory):
///   prod_i b_i^(e_i) = prod over j = max..1 of (product of all b_i with e_i >= j).
/// One inverse of the product of those with negative exponents serves them all.
/// @source N. Pippenger, SIAM J. Comput. 9 (1980); D. Bernstein, "Pippenger's exponentiation algorithm" (2002)
struct PowerPlan {
  /// Places of the bases with exponent j at [j - 1], for j = 1 to the largest.
  std::vector<std::vector<std::size_t>> positive, negative;
};
[[nodiscard]] PowerPlan plan_of(std::span<const std::int32_t> exponents);

/// prod bases_i^(exponents_i) mod modulus.
/// @param bases  of the length of `exponents`, in [0, modulus)
/// @error corrupt_data  a base with a negative exponent has no inverse
[[nodiscard]] Result<Number> multi_power(std::span<const Number> bases, std::span<const std::int32_t> exponents,
                                         const Number& modulus);

/// The same with exponents of any size for few bases, four bits of all exponents at a time.
/// @param exponents  not negative
/// @source E. Straus, Amer. Math. Monthly 71 (1964)
[[nodiscard]] Number straus(std::span<const Number> bases, std::span<const Number> exponents, const Number& modulus);

}  // namespace vultus::sealed

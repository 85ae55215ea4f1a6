// Whole numbers of any size on GMP, and chance from the operating system. Private to this room: gmp.h stays in it.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <gmp.h>

#include <vultus/core/result.hpp>

namespace vultus::sealed {

/// A whole number with a sign. What it held is wiped when it goes, for it may be part of a key; temporary numbers
/// inside GMP are not. Thread-compatible.
class Number {
 public:
  Number() { mpz_init(value_); }
  Number(std::int64_t value) { mpz_init_set_si(value_, value); }  // NOLINT(google-explicit-constructor): as int
  explicit Number(const std::string& decimal);
  Number(const Number& other) { mpz_init_set(value_, other.value_); }
  Number(Number&& other) noexcept { mpz_init(value_), mpz_swap(value_, other.value_); }
  Number& operator=(const Number& other) {
    mpz_set(value_, other.value_);
    return *this;
  }
  Number& operator=(Number&& other) noexcept {
    mpz_swap(value_, other.value_);
    return *this;
  }
  ~Number();

  [[nodiscard]] mpz_ptr get() { return value_; }
  [[nodiscard]] mpz_srcptr get() const { return value_; }
  [[nodiscard]] int sign() const { return mpz_sgn(value_); }
  [[nodiscard]] std::size_t bits() const { return sign() == 0 ? 0 : mpz_sizeinbase(value_, 2); }
  [[nodiscard]] std::string decimal() const;

  friend bool operator==(const Number& a, const Number& b) { return mpz_cmp(a.value_, b.value_) == 0; }
  friend auto operator<=>(const Number& a, const Number& b) { return mpz_cmp(a.value_, b.value_) <=> 0; }

 private:
  mpz_t value_;
};

[[nodiscard]] Number operator+(const Number& a, const Number& b);
[[nodiscard]] Number operator-(const Number& a, const Number& b);
[[nodiscard]] Number operator*(const Number& a, const Number& b);
/// The quotient rounded down. @param b  above 0
[[nodiscard]] Number operator/(const Number& a, const Number& b);
/// The remainder in [0, b). @param b  above 0
[[nodiscard]] Number operator%(const Number& a, const Number& b);
/// a^k. @param k  small
[[nodiscard]] Number power(const Number& a, unsigned k);
/// 2^k.
[[nodiscard]] Number power_of_two(std::size_t k);
/// base^exponent mod modulus; a negative exponent inverts, which the caller knows to be possible.
[[nodiscard]] Number power_mod(const Number& base, const Number& exponent, const Number& modulus);
/// The same where time and addresses do not depend on the exponent (GMP's mpz_powm_sec).
/// @param exponent  above 0. @param modulus  odd
[[nodiscard]] Number power_mod_secret(const Number& base, const Number& exponent, const Number& modulus);
[[nodiscard]] Number gcd(const Number& a, const Number& b);
/// @error corrupt_data  there is no inverse
[[nodiscard]] Result<Number> inverse_mod(const Number& a, const Number& modulus);

/// The bytes of a number that is not negative, the highest first, exactly `size` of them.
/// @throw std::logic_error  it does not fit
void put_number(std::span<std::uint8_t> to, const Number& number);
[[nodiscard]] Number number_from(std::span<const std::uint8_t> bytes);

/// Fills bytes from the operating system's generator (libsodium's randombytes: getrandom(2)).
void fill_random(std::span<std::uint8_t> bytes);
/// Every number in [0, limit) equally often. @param limit  above 0
[[nodiscard]] Number random_below(const Number& limit);
/// A unit modulo n, every one equally often.
[[nodiscard]] Number random_unit(const Number& n);
/// A random prime of exactly `bits` bits whose two highest bits are set and whose remainder by 4 is 3.
/// @param bits  [16, 8192]
[[nodiscard]] Number random_prime(std::size_t bits);

}  // namespace vultus::sealed

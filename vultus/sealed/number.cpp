#include <vultus/sealed/number.hpp>

#include <stdexcept>

#include <sodium.h>

namespace vultus::sealed {
namespace {

// Miller-Rabin rounds for primes of keys: an error below 4^-40 (GMP adds a Baillie-PSW test of its own).
constexpr int kPrimeRounds = 40;

void wipe_number(mpz_ptr number) {
  const auto limbs = static_cast<std::size_t>(number->_mp_alloc);
  if (limbs > 0 && number->_mp_d != nullptr) sodium_memzero(number->_mp_d, limbs * sizeof(mp_limb_t));
}

}  // namespace

Number::Number(const std::string& decimal) {
  if (mpz_init_set_str(value_, decimal.c_str(), 10) == 0) return;
  mpz_clear(value_);
  throw std::logic_error("not a decimal number");
}

Number::~Number() {
  wipe_number(value_);
  mpz_clear(value_);
}

std::string Number::decimal() const {
  std::string text(mpz_sizeinbase(value_, 10) + 2, '\0');
  mpz_get_str(text.data(), 10, value_);
  text.resize(text.find('\0'));
  return text;
}

Number operator+(const Number& a, const Number& b) {
  Number sum;
  mpz_add(sum.get(), a.get(), b.get());
  return sum;
}
Number operator-(const Number& a, const Number& b) {
  Number difference;
  mpz_sub(difference.get(), a.get(), b.get());
  return difference;
}
Number operator*(const Number& a, const Number& b) {
  Number product;
  mpz_mul(product.get(), a.get(), b.get());
  return product;
}
Number operator/(const Number& a, const Number& b) {
  Number quotient;
  mpz_fdiv_q(quotient.get(), a.get(), b.get());
  return quotient;
}
Number operator%(const Number& a, const Number& b) {
  Number rest;
  mpz_fdiv_r(rest.get(), a.get(), b.get());
  return rest;
}

Number power(const Number& a, unsigned k) {
  Number result;
  mpz_pow_ui(result.get(), a.get(), k);
  return result;
}
Number power_of_two(std::size_t k) {
  Number result;
  mpz_setbit(result.get(), k);
  return result;
}
Number power_mod(const Number& base, const Number& exponent, const Number& modulus) {
  Number result;
  mpz_powm(result.get(), base.get(), exponent.get(), modulus.get());
  return result;
}
Number power_mod_secret(const Number& base, const Number& exponent, const Number& modulus) {
  Number result;
  mpz_powm_sec(result.get(), base.get(), exponent.get(), modulus.get());
  return result;
}
Number gcd(const Number& a, const Number& b) {
  Number result;
  mpz_gcd(result.get(), a.get(), b.get());
  return result;
}
Result<Number> inverse_mod(const Number& a, const Number& modulus) {
  Number result;
  if (mpz_invert(result.get(), a.get(), modulus.get()) == 0)
    return fail(ErrorCode::corrupt_data, "a number has no inverse modulo the key: it is no ciphertext of it");
  return result;
}

void put_number(std::span<std::uint8_t> to, const Number& number) {
  const std::size_t wanted = (number.bits() + 7) / 8;
  if (wanted > to.size() || number.sign() < 0) throw std::logic_error("a number does not fit into its bytes");
  for (std::uint8_t& byte : to) byte = 0;
  if (wanted > 0) mpz_export(to.data() + (to.size() - wanted), nullptr, 1, 1, 1, 0, number.get());
}

Number number_from(std::span<const std::uint8_t> bytes) {
  Number number;
  if (!bytes.empty()) mpz_import(number.get(), bytes.size(), 1, 1, 1, 0, bytes.data());
  return number;
}

void fill_random(std::span<std::uint8_t> bytes) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be made ready");
  randombytes_buf(bytes.data(), bytes.size());
}

Number random_below(const Number& limit) {
  const std::size_t bits = limit.bits();
  std::vector<std::uint8_t> bytes((bits + 7) / 8);
  // Numbers of as many bits as the limit, until one is below it: two tries on average.
  for (;;) {
    fill_random(bytes);
    bytes.front() = static_cast<std::uint8_t>(bytes.front() & (0xFFU >> (bytes.size() * 8 - bits)));
    Number number = number_from(bytes);
    if (number < limit) {
      sodium_memzero(bytes.data(), bytes.size());
      return number;
    }
  }
}

Number random_unit(const Number& n) {
  for (;;) {
    Number number = random_below(n);
    if (gcd(number, n) == Number(1)) return number;
  }
}

Number random_prime(std::size_t bits) {
  for (;;) {
    Number candidate = random_below(power_of_two(bits));
    for (const std::size_t bit : {bits - 1, bits - 2, std::size_t{1}, std::size_t{0}}) mpz_setbit(candidate.get(), bit);
    if (mpz_probab_prime_p(candidate.get(), kPrimeRounds) != 0) return candidate;
  }
}

}  // namespace vultus::sealed

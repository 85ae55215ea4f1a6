#include <vultus/sealed/scheme.hpp>

#include <sodium.h>

namespace vultus::sealed {
namespace {

Number one() { return {1}; }

/// L of a prime: the quotient of what is 1 modulo it.
Number quotient(const Number& a, const Number& prime) { return (a - one()) / prime; }

std::string sum_of(const PublicParts& key) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, 16);
  const std::string text = std::string(name_of(key.kind.scheme)) + "/" + std::to_string(key.kind.bits) + "/" +
                           std::to_string(key.kind.s) + "/" + key.n.decimal() + "/" + key.g.decimal() + "/" +
                           key.h.decimal() + "/";
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  crypto_generichash_update(&state, key.box.data(), key.box.size());
  std::array<std::uint8_t, 16> sum{};
  crypto_generichash_final(&state, sum.data(), sum.size());
  std::string hex(33, '\0');
  sodium_bin2hex(hex.data(), hex.size(), sum.data(), sum.size());
  hex.pop_back();
  return hex;
}

/// i of (1 + n)^i = a mod p^(s+1), modulo p^s.
/// @source Damgard and Jurik, PKC 2001, section 3, with L of a prime: (1 + n)^i = 1 + i n + ..., and n = p q
Number logarithm(const Number& a, const SecretParts::Half& half, const Number& n, int s) {
  Number i = 0;
  for (int j = 1; j <= s; ++j) {
    const auto jj = static_cast<unsigned>(j);
    const Number p_j = power(half.prime, jj);
    Number t1 = quotient(a % (p_j * half.prime), half.prime) * half.cofactor_inverse % p_j;
    Number t2 = i;
    Number factorial = 1;
    for (int k = 2; k <= j; ++k) {
      i = i - one();
      t2 = t2 * i % p_j;
      factorial = factorial * Number(k);
      // k! is a unit: primes are far above s.
      const Number of_k = *inverse_mod(factorial, p_j);
      t1 = (t1 - t2 * power(n, static_cast<unsigned>(k - 1)) % p_j * of_k) % p_j;
    }
    i = t1;
  }
  return i;
}

Status complete_half(SecretParts::Half& half, const Number& prime, const Number& other, const PublicParts& key) {
  const auto s = static_cast<unsigned>(key.kind.s);
  half.prime = prime;
  half.prime_s = power(prime, s);
  half.modulus = half.prime_s * prime;
  half.exponent = prime - one();
  VULTUS_TRY(half.cofactor_inverse, inverse_mod(other, half.prime_s));
  if (key.kind.scheme == Scheme::okamoto_uchiyama) {
    VULTUS_TRY(half.factor, inverse_mod(quotient(power_mod(key.g, half.exponent, half.modulus), prime), prime));
    return {};
  }
  VULTUS_TRY(half.factor, inverse_mod(half.exponent, half.prime_s));
  return {};
}

}  // namespace

SecretParts::~SecretParts() { sodium_memzero(box.data(), box.size()); }

Status complete(PublicParts& key) {
  const bool ou = key.kind.scheme == Scheme::okamoto_uchiyama;
  const auto bits = static_cast<std::size_t>(key.kind.bits);
  const auto s = static_cast<unsigned>(key.kind.s);
  if (key.n.sign() <= 0 || key.n.bits() != bits || mpz_even_p(key.n.get()) != 0)
    return fail(ErrorCode::corrupt_data, "public key: n has " + std::to_string(key.n.bits()) +
                                             " bits, an odd number of " + std::to_string(bits) + " bits is wanted");
  key.n_s = ou ? Number(0) : power(key.n, s);
  key.modulus = ou ? key.n : key.n_s * key.n;
  // n^s >= 2^(s (bits - 1)) and p >= 2^(ceil(bits / 3) - 1): half of that is what a sign leaves.
  key.usable_bits = ou ? (bits + 2) / 3 - 2 : s * (bits - 1) - 1;
  if (ou) {
    for (const Number* const number : {&key.g, &key.h})
      if (number->sign() <= 0 || *number >= key.n || gcd(*number, key.n) != one())
        return fail(ErrorCode::corrupt_data, "public key: g or h is no unit modulo n");
  }
  if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium cannot be made ready");
  key.id = sum_of(key);
  return {};
}

Status complete(SecretParts& secret, const PublicParts& key) {
  const bool ou = key.kind.scheme == Scheme::okamoto_uchiyama;
  const Number product = ou ? secret.p * secret.p * secret.q : secret.p * secret.q;
  if (secret.p <= one() || secret.q <= one() || product != key.n)
    return fail(ErrorCode::corrupt_data, "secret key: its primes are not those of the public key");
  VULTUS_CHECK(complete_half(secret.of_p, secret.p, secret.q, key));
  if (ou) return {};
  VULTUS_CHECK(complete_half(secret.of_q, secret.q, secret.p, key));
  VULTUS_TRY(secret.q_inverse, inverse_mod(secret.of_q.prime_s, secret.of_p.prime_s));
  return {};
}

Number randomiser(const PublicKey& key, const Number& r) {
  const PublicParts& k = key.parts();
  if (k.kind.scheme == Scheme::okamoto_uchiyama) return power_mod(k.h, r, k.n);
  return power_mod(r, k.n_s, k.modulus);
}

Number bare(const PublicParts& key, const Number& m) {
  if (key.kind.scheme == Scheme::okamoto_uchiyama) {
    // g^m of a negative m is the inverse of g^|m|: g is a unit.
    return power_mod(key.g, m, key.n);
  }
  // (1 + n)^m = sum over k <= s of C(m, k) n^k: with s = 1 no power at all.
  if (key.kind.s == 1) return (one() + m % key.n * key.n) % key.modulus;
  return power_mod(one() + key.n, m % key.n_s, key.modulus);
}

Number encrypt(const PublicKey& key, const Number& m, const Number& r) {
  return bare(key.parts(), m) * randomiser(key, r) % key.parts().modulus;
}
Number encrypt(const PublicKey& key, const Number& m) { return encrypt(key, m, random_unit(key.parts().n)); }

Number rerandomise(const PublicKey& key, const Number& ciphertext) {
  return ciphertext * randomiser(key, random_unit(key.parts().n)) % key.parts().modulus;
}

Number message_of(const SecretKey& key, const Number& of_p, const Number& of_q) {
  const SecretParts& secret = key.parts();
  const PublicParts& open = key.public_key().parts();
  if (open.kind.scheme == Scheme::okamoto_uchiyama) return quotient(of_p, secret.p) * secret.of_p.factor % secret.p;
  const int s = open.kind.s;
  const Number p_part = logarithm(of_p, secret.of_p, open.n, s) * secret.of_p.factor % secret.of_p.prime_s;
  const Number q_part = logarithm(of_q, secret.of_q, open.n, s) * secret.of_q.factor % secret.of_q.prime_s;
  return q_part + secret.of_q.prime_s * ((p_part - q_part) * secret.q_inverse % secret.of_p.prime_s);
}

Number with_sign(const SecretKey& key, const Number& m) {
  const PublicParts& open = key.public_key().parts();
  const Number& space = open.kind.scheme == Scheme::okamoto_uchiyama ? key.parts().p : open.n_s;
  return m + m > space ? m - space : m;
}

Number decrypt_unsigned(const SecretKey& key, const Number& ciphertext) {
  const SecretParts& secret = key.parts();
  const Number of_p = power_mod_secret(ciphertext % secret.of_p.modulus, secret.of_p.exponent, secret.of_p.modulus);
  if (key.public_key().kind().scheme == Scheme::okamoto_uchiyama) return message_of(key, of_p, of_p);
  const Number of_q = power_mod_secret(ciphertext % secret.of_q.modulus, secret.of_q.exponent, secret.of_q.modulus);
  return message_of(key, of_p, of_q);
}

Number decrypt(const SecretKey& key, const Number& ciphertext) {
  return with_sign(key, decrypt_unsigned(key, ciphertext));
}

Status check_ciphertext(const PublicParts& key, const Number& ciphertext) {
  if (ciphertext.sign() <= 0 || ciphertext >= key.modulus)
    return fail(ErrorCode::corrupt_data, "a ciphertext is not in [1, modulus) of its key");
  if (gcd(ciphertext, key.n) != one())
    return fail(ErrorCode::corrupt_data, "a ciphertext shares a factor with its key: it was altered");
  return {};
}

}  // namespace vultus::sealed

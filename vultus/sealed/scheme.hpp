// The three cryptosystems in numbers: what a key is, and what can be done with it. Private to this room.
//
// Paillier is Damgard-Jurik with s = 1, so both are one piece of code:
//   E(m; r) = (1 + n)^m r^(n^s) mod n^(s+1),  m in [0, n^s)
// Okamoto-Uchiyama has n = p^2 q and messages below p:
//   E(m; r) = g^m h^r mod n,  h = g^n
// @source P. Paillier, EUROCRYPT 1999; I. Damgard and M. Jurik, PKC 2001; T. Okamoto and S. Uchiyama, EUROCRYPT 1998
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include <vultus/core/result.hpp>
#include <vultus/sealed/keys.hpp>
#include <vultus/sealed/number.hpp>

namespace vultus::sealed {

/// What everybody may know.
struct PublicParts {
  KeyKind kind;
  Number n;
  Number g, h;                         ///< Okamoto-Uchiyama alone
  Number n_s;                          ///< n^s; of Okamoto-Uchiyama not used
  Number modulus;                      ///< of ciphertexts: n^(s+1) or n
  std::array<std::uint8_t, 32> box{};  ///< X25519 key that names are sealed for
  std::string id;                      ///< 32 hex digits of the BLAKE2b sum of all of that
  /// |m| of every message is below 2^usable_bits, so that positive and negative messages differ.
  std::size_t usable_bits = 0;
};

/// What the key holder alone knows, with what decryption uses again and again.
struct SecretParts {
  Number p, q;
  std::array<std::uint8_t, 32> box{};
  // Made from them. Of Paillier and Damgard-Jurik: the same for both primes.
  struct Half {
    Number prime, prime_s, modulus;  ///< p, p^s, p^(s+1)
    Number exponent;                 ///< p - 1
    Number cofactor_inverse;         ///< q^-1 mod p^s
    Number factor;                   ///< (p - 1)^-1 mod p^s; of Okamoto-Uchiyama L_p(g^(p-1) mod p^2)^-1 mod p
  };
  Half of_p, of_q;
  Number q_inverse;  ///< (q^s)^-1 mod p^s
  SecretParts() = default;
  SecretParts(const SecretParts&) = delete;
  SecretParts& operator=(const SecretParts&) = delete;
  ~SecretParts();
};

/// Fills what follows from kind, n, g, h and box.
/// @error corrupt_data  numbers that cannot be a key of this kind
[[nodiscard]] Status complete(PublicParts& key);
/// Fills what follows from p and q.
/// @error corrupt_data  they are not the primes of `key`
[[nodiscard]] Status complete(SecretParts& secret, const PublicParts& key);

/// n, g, h and box of the primes of a secret: for tests too.
[[nodiscard]] Result<PublicParts> public_parts(const KeyKind& kind, const SecretParts& secret);

/// A factor that hides a message, r^(n^s) mod n^(s+1) or h^r mod n.
/// @param r  a unit modulo n
[[nodiscard]] Number randomiser(const PublicKey& key, const Number& r);
/// The message without chance: (1 + n)^m, or g^m. @param m  any sign
[[nodiscard]] Number bare(const PublicParts& key, const Number& m);
/// E(m; r). @param m  any sign, |m| < 2^usable_bits
[[nodiscard]] Number encrypt(const PublicKey& key, const Number& m, const Number& r);
/// E(m; r) with r from the operating system.
[[nodiscard]] Number encrypt(const PublicKey& key, const Number& m);
/// The message, with its sign: m above half of the message space stands for m less the space.
[[nodiscard]] Number decrypt(const SecretKey& key, const Number& ciphertext);
/// The message in [0, n^s), or [0, p).
[[nodiscard]] Number decrypt_unsigned(const SecretKey& key, const Number& ciphertext);
/// Ciphertext of the same message that nobody can link to this one.
[[nodiscard]] Number rerandomise(const PublicKey& key, const Number& ciphertext);

/// The end of decryption: the messages modulo p^s and q^s from c^(p-1) mod p^(s+1) and c^(q-1) mod q^(s+1), as one.
[[nodiscard]] Number message_of(const SecretKey& key, const Number& of_p, const Number& of_q);
/// The same number with its sign. @param m  in [0, n^s), or [0, p)
[[nodiscard]] Number with_sign(const SecretKey& key, const Number& m);

/// A ciphertext is in [1, modulus) and a unit.
/// @error corrupt_data
[[nodiscard]] Status check_ciphertext(const PublicParts& key, const Number& ciphertext);

}  // namespace vultus::sealed

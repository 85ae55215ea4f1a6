// Keys of encrypted search: everybody may encrypt and compute with a public key, only the key holder reads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::sealed {

struct PublicParts;  // scheme.hpp
struct SecretParts;  // scheme.hpp

/// Which cryptosystem. All three add messages when ciphertexts are multiplied.
enum class Scheme : std::uint8_t {
  paillier = 1,          ///< messages below n, ciphertexts below n^2; the fastest here
  damgard_jurik = 2,     ///< messages below n^s, ciphertexts below n^(s+1)
  okamoto_uchiyama = 3,  ///< n = p^2 q, messages below p, ciphertexts below n
};

/// The name of a scheme as command lines and JSON have it: "paillier", "damgard-jurik", "okamoto-uchiyama".
[[nodiscard]] std::string_view name_of(Scheme scheme) noexcept;
/// The scheme of a name.
/// @error invalid_argument  no such scheme; the message lists them
[[nodiscard]] Result<Scheme> scheme_of(std::string_view name);

/// Scheme and size of a key.
struct KeyKind {
  Scheme scheme = Scheme::paillier;
  /// Of n: a multiple of 128 in [1024, 4096]. 2048 stands for 112 bits of security (NIST SP 800-57: until 2030), 3072
  /// for 128; 1024 stands for 80 and is for measurements only.
  int bits = 2048;
  int s = 1;  ///< of Damgard-Jurik: [1, 7]; 1 for the others
  bool operator==(const KeyKind&) const = default;
};

/// Whether there are such keys.
/// @error invalid_argument  bits or s outside what KeyKind says
[[nodiscard]] Status check(const KeyKind& kind);

/// What encrypts and computes. Immutable; any thread; cheap to copy.
class PublicKey {
 public:
  /// For this room: generate_key() and decode_public_key() make keys.
  explicit PublicKey(std::shared_ptr<const PublicParts> parts) : parts_(std::move(parts)) {}
  [[nodiscard]] const KeyKind& kind() const;
  /// 32 hex digits that no other key has.
  [[nodiscard]] const std::string& id() const;
  /// Bytes of one ciphertext.
  [[nodiscard]] std::size_t ciphertext_bytes() const;
  /// Messages m with |m| < 2^usable_bits can be told apart with their signs.
  [[nodiscard]] std::size_t usable_bits() const;
  [[nodiscard]] const PublicParts& parts() const { return *parts_; }  ///< for this room

 private:
  std::shared_ptr<const PublicParts> parts_;
};

/// What decrypts. Immutable; any thread; cheap to copy. Its numbers are wiped when the last copy goes.
class SecretKey {
 public:
  /// For this room: generate_key() and decode_secret_key() make keys.
  SecretKey(PublicKey key, std::shared_ptr<const SecretParts> parts) : key_(std::move(key)), parts_(std::move(parts)) {}
  [[nodiscard]] const PublicKey& public_key() const { return key_; }
  [[nodiscard]] const SecretParts& parts() const { return *parts_; }  ///< for this room

 private:
  PublicKey key_;
  std::shared_ptr<const SecretParts> parts_;
};

/// A new key from the operating system's random generator: primes of exactly bits/2 bits with their two highest bits
/// set (so that n has exactly `bits`), both 3 modulo 4, gcd(n, (p-1)(q-1)) = 1 and gcd(p-1, q-1) = 2; of
/// Okamoto-Uchiyama primes of a third of the bits, g with g^(p-1) != 1 mod p^2, h = g^n.
/// @error invalid_argument  as check(KeyKind)
/// @cost 0.1 to 3 s for 2048 bits
/// @source Paillier 1999; Damgard, Jurik, Nielsen, IJIS 2010, section 4.2 (the conditions modulo 4, for short
/// exponents)
[[nodiscard]] Result<SecretKey> generate_key(const KeyKind& kind);

/// A name that only the key holder reads (libsodium's sealed box: X25519, XSalsa20-Poly1305), filled up to a multiple
/// of kNameStep bytes, so that its length tells little.
/// @error invalid_argument  above kMaxName bytes, or with the character 0
[[nodiscard]] Result<std::vector<std::uint8_t>> seal_name(const PublicKey& key, std::string_view name);
/// The name of a sealed one.
/// @error corrupt_data  altered, or of another key
[[nodiscard]] Result<std::string> open_name(const SecretKey& key, const std::vector<std::uint8_t>& sealed);

inline constexpr std::size_t kMaxName = 1024;     ///< bytes
inline constexpr std::size_t kNameStep = 64;      ///< bytes
inline constexpr std::size_t kNameOverhead = 48;  ///< bytes that sealing adds

}  // namespace vultus::sealed

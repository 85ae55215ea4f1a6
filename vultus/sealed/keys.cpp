#include <vultus/sealed/keys.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <sodium.h>

#include <vultus/sealed/scheme.hpp>

namespace vultus::sealed {
namespace {

constexpr std::array kSchemeNames{std::pair{Scheme::paillier, std::string_view("paillier")},
                                  std::pair{Scheme::damgard_jurik, std::string_view("damgard-jurik")},
                                  std::pair{Scheme::okamoto_uchiyama, std::string_view("okamoto-uchiyama")}};
constexpr int kMinBits = 1024;
constexpr int kMaxBits = 4096;
constexpr int kBitsStep = 128;
constexpr int kMaxS = 7;

/// Primes of a Paillier or Damgard-Jurik key.
void find_factors(std::size_t bits, SecretParts& secret) {
  for (;;) {
    secret.p = random_prime(bits / 2);
    secret.q = random_prime(bits / 2);
    if (secret.p == secret.q) continue;
    const Number p_1 = secret.p - Number(1);
    const Number q_1 = secret.q - Number(1);
    // The second condition holds for nearly every fourth pair: the price of short exponents (randomisers.hpp).
    if (gcd(secret.p * secret.q, p_1 * q_1) == Number(1) && gcd(p_1, q_1) == Number(2)) return;
  }
}

/// Primes of an Okamoto-Uchiyama key: n = p^2 q has exactly `bits`.
void find_square_factors(std::size_t bits, SecretParts& secret) {
  const std::size_t of_p = (bits + 2) / 3;
  for (;;) {
    secret.p = random_prime(of_p);
    secret.q = random_prime(bits - 2 * of_p);
    const Number n = secret.p * secret.p * secret.q;
    if (secret.p != secret.q && n.bits() == bits && gcd(secret.p, secret.q - Number(1)) == Number(1)) return;
  }
}

Number find_base(const SecretParts& secret, const Number& n) {
  const Number p_2 = secret.p * secret.p;
  for (;;) {
    Number g = random_unit(n);
    if (power_mod(g, secret.p - Number(1), p_2) != Number(1)) return g;
  }
}

}  // namespace

std::string_view name_of(Scheme scheme) noexcept {
  for (const auto& [one, name] : kSchemeNames)
    if (one == scheme) return name;
  return "?";
}

Result<Scheme> scheme_of(std::string_view name) {
  for (const auto& [one, its_name] : kSchemeNames)
    if (its_name == name) return one;
  return fail(ErrorCode::invalid_argument,
              "no scheme '" + std::string(name) + "': paillier, damgard-jurik or okamoto-uchiyama");
}

Status check(const KeyKind& kind) {
  if (kind.bits < kMinBits || kind.bits > kMaxBits || kind.bits % kBitsStep != 0)
    return fail(ErrorCode::invalid_argument,
                "a key of " + std::to_string(kind.bits) + " bits: a multiple of 128 in [1024, 4096] is wanted");
  const int most = kind.scheme == Scheme::damgard_jurik ? kMaxS : 1;
  if (kind.s < 1 || kind.s > most)
    return fail(ErrorCode::invalid_argument, "s = " + std::to_string(kind.s) + " of " +
                                                 std::string(name_of(kind.scheme)) + ": [1, " + std::to_string(most) +
                                                 "] is wanted");
  return {};
}

const KeyKind& PublicKey::kind() const { return parts_->kind; }
const std::string& PublicKey::id() const { return parts_->id; }
std::size_t PublicKey::ciphertext_bytes() const { return (parts_->modulus.bits() + 7) / 8; }
std::size_t PublicKey::usable_bits() const { return parts_->usable_bits; }

Result<PublicParts> public_parts(const KeyKind& kind, const SecretParts& secret) {
  PublicParts open;
  open.kind = kind;
  if (kind.scheme == Scheme::okamoto_uchiyama) {
    open.n = secret.p * secret.p * secret.q;
    open.g = find_base(secret, open.n);
    open.h = power_mod(open.g, open.n, open.n);
  } else {
    open.n = secret.p * secret.q;
  }
  crypto_scalarmult_base(open.box.data(), secret.box.data());
  VULTUS_CHECK(complete(open));
  return open;
}

Result<SecretKey> generate_key(const KeyKind& kind) {
  VULTUS_CHECK(check(kind));
  auto secret = std::make_shared<SecretParts>();
  const auto bits = static_cast<std::size_t>(kind.bits);
  if (kind.scheme == Scheme::okamoto_uchiyama)
    find_square_factors(bits, *secret);
  else
    find_factors(bits, *secret);
  fill_random(secret->box);
  VULTUS_TRY(PublicParts open, public_parts(kind, *secret));
  VULTUS_CHECK(complete(*secret, open));
  return SecretKey(PublicKey(std::make_shared<const PublicParts>(std::move(open))), std::move(secret));
}

Result<std::vector<std::uint8_t>> seal_name(const PublicKey& key, std::string_view name) {
  if (name.size() > kMaxName)
    return fail(ErrorCode::invalid_argument,
                "a name of " + std::to_string(name.size()) + " bytes, the limit is " + std::to_string(kMaxName));
  if (name.find('\0') != std::string_view::npos)
    return fail(ErrorCode::invalid_argument, "a name holds the character 0");
  static_assert(kNameOverhead == crypto_box_SEALBYTES);
  std::string padded(name);
  padded.resize((name.size() + kNameStep) / kNameStep * kNameStep, '\0');
  std::vector<std::uint8_t> sealed(padded.size() + kNameOverhead);
  crypto_box_seal(sealed.data(), reinterpret_cast<const unsigned char*>(padded.data()), padded.size(),
                  key.parts().box.data());
  return sealed;
}

Result<std::string> open_name(const SecretKey& key, const std::vector<std::uint8_t>& sealed) {
  if (sealed.size() < kNameOverhead || sealed.size() > kMaxName + kNameStep + kNameOverhead)
    return fail(ErrorCode::corrupt_data, "a sealed name has " + std::to_string(sealed.size()) + " bytes");
  std::string name(sealed.size() - kNameOverhead, '\0');
  if (crypto_box_seal_open(reinterpret_cast<unsigned char*>(name.data()), sealed.data(), sealed.size(),
                           key.public_key().parts().box.data(), key.parts().box.data()) != 0)
    return fail(ErrorCode::corrupt_data, "a sealed name does not open: it was altered, or is for another key");
  name.resize(std::min(name.find('\0'), name.size()));
  return name;
}

}  // namespace vultus::sealed

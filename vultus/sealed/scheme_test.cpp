// Known answers, and what a homomorphic cryptosystem promises.
#include <memory>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/sealed/multi_power.hpp>
#include <vultus/sealed/scheme.hpp>

namespace vultus::sealed {
namespace {

SecretKey key_of(const KeyKind& kind, std::int64_t p, std::int64_t q) {
  auto secret = std::make_shared<SecretParts>();
  secret->p = p;
  secret->q = q;
  fill_random(secret->box);
  PublicParts open = public_parts(kind, *secret).value();
  EXPECT_TRUE(complete(*secret, open));
  return {PublicKey(std::make_shared<const PublicParts>(std::move(open))), secret};
}

// Known answers with p = 293, q = 433, n = 126869, g = n + 1, which two pow() of Python confirm.
TEST(Paillier, HasTheKnownAnswers) {
  const SecretKey key = key_of({.bits = 17}, 293, 433);
  const PublicKey& open = key.public_key();
  EXPECT_EQ(open.parts().n, Number(126869));
  const Number a = encrypt(open, 521, 9);
  const Number b = encrypt(open, 103, 77);
  EXPECT_EQ(a, Number(4213157384));
  EXPECT_EQ(b, Number(3132821084));
  const Number& square = open.parts().modulus;
  EXPECT_EQ(decrypt(key, a * b % square), Number(624));
  EXPECT_EQ(decrypt(key, power_mod(a, 7, square)), Number(3647));
  EXPECT_EQ(decrypt(key, a), Number(521));
}

TEST(DamgardJurik, ReadsMessagesAboveN) {
  const SecretKey key = key_of({.scheme = Scheme::damgard_jurik, .bits = 17, .s = 2}, 293, 433);
  // A wrong variant with r^n that decodes modulo n returns 5.
  EXPECT_EQ(decrypt_unsigned(key, encrypt(key.public_key(), 126869 + 5)), Number(126869 + 5));
}

TEST(DamgardJurik, ReadsEveryMessageOfASmallSpaceForEveryS) {
  for (int s = 1; s <= 4; ++s) {
    const SecretKey key = key_of({.scheme = Scheme::damgard_jurik, .bits = 10, .s = s}, 23, 31);  // n = 713
    const Number space = key.public_key().parts().n_s;
    EXPECT_EQ(space, power(Number(713), static_cast<unsigned>(s)));
    for (int i = 0; i < 300; ++i) {
      const Number m = i < 3 ? space - Number(i + 1) : random_below(space);
      EXPECT_EQ(decrypt_unsigned(key, encrypt(key.public_key(), m)), m) << "s = " << s;
    }
  }
}

class EveryScheme : public ::testing::TestWithParam<KeyKind> {
 protected:
  static const SecretKey& key() {
    static std::vector<std::pair<KeyKind, SecretKey>> made;
    for (const auto& [kind, one] : made)
      if (kind == GetParam()) return one;
    made.reserve(8);
    return made.emplace_back(GetParam(), generate_key(GetParam()).value()).second;
  }
  [[nodiscard]] static Number message() {
    const Number limit = power_of_two(key().public_key().usable_bits());
    return random_below(limit + limit) - limit;
  }
};

TEST_P(EveryScheme, AddsMultipliesAndHides) {
  const PublicKey& open = key().public_key();
  const Number& modulus = open.parts().modulus;
  const Number limit = power_of_two(open.usable_bits());
  for (int i = 0; i < 6; ++i) {
    const Number m = i == 0 ? limit - Number(1) : i == 1 ? Number(1) - limit : message();
    const Number c = encrypt(open, m);
    EXPECT_EQ(decrypt(key(), c), m);
    EXPECT_TRUE(check_ciphertext(open.parts(), c));
    const Number other = rerandomise(open, c);
    EXPECT_NE(other, c);
    EXPECT_EQ(decrypt(key(), other), m);
    EXPECT_NE(encrypt(open, m), c);
    const Number half = m / Number(2);
    EXPECT_EQ(decrypt(key(), encrypt(open, half) * encrypt(open, m - half) % modulus), m);
    const Number small = random_below(power_of_two(open.usable_bits() - 20)) - power_of_two(open.usable_bits() - 21);
    EXPECT_EQ(decrypt(key(), power_mod(encrypt(open, small), 31337, modulus)), small * Number(31337));
    EXPECT_EQ(decrypt(key(), *inverse_mod(encrypt(open, small), modulus)), Number(0) - small);
  }
}

TEST_P(EveryScheme, AProductOfPowersIsTheProductOfVectors) {
  const PublicKey& open = key().public_key();
  std::vector<Number> ciphertexts;
  std::vector<std::int32_t> exponents;
  Number sum;
  for (int i = 0; i < 40; ++i) {
    const Number m = random_below(power_of_two(300)) - power_of_two(299);
    exponents.push_back(i == 7   ? 0
                        : i == 8 ? 70'000
                                 : static_cast<std::int32_t>(mpz_get_si((random_below(201) - Number(100)).get())));
    ciphertexts.push_back(encrypt(open, m));
    sum = sum + m * Number(exponents.back());
  }
  const Number product = multi_power(ciphertexts, exponents, open.parts().modulus).value();
  EXPECT_EQ(decrypt(key(), product), sum);
}

TEST_P(EveryScheme, RefusesWhatIsNoCiphertext) {
  const PublicParts& open = key().public_key().parts();
  EXPECT_FALSE(check_ciphertext(open, 0));
  EXPECT_FALSE(check_ciphertext(open, open.modulus));
  EXPECT_FALSE(check_ciphertext(open, key().parts().p));
  EXPECT_EQ(check_ciphertext(open, key().parts().q * Number(3)).error().code, ErrorCode::corrupt_data);
}

TEST_P(EveryScheme, HasKeysOfTheRightForm) {
  const PublicParts& open = key().public_key().parts();
  const Number& p = key().parts().p;
  const Number& q = key().parts().q;
  EXPECT_EQ(open.n.bits(), static_cast<std::size_t>(GetParam().bits));
  EXPECT_NE(mpz_probab_prime_p(p.get(), 30), 0);
  EXPECT_NE(mpz_probab_prime_p(q.get(), 30), 0);
  for (const Number* const prime : {&p, &q}) EXPECT_EQ(mpz_tstbit(prime->get(), prime->bits() - 2), 1);
  if (GetParam().scheme == Scheme::okamoto_uchiyama) {
    EXPECT_EQ(open.n, p * p * q);
    EXPECT_NE(power_mod(open.g, p - Number(1), p * p), Number(1));
    EXPECT_EQ(open.h, power_mod(open.g, open.n, open.n));
    EXPECT_LT(power_of_two(open.usable_bits + 1), p);
  } else {
    EXPECT_EQ(open.n, p * q);
    EXPECT_EQ(p.bits(), static_cast<std::size_t>(GetParam().bits) / 2);
    EXPECT_EQ(q.bits(), p.bits());
    EXPECT_EQ(gcd(open.n, (p - Number(1)) * (q - Number(1))), Number(1));
    EXPECT_LT(power_of_two(open.usable_bits + 1), open.n_s);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryScheme,
                         ::testing::Values(KeyKind{.bits = 1024},
                                           KeyKind{.scheme = Scheme::damgard_jurik, .bits = 1024, .s = 1},
                                           KeyKind{.scheme = Scheme::damgard_jurik, .bits = 1024, .s = 2},
                                           KeyKind{.scheme = Scheme::damgard_jurik, .bits = 1024, .s = 3},
                                           KeyKind{.scheme = Scheme::okamoto_uchiyama, .bits = 1024}),
                         [](const auto& with) {
                           std::string name(name_of(with.param.scheme));
                           for (char& c : name)
                             if (c == '-') c = '_';
                           return name + "_" + std::to_string(with.param.s);
                         });

TEST(Straus, EqualsPowersOneByOne) {
  const Number modulus = random_below(power_of_two(500)) * Number(2) + Number(1);
  std::vector<Number> bases, exponents;
  Number expected = 1;
  for (int i = 0; i < 5; ++i) {
    bases.push_back(random_below(modulus));
    exponents.push_back(random_below(power_of_two(60 * static_cast<std::size_t>(i) + 1)));
    expected = expected * power_mod(bases.back(), exponents.back(), modulus) % modulus;
  }
  EXPECT_EQ(straus(bases, exponents, modulus), expected);
}

// The min-max identity of published code: a = (.6, -.8), b = (0, 1), lo = -1, hi = 1 gives a' = (.8, .1), b' = (.5, 1).
// <a', b'> = .5 is not the cosine, -.8; the identity gives it back. Signed numbers need none of it.
TEST(SignedNumbers, NeedNoMinMax) {
  constexpr double kLow = -1, kHigh = 1;
  const double inner = .8 * .5 + .1 * 1;
  EXPECT_DOUBLE_EQ(inner, .5);
  const double range = kHigh - kLow;
  EXPECT_NEAR(range * range * inner + kLow * range * (.9 + 1.5) + 2 * kLow * kLow, -.8, 1e-12);
  const SecretKey key = key_of({.bits = 17}, 293, 433);
  const Number& square = key.public_key().parts().modulus;
  const std::vector<Number> sealed{encrypt(key.public_key(), 6), encrypt(key.public_key(), -8)};
  EXPECT_EQ(decrypt(key, multi_power(sealed, std::vector<std::int32_t>{0, 10}, square).value()), Number(-80));
}

TEST(KeyKinds, OutsideTheirRangesAreRefused) {
  EXPECT_THAT(check({.bits = 512}).error().message, ::testing::HasSubstr("512 bits"));
  EXPECT_FALSE(check({.bits = 2000}));
  EXPECT_FALSE(check({.bits = 8192}));
  EXPECT_THAT(check({.bits = 2048, .s = 2}).error().message, ::testing::HasSubstr("s = 2 of paillier"));
  EXPECT_FALSE(check({.scheme = Scheme::damgard_jurik, .bits = 2048, .s = 8}));
  EXPECT_TRUE(check({.scheme = Scheme::damgard_jurik, .bits = 4096, .s = 7}));
  EXPECT_FALSE(scheme_of("rsa"));
}

TEST(Names, OpenForTheKeyHolderAlone) {
  const SecretKey key = key_of({.bits = 17}, 293, 433);
  const SecretKey other = key_of({.bits = 17}, 293, 433);
  auto sealed = seal_name(key.public_key(), "Ada Lovelace").value();
  EXPECT_EQ(sealed.size(), seal_name(key.public_key(), "Bo").value().size()) << "the length tells the name";
  EXPECT_EQ(open_name(key, sealed).value(), "Ada Lovelace");
  EXPECT_EQ(open_name(key, seal_name(key.public_key(), "").value()).value(), "");
  EXPECT_FALSE(open_name(other, sealed));
  sealed[50] ^= 1U;
  EXPECT_EQ(open_name(key, sealed).error().code, ErrorCode::corrupt_data);
  EXPECT_FALSE(seal_name(key.public_key(), std::string(kMaxName + 1, 'x')));
}

}  // namespace
}  // namespace vultus::sealed

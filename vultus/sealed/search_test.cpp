// Encrypted answers against the same answers in the clear.
#include <cmath>
#include <limits>
#include <stop_token>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/sealed/answer.hpp>
#include <vultus/sealed/scheme.hpp>
#include <vultus/sealed/sealed_probe.hpp>
#include <vultus/sealed/search.hpp>
#include <vultus/sealed/test_faces.hpp>

namespace vultus::sealed {
namespace {

using ::testing::HasSubstr;
constexpr int kDimension = 24;
constexpr Precision kPrecision{.sealed = 1000, .plain = 100};

SealedGallery gallery_of(const PublicKey& key, std::span<const NamedTemplate> rows, const ComputeOptions& with = {}) {
  SealedGallery gallery = make_gallery(key, "planted", kDimension, kPrecision).value();
  Enroller enroller = Enroller::make(key, with).value();
  // In uneven steps, so that packs are filled in several goes.
  for (std::size_t done = 0, step = 1; done < rows.size(); done += step, step = 2 * step + 1) {
    step = std::min(step, rows.size() - done);
    EXPECT_TRUE(enroller.add(gallery, rows.subspan(done, step)));
  }
  return gallery;
}

/// What a search in whole numbers answers.
std::vector<std::int64_t> plain_products(const Layout& layout, std::span<const NamedTemplate> rows,
                                         std::span<const float> probe, bool probe_is_sealed = false) {
  const int of_rows = probe_is_sealed ? layout.precision.plain : layout.precision.sealed;
  const int of_probe = probe_is_sealed ? layout.precision.sealed : layout.precision.plain;
  const auto whole = quantise(probe, of_probe).value();
  std::vector<std::int64_t> products;
  for (const NamedTemplate& row : rows) products.push_back(plain_product(quantise(row.values, of_rows).value(), whole));
  return products;
}

struct Way {
  Scheme scheme;
  int s;
  Instructions instructions;
};
class Search : public ::testing::TestWithParam<Way> {
 protected:
  static const SecretKey& key() { return test_key(GetParam().scheme, GetParam().s); }
  static ComputeOptions with(int threads = 1) { return {.threads = threads, .instructions = GetParam().instructions}; }
};

TEST_P(Search, EqualsTheSearchInTheClearBitForBit) {
  const auto rows = planted(130, kDimension, 1);
  const auto probes = planted(3, kDimension, 2);
  const SealedGallery gallery = gallery_of(key().public_key(), rows, with());
  EXPECT_EQ(gallery.rows(), 130);
  Searcher searcher = Searcher::make(gallery, {.compute = with(2)}).value();
  for (const NamedTemplate& probe : probes) {
    const SealedResult result = searcher.search(probe.values).value();
    const auto expected = plain_products(gallery.layout, rows, probe.values);
    EXPECT_EQ(open_products(key(), result, with(2)).value(), expected);
    EXPECT_EQ(open_products(key(), result, {.instructions = Instructions::gmp}).value(), expected);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      double cosine = 0;
      for (std::size_t d = 0; d < kDimension; ++d) cosine += double{rows[i].values[d]} * probe.values[d];
      // |error| <= sqrt(d)/2 (1/S + 1/T) + d/(4 S T)
      const double limit = std::sqrt(double{kDimension}) / 2 * (1e-3 + 1e-2) + kDimension / 4e5;
      EXPECT_NEAR(gallery.layout.cosine(expected[i]), cosine, limit);
    }
  }
  for (const std::int64_t row : {std::int64_t{0}, std::int64_t{77}, std::int64_t{129}}) {
    const auto result = searcher.compare(probes[0].values, row).value();
    const auto best = open_best(key(), result, 5, with()).value();
    ASSERT_EQ(best.size(), 1U);
    EXPECT_EQ(best[0].product, plain_products(gallery.layout, rows, probes[0].values)[static_cast<std::size_t>(row)]);
    EXPECT_EQ(best[0].name, "row " + std::to_string(row));
    EXPECT_EQ(best[0].row, row);
  }
}

TEST_P(Search, WithASealedProbeEqualsTheSearchInTheClear) {
  const auto rows = planted(70, kDimension, 3);
  const auto probe = planted(1, kDimension, 4).front();
  const SealedProbe sealed = seal_probe(key().public_key(), "planted", probe.values, kPrecision, with()).value();
  for (const std::size_t count : {std::size_t{1}, std::size_t{70}}) {  // one by one, and with a table
    const auto some = std::span(rows).first(count);
    const SealedResult result = search_with(sealed, some, with(2)).value();
    EXPECT_EQ(open_products(key(), result, with()).value(), plain_products(sealed.layout, some, probe.values, true));
    EXPECT_EQ(open_best(key(), result, 1, with()).value().front().name.substr(0, 4), "row ");
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, Search,
                         ::testing::Values(Way{Scheme::paillier, 1, Instructions::best},
                                           Way{Scheme::paillier, 1, Instructions::gmp},
                                           Way{Scheme::damgard_jurik, 2, Instructions::best},
                                           Way{Scheme::okamoto_uchiyama, 1, Instructions::best}),
                         [](const auto& with) {
                           std::string name(name_of(with.param.scheme));
                           for (char& c : name)
                             if (c == '-') c = '_';
                           return name + (with.param.instructions == Instructions::gmp ? "_gmp" : "_best");
                         });

TEST(Searches, RunSideBySide) {
  const auto rows = planted(60, kDimension, 11);
  const auto probes = planted(8, kDimension, 12);
  const SealedGallery gallery = gallery_of(test_key().public_key(), rows);
  Searcher searcher = Searcher::make(gallery).value();
  std::vector<std::vector<std::int64_t>> products(probes.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < probes.size(); ++i)
      threads.emplace_back(
          [&, i] { products[i] = open_products(test_key(), searcher.search(probes[i].values).value()).value(); });
  }
  for (std::size_t i = 0; i < probes.size(); ++i)
    EXPECT_EQ(products[i], plain_products(gallery.layout, rows, probes[i].values));
}

TEST(Searches, AreGivenUpWhereThatIsAsked) {
  const auto rows = planted(60, kDimension, 13);
  const PublicKey& key = test_key().public_key();
  const SealedGallery gallery = gallery_of(key, rows);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(Searcher::make(gallery, {}, stop.get_token()).error().code, ErrorCode::cancelled);
  for (const Instructions with : {Instructions::best, Instructions::gmp}) {
    Searcher searcher = Searcher::make(gallery, {.compute = {.instructions = with}}).value();
    EXPECT_EQ(searcher.search(rows[0].values, stop.get_token()).error().code, ErrorCode::cancelled);
    EXPECT_TRUE(searcher.search(rows[0].values)) << "another one goes on";
    const SealedProbe probe = seal_probe(key, "planted", rows[0].values, kPrecision).value();
    for (const std::size_t count : {std::size_t{1}, rows.size()})
      EXPECT_EQ(search_with(probe, std::span(rows).first(count), {.instructions = with}, stop.get_token()).error().code,
                ErrorCode::cancelled);
  }
}

/// What docs/sealed.md warns of: the searcher cannot see what it multiplies its templates with.
TEST(Searches, GiveTheTemplatesAwayToAProbeThatIsNone) {
  constexpr std::size_t kDigitBits = 9;  // of a value in [-100, 100]
  const auto rows = planted(1, kDimension, 14);
  const PublicKey& key = test_key().public_key();
  SealedProbe probe = seal_probe(key, "planted", planted(1, kDimension, 15).front().values, kPrecision).value();
  const std::size_t bytes = key.ciphertext_bytes();
  for (std::size_t d = 0; d < kDimension; ++d)
    put_number(std::span(probe.ciphertexts).subspan(d * bytes, bytes), encrypt(key, power_of_two(kDigitBits * d)));
  const SealedResult result = search_with(probe, rows).value();
  EXPECT_EQ(open_products(test_key(), result).error().code, ErrorCode::corrupt_data) << "an honest key holder sees it";

  // The message is s + 2^(w K) s for the one row, s = sum_d 2^(9 d) value_d.
  const Number& n = key.parts().n;
  const auto& layout = probe.layout;
  const Number twice =
      Number(1) + power_of_two(static_cast<std::size_t>(layout.slot_bits) * static_cast<std::size_t>(layout.slots));
  Number s = decrypt_unsigned(test_key(), number_from(result.ciphertexts)) * inverse_mod(twice, n).value() % n;
  if (s + s > n) s = s - n;
  std::vector<std::int32_t> found;
  for (std::size_t d = 0; d < kDimension; ++d) {
    const int digit = std::stoi((s % power_of_two(kDigitBits)).decimal());
    found.push_back(digit < (1 << (kDigitBits - 1)) ? digit : digit - (1 << kDigitBits));
    s = (s - Number(found.back())) / power_of_two(kDigitBits);
  }
  EXPECT_EQ(found, quantise(rows[0].values, kPrecision.plain).value());
}

TEST(Answers, AreTheBestRowsInOrder) {
  auto rows = planted(40, kDimension, 5);
  const auto probe = planted(1, kDimension, 6).front();
  rows[7].values = probe.values;
  rows[30].values = probe.values;  // a tie: the lower row comes first
  const SealedGallery gallery = gallery_of(test_key().public_key(), rows);
  Searcher searcher = Searcher::make(gallery).value();
  const auto best = open_best(test_key(), searcher.search(probe.values).value(), 3).value();
  ASSERT_EQ(best.size(), 3U);
  EXPECT_EQ(best[0].name, "row 7");
  EXPECT_EQ(best[1].name, "row 30");
  EXPECT_GT(best[1].product, best[2].product);
  EXPECT_NEAR(best[0].cosine, 1, 0.03);
  EXPECT_EQ(open_best(test_key(), searcher.search(probe.values).value(), 1000).value().size(), 40U);
}

TEST(Answers, HoldAtTheLimitOfTheBound) {
  // Equal vectors of the greatest length that is taken: the product meets the bound as closely as it can.
  const PublicKey& key = test_key().public_key();
  const auto flat = static_cast<float>((1 + kLengthSlack - 1e-6) / std::sqrt(double{kDimension}));
  std::vector<NamedTemplate> rows(60);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].values.assign(kDimension, i % 2 == 0 ? flat : -flat);
  const SealedGallery gallery = gallery_of(key, rows);
  Searcher searcher = Searcher::make(gallery).value();
  const std::vector<float> probe(kDimension, flat);
  EXPECT_EQ(open_products(test_key(), searcher.search(probe).value()).value(),
            plain_products(gallery.layout, rows, probe));
  // A probe in whole numbers may be as long as the bound, and not longer.
  std::vector<std::int32_t> whole(kDimension, 0);
  whole[0] = static_cast<std::int32_t>(std::sqrt(static_cast<double>(gallery.layout.plain_norm_bound)));
  EXPECT_TRUE(open_products(test_key(), searcher.search_whole(whole).value()));
  whole[3] = whole[0];
  EXPECT_THAT(searcher.search_whole(whole).error().message, HasSubstr("value 0 is 102, value 3 is 102"));
}

TEST(Enrolment, HidesEveryCiphertextThatItTouches) {
  const auto rows = planted(3, kDimension, 7);
  SealedGallery gallery = gallery_of(test_key().public_key(), std::span(rows).first(2));
  const auto before = gallery.ciphertexts;
  Enroller enroller = Enroller::make(test_key().public_key()).value();
  const NamedTemplate zero_like{.name = "", .values = std::vector<float>(kDimension, 0.0F)};
  ASSERT_TRUE(enroller.add(gallery, std::span(&zero_like, 1)));
  ASSERT_EQ(gallery.ciphertexts.size(), before.size()) << "the row shares the pack";
  const std::size_t bytes = test_key().public_key().ciphertext_bytes();
  for (std::size_t d = 0; d < kDimension; ++d)
    EXPECT_FALSE(std::equal(before.begin() + static_cast<std::ptrdiff_t>(d * bytes),
                            before.begin() + static_cast<std::ptrdiff_t>((d + 1) * bytes),
                            gallery.ciphertexts.begin() + static_cast<std::ptrdiff_t>(d * bytes)))
        << "an added 0 must not show";
}

TEST(Results, AreHiddenAnewUnlessAskedOtherwise) {
  const auto rows = planted(5, kDimension, 8);
  const SealedGallery gallery = gallery_of(test_key().public_key(), rows);
  Searcher hiding = Searcher::make(gallery).value();
  hiding.prepare(2);
  EXPECT_NE(hiding.search(rows[0].values)->ciphertexts, hiding.search(rows[0].values)->ciphertexts);
  Searcher plain = Searcher::make(gallery, {.hide_probe = false}).value();
  EXPECT_EQ(plain.search(rows[0].values)->ciphertexts, plain.search(rows[0].values)->ciphertexts);
  // Neither threads nor instructions change a bit.
  Searcher by_gmp =
      Searcher::make(gallery, {.compute = {.threads = 2, .instructions = Instructions::gmp}, .hide_probe = false})
          .value();
  EXPECT_EQ(plain.search(rows[0].values)->ciphertexts, by_gmp.search(rows[0].values)->ciphertexts);
  EXPECT_EQ(plain.compare(rows[0].values, 3)->ciphertexts, by_gmp.compare(rows[0].values, 3)->ciphertexts);
}

TEST(BadInput, IsNamed) {
  const SecretKey& key = test_key();
  const auto rows = planted(4, kDimension, 9);
  SealedGallery gallery = gallery_of(key.public_key(), rows);
  Enroller enroller = Enroller::make(key.public_key()).value();
  const auto before = gallery.ciphertexts;
  auto bad = planted(2, kDimension, 10);
  bad[1].values[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(enroller.add(gallery, bad).error().message, HasSubstr("template 2: a template holds a value that is no "
                                                                    "finite number: value 3"));
  bad[1].values[3] = 4;
  EXPECT_THAT(enroller.add(gallery, bad).error().message, HasSubstr("value 3 is 4.0"));
  bad[1].values.pop_back();
  EXPECT_THAT(enroller.add(gallery, bad).error().message, HasSubstr("has 23 values"));
  EXPECT_EQ(gallery.ciphertexts, before);
  EXPECT_EQ(gallery.rows(), 4);
  // Mixed keys.
  const SecretKey other = generate_key({.bits = 1024}).value();
  EXPECT_EQ(Enroller::make(other.public_key())->add(gallery, rows).error().code, ErrorCode::model_mismatch);
  Searcher searcher = Searcher::make(gallery).value();
  const SealedResult result = searcher.search(rows[0].values).value();
  EXPECT_EQ(open_products(other, result).error().code, ErrorCode::model_mismatch);
  EXPECT_THAT(searcher.search(std::vector<float>(3, 0.1F)).error().message, HasSubstr("3 values"));
  EXPECT_EQ(searcher.compare(rows[0].values, 4).error().code, ErrorCode::not_found);
  EXPECT_FALSE(Searcher::make(gallery, {.compute = {.threads = 257}}));
  EXPECT_FALSE(seal_probe(key.public_key(), "m", bad[0].values, {.sealed = 0}));
  const auto probe = seal_probe(key.public_key(), "m", rows[0].values, kPrecision).value();
  EXPECT_FALSE(search_with(probe, {}));
  EXPECT_THAT(search_with(probe, bad).error().message, HasSubstr("template 2 has 23 values"));
}

TEST(Tampering, ShowsInTheCheckSlot) {
  const SecretKey& key = test_key();
  const auto rows = planted(60, kDimension, 11);
  SealedGallery gallery = gallery_of(key.public_key(), rows);
  SealedResult result = Searcher::make(gallery)->search(rows[0].values).value();
  for (const std::size_t byte : {std::size_t{0}, std::size_t{100}, std::size_t{255}}) {
    SealedResult altered = result;
    altered.ciphertexts[byte] ^= 1U;
    EXPECT_EQ(open_products(key, altered).error().code, ErrorCode::corrupt_data) << byte;
  }
  // Ciphertexts of another key under the name of this one.
  SealedResult foreign = result;
  const SecretKey other = generate_key({.bits = 1024}).value();
  foreign.ciphertexts = Searcher::make(gallery_of(other.public_key(), rows))->search(rows[0].values)->ciphertexts;
  EXPECT_EQ(open_products(key, foreign).error().code, ErrorCode::corrupt_data);
  gallery.ciphertexts[1] ^= 4U;
  Searcher searcher = Searcher::make(gallery).value();
  EXPECT_EQ(open_products(key, searcher.search(rows[1].values).value()).error().code, ErrorCode::corrupt_data);
  std::fill_n(gallery.ciphertexts.begin(), key.public_key().ciphertext_bytes(), std::uint8_t{0});
  EXPECT_THAT(Searcher::make(gallery).error().message, HasSubstr("ciphertext 0 is not in [1, modulus)"));
}

}  // namespace
}  // namespace vultus::sealed

// From pictures to verdicts with recognisers whose bands are known: planted truth, and null settings.
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>

#include <gtest/gtest.h>

#include <vultus/audit/frequency_units.hpp>

namespace vultus::audit {
namespace {

constexpr int kSide = 32;
constexpr int kBands = 8;
constexpr std::size_t kValues = std::size_t{kSide} * kSide;
const std::vector<std::string> kGroupNames{"a", "b"};

FrequencyBands test_bands() { return FrequencyBands::make({.side = kSide, .bands = kBands}).value(); }

/// Noise of one band, root mean square 1.
std::vector<double> noise_of_band(std::size_t band, evaluation::Random& random) {
  std::vector<double> values(kValues);
  for (double& value : values) value = random.unit() - .5;
  auto part = test_bands().parts(values).value()[band];
  if (band == 0) {
    const double mean = std::accumulate(part.begin(), part.end(), 0.0) / static_cast<double>(part.size());
    for (double& value : part) value -= mean;
  }
  double square = 0;
  for (const double value : part) square += value * value / static_cast<double>(part.size());
  for (double& value : part) value /= std::sqrt(square);
  return part;
}

Image grey(const std::vector<double>& values) {
  Image image = Image::create(kSide, kSide, PixelFormat::gray8).value();
  for (std::size_t i = 0; i < kValues; ++i)
    image.row(static_cast<int>(i / kSide))[i % kSide] =
        static_cast<std::uint8_t>(std::lround(std::min(255.0, std::max(0.0, values[i]))));
  return image;
}

std::vector<double> values_of(ImageView picture) {
  std::vector<double> values;
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) values.push_back(picture.row(y)[x]);
  return values;
}

/// A constant, so that a picture without structure has a template too, and the values given.
Result<Embedding> template_from(const std::vector<double>& values, double constant) {
  std::vector<float> all{static_cast<float>(constant)};
  for (const double value : values) all.push_back(static_cast<float>(value));
  return Embedding::normalised(ModelId("planted"), std::move(all));
}

/// Sees everything but the mean.
Result<Embedding> sees_all(ImageView picture) {
  auto values = values_of(picture);
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(kValues);
  for (double& value : values) value -= mean;
  return template_from(values, 200);
}

/// Sees one band alone.
TemplateOf sees_band(std::size_t band) {
  return [band](ImageView picture) { return template_from(test_bands().parts(values_of(picture)).value()[band], 200); };
}

/// A person whose face is noise of one band, in two pictures that differ by noise of every band.
std::vector<BandTemplates> person(std::size_t band, evaluation::Random& random, const TemplateOf& recogniser,
                                  double noise = 20) {
  const auto face = noise_of_band(band, random);
  std::vector<BandTemplates> pictures;
  for (int i = 0; i < 2; ++i) {
    std::vector<double> values(kValues);
    for (std::size_t k = 0; k < kValues; ++k) values[k] = 128 + 25 * face[k] + noise * (random.unit() - .5);
    pictures.push_back(band_templates(test_bands(), grey(values).view(), recogniser).value());
  }
  return pictures;
}

/// People of two groups in turn, each group with the band that its faces are in.
struct Crowd {
  std::vector<std::vector<BandTemplates>> people;
  std::vector<std::optional<std::uint32_t>> group_of;

  Crowd(std::size_t count, std::array<std::size_t, 2> bands, std::uint64_t seed) {
    evaluation::Random random(seed);
    for (std::size_t i = 0; i < count; ++i) {
      people.push_back(person(bands[i % 2], random, sees_all));
      group_of.emplace_back(static_cast<std::uint32_t>(i % 2));
    }
  }
  [[nodiscard]] FrequencyAudit audit(FrequencyPairs pairs) const {
    const auto units = frequency_units(people, group_of, pairs, {}).value();
    return audit_frequency(units, kGroupNames, {.bootstrap = {.draws = 100}}).value();
  }
};

TEST(FrequencyUnits, ARecogniserOfOneBandHasImportanceThereAndNowhereElse) {
  evaluation::Random random(5);
  std::vector<std::vector<BandTemplates>> people;
  std::vector<std::optional<std::uint32_t>> group_of;
  for (int i = 0; i < 4; ++i) {
    people.push_back(person(3, random, sees_band(3), 80));
    group_of.emplace_back(0);
  }
  for (const auto pairs : {FrequencyPairs::self, FrequencyPairs::mated, FrequencyPairs::strangers})
    for (const auto masked : {MaskedSide::both, MaskedSide::probe})
      for (const FrequencyUnit& unit : frequency_units(people, group_of, pairs, {.masked = masked}).value())
        for (std::size_t b = 0; b < kBands; ++b) {
          if (b == 3) {
            EXPECT_GT(unit.importance[b], .02);
          } else {
            // Rounding to 8 bits: .29 a pixel, of which band 3 has 9 % of the energy, is 2.7 against a template of
            // length 825: a cosine changes by 2.7 / 825 at most, by twice that where both pictures are rounded.
            EXPECT_LT(unit.importance[b], .0066) << b;
          }
        }
}

TEST(FrequencyUnits, FindThePlantedBandsOfTwoGroups) {
  // Faces of a lie in band 2, those of b in band 5. Strangers in two pictures have next to nothing in common.
  const Crowd crowd(32, {2, 5}, 11);
  for (const auto pairs : {FrequencyPairs::self, FrequencyPairs::mated}) {
    const FrequencyAudit got = crowd.audit(pairs);
    EXPECT_EQ(got.groups[0].most_important, 2U);
    EXPECT_EQ(got.groups[1].most_important, 5U);
    ASSERT_EQ(got.comparisons.size(), 1U);
    const FrequencyComparison& one = got.comparisons.front();
    EXPECT_TRUE(one.differs);
    EXPECT_GT(one.difference[2], .1);
    EXPECT_LT(one.difference[5], -.1);
    for (const std::size_t b : {2U, 5U}) EXPECT_LT(one.band_p[b], .001) << b;
  }
}

TEST(FrequencyUnits, FindTheBandThatMattersForOneGroupAlone) {
  // One recogniser for all; the faces of a have a second pattern, in band 6, that those of b lack.
  evaluation::Random random(2);
  std::vector<std::vector<BandTemplates>> people;
  std::vector<std::optional<std::uint32_t>> group_of;
  for (std::uint32_t i = 0; i < 32; ++i) {
    const auto face = noise_of_band(2, random);
    const auto extra = noise_of_band(6, random);
    std::vector<BandTemplates> pictures;
    for (int k = 0; k < 2; ++k) {
      std::vector<double> values(kValues);
      for (std::size_t j = 0; j < kValues; ++j)
        values[j] = 128 + 20 * face[j] + (i % 2 == 0 ? 12 * extra[j] : 0) + 20 * (random.unit() - .5);
      pictures.push_back(band_templates(test_bands(), grey(values).view(), sees_all).value());
    }
    people.push_back(std::move(pictures));
    group_of.emplace_back(i % 2);
  }
  const auto units = frequency_units(people, group_of, FrequencyPairs::mated, {.directed = true}).value();
  // Scaled: band 2 matters less where there is a band 6 beside it, and that difference is the larger one.
  const FrequencyAudit got =
      audit_frequency(units, kGroupNames, {.statistic = FrequencyStatistic::scaled, .bootstrap = {.draws = 100}})
          .value();
  const FrequencyComparison& one = got.comparisons.front();
  EXPECT_TRUE(one.differs);
  EXPECT_LT(one.band_p[6], .001);
  EXPECT_GT(one.difference[6], 0);
}

TEST(FrequencyUnits, SeeNoDifferenceBetweenGroupsThatWereMadeAlike) {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Crowd crowd(24, {2, 2}, seed);
    found += crowd.audit(FrequencyPairs::mated).comparisons.front().differs ? 1 : 0;
  }
  EXPECT_LE(found, 2) << "a test of level .05 finds more than 2 of 10 nulls once in 87 times";
}

/// Two templates with a given cosine in the plane of the first two axes.
Embedding at_angle(double degrees) {
  const double radians = degrees * std::numbers::pi / 180;
  return Embedding::normalised(ModelId("m"),
                               {static_cast<float>(std::cos(radians)), static_cast<float>(std::sin(radians))})
      .value();
}

BandTemplates one_band(double whole, double without) {
  return {.whole = at_angle(whole), .without = {at_angle(without)}, .energy = {1}, .clipped = {0}};
}

TEST(FrequencyUnits, EqualTheHandValues) {
  // cos 60 = .5 whole; without the band 0 (both masked: 90 against 90 -> 1), so h = |.5 - 1|, directed -.5.
  const std::vector<std::vector<BandTemplates>> people{{one_band(0, 90), one_band(60, 90)}};
  const std::vector<std::optional<std::uint32_t>> group_of{0};
  const auto unit = [&](FrequencyPairs pairs, const FrequencyUnitOptions& options) {
    return frequency_units(people, group_of, pairs, options).value().front();
  };
  EXPECT_NEAR(unit(FrequencyPairs::mated, {}).importance[0], .5, 1e-6);
  EXPECT_NEAR(unit(FrequencyPairs::mated, {}).score, .5, 1e-6);
  EXPECT_NEAR(unit(FrequencyPairs::mated, {.directed = true}).importance[0], -.5, 1e-6);
  // One side: 90 against 60 is cos 30 = .866, h = .366; 90 against 0 is 0, h = .5. Mean .433.
  EXPECT_NEAR(unit(FrequencyPairs::mated, {.masked = MaskedSide::probe}).importance[0], (.8660254 - .5 + .5) / 2, 1e-6);
  // Alone: 0 against 90, and 60 against 90: 1 - 0 and 1 - .866.
  EXPECT_NEAR(unit(FrequencyPairs::self, {}).importance[0], (1 + 1 - .8660254) / 2, 1e-6);
}

TEST(FrequencyUnits, StrangersMeetOnceAndWithinTheirGroup) {
  // Group 0 has five people at 0 degrees, group 1 has four at 90: a pair across groups would have the score 0.
  std::vector<std::vector<BandTemplates>> people;
  std::vector<std::optional<std::uint32_t>> group_of;
  for (int i = 0; i < 9; ++i) {
    people.push_back({one_band(i < 5 ? 0 : 90, i < 5 ? 0 : 90)});
    group_of.emplace_back(i < 5 ? 0 : 1);
  }
  people.push_back({one_band(45, 45)});
  group_of.emplace_back(std::nullopt);
  const auto units = frequency_units(people, group_of, FrequencyPairs::strangers, {}).value();
  ASSERT_EQ(units.size(), 4U) << "two pairs a group, one person is left over";
  for (const FrequencyUnit& unit : units) EXPECT_NEAR(unit.score, 1, 1e-6);
}

TEST(FrequencyUnits, LeaveOutWhoHasTooFewPictures) {
  const std::vector<std::vector<BandTemplates>> people{{one_band(0, 1)}, {}, {one_band(0, 1), one_band(0, 1)}};
  const std::vector<std::optional<std::uint32_t>> group_of{0, 0, 0};
  EXPECT_EQ(frequency_units(people, group_of, FrequencyPairs::mated, {}).value().size(), 1U);
  EXPECT_EQ(frequency_units(people, group_of, FrequencyPairs::self, {}).value().size(), 2U);
  EXPECT_FALSE(frequency_units(people, std::vector<std::optional<std::uint32_t>>(2), FrequencyPairs::self, {}));
}

TEST(BandTemplatesOf, AnErrorOfTheRecogniserIsTheAnswer) {
  const TemplateOf fails = [](ImageView) -> Result<Embedding> { return fail(ErrorCode::internal, "no"); };
  EXPECT_EQ(band_templates(test_bands(), grey(std::vector<double>(kValues, 9.0)).view(), fails).error().message, "no");
}

}  // namespace
}  // namespace vultus::audit

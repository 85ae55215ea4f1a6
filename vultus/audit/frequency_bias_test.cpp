// Groups before a recogniser's bands: hand values, all relabellings counted, null settings.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <vultus/audit/frequency_bias.hpp>

namespace vultus::audit {
namespace {

const std::vector<std::string> kTwoNames{"a", "b"};

FrequencyAudit audit_of(const std::vector<FrequencyUnit>& units, const std::vector<std::string>& names = kTwoNames,
                        FrequencyAuditOptions options = {.bootstrap = {.draws = 200}}) {
  return audit_frequency(units, names, options).value();
}

TEST(Holm, EqualsTheHandValue) {
  // .01 * 3 = .03; .03 * 2 = .06; .04 * 1 = .04, never below the one before it.
  const auto got = holm(std::vector<double>{.01, .04, .03});
  EXPECT_DOUBLE_EQ(got[0], .03);
  EXPECT_DOUBLE_EQ(got[1], .06);
  EXPECT_DOUBLE_EQ(got[2], .06);
  EXPECT_DOUBLE_EQ(holm(std::vector<double>{.9, .8})[1], 1);
}

TEST(AuditFrequency, EqualsTheHandValues) {
  // Twelve units a group; band 0 alike, band 1 differs by exactly .5, band 2 by -.25.
  std::vector<FrequencyUnit> units;
  for (int i = 0; i < 12; ++i) {
    const double alike = i % 2 == 0 ? .1 : .3;
    units.push_back({0, {alike, .75, 0}});
    units.push_back({1, {alike, .25, .25}});
  }
  const FrequencyAudit got = audit_of(units);
  EXPECT_NEAR(got.groups[0].bands[0].value, .2, 1e-12);
  EXPECT_EQ(got.groups[0].units, 12);
  EXPECT_EQ(got.groups[0].most_important, 1U);
  EXPECT_LT(got.groups[0].bands[0].interval->low, .2);
  EXPECT_NEAR(got.groups[0].bands[1].interval->high, .75, 1e-12) << "units that are alike leave no doubt";
  ASSERT_EQ(got.comparisons.size(), 1U);
  const FrequencyComparison& one = got.comparisons.front();
  EXPECT_NEAR(one.statistic, .5, 1e-12);
  EXPECT_EQ(one.band, 1U);
  EXPECT_NEAR(one.difference[2], -.25, 1e-12);
  EXPECT_TRUE(one.differs);
  EXPECT_NEAR(one.p, 1.0 / 2001, 1e-12) << "2 of C(24, 12) = 2,704,156 relabellings reach .5";
  EXPECT_DOUBLE_EQ(one.p, one.p_corrected);
  EXPECT_GT(one.band_p[0], .9) << "a band without a difference is beaten by the largest of any relabelling";
}

TEST(AuditFrequency, TheShareOfAllRelabellingsIsApproached) {
  // 20 units, ten a group: all C(20, 10) = 184,756 relabellings are counted here, one after the other.
  std::vector<double> values(20);
  evaluation::Random random(4);
  std::vector<FrequencyUnit> units;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = random.unit() + (i < 10 ? .15 : 0);
    units.push_back({i < 10 ? 0U : 1U, {values[i]}});
  }
  const auto gap = [&](std::uint32_t first) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += (first >> i & 1U) != 0 ? values[i] : -values[i];
    return std::abs(sum / 10);
  };
  const double observed = gap((1U << 10U) - 1);
  double reached = 0;
  double all = 0;
  for (std::uint32_t first = 0; first < 1U << 20U; ++first) {
    if (std::popcount(first) != 10) continue;
    ++all;
    reached += gap(first) >= observed - 1e-12 ? 1 : 0;
  }
  ASSERT_EQ(all, 184756);
  const double exact = reached / all;
  ASSERT_GT(exact, .02);
  ASSERT_LT(exact, .98);
  const FrequencyAudit got =
      audit_of(units, kTwoNames, {.permutations = 20000, .bootstrap = {.draws = 100, .seed = 7}});
  EXPECT_NEAR(got.comparisons.front().statistic, observed, 1e-12);
  EXPECT_NEAR(got.comparisons.front().p, exact, 4 * std::sqrt(exact * (1 - exact) / 20000));  // 4 standard errors
}

/// People of two groups with 8 bands of noise, some of it shared by all bands of a person.
std::vector<FrequencyUnit> noisy_units(std::uint64_t seed, double planted_in_band_5) {
  evaluation::Random random(seed);
  std::vector<FrequencyUnit> units;
  for (std::uint32_t i = 0; i < 40; ++i) {
    FrequencyUnit unit{i % 2, {}};
    const double shared = random.unit();
    for (std::size_t b = 0; b < 8; ++b)
      unit.importance.push_back(shared + random.unit() + (b == 5 && unit.group == 1 ? planted_in_band_5 : 0));
    units.push_back(std::move(unit));
  }
  return units;
}

TEST(AuditFrequency, WithoutADifferenceEveryPIsEquallyLikely) {
  std::vector<double> p;
  for (std::uint64_t seed = 1; seed <= 200; ++seed)
    p.push_back(
        audit_of(noisy_units(seed, 0), kTwoNames, {.permutations = 199, .bootstrap = {.draws = 100, .seed = seed}})
            .comparisons.front()
            .p);
  std::ranges::sort(p);
  double distance = 0;  // Kolmogorov and Smirnov
  for (std::size_t i = 0; i < p.size(); ++i) {
    const auto n = static_cast<double>(p.size());
    distance = std::max(
        {distance, std::abs(p[i] - static_cast<double>(i) / n), std::abs(p[i] - (static_cast<double>(i) + 1) / n)});
  }
  EXPECT_LT(distance, 1.63 / std::sqrt(200)) << "the 1 % point of the distance";
}

TEST(AuditFrequency, NamesThePlantedBandAndNoOther) {
  const FrequencyAudit got = audit_of(noisy_units(1, .8));
  const FrequencyComparison& one = got.comparisons.front();
  EXPECT_TRUE(one.differs);
  EXPECT_EQ(one.band, 5U);
  EXPECT_LT(one.difference[5], 0) << "the first group less the second";
  for (std::size_t b = 0; b < 8; ++b) EXPECT_EQ(one.band_p[b] <= .05, b == 5) << b;
}

TEST(AuditFrequency, AScaledBandCountsAsMuchAsALoudOne) {
  // Band 5 of the planted crowd a hundred times quieter, beside bands that differ between people and not groups.
  auto units = noisy_units(1, .8);
  for (FrequencyUnit& unit : units) unit.importance[5] /= 100;
  const FrequencyComparison plain = audit_of(units).comparisons.front();
  EXPECT_GT(plain.band_p[5], .9) << "drowned by the scatter of the loud bands";
  const FrequencyComparison scaled =
      audit_of(units, kTwoNames, {.statistic = FrequencyStatistic::scaled, .bootstrap = {.draws = 100}})
          .comparisons.front();
  EXPECT_TRUE(scaled.differs);
  EXPECT_EQ(scaled.band, 5U);
  EXPECT_EQ(scaled.difference, plain.difference) << "differences are told as they come";
}

TEST(AuditFrequency, ScaledEqualsTheHandValue) {
  // Ten units of 1 against ten of 3: mean 2, deviation 1, so the difference of -2 is 2 deviations. Band 1 is flat.
  std::vector<FrequencyUnit> units;
  for (std::uint32_t i = 0; i < 20; ++i) units.push_back({i % 2, {i % 2 == 0 ? 1.0 : 3.0, .7}});
  const auto one = audit_of(units, kTwoNames, {.statistic = FrequencyStatistic::scaled, .bootstrap = {.draws = 100}})
                       .comparisons.front();
  EXPECT_NEAR(one.statistic, 2, 1e-12);
  EXPECT_NEAR(one.difference[0], -2, 1e-12);
  EXPECT_DOUBLE_EQ(one.band_p[1], 1);
}

TEST(AuditFrequency, ASmallGroupIsNotComparedAndNotAlike) {
  auto units = noisy_units(1, 0);
  for (int i = 0; i < 9; ++i) units.push_back({2, std::vector<double>(8, 5.0)});
  units.push_back({7, std::vector<double>(8, 100.0)});  // in no group
  const FrequencyAudit got = audit_of(units, {"a", "b", "small", "nobody"});
  EXPECT_EQ(got.comparisons.size(), 1U);
  EXPECT_FALSE(got.groups[2].measurable);
  EXPECT_EQ(got.groups[2].units, 9);
  EXPECT_FALSE(got.groups[2].bands[0].interval);
  EXPECT_EQ(got.groups[3].units, 0);
  EXPECT_TRUE(got.groups[3].bands.empty());
}

TEST(AuditFrequency, CorrectsForThePairsOfGroups) {
  auto units = noisy_units(1, .8);
  for (std::size_t i = 0; i < 20; ++i) units.push_back({2, units[2 * i].importance});  // as group a
  const FrequencyAudit got = audit_of(units, {"a", "b", "c"});
  ASSERT_EQ(got.comparisons.size(), 3U);
  EXPECT_TRUE(got.comparisons[0].differs);   // a, b
  EXPECT_FALSE(got.comparisons[1].differs);  // a, c
  EXPECT_TRUE(got.comparisons[2].differs);   // b, c
  EXPECT_NEAR(got.comparisons[0].p_corrected, 3.0 / 2001, 1e-9);
  EXPECT_DOUBLE_EQ(got.comparisons[1].p, 1) << "the same values: every relabelling reaches 0";
}

TEST(AuditFrequency, TheSameSeedGivesTheSameAnswer) {
  const auto units = noisy_units(3, .2);
  EXPECT_EQ(audit_of(units).comparisons.front().band_p, audit_of(units).comparisons.front().band_p);
}

TEST(AuditFrequency, RefusesWhatCannotBeCompared) {
  const auto message = [](std::vector<FrequencyUnit> units, const FrequencyAuditOptions& options = {}) {
    return audit_frequency(units, kTwoNames, options).error().message;
  };
  EXPECT_EQ(message({}), "frequency audit: nothing was measured");
  EXPECT_EQ(message({{0, {1, 2}}, {1, {1}}}), "frequency audit: 1 bands and 2 bands");
  EXPECT_EQ(message({{0, {std::numeric_limits<double>::quiet_NaN()}}}),
            "frequency audit: an importance that is not finite");
  EXPECT_EQ(message({{5, {1}}}), "frequency audit: nobody is in a group");
  EXPECT_EQ(message({{0, {1}}}, {.permutations = 1}), "1 permutations: 100 to 1000000");
  EXPECT_EQ(message({{0, {1}}}, {.level = 0}), "level 0: between 0 and 1");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(audit_frequency(noisy_units(1, 0), kTwoNames, {}, stop.get_token()).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace vultus::audit

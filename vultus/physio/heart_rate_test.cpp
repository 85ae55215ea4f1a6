#include <vultus/physio/heart_rate.hpp>

#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

namespace vultus::physio {
namespace {

std::vector<double> sine(double hertz, double rate, double seconds, double amplitude = 1) {
  std::vector<double> values;
  for (int i = 0; i < static_cast<int>(std::lround(rate * seconds)); ++i)
    values.push_back(amplitude * std::sin(2 * std::numbers::pi * hertz * i / rate));
  return values;
}

/// From the root mean square of the middle half, which must hold whole periods.
double amplitude_in_the_middle(const std::vector<double>& values) {
  double squares = 0;
  const std::size_t quarter = values.size() / 4;
  for (std::size_t i = quarter; i < 3 * quarter; ++i) squares += values[i] * values[i];
  return std::sqrt(squares / static_cast<double>(quarter));
}

TEST(HeartRate, OfASineOfOnePointTwoHertzIs72) {
  const auto reading = heart_rate(sine(1.2, 30, 20), 30);
  ASSERT_TRUE(reading && reading->rate);
  EXPECT_NEAR(reading->rate->value(), 72, .1);
  EXPECT_GT(reading->snr.value(), 20);
}

TEST(HeartRate, IsFoundOverTheWholeBand) {
  for (const double bpm : {45.3, 58.0, 101.7, 149.2, 220.4}) {
    const auto reading = heart_rate(sine(bpm / 60, 29.5, 30), 29.5);
    ASSERT_TRUE(reading && reading->rate) << bpm;
    EXPECT_NEAR(reading->rate->value(), bpm, .1);
  }
}

TEST(HeartRate, ItsSnrIsThatOfTwoSinesOfKnownPower) {
  // Amplitudes 1 and .1 on frequencies of whole periods in a segment: powers 100 to 1, 20 dB. A Hann window spreads
  // both alike, within .1 Hz in segments of 40 s: what leaks farther is below a decibel.
  std::vector<double> values = sine(1.2, 30, 40);
  const std::vector<double> other = sine(3.3, 30, 40, .1);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += other[i];
  const auto reading = heart_rate(values, 30, {.band = {}, .segment = Seconds(40)});
  ASSERT_TRUE(reading && reading->rate);
  EXPECT_NEAR(reading->snr.value(), 20, 1);
}

TEST(HeartRate, TheSecondHarmonicIsSignalNotNoise) {
  std::vector<double> values = sine(1.2, 30, 40);
  const std::vector<double> harmonic = sine(2.4, 30, 40, .5);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += harmonic[i];
  const auto reading = heart_rate(values, 30);
  ASSERT_TRUE(reading && reading->rate);
  EXPECT_NEAR(reading->rate->value(), 72, .2);
  EXPECT_GT(reading->snr.value(), 10);
}

TEST(HeartRate, ASignalThatIsShortOrEvenHasNone) {
  const auto brief = heart_rate(sine(1.2, 30, 5), 30);
  ASSERT_TRUE(brief);
  EXPECT_FALSE(brief->rate);
  EXPECT_EQ(brief->reason, "5.0 s are shorter than 8.0 s");
  const auto even = heart_rate(std::vector<double>(600, 3.25), 30);
  ASSERT_TRUE(even);
  EXPECT_FALSE(even->rate);
}

TEST(HeartRate, RefusesWhatIsNoSignal) {
  EXPECT_FALSE(heart_rate(sine(1.2, 6, 20), 6));  // half the rate lies inside the band
  std::vector<double> broken = sine(1.2, 30, 20);
  broken[7] = NAN;
  EXPECT_FALSE(heart_rate(broken, 30));
}

TEST(BandPass, HalvesItsLimitsAndLeavesItsMiddle) {
  const Band band{.5, 8};
  for (const double limit : {band.low, band.high}) {
    const auto filtered = band_pass(sine(limit, 100, 40), 100, band);
    ASSERT_TRUE(filtered);
    EXPECT_NEAR(amplitude_in_the_middle(*filtered), .5, .005) << limit;  // two passes of 1 / sqrt(2)
  }
  const auto middle = band_pass(sine(2, 100, 40), 100, band);
  ASSERT_TRUE(middle);
  // Both filters of second order: 1 / (1 + (.5/2)^4) and 1 / (1 + tan(.02 pi)^4 / tan(.08 pi)^4), both passes.
  const double ratio = std::tan(.02 * std::numbers::pi) / std::tan(.08 * std::numbers::pi);
  const double low = std::tan(.005 * std::numbers::pi) / std::tan(.02 * std::numbers::pi);
  EXPECT_NEAR(amplitude_in_the_middle(*middle), 1 / (1 + std::pow(low, 4)) / (1 + std::pow(ratio, 4)), 1e-3);
}

TEST(BandPass, ShiftsNothingAndTakesDriftAway) {
  std::vector<double> values = sine(1.5, 30, 20);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += 5 + .01 * static_cast<double>(i);
  const auto filtered = band_pass(values, 30);
  ASSERT_TRUE(filtered);
  const std::vector<double> wanted = sine(1.5, 30, 20);
  double product = 0, own = 0, other = 0;
  for (std::size_t i = 60; i < 540; ++i) {
    product += wanted[i] * (*filtered)[i];
    own += wanted[i] * wanted[i];
    other += (*filtered)[i] * (*filtered)[i];
  }
  EXPECT_GT(product / std::sqrt(own * other), .9999);
}

}  // namespace
}  // namespace vultus::physio

#include <vultus/protect/mcadams.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace vultus::protect {
namespace {

constexpr double kRate = 16000;

std::vector<float> tone(double frequency, std::size_t samples) {
  std::vector<float> made;
  for (std::size_t n = 0; n < samples; ++n)
    made.push_back(
        static_cast<float>(.5 * std::sin(2 * std::numbers::pi * frequency * static_cast<double>(n) / kRate)));
  return made;
}

TEST(McAdams, MovesTheAngleOfAPoleAndKeepsItsRadius) {
  const double angle = 2 * std::numbers::pi * 2000 / kRate;
  const auto moved = moved_pole(std::polar(.95, angle), .8);
  EXPECT_NEAR(std::arg(moved), .824275, 1e-6);
  EXPECT_NEAR(std::arg(moved) * kRate / (2 * std::numbers::pi), 2099.00, .005) << "hertz";
  EXPECT_NEAR(std::abs(moved), .95, 1e-12);
  EXPECT_EQ(moved_pole({.5, 0}, .8), (std::complex<double>{.5, 0})) << "real poles stay";
  EXPECT_LT(std::arg(moved_pole(std::polar(.9, 3.1), 1.4)), std::numbers::pi) << "never beyond pi";
}

TEST(McAdams, ChangesThePolynomialOfOnePairAsPublished) {
  const double angle = 2 * std::numbers::pi * 2000 / kRate;
  const std::vector<double> a{-2 * .95 * std::cos(angle), .95 * .95};
  EXPECT_NEAR(a[0], -1.343503, 1e-6);
  const auto moved = moved_poles(a, .8);
  EXPECT_NEAR(moved[0], -1.290270, 1e-6);
  EXPECT_NEAR(moved[1], .9025, 1e-9);
}

TEST(McAdams, PredictionFindsTheProcessThatMadeTheCorrelation) {
  // r of x[n] = 1.3435 x[n-1] - 0.9025 x[n-2] + noise, by the Yule-Walker equations.
  const double a1 = -1.343503, a2 = .9025;
  const double r1 = -a1 / (1 + a2), r2 = -a1 * r1 - a2;
  const auto found = linear_prediction(std::vector<double>{1, r1, r2});
  EXPECT_NEAR(found[0], a1, 1e-12);
  EXPECT_NEAR(found[1], a2, 1e-12);
}

TEST(McAdams, AlphaOneLeavesTheVoiceAsItIs) {
  const auto voice = tone(440, 8000);
  const auto same = mcadams_voice(voice, 16000, {.alpha = 1}).value();
  ASSERT_EQ(same.size(), voice.size());
  for (std::size_t i = 0; i < voice.size(); ++i) ASSERT_NEAR(same[i], voice[i], 1e-6) << i;
}

TEST(McAdams, ChangesAVoiceAndStaysFinite) {
  std::vector<float> voice(16000);
  unsigned state = 1;
  for (std::size_t n = 0; n < voice.size(); ++n) {
    const double pulse = n % 133 == 0 ? 1.0 : 0.0;  // about 120 Hz
    state = state * 1664525U + 1013904223U;
    const double noise = static_cast<double>(state >> 8U) / (1U << 24U) - .5;
    voice[n] = static_cast<float>(.3 * pulse + .01 * noise + (n > 1 ? 1.2 * voice[n - 1] - .8 * voice[n - 2] : 0));
  }
  const auto other = mcadams_voice(voice, 16000, {.alpha = .7}).value();
  double change = 0, energy = 0;
  for (std::size_t i = 0; i < voice.size(); ++i) {
    ASSERT_TRUE(std::isfinite(other[i]));
    change += std::pow(other[i] - voice[i], 2), energy += std::pow(voice[i], 2);
  }
  EXPECT_GT(change, .05 * energy);
}

TEST(McAdams, PiecesOfAnySizeMakeTheVoiceOfTheWhole) {
  std::vector<float> voice = tone(300, 5'003);
  const auto high = tone(2'700, 5'003);
  for (std::size_t i = 0; i < voice.size(); ++i) voice[i] += high[i];
  const auto whole = mcadams_voice(voice, 16000, {.alpha = .8}).value();
  for (const std::size_t piece : {1U, 7U, 160U, 320U, 1'000U, 5'003U}) {
    auto changer = McAdamsVoice::start(16000, {.alpha = .8}).value();
    std::vector<float> made;
    for (std::size_t from = 0; from < voice.size(); from += piece) {
      const auto some = changer.add(std::span(voice).subspan(from, std::min(piece, voice.size() - from))).value();
      made.insert(made.end(), some.begin(), some.end());
      EXPECT_GE(made.size() + 320, std::min(from + piece, voice.size())) << "no more than a frame is held back";
    }
    const auto rest = changer.finish();
    made.insert(made.end(), rest.begin(), rest.end());
    EXPECT_EQ(made, whole) << piece;
  }
  auto changer = McAdamsVoice::start(16000).value();
  EXPECT_FALSE(changer.add(std::vector<float>{NAN}));
  EXPECT_TRUE(changer.finish().empty());
}

TEST(McAdams, TakesSilenceAndRefusesWhatCannotBe) {
  EXPECT_EQ(mcadams_voice(std::vector<float>(500, 0.F), 16000).value(), std::vector<float>(500, 0.F));
  EXPECT_TRUE(mcadams_voice({}, 16000).value().empty());
  EXPECT_FALSE(mcadams_voice(tone(100, 10), 4000));
  EXPECT_FALSE(mcadams_voice(tone(100, 10), 16000, {.alpha = 2}));
  EXPECT_FALSE(mcadams_voice(tone(100, 10), 16000, {.order = 1}));
  EXPECT_FALSE(mcadams_voice(std::vector<float>{NAN}, 16000));
}

}  // namespace
}  // namespace vultus::protect

// Sequences with planted blinks: openness that falls and rises again at known moments, with noise and other frame
// rates.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/expression/blink.hpp>

namespace vultus::expression {
namespace {

/// Open but for blinks that begin at `starts`, each of `length` seconds: a raised cosine down to `depth` of `open`.
struct Planted {
  double open = 0.3, depth = 0.2, length = 0.2, noise = 0;
  std::vector<double> starts;

  [[nodiscard]] double at(double t) const {
    for (const double start : starts)
      if (t >= start && t <= start + length)
        return open * (1 - (1 - depth) * 0.5 * (1 - std::cos(2 * M_PI * (t - start) / length)));
    return open;
  }
  [[nodiscard]] std::vector<EyeClosure> found(double rate, double seconds, BlinkDetector& detector) const {
    std::vector<EyeClosure> all;
    unsigned state = 7;
    for (int i = 0; i < static_cast<int>(seconds * rate); ++i) {
      state = state * 1664525U + 1013904223U;
      const double n = (static_cast<double>(state >> 8U) / 16777216.0 - 0.5) * 2 * noise;
      if (const auto one = detector.add(i / rate, at(i / rate) + n)) all.push_back(*one);
    }
    return all;
  }
};

class AtRate : public ::testing::TestWithParam<double> {};

TEST_P(AtRate, EveryPlantedBlinkIsFoundWhereItLies) {
  const Planted planted{.noise = 0.015, .starts = {2, 4.5, 4.9, 9, 15.3, 20}};
  BlinkDetector detector;
  const auto found = planted.found(GetParam(), 30, detector);
  ASSERT_EQ(found.size(), planted.starts.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i].from, planted.starts[i] + 0.04, 0.1) << i;
    EXPECT_NEAR(found[i].to, planted.starts[i] + 0.16, 0.1) << i;
    EXPECT_FALSE(found[i].kept_shut());
  }
  ASSERT_TRUE(detector.rate());
  EXPECT_NEAR(*detector.rate(), 12, 0.2);  // six in half a minute
}
INSTANTIATE_TEST_SUITE_P(Rates, AtRate, ::testing::Values(24.0, 30.0, 60.0, 120.0));

TEST(Blink, NarrowEyesAreNotShut) {
  const Planted narrow{.open = 0.15, .noise = 0.01};
  BlinkDetector detector;
  EXPECT_TRUE(narrow.found(30, 20, detector).empty());
  EXPECT_EQ(detector.rate(), 0);
}

TEST(Blink, EyesKeptShutAreNoBlink) {
  const Planted asleep{.length = 3, .starts = {5}};
  BlinkDetector detector;
  const auto found = asleep.found(30, 12, detector);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].kept_shut());
  EXPECT_EQ(detector.rate(), 0);
}

TEST(Blink, AHalfHeartedSquintIsNothing) {
  const Planted squint{.depth = 0.75, .length = 1, .starts = {3, 6}};
  BlinkDetector detector;
  EXPECT_TRUE(squint.found(30, 10, detector).empty());
}

TEST(Blink, SaysNothingBeforeItHasSeenEnough) {
  BlinkDetector detector;
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(detector.add(i / 30.0, 0.3));
  EXPECT_FALSE(detector.closure());
  detector.add(4 / 30.0, 0.3);
  ASSERT_TRUE(detector.closure());
  EXPECT_EQ(*detector.closure(), 0);
  EXPECT_FALSE(detector.rate());
}

TEST(Blink, AFaceThatIsLostInABlinkMakesNoEvent) {
  BlinkDetector detector;
  for (int i = 0; i < 60; ++i) detector.add(i / 30.0, 0.3);
  detector.add(2.0, 0.05);
  detector.add(2.03, std::nullopt);
  EXPECT_FALSE(detector.closure());
  for (int i = 62; i < 90; ++i) EXPECT_FALSE(detector.add(i / 30.0, 0.3));
}

/// Values at 25 frames a second, open but where `shut` says so and unseen where `seen` says no.
template <class Shut, class Seen>
std::vector<EyeClosure> watched(BlinkDetector& detector, int frames, Shut shut, Seen seen) {
  std::vector<EyeClosure> all;
  for (int i = 0; i < frames; ++i) {
    const auto aspect = seen(i) ? std::optional(shut(i) ? 0.05 : 0.3) : std::nullopt;
    if (const auto one = detector.add(i / 25.0, aspect)) all.push_back(*one);
  }
  return all;
}

TEST(Blink, AClosureThatBeganOutOfSightIsNoEventUnlessItIsLongByItself) {
  // Open to .96 s, no mesh to 1.60 s, shut at 1.64 and 1.68, open at 1.72.
  const auto unseen = [](int i) { return i < 25 || i > 40; };
  BlinkDetector lost;
  EXPECT_TRUE(watched(
                  lost, 60, [](int i) { return i == 41 || i == 42; }, unseen)
                  .empty());
  BlinkDetector asleep;
  const auto found = watched(
      asleep, 100, [](int i) { return i >= 41 && i < 66; }, unseen);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].kept_shut());
  EXPECT_NEAR(found[0].from, 1.64, 1e-9) << "where it was first seen";
  EXPECT_NEAR(found[0].to, 2.64, 1e-9);
}

TEST(Blink, AClosureDoesNotBeginBeforeACut) {
  BlinkDetector detector;
  for (int i = 0; i < 50; ++i) detector.add(i / 25.0, 0.3);
  detector.forget();
  // Four open values are too few to say so; the fifth is shut.
  for (int i = 50; i < 60; ++i) EXPECT_FALSE(detector.add(i / 25.0, i == 54 || i == 55 ? 0.05 : 0.3)) << i;
  EXPECT_FALSE(detector.add(2.40, 0.05));
  EXPECT_FALSE(detector.add(2.44, 0.05));
  const auto blink = detector.add(2.48, 0.3);
  ASSERT_TRUE(blink) << "one that was seen from its beginning";
  EXPECT_NEAR(blink->from, 2.36, 1e-9);
}

TEST(Blink, ATrackThatWasAwayIsNoClosure) {
  BlinkDetector detector;
  for (int i = 0; i < 50; ++i) detector.add(i / 25.0, 0.3);
  EXPECT_FALSE(detector.add(4.00, 0.05));  // nothing came for two seconds
  EXPECT_FALSE(detector.add(4.04, 0.05));
  EXPECT_FALSE(detector.add(4.08, 0.3));
}

TEST(Blink, WhereValuesComeTooSeldomNothingIsCounted) {
  BlinkDetector detector;  // every tenth frame of 25 a second
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(detector.add(i * 0.4, i % 5 == 4 ? 0.05 : 0.3)) << i;
  EXPECT_TRUE(detector.too_seldom());
  EXPECT_FALSE(detector.rate()) << "not 0";
  EXPECT_TRUE(detector.closure());
  BlinkDetector enough;
  for (int i = 0; i < 100; ++i) enough.add(i * 0.24, 0.3);
  EXPECT_FALSE(enough.too_seldom());
  EXPECT_EQ(enough.rate(), 0);
}

TEST(Blink, TheRateIsOverWhatWasSeen) {
  BlinkDetector detector;
  // Forty seconds, of which twenty without a mesh; two blinks in the other twenty.
  const auto found = watched(
      detector, 1000, [](int i) { return (i >= 100 && i < 104) || (i >= 900 && i < 904); },
      [](int i) { return i < 250 || i >= 750; });
  EXPECT_EQ(found.size(), 2U);
  ASSERT_TRUE(detector.rate());
  EXPECT_NEAR(*detector.rate(), 6, 0.1);
}

}  // namespace
}  // namespace vultus::expression

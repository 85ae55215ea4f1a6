#include <vultus/liveness/track_liveness.hpp>

#include <gtest/gtest.h>

namespace vultus::liveness {
namespace {

Reading frame(double live) {
  return {.live = live, .reason = Reason::live, .threshold = 0.5, .evidence = std::nullopt};
}
Reading unjudged(Reason reason) {
  return {.live = std::nullopt, .reason = reason, .threshold = 0.5, .evidence = std::nullopt};
}
TrackReading of(const std::vector<double>& scores, const Policy& policy = {}, const TrackPolicy& track = {}) {
  TrackLiveness person(policy, track);
  for (const double score : scores) person.add(frame(score));
  return person.so_far();
}

TEST(TrackLiveness, TheMedianDecides) {
  const auto live = of({0.9, 0.95, 0.1, 0.92, 0.91});
  EXPECT_NEAR(*live.reading.live, 0.91, 1e-12);
  EXPECT_EQ(live.reading.decision(), Decision::live);
  EXPECT_DOUBLE_EQ(live.agreement, 0.8);
  EXPECT_EQ(of({0.1, 0.05, 0.2, 0.01, 0.15}).reading.reason, Reason::spoof);
  EXPECT_EQ(of({0.1, 0.05, 0.2, 0.01, 0.15}).reading.decision(), Decision::spoof);
}

TEST(TrackLiveness, FramesThatDisagreeAreNoAnswer) {
  const auto torn = of({0.9, 0.9, 0.9, 0.1, 0.1});
  EXPECT_DOUBLE_EQ(torn.agreement, 0.6);
  EXPECT_EQ(torn.reading.reason, Reason::frames_disagree);
  EXPECT_EQ(torn.reading.decision(), Decision::unknown);
  EXPECT_EQ(of({0.9, 0.9, 0.9, 0.1, 0.1}, {}, {.agreement = 0.6}).reading.reason, Reason::live);
}

TEST(TrackLiveness, NearTheThresholdIsUncertain) {
  EXPECT_EQ(of({0.55, 0.55, 0.55, 0.55, 0.55}).reading.reason, Reason::uncertain);
  EXPECT_EQ(of({0.55, 0.55, 0.55, 0.55, 0.55}, {.margin = 0.1}).reading.reason, Reason::live);
  EXPECT_EQ(of({0.55, 0.55, 0.55, 0.55, 0.55}, {.threshold = 0.8}).reading.reason, Reason::spoof);
}

TEST(TrackLiveness, TooFewFramesAreNoAnswer) {
  EXPECT_EQ(of({0.9, 0.9, 0.9, 0.9}).reading.reason, Reason::too_few_frames);
  EXPECT_FALSE(of({0.9, 0.9, 0.9, 0.9}).reading.live);
  TrackLiveness dark;
  for (int i = 0; i < 9; ++i) dark.add(unjudged(Reason::too_dark));
  EXPECT_EQ(dark.so_far().reading.reason, Reason::too_dark);
  dark.add(frame(0.9));
  EXPECT_EQ(dark.so_far().reading.reason, Reason::too_few_frames);
}

TEST(TrackLiveness, ForgetsWhatLeftTheWindowAndWhatWasBeforeACut) {
  TrackLiveness person({}, {.fewest = 2, .agreement = 0.75, .window = 4});
  for (int i = 0; i < 10; ++i) person.add(frame(0.1));
  EXPECT_EQ(person.so_far().judged, 4U);
  for (int i = 0; i < 4; ++i) person.add(frame(0.9));
  EXPECT_EQ(person.so_far().reading.reason, Reason::live);
  person.forget();
  EXPECT_EQ(person.so_far().judged, 0U);
}

TEST(TrackPolicy, RangesAreChecked) {
  EXPECT_TRUE(check(TrackPolicy{}));
  EXPECT_FALSE(check(TrackPolicy{.fewest = 0}));
  EXPECT_FALSE(check(TrackPolicy{.agreement = 0.4}));
  EXPECT_FALSE(check(TrackPolicy{.fewest = 9, .window = 8}));
}

}  // namespace
}  // namespace vultus::liveness

#include <vultus/core/timeline.hpp>

#include <gtest/gtest.h>

namespace vultus {
namespace {

Timeline with_one_track() {
  Timeline timeline;
  EXPECT_TRUE(timeline.add(Source{.id = SourceId(1), .path = "a.jpg", .width = 10, .height = 10}));
  EXPECT_TRUE(timeline.add(Track{TrackId(7), SourceId(1)}));
  EXPECT_TRUE(timeline.add(Evidence{.id = EvidenceId(1), .producer = "test"}));
  EXPECT_TRUE(timeline.add(Channel{ChannelId("identity.subject"), "name", EvidenceId(1)}));
  return timeline;
}

TEST(Timeline, FindsTheReadingOfATrack) {
  Timeline timeline = with_one_track();
  ASSERT_TRUE(timeline.add(Reading{ChannelId("identity.subject"), TrackId(7), {}, std::string("Ada"), ""}));
  const Reading* found = timeline.reading(ChannelId("identity.subject"), TrackId(7));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(std::get<std::string>(found->value), "Ada");
  EXPECT_EQ(timeline.reading(ChannelId("identity.subject"), TrackId(8)), nullptr);
  EXPECT_EQ(timeline.reading(ChannelId("pulse"), TrackId(7)), nullptr);
}

TEST(Timeline, NeverPointsAtNothing) {
  Timeline timeline = with_one_track();
  EXPECT_FALSE(timeline.add(Track{TrackId(8), SourceId(2)}));
  EXPECT_FALSE(timeline.add(Observation{.track = TrackId(9), .time = {}, .face = {}}));
  EXPECT_FALSE(timeline.add(Reading{ChannelId("pulse"), TrackId(7), {}, 1.0, ""}));
  EXPECT_FALSE(timeline.add(Channel{ChannelId("pulse"), "1/min", EvidenceId(5)}));
  EXPECT_FALSE(timeline.add(Annotation{.channel = ChannelId("identity.subject"), .source = SourceId(3), .track = {}}));
}

TEST(Timeline, RefusesAnIdGivenTwice) {
  Timeline timeline = with_one_track();
  EXPECT_FALSE(timeline.add(Source{.id = SourceId(1), .path = "b.jpg"}));
  EXPECT_FALSE(timeline.add(Track{TrackId(7), SourceId(1)}));
}

TEST(Timeline, RefusesASpanThatEndsBeforeItBegins) {
  Timeline timeline = with_one_track();
  EXPECT_FALSE(timeline.add(
      Annotation{.channel = ChannelId("identity.subject"), .source = SourceId(1), .track = {}, .from = 2, .to = 1}));
}

TEST(Clock, TurnsTicksIntoSeconds) {
  const Clock ntsc{.numerator = 30000, .denominator = 1001, .offset = 0.5};
  EXPECT_NEAR(ntsc.seconds(Timestamp{30000}).value(), 1001.5, 1e-9);
  // 37 ppm over 1,800 s = 66.6 ms
  const Clock slow{.numerator = 1, .denominator = 1, .offset = 0, .drift_ppm = 37};
  EXPECT_NEAR(slow.seconds(Timestamp{1800}).value(), 1800.0666, 1e-9);
}

}  // namespace
}  // namespace vultus

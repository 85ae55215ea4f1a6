#include <vultus/timeline/scan.hpp>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <vultus/timeline/test_timeline.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus {
namespace {

using timeline::testing::Folder;

/// Two clips; in the first somebody is seen in frames 0 and 2 of 0..3, and a second person in 2.
void record(TimelineSink& to) {
  ASSERT_TRUE(to.add(Evidence{.id = EvidenceId(1), .producer = "test"}));
  ASSERT_TRUE(to.add(Channel{ChannelId("a"), "rad", EvidenceId(1)}));
  ASSERT_TRUE(to.add(Channel{ChannelId("b"), "px (x, y)", EvidenceId(1)}));
  ASSERT_TRUE(to.add(Source{.id = SourceId(9), .path = "1.mp4"}));
  const auto see = [&](std::int64_t track, std::int64_t ticks) {
    Observation seen{.track = TrackId(track), .time = {ticks}, .face = {}};
    seen.face.box.x = static_cast<float>(10 * track + ticks);
    ASSERT_TRUE(to.add(seen));
  };
  const auto frame = [&](std::int64_t source, std::int64_t ticks) {
    ASSERT_TRUE(to.add(SourceFrame{.source = SourceId(source), .time = {ticks}, .damaged = ticks == 3, .cut = false}));
  };
  frame(9, 0);
  ASSERT_TRUE(to.add(Track{TrackId(5), SourceId(9)}));
  see(5, 0);
  ASSERT_TRUE(to.add(Reading{ChannelId("b"), TrackId(5), {0}, std::vector<float>{1, 2, 3, 4}, ""}));
  frame(9, 1);
  frame(9, 2);
  ASSERT_TRUE(to.add(Track{TrackId(2), SourceId(9)}));
  see(2, 2);
  ASSERT_TRUE(to.add(Reading{ChannelId("a"), TrackId(2), {2}, {}, "too small"}));
  see(5, 2);
  ASSERT_TRUE(to.add(Reading{ChannelId("a"), TrackId(5), {2}, 0.5, ""}));
  frame(9, 3);
  ASSERT_TRUE(to.add(Annotation{
      .channel = ChannelId("a"), .source = SourceId(9), .track = TrackId(5), .from = 0, .to = 2, .label = "blink"}));
  ASSERT_TRUE(to.add(Source{.id = SourceId(4), .path = "2.mp4"}));
  frame(4, 0);
  ASSERT_TRUE(to.add(Track{TrackId(6), SourceId(4)}));
  see(6, 0);
}

TEST(TimelineScan, GivesEveryMomentOnceInOrderOfTime) {
  const Folder folder;
  {
    auto to = TimelineWriter::open({.path = folder / "t"});
    record(*to);
  }
  auto scan = TimelineScan::open(folder / "t");
  ASSERT_TRUE(scan) << scan.error().message;
  EXPECT_EQ(scan->sources().size(), 2U);
  EXPECT_EQ(scan->tracks().size(), 3U);
  ASSERT_EQ(scan->annotations().size(), 1U);
  EXPECT_EQ(scan->annotations()[0].label, "blink");
  EXPECT_EQ(scan->forms().value(),
            (std::vector<ChannelForm>{{.width = 0, .numbers = true}, {.width = 4, .numbers = false}}));
  std::vector<Moment> moments;
  for (Moment moment; scan->next(moment).value();) moments.push_back(moment);
  ASSERT_EQ(moments.size(), 5U);
  EXPECT_EQ(moments[0].tracks.size(), 1U);
  EXPECT_EQ(std::get<std::vector<float>>(moments[0].tracks[0].readings.at(0).value), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_TRUE(moments[1].tracks.empty()) << "a frame without a face";
  ASSERT_TRUE(moments[1].frame);
  EXPECT_EQ(moments[2].time.ticks, 2);
  ASSERT_EQ(moments[2].tracks.size(), 2U);
  EXPECT_EQ(moments[2].tracks[0].track, 0U) << "track 5 came first";
  EXPECT_EQ(moments[2].tracks[0].face->box.x, 52);
  EXPECT_EQ(moments[2].tracks[1].face->box.x, 22);
  EXPECT_EQ(moments[2].tracks[1].readings.at(0).reason, "too small");
  EXPECT_TRUE(moments[3].frame->damaged);
  EXPECT_EQ(moments[4].source, 1U);
}

TEST(TimelineScan, RefusesRowsOutOfOrderOfTime) {
  const Folder folder;
  {
    auto to = TimelineWriter::open({.path = folder / "t"});
    record(*to);
    ASSERT_TRUE(to->add(Reading{ChannelId("a"), TrackId(6), {5}, 0.5, ""}));
    ASSERT_TRUE(to->add(Reading{ChannelId("a"), TrackId(6), {4}, 0.5, ""}));
  }
  auto scan = TimelineScan::open(folder / "t");
  ASSERT_TRUE(scan);
  Moment moment;
  Result<bool> more = true;
  while (more && *more) more = scan->next(moment);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, ErrorCode::unsupported);
}

TEST(TimelineScan, RefusesMoreValuesThanAWriterTakes) {
  const Folder folder;
  {
    auto to = TimelineWriter::open({.path = folder / "t"});
    record(*to);
  }
  sqlite3* file = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "t").c_str(), &file), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(file, "UPDATE readings SET value=zeroblob(400004) WHERE n=1", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(file);
  auto scan = TimelineScan::open(folder / "t");
  ASSERT_TRUE(scan);
  EXPECT_EQ(scan->forms().error().code, ErrorCode::corrupt_data);
  Moment moment;
  EXPECT_EQ(scan->next(moment).error().code, ErrorCode::corrupt_data);
}

TEST(TimelineScan, OfAMissingFileIsAnError) {
  EXPECT_EQ(TimelineScan::open("/no/such/file").error().code, ErrorCode::not_found);
}

TEST(ElementNames, ComeFromTheUnitElseFromTheNumberOfPoints) {
  using Names = std::vector<std::string>;
  const auto names = [](const char* id, const char* unit, std::size_t count) {
    return element_names(Channel{ChannelId(id), unit, EvidenceId(1)}, count);
  };
  EXPECT_EQ(names("mood", "probability (glad, sad)", 2), (Names{"glad", "sad"}));
  EXPECT_EQ(names("eye", "px (x, y)", 4), (Names{"0.x", "0.y", "1.x", "1.y"}));
  EXPECT_EQ(names("eye", "px (x, y)", 3), (Names{"0", "1", "2"})) << "no whole points";
  EXPECT_EQ(names("landmarks.2", "px", 4), (Names{"0.x", "0.y", "1.x", "1.y"}));
  EXPECT_EQ(names("landmarks3d.1", "mm", 3), (Names{"0.x", "0.y", "0.z"}));
  EXPECT_EQ(names("landmarks.2", "px", 5), (Names{"0", "1", "2", "3", "4"}));
  EXPECT_EQ(names("odd", "px ()", 1), (Names{"0"}));
  EXPECT_EQ(names("odd", "px (,)", 1), (Names{"0"}));
}

}  // namespace
}  // namespace vultus

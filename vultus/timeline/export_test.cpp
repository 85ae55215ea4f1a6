#include <vultus/timeline/export.hpp>

#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <vultus/timeline/test_timeline.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus {
namespace {

Timeline small() {
  Timeline t;
  EXPECT_TRUE(t.add(Source{.id = SourceId(1), .path = "a, \"b\".mp4", .clock = {.numerator = 25}}));
  EXPECT_TRUE(t.add(Evidence{.id = EvidenceId(1), .producer = "test", .data = DataKind::planted}));
  EXPECT_TRUE(t.add(Channel{ChannelId("identity.subject"), "name", EvidenceId(1)}));
  EXPECT_TRUE(t.add(Channel{ChannelId("identity.similarity"), "cosine", EvidenceId(1)}));
  EXPECT_TRUE(t.add(Track{TrackId(3), SourceId(1)}));
  Observation seen{.track = TrackId(3), .time = {50}, .face = {}};
  seen.face.box = {1.5F, 2, 30, 40};
  seen.face.detection = Score(0.75F);
  EXPECT_TRUE(t.add(seen));
  EXPECT_TRUE(t.add(Reading{ChannelId("identity.similarity"), TrackId(3), {50}, 0.1, ""}));
  EXPECT_TRUE(t.add(Reading{ChannelId("identity.subject"), TrackId(3), {50}, std::string("Ada"), ""}));
  EXPECT_TRUE(t.add(Reading{ChannelId("identity.subject"), TrackId(3), {75}, {}, "face too small"}));
  EXPECT_TRUE(t.add(Annotation{
      .channel = ChannelId("identity.subject"), .source = SourceId(1), .track = {}, .from = 1, .to = 2, .label = "x"}));
  return t;
}

TEST(Csv, HasARowPerMomentAndAColumnPerChannel) {
  std::ostringstream out;
  ASSERT_TRUE(write_csv(small(), out));
  EXPECT_EQ(out.str(),
            "source,track,seconds,x,y,width,height,detection,identity.subject,identity.similarity\r\n"
            "\"a, \"\"b\"\".mp4\",3,2,1.5,2,30,40,0.75,Ada,0.1\r\n"  // 50 ticks of 1/25 s
            "\"a, \"\"b\"\".mp4\",3,3,,,,,,,\r\n");
}

/// Two people, values in a row of known and of unknown names, frames without faces.
Timeline with_points() {
  Timeline t;
  EXPECT_TRUE(t.add(Source{.id = SourceId(1), .path = "a.mp4", .width = 8, .height = 8, .clock = {25, 1}}));
  EXPECT_TRUE(t.add(Evidence{.id = EvidenceId(1), .producer = "test"}));
  EXPECT_TRUE(t.add(Channel{ChannelId("landmarks.2"), "px", EvidenceId(1)}));
  EXPECT_TRUE(t.add(Channel{ChannelId("mood"), "probability (glad, sad)", EvidenceId(1)}));
  EXPECT_TRUE(t.add(Channel{ChannelId("code"), "1", EvidenceId(1)}));
  for (const std::int64_t i : {0, 1, 2}) EXPECT_TRUE(t.add(SourceFrame{.source = SourceId(1), .time = {i}}));
  EXPECT_TRUE(t.add(Track{TrackId(7), SourceId(1)}));
  EXPECT_TRUE(t.add(Track{TrackId(3), SourceId(1)}));
  EXPECT_TRUE(t.add(Reading{ChannelId("landmarks.2"), TrackId(7), {0}, std::vector<float>{1, 2, 3, 4.5F}, ""}));
  EXPECT_TRUE(t.add(Reading{ChannelId("mood"), TrackId(3), {0}, std::vector<float>{0.75F, 0.25F}, ""}));
  EXPECT_TRUE(t.add(Reading{ChannelId("code"), TrackId(7), {2}, std::vector<float>{9}, ""}));
  EXPECT_TRUE(t.add(Reading{ChannelId("code"), TrackId(3), {2}, std::vector<float>{8, 0.1F}, ""}));
  return t;
}

TEST(Csv, GivesValuesInARowAColumnEach) {
  constexpr const char* kWanted =
      "source,track,seconds,x,y,width,height,detection,"
      "landmarks.2.0.x,landmarks.2.0.y,landmarks.2.1.x,landmarks.2.1.y,mood.glad,mood.sad,code.0,code.1\r\n"
      "a.mp4,7,0,,,,,,1,2,3,4.5,,,,\r\n"
      "a.mp4,3,0,,,,,,,,,,0.75,0.25,,\r\n"
      "a.mp4,7,0.08,,,,,,,,,,,,9,\r\n"
      "a.mp4,3,0.08,,,,,,,,,,,,8,0.1\r\n";
  std::ostringstream out;
  ASSERT_TRUE(write_csv(with_points(), out));
  EXPECT_EQ(out.str(), kWanted);
  const timeline::testing::Folder folder;
  {
    auto to = TimelineWriter::open({.path = folder / "t"});
    ASSERT_TRUE(timeline::testing::replay(with_points(), *to));
  }
  std::ostringstream of_file;
  ASSERT_TRUE(write_csv(folder / "t", of_file));
  EXPECT_EQ(of_file.str(), kWanted) << "a file is exported as the Timeline in memory is";
}

TEST(JsonLines, OfAFileAreThoseOfTheTimeline) {
  const timeline::testing::Folder folder;
  const Timeline made = timeline::testing::RandomTimeline(4).make();
  {
    auto to = TimelineWriter::open({.path = folder / "t"});
    ASSERT_TRUE(timeline::testing::replay(made, *to));
  }
  std::ostringstream in_memory, of_file;
  ASSERT_TRUE(write_json_lines(made, in_memory));
  ASSERT_TRUE(write_json_lines(folder / "t", of_file));
  EXPECT_TRUE(in_memory.str() == of_file.str());
  EXPECT_EQ(write_json_lines(folder / "missing", of_file).error().code, ErrorCode::not_found);
}

TEST(JsonLines, WriteFloatsAsShortAsTheyAre) {
  std::ostringstream out;
  ASSERT_TRUE(write_json_lines(with_points(), out));
  EXPECT_NE(out.str().find("\"value\":[8.0,0.1]"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("{\"type\":\"frame\",\"source\":1,\"ticks\":2,\"damaged\":false,\"cut\":false}"),
            std::string::npos);
}

TEST(JsonLines, HoldsEveryRow) {
  std::ostringstream out;
  ASSERT_TRUE(write_json_lines(small(), out));
  std::istringstream in(out.str());
  std::vector<nlohmann::json> rows;
  for (std::string line; std::getline(in, line);) rows.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(rows.size(), 10U);
  EXPECT_EQ(rows[0]["type"], "source");
  EXPECT_EQ(rows[0]["path"], "a, \"b\".mp4");
  EXPECT_EQ(rows[0]["clock"]["numerator"], 25);
  EXPECT_TRUE(rows[0]["error"].is_null());
  EXPECT_EQ(rows[1]["data"], "planted");
  EXPECT_EQ(rows[3],
            (nlohmann::json{{"type", "channel"}, {"id", "identity.similarity"}, {"unit", "cosine"}, {"evidence", 1}}));
  EXPECT_EQ(rows[5]["box"], (nlohmann::json{1.5, 2, 30, 40}));
  EXPECT_EQ(rows[5]["keypoints"].size(), 5U);
  EXPECT_EQ(rows[6]["value"], 0.1);
  EXPECT_EQ(rows[7]["value"], "Ada");
  EXPECT_TRUE(rows[8]["value"].is_null());
  EXPECT_EQ(rows[8]["reason"], "face too small");
  EXPECT_EQ(rows[9]["label"], "x");
  EXPECT_TRUE(rows[9]["track"].is_null());
  EXPECT_EQ(out.str().rfind("{\"type\":\"source\"", 0), 0U) << "the type comes first";
}

TEST(JsonLines, AreValidForEveryTimeline) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    const Timeline made = timeline::testing::RandomTimeline(seed).make();
    std::ostringstream out;
    ASSERT_TRUE(write_json_lines(made, out));
    std::istringstream in(out.str());
    std::size_t observations = 0, samples = 0;
    for (std::string line; std::getline(in, line);) {
      const auto row = nlohmann::json::parse(line, nullptr, false);
      ASSERT_TRUE(row.is_object()) << line;
      if (row["type"] == "observation") {
        EXPECT_EQ(row["box"][2].get<float>(), made.observations()[observations].face.box.width) << "exact numbers";
        ++observations;
      }
      if (row["type"] == "signal") samples += row["samples"].size();
    }
    EXPECT_EQ(observations, made.observations().size());
    EXPECT_GE(samples, 140'000U);
  }
}

TEST(Exports, SayWhenTheStreamFailed) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(write_csv(small(), out).error().code, ErrorCode::resource_limit);
  EXPECT_EQ(write_json_lines(small(), out).error().code, ErrorCode::resource_limit);
}

}  // namespace
}  // namespace vultus

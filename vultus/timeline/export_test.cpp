#include <vultus/timeline/export.hpp>

#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <vultus/timeline/test_timeline.hpp>

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

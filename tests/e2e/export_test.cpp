// What other programs read of vultus export.
#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus::e2e {
namespace {

/// 300 moments of one person: a number, a name, points, and moments where nothing was measured.
void write_timeline(const std::filesystem::path& path) {
  auto to = TimelineWriter::open({.path = path});
  ASSERT_TRUE(to) << to.error().message;
  Source source;
  source.id = SourceId(1), source.path = "clip ü.mp4", source.clock.numerator = 25;
  Evidence evidence;
  evidence.id = EvidenceId(1), evidence.producer = "test", evidence.model = "net", evidence.data = DataKind::planted;
  ASSERT_TRUE(to->add(source) && to->add(evidence));
  ASSERT_TRUE(to->add(Channel{ChannelId("pose.ry"), "rad", EvidenceId(1)}));
  ASSERT_TRUE(to->add(Channel{ChannelId("landmarks.2"), "px", EvidenceId(1)}));
  ASSERT_TRUE(to->add(Channel{ChannelId("identity.subject"), "name", EvidenceId(1)}));
  ASSERT_TRUE(to->add(Track{TrackId(7), SourceId(1)}));
  for (std::int64_t i = 0; i < 300; ++i) {
    if (i % 3 == 0) {
      Observation seen;
      seen.track = TrackId(7), seen.time = {i}, seen.face.box = {static_cast<float>(i), 2, 3, 4};
      ASSERT_TRUE(to->add(seen));
    }
    ASSERT_TRUE(to->add(i % 2 == 0 ? Reading{ChannelId("pose.ry"), TrackId(7), {i}, 0.1 * static_cast<double>(i), ""}
                                   : Reading{ChannelId("pose.ry"), TrackId(7), {i}, {}, "too small"}));
    ASSERT_TRUE(to->add(
        Reading{ChannelId("landmarks.2"), TrackId(7), {i}, std::vector<float>{1, 2, 3, static_cast<float>(i)}, ""}));
    if (i < 100) {
      ASSERT_TRUE(to->add(Reading{ChannelId("identity.subject"), TrackId(7), {i}, std::string("Zoë"), ""}));
    }
  }
}

TEST(ImportAndExport, OfPicturesInARowTellNoTimes) {
  const World world;
  std::filesystem::create_directory(world / "frames");
  world.write("table.csv",
              "FaceRectX,FaceRectY,FaceRectWidth,FaceRectHeight,FaceScore,input,frame,odd_1,odd_2\n"
              "10,20,30,40,0.9,frames,0,1,2\n"
              "10,20,30,40,0.9,frames,30,1,2\n");
  const Answer imported = world.vultus({"import", "table.csv", "-o", "t.vultus"});
  ASSERT_EQ(imported.code, 0) << imported.err;
  EXPECT_THAT(imported.err, ::testing::HasSubstr("2 columns that no channel takes: odd_1 to odd_2."));
  const auto second = [&](const std::string& times) {
    const Answer exported =
        world.vultus({"export", "t.vultus", "--format", "openface", "--pose", "--times", times, "-o", "out.csv"});
    EXPECT_EQ(exported.code, 0) << exported.err;
    std::istringstream table(read_bytes(world / "out.csv"));
    std::string line;
    for (int i = 0; i < 3; ++i) std::getline(table, line);
    return line.substr(0, 9);
  };
  EXPECT_EQ(second("auto"), "2,0,0.000") << "a folder of pictures";
  EXPECT_EQ(second("seconds"), "2,0,1.000");
}

TEST(Parquet, IsReadByPyarrowAsItWasMeasured) {
  const World world;
  write_timeline(world / "clip.vultus");
  const Answer path =
      run({.arguments = {std::string(VULTUS_SOURCE_DIR) + "/tools/setup", "clients-path"}, .folder = {}});
  const std::string clients = path.out.substr(0, path.out.find('\n'));
  ASSERT_TRUE(std::filesystem::exists(clients + "/complete")) << clients << ": tools/setup clients installs it";
  const Answer exported = world.vultus({"export", "clip.vultus", "--format", "parquet", "-o", "clip.parquet"});
  ASSERT_EQ(exported.code, 0) << exported.err;
  const Answer read = run({.arguments = {"python3", std::string(VULTUS_SOURCE_DIR) + "/tests/clients/parquet/read.py",
                                         (world / "clip.parquet").string()},
                           .folder = {},
                           .environment = {{"CLIENTS", clients}, {"PYTHONDONTWRITEBYTECODE", "1"}}});
  ASSERT_EQ(read.code, 0) << read.err;
  const Json table = Json::parse(read.out);
  EXPECT_EQ(table["types"]["track"], "int64");
  EXPECT_EQ(table["types"]["seconds"], "double");
  EXPECT_EQ(table["types"]["x"], "float");
  EXPECT_EQ(table["types"]["landmarks.2.1.y"], "float");
  EXPECT_EQ(table["types"]["identity.subject"], "string");
  EXPECT_EQ(table["notes"]["channels"][0]["model"], "net");
  EXPECT_EQ(table["notes"]["channels"][0]["data"], "planted");
  ASSERT_EQ(table["rows"].size(), 300U);
  for (std::size_t i = 0; i < 300; ++i) {
    const Json& row = table["rows"][i];
    EXPECT_EQ(row["source"], "clip ü.mp4");
    EXPECT_EQ(row["track"], 7);
    EXPECT_EQ(row["seconds"], static_cast<double>(i) / 25);
    EXPECT_EQ(row["x"], i % 3 == 0 ? Json(static_cast<double>(i)) : Json(nullptr)) << i;
    EXPECT_EQ(row["pose.ry"], i % 2 == 0 ? Json(0.1 * static_cast<double>(i)) : Json(nullptr)) << i;
    EXPECT_EQ(row["landmarks.2.1.y"], static_cast<double>(i));
    EXPECT_EQ(row["identity.subject"], i < 100 ? Json("Zoë") : Json(nullptr));
  }
}

}  // namespace
}  // namespace vultus::e2e

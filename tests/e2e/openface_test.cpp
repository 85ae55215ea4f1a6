// The programs FeatureExtraction, FaceLandmarkVidMulti and FaceLandmarkImg as scripts call those of OpenFace 2.2, and
// what vultus export and import make of the same tables.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/clips.hpp>

namespace vultus::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// The table as pandas would have it: names of the first line, texts of the others.
struct Columns {
  std::vector<std::string> names;
  std::vector<std::map<std::string, std::string>> rows;
};

Columns table_of(const fs::path& path) {
  Columns table;
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> fields;
    std::istringstream in(line);
    for (std::string field; std::getline(in, field, ',');) fields.push_back(field);
    if (table.names.empty()) {
      table.names = fields;
      continue;
    }
    EXPECT_EQ(fields.size(), table.names.size()) << line.substr(0, 80);
    auto& row = table.rows.emplace_back();
    for (std::size_t i = 0; i < std::min(fields.size(), table.names.size()); ++i) row[table.names[i]] = fields[i];
  }
  return table;
}

Answer call(const World& world, std::vector<std::string> arguments,
            std::map<std::string, std::string> environment = {}) {
  return run({.arguments = std::move(arguments),
              .folder = world.folder().string(),
              .environment = std::move(environment),
              .timeout = std::chrono::seconds(300)});
}

TEST(FeatureExtraction, WritesTheTableThatScriptsRead) {
  const World world;
  make_clip(world, "clip.mp4", 30);
  // A locale with decimal commas must not show in the numbers, whether the machine has it or not.
  const Answer answer =
      call(world, {VULTUS_FEATURE_EXTRACTION, "-f", "clip.mp4", "-out_dir", "tables"}, {{"LC_ALL", "de_DE.UTF-8"}});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const Columns table = table_of(world / "tables/clip.csv");
  ASSERT_EQ(table.names.size(), 714U);
  EXPECT_EQ(table.names[0], "frame");
  EXPECT_EQ(table.names[5], "gaze_0_x") << "no blanks behind the commas";
  EXPECT_EQ(table.names.back(), "AU45_c");
  ASSERT_EQ(table.rows.size(), 30U);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    EXPECT_EQ(row.at("frame"), std::to_string(i + 1));
    EXPECT_EQ(row.at("face_id"), "0");
    EXPECT_NEAR(std::stod(row.at("timestamp")), static_cast<double>(i) / 25, 0.0006);
    EXPECT_EQ(row.at("timestamp").size() - row.at("timestamp").find('.') - 1, 3U);
    EXPECT_EQ(row.at("gaze_0_x").size() - row.at("gaze_0_x").find('.') - 1, 6U);
    EXPECT_EQ(row.at("x_0").size() - row.at("x_0").find('.') - 1, 1U);
    // A track is confirmed by its third detection, one in four frames, and told from the first.
    EXPECT_EQ(row.at("success"), "1") << i;
    // The person wanders to the right, 4 pixels a frame, and looks into the camera.
    EXPECT_GT(std::stod(row.at("pose_Tz")), 200);
    EXPECT_LT(std::abs(std::stod(row.at("pose_Ry"))), 0.6);
    EXPECT_GT(std::stod(row.at("x_45")), std::stod(row.at("x_36"))) << "the person's right eye stands left";
    EXPECT_NEAR(std::stod(row.at("Z_30")), std::stod(row.at("pose_Tz")), 150);
  }
  EXPECT_NEAR(std::stod(table.rows[28].at("x_30")) - std::stod(table.rows[8].at("x_30")), 80, 8);
  const std::string details = read_bytes(world / "tables/clip_of_details.txt");
  EXPECT_THAT(details, HasSubstr("unmeasured:p_scale"));
  EXPECT_EQ(details.find("unmeasured:pose_Tx"), std::string::npos);
  for (const auto& entry : fs::directory_iterator(world / "tables"))
    EXPECT_TRUE(entry.path().extension() == ".csv" || entry.path().extension() == ".txt") << "nothing is left over";
}

TEST(FeatureExtraction, HasTheGroupsThatAreAskedForAndSaysWhatFailed) {
  const World world;
  make_empty_clip(world, "nobody.mp4", 6);
  const Answer answer =
      call(world, {VULTUS_FEATURE_EXTRACTION, "-f", "nobody.mp4", "-f", "missing.mp4", "-pose", "-aus", "-of", "x"});
  EXPECT_EQ(answer.code, 1) << "one of two inputs is missing";
  EXPECT_THAT(answer.err, HasSubstr("missing.mp4"));
  const Columns table = table_of(world / "processed/nobody.csv");
  EXPECT_EQ(table.names.size(), 5U + 6 + 17 + 18);
  ASSERT_EQ(table.rows.size(), 6U) << "frames without a face have rows";
  for (const auto& row : table.rows) {
    EXPECT_EQ(row.at("success"), "0");
    EXPECT_EQ(std::stod(row.at("AU12_r")), 0);
  }
  const Answer unknown = call(world, {VULTUS_FEATURE_EXTRACTION, "-f", "nobody.mp4", "-fast"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("unknown option -fast"));
}

TEST(FaceLandmarkImg, HasARowForEachFaceOfEachPicture) {
  const World world;
  world.copy(samples().obama, "pictures/one.jpg");
  world.copy(samples().group, "pictures/many.jpg");
  const Answer answer = call(world, {VULTUS_FACE_LANDMARK_IMG, "-fdir", "pictures", "-out_dir", "tables"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const Columns one = table_of(world / "tables/one.csv"), many = table_of(world / "tables/many.csv");
  ASSERT_EQ(one.names.size(), 711U);
  EXPECT_EQ(one.names[0], "face");
  EXPECT_EQ(one.names[1], "confidence");
  EXPECT_EQ(one.rows.size(), 1U);
  EXPECT_GE(many.rows.size(), 3U);
  for (std::size_t i = 0; i < many.rows.size(); ++i) EXPECT_EQ(many.rows[i].at("face"), std::to_string(i));
  EXPECT_EQ(one.rows[0].at("confidence").size(), 5U) << "three digits";
}

TEST(FaceLandmarkImg, GivesInputsOfOneNameATableEach) {
  const World world;
  world.copy(samples().obama, "a/one.jpg");
  world.copy(samples().group, "b/one.jpg");
  const Answer answer = call(world, {VULTUS_FACE_LANDMARK_IMG, "-f", "a/one.jpg", "-f", "b/one.jpg", "-out_dir", "t"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  EXPECT_THAT(answer.err, HasSubstr("b/one.jpg: its table is one-2.csv"));
  EXPECT_EQ(table_of(world / "t/one.csv").rows.size(), 1U);
  EXPECT_GE(table_of(world / "t/one-2.csv").rows.size(), 3U);
}

TEST(FaceLandmarkImg, MeasuresTheRestWhereANetworkWasNotFetched) {
  const World world;
  world.copy(samples().obama, "one.jpg");
  fs::create_directories(world / "cache/models");
  for (const auto& entry : fs::directory_iterator(cache_folder() / "models"))
    if (!entry.path().filename().string().starts_with("fr_eye"))
      fs::create_symlink(entry.path(), world / "cache/models" / entry.path().filename());
  const Answer answer = call(world, {VULTUS_FACE_LANDMARK_IMG, "-f", "one.jpg", "-out_dir", "t"},
                             {{"VULTUS_CACHE", (world / "cache").string()}});
  ASSERT_EQ(answer.code, 0) << answer.err;
  EXPECT_THAT(answer.err, HasSubstr("is not measured: "));
  EXPECT_EQ(table_of(world / "t/one.csv").rows.size(), 1U);
}

TEST(FaceLandmarkVidMulti, TellsPeopleApartByFaceId) {
  const char* const shared = std::getenv("VULTUS_SHARED");
  const fs::path clip = fs::path(shared != nullptr ? shared : std::string(VULTUS_SOURCE_DIR) + "/../shared") /
                        "data/video/two_people_9s.mp4";
  if (!fs::exists(clip)) GTEST_SKIP() << "the data folder shared is not there: " << clip;
  const World world;
  const Answer answer = call(world, {VULTUS_FACE_LANDMARK_VID_MULTI, "-f", clip.string(), "-out_dir", "t", "-2Dfp"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const Columns table = table_of(world / "t/two_people_9s.csv");
  std::set<std::pair<std::string, std::string>> keys;
  std::map<std::string, int> rows;
  for (const auto& row : table.rows) {
    if (row.at("success") == "0") continue;
    EXPECT_TRUE(keys.emplace(row.at("frame"), row.at("face_id")).second) << "a face twice in a frame";
    ++rows[row.at("face_id")];
  }
  int long_ones = 0;
  for (const auto& [id, count] : rows) long_ones += count >= 50 ? 1 : 0;
  EXPECT_GE(long_ones, 2) << "two people keep their ids";
}

TEST(OpenFaceTables, AreTheSameAfterImportAndExport) {
  const World world;
  make_clip(world, "clip.mp4", 12);
  ASSERT_EQ(call(world, {VULTUS_FEATURE_EXTRACTION, "-f", "clip.mp4", "-out_dir", "a"}).code, 0);
  const Answer again = world.shell(
      "vultus import a/clip.csv -o again.vultus && "
      "vultus export again.vultus --format openface --one-face -o again.csv");
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(read_bytes(world / "again.csv"), read_bytes(world / "a/clip.csv"));
}

}  // namespace
}  // namespace vultus::e2e

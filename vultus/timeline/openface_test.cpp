#include <vultus/timeline/openface.hpp>

#include <algorithm>
#include <clocale>
#include <fstream>
#include <locale>
#include <sstream>

#include <gtest/gtest.h>

#include <vultus/timeline/test_timeline.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus {
namespace {

using timeline::testing::Folder;

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields(1);
  for (const char c : line)
    if (c == ',')
      fields.emplace_back();
    else
      fields.back() += c;
  return fields;
}

std::vector<std::vector<std::string>> table_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) rows.push_back(split(line));
  return rows;
}

std::string cell(const std::vector<std::vector<std::string>>& table, std::size_t row, const std::string& column) {
  const auto at = std::ranges::find(table.at(0), column);
  if (at == table.at(0).end()) return "no column " + column;
  return table.at(row).at(static_cast<std::size_t>(at - table[0].begin()));
}

std::string numbered(const std::string& prefix, int count) {
  std::string names;
  for (int i = 0; i < count; ++i) names += "," + prefix + std::to_string(i);
  return names;
}

// The groups as docs/methods of OpenFace 2.2 list them, written down apart from the code.
const std::string kGaze = ",gaze_0_x,gaze_0_y,gaze_0_z,gaze_1_x,gaze_1_y,gaze_1_z,gaze_angle_x,gaze_angle_y" +
                          numbered("eye_lmk_x_", 56) + numbered("eye_lmk_y_", 56) + numbered("eye_lmk_X_", 56) +
                          numbered("eye_lmk_Y_", 56) + numbered("eye_lmk_Z_", 56);
const std::string kPose = ",pose_Tx,pose_Ty,pose_Tz,pose_Rx,pose_Ry,pose_Rz";
const std::string kPoints2d = numbered("x_", 68) + numbered("y_", 68);
const std::string kPoints3d = numbered("X_", 68) + numbered("Y_", 68) + numbered("Z_", 68);
const std::string kShape = ",p_scale,p_rx,p_ry,p_rz,p_tx,p_ty" + numbered("p_", 34);
const std::string kUnits =
    ",AU01_r,AU02_r,AU04_r,AU05_r,AU06_r,AU07_r,AU09_r,AU10_r,AU12_r,AU14_r,AU15_r,AU17_r,AU20_r,AU23_r,AU25_r,AU26_r,"
    "AU45_r,AU01_c,AU02_c,AU04_c,AU05_c,AU06_c,AU07_c,AU09_c,AU10_c,AU12_c,AU14_c,AU15_c,AU17_c,AU20_c,AU23_c,AU25_c,"
    "AU26_c,AU28_c,AU45_c";

TEST(OpenFaceHeader, IsThatOfOpenFace22) {
  const std::string video = openface_header({});
  EXPECT_EQ(video,
            "frame,face_id,timestamp,confidence,success" + kGaze + kPose + kPoints2d + kPoints3d + kShape + kUnits);
  EXPECT_EQ(split(video).size(), 714U);
  const std::string image = openface_header({.table = OpenFaceTable::image, .groups = {}});
  EXPECT_EQ(image, "face,confidence" + kGaze + kPose + kPoints2d + kPoints3d + kShape + kUnits);
  EXPECT_EQ(split(image).size(), 711U);
}

TEST(OpenFaceHeader, HasTheGroupsThatAreAskedFor) {
  const auto asked = [](OpenFaceGroups groups) { return openface_header({.groups = groups}); };
  const std::string first = "frame,face_id,timestamp,confidence,success";
  EXPECT_EQ(asked({.landmarks_2d = true}), first + kPoints2d);
  EXPECT_EQ(asked({.landmarks_3d = true}), first + kPoints3d);
  EXPECT_EQ(asked({.shape = true}), first + kShape);
  EXPECT_EQ(asked({.pose = true}), first + kPose);
  EXPECT_EQ(asked({.action_units = true}), first + kUnits);
  EXPECT_EQ(asked({.gaze = true}), first + kGaze);
  EXPECT_EQ(asked({.pose = true, .action_units = true}), first + kPose + kUnits);
}

/// A clip of 30000/1001 frames a second: two faces in frame 1, one in frame 2, nobody in frame 3; then a picture.
void record(const std::filesystem::path& path) {
  auto opened = TimelineWriter::open({.path = path});
  ASSERT_TRUE(opened);
  TimelineWriter& to = *opened;
  ASSERT_TRUE(to.add(Source{.id = SourceId(1), .path = "c.mp4", .width = 640, .height = 480, .clock = {30000, 1001}}));
  ASSERT_TRUE(to.add(Evidence{.id = EvidenceId(1), .producer = "test"}));
  for (const auto& [id, unit] :
       {std::pair("landmarks.68", "px (x, y)"), std::pair("pose.tx", "mm"), std::pair("pose.ry", "rad"),
        std::pair("gaze.right.x", "1"), std::pair("au.12.intensity", "0..5"), std::pair("au.12.presence", "0/1"),
        std::pair("landmarks3d.68", "mm (x, y, z)")})
    ASSERT_TRUE(to.add(Channel{ChannelId(id), unit, EvidenceId(1)}));
  const auto see = [&](int track, std::int64_t ticks, float width) {
    Observation seen{.track = TrackId(track), .time = {ticks}, .face = {}};
    seen.face.box = {0, 0, width, width};
    seen.face.detection = Score(0.987F);
    ASSERT_TRUE(to.add(seen));
  };
  const auto read = [&](const char* channel, int track, std::int64_t ticks, ReadingValue value) {
    ASSERT_TRUE(to.add(Reading{ChannelId(channel), TrackId(track), {ticks}, std::move(value), ""}));
  };
  std::vector<float> points(136);
  for (std::size_t i = 0; i < points.size(); ++i) points[i] = static_cast<float>(i) + 0.26F;
  std::vector<float> solid(204);
  for (std::size_t i = 0; i < solid.size(); ++i) solid[i] = -static_cast<float>(i);
  ASSERT_TRUE(to.add(SourceFrame{.source = SourceId(1), .time = {0}}));
  ASSERT_TRUE(to.add(Track{TrackId(1), SourceId(1)}));
  ASSERT_TRUE(to.add(Track{TrackId(2), SourceId(1)}));
  see(1, 0, 10);
  read("pose.tx", 1, 0, 12.345);
  read("landmarks.68", 1, 0, points);
  read("landmarks3d.68", 1, 0, solid);
  see(2, 0, 20);
  read("gaze.right.x", 2, 0, -0.1234567);
  ASSERT_TRUE(to.add(SourceFrame{.source = SourceId(1), .time = {1}}));
  see(1, 1, 10);
  read("pose.ry", 1, 1, -0.5);
  read("au.12.intensity", 1, 1, 2.345);
  read("au.12.presence", 1, 1, 1.0);
  ASSERT_TRUE(to.add(SourceFrame{.source = SourceId(1), .time = {2}}));
  ASSERT_TRUE(to.add(Source{.id = SourceId(2), .path = "p.jpg", .width = 64, .height = 48}));
  ASSERT_TRUE(to.add(SourceFrame{.source = SourceId(2), .time = {0}}));
  ASSERT_TRUE(to.add(Track{TrackId(3), SourceId(2)}));
  see(3, 0, 5);
  ASSERT_TRUE(to.add(Source{
      .id = SourceId(3), .path = "broken.jpg", .clock = {}, .error = Error{ErrorCode::corrupt_data, "no picture"}}));
}

OpenFaceExport into(const Folder& folder, const OpenFaceOptions& options) {
  return {.options = options, .path_of = [&folder](const Source& source) -> Result<std::filesystem::path> {
            return folder / (std::filesystem::path(source.path).stem().string() + ".csv");
          }};
}

TEST(OpenFaceExport, HasARowForEveryFaceAndForFramesWithout) {
  const Folder folder;
  record(folder / "t");
  const auto written = export_openface(folder / "t", into(folder, {}));
  ASSERT_TRUE(written) << written.error().message;
  ASSERT_EQ(written->size(), 2U) << "what was not read has no table";
  const auto clip = table_of(folder / "c.csv");
  ASSERT_EQ(clip.size(), 5U);
  for (const auto& row : clip) EXPECT_EQ(row.size(), 714U);
  const auto begins = [&](std::size_t row) {
    return std::vector<std::string>(clip[row].begin(), clip[row].begin() + 5);
  };
  EXPECT_EQ(begins(1), (std::vector<std::string>{"1", "0", "0.000", "0.99", "1"}));
  EXPECT_EQ(begins(2), (std::vector<std::string>{"1", "1", "0.000", "0.99", "1"}));
  EXPECT_EQ(begins(3), (std::vector<std::string>{"2", "0", "0.033", "0.99", "1"}));  // 1001 / 30000 s
  EXPECT_EQ(begins(4), (std::vector<std::string>{"3", "0", "0.067", "0.00", "0"}));
  EXPECT_EQ(cell(clip, 1, "pose_Tx"), "12.3");
  EXPECT_EQ(cell(clip, 1, "x_1"), "2.3") << "2.26 px";
  EXPECT_EQ(cell(clip, 1, "y_67"), "135.3");
  EXPECT_EQ(cell(clip, 1, "Y_2"), "-7.0");
  EXPECT_EQ(cell(clip, 2, "gaze_0_x"), "-0.123457") << "the person's right eye is the leftmost in the picture";
  EXPECT_EQ(cell(clip, 2, "x_1"), "0.0") << "not measured on that face";
  EXPECT_EQ(cell(clip, 3, "pose_Ry"), "-0.500");
  EXPECT_EQ(cell(clip, 3, "AU12_r"), "2.35");  // 2.345 as a double lies above the half
  EXPECT_EQ(cell(clip, 3, "AU12_c"), "1.0");
  EXPECT_EQ(cell(clip, 4, "AU12_r"), "0.00");
  EXPECT_EQ(cell(clip, 4, "pose_Ry"), "-0.500") << "nobody is seen: the last pose";
  EXPECT_EQ(cell(clip, 4, "pose_Tx"), "0.0") << "which has no place";
  const auto picture = table_of(folder / "p.csv");
  ASSERT_EQ(picture.size(), 2U);
  EXPECT_EQ(picture[1].size(), 711U);
  EXPECT_EQ(picture[1][0], "0");
  EXPECT_EQ(picture[1][1], "0.987");
}

/// Every second frame of a clip, by its clock: the face is lost before it was found, and again after.
void record_every_second(const std::filesystem::path& path, const Clock& clock, std::int64_t ticks) {
  auto opened = TimelineWriter::open({.path = path});
  ASSERT_TRUE(opened);
  ASSERT_TRUE(opened->add(Source{.id = SourceId(1), .path = "c.avi", .width = 64, .height = 48, .clock = clock}));
  ASSERT_TRUE(opened->add(Evidence{.id = EvidenceId(1), .producer = "test"}));
  ASSERT_TRUE(opened->add(Channel{ChannelId("pose.rx"), "rad", EvidenceId(1)}));
  for (std::int64_t i = 0; i < 4; ++i) {
    ASSERT_TRUE(opened->add(SourceFrame{.source = SourceId(1), .time = {i * ticks}}));
    if (i == 0) {
      ASSERT_TRUE(opened->add(Track{TrackId(1), SourceId(1)}));
    }
    if (i != 1 && i != 2) continue;
    ASSERT_TRUE(opened->add(Observation{.track = TrackId(1), .time = {i * ticks}, .face = {}}));
    ASSERT_TRUE(opened->add(Reading{ChannelId("pose.rx"), TrackId(1), {i * ticks}, i == 1 ? 0.25 : 0.5, ""}));
  }
}

TEST(OpenFaceExport, NumbersTheFramesOfTheSourceWhereItsClockCountsThem) {
  const auto numbers = [](const Clock& clock, std::int64_t ticks) {
    const Folder folder;
    record_every_second(folder / "t", clock, ticks);
    EXPECT_TRUE(export_openface(folder / "t", into(folder, {.groups = {.pose = true}})));
    std::vector<std::string> all;
    const auto table = table_of(folder / "c.csv");
    for (std::size_t row = 1; row < table.size(); ++row)
      all.push_back(cell(table, row, "frame") + " " + cell(table, row, "timestamp"));
    return all;
  };
  EXPECT_EQ(numbers({25, 1}, 2), (std::vector<std::string>{"1 0.000", "3 0.080", "5 0.160", "7 0.240"}));
  // Nothing tells the rate: frames are those of the Timeline.
  EXPECT_EQ(numbers({12800, 1}, 1024), (std::vector<std::string>{"1 0.000", "2 0.080", "3 0.160", "4 0.240"}));
}

TEST(OpenFaceExport, KeepsTheLastPoseWhileTheFaceIsLost) {
  const Folder folder;
  record_every_second(folder / "t", {25, 1}, 2);
  ASSERT_TRUE(export_openface(folder / "t", into(folder, {.groups = {.pose = true}})));
  const auto clip = table_of(folder / "c.csv");
  ASSERT_EQ(clip.size(), 5U);
  EXPECT_EQ(cell(clip, 1, "pose_Rx"), "0.000") << "no face was seen yet";
  EXPECT_EQ(cell(clip, 3, "pose_Rx"), "0.500");
  EXPECT_EQ(cell(clip, 4, "success"), "0");
  EXPECT_EQ(cell(clip, 4, "pose_Rx"), "0.500");
}

TEST(OpenFaceExport, TellsWhatWasNotMeasured) {
  const Folder folder;
  record(folder / "t");
  ASSERT_TRUE(export_openface(folder / "t", into(folder, {})));
  std::ifstream in(folder / "c_of_details.txt");
  const std::string details{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  EXPECT_NE(details.find("\nunmeasured:gaze_1_x\n"), std::string::npos);
  EXPECT_NE(details.find("\nunmeasured:p_scale\n"), std::string::npos);
  EXPECT_EQ(details.find("unmeasured:AU12_r"), std::string::npos);
  EXPECT_EQ(details.find("unmeasured:x_0\n"), std::string::npos);
}

TEST(OpenFaceExport, OfOnePersonHasOneRowAFrameAndStaysWithATrack) {
  const Folder folder;
  record(folder / "t");
  ASSERT_TRUE(export_openface(folder / "t", into(folder, {.who = OpenFaceWho::one, .groups = {.pose = true}})));
  const auto clip = table_of(folder / "c.csv");
  ASSERT_EQ(clip.size(), 4U);
  EXPECT_EQ(cell(clip, 1, "pose_Tx"), "0.0") << "the larger face, track 2";
  EXPECT_EQ(cell(clip, 2, "pose_Ry"), "-0.500") << "track 2 is gone, so track 1";
  EXPECT_EQ(cell(clip, 3, "success"), "0");
  for (std::size_t row = 1; row < clip.size(); ++row) EXPECT_EQ(cell(clip, row, "face_id"), "0");
}

TEST(OpenFaceExport, OfPicturesInARowKnowsNoTimes) {
  const Folder folder;
  record(folder / "t");
  ASSERT_TRUE(export_openface(folder / "t", into(folder, {.times = OpenFaceTimes::zero, .groups = {.pose = true}})));
  const auto clip = table_of(folder / "c.csv");
  for (std::size_t row = 1; row < clip.size(); ++row) EXPECT_EQ(cell(clip, row, "timestamp"), "0.000");
}

TEST(OpenFaceExport, AsksForTheTimesOfEachSource) {
  const Folder folder;
  record(folder / "t");
  OpenFaceExport how = into(folder, {.groups = {.pose = true}});
  how.times_of = [](const Source& source) {
    return source.path == "c.mp4" ? OpenFaceTimes::zero : OpenFaceTimes::seconds;
  };
  ASSERT_TRUE(export_openface(folder / "t", how));
  EXPECT_EQ(cell(table_of(folder / "c.csv"), 3, "timestamp"), "0.000");
}

/// Writes a decimal comma, as a German locale does, whether or not the machine has one.
struct GermanNumbers : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(OpenFaceExport, WritesPointsWhateverTheLocale) {
  const Folder folder;
  record(folder / "t");
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new GermanNumbers));
  const auto written = export_openface(folder / "t", into(folder, {}));
  std::locale::global(before);
  ASSERT_TRUE(written);
  EXPECT_EQ(cell(table_of(folder / "c.csv"), 1, "pose_Tx"), "12.3");
}

TEST(OpenFaceExport, SaysWhenAFileCannotBeWritten) {
  const Folder folder;
  record(folder / "t");
  const OpenFaceExport nowhere{.options = {}, .path_of = [&](const Source&) -> Result<std::filesystem::path> {
                                 return folder / "no" / "such" / "c.csv";
                               }};
  EXPECT_EQ(export_openface(folder / "t", nowhere).error().code, ErrorCode::resource_limit);
}

}  // namespace
}  // namespace vultus

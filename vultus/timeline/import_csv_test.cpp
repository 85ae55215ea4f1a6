#include <vultus/timeline/import_csv.hpp>

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/timeline/openface.hpp>
#include <vultus/timeline/test_timeline.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus {
namespace {

using ::testing::HasSubstr;
using timeline::testing::Folder;

Result<ImportedCsv> import_text(const std::string& text, Timeline& to) {
  std::istringstream in(text);
  return import_csv(in, {.name = "t.csv"}, to);
}

TEST(ImportCsv, ReadsTheRowsOfOpenFace) {
  Timeline to;
  const auto done = import_text(
      "frame, face_id, timestamp, confidence, success, pose_Tx, AU12_r, AU12_c, mystery\n"
      "1, 0, 0.000, 0.98, 1, 12.5, 1.25, 1, 7\n"
      "1, 4, 0.000, 0.50, 1, -3, 0.00, 0, 7\n"
      "2, 0, 0.033, 0.00, 0, 0, 0, 0, 7\r\n"
      "\n"
      "3, 0, 0.067, 0.90, 1, nan, 2, 1, 7\n",
      to);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->kind, ForeignTable::openface);
  EXPECT_EQ(done->rows, 4);
  EXPECT_EQ(done->faces, 3);
  EXPECT_EQ(done->tracks, 2);
  EXPECT_EQ(done->unread, 1);
  EXPECT_EQ(done->ignored, std::vector<std::string>{"mystery"});
  ASSERT_EQ(to.frames().size(), 3U) << "a frame without a face is a frame";
  EXPECT_EQ(to.frames()[1].time.ticks, 33'000'000);
  ASSERT_EQ(to.observations().size(), 3U);
  EXPECT_FLOAT_EQ(to.observations()[1].face.detection.value(), 0.5F);
  const Reading* const pose = to.reading(ChannelId("pose.tx"), TrackId(1));
  ASSERT_NE(pose, nullptr);
  EXPECT_EQ(std::get<double>(pose->value), 12.5);
  EXPECT_EQ(to.readings().back().channel, ChannelId("au.12.presence"));
  std::size_t absent = 0;
  for (const Reading& reading : to.readings())
    if (reading.reason == "no number in the table") ++absent;
  EXPECT_EQ(absent, 1U);
}

TEST(ImportCsv, TellsTheFaceByItsPoints) {
  std::string header = "frame,success,confidence", row = "1,1,1";
  for (const char* axis : {"x_", "y_"})
    for (int i = 0; i < 68; ++i) {
      header += "," + std::string(axis) + std::to_string(i);
      // x: 0 ... 67, y: 100 ... 234
      row += "," + std::to_string(axis[0] == 'x' ? i : 100 + 2 * i);
    }
  Timeline to;
  ASSERT_TRUE(import_text(header + "\n" + row + "\n", to));
  const FaceObservation& face = to.observations().at(0).face;
  EXPECT_EQ(face.box, (RectF{0, 100, 67, 134}));
  EXPECT_EQ(face.keypoints[0], (Point2f{38.5F, 177}));  // mean of points 36 to 41
  EXPECT_EQ(face.keypoints[2], (Point2f{30, 160}));
  const auto& points = std::get<std::vector<float>>(to.readings().at(0).value);
  ASSERT_EQ(points.size(), 136U);
  EXPECT_EQ(points[2], 1);
  EXPECT_EQ(points[3], 102);
}

TEST(ImportCsv, TakesTheFacesOfAPictureForOneMoment) {
  Timeline to;
  const auto done = import_text("face,confidence,pose_Tx\n0,0.9,1\n1,0.8,2\n", to);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(to.frames().size(), 1U);
  EXPECT_EQ(to.tracks().size(), 2U);
}

TEST(ImportCsv, ReadsTheRowsOfPyFeat) {
  Timeline to;
  const auto done = import_text(
      "FaceRectX,FaceRectY,FaceRectWidth,FaceRectHeight,FaceScore,Pitch,AU01,anger,disgust,fear,happiness,sadness,"
      "surprise,neutral,input,frame\n"
      "10,20,30,40,0.75,-1.5,0.25,0.5,0.125,0.125,0.125,0.125,0,0,\"a, b.mp4\",0\n"
      ",,,,,,,,,,,,,,x,15\n",
      to);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->kind, ForeignTable::pyfeat);
  EXPECT_EQ(done->faces, 1) << "a row without numbers is a frame without a face";
  EXPECT_EQ(to.frames().at(1).time.ticks, 500'000'000) << "frame 15 at 30 a second";
  EXPECT_EQ(to.observations().at(0).face.box, (RectF{10, 20, 30, 40}));
  EXPECT_EQ(std::get<double>(to.reading(ChannelId("au.01.probability"), TrackId(1))->value), 0.25);
  EXPECT_EQ(std::get<std::vector<float>>(to.reading(ChannelId("expression.pyfeat"), TrackId(1))->value).at(0), 0.5F);
}

/// A row of py-feat: a box 40 pixels wide at x, then what follows.
std::string pyfeat_row(int x, const std::string& rest) { return std::to_string(x) + ",20,40,40,0.9," + rest + "\n"; }

TEST(ImportCsv, FollowsTheFacesOfPyFeatByTheirIdentity) {
  Timeline to;
  const auto done = import_text(
      "FaceRectX,FaceRectY,FaceRectWidth,FaceRectHeight,FaceScore,Identity,Identity_1,frame\n" +
          pyfeat_row(10, "Person_0,0.5,0") + pyfeat_row(500, "Person_1,0.5,0") + pyfeat_row(490, "Person_1,0.5,1") +
          pyfeat_row(12, "Person_0,0.5,1") + pyfeat_row(250, "Person_0,0.5,1"),
      to);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->tracks, 3) << "one name twice in a frame is two tracks";
  ASSERT_EQ(to.observations().size(), 5U);
  std::vector<std::int64_t> tracks;
  for (const Observation& seen : to.observations()) tracks.push_back(seen.track.number());
  EXPECT_EQ(tracks, (std::vector<std::int64_t>{1, 2, 2, 1, 3}));
  EXPECT_EQ(done->ignored, std::vector<std::string>{"Identity_1"});
}

TEST(ImportCsv, FollowsFacesWithoutAnIdentityByTheirBoxes) {
  Timeline to;
  const auto done =
      import_text("FaceRectX,FaceRectY,FaceRectWidth,FaceRectHeight,FaceScore,frame\n" + pyfeat_row(10, "0") +
                      pyfeat_row(500, "0") + pyfeat_row(490, "1") + pyfeat_row(12, "1") + pyfeat_row(480, "2"),
                  to);
  ASSERT_TRUE(done) << done.error().message;
  std::vector<std::int64_t> tracks;
  for (const Observation& seen : to.observations()) tracks.push_back(seen.track.number());
  EXPECT_EQ(tracks, (std::vector<std::int64_t>{1, 2, 2, 1, 2}));
}

TEST(ImportCsv, TakesEachInputOfPyFeatForASource) {
  Timeline to;
  const auto done =
      import_text("FaceRectX,FaceRectY,FaceRectWidth,FaceRectHeight,FaceScore,input,frame,FrameWidth,FrameHeight\n" +
                      pyfeat_row(10, "a.jpg,0,640,480") + pyfeat_row(90, "a.jpg,0,640,480") +
                      pyfeat_row(10, "b.PNG,0,32,24.0") + pyfeat_row(10, "c.mp4,30,64,48"),
                  to);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->sources, 3);
  ASSERT_EQ(to.sources().size(), 3U);
  EXPECT_EQ(to.sources()[0].path, "a.jpg");
  EXPECT_EQ(to.sources()[0].width, 640);
  EXPECT_EQ(to.sources()[1].height, 24);
  EXPECT_EQ(to.sources()[0].clock, Clock()) << "a picture";
  EXPECT_EQ(to.frames().size(), 3U);
  EXPECT_EQ(to.frames()[2].source, SourceId(3));
  EXPECT_EQ(to.sources()[2].clock.seconds(to.frames()[2].time).value(), 1);
  EXPECT_EQ(to.tracks().size(), 4U);
}

TEST(ImportCsv, ReadsWhatPyFeat2Measures) {
  Timeline to;
  const auto done = import_text(
      "FaceRectX,FaceRectY,FaceRectWidth,FaceRectHeight,FaceScore,AU27,AU43,gaze_pitch,gaze_yaw,valence,arousal,"
      "jawOpen,"
      "Happy,Neutral,approx_time,frame\n" +
          pyfeat_row(10, "0.25,0.5,0.1,-0.2,0.3,0.4,0.625,0.75,0.125,00:01,25") +
          pyfeat_row(10, "0.25,0.5,0.1,-0.2,0.3,0.4,0.625,0.75,0.125,01:02:03,26") + "0,0,0,0,0,,,,,,,,,,01:02:04,27\n",
      to);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(done->ignored.empty());
  EXPECT_EQ(done->faces, 2) << "score 0 is no face";
  const auto number = [&](const char* channel) {
    return std::get<double>(to.reading(ChannelId(channel), TrackId(1))->value);
  };
  EXPECT_EQ(number("au.27.probability"), 0.25);
  EXPECT_EQ(number("au.43.probability"), 0.5);
  EXPECT_EQ(number("pyfeat.gaze.yaw"), -0.2);
  EXPECT_EQ(number("pyfeat.arousal"), 0.4);
  EXPECT_EQ(std::get<std::vector<float>>(to.reading(ChannelId("expression.pyfeat"), TrackId(1))->value),
            (std::vector<float>{0.125F, 0.75F}));
  EXPECT_EQ(std::get<std::vector<float>>(to.reading(ChannelId("pyfeat.blendshapes"), TrackId(1))->value),
            std::vector<float>{0.625F});
  EXPECT_EQ(to.frames().at(0).time.ticks, 1'000'000'000) << "frame 25 at 30 a second lies within second 1 at its start";
  EXPECT_EQ(to.frames().at(1).time.ticks, 3'723'000'000'000);
}

/// What becomes of a table that is imported and exported.
std::string there_and_back(const std::string& table, const OpenFaceGroups& groups) {
  const Folder folder;
  {
    auto file = TimelineWriter::open({.path = folder / "t"});
    std::istringstream text(table);
    const auto done = import_csv(text, {.name = "c.mp4"}, *file);
    if (!done) return done.error().message;
    if (!file->commit()) return "no commit";
  }
  const OpenFaceExport how{
      .options = {.groups = groups},
      .path_of = [&](const Source&) -> Result<std::filesystem::path> { return folder / "again.csv"; }};
  const auto written = export_openface(folder / "t", how);
  if (!written) return written.error().message;
  std::ifstream again(folder / "again.csv");
  std::ostringstream text;
  text << again.rdbuf();
  return text.str();
}

TEST(ImportCsv, GivesBackTablesOfPicturesLostFacesAndOddNumbers) {
  const std::string pose = "pose_Tx,pose_Ty,pose_Tz,pose_Rx,pose_Ry,pose_Rz";
  const std::string picture = "face,confidence," + pose + "\n0,0.987,1.5,2.5,3.5,0.125,0.250,0.375\n" +
                              "1,0.500,-1.5,2.5,3.5,0.125,0.250,0.375\n";
  EXPECT_EQ(there_and_back(picture, {.pose = true}), picture);
  // Face ids and frames as their maker numbered them, rows of success 0 as he wrote them.
  const std::string clip =
      "frame,face_id,timestamp,confidence,success," + pose + "\n" + "5,2,0.160,0.98,1,1.5,2.5,3.5,0.125,0.250,0.375\n" +
      "5,0,0.160,0.12,0,9.5,8.5,7.5,0.500,0.250,-0.375\n" + "6,2,0.200,0.25,0,1.5,-2.5,3.5,0.125,0.250,0.375\n" +
      "9,0,0.320,0.98,1,1.5,2.5,3.5,0.125,0.250,0.375\n";
  EXPECT_EQ(there_and_back(clip, {.pose = true}), clip);
  std::string row;
  for (int i = 1; i <= 1200; ++i) row += std::to_string(i) + ",0,0.000,0.98,1,1.5,2.5,3.5,0.125,0.250,0.375\n";
  const std::string still = "frame,face_id,timestamp,confidence,success," + pose + "\n" + row;
  EXPECT_TRUE(there_and_back(still, {.pose = true}) == still) << "no time of 1200 frames is told";
}

TEST(ImportCsv, RefusesAFaceIdTwiceInAFrame) {
  Timeline to;
  const auto done = import_text("frame,face_id,success\n1,3,1\n1,3,1\n", to);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(done.error().message, "t.csv: line 3: face_id 3 comes twice in one frame");
}

TEST(ImportCsv, OfATableOfOursGivesTheTableAgain) {
  const Folder folder;
  std::string rows;
  // Every number has the digits that its column is written with.
  const OpenFaceOptions all;
  std::string header = openface_header(all);
  std::vector<std::string> names;
  std::istringstream in(header);
  for (std::string name; std::getline(in, name, ',');) names.push_back(name);
  for (int frame = 1; frame <= 3; ++frame) {
    std::string row = std::to_string(frame) + ",0," +
                      (frame == 1   ? "0.000"
                       : frame == 2 ? "0.040"
                                    : "0.080") +
                      (frame == 2 ? ",0.00,0" : ",0.98,1");
    for (std::size_t i = 5; i < names.size(); ++i) {
      const std::string& name = names[i];
      const bool vector = name.starts_with("gaze_0") || name.starts_with("gaze_1");
      const int digits = vector                                                         ? 6
                         : name.starts_with("gaze_angle") || name.starts_with("pose_R") ? 3
                         : name.starts_with("p_")                                       ? 3
                         : name.ends_with("_r")                                         ? 2
                                                                                        : 1;
      // The second frame has lost the face: zeros, and the pose of the frame before.
      const int of = frame == 2 && name.starts_with("pose_") ? 1 : frame;
      row += "," + std::string(of == 2 ? "0." : (i % 3 == 0 ? "-" : "") + std::to_string((i * 7 + of) % 90) + ".") +
             std::string(static_cast<std::size_t>(digits), of == 2 ? '0' : '5');
    }
    rows += row + "\n";
  }
  const std::string table = header + "\n" + rows;
  {
    auto file = TimelineWriter::open({.path = folder / "t"});
    std::istringstream text(table);
    const auto done = import_csv(text, {.name = "c.mp4"}, *file);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_TRUE(done->ignored.empty());
  }
  const OpenFaceExport how{
      .options = all, .path_of = [&](const Source&) -> Result<std::filesystem::path> { return folder / "again.csv"; }};
  ASSERT_TRUE(export_openface(folder / "t", how));
  std::ifstream again(folder / "again.csv");
  std::ostringstream text;
  text << again.rdbuf();
  EXPECT_EQ(text.str(), table);
}

TEST(ImportCsv, NamesWhatIsWrong) {
  Timeline to;
  EXPECT_EQ(import_text("", to).error().message, "t.csv: empty");
  EXPECT_THAT(import_text("a,b\n1,2\n", to).error().message, HasSubstr("no table of OpenFace"));
  EXPECT_EQ(import_text("frame,success,success\n", to).error().message, "t.csv: column success comes twice");
  const auto short_row = import_text("frame,success\n1,1\n2\n", to);
  EXPECT_EQ(short_row.error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(short_row.error().message, "t.csv: line 3: 1 fields, the header has 2");
  Timeline other;
  EXPECT_EQ(import_text("frame,success\n" + std::string((1 << 20) + 1, '1') + "\n", other).error().code,
            ErrorCode::resource_limit);
  std::istringstream in("frame,success\n");
  EXPECT_EQ(import_csv(in, {.name = "x", .frame_rate = 0}, to).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus

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
  EXPECT_EQ(done->ignored, 1);
  ASSERT_EQ(to.frames().size(), 3U) << "a frame without a face is a frame";
  EXPECT_EQ(to.frames()[1].time.ticks, 33'000);
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
  EXPECT_EQ(to.frames().at(1).time.ticks, 500'000) << "frame 15 at 30 a second";
  EXPECT_EQ(to.observations().at(0).face.box, (RectF{10, 20, 30, 40}));
  EXPECT_EQ(std::get<double>(to.reading(ChannelId("au.01.probability"), TrackId(1))->value), 0.25);
  EXPECT_EQ(std::get<std::vector<float>>(to.reading(ChannelId("expression.pyfeat"), TrackId(1))->value).at(0), 0.5F);
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
    EXPECT_EQ(done->ignored, 0);
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

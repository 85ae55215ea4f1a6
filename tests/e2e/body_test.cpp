// vultus body detect on a real photo: what scripts read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;

TEST(BodyDetect, TellsHandsBodiesAndPeopleAndDrawsThem) {
  const World world;
  world.copy(samples().obama, "a.jpg");
  const Answer answer = world.vultus({"body", "detect", "a.jpg", "--json", "--faces", "--annotate", "drawn"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const auto lines = json_lines(answer.out);
  ASSERT_EQ(lines.size(), 1U);
  const Json& seen = lines[0];
  EXPECT_EQ(seen.at("file"), "a.jpg");
  ASSERT_EQ(seen.at("bodies").size(), 1U);
  const Json& points = seen.at("bodies")[0].at("points");
  ASSERT_EQ(points.size(), 33U);
  EXPECT_EQ(points[11].at("name"), "left_shoulder");
  EXPECT_GT(points[11].at("x").get<double>(), points[12].at("x").get<double>()) << "he faces the camera";
  EXPECT_LT(points[0].at("y").get<double>(), points[11].at("y").get<double>()) << "nose above shoulder";
  EXPECT_GT(points[0].at("visibility").get<double>(), .9);
  EXPECT_LT(points[27].at("visibility").get<double>(), .5) << "the photo ends at the chest";
  ASSERT_EQ(seen.at("faces").size(), 1U);
  EXPECT_EQ(seen.at("faces")[0].size(), 468U);
  EXPECT_EQ(seen.at("people")[0].at("body"), 0);
  EXPECT_EQ(seen.at("people")[0].at("face"), 0);
  EXPECT_TRUE(std::filesystem::exists(world / "drawn/a.jpg"));
}

TEST(BodyDetect, DrawsOverNoPictureOfTheFolder) {
  const World world;
  world.write("p/a-2.jpg", grey_picture(64));
  world.write("p/a.jpg", grey_picture(48));
  ASSERT_EQ(world.vultus({"body", "detect", "p", "--light", "--annotate", "p"}).code, 0);
  EXPECT_EQ(read_bytes(world / "p/a-2.jpg"), grey_picture(64));
  EXPECT_EQ(read_bytes(world / "p/a.jpg"), grey_picture(48));
  EXPECT_TRUE(std::filesystem::exists(world / "p/a-2-2.jpg"));
  EXPECT_TRUE(std::filesystem::exists(world / "p/a-3.jpg"));
}

TEST(BodyDetect, FindsHandsInAGroupPhoto) {
  const World world;
  world.copy(samples().group_2, "g.jpg");
  const auto lines = json_lines(world.vultus({"body", "detect", "g.jpg", "--json", "--light"}).out);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_GE(lines[0].at("hands").size(), 2U);
  for (const Json& hand : lines[0].at("hands")) {
    EXPECT_EQ(hand.at("points").size(), 21U);
    EXPECT_THAT((std::vector<std::string>{"left", "right"}), ::testing::Contains(hand.at("handedness")));
    EXPECT_GE(hand.at("presence").get<double>(), .5);
  }
}

TEST(BodyDetect, GoesOnAfterAFileThatIsNoPicture) {
  const World world;
  world.copy(samples().obama, "b.jpg");
  world.write("a.jpg", "no picture");
  const Answer answer = world.vultus({"body", "detect", "a.jpg", "b.jpg", "--json"});
  EXPECT_EQ(answer.code, 1);
  const auto lines = json_lines(answer.out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[0].contains("error"));
  EXPECT_EQ(lines[1].at("bodies").size(), 1U);
}

TEST(BodyConvert, PutsTheJointsOfOpenPoseInTheOrderOfCoco) {
  const World world;
  std::string list;
  for (int i = 0; i < 25; ++i) list += (i > 0 ? "," : "") + std::to_string(10 * i) + ",7," + (i == 5 ? "0" : "0.5");
  world.write("in.json", R"({"people":[{"pose_keypoints_2d":[)" + list + "]}]}");
  const Answer answer = world.vultus({"body", "convert", "in.json", "--to", "coco"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const Json joints = json_lines(answer.out).at(0).at("annotations")[0].at("keypoints");
  ASSERT_EQ(joints.size(), 51U);
  EXPECT_EQ(joints[0], 0) << "the nose";
  EXPECT_EQ(joints[3], 160) << "the left eye is OpenPose's 16";
  EXPECT_EQ(joints[3 * 5 + 2], 0) << "the left shoulder is missing";
  EXPECT_EQ(joints[3 * 6], 20) << "the right shoulder is OpenPose's 2";
  world.write("bad.json", "{}");
  EXPECT_EQ(world.vultus({"body", "convert", "bad.json", "--to", "coco"}).code, 5);
  EXPECT_EQ(world.vultus({"body", "rectify", "in.json"}).code, 0);
  EXPECT_EQ(world.vultus({"body", "rectify", "./in.json", "-o", "in.json"}).code, 3) << "the input would be lost";
}

}  // namespace
}  // namespace vultus::e2e

#include <vultus/body/keypoints.hpp>

#include <gtest/gtest.h>

#include <vultus/body/keypoint_files.hpp>

namespace vultus::body {
namespace {

/// Joint i lies at (i + 1, -i), and is the surer the later.
Keypoints numbered(Layout layout) {
  Keypoints all{layout, {}};
  for (std::size_t i = 0; i < joints_of(layout); ++i)
    all.joints.push_back(
        {{static_cast<float>(i) + 1, -static_cast<float>(i)}, 0.25F + static_cast<float>(i) / 256, true});
  return all;
}

TEST(Layouts, HaveTheJointsThatTheyAreCalledAfter) {
  EXPECT_EQ(joints_of(Layout::mediapipe75), 75U);
  EXPECT_EQ(joints_of(Layout::coco17), 17U);
  EXPECT_EQ(joints_of(Layout::openpose67), 67U);
  EXPECT_EQ(joints_of(Layout::wholebody133), 133U);
  EXPECT_EQ(joints_of(Layout::signs54), 54U);
  EXPECT_EQ(layout_named("openpose").value(), Layout::openpose67);
  EXPECT_FALSE(layout_named("other"));
}

TEST(ProjectedJoints, KeepTheirMeaning) {
  const Keypoints mp = numbered(Layout::mediapipe75);
  const Keypoints coco = projected(mp, Layout::coco17);
  // COCO: nose, left eye, right eye, left ear, right ear, left shoulder ... as MediaPipe numbers them.
  constexpr std::array<std::size_t, 17> kOfMediaPipe{0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28};
  for (std::size_t i = 0; i < 17; ++i) EXPECT_EQ(coco.joints[i], mp.joints[kOfMediaPipe[i]]) << i;
  const Keypoints open = projected(mp, Layout::openpose67);
  EXPECT_EQ(open.joints[2], mp.joints[12]) << "OpenPose begins with the right shoulder";
  EXPECT_EQ(open.joints[7], mp.joints[15]) << "left wrist";
  EXPECT_EQ(open.joints[19], mp.joints[31]) << "left big toe";
  EXPECT_EQ(open.joints[24], mp.joints[30]) << "right heel";
  EXPECT_FALSE(open.joints[20].seen) << "MediaPipe has no small toe";
  EXPECT_EQ(open.joints[25], mp.joints[33]) << "left hand first";
  EXPECT_EQ(open.joints[1].place, (Point2f{12.5F, -11.5F})) << "the neck is the middle of the shoulders";
  EXPECT_EQ(open.joints[8].place, (Point2f{24.5F, -23.5F}));
  const Keypoints signs = projected(mp, Layout::signs54);
  EXPECT_EQ(signs.joints[11], mp.joints[15]) << "left wrist";
  EXPECT_EQ(signs.joints[53], mp.joints[74]);
}

TEST(ProjectedJoints, ComeBackAsTheyWere) {
  const Keypoints open = numbered(Layout::openpose67);
  EXPECT_EQ(projected(open, Layout::openpose67), open);
  const Keypoints coco = numbered(Layout::coco17);
  for (const Layout over : {Layout::wholebody133, Layout::openpose67, Layout::mediapipe75})
    EXPECT_EQ(projected(projected(coco, over), Layout::coco17), coco);
}

TEST(JointsThatAreMissing, StayMissing) {
  Keypoints mp = numbered(Layout::mediapipe75);
  mp.joints[11] = {};
  const Keypoints open = projected(mp, Layout::openpose67);
  EXPECT_FALSE(open.joints[5].seen);
  EXPECT_FALSE(open.joints[1].seen) << "no neck from one shoulder";
  EXPECT_TRUE(keypoints_of(WholeBody{}).joints == std::vector<Joint>(75));
}

TEST(FilesOfJoints, AreReadAsTheyWereWritten) {
  for (const Layout layout : {Layout::openpose67, Layout::coco17, Layout::wholebody133}) {
    Keypoints person = numbered(layout);
    person.joints[3] = {};
    person.joints[4].place = {0, 0};  // seen, at the corner
    const std::string file = write_keypoints({person, person}).value();
    EXPECT_EQ(read_keypoints(file).value(), (std::vector<Keypoints>{person, person})) << file;
  }
  EXPECT_FALSE(write_keypoints({numbered(Layout::signs54)}));
}

TEST(FilesOfJoints, OfOpenPoseMayLackHands) {
  std::string list;
  for (int i = 0; i < 25; ++i) list += (i > 0 ? ",10,20," : "10,20,") + std::string(i == 2 ? "0" : "0.5");
  const auto people = read_keypoints(R"({"version":1.3,"people":[{"pose_keypoints_2d":[)" + list +
                                     R"(],"hand_left_keypoints_2d":[]}]})");
  ASSERT_TRUE(people) << people.error().message;
  ASSERT_EQ(people->size(), 1U);
  EXPECT_EQ((*people)[0].joints[1], (Joint{{10, 20}, 0.5F, true}));
  EXPECT_FALSE((*people)[0].joints[2].seen);
  EXPECT_FALSE((*people)[0].joints[30].seen);
}

TEST(FilesOfJoints, ThatAreWrongSayWhere) {
  for (const char* bad : {"", "{}", "[1]", R"({"people":3})", R"({"people":[{"pose_keypoints_2d":[1,2]}]})",
                          R"({"people":[{"pose_keypoints_2d":"x"}]})", R"({"annotations":[{"keypoints":[1]}]})"}) {
    const auto read = read_keypoints(bad);
    ASSERT_FALSE(read) << bad;
    EXPECT_EQ(read.error().code, ErrorCode::corrupt_data) << bad;
  }
}

}  // namespace
}  // namespace vultus::body

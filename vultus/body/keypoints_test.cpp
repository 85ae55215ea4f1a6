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

/// x, y and v of so many joints; x rises.
std::string triples(int count, const std::string& v) {
  std::string list;
  for (int i = 0; i < count; ++i) list += (i > 0 ? "," : "") + std::to_string(10 + i) + ",20," + v;
  return "[" + list + "]";
}

TEST(FilesOfJoints, OfOpenPoseMayHaveTheOlder18Joints) {
  const auto people = read_keypoints(R"({"people":[{"pose_keypoints_2d":)" + triples(18, "0.5") + "}]}");
  ASSERT_TRUE(people) << people.error().message;
  const std::vector<Joint>& joints = people->at(0).joints;
  EXPECT_EQ(joints[7].place.x, 17) << "left wrist";
  EXPECT_FALSE(joints[8].seen) << "the middle of the hips";
  EXPECT_EQ(joints[9].place.x, 18) << "right hip";
  EXPECT_EQ(joints[18].place.x, 27) << "left ear";
  EXPECT_FALSE(joints[19].seen) << "no feet";
}

TEST(FilesOfJoints, OfCocoHaveFlagsOrScores) {
  const auto sure = [](const std::string& v) {
    const auto people = read_keypoints(R"([{"keypoints":)" + triples(17, v) + "}]");
    return people ? people->at(0).joints[16] : Joint{};
  };
  EXPECT_EQ(sure("2").confidence, 1) << "visible";
  EXPECT_EQ(sure("2.0").confidence, 1);
  EXPECT_EQ(sure("1").confidence, 0.5F) << "labelled, but hidden";
  EXPECT_FALSE(sure("0").seen);
  EXPECT_EQ(sure("0.25").confidence, 0.25F) << "the score of a detector";
  EXPECT_EQ(sure("1.0").confidence, 1);
}

TEST(FilesOfJoints, OfCocoKeepThePicturesOfPeople) {
  const std::string person = R"("category_id":1,"keypoints":)" + triples(17, "2") + "}";
  const auto people =
      read_keypoints(R"({"images":[{"id":9,"file_name":"b.jpg"},{"id":7,"file_name":"a.jpg"}],"annotations":[)"
                     R"({"image_id":7,)" +
                     person + R"(,{"image_id":9,)" + person + "]}");
  ASSERT_TRUE(people) << people.error().message;
  ASSERT_EQ(people->size(), 2U);
  EXPECT_EQ((*people)[0].image_name, "a.jpg");
  EXPECT_EQ((*people)[1].image, 9);
  EXPECT_EQ(read_keypoints(write_keypoints(*people).value()).value(), *people);
  std::vector<Keypoints> open;
  for (const Keypoints& one : *people) open.push_back(projected(one, Layout::openpose67));
  const auto merged = write_keypoints(open);
  ASSERT_FALSE(merged) << "a file of OpenPose is one frame";
  EXPECT_EQ(merged.error().code, ErrorCode::invalid_argument);
}

TEST(FilesOfJoints, OfCocoHaveWhatItsReadersAskFor) {
  Keypoints person = numbered(Layout::wholebody133);
  person.image = 7;
  for (std::size_t i = 112; i < 133; ++i) person.joints[i] = {};
  const std::string file = write_keypoints({person}, {640, 480}).value();
  for (const char* part :
       {R"("images":[{"id":7,"file_name":"","width":640,"height":480}])", R"("id":1,"image_id":7,"category_id":1)",
        R"("iscrowd":0,"bbox":[1.0,-111.0,111.0,111.0],"area":12321.0,"num_keypoints":17,"keypoints":[1.0,)",
        R"("foot_valid":true,"face_kpts")", R"("lefthand_valid":true)", R"("righthand_valid":false)",
        R"("categories":[{"id":1,"name":"person")", R"("skeleton":[[16,14],)"})
    EXPECT_NE(file.find(part), std::string::npos) << part << "\n" << file;
}

TEST(FilesOfJoints, AreResultsOfWholeBodies) {
  const auto people = read_keypoints(R"([{"image_id":7,"keypoints":)" + triples(133, "0.5") + R"(,"score":0.8}])");
  ASSERT_TRUE(people) << people.error().message;
  EXPECT_EQ(people->at(0).layout, Layout::wholebody133);
  EXPECT_EQ(people->at(0).joints[132], (Joint{{142, 20}, 0.5F, true}));
  EXPECT_EQ(people->at(0).image, 7);
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

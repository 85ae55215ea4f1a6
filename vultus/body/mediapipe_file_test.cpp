#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/body/keypoint_files.hpp>

namespace vultus::body {
namespace {

using ::testing::HasSubstr;

constexpr PictureSize kVga{640, 480};

/// `count` points at (0.25, 0.5), the first at (0.5, 0.25).
std::string points(int count, const std::string& visibility) {
  std::string list = R"([{"x": 0.5, "y": 0.25)" + visibility + "}";
  for (int i = 1; i < count; ++i) list += R"(, {"x": 0.25, "y": 0.5, "z": -0.1)" + visibility + "}";
  return list + "]";
}

TEST(FilesOfMediaPipe, AreSharesOfThePicture) {
  const auto people = read_keypoints(R"({"pose_landmarks": [)" + points(33, R"(, "visibility": 0.75)") + ", " +
                                         points(33, R"(, "visibility": 0.25)") + R"(], "left_hand_landmarks": [[], )" +
                                         points(21, "") + "]}",
                                     kVga);
  ASSERT_TRUE(people) << people.error().message;
  ASSERT_EQ(people->size(), 2U);
  EXPECT_EQ((*people)[0].joints[0], (Joint{{320, 120}, 0.75F, true}));
  EXPECT_EQ((*people)[0].joints[32], (Joint{{160, 240}, 0.75F, true}));
  EXPECT_FALSE((*people)[0].joints[33].seen) << "the first person has no hand";
  EXPECT_FALSE((*people)[1].joints[0].seen) << "hardly visible";
  EXPECT_EQ((*people)[1].joints[33], (Joint{{320, 120}, 1, true})) << "points of hands have no visibility";
}

TEST(FilesOfMediaPipe, OfOnePersonAndOfProtocolBuffersAreTheSame) {
  const std::string list = points(33, R"(, "visibility": 0.75)");
  const auto plain = read_keypoints(R"({"pose_landmarks": )" + list + "}", kVga);
  ASSERT_TRUE(plain) << plain.error().message;
  ASSERT_EQ(plain->size(), 1U);
  EXPECT_EQ(read_keypoints(R"({"poseLandmarks": {"landmark": )" + list + R"(}, "faceLandmarks": null})", kVga).value(),
            *plain);
  EXPECT_EQ(read_keypoints(R"({"pose_landmarks": [{"landmark": )" + list + "}]}", kVga).value(), *plain);
}

TEST(FilesOfMediaPipe, AreReadAsTheyWereWritten) {
  Keypoints person{Layout::mediapipe75, std::vector<Joint>(75)};
  person.joints[3] = {{64, 48}, 0.75F, true};
  person.joints[74] = {{320, 240}, 0.5F, true};
  const auto text = write_keypoints({person}, kVga);
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_THAT(*text, HasSubstr(R"("left_hand_landmarks":[[]])"));
  const auto again = read_keypoints(*text, kVga);
  ASSERT_TRUE(again) << again.error().message;
  ASSERT_EQ(again->size(), 1U);
  for (std::size_t i = 0; i < 75; ++i) EXPECT_EQ((*again)[0].joints[i].seen, person.joints[i].seen) << i;
  EXPECT_NEAR((*again)[0].joints[3].place.x, 64, 1e-4);
  EXPECT_NEAR((*again)[0].joints[74].place.y, 240, 1e-4);
  EXPECT_EQ((*again)[0].joints[74].confidence, 0.5F);
}

TEST(FilesOfMediaPipe, OfHandsAloneAreSortedBySide) {
  const std::string hand = points(21, R"(, "visibility": 0)");
  const auto people = read_keypoints(
      R"({"hand_landmarks": [)" + hand + "," + hand + "," + hand +
          R"(], "handedness": [[{"category_name": "Right", "score": 0.9}], [{"category_name": "Left"}], )"
          R"([{"category_name": "Right"}]]})",
      kVga);
  ASSERT_TRUE(people) << people.error().message;
  ASSERT_EQ(people->size(), 2U);
  EXPECT_EQ((*people)[0].joints[33], (Joint{{320, 120}, 1, true})) << "a visibility of 0 throughout is none";
  EXPECT_TRUE((*people)[0].joints[54].seen);
  EXPECT_FALSE((*people)[1].joints[33].seen);
  EXPECT_TRUE((*people)[1].joints[54].seen) << "the second right hand is of a second person";
  EXPECT_TRUE(read_keypoints(R"({"multi_hand_landmarks": [{"landmark": )" + hand +
                                 R"(}], "multi_handedness": [{"classification": [{"label": "Left"}]}]})",
                             kVga));
  EXPECT_FALSE(read_keypoints(R"({"hand_landmarks": [)" + hand + "]}", kVga)) << "of which side?";
}

TEST(FilesOfMediaPipe, ThatAreAmissAreErrors) {
  const auto unsized = read_keypoints(R"({"pose_landmarks": )" + points(33, "") + "}");
  ASSERT_FALSE(unsized);
  EXPECT_EQ(unsized.error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(write_keypoints({Keypoints{Layout::mediapipe75, std::vector<Joint>(75)}}));
  const auto fewer = read_keypoints(R"({"pose_landmarks": )" + points(32, "") + "}", kVga);
  ASSERT_FALSE(fewer);
  EXPECT_THAT(fewer.error().message, HasSubstr("33 points"));
  for (const char* bad : {R"({"pose_landmarks": 5})", R"({"pose_landmarks": [[{"x": 1}]]})",
                          R"({"pose_landmarks": [7]})", R"({"left_hand_landmarks": {"landmark": "x"}})"})
    EXPECT_FALSE(read_keypoints(bad, kVga)) << bad;
}

}  // namespace
}  // namespace vultus::body

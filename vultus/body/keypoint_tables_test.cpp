#include <vultus/body/keypoint_tables.hpp>

#include <cmath>
#include <numeric>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::body {
namespace {

using ::testing::HasSubstr;

TEST(JointsOfAnArray, AreTakenByTheShapeThatTheyHave) {
  // Two frames of one person: 17 joints at (1, 2, .5), (4, 5, .5) ...
  std::vector<float> values(2 * 17 * 3);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i % 3 == 2 ? 0.5F : static_cast<float>(i + 1);
  const auto people = keypoints_of_array(values, std::vector<std::size_t>{2, 17, 3});
  ASSERT_TRUE(people) << people.error().message;
  ASSERT_EQ(people->size(), 2U);
  EXPECT_EQ((*people)[0].layout, Layout::coco17);
  EXPECT_EQ((*people)[0].joints[1], (Joint{{4, 5}, 0.5F, true}));
  EXPECT_EQ((*people)[1].joints[0], (Joint{{52, 53}, 0.5F, true})) << "17 joints of 3 numbers later";
  EXPECT_EQ(keypoints_of_array(values, std::vector<std::size_t>{2, 51}).value(), *people) << "flat rows are the same";
  EXPECT_EQ(keypoints_of_array(values, std::vector<std::size_t>{1, 2, 51}).value(), *people);
}

TEST(JointsOfAnArray, OfSignsHaveAnOutlineBeforeTheBody) {
  std::vector<float> values(158);
  std::iota(values.begin(), values.end(), 1.0F);
  values[2 * 5] = values[2 * 5 + 1] = 0;  // point 5: the second of the body
  values[2 * 78 + 1] = std::nanf("");     // the last of the second hand
  const auto people = keypoints_of_array(values, std::vector<std::size_t>{158});
  ASSERT_TRUE(people);
  ASSERT_EQ(people->size(), 1U);
  EXPECT_EQ((*people)[0].layout, Layout::mediapipe75);
  EXPECT_EQ((*people)[0].joints[0], (Joint{{9, 10}, 1, true})) << "four points before it are left out";
  EXPECT_FALSE((*people)[0].joints[1].seen) << "(0, 0) is missing";
  EXPECT_FALSE((*people)[0].joints[74].seen) << "NaN is missing";
  EXPECT_TRUE((*people)[0].joints[73].seen);
}

TEST(JointsOfAnArray, OfTheBodyAloneHaveNoHands) {
  const std::vector<float> values(33 * 2, 7);
  const auto people = keypoints_of_array(values, std::vector<std::size_t>{33, 2});
  ASSERT_TRUE(people);
  ASSERT_EQ((*people)[0].joints.size(), 75U);
  EXPECT_TRUE((*people)[0].joints[32].seen);
  EXPECT_FALSE((*people)[0].joints[33].seen);
}

TEST(JointsOfAnArray, OfNoLayoutAreRefused) {
  const std::vector<float> values(40);
  const auto odd = keypoints_of_array(values, std::vector<std::size_t>{20, 2});
  ASSERT_FALSE(odd);
  EXPECT_THAT(odd.error().message, HasSubstr("(20, 2)"));
  EXPECT_FALSE(keypoints_of_array(values, std::vector<std::size_t>{3, 17, 2})) << "too few values";
  EXPECT_FALSE(keypoints_of_array(values, std::vector<std::size_t>{}));
}

TEST(JointsOfACsv, AreThoseThatBodyDetectWrites) {
  const auto people = read_keypoint_csv(
      "file,person,part,point,x,y,z,score\r\n"
      "a.jpg,1,body,0,10.5,20,-3,0.9\r\n"
      "a.jpg,1,body,1,11,21,-3,0.2\r\n"
      "a.jpg,1,right_hand,20,5,6,0,0.7\r\n"
      "a.jpg,2,body,0,1,2,0,0.8\r\n"
      "b.jpg,1,left_hand,0,3,4,0,0.6\r\n");
  ASSERT_TRUE(people) << people.error().message;
  ASSERT_EQ(people->size(), 3U);
  EXPECT_EQ((*people)[0].joints[0], (Joint{{10.5F, 20}, 0.9F, true}));
  EXPECT_FALSE((*people)[0].joints[1].seen) << "hidden, by its score";
  EXPECT_EQ((*people)[0].joints[74], (Joint{{5, 6}, 0.7F, true}));
  EXPECT_EQ((*people)[1].joints[0], (Joint{{1, 2}, 0.8F, true}));
  EXPECT_EQ((*people)[2].joints[33], (Joint{{3, 4}, 0.6F, true}));
  EXPECT_EQ((*people)[2].image_name, "b.jpg");
  EXPECT_NE((*people)[2].image, (*people)[1].image);
}

TEST(JointsOfACsv, AreColumnsNamedAfterThem) {
  std::string header = "frame", row = "7", named = "frame", named_row = "7";
  for (int i = 0; i < 17; ++i) {
    const std::string n = std::to_string(i);
    header += ",x_" + n + ",y_" + n + ",c_" + n;
    row += i == 3 ? ",,,0" : "," + n + ".5,2,0.25";
    named += ",j" + n + "_x,j" + n + "_y";
    named_row += i == 3 ? ",0,0" : "," + n + ".5,2";
  }
  const auto people = read_keypoint_csv(header + "\n" + row + "\n");
  ASSERT_TRUE(people) << people.error().message;
  ASSERT_EQ(people->size(), 1U);
  EXPECT_EQ((*people)[0].layout, Layout::coco17);
  EXPECT_EQ((*people)[0].joints[16], (Joint{{16.5F, 2}, 0.25F, true}));
  EXPECT_FALSE((*people)[0].joints[3].seen);
  const auto without = read_keypoint_csv(named + "\n" + named_row + "\n");
  ASSERT_TRUE(without) << without.error().message;
  EXPECT_EQ((*without)[0].joints[16], (Joint{{16.5F, 2}, 1, true}));
  EXPECT_FALSE((*without)[0].joints[3].seen) << "(0, 0) without a confidence";
}

TEST(JointsOfACsv, ThatAreAmissAreToldByTheirLine) {
  const auto bad = read_keypoint_csv("file,person,part,point,x,y,score\na,1,body,0,1,2,0.5\na,1,tail,0,1,2,0.5\n");
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().message, HasSubstr("line 3"));
  EXPECT_THAT(bad.error().message, HasSubstr("tail"));
  EXPECT_FALSE(read_keypoint_csv("file,person,part,point,x,y,score\na,1,body,33,1,2,0.5\n")) << "33 points: 0 to 32";
  EXPECT_FALSE(read_keypoint_csv("file,person,part,point,x,y,score\na,1,body,0,one,2,0.5\n"));
  EXPECT_FALSE(read_keypoint_csv("x_0,y_0\n1,2\n")) << "one joint is no layout";
  EXPECT_FALSE(read_keypoint_csv("x_0,y_0\n1\n"));
  EXPECT_FALSE(read_keypoint_csv(""));
}

}  // namespace
}  // namespace vultus::body

#include <vultus/face/blaze_decoder.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/face/detection_plan.hpp>

namespace vultus::face {
namespace {

TEST(BlazeAnchors, StandInTheMiddleOfTheirCells) {
  const auto full = blaze_anchors(192, std::array{BlazeGrid{4, 1}});
  ASSERT_EQ(full.size(), 2304U);  // 48 x 48
  EXPECT_EQ(full[0], (Point2f{2, 2}));
  EXPECT_EQ(full[49], (Point2f{6, 6}));
  EXPECT_EQ(full.back(), (Point2f{190, 190}));
  const auto near = blaze_anchors(128, std::array{BlazeGrid{8, 2}, BlazeGrid{16, 6}});
  ASSERT_EQ(near.size(), 896U);  // 16 * 16 * 2 + 8 * 8 * 6
  EXPECT_EQ(near[1], near[0]);
  EXPECT_EQ(near[512], (Point2f{8, 8}));
}

TEST(BlazeDecoder, PutsTheBoxAndTheEyesBesideTheAnchor) {
  const std::vector<Point2f> anchors{{10, 20}, {30, 40}};
  std::vector<float> numbers(32);
  const std::array second{1.0F, -2.0F, 8.0F, 6.0F, -3.0F, -4.0F, 5.0F, -4.0F};
  std::copy(second.begin(), second.end(), numbers.begin() + 16);
  const std::vector<float> logits{-5, std::log(3.0F)};  // sigmoid(ln 3) = 3/4
  const auto boxes = decode_blaze(logits, numbers, anchors, Score(0.5F));
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_EQ(boxes[0].box, (RectF{27, 35, 8, 6}));
  EXPECT_NEAR(boxes[0].score.value(), 0.75F, 1e-6);
  ASSERT_TRUE(boxes[0].eyes);
  EXPECT_EQ((*boxes[0].eyes)[0], (Point2f{27, 36}));
  EXPECT_EQ((*boxes[0].eyes)[1], (Point2f{35, 36}));
  EXPECT_EQ(scaled(boxes[0], 2).box, (RectF{54, 70, 16, 12}));
  EXPECT_EQ((*scaled(boxes[0], 2).eyes)[1], (Point2f{70, 72}));
}

TEST(BlazeDecoder, NumbersThatAreNotFiniteMakeNoBox) {
  const std::vector<Point2f> anchors{{10, 20}};
  const std::vector<float> sure{9};
  for (const std::size_t at : {0U, 2U, 5U}) {
    std::vector<float> numbers(16, 4);
    EXPECT_EQ(decode_blaze(sure, numbers, anchors, Score(0.5F)).size(), 1U);
    numbers[at] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_TRUE(decode_blaze(sure, numbers, anchors, Score(0.5F)).empty());
  }
  EXPECT_TRUE(decode_blaze(std::vector{NAN}, std::vector<float>(16, 4), anchors, Score(0.5F)).empty());
  EXPECT_TRUE(decode_blaze(sure, std::vector<float>(16, -4), anchors, Score(0.5F)).empty()) << "no size";
}

TEST(SquarePlan, ASmallPictureIsSeenOnce) {
  const auto passes = plan_square_detection(250, 200, 192, {.fine_side = 640});
  ASSERT_EQ(passes.size(), 1U);
  EXPECT_EQ(passes[0].region, (RectF{0, 0, 250, 200}));
  EXPECT_FLOAT_EQ(passes[0].scale, 192.0F / 250);
  EXPECT_FLOAT_EQ(plan_square_detection(100, 100, 192, {})[0].scale, 1) << "nothing is enlarged";
}

TEST(SquarePlan, SquaresCoverALargePictureAndOverlap) {
  // 1280 x 720 at 640: squares of 384 pixels every 256, the last ones moved back to the edge.
  const auto passes = plan_square_detection(1280, 720, 192, {.fine_side = 640});
  ASSERT_EQ(passes.size(), 1U + 5 * 3);
  EXPECT_EQ(passes[1].region, (RectF{0, 0, 384, 384}));
  EXPECT_EQ(passes[2].region, (RectF{256, 0, 384, 384}));
  EXPECT_EQ(passes[5].region, (RectF{896, 0, 384, 384}));
  EXPECT_EQ(passes.back().region, (RectF{896, 336, 384, 384}));
  EXPECT_EQ(plan_square_detection(1280, 720, 192, {.fine_side = 0}).size(), 1U);
  EXPECT_FLOAT_EQ(plan_square_detection(1280, 720, 192, {.fine_side = 640, .tiles = true})[1].scale, 1);
}

}  // namespace
}  // namespace vultus::face

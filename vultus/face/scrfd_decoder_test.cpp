#include <vultus/face/scrfd_decoder.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/face/detector.hpp>
#include <vultus/face/fake_network.hpp>

namespace vultus::face {
namespace {

/// One stride of an input of 64 x 32 pixels, with one face in it.
struct Level {
  int stride;
  std::vector<float> scores, boxes, points;
  Level(int s, std::size_t anchors) : stride(s), scores(anchors), boxes(anchors * 4), points(anchors * 10) {}
  void put(std::size_t anchor, float score, const std::vector<float>& box, const std::vector<float>& five) {
    scores[anchor] = score;
    std::copy(box.begin(), box.end(), boxes.begin() + static_cast<std::ptrdiff_t>(anchor * 4));
    std::copy(five.begin(), five.end(), points.begin() + static_cast<std::ptrdiff_t>(anchor * 10));
  }
  [[nodiscard]] ScrfdLevel view() const { return {stride, scores, boxes, points}; }
};

const std::vector<float> kFive{-0.5F, -0.5F, 0.5F, -0.25F, 0, 0, -0.5F, 0.5F, 0.5F, 0.5F};

TEST(ScrfdDecoder, CountsTheAnchorsOfPublishedInputs) {
  EXPECT_EQ(scrfd_anchors(640, 640, 8, 2), 12800U);
  EXPECT_EQ(scrfd_anchors(640, 640, 16, 2), 3200U);
  EXPECT_EQ(scrfd_anchors(640, 640, 32, 2), 800U);
  EXPECT_EQ(scrfd_anchors(100, 64, 32, 2), 16U) << "4 x 2 cells: a begun cell counts";
}

TEST(ScrfdDecoder, MeasuresFromTheUpperLeftOfACellInStrides) {
  // Stride 8: 8 x 4 cells of two anchors. Anchor 39 is the second of cell 19 = row 2, column 3: at (24, 16).
  Level level(8, 64);
  level.put(39, 0.75F, {1, 0.5F, 2, 1.5F}, kFive);
  const auto found = decode_scrfd(level.view(), 64, 32, 2, Score(0.5F));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].box, (RectF{16, 12, 24, 16}));  // from (24 - 8, 16 - 4) to (24 + 16, 16 + 12)
  EXPECT_EQ(found[0].score, Score(0.75F));
  ASSERT_TRUE(found[0].eyes);
  EXPECT_EQ((*found[0].eyes)[0], (Point2f{20, 12}));
  EXPECT_EQ((*found[0].eyes)[1], (Point2f{28, 14}));
  EXPECT_TRUE(decode_scrfd(level.view(), 64, 32, 2, Score(0.8F)).empty());
  level.points.clear();
  EXPECT_FALSE(decode_scrfd(level.view(), 64, 32, 2, Score(0.5F))[0].eyes) << "models without points are known too";
}

TEST(ScrfdDecoder, NumbersThatMakeNoSenseMakeNoBox) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  for (const auto& [score, left, eye] : {std::tuple{nan, 1.0F, 0.0F},
                                         {7.0F, 1.0F, 0.0F},
                                         {0.9F, nan, 0.0F},
                                         {0.9F, inf, 0.0F},
                                         {0.9F, -9.0F, 0.0F},
                                         {0.9F, 1.0F, nan}}) {
    Level level(32, 4);
    level.put(1, score, {left, 1, 1, 1}, {eye, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    EXPECT_TRUE(decode_scrfd(level.view(), 64, 32, 2, Score(0.5F)).empty()) << score << left << eye;
  }
}

/// A network of 128 x 128 that sees one face of each size.
test::Outputs published(runtime::Network&) {
  test::Outputs outputs;
  for (const auto& [stride, anchor] : {std::pair{8, 0U}, {16, 64U}, {32, 21U}}) {
    Level level(stride, scrfd_anchors(128, 128, stride, 2));
    if (stride == 16) level.put(anchor, 0.9F, {1, 1, 1, 1}, kFive);  // cell 32 = row 4, column 0: at (0, 64)
    if (stride == 32) level.put(anchor, 0.8F, {1, 1, 1, 1}, kFive);  // cell 10 = row 2, column 2: at (64, 64)
    outputs["scores_" + std::to_string(stride)] = level.scores;
    outputs["boxes_" + std::to_string(stride)] = level.boxes;
    outputs["points_" + std::to_string(stride)] = level.points;
  }
  return outputs;
}

runtime::ModelHandle scrfd(test::Answer answer) {
  runtime::ModelHandle model = test::fake_model("scrfd", {1, 3, 128, 128}, std::move(answer));
  for (const int stride : {8, 16, 32})
    for (const char* kind : {"scores_", "boxes_", "points_"})
      model.manifest.outputs[kind + std::to_string(stride)] = "t";
  model.manifest.input.resizable = false;
  return model;
}

TEST(ScrfdDetector, PutsTheBoxesOfAllStridesIntoThePicture) {
  // A picture of 256 x 256 in an input of 128 x 128: everything comes back twice as large.
  auto detector =
      Detector::load(scrfd(published), {.threshold = Score(0.5F), .reach = {.coarse_side = 128, .fine_side = 0}})
          .value();
  const auto found = detector.detect(Image::create(256, 256, PixelFormat::rgb8).value().view()).value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].box, (RectF{-32, 96, 64, 64}));
  EXPECT_EQ(found[1].box, (RectF{64, 64, 128, 128}));
  EXPECT_EQ((*found[1].eyes)[0], (Point2f{96, 96}));
}

TEST(ScrfdDetector, WithOtherOutputsThanItsInputNeedsIsDamaged) {
  const auto short_of = [](runtime::Network& network) {
    auto outputs = published(network);
    outputs["boxes_16"].pop_back();
    return outputs;
  };
  const auto refused = Detector::load(scrfd(short_of), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::corrupt_data);
  runtime::ModelHandle without = scrfd(published);
  without.manifest.outputs.erase("boxes_32");
  EXPECT_EQ(Detector::load(without, {}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::face

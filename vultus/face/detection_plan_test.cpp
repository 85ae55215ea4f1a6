#include <vultus/face/detection_plan.hpp>

#include <algorithm>

#include <gtest/gtest.h>

namespace vultus::face {
namespace {

struct Case {
  const char* name;
  int width, height;
  std::vector<DetectionPass> want;
};

// By hand: the longer side becomes 320, then 1280, never larger than the picture; inputs are rounded up to 64.
const std::vector<Case>& cases() {
  static const std::vector<Case> kAll{
      {"a_small_square", 250, 250, {{{0, 0, 250, 250}, 256, 256, 1}}},
      {"the_coarse_size", 320, 240, {{{0, 0, 320, 240}, 320, 256, 1}}},
      {"just_above_it", 400, 300, {{{0, 0, 400, 300}, 320, 256, 0.8F}}},
      {"vga", 640, 480, {{{0, 0, 640, 480}, 320, 256, 0.5F}, {{0, 0, 640, 480}, 640, 512, 1}}},
      {"hd", 1280, 720, {{{0, 0, 1280, 720}, 320, 192, 0.25F}, {{0, 0, 1280, 720}, 1280, 768, 1}}},
      {"a_photo", 4000, 3000, {{{0, 0, 4000, 3000}, 320, 256, 0.08F}, {{0, 0, 4000, 3000}, 1280, 960, 0.32F}}},
      {"a_strip", 100, 4000, {{{0, 0, 100, 4000}, 64, 320, 0.08F}, {{0, 0, 100, 4000}, 64, 1280, 0.32F}}},
      {"one_pixel", 1, 1, {{{0, 0, 1, 1}, 64, 64, 1}}}};
  return kAll;
}

class DetectionPlan : public ::testing::TestWithParam<std::size_t> {};

TEST_P(DetectionPlan, IsTheOneWorkedOutByHand) {
  const Case& c = cases()[GetParam()];
  EXPECT_EQ(plan_detection(c.width, c.height, {}), c.want);
}

INSTANTIATE_TEST_SUITE_P(Of, DetectionPlan, ::testing::Range(std::size_t{0}, cases().size()),
                         [](const auto& chosen) { return std::string(cases()[chosen.param].name); });

TEST(DetectionPlanOptions, WithoutAFineSideThereIsOneLook) {
  EXPECT_EQ(plan_detection(4000, 3000, {.fine_side = 0}).size(), 1U);
}

TEST(DetectionPlanOptions, TilesAreOnlyForPicturesLargerThanTheFineSide) {
  EXPECT_EQ(plan_detection(1280, 720, {.tiles = true}).size(), 2U);
  EXPECT_GT(plan_detection(1281, 720, {.tiles = true}).size(), 2U);
}

class Tiles : public ::testing::TestWithParam<std::pair<int, int>> {};

TEST_P(Tiles, CoverEveryPixelAtFullResolutionInsideThePicture) {
  const auto [width, height] = GetParam();
  const auto passes = plan_detection(width, height, {.tiles = true});
  std::vector<char> columns(static_cast<std::size_t>(width)), rows(static_cast<std::size_t>(height));
  std::vector<RectF> tiles;
  for (std::size_t i = 2; i < passes.size(); ++i) {
    const RectF& r = passes[i].region;
    EXPECT_EQ(passes[i].scale, 1.0F);
    EXPECT_LE(passes[i].input_width, 1280);
    EXPECT_LE(passes[i].input_height, 1280);
    EXPECT_TRUE(r.x >= 0 && r.y >= 0 && r.right() <= static_cast<float>(width) &&
                r.bottom() <= static_cast<float>(height));
    tiles.push_back(r);
  }
  // A face of 160 pixels anywhere lies whole in one of the tiles. Tiles are a grid, so the corners say it all.
  const int face = 160;
  for (int y = 0; y + face <= height; y += 40)
    for (int x = 0; x + face <= width; x += 40) {
      const RectF at{static_cast<float>(x), static_cast<float>(y), face, face};
      EXPECT_TRUE(std::ranges::any_of(tiles,
                                      [&](const RectF& t) {
                                        return at.x >= t.x && at.y >= t.y && at.right() <= t.right() &&
                                               at.bottom() <= t.bottom();
                                      }))
          << x << " " << y;
    }
  for (int y = 0; y < height; y += 7)
    for (int x = 0; x < width; x += 7)
      EXPECT_TRUE(std::ranges::any_of(tiles,
                                      [&](const RectF& t) {
                                        return static_cast<float>(x) >= t.x && static_cast<float>(y) >= t.y &&
                                               static_cast<float>(x) + 1 <= t.right() &&
                                               static_cast<float>(y) + 1 <= t.bottom();
                                      }))
          << x << " " << y;
}

INSTANTIATE_TEST_SUITE_P(Of, Tiles,
                         ::testing::Values(std::pair(4000, 3000), std::pair(1281, 720), std::pair(1300, 1300),
                                           std::pair(1920, 1080), std::pair(100, 4000), std::pair(5000, 161)),
                         [](const auto& chosen) {
                           return std::to_string(chosen.param.first) + "x" + std::to_string(chosen.param.second);
                         });

}  // namespace
}  // namespace vultus::face

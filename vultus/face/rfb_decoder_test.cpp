#include <vultus/face/rfb_decoder.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace vultus::face {
namespace {

void expect_anchor(const Anchor& a, float x, float y, float size) {
  EXPECT_EQ(a.x, x);
  EXPECT_EQ(a.y, y);
  EXPECT_EQ(a.size, size);
}

TEST(Anchors, OfTheShippedSizeAreThoseOfThePaper) {
  const auto anchors = rfb_anchors(320, 240);
  ASSERT_EQ(anchors.size(), 4420U);  // 40*30*3 + 20*15*2 + 10*8*2 + 5*4*3
  expect_anchor(anchors[0], 4, 4, 10);
  expect_anchor(anchors[1], 4, 4, 16);
  expect_anchor(anchors[2], 4, 4, 24);
  expect_anchor(anchors[3], 12, 4, 10);
  expect_anchor(anchors[120], 4, 12, 10);    // the second row of 40 cells
  expect_anchor(anchors[3600], 8, 8, 32);    // the second level
  expect_anchor(anchors[4200], 16, 16, 64);  // the third
  expect_anchor(anchors[4419], 4.5F * 64, 3.5F * 64, 256);
}

TEST(Anchors, OfOtherSizesRoundTheirGridsUp) {
  EXPECT_EQ(rfb_anchors(640, 480).size(), 17'640U);  // 80*60*3 + 40*30*2 + 20*15*2 + 10*8*3
  EXPECT_EQ(rfb_anchors(100, 50).size(), 351U);      // 13*7*3 + 7*4*2 + 4*2*2 + 2*1*3
}

TEST(RfbBoxes, AreDecodedFromTheirAnchors) {
  const std::array anchors{Anchor{100, 50, 32}};
  const std::array scores{0.3F, 0.7F};
  // Variances 0.1 and 0.2: a shift of 1 is 0.1 anchors, ln(2) / 0.2 doubles the height.
  const std::array regressions{1.0F, -2.0F, 0.0F, std::log(2.0F) / 0.2F};
  const auto boxes = decode_rfb(scores, regressions, anchors, Score(0.5F));
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_EQ(boxes[0].score, Score(0.7F));
  EXPECT_NEAR(boxes[0].box.x, 100 + 3.2 - 16, 1e-4);
  EXPECT_NEAR(boxes[0].box.y, 50 - 6.4 - 32, 1e-4);
  EXPECT_NEAR(boxes[0].box.width, 32, 1e-4);
  EXPECT_NEAR(boxes[0].box.height, 64, 1e-4);
}

TEST(RfbBoxes, CountFromTheThresholdOn) {
  const std::array<Anchor, 3> anchors{};
  const std::array scores{0.5F, 0.5F, 0.51F, 0.49F, 0.4F, 0.6F};
  const std::array<float, 12> regressions{};
  const auto boxes = decode_rfb(scores, regressions, anchors, Score(0.5F));
  ASSERT_EQ(boxes.size(), 2U);
  EXPECT_EQ(boxes[0].score, Score(0.5F));
  EXPECT_EQ(boxes[1].score, Score(0.6F));
}

TEST(RfbBoxes, OfDamagedWeightsAreFiniteOrNone) {
  const std::array anchors{Anchor{8, 8, 10}, Anchor{8, 8, 10}, Anchor{8, 8, 10}};
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  const std::array scores{0.0F, 1.0F, 0.0F, kNan, 0.0F, 1.0F};
  const std::array regressions{0.0F, 0.0F, 1e9F, 1e9F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, kNan, 0.0F, 0.0F};
  const auto boxes = decode_rfb(scores, regressions, anchors, Score(0.5F));
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_NEAR(boxes[0].box.width, 10 * std::exp(3.0), 1e-3) << "20 anchors are the most";
}

/// Non-maximum suppression again, in another way: pick the best that is left, strike out what overlaps it. The sides
/// are whole numbers, so the overlap is compared exactly.
std::vector<ScoredBox> reference(std::vector<ScoredBox> left, long tenths) {
  std::vector<ScoredBox> kept;
  while (!left.empty()) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < left.size(); ++i)
      if (left[i].score > left[best].score) best = i;
    const RectF a = left[best].box;
    kept.push_back(left[best]);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(best));
    std::erase_if(left, [&](const ScoredBox& other) {
      const RectF b = other.box;
      const long w = std::lround(std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x));
      const long h = std::lround(std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y));
      const long shared = std::max(0L, w) * std::max(0L, h);
      const long all = std::lround(a.width * a.height) + std::lround(b.width * b.height) - shared;
      return 10 * shared > tenths * all;
    });
  }
  return kept;
}

TEST(SuppressOverlaps, EqualsTheReferenceOnRandomBoxes) {
  std::mt19937 random(7);
  const auto whole = [&](int least, int most) {
    return static_cast<float>(std::uniform_int_distribution(least, most)(random));
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<ScoredBox> boxes;
    for (int i = 0; i < 60; ++i)
      boxes.push_back({{whole(-20, 100), whole(-20, 100), whole(1, 60), whole(1, 60)}, Score(whole(0, 40) / 40)});
    const long tenths = round % 9 + 1;
    EXPECT_EQ(suppress_overlaps(boxes, static_cast<float>(tenths) / 10), reference(boxes, tenths)) << "round " << round;
  }
}

TEST(SuppressOverlaps, KeepsTheBetterOfTwoAndAllThatAreApart) {
  const ScoredBox good{{0, 0, 10, 10}, Score(0.9F)}, weak{{1, 0, 10, 10}, Score(0.8F)},
      far{{50, 0, 10, 10}, Score(0.7F)};
  EXPECT_EQ(suppress_overlaps({weak, far, good}, 0.3F), (std::vector{good, far}));
  // 9 of 11 columns are shared: 0.818.
  EXPECT_EQ(suppress_overlaps({weak, far, good}, 0.82F).size(), 3U);
}

TEST(SuppressOverlaps, OfNothingIsNothing) { EXPECT_TRUE(suppress_overlaps({}, 0.3F).empty()); }

}  // namespace
}  // namespace vultus::face

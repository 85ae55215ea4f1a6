#include <vultus/face/dlib_rectangle.hpp>

#include <gtest/gtest.h>

namespace vultus::face {
namespace {

constexpr Keypoints kUpright{{{100, 100}, {150, 100}, {125, 130}, {105, 160}, {145, 160}}};

TEST(DlibRectangle, IsTheSquareOfTheFormula) {
  // Eyes 50 apart, mouth 60 below them: 1.38613433 * 50 + 1.05100758 * 60 = 132.4, so 132 pixels. The centre lies at
  // x = 125 and y = 100 + 0.06086138 * 60 - 0.02960231 * 30 + 0.41070859 * 50 = 123.3.
  const PixelRect rect = dlib_rectangle(kUpright);
  EXPECT_EQ(rect.right - rect.left, 131);
  EXPECT_EQ(rect.bottom - rect.top, 131);
  EXPECT_NEAR((rect.left + rect.right) / 2.0, 125, 0.5);
  EXPECT_NEAR((rect.top + rect.bottom) / 2.0, 123.3, 0.5);
}

TEST(DlibRectangle, GrowsAndMovesWithTheFace) {
  Keypoints larger = kUpright;
  for (Point2f& p : larger) p = {p.x * 3 - 500, p.y * 3 + 40};
  const PixelRect a = dlib_rectangle(kUpright), b = dlib_rectangle(larger);
  EXPECT_NEAR(b.right - b.left + 1, 3 * (a.right - a.left + 1), 2);
  EXPECT_NEAR(b.left, 3 * a.left - 500, 3);
  EXPECT_NEAR(b.top, 3 * a.top + 40, 3);
}

}  // namespace
}  // namespace vultus::face

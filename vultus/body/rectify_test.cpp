#include <vultus/body/rectify.hpp>

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace vultus::body {
namespace {

Point2f at(double degrees) {
  const double t = degrees * std::numbers::pi / 180;
  return {static_cast<float>(std::cos(t)), static_cast<float>(std::sin(t))};
}

// Known answers worked out by hand: reference (1, 0), checked at 40 degrees, range +-15: s = -40, c = 25.
TEST(SpreadOfFingers, GoesTowardsItsRangeByTheShareOfTheCorrection) {
  const auto with = [](double share) { return spread(at(40), {1, 0}, {0, 0}, -15, 15, share); };
  EXPECT_NEAR(with(0.4).x, 0.866025, 1e-6);
  EXPECT_NEAR(with(0.4).y, 0.5, 1e-6);
  EXPECT_NEAR(with(0.5).x, 0.887011, 1e-6);
  EXPECT_NEAR(with(0.5).y, 0.461749, 1e-6);
  EXPECT_NEAR(with(1).x, 0.965926, 1e-6);
  EXPECT_NEAR(with(1).y, 0.258819, 1e-6);
  EXPECT_NEAR(signed_angle(with(1), {1, 0}), -15, 1e-4);
}

TEST(BendOfAFinger, GoesTowardsItsRangeByTheShareOfTheCorrection) {
  const Point2f pivot{1, 0}, moved{1 + at(160).x, at(160).y};
  const Point2f bent = bend(moved, pivot, {0, 0}, -130, 130, 0.4);
  EXPECT_NEAR(bent.x, 0.151952, 1e-6);
  EXPECT_NEAR(bent.y, 0.529919, 1e-6);
  EXPECT_NEAR(signed_angle({1, 0}, {bent.x - 1, bent.y}), 148, 1e-4);
}

/// A flat open left hand, fingers up, its thumb at the side that the ranges ask for.
HandPoints open_hand() {
  HandPoints hand{};
  const auto finger = [&](std::size_t root, double angle, float first) {
    for (std::size_t i = 0; i < 4; ++i) {
      const float length = first + 20 * static_cast<float>(i);
      hand.at(root + i) = {length * at(angle).x, length * at(angle).y};
    }
  };
  finger(1, -60, 30), finger(5, -30, 80), finger(9, -20, 80), finger(13, -10, 80), finger(17, 0, 80);
  return hand;
}

TEST(RectifiedHand, StaysBitForBitWhereEveryJointIsWithinItsRange) {
  // (1, 5, 0): from thumb to index s = 30 in [0, 45]; (2, 5, 0) needs [-7, 12]: bend the thumb's tip over to the index.
  HandPoints hand = open_hand();
  for (const std::size_t i : {2U, 3U, 4U}) {
    const float length = 30 + 20 * static_cast<float>(i);
    hand.at(i) = {length * at(-35).x, length * at(-35).y};
  }
  // The thumb of this view bends by less than 20 degrees at its first joint? It does not: leave it out.
  const HandMask without_thumb = kWholeHand & ~HandMask{0b11110};
  EXPECT_EQ(rectify_hand(hand, HandSide::left, 0.4, without_thumb), hand);
}

TEST(RectifiedHand, KeepsTheLengthOfTheBonesBeyondAJointAndIsDoneInOnePassAtFullShare) {
  HandPoints hand = open_hand();
  hand[7] = {hand[6].x + 20 * at(-30 + 170).x, hand[6].y + 20 * at(-30 + 170).y};
  hand[8] = {hand[7].x, hand[7].y + 20};
  const HandMask fingers = kWholeHand & ~HandMask{0b11110};
  const HandPoints once = rectify_hand(hand, HandSide::left, 1, fingers);
  const auto bone = [](const HandPoints& h, std::size_t i) {
    return std::hypot(h[i].x - h[i - 1].x, h[i].y - h[i - 1].y);
  };
  EXPECT_NE(once[7], hand[7]);
  EXPECT_NEAR(bone(once, 7), 20, 1e-3);
  EXPECT_NEAR(bone(once, 8), 20, 1e-3);
  const double angle =
      signed_angle({once[6].x - once[5].x, once[6].y - once[5].y}, {once[7].x - once[6].x, once[7].y - once[6].y});
  EXPECT_NEAR(std::abs(angle), 130, 1e-2);
  const HandPoints twice = rectify_hand(once, HandSide::left, 1, fingers);
  for (std::size_t i = 0; i < kHandPoints; ++i) {
    EXPECT_NEAR(twice[i].x, once[i].x, 1e-2) << i;
    EXPECT_NEAR(twice[i].y, once[i].y, 1e-2) << i;
  }
}

TEST(RectifiedHand, OfAMirroredRightHandIsTheMirroredLeftHand) {
  HandPoints hand = open_hand(), mirrored{};
  hand[5] = {80 * at(-75).x, 80 * at(-75).y};
  for (std::size_t i = 0; i < kHandPoints; ++i) mirrored[i] = {-hand[i].x, hand[i].y};
  const HandMask fingers = kWholeHand & ~HandMask{0b11110};
  const HandPoints left = rectify_hand(hand, HandSide::left, 0.4, fingers);
  const HandPoints right = rectify_hand(mirrored, HandSide::right, 0.4, fingers);
  EXPECT_NE(left[5], hand[5]);
  for (std::size_t i = 0; i < kHandPoints; ++i) EXPECT_NEAR(right[i].x, -left[i].x, 1e-3) << i;
}

TEST(RectifiedHand, LeavesMissingPointsAndBonesWithoutLengthAlone) {
  const HandPoints nothing{};
  EXPECT_EQ(rectify_hand(nothing, HandSide::left), nothing);
  HandPoints hand = open_hand();
  hand[5] = {80 * at(-75).x, 80 * at(-75).y};
  EXPECT_EQ(rectify_hand(hand, HandSide::left, 0.4, 0), hand);
}

}  // namespace
}  // namespace vultus::body

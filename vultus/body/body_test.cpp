#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include <gtest/gtest.h>

#include <vultus/body/hand.hpp>
#include <vultus/body/people.hpp>
#include <vultus/body/point_detector.hpp>
#include <vultus/body/pose.hpp>
#include <vultus/body/region.hpp>

namespace vultus::body {
namespace {

TEST(PointAnchors, AreAsManyAsTheNetworksOfMediaPipeHave) {
  const auto palm = point_anchors(192, std::array{8, 16, 16, 16});
  EXPECT_EQ(palm.size(), 2016U);
  EXPECT_EQ(palm[0], (Point2f{4, 4}));
  EXPECT_EQ(palm[1], (Point2f{4, 4}));
  EXPECT_EQ(palm[2], (Point2f{12, 4}));
  EXPECT_EQ(palm[2 * 24 * 24], (Point2f{8, 8}));
  EXPECT_EQ(point_anchors(224, std::array{8, 16, 32, 32, 32}).size(), 2254U);
}

TEST(DecodedPoints, StandRelativeToTheirAnchorAndAreFinite) {
  const std::array<float, 3> logits{0, 3, 3};
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::array<float, 18> numbers{0, 0, 4, 4, 0, 0, 1, 2, 10, 20, -1, 5, 0, 0, 4, 4, nan, 0};
  const std::array<Point2f, 3> anchors{{{0, 0}, {100, 50}, {0, 0}}};
  const auto boxes = decode_points(logits, numbers, anchors, 1, Score(0.6F));
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_EQ(boxes[0].box, (RectF{96, 42, 10, 20}));
  EXPECT_EQ(boxes[0].points, (std::vector<Point2f>{{99, 55}}));
}

TEST(MergedPoints, AreTheMeanOfACrowdWeightedByScore) {
  const auto merged = merge_points({{{0, 0, 10, 10}, Score(0.5F), {{0, 0}}},
                                    {{2, 0, 10, 10}, Score(0.75F), {{5, 0}}},
                                    {{50, 0, 10, 10}, Score(0.6F), {{9, 9}}}},
                                   0.3F);
  ASSERT_EQ(merged.size(), 2U);
  EXPECT_EQ(merged[0].score, Score(0.75F));
  EXPECT_FLOAT_EQ(merged[0].box.x, 1.2F);
  EXPECT_FLOAT_EQ(merged[0].points[0].x, 3);
  EXPECT_EQ(merged[1].box.x, 50);
}

TEST(MergedPoints, EndWithBoxesOfWhichNoOverlapCanBeTold) {
  const float huge = std::numeric_limits<float>::max();
  EXPECT_EQ(merge_points({{{0, 0, huge, huge}, Score(0.9F), {}}, {{0, 0, huge, huge}, Score(0.9F), {}}}, 0.3F).size(),
            2U);
}

TEST(Turn, IsZeroUprightAndAQuarterTowardsTheRight) {
  EXPECT_NEAR(turn_of({0, 10}, {0, 0}), 0, 1e-9);
  EXPECT_NEAR(turn_of({0, 0}, {10, 0}), std::numbers::pi / 2, 1e-9);
  EXPECT_NEAR(turn_of({0, 0}, {-10, 0}), -std::numbers::pi / 2, 1e-9);
  EXPECT_NEAR(turn_of({0, 0}, {0, 10}), std::numbers::pi, 1e-9);
}

TEST(RegionInASquare, HasItsMiddleInTheMiddleAndItsUpUp) {
  const Region right{{100, 50}, 40, std::numbers::pi / 2};  // what is up points to the right
  const Similarity to = to_square(right, 200);
  EXPECT_NEAR(to.apply({100, 50}).x, 100, 1e-4);
  EXPECT_NEAR(to.apply({100, 50}).y, 100, 1e-4);
  EXPECT_NEAR(to.apply({120, 50}).x, 100, 1e-4);
  EXPECT_NEAR(to.apply({120, 50}).y, 0, 1e-4);
  EXPECT_FALSE(to_square({{0, 0}, 0, 0}, 200).inverse());
  EXPECT_FALSE(to_square({{0, 0}, 10, NAN}, 200).inverse());
}

TEST(Letterbox, KeepsThePictureInTheMiddle) {
  const Similarity to = letterbox(400, 200, 100);
  EXPECT_EQ(to.apply({0, 0}), (Point2f{0, 25}));
  EXPECT_EQ(to.apply({400, 200}), (Point2f{100, 75}));
}

TEST(RegionOfAHand, IsThePalmMovedTowardsTheFingersAndEnlarged) {
  PointedBox palm{{100, 100, 20, 20}, Score(1), std::vector<Point2f>(7)};
  palm.points[0] = {110, 120};
  palm.points[2] = {110, 100};
  const Region up = hand_region(palm);
  EXPECT_NEAR(up.centre.x, 110, 1e-4);
  EXPECT_NEAR(up.centre.y, 100, 1e-4);
  EXPECT_NEAR(up.side, 52, 1e-4);
  palm.points[0] = {100, 110};
  palm.points[2] = {120, 110};
  EXPECT_NEAR(hand_region(palm).centre.x, 120, 1e-4);
}

TEST(RegionOfABody, ReachesTwoAndAHalfTimesAsFar) {
  const Region body = body_region({50, 80}, {50, 40});
  EXPECT_EQ(body.centre, (Point2f{50, 80}));
  EXPECT_NEAR(body.side, 100, 1e-4);
  EXPECT_NEAR(body.turn, 0, 1e-9);
}

HandObservation hand_at(Point2f wrist, HandSide side) {
  HandObservation hand;
  hand.points.fill(wrist);
  hand.box = {wrist.x - 10, wrist.y - 10, 20, 20};
  hand.side = side;
  hand.presence = Score(0.9F);
  return hand;
}

BodyObservation body_at(float x) {
  BodyObservation body;
  for (BodyPoint& p : body.points) p.place = {x, 0};
  body.points[15].place = {x + 50, 100};
  body.points[16].place = {x - 50, 100};
  return body;
}

TEST(People, HaveTheHandsOfTheirArmsWhateverTheHandsSay) {
  const std::array bodies{body_at(0), body_at(200)};
  const std::array hands{hand_at({148, 103}, HandSide::left), hand_at({52, 100}, HandSide::right),
                         hand_at({400, 400}, HandSide::right)};
  const auto people = join_people(bodies, hands);
  ASSERT_EQ(people.size(), 3U);
  ASSERT_TRUE(people[0].left_hand);
  EXPECT_EQ(people[0].left_hand->points[0], (Point2f{52, 100}));
  EXPECT_FALSE(people[0].right_hand);
  ASSERT_TRUE(people[1].right_hand);
  EXPECT_EQ(people[1].right_hand->points[0], (Point2f{148, 103}));
  EXPECT_FALSE(people[2].body);
  EXPECT_TRUE(people[2].right_hand);
}

TEST(People, HaveTheFaceThatLiesOnTheirHead) {
  const std::array bodies{body_at(0), body_at(200)};
  const std::array faces{Landmarks{LandmarkScheme::mesh468, {{190, -10}, {212, 10}}},
                         Landmarks{LandmarkScheme::mesh468, {{500, 0}, {520, 20}}}};
  const auto people = join_people(bodies, {}, faces);
  ASSERT_EQ(people.size(), 3U);
  EXPECT_FALSE(people[0].face);
  EXPECT_EQ(people[1].face, faces[0]);
  EXPECT_EQ(people[2].face, faces[1]);
}

TEST(HandsOnOneAnother, AreTheSurestOne) {
  std::vector<HandObservation> hands{hand_at({0, 0}, HandSide::left), hand_at({1, 0}, HandSide::right)};
  hands[1].presence = Score(0.95F);
  hands.push_back(hand_at({100, 0}, HandSide::left));
  drop_double_hands(hands);
  ASSERT_EQ(hands.size(), 2U);
  EXPECT_EQ(hands[0].side, HandSide::right);
}

}  // namespace
}  // namespace vultus::body

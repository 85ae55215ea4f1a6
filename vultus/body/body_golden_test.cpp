// What the networks read on real photos, by geometry: a turned, mirrored or smaller picture gives points that are
// turned, mirrored or smaller.
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include <tests/golden/models.hpp>
#include <tests/golden/samples.hpp>
#include <vultus/body/hand.hpp>
#include <vultus/body/pose.hpp>
#include <vultus/media/transform.hpp>

namespace vultus::body {
namespace {

PoseFinder poses() {
  return {PointDetector::load(golden::model("mp_pose_detect").value()).value(),
          PoseNet::load(golden::model("mp_pose_full").value()).value()};
}

HandFinder hand_finder() {
  return {PointDetector::load(golden::model("mp_palm_full").value()).value(),
          HandNet::load(golden::model("mp_hand_full").value()).value()};
}

constexpr const char* kPerson = "face_recognition-1.3.0/obama.jpg";

/// Mean distance of the visible points after `move`, as a share of the shoulder width.
double distance(const BodyObservation& a, const BodyObservation& b, const std::function<Point2f(std::size_t)>& moved) {
  const double width =
      std::hypot(b.points[11].place.x - b.points[12].place.x, b.points[11].place.y - b.points[12].place.y);
  double sum = 0;
  int count = 0;
  for (std::size_t i = 0; i < 13; ++i) {  // head and shoulders: the photo shows no more
    const Point2f p = moved(i);
    sum += std::hypot(p.x - b.points.at(i).place.x, p.y - b.points.at(i).place.y), ++count;
  }
  EXPECT_GT(a.presence.value(), 0.5F);
  return sum / count / width;
}

constexpr std::size_t mirrored_point(std::size_t i) {
  constexpr std::array<std::size_t, 13> kOther{0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, 12, 11};
  return kOther.at(i);
}

TEST(BodyOfAPhoto, IsMirroredInTheMirroredPhoto) {
  const Image photo = golden::sample(kPerson).value();
  Image mirror = Image::create(photo.width(), photo.height(), photo.format()).value();
  media::mirror_into(photo.view(), mirror.mutable_view());
  PoseFinder finder = poses();
  const auto one = finder.find(photo.view()).value(), two = finder.find(mirror.view()).value();
  ASSERT_FALSE(one.empty());
  ASSERT_FALSE(two.empty());
  const auto width = static_cast<float>(photo.width());
  EXPECT_LT(distance(one[0], two[0],
                     [&](std::size_t i) {
                       const Point2f p = one[0].points.at(mirrored_point(i)).place;
                       return Point2f{width - p.x, p.y};
                     }),
            0.05);
  EXPECT_GT(one[0].points[11].place.x, one[0].points[12].place.x) << "who faces the camera has his left on its right";
}

TEST(BodyOfAPhoto, TurnsAndShrinksWithThePhoto) {
  const Image photo = golden::sample(kPerson).value();
  const double c = std::cos(0.3) * 0.6, s = std::sin(0.3) * 0.6;
  const auto w = static_cast<double>(photo.width()), h = static_cast<double>(photo.height());
  const Similarity turn{c, s, w / 2 - (c * w - s * h) / 2, h / 2 - (s * w + c * h) / 2};
  Image turned = Image::create(photo.width(), photo.height(), photo.format()).value();
  ASSERT_TRUE(media::warp_into(photo.view(), turn, turned.mutable_view()));
  PoseFinder finder = poses();
  const auto one = finder.find(photo.view()).value(), two = finder.find(turned.view()).value();
  ASSERT_FALSE(one.empty());
  ASSERT_FALSE(two.empty());
  EXPECT_LT(distance(one[0], two[0], [&](std::size_t i) { return turn.apply(one[0].points.at(i).place); }), 0.1);
}

TEST(BodyThatIsFollowed, IsThatOfTheFrameBefore) {
  const Image photo = golden::sample(kPerson).value();
  PoseFinder finder = poses();
  const auto one = finder.find(photo.view()).value();
  ASSERT_FALSE(one.empty());
  const auto two = finder.find(photo.view(), one, false).value();
  ASSERT_EQ(two.size(), 1U);
  EXPECT_LT(distance(one[0], two[0], [&](std::size_t i) { return one[0].points.at(i).place; }), 0.1);
}

TEST(NothingOnAGreyPicture, IsFound) {
  const Image grey = Image::create(320, 240, PixelFormat::rgb8).value();
  EXPECT_TRUE(poses().find(grey.view())->empty());
  EXPECT_TRUE(hand_finder().find(grey.view())->empty());
}

}  // namespace
}  // namespace vultus::body

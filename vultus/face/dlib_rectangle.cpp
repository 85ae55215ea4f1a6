#include <vultus/face/dlib_rectangle.hpp>

#include <algorithm>
#include <cmath>

namespace vultus::face {
namespace {

constexpr double kSideOfEyes = 1.38613433, kSideOfMouth = 1.05100758;
constexpr double kTowardsMouth = 0.06086138, kTowardsNose = -0.02960231, kDown = 0.41070859;

}  // namespace

PixelRect dlib_rectangle(const Keypoints& keypoints) {
  const auto at = [&](Keypoint point) { return keypoints[static_cast<std::size_t>(point)]; };
  const auto middle = [](Point2f a, Point2f b) { return Point2f{(a.x + b.x) / 2, (a.y + b.y) / 2}; };
  const auto distance = [](Point2f a, Point2f b) { return std::hypot(double{b.x} - a.x, double{b.y} - a.y); };
  const Point2f right = at(Keypoint::right_eye), left = at(Keypoint::left_eye), nose = at(Keypoint::nose);
  const Point2f eyes = middle(right, left);
  const Point2f mouth = middle(at(Keypoint::right_mouth), at(Keypoint::left_mouth));
  const double between = distance(right, left);
  const double side = std::max(2.0, std::round(kSideOfEyes * between + kSideOfMouth * distance(eyes, mouth)));
  const double x = eyes.x + kTowardsMouth * (double{mouth.x} - eyes.x) + kTowardsNose * (double{nose.x} - eyes.x);
  const double y =
      eyes.y + kTowardsMouth * (double{mouth.y} - eyes.y) + kTowardsNose * (double{nose.y} - eyes.y) + kDown * between;
  const auto edge = [side](double centre) { return static_cast<int>(std::lround(centre - (side - 1) / 2)); };
  const int last = static_cast<int>(side) - 1;
  return {edge(x), edge(y), edge(x) + last, edge(y) + last};
}

}  // namespace vultus::face

#include <vultus/face/box_motion.hpp>

#include <algorithm>
#include <cmath>

namespace vultus::face {
namespace {

// Standard deviations, of positions in sides of the box. A detector's box jitters by a few percent of its side; a head
// speeds up by some sides per second within a second.
constexpr double kJitter = 0.05;
constexpr double kStartVelocity = 2;
constexpr double kAcceleration = 6;
constexpr double kSizeAcceleration = 1.5;
constexpr double kAspectAcceleration = 0.5;

double square(double v) { return v * v; }

double log_area(const RectF& box) { return std::log(std::max(1.0, double{box.width} * double{box.height})); }
double aspect(const RectF& box) { return double{box.width} / std::max(1.0, double{box.height}); }

}  // namespace

void BoxMotion::Axis::predict(double step, double acceleration) {
  value += velocity * step;
  const double q = square(acceleration);
  p_value += step * (2 * p_cross + step * p_velocity) + q * square(square(step)) / 4;
  p_cross += step * p_velocity + q * step * square(step) / 2;
  p_velocity += q * square(step);
}

void BoxMotion::Axis::correct(double measured, double noise) {
  const double s = p_value + square(noise);
  const double gain = p_value / s;
  const double gain_velocity = p_cross / s;
  const double error = measured - value;
  value += gain * error;
  velocity += gain_velocity * error;
  p_velocity -= gain_velocity * p_cross;
  p_cross *= 1 - gain;
  p_value *= 1 - gain;
}

BoxMotion::BoxMotion(const RectF& box) {
  const Point2f centre = box.centre();
  const double length = std::sqrt(std::exp(log_area(box)));
  const auto axis = [](double value, double jitter, double velocity) {
    return Axis{.value = value, .p_value = square(jitter), .p_velocity = square(velocity)};
  };
  x_ = axis(centre.x, kJitter * length, kStartVelocity * length);
  y_ = axis(centre.y, kJitter * length, kStartVelocity * length);
  log_area_ = axis(log_area(box), 2 * kJitter, kSizeAcceleration);
  aspect_ = axis(aspect(box), kJitter, kAspectAcceleration);
}

double BoxMotion::side() const { return std::sqrt(std::exp(std::clamp(log_area_.value, 0.0, 20.0))); }

void BoxMotion::predict(Seconds step) {
  const double t = std::max(0.0, step.value());
  const double length = side();
  x_.predict(t, kAcceleration * length);
  y_.predict(t, kAcceleration * length);
  log_area_.predict(t, kSizeAcceleration);
  aspect_.predict(t, kAspectAcceleration);
}

void BoxMotion::correct(const RectF& box) {
  const double length = side();
  x_.correct(box.centre().x, kJitter * length);
  y_.correct(box.centre().y, kJitter * length);
  log_area_.correct(log_area(box), 2 * kJitter);
  aspect_.correct(aspect(box), kJitter);
}

void BoxMotion::rest() {
  for (Axis* axis : {&x_, &y_, &log_area_, &aspect_}) axis->velocity = 0;
}

RectF BoxMotion::box() const {
  const double area = square(side());
  const double shape = std::clamp(aspect_.value, 0.2, 5.0);
  const double width = std::sqrt(area * shape);
  const double height = width / shape;
  return {static_cast<float>(x_.value - width / 2), static_cast<float>(y_.value - height / 2),
          static_cast<float>(width), static_cast<float>(height)};
}

}  // namespace vultus::face

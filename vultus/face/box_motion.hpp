// Where a face will be: a Kalman filter with constant velocity on centre, size and shape of its box.
#pragma once

#include <array>

#include <vultus/core/geometry.hpp>
#include <vultus/core/units.hpp>

namespace vultus::face {

/// The four numbers of a box, centre x, centre y, log of the area, aspect (width / height), each followed with its
/// velocity by a filter of its own: they move independently enough. Pixels and seconds; noise scales with the box.
/// @source R. E. Kalman, A new approach to linear filtering and prediction problems, 1960; white acceleration noise
class BoxMotion {
 public:
  explicit BoxMotion(const RectF& box);

  /// Moves on in time. @param step  seconds since the last predict, >= 0
  void predict(Seconds step);
  /// Takes in a measured box at the present time.
  void correct(const RectF& box);
  /// Forgets the velocity, as after a cut.
  void rest();
  [[nodiscard]] RectF box() const;

 private:
  /// Value and velocity with their covariance.
  struct Axis {
    double value = 0, velocity = 0;
    double p_value = 0, p_cross = 0, p_velocity = 0;
    void predict(double step, double acceleration);
    void correct(double measured, double noise);
  };
  [[nodiscard]] double side() const;

  Axis x_, y_, log_area_, aspect_;
};

}  // namespace vultus::face

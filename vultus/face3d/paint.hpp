// The colours of a face by where a point lies on the mean head. Not installed.
#pragma once

#include <array>

#include <vultus/face3d/render.hpp>

namespace vultus::face3d {

/// Noise in space, [-1, 1], smooth over 1 unit, the same on every machine.
[[nodiscard]] double smooth_noise(const Vec3& at, std::uint64_t seed);

class Painter {
 public:
  Painter(const FaceModel& model, const Appearance& appearance);
  /// @param at  on the mean head
  [[nodiscard]] Rgb skin(const Vec3& at) const;
  /// @param off  the direction from the middle of the ball, by its angle to the gaze and around it; `height` is up to 1
  ///             at the lower end of the ball
  [[nodiscard]] Rgb eye(double cosine, double around, double height) const;
  [[nodiscard]] const Appearance& appearance() const { return appearance_; }

 private:
  struct Flat {
    double x, y;
  };
  [[nodiscard]] double lips_share(double x, double y) const;
  [[nodiscard]] double brow_share(double x, double y) const;
  [[nodiscard]] double hair_share(const Vec3& q) const;
  Appearance appearance_;
  Vec3 origin_;
  double scale_ = 1;
  std::array<Flat, 12> lips_{};
  std::array<std::array<Flat, 5>, 2> brows_{};
  std::array<Flat, 2> nostrils_{};
  std::array<Flat, 2> eyes_{};
};

}  // namespace vultus::face3d

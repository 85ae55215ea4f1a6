// Pictures of a face model: z-buffer, perspective, light, painted skin, eyes that look somewhere.
#pragma once

#include <array>
#include <cstdint>

#include <vultus/core/image.hpp>
#include <vultus/face3d/camera.hpp>
#include <vultus/face3d/face_model.hpp>

namespace vultus::face3d {

/// Linear light, [0, 1] each.
struct Rgb {
  double r = 0;
  double g = 0;
  double b = 0;
  bool operator==(const Rgb&) const = default;
};

/// From a (t = 0) to b (t = 1).
[[nodiscard]] constexpr Rgb mixed(const Rgb& a, const Rgb& b, double t) {
  return {a.r + t * (b.r - a.r), a.g + t * (b.g - a.g), a.b + t * (b.b - a.b)};
}

/// Light of the surroundings in spherical harmonics up to order 2, and one lamp far away.
struct Light {
  /// Irradiance: coefficients L00, L1-1, L10, L11, L2-2, L2-1, L20, L21, L22 in the camera's axes.
  /// @source R. Ramamoorthi, P. Hanrahan, An efficient representation for irradiance environment maps, 2001, eq. 13
  std::array<double, 9> around{.62, -.16, 0, 0, 0, 0, 0, 0, 0};
  Vec3 towards{-.4, -.6, -.7};  ///< the direction to the lamp, camera's axes; any length but 0
  double lamp = .55;            ///< its strength, [0, 4]
  Rgb colour{1, 1, 1};
};

/// What a person looks like beside geometry.
struct Appearance {
  Rgb skin{.62, .40, .30};
  Rgb lips{.50, .20, .18};
  Rgb hair{.07, .045, .03};  ///< brows too
  Rgb iris{.18, .26, .30};
  Rgb cloth{.10, .14, .25};
  bool bald = false;
  std::uint64_t seed = 1;  ///< of the grain of skin and hair
};

enum class BackgroundKind : std::uint8_t { plain, gradient, patches };
struct Background {
  BackgroundKind kind = BackgroundKind::gradient;
  Rgb first{.30, .34, .38};
  Rgb second{.12, .13, .16};
  std::uint64_t seed = 1;  ///< of the patches
};

struct Scene {
  Camera camera;
  RigidPose pose;
  FaceCoefficients face;
  std::array<Vec3, 2> gaze{Vec3{0, 0, -1}, Vec3{0, 0, -1}};  ///< of the subject's right and left eye, camera's axes
  Light light;
  Appearance appearance;
  Background background;
  int samples = 2;  ///< along each side of a pixel, [1, 4]
};

/// A picture of the scene. The same model and scene give the same pixels.
/// @return rgb8 of the camera's size
/// @error invalid_argument  a camera that is none, coefficients outside their range, samples outside [1, 4], a
/// direction
///                          of length 0 or not finite
/// @error resource_limit    more than 64 million samples
/// @thread safe, no state
/// @cost about 50 ns for each sample of the face
[[nodiscard]] Result<Image> render(const FaceModel& model, const Scene& scene);

/// Where the middle of an eyeball is on a face, in the head's axes.
[[nodiscard]] Result<std::array<Vec3, 2>> eye_centres(const FaceModel& model, const FaceCoefficients& face);

}  // namespace vultus::face3d

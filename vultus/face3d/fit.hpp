// A face model laid onto points that are seen: who (identity), what it does (expression), where it stands (pose).
#pragma once

#include <vultus/face3d/camera.hpp>
#include <vultus/face3d/face_model.hpp>

namespace vultus::face3d {

struct FitOptions {
  double noise_px = 1;  ///< standard deviation of the points, (0, 1000]: weighs them against the priors
  /// The prior of a shape's weight, (0, 10]; that of identity coefficients is the standard normal one.
  double expression_deviation = .35;
  double outlier_px = 6;    ///< Huber's loss beyond it, (0, 1e6]
  bool outline = true;      ///< use points 0-16 of ibug68, the jaw; detectors put them on the seen outline instead
  int max_iterations = 40;  ///< [1, 1000]
};

struct FaceFit {
  RigidPose pose;
  FaceCoefficients face;
  double rms_px = 0;  ///< root of the mean squared distance of projected and seen points
};

/// The most probable face: least squares of the points with Huber's loss, a normal prior of each coefficient, weights
/// of shapes held in [0, 1]. Pose, identity and expression go down together, from the pose of the mean head.
/// @param seen  pixels; scheme ibug68, or mesh468 where the model knows its vertices
/// @error unsupported       mesh468 with a model that does not know it, or another scheme
/// @error invalid_argument  of estimate_pose; an option outside its range
/// @thread safe, no state
/// @source V. Blanz, T. Vetter, A morphable model for the synthesis of 3D faces, SIGGRAPH 1999, section 4 (its prior);
///         K. Levenberg 1944, D. Marquardt 1963 (the descent)
[[nodiscard]] Result<FaceFit> fit_face(const FaceModel& model, const Landmarks& seen, const Camera& camera,
                                       const FitOptions& options = {});

}  // namespace vultus::face3d

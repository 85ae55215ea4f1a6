// Where a head is in front of a camera, in millimetres, and where its eyes look.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <vultus/core/face.hpp>
#include <vultus/core/result.hpp>
#include <vultus/face/eyes.hpp>

namespace vultus::face {

/// A pinhole without distortion, pixels.
struct PinholeCamera {
  double fx = 0, fy = 0;  ///< focal lengths, > 0
  double cx = 0, cy = 0;  ///< where the optical axis meets the picture
  bool operator==(const PinholeCamera&) const = default;
};

/// The camera that is assumed where nothing is known: both focal lengths are the mean of 500 w / 640 and 500 h / 480
/// (about 65 degrees across), and the axis meets the middle. Distances scale with this guess; angles hardly do.
/// @source the default of OpenFace 2.2, which readers of its files expect
[[nodiscard]] PinholeCamera assumed_camera(int width, int height);

/// What somebody says of a camera, pixels; nothing of it need be known.
struct KnownCamera {
  std::optional<double> fx, fy;  ///< focal lengths
  std::optional<double> cx, cy;  ///< where the optical axis meets the picture
  [[nodiscard]] bool empty() const { return !fx && !fy && !cx && !cy; }
  bool operator==(const KnownCamera&) const = default;
};

/// Focal lengths above 0 and up to 1e6, the axis at most 1e6 pixels from the corner, all finite.
/// @error invalid_argument  names the value that is not
[[nodiscard]] Status check(const KnownCamera& known);

/// The camera of pictures of this size: what is known, the other focal length where one is, and assumed_camera() else.
[[nodiscard]] PinholeCamera camera_of(const KnownCamera& known, int width, int height);

/// x to the picture's right, y down, z away from the camera; millimetres.
using Vector3 = std::array<double, 3>;

/// The head as a rigid body. The origin of the head is the middle between its eyeballs.
struct MetricPose {
  Vector3 translation{};           ///< of the origin, mm
  Vector3 rotation{};              ///< radians about x, y, z: R = Rx Ry Rz. x > 0 = down, y > 0 = to the image's left
  std::array<double, 9> matrix{};  ///< R, row by row: takes the head's axes (those of the camera) to the camera's
  double residual = 0;             ///< root mean square distance of the points, picture pixels
};

/// A point of the mesh on the standard head, mm, in the head's axes.
struct MeshAnchor {
  std::uint16_t point = 0;
  Vector3 place{};
};

/// Points that move little with expressions: eye corners, bridge and sides of the nose, forehead, temples.
/// @source MediaPipe's canonical face model (Apache-2.0): 22 of its 468 points, in millimetres, shifted to our origin
[[nodiscard]] std::span<const MeshAnchor> mesh_anchors();

/// The pose at which the standard head projects onto the points with the least squared error: a closed weak-perspective
/// fit, then damped Gauss-Newton steps on the perspective one. A head of another size than the standard one seems
/// nearer or farther by as much.
/// @param mesh  scheme mesh468 or mesh478, picture pixels
/// @error invalid_argument  another scheme, points that are not finite or all on one line, a camera without focal
/// length
/// @thread safe, no state
[[nodiscard]] Result<MetricPose> metric_pose(const Landmarks& mesh, const PinholeCamera& camera);

/// The matrix of angles, R = Rx Ry Rz.
[[nodiscard]] std::array<double, 9> matrix_of(const Vector3& angles);

/// Angles of a matrix, R = Rx Ry Rz.
[[nodiscard]] Vector3 angles_of(const std::array<double, 9>& matrix);

/// Where an eye looks: the ray through the middle of its iris meets a sphere around the eyeball's centre; the direction
/// is from that centre to where they meet. Where the ray passes the sphere, the nearest point of the ray is taken.
/// @param iris  centre of the iris, picture pixels
/// @return a unit vector in camera axes; z < 0 = towards the camera
/// @error invalid_argument  values that are not finite
/// @source E. Wood et al., Rendering of Eyes for Eye-Shape Registration and Gaze Estimation, ICCV 2015, section 4 (the
/// construction); sizes of the eye: radius to the iris 11.5 mm, eyeball 12 mm behind the lids, set by hand
[[nodiscard]] Result<Vector3> gaze_of(const MetricPose& pose, const PinholeCamera& camera, EyeSide side, Point2f iris);

/// The angles of a direction: x > 0 = to the image's right, y > 0 = down; 0, 0 = along the optical axis, towards the
/// camera. @source OpenFace 2.2: atan2(x, -z), atan2(y, -z)
[[nodiscard]] std::array<double, 2> gaze_angles(const Vector3& direction);

}  // namespace vultus::face

#include <vultus/face/head_pose.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

namespace vultus::face {
namespace {

constexpr std::array<HeadPoint, kHeadPoints> kMeanHead{
    {{-0.930F, -0.193F, 0.145F},  {-0.787F, -0.319F, 0.001F},  {-0.583F, -0.358F, -0.122F}, {-0.371F, -0.331F, -0.217F},
     {-0.172F, -0.254F, -0.275F}, {0.172F, -0.254F, -0.275F},  {0.371F, -0.331F, -0.217F},  {0.583F, -0.358F, -0.122F},
     {0.787F, -0.319F, 0.001F},   {0.930F, -0.193F, 0.145F},   {0.000F, -0.036F, -0.262F},  {0.000F, 0.148F, -0.347F},
     {0.000F, 0.330F, -0.443F},   {0.000F, 0.518F, -0.536F},   {-0.239F, 0.667F, -0.231F},  {-0.124F, 0.705F, -0.283F},
     {0.000F, 0.736F, -0.315F},   {0.124F, 0.705F, -0.283F},   {0.239F, 0.667F, -0.231F},   {-0.696F, 0.004F, 0.070F},
     {-0.572F, -0.061F, -0.010F}, {-0.425F, -0.062F, -0.034F}, {-0.295F, 0.023F, -0.019F},  {-0.432F, 0.048F, -0.016F},
     {-0.579F, 0.048F, 0.009F},   {0.295F, 0.023F, -0.019F},   {0.425F, -0.062F, -0.034F},  {0.572F, -0.061F, -0.010F},
     {0.696F, 0.004F, 0.070F},    {0.579F, 0.048F, 0.009F},    {0.432F, 0.048F, -0.016F},   {-0.442F, 1.049F, 0.129F},
     {-0.279F, 0.973F, -0.081F},  {-0.115F, 0.930F, -0.202F},  {0.000F, 0.960F, -0.215F},   {0.115F, 0.930F, -0.202F},
     {0.279F, 0.973F, -0.081F},   {0.442F, 1.049F, 0.129F},    {0.283F, 1.183F, 0.002F},    {0.125F, 1.241F, -0.087F},
     {0.000F, 1.253F, -0.101F},   {-0.125F, 1.241F, -0.087F},  {-0.283F, 1.183F, 0.002F}}};

struct Vec3 {
  double x = 0;
  double y = 0;
  double z = 0;
};

double dot(const Vec3& a, const Vec3& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

Vec3 centre_of_head() {
  Vec3 sum;
  for (const HeadPoint& p : kMeanHead) sum = {sum.x + p.x, sum.y + p.y, sum.z + p.z};
  return {sum.x / kHeadPoints, sum.y / kHeadPoints, sum.z / kHeadPoints};
}

/// The least-squares solver of the mean head: for each point the row that turns picture coordinates into the two rows
/// of the projection. (S'S)^-1 S' with S the centred head, kHeadPoints x 3.
std::array<Vec3, kHeadPoints> make_solver() {
  const Vec3 centre = centre_of_head();
  std::array<Vec3, kHeadPoints> s;
  Vec3 rx, ry, rz;  // rows of the symmetric matrix S'S
  for (std::size_t i = 0; i < kHeadPoints; ++i) {
    const HeadPoint& p = kMeanHead.at(i);
    const Vec3 v{p.x - centre.x, p.y - centre.y, p.z - centre.z};
    s.at(i) = v;
    rx = {rx.x + v.x * v.x, rx.y + v.x * v.y, rx.z + v.x * v.z};
    ry = {ry.x + v.y * v.x, ry.y + v.y * v.y, ry.z + v.y * v.z};
    rz = {rz.x + v.z * v.x, rz.y + v.z * v.y, rz.z + v.z * v.z};
  }
  // Cramer: the columns of the inverse are the cross products of the rows over the determinant.
  const Vec3 cx = cross(ry, rz), cy = cross(rz, rx), cz = cross(rx, ry);
  const double determinant = dot(rx, cx);
  for (Vec3& v : s) {
    v = {(cx.x * v.x + cy.x * v.y + cz.x * v.z) / determinant, (cx.y * v.x + cy.y * v.y + cz.y * v.z) / determinant,
         (cx.z * v.x + cy.z * v.y + cz.z * v.z) / determinant};
  }
  return s;
}

}  // namespace

const std::array<HeadPoint, kHeadPoints>& mean_head() { return kMeanHead; }

Result<HeadPose> head_pose(const Landmarks& landmarks) {
  if (landmarks.scheme != LandmarkScheme::ibug68 || landmarks.points.size() != count_of(LandmarkScheme::ibug68))
    return fail(ErrorCode::invalid_argument,
                "head pose: 68 landmarks are needed, there are " + std::to_string(landmarks.points.size()));
  static const std::array<Vec3, kHeadPoints> kSolver = make_solver();
  Vec3 u, v;  // the picture's x and y as linear functions of the head: scaled rows of its rotation
  for (std::size_t i = 0; i < kHeadPoints; ++i) {
    // The solver's rows add up to zero, so that the position in the picture drops out.
    const Point2f& p = landmarks.points[kFirstHeadPoint + i];
    const Vec3& h = kSolver.at(i);
    u = {u.x + h.x * p.x, u.y + h.y * p.x, u.z + h.z * p.x};
    v = {v.x + h.x * p.y, v.y + h.y * p.y, v.z + h.z * p.y};
  }
  // The nearest pair of perpendicular rows of one length: (M M')^-1/2 M, for a 2 x 2 matrix in closed form.
  const double a = dot(u, u), b = dot(u, v), d = dot(v, v);
  const double root = std::sqrt(std::max(0.0, a * d - b * b));
  const double trace = std::sqrt(a + d + 2 * root);
  if (!(root > 1e-9 * (a + d)) || !std::isfinite(trace))
    return fail(ErrorCode::invalid_argument, "head pose: the landmarks lie on one point or line");
  // sqrt(MM') = (MM' + root I) / trace; its inverse, times M:
  const double scale = 1 / (root * trace);
  const double s00 = (d + root) * scale, s01 = -b * scale, s11 = (a + root) * scale;
  const Vec3 r0{s00 * u.x + s01 * v.x, s00 * u.y + s01 * v.y, s00 * u.z + s01 * v.z};
  const Vec3 r1{s01 * u.x + s11 * v.x, s01 * u.y + s11 * v.y, s01 * u.z + s11 * v.z};
  const Vec3 r2 = cross(r0, r1);
  // Roll about the line of sight, then yaw about the vertical, then pitch: a turn of the picture changes the roll
  // alone.
  return HeadPose{.yaw = Radians(static_cast<float>(std::asin(std::clamp(-r2.x, -1.0, 1.0)))),
                  .pitch = Radians(static_cast<float>(std::atan2(-r2.y, r2.z))),
                  .roll = Radians(static_cast<float>(std::atan2(r1.x, r0.x)))};
}

}  // namespace vultus::face

#include <vultus/face/metric_pose.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace vultus::face {
namespace {

constexpr std::array<MeshAnchor, 22> kAnchors{
    {{33, {-44.46, -0.39, -5.47}}, {133, {-18.56, 0.39, -11.32}}, {362, {18.56, 0.39, -11.32}},
     {263, {44.46, -0.39, -5.47}}, {1, {0.00, 37.51, -48.49}},    {4, {0.00, 30.88, -49.60}},
     {5, {0.00, 22.59, -46.17}},   {195, {0.00, 15.65, -41.48}},  {197, {0.00, 8.96, -36.90}},
     {6, {0.00, 1.51, -31.62}},    {168, {0.00, -6.46, -26.10}},  {8, {0.00, -13.94, -26.58}},
     {9, {0.00, -22.61, -27.59}},  {151, {0.00, -39.21, -24.01}}, {10, {0.00, -56.37, -18.55}},
     {2, {0.00, 47.14, -34.32}},   {98, {-14.06, 43.39, -26.15}}, {327, {14.06, 43.39, -26.15}},
     {127, {-77.43, 2.60, 46.32}}, {356, {77.43, 2.60, 46.32}},   {234, {-76.64, 19.51, 50.62}},
     {454, {76.64, 19.51, 50.62}}}};
// The eyeballs on the standard head, mm from the middle between them, and from their centre to the iris.
constexpr double kHalfEyeDistance = 31.51, kIrisRadius = 11.5;
constexpr int kMostSteps = 30;

using Matrix3 = std::array<double, 9>;

Vector3 times(const Matrix3& m, const Vector3& v) {
  return {m[0] * v[0] + m[1] * v[1] + m[2] * v[2], m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
          m[6] * v[0] + m[7] * v[1] + m[8] * v[2]};
}
Matrix3 product(const Matrix3& a, const Matrix3& b) {
  Matrix3 c{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t k = 0; k < 3; ++k) c[3 * i + j] += a[3 * i + k] * b[3 * k + j];
  return c;
}
double length_of(const Vector3& v) { return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]); }
Vector3 crossed(const Vector3& a, const Vector3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

/// The rotation about a vector by its length. @source Rodrigues
Matrix3 rotation_about(const Vector3& w) {
  const double angle = length_of(w);
  const double s = angle < 1e-12 ? 1 : std::sin(angle) / angle;
  const double c = angle < 1e-12 ? 0.5 : (1 - std::cos(angle)) / (angle * angle);
  const Matrix3 k{0, -w[2], w[1], w[2], 0, -w[0], -w[1], w[0], 0};
  const Matrix3 kk = product(k, k);
  Matrix3 r{1, 0, 0, 0, 1, 0, 0, 0, 1};
  for (std::size_t i = 0; i < 9; ++i) r[i] += s * k[i] + c * kk[i];
  return r;
}

/// Solves a symmetric positive system in place by Cholesky. @return false where it is not positive
template <std::size_t N>
bool solve_positive(std::array<double, N * N> a, std::array<double, N>& b) {
  for (std::size_t j = 0; j < N; ++j) {
    for (std::size_t k = 0; k < j; ++k) a[j * N + j] -= a[j * N + k] * a[j * N + k];
    if (!(a[j * N + j] > 1e-12)) return false;
    a[j * N + j] = std::sqrt(a[j * N + j]);
    for (std::size_t i = j + 1; i < N; ++i) {
      for (std::size_t k = 0; k < j; ++k) a[i * N + j] -= a[i * N + k] * a[j * N + k];
      a[i * N + j] /= a[j * N + j];
    }
  }
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= a[i * N + k] * b[k];
    b[i] /= a[i * N + i];
  }
  for (std::size_t i = N; i-- > 0;) {
    for (std::size_t k = i + 1; k < N; ++k) b[i] -= a[k * N + i] * b[k];
    b[i] /= a[i * N + i];
  }
  return true;
}

struct Rigid {
  Matrix3 rotation{1, 0, 0, 0, 1, 0, 0, 0, 1};
  Vector3 translation{};
};

/// Two rows of a scaled rotation from the affine fit, made orthogonal.
/// @source D. DeMenthon and L. Davis, Model-Based Object Pose in 25 Lines of Code, IJCV 15, 1995: the first of its
/// steps
Result<Rigid> weak_perspective(std::span<const Point2f> seen, const PinholeCamera& camera) {
  std::array<double, 16> normal{};
  std::array<double, 4> u{}, v{};
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const Vector3& p = kAnchors[i].place;
    const std::array<double, 4> row{p[0] / 100, p[1] / 100, p[2] / 100, 1};
    const double x = (seen[i].x - camera.cx) / camera.fx, y = (seen[i].y - camera.cy) / camera.fy;
    for (std::size_t a = 0; a < 4; ++a) {
      for (std::size_t b = 0; b < 4; ++b) normal[4 * a + b] += row[a] * row[b];
      u[a] += row[a] * x, v[a] += row[a] * y;
    }
  }
  if (!solve_positive<4>(normal, u) || !solve_positive<4>(normal, v))
    return fail(ErrorCode::internal, "pose: the standard head is flat");
  Vector3 first{u[0], u[1], u[2]}, second{v[0], v[1], v[2]};
  const double scale = (length_of(first) + length_of(second)) / 2;
  const double most = std::max(length_of(first), length_of(second)),
               least = std::min(length_of(first), length_of(second));
  constexpr double kFarthest = 1e-6;  // a head a hundred kilometres away: rounding, no points
  if (!(most > kFarthest) || !(least > 0.02 * most))
    return fail(ErrorCode::invalid_argument, "pose: the points lie on one point or line");
  for (std::size_t i = 0; i < 3; ++i)
    first[i] /= length_of(Vector3{u[0], u[1], u[2]}), second[i] /= length_of({v[0], v[1], v[2]});
  // Both are turned by the same angle until they stand square to each other.
  Vector3 middle{}, across{};
  for (std::size_t i = 0; i < 3; ++i) middle[i] = first[i] + second[i], across[i] = first[i] - second[i];
  const double m = length_of(middle), n = length_of(across);
  if (!(m > 1e-6) || !(n > 1e-6)) return fail(ErrorCode::invalid_argument, "pose: the points lie on one line");
  for (std::size_t i = 0; i < 3; ++i) {
    first[i] = (middle[i] / m + across[i] / n) / std::sqrt(2.0);
    second[i] = (middle[i] / m - across[i] / n) / std::sqrt(2.0);
  }
  const Vector3 third = crossed(first, second);
  const double depth = 100 / scale;
  return Rigid{{first[0], first[1], first[2], second[0], second[1], second[2], third[0], third[1], third[2]},
               {u[3] * depth, v[3] * depth, depth}};
}

/// Sum of squared distances in the picture; with them the normal equations of a small turn and shift.
double errors(const Rigid& at, std::span<const Point2f> seen, const PinholeCamera& camera,
              std::array<double, 36>* normal, std::array<double, 6>* right) {
  double sum = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const Vector3 turned = times(at.rotation, kAnchors[i].place);
    const Vector3 p{turned[0] + at.translation[0], turned[1] + at.translation[1],
                    std::max(turned[2] + at.translation[2], 1.0)};
    const double dx = seen[i].x - (camera.fx * p[0] / p[2] + camera.cx),
                 dy = seen[i].y - (camera.fy * p[1] / p[2] + camera.cy);
    sum += dx * dx + dy * dy;
    if (normal == nullptr) continue;
    const Vector3 gx{camera.fx / p[2], 0, -camera.fx * p[0] / (p[2] * p[2])},
        gy{0, camera.fy / p[2], -camera.fy * p[1] / (p[2] * p[2])};
    const Vector3 wx = crossed(turned, gx), wy = crossed(turned, gy);  // g . (w x p) = w . (p x g)
    const std::array<double, 6> jx{wx[0], wx[1], wx[2], gx[0], gx[1], gx[2]},
        jy{wy[0], wy[1], wy[2], gy[0], gy[1], gy[2]};
    for (std::size_t a = 0; a < 6; ++a) {
      for (std::size_t b = 0; b < 6; ++b) (*normal)[6 * a + b] += jx[a] * jx[b] + jy[a] * jy[b];
      (*right)[a] += jx[a] * dx + jy[a] * dy;
    }
  }
  return sum;
}

/// @source K. Levenberg 1944, D. Marquardt 1963: the diagonal grows where a step does not help
double refine(Rigid& at, std::span<const Point2f> seen, const PinholeCamera& camera) {
  double damping = 1e-3, best = errors(at, seen, camera, nullptr, nullptr);
  for (int step = 0; step < kMostSteps && damping < 1e6; ++step) {
    std::array<double, 36> normal{};
    std::array<double, 6> move{};
    errors(at, seen, camera, &normal, &move);
    for (std::size_t a = 0; a < 6; ++a) normal[7 * a] *= 1 + damping;
    if (!solve_positive<6>(normal, move)) break;
    Rigid next = at;
    next.rotation = product(rotation_about({move[0], move[1], move[2]}), at.rotation);
    for (std::size_t a = 0; a < 3; ++a) next.translation[a] += move[3 + a];
    const double now = errors(next, seen, camera, nullptr, nullptr);
    if (!(now < best)) {
      damping *= 10;
      continue;
    }
    const bool done = best - now < 1e-9 * best;
    at = next, best = now, damping /= 10;
    if (done) break;
  }
  return best;
}

}  // namespace

PinholeCamera assumed_camera(int width, int height) {
  const double focal = (500.0 * width / 640 + 500.0 * height / 480) / 2;
  return {focal, focal, width / 2.0, height / 2.0};
}

Status check(const KnownCamera& known) {
  constexpr double kMost = 1e6;
  const auto wrong = [](const char* what, double value, const char* limit) {
    return fail(ErrorCode::invalid_argument, fmt::format("{} of the camera: {} pixels, wanted {}", what, value, limit));
  };
  for (const auto& [what, value] : {std::pair("focal length fx", known.fx), std::pair("focal length fy", known.fy)})
    if (value && !(*value > 0 && *value <= kMost)) return wrong(what, *value, "above 0 and at most 1000000");
  for (const auto& [what, value] : {std::pair("centre cx", known.cx), std::pair("centre cy", known.cy)})
    if (value && !(std::abs(*value) <= kMost)) return wrong(what, *value, "-1000000 to 1000000");
  return {};
}

PinholeCamera camera_of(const KnownCamera& known, int width, int height) {
  const PinholeCamera assumed = assumed_camera(width, height);
  return {.fx = known.fx.value_or(known.fy.value_or(assumed.fx)),
          .fy = known.fy.value_or(known.fx.value_or(assumed.fy)),
          .cx = known.cx.value_or(assumed.cx),
          .cy = known.cy.value_or(assumed.cy)};
}

std::span<const MeshAnchor> mesh_anchors() { return kAnchors; }

Matrix3 matrix_of(const Vector3& angles) {
  const auto [x, y, z] = angles;
  const double sx = std::sin(x), cx = std::cos(x), sy = std::sin(y), cy = std::cos(y), sz = std::sin(z),
               cz = std::cos(z);
  return {cy * cz,
          -cy * sz,
          sy,
          cx * sz + cz * sx * sy,
          cx * cz - sx * sy * sz,
          -cy * sx,
          sx * sz - cx * cz * sy,
          cz * sx + cx * sy * sz,
          cx * cy};
}

Vector3 angles_of(const Matrix3& m) {
  return {std::atan2(-m[5], m[8]), std::asin(std::clamp(m[2], -1.0, 1.0)), std::atan2(-m[1], m[0])};
}

Result<MetricPose> metric_pose(const Landmarks& mesh, const PinholeCamera& camera) {
  if (mesh.scheme == LandmarkScheme::ibug68 || mesh.points.size() != count_of(mesh.scheme))
    return fail(ErrorCode::invalid_argument, "pose: the points of a mesh are needed");
  if (!(camera.fx > 0) || !(camera.fy > 0))
    return fail(ErrorCode::invalid_argument, "pose: the focal length of the camera must be above 0");
  std::vector<Point2f> seen;
  for (const MeshAnchor& anchor : kAnchors) {
    seen.push_back(mesh.points[anchor.point]);
    if (!std::isfinite(seen.back().x) || !std::isfinite(seen.back().y))
      return fail(ErrorCode::invalid_argument, "pose: point " + std::to_string(anchor.point) + " is not finite");
  }
  VULTUS_TRY(Rigid at, weak_perspective(seen, camera));
  const double error = refine(at, seen, camera);
  return MetricPose{.translation = at.translation,
                    .rotation = angles_of(at.rotation),
                    .matrix = at.rotation,
                    .residual = std::sqrt(error / static_cast<double>(seen.size()))};
}

Result<Vector3> gaze_of(const MetricPose& pose, const PinholeCamera& camera, EyeSide side, Point2f iris) {
  const double x = side == EyeSide::right ? -kHalfEyeDistance : kHalfEyeDistance;
  const Vector3 turned = times(pose.matrix, {x, 0, 0});
  Vector3 centre{}, ray{(iris.x - camera.cx) / camera.fx, (iris.y - camera.cy) / camera.fy, 1};
  for (std::size_t i = 0; i < 3; ++i) centre[i] = turned[i] + pose.translation[i];
  const double norm = length_of(ray);
  double along = 0;
  for (std::size_t i = 0; i < 3; ++i) ray[i] /= norm, along += ray[i] * centre[i];
  const double gap = centre[0] * centre[0] + centre[1] * centre[1] + centre[2] * centre[2] - along * along;
  const double inside = kIrisRadius * kIrisRadius - gap;
  const double distance = along - std::sqrt(std::max(inside, 0.0));
  Vector3 direction{};
  for (std::size_t i = 0; i < 3; ++i) direction[i] = distance * ray[i] - centre[i];
  const double size = length_of(direction);
  if (!std::isfinite(size) || !(size > 0)) return fail(ErrorCode::invalid_argument, "gaze: values that are not finite");
  for (double& value : direction) value /= size;
  return direction;
}

std::array<double, 2> gaze_angles(const Vector3& direction) {
  return {std::atan2(direction[0], -direction[2]), std::atan2(direction[1], -direction[2])};
}

}  // namespace vultus::face

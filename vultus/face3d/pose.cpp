#include <vultus/face3d/pose.hpp>

#include <string>
#include <utility>
#include <vector>

#include <vultus/face3d/descent.hpp>

namespace vultus::face3d {
namespace {

constexpr double kWorstCondition = 1e10;
constexpr double kPlanar = 1e-3;  // thickness over size below which points lie in a plane
constexpr int kPositSteps = 8;

struct PoseProblem {
  std::span<const Point2f> seen;
  std::span<const Vec3> model;
  Camera camera;

  bool operator()(const RigidPose& pose, Linearised& at) const {
    const auto n = static_cast<Eigen::Index>(seen.size());
    at.residuals.resize(2 * n);
    at.jacobian.resize(2 * n, 6);
    Eigen::Matrix<double, 2, 3> slope;
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto k = static_cast<std::size_t>(i);
      const Vec3 turned = pose.rotation * model[k];
      double u = 0, v = 0;
      if (!project_with_slope(camera, turned + pose.translation, u, v, slope)) return false;
      at.residuals[2 * i] = u - double{seen[k].x};
      at.residuals[2 * i + 1] = v - double{seen[k].y};
      at.jacobian.block<2, 3>(2 * i, 0).noalias() = slope * turn_slope(turned);
      at.jacobian.block<2, 3>(2 * i, 3) = slope;
    }
    return true;
  }
};

Rotation nearest_rotation(const Eigen::Matrix3d& m) {
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(m, Eigen::ComputeFullU | Eigen::ComputeFullV);
  Eigen::Matrix3d turn = svd.matrixU() * svd.matrixV().transpose();
  if (turn.determinant() < 0) {
    Eigen::Matrix3d u = svd.matrixU();
    u.col(2) *= -1;
    turn = u * svd.matrixV().transpose();
  }
  Rotation r;
  std::size_t at = 0;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) r.m.at(at++) = turn(i, j);
  }
  return r;
}

Eigen::Vector3d eigen_of(const Vec3& v) { return {v.x, v.y, v.z}; }
Vec3 vec_of(const Eigen::Vector3d& v) { return {v[0], v[1], v[2]}; }

/// Points in space about their mean, their principal axes and how far they reach along each.
struct Cloud {
  Eigen::Vector3d centre = Eigen::Vector3d::Zero();
  Mat offsets;  // n x 3
  Eigen::Vector3d reach;
  Eigen::Matrix3d axes;  // columns, the longest first
};

Cloud cloud_of(std::span<const Vec3> model) {
  Cloud c;
  const auto n = static_cast<Eigen::Index>(model.size());
  for (const Vec3& p : model) c.centre += eigen_of(p) / static_cast<double>(n);
  c.offsets.resize(n, 3);
  for (Eigen::Index i = 0; i < n; ++i)
    c.offsets.row(i) = (eigen_of(model[static_cast<std::size_t>(i)]) - c.centre).transpose();
  const Eigen::JacobiSVD<Mat> svd(c.offsets, Eigen::ComputeThinV);
  c.reach = svd.singularValues();
  c.axes = svd.matrixV();
  if (c.axes.determinant() < 0) c.axes.col(2) *= -1;
  return c;
}

/// Rays of the seen points: camera coordinates at depth 1.
Mat rays_of(const PoseProblem& problem) {
  const auto n = static_cast<Eigen::Index>(problem.seen.size());
  Mat rays(n, 2);
  for (Eigen::Index i = 0; i < n; ++i) {
    const Point2f& p = problem.seen[static_cast<std::size_t>(i)];
    rays(i, 0) = (double{p.x} - problem.camera.cx) / problem.camera.fx;
    rays(i, 1) = (double{p.y} - problem.camera.cy) / problem.camera.fy;
  }
  return rays;
}

RigidPose about_centre(const Rotation& r, const Eigen::Vector3d& centre_in_camera, const Cloud& cloud) {
  return {r, vec_of(centre_in_camera) - r * vec_of(cloud.centre)};
}

/// Scaled orthography, corrected for the depth of each point a few times.
RigidPose posit(const Mat& rays, const Cloud& cloud) {
  const Mat solver = cloud.offsets.completeOrthogonalDecomposition().pseudoInverse();  // 3 x n
  Vec depth = Vec::Ones(rays.rows());
  RigidPose pose;
  for (int step = 0; step < kPositSteps; ++step) {
    const Vec x = rays.col(0).cwiseProduct(depth), y = rays.col(1).cwiseProduct(depth);
    const double mx = x.mean(), my = y.mean();
    const Eigen::Vector3d i = solver * (x.array() - mx).matrix(), j = solver * (y.array() - my).matrix();
    const double scale = std::sqrt(std::max(1e-12, i.norm() * j.norm()));
    Eigen::Matrix3d m;
    m.row(0) = i.transpose() / scale;
    m.row(1) = j.transpose() / scale;
    m.row(2) = m.row(0).cross(m.row(1));
    const Rotation r = nearest_rotation(m);
    const double z = 1 / scale;
    pose = about_centre(r, {mx * z, my * z, z}, cloud);
    const Eigen::Vector3d look(r.m[6], r.m[7], r.m[8]);
    depth = Vec::Ones(rays.rows()) + cloud.offsets * look / z;
  }
  return pose;
}

/// The direct linear transform of rays, its points made comparable in size first.
RigidPose direct(const Mat& rays, const Cloud& cloud) {
  const Eigen::Index n = rays.rows();
  const double size = cloud.offsets.norm() / std::sqrt(static_cast<double>(n));
  Mat a = Mat::Zero(2 * n, 12);
  for (Eigen::Index i = 0; i < n; ++i) {
    Eigen::RowVector4d p;
    p << cloud.offsets.row(i) / size, 1;
    a.block<1, 4>(2 * i, 0) = p;
    a.block<1, 4>(2 * i, 8) = -rays(i, 0) * p;
    a.block<1, 4>(2 * i + 1, 4) = p;
    a.block<1, 4>(2 * i + 1, 8) = -rays(i, 1) * p;
  }
  const Eigen::JacobiSVD<Mat> svd(a, Eigen::ComputeThinU | Eigen::ComputeFullV);
  Eigen::Matrix<double, 12, 1> h = svd.matrixV().col(11);
  if (h[11] < 0) h = -h;  // before the camera
  Eigen::Matrix3d m;
  m << h[0], h[1], h[2], h[4], h[5], h[6], h[8], h[9], h[10];
  const double scale = std::cbrt(std::max(1e-300, std::abs(m.determinant())));
  return about_centre(nearest_rotation(m), size / scale * Eigen::Vector3d(h[3], h[7], h[11]), cloud);
}

/// Points of a plane: the homography from the plane, and its twin with the tilt the other way.
std::pair<RigidPose, RigidPose> from_plane(const Mat& rays, const Cloud& cloud) {
  const Eigen::Index n = rays.rows();
  const Mat flat = cloud.offsets * cloud.axes;  // n x 3, the third about 0
  const double size = flat.norm() / std::sqrt(static_cast<double>(n));
  Mat a = Mat::Zero(2 * n, 9);
  for (Eigen::Index i = 0; i < n; ++i) {
    const Eigen::RowVector3d p(flat(i, 0) / size, flat(i, 1) / size, 1);
    a.block<1, 3>(2 * i, 0) = p;
    a.block<1, 3>(2 * i, 6) = -rays(i, 0) * p;
    a.block<1, 3>(2 * i + 1, 3) = p;
    a.block<1, 3>(2 * i + 1, 6) = -rays(i, 1) * p;
  }
  const Eigen::JacobiSVD<Mat> svd(a, Eigen::ComputeThinU | Eigen::ComputeFullV);
  Eigen::Matrix<double, 9, 1> h = svd.matrixV().col(8);
  if (h[8] < 0) h = -h;
  Eigen::Matrix3d m;
  m << h[0], h[1], 0, h[3], h[4], 0, h[6], h[7], 0;
  const double scale = std::sqrt(std::max(1e-300, m.col(0).norm() * m.col(1).norm()));
  m.col(2) = m.col(0).cross(m.col(1)) / scale;
  const Eigen::Vector3d centre = size / scale * Eigen::Vector3d(h[2], h[5], h[8]);
  const RigidPose one = about_centre(nearest_rotation(m * cloud.axes.transpose()), centre, cloud);
  // Under weak perspective a plane and its mirror image about the line of sight look alike.
  const Eigen::Vector3d sight = centre.normalized();
  const Eigen::Matrix3d mirror = Eigen::Matrix3d::Identity() - 2 * sight * sight.transpose();
  Eigen::Matrix3d twin = mirror * m;
  twin.col(2) = twin.col(0).cross(twin.col(1)) / scale;
  return {one, about_centre(nearest_rotation(twin * cloud.axes.transpose()), centre, cloud)};
}

Status check_points(std::span<const Point2f> seen, std::span<const Vec3> model, const PoseOptions& options) {
  if (seen.size() != model.size() || seen.size() < 4)
    return fail(ErrorCode::invalid_argument, "pose: the same number of points, at least 4, is needed: there are " +
                                                 std::to_string(seen.size()) + " seen and " +
                                                 std::to_string(model.size()) + " of the model");
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!std::isfinite(seen[i].x) || !std::isfinite(seen[i].y) || !std::isfinite(length(model[i])))
      return fail(ErrorCode::invalid_argument, "pose: point " + std::to_string(i) + " is not finite");
  }
  if (!(options.outlier_px > 0 && options.outlier_px <= 1e6))
    return fail(ErrorCode::invalid_argument,
                "pose: outlier_px must be within (0, 1e6], not " + std::to_string(options.outlier_px));
  if (options.max_iterations < 1 || options.max_iterations > 1000)
    return fail(ErrorCode::invalid_argument,
                "pose: max_iterations must be within [1, 1000], not " + std::to_string(options.max_iterations));
  return {};
}

/// What the end of a descent says of itself.
Result<PoseEstimate> judged(const RigidPose& pose, const PoseProblem& problem, const PoseOptions& options) {
  Linearised at;
  if (!problem(pose, at)) return fail(ErrorCode::invalid_argument, "pose: the points lead to a head behind the camera");
  PoseEstimate made{.pose = pose};
  made.rms_px = std::sqrt(at.residuals.squaredNorm() / static_cast<double>(problem.seen.size()));
  double weighted = 0;
  for (Eigen::Index i = 0; i < at.residuals.size(); i += 2) {
    const double d = std::hypot(at.residuals[i], at.residuals[i + 1]);
    if (d > options.outlier_px) ++made.outliers;
    weighted += huber_weight(d, options.outlier_px) * d * d;
  }
  Mat hessian;
  Vec gradient;
  normal_equations(at, options.outlier_px, hessian, gradient);
  const Vec scale = hessian.diagonal().cwiseSqrt().cwiseMax(1e-150).cwiseInverse();
  const Mat scaled = scale.asDiagonal() * hessian * scale.asDiagonal();
  const Eigen::SelfAdjointEigenSolver<Mat> eigen(scaled);
  const double least = eigen.eigenvalues()[0], most = eigen.eigenvalues()[5];
  made.condition = least > 0 ? most / least : std::numeric_limits<double>::infinity();
  if (!(made.condition < kWorstCondition))
    return fail(ErrorCode::invalid_argument, "pose: the points do not determine it: condition " +
                                                 std::to_string(made.condition) + ", at most 1e10 is accepted");
  const double freedom = std::max(1.0, static_cast<double>(at.residuals.size()) - 6);
  const Mat covariance = weighted / freedom * (scale.asDiagonal() * Mat(scaled.inverse()) * scale.asDiagonal());
  std::size_t entry = 0;
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < 6; ++j) made.covariance.at(entry++) = covariance(i, j);
  }
  return made;
}

}  // namespace

Result<PoseEstimate> estimate_pose(std::span<const Point2f> seen, std::span<const Vec3> model, const Camera& camera,
                                   const PoseOptions& options) {
  VULTUS_CHECK(check(camera));
  VULTUS_CHECK(check_points(seen, model, options));
  const PoseProblem problem{seen, model, camera};
  const Cloud cloud = cloud_of(model);
  if (!(cloud.reach[1] > 1e-6 * cloud.reach[0]))
    return fail(ErrorCode::invalid_argument, "pose: the points of the model lie on one line or in one place");
  const Mat rays = rays_of(problem);
  const Mat spread = rays.rowwise() - rays.colwise().mean();
  const Vec seen_reach = Eigen::JacobiSVD<Mat>(spread).singularValues();
  if (!(seen_reach[1] > 1e-6 * seen_reach[0]))
    return fail(ErrorCode::invalid_argument, "pose: the seen points lie on one line or in one place");

  std::vector<RigidPose> starts;
  if (cloud.reach[2] > kPlanar * cloud.reach[0]) {
    starts.push_back(posit(rays, cloud));
    if (seen.size() >= 6) starts.push_back(direct(rays, cloud));
  } else {
    const auto [one, twin] = from_plane(rays, cloud);
    starts = {one, twin};
  }
  double best = std::numeric_limits<double>::infinity();
  RigidPose pose;
  for (RigidPose start : starts) {
    const double cost = descend(start, options.outlier_px, options.max_iterations, problem, moved);
    if (cost < best) {
      best = cost;
      pose = start;
    }
  }
  if (!std::isfinite(best))
    return fail(ErrorCode::invalid_argument, "pose: the points lead to a head behind the camera");
  return judged(pose, problem, options);
}

}  // namespace vultus::face3d

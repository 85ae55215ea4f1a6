#include <vultus/face3d/fit.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <vultus/face3d/descent.hpp>
#include <vultus/face3d/pose.hpp>

namespace vultus::face3d {
namespace {

constexpr std::size_t kJawPoints = 17;

struct FitState {
  RigidPose pose;
  Vec coefficients;  // identity, then expression
};

/// The model at the seen points alone.
struct FitProblem {
  std::vector<Point2f> seen;
  std::vector<Vec3> mean;
  std::vector<std::vector<Vec3>> modes;  // identity, then expression; each of the size of `mean`
  Eigen::Index identities = 0;
  Camera camera;
  double noise = 1, deviation = 1;

  bool operator()(const FitState& state, Linearised& at) const {
    const auto n = static_cast<Eigen::Index>(seen.size()), k = static_cast<Eigen::Index>(modes.size());
    at.residuals.resize(2 * n);
    at.jacobian.resize(2 * n, 6 + k);
    Eigen::Matrix<double, 2, 3> slope;
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto point = static_cast<std::size_t>(i);
      Vec3 shape = mean[point];
      for (Eigen::Index j = 0; j < k; ++j)
        shape = shape + state.coefficients[j] * modes[static_cast<std::size_t>(j)][point];
      const Vec3 turned = state.pose.rotation * shape;
      double u = 0, v = 0;
      if (!project_with_slope(camera, turned + state.pose.translation, u, v, slope)) return false;
      at.residuals[2 * i] = u - double{seen[point].x};
      at.residuals[2 * i + 1] = v - double{seen[point].y};
      at.jacobian.block<2, 3>(2 * i, 0).noalias() = slope * turn_slope(turned);
      at.jacobian.block<2, 3>(2 * i, 3) = slope;
      for (Eigen::Index j = 0; j < k; ++j) {
        const Vec3 moved_by = state.pose.rotation * modes[static_cast<std::size_t>(j)][point];
        for (Eigen::Index row = 0; row < 2; ++row)
          at.jacobian(2 * i + row, 6 + j) =
              slope(row, 0) * moved_by.x + slope(row, 1) * moved_by.y + slope(row, 2) * moved_by.z;
      }
    }
    at.prior.resize(k);
    at.prior_slope = Mat::Zero(k, 6 + k);
    for (Eigen::Index j = 0; j < k; ++j) {
      const double weight = j < identities ? noise : noise / deviation;
      at.prior[j] = weight * state.coefficients[j];
      at.prior_slope(j, 6 + j) = weight;
    }
    return true;
  }

  [[nodiscard]] FitState step(const FitState& from, const Vec& delta) const {
    FitState to{moved(from.pose, delta), from.coefficients};
    for (Eigen::Index j = 0; j < to.coefficients.size(); ++j) {
      const double c = from.coefficients[j] + delta[6 + j];
      to.coefficients[j] =
          j < identities ? std::clamp(c, -FaceModel::kMaxIdentity, FaceModel::kMaxIdentity) : std::clamp(c, 0.0, 1.0);
    }
    return to;
  }
};

Status check_range(const char* name, double value, double high) {
  if (value > 0 && value <= high) return {};
  return fail(ErrorCode::invalid_argument, std::string("fit: ") + name + " must be within (0, " + std::to_string(high) +
                                               "], not " + std::to_string(value));
}

Status check_fit(const FitOptions& options) {
  VULTUS_CHECK(check_range("noise_px", options.noise_px, 1000));
  VULTUS_CHECK(check_range("expression_deviation", options.expression_deviation, 10));
  VULTUS_CHECK(check_range("outlier_px", options.outlier_px, 1e6));
  return check_range("max_iterations", options.max_iterations, 1000);
}

/// The vertices of the seen points, and which points are used.
Result<std::vector<std::int32_t>> vertices_of(const FaceModel& model, const Landmarks& seen) {
  const FaceModelParts& parts = model.parts();
  if (seen.points.size() != count_of(seen.scheme))
    return fail(ErrorCode::invalid_argument, "fit: a scheme of " + std::to_string(count_of(seen.scheme)) +
                                                 " points, but " + std::to_string(seen.points.size()) + " of them");
  if (seen.scheme == LandmarkScheme::ibug68)
    return std::vector<std::int32_t>(parts.landmarks.begin(), parts.landmarks.end());
  if (seen.scheme == LandmarkScheme::mesh468 && !parts.mesh468.empty()) return parts.mesh468;
  return fail(ErrorCode::unsupported,
              "fit: face model " + parts.name + " does not know the vertices of this scheme of landmarks");
}

std::vector<Vec3> sampled_mode(const std::vector<Point3f>& mode, const std::vector<std::int32_t>& vertices) {
  std::vector<Vec3> made;
  for (const std::int32_t i : vertices) {
    const Point3f& p = mode[static_cast<std::size_t>(i)];
    made.push_back({p.x, p.y, p.z});
  }
  return made;
}

}  // namespace

Result<FaceFit> fit_face(const FaceModel& model, const Landmarks& seen, const Camera& camera,
                         const FitOptions& options) {
  VULTUS_CHECK(check_fit(options));
  VULTUS_TRY(std::vector<std::int32_t> vertices, vertices_of(model, seen));
  const FaceModelParts& parts = model.parts();
  FitProblem problem{.seen = seen.points,
                     .identities = static_cast<Eigen::Index>(parts.identity.size()),
                     .camera = camera,
                     .noise = options.noise_px,
                     .deviation = options.expression_deviation};
  if (seen.scheme == LandmarkScheme::ibug68 && !options.outline) {
    vertices.erase(vertices.begin(), vertices.begin() + kJawPoints);
    problem.seen.erase(problem.seen.begin(), problem.seen.begin() + kJawPoints);
  }
  problem.mean = sampled_mode(parts.mean, vertices);
  for (const auto& mode : parts.identity) problem.modes.push_back(sampled_mode(mode, vertices));
  for (const auto& shape : parts.shapes) problem.modes.push_back(sampled_mode(shape, vertices));

  VULTUS_TRY(const PoseEstimate start,
             estimate_pose(problem.seen, problem.mean, camera, {.outlier_px = 4 * options.outlier_px}));
  FitState state{start.pose, Vec::Zero(static_cast<Eigen::Index>(problem.modes.size()))};
  descend(state, options.outlier_px, options.max_iterations, problem,
          [&](const FitState& from, const Vec& delta) { return problem.step(from, delta); });

  Linearised end;
  if (!problem(state, end)) return fail(ErrorCode::internal, "fit: the descent left the camera's view");
  FaceFit fit{.pose = state.pose};
  fit.rms_px = std::sqrt(end.residuals.squaredNorm() / static_cast<double>(problem.seen.size()));
  const auto* c = state.coefficients.data();
  fit.face.identity.assign(c, c + problem.identities);
  fit.face.expression.assign(c + problem.identities, c + state.coefficients.size());
  return fit;
}

}  // namespace vultus::face3d

#include <vultus/face3d/face_model.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace vultus::face3d {
namespace {

Status check_points(std::string_view what, const std::vector<Point3f>& points, std::size_t wanted) {
  if (points.size() != wanted)
    return fail(ErrorCode::invalid_argument, "face model: " + std::string(what) + " has " +
                                                 std::to_string(points.size()) + " points, the mesh " +
                                                 std::to_string(wanted));
  constexpr float kFarthest = 10'000;  // millimetres: no head is ten metres wide
  for (const Point3f& p : points) {
    if (!(std::abs(p.x) <= kFarthest && std::abs(p.y) <= kFarthest && std::abs(p.z) <= kFarthest))
      return fail(ErrorCode::invalid_argument,
                  "face model: " + std::string(what) + " has a point that is not finite or beyond 10 m");
  }
  return {};
}

Status check_index(std::string_view what, std::int32_t index, std::size_t count) {
  if (index >= 0 && static_cast<std::size_t>(index) < count) return {};
  return fail(ErrorCode::invalid_argument, "face model: " + std::string(what) + " names vertex " +
                                               std::to_string(index) + " of " + std::to_string(count));
}

Status check_limit(std::string_view what, std::size_t count, std::size_t limit) {
  if (count <= limit) return {};
  return fail(ErrorCode::resource_limit, "face model: " + std::to_string(count) + " " + std::string(what) +
                                             ", at most " + std::to_string(limit) + " are taken");
}

Status check_parts(const FaceModelParts& parts) {
  const std::size_t n = parts.mean.size();
  VULTUS_CHECK(check_limit("vertices", n, FaceModel::kMaxVertices));
  VULTUS_CHECK(check_limit("triangles", parts.triangles.size(), FaceModel::kMaxTriangles));
  VULTUS_CHECK(check_limit("modes of identity", parts.identity.size(), FaceModel::kMaxModes));
  VULTUS_CHECK(check_limit("shapes", parts.shapes.size(), FaceModel::kMaxModes));
  if (parts.shape_names.size() != parts.shapes.size())
    return fail(ErrorCode::invalid_argument, "face model: " + std::to_string(parts.shape_names.size()) + " names for " +
                                                 std::to_string(parts.shapes.size()) + " shapes");
  if (parts.regions.size() != parts.triangles.size())
    return fail(ErrorCode::invalid_argument, "face model: " + std::to_string(parts.regions.size()) + " regions for " +
                                                 std::to_string(parts.triangles.size()) + " triangles");
  if (!parts.mesh468.empty() && parts.mesh468.size() != 468)
    return fail(ErrorCode::invalid_argument,
                "face model: the mesh has 468 points, not " + std::to_string(parts.mesh468.size()));
  VULTUS_CHECK(check_points("the mean", parts.mean, n));
  for (const auto& mode : parts.identity) VULTUS_CHECK(check_points("a mode of identity", mode, n));
  for (const auto& shape : parts.shapes) VULTUS_CHECK(check_points("a shape", shape, n));
  for (const auto& triangle : parts.triangles) {
    for (const std::int32_t i : triangle) VULTUS_CHECK(check_index("a triangle", i, n));
  }
  for (const std::int32_t i : parts.landmarks) VULTUS_CHECK(check_index("a landmark", i, n));
  for (const std::int32_t i : parts.mesh468) VULTUS_CHECK(check_index("the mesh", i, n));
  return {};
}

void add_scaled(Point3f& to, const Point3f& mode, float weight) {
  to.x += weight * mode.x;
  to.y += weight * mode.y;
  to.z += weight * mode.z;
}

}  // namespace

Result<FaceModel> FaceModel::create(FaceModelParts parts) {
  VULTUS_CHECK(check_parts(parts));
  Vec3 sum;
  for (const std::int32_t i : parts.landmarks) {
    const Point3f& p = parts.mean[static_cast<std::size_t>(i)];
    sum = sum + Vec3{p.x, p.y, p.z};
  }
  const Vec3 origin = (1.0 / 68) * sum;
  for (Point3f& p : parts.mean)
    p = {p.x - static_cast<float>(origin.x), p.y - static_cast<float>(origin.y), p.z - static_cast<float>(origin.z)};
  for (EyeBall& eye : parts.eyes) eye.centre = eye.centre - origin;
  return FaceModel(std::move(parts));
}

std::optional<std::size_t> FaceModel::shape_named(std::string_view name) const {
  const auto at = std::ranges::find(parts_.shape_names, name);
  if (at == parts_.shape_names.end()) return std::nullopt;
  return static_cast<std::size_t>(at - parts_.shape_names.begin());
}

Status FaceModel::check_coefficients(const FaceCoefficients& face) const {
  if (face.identity.size() > parts_.identity.size() || face.expression.size() > parts_.shapes.size())
    return fail(ErrorCode::invalid_argument,
                "face: " + std::to_string(face.identity.size()) + " and " + std::to_string(face.expression.size()) +
                    " coefficients, the model has " + std::to_string(parts_.identity.size()) +
                    " modes of identity and " + std::to_string(parts_.shapes.size()) + " shapes");
  for (const double c : face.identity) {
    if (!(std::abs(c) <= kMaxIdentity))
      return fail(ErrorCode::invalid_argument,
                  "face: a coefficient of identity must be within [-6, 6], not " + std::to_string(c));
  }
  for (const double c : face.expression) {
    if (!(c >= 0 && c <= 1))
      return fail(ErrorCode::invalid_argument,
                  "face: a weight of a shape must be within [0, 1], not " + std::to_string(c));
  }
  return {};
}

Result<std::vector<Point3f>> FaceModel::vertices(const FaceCoefficients& face) const {
  VULTUS_CHECK(check_coefficients(face));
  std::vector<Point3f> made = parts_.mean;
  const auto add = [&](const std::vector<double>& weights, const std::vector<std::vector<Point3f>>& modes) {
    for (std::size_t k = 0; k < weights.size(); ++k) {
      if (weights[k] == 0) continue;
      for (std::size_t i = 0; i < made.size(); ++i) add_scaled(made[i], modes[k][i], static_cast<float>(weights[k]));
    }
  };
  add(face.identity, parts_.identity);
  add(face.expression, parts_.shapes);
  return made;
}

Result<std::vector<Vec3>> FaceModel::points(std::span<const std::int32_t> which, const FaceCoefficients& face) const {
  VULTUS_CHECK(check_coefficients(face));
  std::vector<Vec3> made;
  made.reserve(which.size());
  for (const std::int32_t index : which) {
    VULTUS_CHECK(check_index("the caller", index, parts_.mean.size()));
    const auto i = static_cast<std::size_t>(index);
    Point3f p = parts_.mean[i];
    for (std::size_t k = 0; k < face.identity.size(); ++k)
      add_scaled(p, parts_.identity[k][i], static_cast<float>(face.identity[k]));
    for (std::size_t k = 0; k < face.expression.size(); ++k)
      add_scaled(p, parts_.shapes[k][i], static_cast<float>(face.expression[k]));
    made.push_back({p.x, p.y, p.z});
  }
  return made;
}

Result<std::vector<double>> FaceModel::expression_of(std::span<const AuActivation> units) const {
  VULTUS_TRY(const auto weights, shapes_of(units));
  std::vector<double> made(parts_.shapes.size());
  for (const ShapeWeight& shape : weights) {
    const auto at = shape_named(shape.name);
    if (!at) return fail(ErrorCode::unsupported, "face model " + parts_.name + ": no shape " + shape.name);
    made[*at] = shape.weight;
  }
  return made;
}

}  // namespace vultus::face3d

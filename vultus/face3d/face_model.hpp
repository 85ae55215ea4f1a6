// The linear 3-D face: a mean head, modes of identity and named shapes of expression on one mesh.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/au_table.hpp>
#include <vultus/core/result.hpp>
#include <vultus/face3d/vec3.hpp>

namespace vultus::face3d {

/// What a triangle is made of.
enum class Region : std::uint8_t {
  skin,   ///< with brows, lips and hair painted by where they lie on the mean head
  mouth,  ///< the inside of the mouth
  teeth,
  right_eye,  ///< eyeballs, the subject's
  left_eye,
  lashes,
  hidden,  ///< not drawn: tear film and other helpers of renderers
};

/// A point of the mesh, millimetres, in the axes of camera.hpp.
struct Point3f {
  float x = 0;
  float y = 0;
  float z = 0;
  bool operator==(const Point3f&) const = default;
};

struct EyeBall {
  Vec3 centre;        ///< on the mean head
  double radius = 0;  ///< millimetres
};

/// What a model is made of. Every list of points has one entry for each vertex.
struct FaceModelParts {
  std::string name;
  std::vector<Point3f> mean;
  std::vector<std::vector<Point3f>> identity;  ///< coefficients are about standard normal
  std::vector<std::string> shape_names;        ///< of `shapes`, e.g. "jawOpen", "eyeBlink_L"
  std::vector<std::vector<Point3f>> shapes;    ///< weights are [0, 1]
  std::vector<std::array<std::int32_t, 3>> triangles;
  std::vector<Region> regions;  ///< of each triangle
  std::array<std::int32_t, 68> landmarks{};
  std::vector<std::int32_t> mesh468;  ///< vertices of the points of the MediaPipe mesh; empty where they are not known
  std::array<EyeBall, 2> eyes;        ///< the subject's right, left
};

/// How one face differs from the mean. Shorter lists than the model has modes stand for zeros behind them.
struct FaceCoefficients {
  std::vector<double> identity;    ///< each within [-kMaxIdentity, kMaxIdentity]
  std::vector<double> expression;  ///< each within [0, 1], in the order of shape_names
  bool operator==(const FaceCoefficients&) const = default;
};

/// A face model. Immutable after it is made: share freely.
class FaceModel {
 public:
  static constexpr std::size_t kMaxVertices = 200'000, kMaxTriangles = 400'000, kMaxModes = 512;
  static constexpr double kMaxIdentity = 6;

  /// The origin is moved to the mean of the 68 landmarks of the mean head.
  /// @error invalid_argument  parts that do not fit together, indices outside the mesh, values that are not finite
  /// @error resource_limit    more vertices, triangles or modes than the limits above
  static Result<FaceModel> create(FaceModelParts parts);

  [[nodiscard]] const FaceModelParts& parts() const { return parts_; }
  /// @return index of an expression shape; nothing where none is called so
  [[nodiscard]] std::optional<std::size_t> shape_named(std::string_view name) const;

  /// All vertices of a face.
  /// @error invalid_argument  more coefficients than modes, or one outside its range
  [[nodiscard]] Result<std::vector<Point3f>> vertices(const FaceCoefficients& face) const;
  /// The vertices named alone: landmarks, for example.
  /// @param which  indices of vertices
  [[nodiscard]] Result<std::vector<Vec3>> points(std::span<const std::int32_t> which,
                                                 const FaceCoefficients& face) const;
  /// The weights of the shapes that action units move, in the order of shape_names.
  /// @error unsupported       a shape that this model does not have
  /// @error invalid_argument  of shapes_of
  [[nodiscard]] Result<std::vector<double>> expression_of(std::span<const AuActivation> units) const;

 private:
  explicit FaceModel(FaceModelParts parts) : parts_(std::move(parts)) {}
  [[nodiscard]] Status check_coefficients(const FaceCoefficients& face) const;
  FaceModelParts parts_;
};

/// A head that needs no file: our own geometry, 12 modes of identity, all shapes of the AU table for both sides.
/// @cost a few milliseconds; keep it
[[nodiscard]] Result<FaceModel> procedural_head();

/// A model folder in the layout of ICT-FaceKit "light": neutral.npy (float, n x 3, centimetres, y up, z to the viewer),
/// expressions.npy and identities.npy (float, modes x n x 3), faces.npy (int32, quads or triangles, -1 fills),
/// index.json with "expressions", "identities" (names) and "idx_to_landmark_verts" (68 vertices).
/// @error not_found         the folder or a file of it is not there
/// @error corrupt_data      a file that does not follow its format, or does not fit the others: the message names it
/// @error resource_limit    a file or array beyond its limit
[[nodiscard]] Result<FaceModel> load_face_model(const std::string& folder);

}  // namespace vultus::face3d

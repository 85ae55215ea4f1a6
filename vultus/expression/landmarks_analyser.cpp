#include <algorithm>
#include <array>
#include <cmath>

#include <vultus/expression/ibug_on_mesh.hpp>
#include <vultus/expression/per_face.hpp>
#include <vultus/face/eyes.hpp>
#include <vultus/face/mesh.hpp>

namespace vultus::expression {
namespace {

const ChannelId kVisibility68{"landmarks.68.visibility"};
const ChannelId kVisibility478{"landmarks.478.visibility"};
// Below this the network sees no face, and its points would be a face drawn on something else.
constexpr Score kNoFace{0.2F};

/// How likely a point faces the viewer, by the shape alone: the angle between the line of sight and the direction from
/// the middle of the head to the point. What hides it is not known.
class Visible {
 public:
  Visible(const face::MeshReading& mesh, ImageView picture)
      : mesh_(&mesh), width_(static_cast<float>(picture.width)), height_(static_cast<float>(picture.height)) {
    // Between the temples lies the middle of the head.
    constexpr std::size_t kRightTemple = 127, kLeftTemple = 356;
    const auto& p = mesh.landmarks.points;
    x_ = (p[kRightTemple].x + p[kLeftTemple].x) / 2, y_ = (p[kRightTemple].y + p[kLeftTemple].y) / 2;
    z_ = (mesh.depths[kRightTemple] + mesh.depths[kLeftTemple]) / 2;
  }
  [[nodiscard]] float at(std::size_t point) const {
    const Point2f p = mesh_->landmarks.points[point];
    if (!(p.x >= 0 && p.y >= 0 && p.x < width_ && p.y < height_)) return 0;
    const float dx = p.x - x_, dy = p.y - y_, dz = mesh_->depths[point] - z_;
    const float size = std::sqrt(dx * dx + dy * dy + dz * dz);
    return size > 0 ? std::clamp(0.5F - 2 * dz / size, 0.0F, 1.0F) : 0.5F;
  }

 private:
  const face::MeshReading* mesh_;
  float width_, height_, x_ = 0, y_ = 0, z_ = 0;
};

class LandmarksAnalyser final : public PerFace {
 public:
  LandmarksAnalyser(AnalyserInfo info, face::MeshNet mesh, face::IrisNet iris)
      : PerFace(std::move(info)), mesh_(std::move(mesh)), iris_(std::move(iris)) {}

 protected:
  Status look_at(const AnalysedFrame& frame, AnalysedFace& face) override {
    const auto& keypoints = face.face.keypoints;
    auto mesh = mesh_.find(
        frame.picture,
        {.box = face.face.box, .score = face.face.detection, .eyes = face::Eyes{keypoints[0], keypoints[1]}});
    if (!mesh) return unread(face, mesh.error());
    if (mesh->flag < kNoFace) return absent(face, "the mesh network sees no face here");
    std::array<Point2f, 10> irises;
    for (const face::EyeSide side : {face::EyeSide::right, face::EyeSide::left}) {
      const auto eye = iris_.find(frame.picture, mesh->landmarks, side);
      if (!eye) return unread(face, eye.error());
      // Its lids are finer than those of the mesh.
      const auto& outline = face::eye_outline(side);
      for (std::size_t i = 0; i < outline.size(); ++i) mesh->landmarks.points[outline.at(i)] = eye->outline.at(i);
      std::ranges::copy(eye->iris, irises.begin() + (side == face::EyeSide::right ? 0 : 5));
    }
    write(frame.picture, *mesh, irises, face);
    return {};
  }

 private:
  static void write(ImageView picture, const face::MeshReading& mesh, const std::array<Point2f, 10>& irises,
                    AnalysedFace& face) {
    const Visible visible(mesh, picture);
    std::vector<float> rows, seen;
    for (std::size_t i = 0; i < mesh.landmarks.points.size(); ++i) {
      rows.insert(rows.end(), {mesh.landmarks.points[i].x, mesh.landmarks.points[i].y, mesh.depths[i]});
      seen.push_back(visible.at(i));
    }
    // An iris lies as deep as the corners of its eye, and is seen as well as they are.
    for (std::size_t i = 0; i < irises.size(); ++i) {
      const std::size_t outer = i < 5 ? 33 : 263, inner = i < 5 ? 133 : 362;
      rows.insert(rows.end(), {irises.at(i).x, irises.at(i).y, (mesh.depths[outer] + mesh.depths[inner]) / 2});
      seen.push_back((visible.at(outer) + visible.at(inner)) / 2);
    }
    face.readings.write(kLandmarks478, std::move(rows));
    face.readings.write(kVisibility478, std::move(seen));
    std::vector<float> pairs, seen68;
    const bool own = face.face.landmarks && face.face.landmarks->scheme == LandmarkScheme::ibug68;
    for (std::size_t i = 0; i < kIbugOnMesh.size(); ++i) {
      const Point2f p = own ? face.face.landmarks->points[i] : mesh.landmarks.points[kIbugOnMesh.at(i)];
      pairs.insert(pairs.end(), {p.x, p.y});
      seen68.push_back(visible.at(kIbugOnMesh.at(i)));
    }
    face.readings.write(kLandmarks68, std::move(pairs));
    face.readings.write(kVisibility68, std::move(seen68));
  }

  face::MeshNet mesh_;
  face::IrisNet iris_;
};

}  // namespace

AnalyserInfo declare_landmarks(const runtime::ModelHandle* model, const AnalyserResources&) {
  AnalyserInfo info{
      .id = "landmarks",
      .help = "68 and 478 points of the face with visibility",
      .reads = {},
      .writes = {{kLandmarks68, "px (x, y)", "68 points (iBUG order) as x, y"},
                 {kVisibility68, "0..1", "how likely each of the 68 points faces the camera, by the shape alone"},
                 {kLandmarks478, "px (x, y, z)", "468 points of the mesh and ten of the irises as x, y and depth"},
                 {kVisibility478, "0..1", "how likely each of the 478 points faces the camera, by the shape alone"}},
      .evidence = runtime::evidence_of("landmarks", model, "mesh read twice, eyes by human_iris")};
  return info;
}

Result<std::unique_ptr<Analyser>> make_landmarks(const AnalyserResources& resources) {
  VULTUS_TRY(const runtime::ModelHandle mesh_model, resources.model(ModelId("mp_face_mesh")));
  VULTUS_TRY(const runtime::ModelHandle iris_model, resources.model(ModelId("human_iris")));
  VULTUS_TRY(auto mesh, face::MeshNet::load(mesh_model));
  VULTUS_TRY(auto iris, face::IrisNet::load(iris_model));
  return std::unique_ptr<Analyser>(
      std::make_unique<LandmarksAnalyser>(declare_landmarks(&mesh_model, resources), std::move(mesh), std::move(iris)));
}

}  // namespace vultus::expression

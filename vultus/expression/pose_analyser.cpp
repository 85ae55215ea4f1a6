#include <array>
#include <string>
#include <utility>
#include <vector>

#include <vultus/expression/ibug_on_mesh.hpp>
#include <vultus/expression/per_face.hpp>
#include <vultus/face/metric_pose.hpp>

namespace vultus::expression {
namespace {

constexpr std::array<const char*, 6> kPoseNames{"pose.tx", "pose.ty", "pose.tz", "pose.rx", "pose.ry", "pose.rz"};
// The right iris begins at 468, the left one at 473.
constexpr std::size_t kRightIris = 468, kLeftIris = 473;

const ChannelId kLandmarks3d68{"landmarks3d.68"};

/// The 68 points before the camera: each on its ray, as deep as the mesh has it. One pixel of the mesh's depth is a
/// pixel at the distance of the head, and the anchors of the pose say where depth 0 lies.
/// @param rows    of landmarks.478: x, y, depth
/// @param points  of landmarks.68: x, y
/// @return x, y, z of each, mm
std::vector<float> in_space(const std::vector<float>& rows, const std::vector<float>& points,
                            const face::MetricPose& pose, const face::PinholeCamera& camera) {
  const double scale = 2 * pose.translation[2] / (camera.fx + camera.fy);
  double zero = 0;
  for (const face::MeshAnchor& anchor : face::mesh_anchors()) {
    double z = pose.translation[2];
    for (std::size_t i = 0; i < 3; ++i) z += pose.matrix.at(6 + i) * anchor.place.at(i);
    zero += (z - scale * rows[3 * std::size_t{anchor.point} + 2]) / static_cast<double>(face::mesh_anchors().size());
  }
  std::vector<float> space;
  for (std::size_t i = 0; i < kIbugOnMesh.size(); ++i) {
    const double z = zero + scale * rows[3 * std::size_t{kIbugOnMesh.at(i)} + 2];
    space.push_back(static_cast<float>((points[2 * i] - camera.cx) / camera.fx * z));
    space.push_back(static_cast<float>((points[2 * i + 1] - camera.cy) / camera.fy * z));
    space.push_back(static_cast<float>(z));
  }
  return space;
}

class PoseAnalyser final : public PerFace {
 public:
  PoseAnalyser(AnalyserInfo info, const face::KnownCamera& camera) : PerFace(std::move(info)), camera_(camera) {}

 protected:
  Status look_at(const AnalysedFrame& frame, AnalysedFace& face) override {
    const auto mesh = mesh_of(face);
    if (!mesh) return absent(face, why_absent(face, kLandmarks478));
    const face::PinholeCamera camera = face::camera_of(camera_, frame.picture.width, frame.picture.height);
    const auto pose = face::metric_pose(*mesh, camera);
    if (!pose) return unread(face, pose.error());
    for (std::size_t i = 0; i < 3; ++i) {
      face.readings.write(ChannelId(kPoseNames.at(i)), pose->translation.at(i));
      face.readings.write(ChannelId(kPoseNames.at(i + 3)), pose->rotation.at(i));
    }
    const auto* points = face.readings.values(kLandmarks68);
    if (points == nullptr || points->size() != 2 * kIbugOnMesh.size())
      face.readings.absent(kLandmarks3d68, why_absent(face, kLandmarks68));
    else
      face.readings.write(kLandmarks3d68, in_space(*face.readings.values(kLandmarks478), *points, *pose, camera));
    return {};
  }

 private:
  face::KnownCamera camera_;
};

class GazeAnalyser final : public PerFace {
 public:
  GazeAnalyser(AnalyserInfo info, const face::KnownCamera& camera) : PerFace(std::move(info)), camera_(camera) {}

 protected:
  Status look_at(const AnalysedFrame& frame, AnalysedFace& face) override {
    const auto mesh = mesh_of(face);
    if (!mesh) return absent(face, why_absent(face, kLandmarks478));
    face::MetricPose pose;
    std::array<double, 6> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const double* value = face.readings.number(ChannelId(kPoseNames.at(i)));
      if (value == nullptr) return absent(face, why_absent(face, ChannelId(kPoseNames.at(i))));
      numbers.at(i) = *value;
    }
    pose.translation = {numbers[0], numbers[1], numbers[2]};
    pose.matrix = face::matrix_of({numbers[3], numbers[4], numbers[5]});
    const face::PinholeCamera camera = face::camera_of(camera_, frame.picture.width, frame.picture.height);
    const auto right = face::gaze_of(pose, camera, face::EyeSide::right, mesh->points[kRightIris]);
    const auto left = face::gaze_of(pose, camera, face::EyeSide::left, mesh->points[kLeftIris]);
    if (!right || !left) return unread(face, right ? left.error() : right.error());
    face::Vector3 both{};
    constexpr std::array<const char*, 3> kAxes{"x", "y", "z"};
    for (std::size_t i = 0; i < 3; ++i) {
      both.at(i) = (right->at(i) + left->at(i)) / 2;
      face.readings.write(ChannelId(std::string("gaze.right.") + kAxes.at(i)), right->at(i));
      face.readings.write(ChannelId(std::string("gaze.left.") + kAxes.at(i)), left->at(i));
    }
    const auto angles = face::gaze_angles(both);
    face.readings.write(ChannelId("gaze.angle.x"), angles[0]);
    face.readings.write(ChannelId("gaze.angle.y"), angles[1]);
    return {};
  }

 private:
  face::KnownCamera camera_;
};

std::string camera_text(const AnalyserResources& resources) {
  return resources.camera.empty() ? "camera assumed from the size of the picture" : "camera as given";
}

}  // namespace

AnalyserInfo declare_pose(const runtime::ModelHandle*, const AnalyserResources& resources) {
  AnalyserInfo info{
      .id = "pose",
      .help = "place and turn of the head in front of the camera",
      .reads = {kLandmarks478, kLandmarks68},
      .writes = {{ChannelId("pose.tx"), "mm", "middle between the eyes, to the picture's right"},
                 {ChannelId("pose.ty"), "mm", "middle between the eyes, down"},
                 {ChannelId("pose.tz"), "mm", "middle between the eyes, away from the camera"},
                 {ChannelId("pose.rx"), "rad", "nod: above 0 = down"},
                 {ChannelId("pose.ry"), "rad", "turn: above 0 = to the picture's left"},
                 {ChannelId("pose.rz"), "rad", "tilt: above 0 = clockwise in the picture"},
                 {kLandmarks3d68, "mm (x, y, z)", "the 68 points before the camera, as deep as the mesh has them"}},
      .evidence = runtime::evidence_of("pose", nullptr, "standard head on the mesh, " + camera_text(resources))};
  return info;
}

Result<std::unique_ptr<Analyser>> make_pose(const AnalyserResources& resources) {
  return std::unique_ptr<Analyser>(std::make_unique<PoseAnalyser>(declare_pose(nullptr, resources), resources.camera));
}

AnalyserInfo declare_gaze(const runtime::ModelHandle*, const AnalyserResources& resources) {
  AnalyserInfo info{
      .id = "gaze",
      .help = "where each eye looks, and both together",
      .reads = {kLandmarks478},
      .writes = {},
      .evidence = runtime::evidence_of("gaze", nullptr, "iris on a ball in the head, " + camera_text(resources))};
  for (const char* name : kPoseNames) info.reads.emplace_back(name);
  for (const char* eye : {"right", "left"})
    for (const char* axis : {"x", "y", "z"})
      info.writes.push_back({ChannelId(std::string("gaze.") + eye + "." + axis), "unit vector",
                             std::string("where the ") + eye + " eye looks, camera axis " + axis});
  info.writes.push_back({ChannelId("gaze.angle.x"), "rad", "both eyes: above 0 = to the picture's right"});
  info.writes.push_back({ChannelId("gaze.angle.y"), "rad", "both eyes: above 0 = down"});
  return info;
}

Result<std::unique_ptr<Analyser>> make_gaze(const AnalyserResources& resources) {
  return std::unique_ptr<Analyser>(std::make_unique<GazeAnalyser>(declare_gaze(nullptr, resources), resources.camera));
}

}  // namespace vultus::expression

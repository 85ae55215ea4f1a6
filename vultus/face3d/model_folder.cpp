// Reads a model folder in the layout of ICT-FaceKit.
#include <algorithm>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include <vultus/face3d/face_model.hpp>
#include <vultus/face3d/npy.hpp>
#include <vultus/media/file.hpp>

namespace vultus::face3d {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kMaxFile = std::size_t{512} << 20U, kMaxIndex = std::size_t{8} << 20U;
constexpr std::size_t kMaxValues = std::size_t{96} << 20U;
constexpr float kMillimetres = 10;  // the files are in centimetres

/// Parts of the mesh of ICT-FaceKit by the last vertex of each.
/// @source the vertex table of ICT-FaceKit's README
struct MeshPart {
  std::int32_t end;
  Region region;
};
constexpr std::size_t kIctVertices = 26'719;
constexpr std::array<MeshPart, 9> kIctParts{
    {{11'248, Region::skin},   // face, head and neck
     {13'294, Region::mouth},  // mouth socket
     {14'062, Region::mouth},  // eye sockets
     {17'039, Region::mouth},  // gums and tongue
     {21'451, Region::teeth},
     {23'021, Region::left_eye},
     {24'591, Region::right_eye},
     {26'719, Region::hidden},  // tear film, blends, occlusion, strips of lashes
     {std::numeric_limits<std::int32_t>::max(), Region::skin}}};
constexpr std::array<std::pair<std::int32_t, std::int32_t>, 2> kIctEyes{{{23'021, 24'591}, {21'451, 23'021}}};

Result<NpyArray> array_of(const std::string& folder, const std::string& name) {
  const std::string path = folder + "/" + name;
  VULTUS_TRY(const auto bytes, media::read_file(path, kMaxFile));
  return read_npy(bytes, kMaxValues).with_context(path);
}

Error misfit(const std::string& file, const std::string& why) {
  return fail(ErrorCode::corrupt_data, file + ": " + why);
}

/// Rows of three become points in the room's axes.
std::vector<Point3f> points_of(std::span<const float> values) {
  std::vector<Point3f> points;
  points.reserve(values.size() / 3);
  for (std::size_t i = 0; i + 2 < values.size(); i += 3)
    points.push_back({kMillimetres * values[i], -kMillimetres * values[i + 1], -kMillimetres * values[i + 2]});
  return points;
}

Result<std::vector<std::vector<Point3f>>> modes_of(const std::string& folder, const std::string& name,
                                                   std::size_t vertices) {
  VULTUS_TRY(const NpyArray array, array_of(folder, name));
  const auto& s = array.shape;
  if (s.size() != 3 || s[1] != vertices || s[2] != 3)
    return misfit(folder + "/" + name, "its shape must be (modes, " + std::to_string(vertices) + ", 3)");
  if (s[0] > FaceModel::kMaxModes)
    return fail(ErrorCode::resource_limit,
                folder + "/" + name + ": " + std::to_string(s[0]) + " modes, at most 512 are taken");
  std::vector<std::vector<Point3f>> modes;
  for (std::size_t k = 0; k < s[0]; ++k)
    modes.push_back(points_of(std::span(array.values).subspan(k * vertices * 3, vertices * 3)));
  return modes;
}

Status read_faces(const std::string& folder, FaceModelParts& parts) {
  VULTUS_TRY(const NpyArray array, array_of(folder, "faces.npy"));
  if (array.shape.size() != 2 || (array.shape[1] != 3 && array.shape[1] != 4))
    return misfit(folder + "/faces.npy", "its shape must be (faces, 3) or (faces, 4)");
  const std::size_t corners = array.shape[1];
  const auto vertices = static_cast<float>(parts.mean.size());
  for (std::size_t f = 0; f < array.shape[0]; ++f) {
    std::array<std::int32_t, 4> face{-1, -1, -1, -1};
    for (std::size_t c = 0; c < corners; ++c) {
      const float value = array.values[f * corners + c];
      if (!(value >= -1 && value < vertices))
        return misfit(folder + "/faces.npy", "face " + std::to_string(f) + " names a vertex that is not there");
      face.at(c) = static_cast<std::int32_t>(value);
    }
    if (face[0] < 0 || face[1] < 0 || face[2] < 0)
      return misfit(folder + "/faces.npy", "face " + std::to_string(f) + " has less than three corners");
    parts.triangles.push_back({face[0], face[1], face[2]});
    if (face[3] >= 0) parts.triangles.push_back({face[0], face[2], face[3]});
  }
  return {};
}

Result<std::vector<std::string>> names_in(const Json& index, const char* key, const std::string& path) {
  if (!index.contains(key) || !index[key].is_array()) return misfit(path, std::string("no list \"") + key + "\"");
  std::vector<std::string> names;
  for (const Json& name : index[key]) {
    if (!name.is_string()) return misfit(path, std::string("a name in \"") + key + "\" is no text");
    names.push_back(name.get<std::string>());
  }
  return names;
}

Status read_index(const std::string& folder, FaceModelParts& parts) {
  const std::string path = folder + "/index.json";
  VULTUS_TRY(const auto bytes, media::read_file(path, kMaxIndex));
  const Json index = Json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (!index.is_object()) return misfit(path, "it is no JSON object");
  VULTUS_TRY(parts.shape_names, names_in(index, "expressions", path));
  constexpr const char* kLandmarks = "idx_to_landmark_verts";
  if (!index.contains(kLandmarks) || !index[kLandmarks].is_array() || index[kLandmarks].size() != 68)
    return misfit(path, std::string("\"") + kLandmarks + "\" must be a list of 68 vertices");
  for (std::size_t i = 0; i < 68; ++i) {
    const Json& value = index[kLandmarks][i];
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0 ||
        value.get<std::int64_t>() >= static_cast<std::int64_t>(parts.mean.size()))
      return misfit(path, "landmark " + std::to_string(i) + " names a vertex that is not there");
    parts.landmarks.at(i) = value.get<std::int32_t>();
  }
  return {};
}

/// The ball around vertices [begin, end): its front is the cornea, which bulges, so the sides say how large it is.
EyeBall ball_around(const FaceModelParts& parts, std::int32_t begin, std::int32_t end) {
  Point3f low{1e9F, 1e9F, 1e9F}, high{-1e9F, -1e9F, -1e9F};
  for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
    const Point3f& p = parts.mean[i];
    low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
  }
  const double radius = double{high.x - low.x + high.y - low.y} / 4;
  return {{(low.x + high.x) / 2, (low.y + high.y) / 2, high.z - radius}, radius};
}

void name_regions(FaceModelParts& parts) {
  parts.regions.assign(parts.triangles.size(), Region::skin);
  if (parts.mean.size() != kIctVertices) return;
  for (std::size_t t = 0; t < parts.triangles.size(); ++t) {
    const std::int32_t vertex = parts.triangles[t][0];
    parts.regions[t] = std::ranges::find_if(kIctParts, [&](const MeshPart& part) { return vertex < part.end; })->region;
  }
  for (std::size_t side = 0; side < 2; ++side)
    parts.eyes.at(side) = ball_around(parts, kIctEyes.at(side).first, kIctEyes.at(side).second);
  // The files' left and right are checked against where the balls lie: the subject's right is at x < 0.
  if (parts.eyes[0].centre.x > parts.eyes[1].centre.x) {
    std::swap(parts.eyes[0], parts.eyes[1]);
    for (Region& region : parts.regions) {
      if (region == Region::left_eye) {
        region = Region::right_eye;
      } else if (region == Region::right_eye) {
        region = Region::left_eye;
      }
    }
  }
}

}  // namespace

Result<FaceModel> load_face_model(const std::string& folder) {
  FaceModelParts parts;
  parts.name = "folder";
  VULTUS_TRY(const NpyArray mean, array_of(folder, "neutral.npy"));
  if (mean.shape.size() != 2 || mean.shape[1] != 3)
    return misfit(folder + "/neutral.npy", "its shape must be (vertices, 3)");
  if (mean.shape[0] > FaceModel::kMaxVertices)
    return fail(ErrorCode::resource_limit,
                folder + "/neutral.npy: " + std::to_string(mean.shape[0]) + " vertices, at most 200000 are taken");
  parts.mean = points_of(mean.values);
  VULTUS_TRY(parts.shapes, modes_of(folder, "expressions.npy", parts.mean.size()));
  VULTUS_TRY(parts.identity, modes_of(folder, "identities.npy", parts.mean.size()));
  VULTUS_CHECK(read_faces(folder, parts));
  VULTUS_CHECK(read_index(folder, parts));
  name_regions(parts);
  auto made = FaceModel::create(std::move(parts));
  if (!made && made.error().code == ErrorCode::invalid_argument)  // what a caller did wrong is what the files are here
    return fail(ErrorCode::corrupt_data, folder + ": " + made.error().message);
  return made;
}

}  // namespace vultus::face3d

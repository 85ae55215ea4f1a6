#include <vultus/timeline/foreign_columns.hpp>

#include <cctype>
#include <map>
#include <set>
#include <span>
#include <utility>

namespace vultus::timeline {
namespace {

using Names = std::map<std::string, std::size_t>;

constexpr std::array<const char*, 20> kUnitNumbers{"01", "02", "04", "05", "06", "07", "09", "10", "11", "12",
                                                   "14", "15", "17", "20", "23", "24", "25", "26", "28", "45"};

class Columns {
 public:
  explicit Columns(const Names& names) : names_(&names) {}

  std::ptrdiff_t at(const std::string& name) {
    const auto found = names_->find(name);
    if (found == names_->end()) return -1;
    used_.insert(found->second);
    return static_cast<std::ptrdiff_t>(found->second);
  }
  /// A channel of one column, where that is there.
  void number(const std::string& column, const std::string& channel, const std::string& unit) {
    if (const auto found = at(column); found >= 0)
      channels_.push_back({.id = ChannelId(channel), .unit = unit, .columns = {static_cast<std::size_t>(found)}});
  }
  /// A channel of values in a row, where all of its columns are there.
  void row(const std::vector<std::string>& columns, const std::string& channel, const std::string& unit) {
    ForeignChannel made{.id = ChannelId(channel), .unit = unit, .columns = {}, .in_a_row = true};
    for (const std::string& column : columns) {
      const auto found = names_->find(column);
      if (found == names_->end()) return;
      made.columns.push_back(found->second);
    }
    used_.insert(made.columns.begin(), made.columns.end());
    channels_.push_back(std::move(made));
  }
  /// Points whose axes stand in columns <prefix><number>.
  void points(const std::vector<std::string>& axes, int count, const std::string& channel, const std::string& unit) {
    std::vector<std::string> columns;
    for (int i = 0; i < count; ++i)
      for (const std::string& axis : axes) columns.push_back(axis + std::to_string(i));
    row(columns, channel, unit);
  }
  /// A channel of values in a row of those columns that are there; its unit names them.
  void row_of_those_there(std::span<const char* const> columns, const std::string& channel, const std::string& unit) {
    std::vector<std::string> there;
    std::string names;
    for (const std::string column : columns) {
      if (!names_->contains(column)) continue;
      there.push_back(column);
      names += (names.empty() ? "" : ", ") + column;
    }
    if (!there.empty()) row(there, channel, unit + " (" + names + ")");
  }
  [[nodiscard]] bool has(const std::string& name) const { return names_->contains(name); }
  [[nodiscard]] std::vector<std::string> unused(const std::vector<std::string>& names) const {
    std::vector<std::string> unused;
    for (std::size_t i = 0; i < names.size(); ++i)
      if (!used_.contains(i)) unused.push_back(names[i]);
    return unused;
  }
  [[nodiscard]] std::vector<ForeignChannel> take() { return std::move(channels_); }

 private:
  const Names* names_;
  std::set<std::size_t> used_;
  std::vector<ForeignChannel> channels_;
};

void openface_channels(Columns& columns) {
  for (const auto& [number, side] : {std::pair("0", "right"), std::pair("1", "left")})
    for (const char* axis : {"x", "y", "z"})
      columns.number(std::string("gaze_") + number + "_" + axis, std::string("gaze.") + side + "." + axis, "1");
  for (const char* axis : {"x", "y"})
    columns.number(std::string("gaze_angle_") + axis, std::string("gaze.angle.") + axis, "rad");
  columns.points({"eye_lmk_x_", "eye_lmk_y_"}, 56, "eye.landmarks", "px (x, y)");
  columns.points({"eye_lmk_X_", "eye_lmk_Y_", "eye_lmk_Z_"}, 56, "eye.landmarks3d", "mm (x, y, z)");
  for (const char* axis : {"x", "y", "z"}) {
    columns.number(std::string("pose_T") + axis, std::string("pose.t") + axis, "mm");
    columns.number(std::string("pose_R") + axis, std::string("pose.r") + axis, "rad");
  }
  columns.points({"X_", "Y_", "Z_"}, 68, "landmarks3d.68", "mm (x, y, z)");
  std::vector<std::string> shape{"p_scale", "p_rx", "p_ry", "p_rz", "p_tx", "p_ty"};
  for (int i = 0; i < 34; ++i) shape.push_back("p_" + std::to_string(i));
  columns.row(shape, "openface.shape", "as OpenFace writes it");
  for (const char* unit : kUnitNumbers) {
    columns.number(std::string("AU") + unit + "_r", std::string("au.") + unit + ".intensity", "0..5");
    columns.number(std::string("AU") + unit + "_c", std::string("au.") + unit + ".presence", "0/1");
  }
}

// The shapes of ARKit as MediaPipe's network gives them; py-feat names columns after them.
constexpr std::array<const char*, 52> kShapeColumns{
    "_neutral",         "browDownLeft",      "browDownRight",      "browInnerUp",
    "browOuterUpLeft",  "browOuterUpRight",  "cheekPuff",          "cheekSquintLeft",
    "cheekSquintRight", "eyeBlinkLeft",      "eyeBlinkRight",      "eyeLookDownLeft",
    "eyeLookDownRight", "eyeLookInLeft",     "eyeLookInRight",     "eyeLookOutLeft",
    "eyeLookOutRight",  "eyeLookUpLeft",     "eyeLookUpRight",     "eyeSquintLeft",
    "eyeSquintRight",   "eyeWideLeft",       "eyeWideRight",       "jawForward",
    "jawLeft",          "jawOpen",           "jawRight",           "mouthClose",
    "mouthDimpleLeft",  "mouthDimpleRight",  "mouthFrownLeft",     "mouthFrownRight",
    "mouthFunnel",      "mouthLeft",         "mouthLowerDownLeft", "mouthLowerDownRight",
    "mouthPressLeft",   "mouthPressRight",   "mouthPucker",        "mouthRight",
    "mouthRollLower",   "mouthRollUpper",    "mouthShrugLower",    "mouthShrugUpper",
    "mouthSmileLeft",   "mouthSmileRight",   "mouthStretchLeft",   "mouthStretchRight",
    "mouthUpperUpLeft", "mouthUpperUpRight", "noseSneerLeft",      "noseSneerRight"};

// As py-feat 2 calls them.
constexpr std::array<const char*, 8> kNewExpressions{"Neutral", "Happy",   "Sad",   "Surprise",
                                                     "Fear",    "Disgust", "Anger", "Contempt"};

/// "AU43": a unit of py-feat, whichever units its network knows.
bool is_unit_column(const std::string& name) {
  return name.size() == 4 && name.starts_with("AU") && std::isdigit(static_cast<unsigned char>(name[2])) != 0 &&
         std::isdigit(static_cast<unsigned char>(name[3])) != 0;
}

void pyfeat_channels(Columns& columns, const std::vector<std::string>& names) {
  for (const auto& [column, channel] :
       {std::pair("Pitch", "pyfeat.pitch"), std::pair("Roll", "pyfeat.roll"), std::pair("Yaw", "pyfeat.yaw"),
        std::pair("X", "pyfeat.x"), std::pair("Y", "pyfeat.y"), std::pair("Z", "pyfeat.z")})
    columns.number(column, channel, "as py-feat writes it");
  for (const auto& [column, channel] :
       {std::pair("gaze_pitch", "pyfeat.gaze.pitch"), std::pair("gaze_yaw", "pyfeat.gaze.yaw"),
        std::pair("gaze_angle", "pyfeat.gaze.angle")})
    columns.number(column, channel, "rad, as py-feat writes it");
  for (const char* column : {"valence", "arousal"})
    columns.number(column, std::string("pyfeat.") + column, "-1..1, as py-feat writes it");
  for (const std::string& name : names)
    if (is_unit_column(name)) columns.number(name, "au." + name.substr(2) + ".probability", "probability");
  if (columns.has("anger"))
    columns.row({"anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral"}, "expression.pyfeat",
                "probability (anger, disgust, fear, happiness, sadness, surprise, neutral)");
  else
    columns.row_of_those_there(kNewExpressions, "expression.pyfeat", "probability");
  columns.row_of_those_there(kShapeColumns, "pyfeat.blendshapes", "weight");
  constexpr int kMeshPoints = 478;
  if (columns.has("mesh_x_0"))
    columns.points({"mesh_x_", "mesh_y_", "mesh_z_"}, kMeshPoints, "pyfeat.mesh", "as py-feat writes it (x, y, z)");
  else if (columns.has("x_477"))
    columns.points({"x_", "y_", "z_"}, kMeshPoints, "pyfeat.mesh", "as py-feat writes it (x, y, z)");
}

}  // namespace

Result<ForeignColumns> foreign_columns(const std::vector<std::string>& names) {
  Names at;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!names[i].empty() && !at.emplace(names[i], i).second)
      return fail(ErrorCode::corrupt_data, "column " + names[i] + " comes twice");
  const bool pyfeat = at.contains("FaceRectX");
  const bool openface =
      (at.contains("frame") && at.contains("success")) || (at.contains("face") && at.contains("confidence"));
  if (!pyfeat && !openface)
    return fail(ErrorCode::corrupt_data,
                "no table of OpenFace (frame and success, or face and confidence) and none of py-feat (FaceRectX)");
  Columns columns(at);
  ForeignColumns found;
  found.kind = pyfeat ? ForeignTable::pyfeat : ForeignTable::openface;
  found.frame = columns.at("frame");
  found.face_id = columns.at(pyfeat && at.contains("Identity") ? "Identity"
                             : at.contains("face_id")          ? "face_id"
                                                               : "face");
  found.timestamp = columns.at(pyfeat && at.contains("approx_time") ? "approx_time" : "timestamp");
  found.confidence = columns.at(pyfeat ? "FaceScore" : "confidence");
  found.success = columns.at("success");
  if (pyfeat) {
    found.input = columns.at("input");
    found.width = columns.at("FrameWidth");
    found.height = columns.at("FrameHeight");
  }
  // MediaPipe's mesh stands in columns of the same names, and is no 68 landmarks.
  const bool landmarks = !at.contains("x_68");
  found.x.fill(-1);
  found.y.fill(-1);
  for (std::size_t i = 0; landmarks && i < found.x.size(); ++i) {
    found.x[i] = columns.at("x_" + std::to_string(i));
    found.y[i] = columns.at("y_" + std::to_string(i));
  }
  found.box = {columns.at("FaceRectX"), columns.at("FaceRectY"), columns.at("FaceRectWidth"),
               columns.at("FaceRectHeight")};
  if (landmarks) columns.points({"x_", "y_"}, 68, "landmarks.68", "px (x, y)");
  if (pyfeat)
    pyfeat_channels(columns, names);
  else
    openface_channels(columns);
  found.ignored = columns.unused(names);
  found.channels = columns.take();
  return found;
}

}  // namespace vultus::timeline

// The columns of an OpenFace table and the channels that they come from: docs/openface.md.
#include <algorithm>
#include <array>

#include <vultus/timeline/openface.hpp>

namespace vultus {
namespace {

constexpr int kEyePoints = 56;
constexpr int kFacePoints = 68;
constexpr int kShapeModes = 34;
constexpr std::array<const char*, 17> kIntensities{"01", "02", "04", "05", "06", "07", "09", "10", "12",
                                                   "14", "15", "17", "20", "23", "25", "26", "45"};
constexpr std::array<const char*, 18> kPresences{"01", "02", "04", "05", "06", "07", "09", "10", "12",
                                                 "14", "15", "17", "20", "23", "25", "26", "28", "45"};

}  // namespace

void OpenFaceWriter::add_column(const std::string& name, int precision, const std::string& channel, int element) {
  const auto at = std::ranges::find(*channels_, ChannelId(channel), &Channel::id);
  columns_.push_back({.name = name,
                      .precision = precision,
                      .channel = at == channels_->end() ? -1 : at - channels_->begin(),
                      .element = element,
                      .pose = name.starts_with("pose_")});
}

void OpenFaceWriter::add_group(const std::string& prefix, int first, int last, int precision, const char* channel,
                               int stride, int offset) {
  for (int i = first; i <= last; ++i) add_column(prefix + std::to_string(i), precision, channel, stride * i + offset);
}

void OpenFaceWriter::make_columns(const OpenFaceGroups& asked) {
  const bool all = asked.none();
  if (all || asked.gaze) {
    // gaze_0 is the leftmost eye in the picture: the person's right one.
    for (const auto& [number, side] : {std::pair("0", "right"), std::pair("1", "left")})
      for (const char* axis : {"x", "y", "z"})
        add_column(std::string("gaze_") + number + "_" + axis, 6, std::string("gaze.") + side + "." + axis);
    for (const char* axis : {"x", "y"})
      add_column(std::string("gaze_angle_") + axis, 3, std::string("gaze.angle.") + axis);
    add_group("eye_lmk_x_", 0, kEyePoints - 1, 1, "eye.landmarks", 2, 0);
    add_group("eye_lmk_y_", 0, kEyePoints - 1, 1, "eye.landmarks", 2, 1);
    add_group("eye_lmk_X_", 0, kEyePoints - 1, 1, "eye.landmarks3d", 3, 0);
    add_group("eye_lmk_Y_", 0, kEyePoints - 1, 1, "eye.landmarks3d", 3, 1);
    add_group("eye_lmk_Z_", 0, kEyePoints - 1, 1, "eye.landmarks3d", 3, 2);
  }
  if (all || asked.pose) {
    for (const char* axis : {"x", "y", "z"}) add_column(std::string("pose_T") + axis, 1, std::string("pose.t") + axis);
    for (const char* axis : {"x", "y", "z"}) add_column(std::string("pose_R") + axis, 3, std::string("pose.r") + axis);
  }
  if (all || asked.landmarks_2d) {
    add_group("x_", 0, kFacePoints - 1, 1, "landmarks.68", 2, 0);
    add_group("y_", 0, kFacePoints - 1, 1, "landmarks.68", 2, 1);
  }
  if (all || asked.landmarks_3d) {
    add_group("X_", 0, kFacePoints - 1, 1, "landmarks3d.68", 3, 0);
    add_group("Y_", 0, kFacePoints - 1, 1, "landmarks3d.68", 3, 1);
    add_group("Z_", 0, kFacePoints - 1, 1, "landmarks3d.68", 3, 2);
  }
  if (all || asked.shape) {
    // Only a table that was imported has them.
    int element = 0;
    for (const char* name : {"scale", "rx", "ry", "rz", "tx", "ty"})
      add_column(std::string("p_") + name, 3, "openface.shape", element++);
    for (int i = 0; i < kShapeModes; ++i) add_column("p_" + std::to_string(i), 3, "openface.shape", element++);
  }
  if (all || asked.action_units) {
    for (const char* unit : kIntensities)
      add_column(std::string("AU") + unit + "_r", 2, std::string("au.") + unit + ".intensity");
    for (const char* unit : kPresences)
      add_column(std::string("AU") + unit + "_c", 1, std::string("au.") + unit + ".presence");
  }
}

}  // namespace vultus

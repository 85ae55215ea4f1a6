// The command lines of OpenFace 2.2: FeatureExtraction, FaceLandmarkImg and FaceLandmarkVidMulti.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/face/metric_pose.hpp>
#include <vultus/timeline/openface.hpp>

namespace vultus::openface {

enum class Program : std::uint8_t {
  feature_extraction,  ///< one person in videos, pictures in a row or a camera
  landmark_img,        ///< every face of single pictures
  landmark_vid_multi,  ///< every face of videos
};

[[nodiscard]] const char* name_of(Program program);  ///< as it is called

struct Arguments {
  std::vector<std::string> files;    ///< -f, with the input root before them
  std::vector<std::string> folders;  ///< -fdir
  std::vector<std::string> devices;  ///< -device, as camera:N
  std::string out_dir = "processed";
  std::string name;  ///< -of: of the tables, where it is one input; empty = by the input
  OpenFaceGroups groups;
  face::KnownCamera camera;        ///< -fx, -fy, -cx, -cy
  std::vector<std::string> notes;  ///< options that are understood but change nothing here, a sentence each
  bool help = false;
};

/// Reads the words after the program's name. Options of the original that steer its own solver are read and ignored.
/// @error invalid_argument  an unknown option, a missing value, a camera that cannot be, or no input: the message names
/// it
[[nodiscard]] Result<Arguments> parse(Program program, const std::vector<std::string>& words);

[[nodiscard]] std::string help_text(Program program);

}  // namespace vultus::openface

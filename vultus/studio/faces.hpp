// A folder of planted faces: pictures or clips, and truth.json beside them.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>

#include <vultus/studio/planted_face.hpp>

namespace vultus::studio {

struct FacesOptions {
  PlantOptions plant;
  std::size_t count = 10;  ///< pictures, or clips; [1, 100000]
  bool video = false;
};

struct FacesMade {
  std::size_t files = 0;   ///< pictures or clips
  std::size_t frames = 0;  ///< pictures, or frames of all clips
  std::string truth;       ///< path of truth.json
};

/// Renders the faces into a folder, which is made: face_00000.png ... or face_00000.mp4 ..., and truth.json
/// (docs/studio.md describes it). The same model and options give the same pictures and the same truth; a clip depends
/// on the encoder too.
/// @param folder    files of the same names are replaced; truth.json comes last
/// @param progress  called after each file with how many are done; may be empty
/// @error of check(), render() and the writers; cancelled  `stop` was asked: no truth.json is written
[[nodiscard]] Result<FacesMade> make_faces(const face3d::FaceModel& model, const FacesOptions& options,
                                           const std::string& folder,
                                           const std::function<void(std::size_t)>& progress = {},
                                           const std::stop_token& stop = {});

}  // namespace vultus::studio

// For tests: the built-in head, made once. Not installed.
#pragma once

#include <vultus/face3d/face_model.hpp>

namespace vultus::face3d {

inline const FaceModel& head() {
  static const FaceModel kMade = *procedural_head();
  return kMade;
}

}  // namespace vultus::face3d

// One-to-one comparison of two pictures.
#pragma once

#include <string>

#include <vultus/core/decision.hpp>
#include <vultus/core/face.hpp>
#include <vultus/engine/engine.hpp>

namespace vultus::engine {

struct VerifiedPictures {
  bool match = false;
  Cosine similarity;
  OperatingPoint at;
  FaceObservation face_a;  ///< the main face of the first picture
  FaceObservation face_b;
  int faces_a = 0;  ///< how many faces the first picture shows
  int faces_b = 0;
};

/// Compares the main faces of two pictures.
/// @error not_found  a picture without a face: the message begins with its path; else the error of reading it
Result<VerifiedPictures> verify_pictures(const Engine& engine, const media::Input& a, const media::Input& b,
                                         const OperatingPoint& at, const media::DecodeLimits& limits = {});

}  // namespace vultus::engine

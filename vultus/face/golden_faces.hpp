// For the tests of this room with weights: finders and embedders of the shipped networks, and comparisons.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <tests/golden/models.hpp>
#include <tests/golden/samples.hpp>
#include <vultus/face/embedder.hpp>
#include <vultus/face/finder.hpp>
#include <vultus/face/prominence.hpp>
#include <vultus/media/transform.hpp>

namespace vultus::face::test {

inline FaceFinder finder(const DetectorOptions& options = {}, const FlagRule& rule = {},
                         const std::string& detector_id = "fr_detect",
                         runtime::Precision precision = runtime::Precision::f32) {
  auto detector = Detector::load(golden::model(detector_id, precision).value(), options).value();
  auto landmarks = LandmarkNet::load(golden::model("fr_landmark", precision).value()).value();
  auto flag = FaceFlag::load(golden::model("mp_face_mesh", precision).value()).value();
  return {std::move(detector), std::move(landmarks), std::move(flag), rule};
}

inline Embedder embedder(const std::string& id, Mirror mirror, runtime::Precision precision = runtime::Precision::f32) {
  return Embedder::load(golden::model(id, precision).value(), mirror).value();
}

/// The face that overlaps a box most, if it does by more than `least`.
inline const FaceObservation* at(const std::vector<FaceObservation>& faces, const RectF& box, float least = 0.35F) {
  const FaceObservation* best = nullptr;
  for (const FaceObservation& face : faces)
    if (const float overlap = intersection_over_union(face.box, box); overlap > least) least = overlap, best = &face;
  return best;
}

/// The face that a picture is about, if there is any.
inline const FaceObservation* main_face(const std::vector<FaceObservation>& faces, const Image& picture) {
  return faces.empty() ? nullptr : &most_prominent(faces, picture.width(), picture.height());
}

inline double cosine(std::span<const float> a, std::span<const float> b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    ab += double{a[i]} * b[i], aa += double{a[i]} * a[i], bb += double{b[i]} * b[i];
  return ab / std::sqrt(aa * bb);
}

/// A part of a picture in another size.
inline Image scaled(const Image& picture, const RectF& region, int width, int height) {
  Image result = Image::create(width, height, picture.format()).value();
  media::resize_into(picture.view(), region, result.mutable_view()).value();
  return result;
}

inline RectF all_of(const Image& picture) {
  return {0, 0, static_cast<float>(picture.width()), static_cast<float>(picture.height())};
}

}  // namespace vultus::face::test

// The main face of a picture, among whatever holds faces. Not installed.
#pragma once

#include <algorithm>
#include <functional>
#include <iterator>

#include <vultus/face/finder.hpp>

namespace vultus::face {

/// Looks at elements through `face_of`, which gives something with a box: a FaceObservation, a ScoredBox.
template <class FaceOf>
[[nodiscard]] auto prominence_in(int width, int height, FaceOf face_of) {
  return [=](const auto& element) { return prominence(std::invoke(face_of, element).box, width, height); };
}

/// The most prominent element, the first of equal ones.
/// @param faces  at least one
/// @param width, height  of the picture, pixels
template <class Faces, class FaceOf = std::identity>
[[nodiscard]] auto& most_prominent(Faces& faces, int width, int height, FaceOf face_of = {}) {
  return *std::ranges::max_element(faces, {}, prominence_in(width, height, face_of));
}

/// Most prominent first; equal ones stay in their order.
template <class Faces, class FaceOf = std::identity>
void sort_by_prominence(Faces& faces, int width, int height, FaceOf face_of = {}) {
  std::ranges::stable_sort(faces, std::greater(), prominence_in(width, height, face_of));
}

}  // namespace vultus::face

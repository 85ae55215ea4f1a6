// Takes one face out of a picture.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::protect {

enum class HideMethod : std::uint8_t {
  solid,      ///< one grey
  pixelate,   ///< at most 8 blocks across the face
  blur,       ///< Gaussian, standard deviation a quarter of the face's width
  mesh,       ///< grey, with the points and contours of the mesh: what the face does stays visible
  synthetic,  ///< a rendered face: replace.hpp
};

/// "solid", "pixelate", "blur", "mesh", "synthetic".
[[nodiscard]] std::string_view name_of(HideMethod method);
/// The method of such a name; nothing for another text.
[[nodiscard]] std::optional<HideMethod> hide_method_from(std::string_view name);

/// How much larger than the face's box the hidden region is, along each side.
/// @source DEEMO, arXiv 2504.19549, as read in systems 1 of this project: boxes dilated by 1.3
inline constexpr float kHideDilation = 1.3F;

/// The box around the same middle, kHideDilation times as large.
[[nodiscard]] RectF hidden_region(const RectF& face);

/// Hides a face in place with a method other than synthetic.
/// @param picture  rgb8
/// @param face     its box in pixels; may leave the picture
/// @param mesh     scheme mesh468 or mesh478, pixels; needed for HideMethod::mesh alone
/// @error invalid_argument  a grey or empty picture, a box without size or not finite, mesh without its points, or
///                          HideMethod::synthetic
/// @thread safe, no state
/// @cost some ns for each pixel of the region; memory as large as the region for blur
[[nodiscard]] Status hide_face(Image& picture, const RectF& face, HideMethod method,
                               const std::optional<Landmarks>& mesh = std::nullopt);

}  // namespace vultus::protect

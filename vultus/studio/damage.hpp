// Damage of known kind and strength, planted in a picture: for tests and measurements of what quality measures see.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::studio {

/// What is done to a picture, and what `strength` means for it.
enum class DamageKind : std::uint8_t {
  none,         ///< nothing; strength is not used
  smaller,      ///< the whole picture has `strength` times its sides, (0, 1]
  blur,         ///< Gaussian of `strength` pixels standard deviation, (0, 100]
  darker,       ///< `strength` stops less light, (0, 16], in linear light
  brighter,     ///< `strength` stops more light, (0, 16], in linear light; what is too bright is white
  side_light,   ///< light falls from 1 at the image-right edge of the face to 1 - strength at its left edge, (0, 1]
  rotated,      ///< turned clockwise about its middle by `strength` degrees, [-180, 180]; corners repeat the edge
  cover_mouth,  ///< a mask of one colour from the middle of the nose down; strength is not used
  cover_eyes,   ///< dark glasses of one colour; strength is not used
  jpeg,         ///< through a JPEG of quality `strength`, [1, 100]
};
inline constexpr std::array kAllDamage{
    DamageKind::none,       DamageKind::smaller, DamageKind::blur,        DamageKind::darker,     DamageKind::brighter,
    DamageKind::side_light, DamageKind::rotated, DamageKind::cover_mouth, DamageKind::cover_eyes, DamageKind::jpeg};

/// The name as files and programs know it, e.g. "side_light".
[[nodiscard]] std::string_view name_of(DamageKind kind);

struct Damage {
  DamageKind kind = DamageKind::none;
  double strength = 0;
  bool operator==(const Damage&) const = default;
};

/// A damaged copy of a picture. The same picture and damage give the same pixels.
/// @param picture  rgb8
/// @param face     where side_light, cover_mouth and cover_eyes act, pixels; the other kinds do not use it
/// @error invalid_argument  no picture or a grey one, a strength outside its range, no face where one is needed
/// @thread safe, no state
[[nodiscard]] Result<Image> damaged(ImageView picture, const Damage& damage,
                                    const std::optional<Keypoints>& face = std::nullopt);

}  // namespace vultus::studio

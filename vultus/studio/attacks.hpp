// Presentation attacks planted in pictures of people: the attack, its family and where it is are known.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::studio {

/// What kind of attack is imitated.
enum class AttackFamily : std::uint8_t {
  halftone,   ///< a print: dots of ink on tinted paper, a slight warp, a shine
  moire,      ///< a screen filmed by a camera: two line patterns that beat
  banding,    ///< a screen played back: dark bands, red, green and blue stripes, another gamma, the screen's edge
  mask,       ///< a textured thing over a part of the face, with a soft shadow
  seam,       ///< the inner face of somebody else, matched in colour, with a soft seam
  generator,  ///< a picture that was enlarged by a network: blur and a light checkerboard
};
inline constexpr std::array kAllAttacks{AttackFamily::halftone, AttackFamily::moire, AttackFamily::banding,
                                        AttackFamily::mask,     AttackFamily::seam,  AttackFamily::generator};

/// As folders and files name it, e.g. "halftone".
[[nodiscard]] std::string_view name_of(AttackFamily family);
/// @error invalid_argument  another word; the message lists those that there are
[[nodiscard]] Result<AttackFamily> attack_family_of(std::string_view name);
/// Somebody else's face is needed.
[[nodiscard]] constexpr bool needs_donor(AttackFamily family) { return family == AttackFamily::seam; }

struct AttackPlan {
  AttackFamily family = AttackFamily::halftone;
  double strength = 0.5;   ///< (0, 1]: how plain the traces are
  std::uint64_t seed = 1;  ///< same seed, same attack
  bool operator==(const AttackPlan&) const = default;
};

/// A face as the attacks need it.
struct AttackedFace {
  RectF box;  ///< pixels, sides of at least 16
  Keypoints keypoints;
};

/// Somebody else, for the attacks that need one.
struct Donor {
  ImageView picture;  ///< rgb8
  Keypoints keypoints;
};

/// An attacked picture and the truth about it.
struct PlantedAttack {
  Image picture;  ///< rgb8, the size of the picture given
  Image mask;     ///< gray8, the same size: 255 where the attack is, 0 where the picture is as it was, between them at
                  ///< soft edges
  std::map<std::string, double> parameters;  ///< what was drawn from the seed
  std::string place;  ///< of a mask: "upper", "lower", "left", "right" (of the image) or a corner, e.g. "upper_left"
};

/// Plants an attack. The same picture, face, plan and donor give the same pixels.
/// @param picture  rgb8, upright
/// @error invalid_argument  no picture or a grey one, a face that is too small, a strength outside its range, no donor
///                          where one is needed
/// @thread safe, no state
/// @source docs/liveness.md; our own recipes, not those of a published data set
[[nodiscard]] Result<PlantedAttack> attacked(ImageView picture, const AttackedFace& face, const AttackPlan& plan,
                                             const std::optional<Donor>& donor = std::nullopt);

}  // namespace vultus::studio

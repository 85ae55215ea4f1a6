// Faces that display something on purpose, with planted truth: units and label of a still, the burst of a clip, the
// attributes of a scene. What systems that learn expressions are tried on.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <vultus/core/au_table.hpp>
#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/face3d/face_model.hpp>

namespace vultus::studio {

/// A rendered face and where it is.
struct PlantedLook {
  Image picture;        ///< rgb8, square
  Keypoints keypoints;  ///< pixels
};

/// Renders a person with these units. The same seed and number give the same person, pose and light, whatever it does.
/// @param side  of the picture, pixels, [64, 4096]
/// @param yaw   heads turn evenly within +- this, radians
/// @error of check() and of the model
[[nodiscard]] Result<PlantedLook> planted_look(const face3d::FaceModel& model, std::uint64_t seed, std::uint64_t number,
                                               std::span<const AuActivation> units, int side = 256, double yaw = 0.3);

/// The units of a label's prototype (prior of at least .8 in the table), all at one intensity; of neutral none.
[[nodiscard]] std::vector<AuActivation> prototype(AuEmotion emotion, double intensity);

/// A still: what is displayed, and the units that show it.
struct PlantedDisplay {
  AuEmotion emotion = AuEmotion::neutral;
  std::vector<AuActivation> units;
};
/// Draws units by the table's prior of a label, each at an intensity of 1.5 to 5. A share of them is drawn without
/// regard to the label, so that units go less together than labels would have them.
/// @param told    the units that may act, by number. @param redrawn  this share, [0, 1]: each acts by .3 then
[[nodiscard]] PlantedDisplay drawn_display(std::uint64_t seed, std::uint64_t number, std::span<const int> told,
                                           double redrawn = 0.3);

/// A clip: nothing is displayed but in one burst.
struct PlantedBurst {
  AuEmotion emotion = AuEmotion::neutral;        ///< neutral: there is no burst
  std::size_t first = 0, last = 0;               ///< frames in which units are at half of their peak or more
  std::vector<std::vector<AuActivation>> units;  ///< of each frame
};
/// @param frames  at least 6. @error invalid_argument  fewer
[[nodiscard]] Result<PlantedBurst> drawn_burst(std::uint64_t seed, std::uint64_t number, std::size_t frames);

/// Places of planted scenes.
inline constexpr std::array<std::string_view, 4> kPlantedPlaces{"field", "sea", "city", "wood"};
/// What faces in planted scenes display: places in AuEmotion.
inline constexpr std::array<AuEmotion, 4> kPlantedMoods{AuEmotion::sadness, AuEmotion::anger, AuEmotion::happiness,
                                                        AuEmotion::surprise};
inline constexpr std::size_t kPlantedSceneLabels = 8;

/// A picture whose label is a known function of four attributes.
struct PlantedScene {
  Image picture;  ///< rgb8, square
  bool bright = false, colourful = false;
  std::size_t place = 0;  ///< in kPlantedPlaces
  std::size_t mood = 0;   ///< in kPlantedMoods
  std::size_t label = 0;  ///< [0, kPlantedSceneLabels)
};
/// Three bits: bright against built-up (place 2 or 3), colourful against pleasant (mood 2 or 3), built-up against
/// pleasant. Change bright, colourful, built-up or pleasant alone, and the label changes: none of the four can be done
/// without.
[[nodiscard]] std::size_t planted_scene_label(bool bright, bool colourful, std::size_t place, std::size_t mood);
/// @param side  pixels, [32, 1024]. @error of planted_look(); invalid_argument  a side outside its range
[[nodiscard]] Result<PlantedScene> planted_scene(const face3d::FaceModel& model, std::uint64_t seed,
                                                 std::uint64_t number, int side);

}  // namespace vultus::studio

// The AU hub: one table of the facial action units that readers, writers and makers of faces share.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/face.hpp>
#include <vultus/core/result.hpp>

namespace vultus {

/// Where a unit acts. Left and right are the subject's.
enum class AuSide : std::uint8_t { both, right, left };

/// How strong a unit is, in words.
enum class AuLevel : std::uint8_t { weak, moderate, strong };
inline constexpr std::size_t kAuLevels = 3;
inline constexpr double kAuMaximum = 5;  ///< intensities are [0, 5]: absent, then FACS A to E
/// The least intensity of each level; below the first a unit is not told. Set by hand: FACS B, C and D-E.
inline constexpr std::array<double, kAuLevels> kAuLevelBegins{1.0, 2.0, 3.5};

/// The label set of the prior P(unit | emotion): displayed behaviour, not what is felt.
enum class AuEmotion : std::uint8_t { surprise, fear, disgust, happiness, sadness, anger, neutral };
inline constexpr std::size_t kAuEmotions = 7;

/// What is measured between two landmarks, after the picture is turned so that the outer eye corners are level.
enum class AuMeasure : std::uint8_t {
  across,    ///< x of `to` minus x of `from`
  down,      ///< y of `to` minus y of `from`
  distance,  ///< their distance
};

/// One term of a unit's geometry. Landmarks are of scheme ibug68.
// The order is that in which rows are written.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding)
struct AuDistance {
  AuMeasure measure = AuMeasure::distance;
  std::uint8_t from = 0;
  std::uint8_t to = 0;
  double sign = 1;             ///< +1: grows with the unit, -1: shrinks
  AuSide side = AuSide::both;  ///< both: the term belongs to the middle of the face
};

/// A shape of a linear face model that the unit moves: "NAME" for the middle, "NAME_R" and "NAME_L" for the sides.
struct AuShape {
  std::string_view shape;  ///< name of ARKit and ICT-FaceKit without the side
  double weight = 1;       ///< at intensity 5, (0, 1]
  bool sided = true;
};

/// Where a servo of a robot face stands at intensity 5.
struct AuServo {
  std::string_view servo;
  double target = 0;  ///< [-1, 1] of its way from rest; not 0
  bool sided = true;  ///< there is one on each side
};

/// A row of the table.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): as above
struct ActionUnit {
  int facs = 0;                             ///< number in the Facial Action Coding System
  std::string_view name;                    ///< as FACS names it
  bool sided = true;                        ///< can act on one side alone
  std::span<const AuDistance> geometry;     ///< its signal is their mean over the distance of the outer eye corners
  double full_scale = 0;                    ///< change of the signal between neutral and intensity 5
  std::string_view geometry_source;         ///< where full_scale comes from, and what geometry cannot see
  std::span<const AuShape> shapes;          ///< of the face model
  std::array<double, kAuEmotions> given{};  ///< P(unit | emotion), in the order of AuEmotion, (0, 1)
  std::string_view prior_source;            ///< where these come from
  std::array<std::string_view, kAuLevels>
      says;  ///< a sentence for each level; "{side}" stands for "right ", "left " or ""
  std::span<const AuServo> servos;
  std::string_view servo_source;
};

/// All units, in rising order of their numbers: the 18 of OpenFace.
/// @thread immutable
[[nodiscard]] std::span<const ActionUnit> au_table();
/// @return the row, or null for a unit that the table does not know
[[nodiscard]] const ActionUnit* find_au(int facs);
[[nodiscard]] std::string_view name_of(AuEmotion emotion);  ///< e.g. "happiness"

/// What a unit's geometry measures: the mean of its signed terms over the distance of the outer eye corners.
/// Falls and rises with the unit, but also differs between people: subtract that of a neutral face (au_intensity).
/// @param landmarks  scheme ibug68
/// @param side       right or left leave out the terms of the other side
/// @error invalid_argument  another scheme, points that are not finite, or outer eye corners that coincide
/// @thread safe, no state
[[nodiscard]] Result<double> au_signal(const ActionUnit& unit, const Landmarks& landmarks, AuSide side = AuSide::both);
/// Intensity by a line from the person's neutral (0) to full_scale beyond it (5).
/// @return [0, 5]
[[nodiscard]] double au_intensity(const ActionUnit& unit, double signal, double neutral);
/// @return nothing below the first level
[[nodiscard]] std::optional<AuLevel> au_level(double intensity);

/// A unit told in words.
struct AuStatement {
  int facs = 0;
  AuLevel level = AuLevel::weak;
  AuSide side = AuSide::both;
  bool operator==(const AuStatement&) const = default;
};
/// The sentence of a statement, e.g. "The right mouth corner is pulled up a little."
/// @error invalid_argument  a unit that the table does not know, or one side of a unit that has none
[[nodiscard]] Result<std::string> au_sentence(const AuStatement& statement);
/// The statement that gives exactly this sentence.
/// @error not_found  no statement does
[[nodiscard]] Result<AuStatement> read_au_sentence(std::string_view sentence);

/// A unit at work.
struct AuActivation {
  int facs = 0;
  double right = 0;  ///< intensity on the subject's right, [0, 5]; a unit without sides takes the mean of both
  double left = 0;
  bool operator==(const AuActivation&) const = default;
};
/// A shape of a face model by its full name and how much of it there is.
struct ShapeWeight {
  std::string name;
  double weight = 0;  ///< (0, 1]
  bool operator==(const ShapeWeight&) const = default;
};
/// The shapes that units move, each name once, in the order of the table; what several units add is clipped at 1.
/// @error invalid_argument  a unit that the table does not know, or an intensity outside [0, 5]
[[nodiscard]] Result<std::vector<ShapeWeight>> shapes_of(std::span<const AuActivation> units);

}  // namespace vultus

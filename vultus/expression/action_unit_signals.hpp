// What a mesh says of each action unit: a distance on the face that grows as the unit does.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::expression {

/// How far a unit's value can be trusted.
enum class UnitEvidence : std::uint8_t {
  transfers,   ///< separates posed from neutral real faces: the figure stands in docs/behaviour.md
  weak,        ///< geometry is no better than chance; told by the displayed expression instead (displayed_units.hpp)
  unverified,  ///< nothing was measured, or what was measured is no better than chance
};

struct UnitRow {
  int number = 0;  ///< of FACS
  std::string_view name;
  std::string_view geometry;  ///< what is measured, for people
  double full = 0;     ///< growth of the signal at intensity 5, in distances of the outer eye corners; set by hand
  double neutral = 0;  ///< the signal of an average face at rest: taken before a person is known
  UnitEvidence evidence = UnitEvidence::unverified;
};

/// The units of OpenFace 2.2, by number. The last (45) is not measured here but by the eyes.
inline constexpr std::size_t kUnits = 18;
[[nodiscard]] const std::array<UnitRow, kUnits>& action_units();

/// Signals of the first 17 units of action_units(), in its order.
using UnitSignals = std::array<double, kUnits - 1>;

/// The head is turned to the front by its pose first; both sides of the face are averaged, so that a mirrored face has
/// the same signals.
/// @param rows      at least 468 points as x, y, depth; picture pixels
/// @param rotation  of the head about x, y, z as the pose analyser writes it
/// @error invalid_argument  too few points, values that are not finite, or eye corners that are one point
/// @source the distances are our own choice after FACS (P. Ekman, W. Friesen, J. Hager, 2002)
[[nodiscard]] Result<UnitSignals> unit_signals(std::span<const float> rows, const std::array<double, 3>& rotation);

/// 5 times the share of `full` that a signal grew above the face at rest, cut to [0, 5].
[[nodiscard]] double unit_intensity(const UnitRow& unit, double signal, double neutral);

}  // namespace vultus::expression

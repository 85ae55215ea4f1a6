// The health of a gallery: what its limits are, and a page with pictures of what was found.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/engine/preset.hpp>
#include <vultus/gallery/gallery.hpp>
#include <vultus/identity/gallery_health.hpp>
#include <vultus/identity/scale.hpp>

namespace vultus::engine {

/// The limits for a gallery, from what was measured with its model. `match` is the threshold that its answers use: that
/// of its own calibration, else of its preset. Conflicts begin where chance expects 0.005 of the faces of a clean
/// gallery of its size (0.05 of those that do not match their own person): see chance_threshold().
/// @param presets  all that are known; that of the gallery's model is used. Without one the gallery's own calibration
/// @param wanted   another operating point
/// @error invalid_argument  nobody has measured thresholds for the model; or as identity::operating_point()
[[nodiscard]] Result<identity::HealthLimits> health_limits(const Gallery& gallery, std::span<const Preset> presets,
                                                           const identity::PointWanted& wanted);

/// Commands for a shell, one after the other: `vultus` and the words of each, quoted where they need it.
/// @return empty where there are none
[[nodiscard]] std::string command_text(std::span<const std::vector<std::string>> commands);

/// What a code means, for people: "Faces under a wrong name".
[[nodiscard]] std::string heading_of(identity::HealthCode code);

struct HealthPageOptions {
  std::string title = "Health of a gallery";
  std::size_t most_of_a_code = 200;    ///< findings that are shown
  std::size_t faces_of_a_subject = 4;  ///< beside the one that a finding is about
};

/// A page of HTML that is one file and works offline: each finding with the faces it is about side by side, their
/// numbers, and the command that mends it.
/// @error those of the gallery
[[nodiscard]] Result<std::string> health_page(const Gallery& gallery, const identity::HealthReport& report,
                                              const HealthPageOptions& options = {});

}  // namespace vultus::engine

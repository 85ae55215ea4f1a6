// A preset with other parts: another detector, or an embedder of the user's own. Not installed.
#pragma once

#include <span>
#include <string>

#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/preset.hpp>
#include <vultus/runtime/catalogue.hpp>

namespace vultus::engine {

struct PartChoice {
  std::string preset;  ///< its name; or the id of an embedder, which stands for preset "default" with that embedder
  ModelId detector;    ///< empty = the preset's
  ModelId embedder;    ///< empty = the preset's
};

/// The preset that is meant.
///
/// A detector comes with the settings of the preset that was measured with it; one that no preset uses with those of
/// its manifest (parameters `threshold`, `overlap`, `coarse_side`, `fine_side`). An embedder comes with the thresholds
/// that were measured for the same templates; without such ones the preset has none: similarities of another network
/// mean something else. Its mirroring is the parameter `mirror` of its manifest. The preset then has the id of the
/// embedder, under which it is found again.
///
/// @error not_found         no such preset or model
/// @error invalid_argument  a model of another task, or a setting outside its range
/// @thread no state
[[nodiscard]] Result<Preset> choose_parts(std::span<const Preset> presets, const runtime::Catalogue& catalogue,
                                          const PartChoice& choice);

}  // namespace vultus::engine

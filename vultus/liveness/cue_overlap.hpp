// How well a map of cues says where an attack is, against the planted truth; and the planted maps of SLIP.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/liveness/cue_map.hpp>

namespace vultus::liveness {

/// Overlap of a map with a mask.
struct CueOverlap {
  double iou = 0;            ///< cells above the threshold and cells under the mask: intersection over union, [0, 1]
  bool peak_inside = false;  ///< the strongest cell lies under the mask
  std::size_t marked = 0;    ///< cells above the threshold
  std::size_t masked = 0;    ///< cells of which the mask covers at least half
};

/// @param map        its `cue` as of cue_map()
/// @param mask       gray8 of the whole picture: above 127 = attacked
/// @param threshold  of the cue, log-odds: cells above it are marked
/// @return an overlap; where neither marks nor masks anything the IoU is 1
/// @error invalid_argument  a mask that is no gray8 picture, or a map that is empty or not within it
/// @thread no state
[[nodiscard]] Result<CueOverlap> cue_overlap(const CueMap& map, ImageView mask, double threshold);

/// The eight places that SLIP speaks of, in the picture: left is the picture's.
inline constexpr std::array<std::string_view, 8> kSlipPlaces{"upper",      "lower",       "left",       "right",
                                                             "upper_left", "upper_right", "lower_left", "lower_right"};
inline constexpr std::size_t kSlipSide = 32;  ///< of its maps

/// The map that SLIP is taught for a thing at a place: a Gaussian of levels 0 to 255, peak 255.
/// @param place  position in kSlipPlaces
/// @param sigma  cells, [2, 6]
/// @param shift  of the middle, rows and columns, [-2, 2] each
/// @return 32 x 32 values, row after row; the map of a live face is all 0
/// @error invalid_argument  a place, sigma or shift outside its range
/// @source SLIP, AAAI 2025, arXiv 2503.19982; the middles of the places are our reading
[[nodiscard]] Result<std::vector<float>> slip_target(std::size_t place, double sigma,
                                                     std::array<int, 2> shift = {0, 0});

}  // namespace vultus::liveness

// Which boxes are hidden in which frames: so many that no frame shows a face that was only lost for a moment.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>
#include <vultus/core/units.hpp>

namespace vultus::protect {

/// A face that was seen.
struct SeenBox {
  std::int64_t frame = 0;
  TrackId track;
  RectF box;  ///< pixels
};

/// A box to be hidden.
struct PlannedBox {
  TrackId track;
  RectF box;          ///< of the face, not dilated
  bool seen = false;  ///< else bridged or held
};

struct HidePlanOptions {
  Seconds hold{1};     ///< a face stays hidden so long before it was first and after it was last seen, [0, 60]
  Seconds longest{2};  ///< gaps of a track up to this are bridged between its boxes, [0, 3600]; longer ones are held
};

/// Plans the boxes of every frame. Holds and bridges end at scene cuts.
/// @param times  of each frame, rising
/// @param cuts   frames that begin a scene, rising
/// @param seen   in any order; frames within `times`
/// @return for each frame its boxes, by track
/// @error invalid_argument  an option outside its range, or a frame beyond `times`
/// @thread safe, no state
/// @source DEEMO, arXiv 2504.19549 (its hiding stage, in our reading): boxes interpolated over gaps and held for a
/// second after a loss
[[nodiscard]] Result<std::vector<std::vector<PlannedBox>>> plan_boxes(const std::vector<Seconds>& times,
                                                                      const std::vector<std::int64_t>& cuts,
                                                                      const std::vector<SeenBox>& seen,
                                                                      const HidePlanOptions& options = {});

}  // namespace vultus::protect

// Where in a face the answer comes from: parts of it are smoothed away, and the change of the score is drawn.
#pragma once

#include <functional>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/liveness/passive.hpp>

namespace vultus::liveness {

/// A grid over the box of a face.
struct CueMap {
  RectF box;      ///< pixels of the picture, cut at its borders
  int cells = 0;  ///< to a side
  /// Row after row, cells * cells: by how much (log-odds) the face looks more live once the cell has lost its texture.
  /// Above 0 = the cell speaks for a spoof, below 0 = it speaks for a person.
  std::vector<double> cue;
};

/// A score of a picture with a face in it, log-odds of "live".
using ScoreLive = std::function<Result<double>(ImageView picture, const RectF& box)>;

/// Gives each cell its mean colour in turn and scores the picture again.
/// @param picture  rgb8, upright
/// @param box      of the face
/// @param cells    to a side, [2, 32]
/// @return a map of what `score` rests on; it explains the score, and is no proof of where an attack is
/// @error invalid_argument  cells outside its range, a box of fewer pixels than cells; else those of `score`
/// @cost cells * cells + 1 scores
/// @source M. Zeiler, R. Fergus, Visualizing and Understanding Convolutional Networks, ECCV 2014, section 4.2
[[nodiscard]] Result<CueMap> cue_map(ImageView picture, const RectF& box, int cells, const ScoreLive& score);
/// The same of the fused score of both networks. @cost about 5 s with 7 cells on one thread
[[nodiscard]] Result<CueMap> cue_map(ImageView picture, const RectF& box, int cells, PassiveLiveness& passive);

/// The face with the map laid over it: red = speaks for a spoof, blue = for a person, stronger = more; the strongest
/// cell is drawn fully unless it changes the log-odds by less than 1.
/// @return rgb8, the pixels of the map's box
/// @error invalid_argument  a map that is not that of this picture
[[nodiscard]] Result<Image> cue_picture(ImageView picture, const CueMap& map);

}  // namespace vultus::liveness

// Analysers of what belongs to a face: its body and its hands.
#pragma once

#include <vector>

#include <vultus/engine/analyser_catalogue.hpp>

namespace vultus::engine {

/// The rows `body`, `hands` and `holistic`, none by default.
///
/// A face has the body whose head (the middle of points 0 to 10) is nearest to the middle of the face's box, at most
/// half the box's longer side away; nearest pairs first, each once. It has the hands of that body's arms, as
/// body::join_people() says. Bodies without a face that is followed, and hands without such a body, are not told.
/// `holistic` puts body, hands and the 68 landmarks together in the order of COCO-WholeBody.
[[nodiscard]] std::vector<AnalyserRow> body_analyser_rows();

}  // namespace vultus::engine

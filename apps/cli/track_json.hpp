// A followed face as JSON: the members that the rows of `vultus track` and the answers of the server share.
#pragma once

#include <functional>

#include <vultus/engine/follower.hpp>

#include <apps/cli/json_lines.hpp>

namespace vultus::cli {

/// @param add_decision  adds who it is, between where it was seen and how much of it
inline void add_track(Json& object, const engine::TrackSummary& track,
                      const std::function<void(Json&, const Decision&)>& add_decision) {
  object["track"] = track.track.number();
  object["from"] = number_json(track.from.value(), 3);
  object["to"] = number_json(track.to.value(), 3);
  object["frames"] = track.frames;
  add_decision(object, track.decision);
  object["enough_evidence"] = track.enough;
  object["templates"] = track.templates;
  object["best"] = {{"time", number_json(track.best_time.value(), 3)}, {"box", box_json(track.best.box)}};
}

}  // namespace vultus::cli

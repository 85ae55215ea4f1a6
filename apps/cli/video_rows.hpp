// What is printed of videos: a row for each track, or for each face in each frame.
#pragma once

#include <string>

#include <vultus/engine/follow_video.hpp>

#include <apps/cli/picture_run.hpp>

namespace vultus::cli {

[[nodiscard]] Rows track_rows(Context& context, Format format);
Status tell_track(Rows& rows, const std::string& file, const engine::TrackSummary& track);

[[nodiscard]] Rows frame_rows(Context& context, Format format);
Status tell_frame(Rows& rows, const std::string& file, const engine::FollowedFrame& frame);

/// The JSON objects alone, for rows that began otherwise.
Status tell_frame_json(Rows& rows, const std::string& file, const engine::FollowedFrame& frame);

}  // namespace vultus::cli

// A page that shows who was in a video, and when.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>
#include <vultus/engine/follower.hpp>
#include <vultus/media/video.hpp>

namespace vultus::engine {

/// What the page tells of one video.
struct VideoStory {
  std::string name;
  int width = 0;
  int height = 0;
  Seconds duration{0};
  std::vector<TrackSummary> tracks;  ///< in the order of their beginnings
  std::int64_t left_out = 0;         ///< tracks that found no room: those seen shortest
};

/// Keeps at most so many tracks of a video that may never end: the memory of a page is bounded.
class StoryKeeper {
 public:
  explicit StoryKeeper(std::size_t most = 2000) : most_(most) {}
  void begin(const media::VideoInfo& info);  ///< before the first track of a video
  void add(TrackSummary track);              ///< a track that has ended
  /// @param last  time of the last frame
  [[nodiscard]] VideoStory finish(Seconds last);

 private:
  std::size_t most_;
  VideoStory story_;
};

/// Is this Timeline one of moving pictures, or of photos?
[[nodiscard]] bool tells_of_video(const Timeline& timeline);

/// The stories in a Timeline; the best picture of each track is read from the video again where it is still there.
/// @error cancelled  stop was requested
[[nodiscard]] Result<std::vector<VideoStory>> stories_of(const Timeline& timeline, const media::VideoOptions& video,
                                                         const std::stop_token& stop = {});

/// Makes a page of HTML that is one file, as identity_report does: a line for each person on a common clock, a card
/// with the best picture for each track, and what the answers rest on.
/// @param evidence  printed at its end; may be empty
[[nodiscard]] std::string track_report(const std::vector<VideoStory>& stories, const std::string& title,
                                       const std::vector<Evidence>& evidence);

}  // namespace vultus::engine

// Frames that wait until it is known which of their faces are told.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/engine/follow_video.hpp>
#include <vultus/engine/follower.hpp>
#include <vultus/media/video.hpp>

namespace vultus::engine {

/// A frame, what was seen in it, and the tracks that ended with it.
struct HeldFrame {
  media::VideoFrame frame;
  FollowedFrame followed;
  std::vector<TrackSummary> ended;
};

/// Passes frames on in their order: one with a face that is not confirmed waits until its track is, or has ended. So a
/// track has rows from its first frame on, not from its third detection. Thread-compatible. At most kMostFrames frames
/// or kMostBytes of pixels wait; beyond that the oldest goes on without its doubtful faces.
class HeldFrames {
 public:
  static constexpr std::size_t kMostFrames = 512;
  static constexpr std::size_t kMostBytes = std::size_t{256} << 20U;

  using Deliver = std::function<Status(HeldFrame&)>;
  explicit HeldFrames(Deliver deliver) : deliver_(std::move(deliver)) {}

  /// A frame for the reader to fill, with the memory of one that has gone.
  [[nodiscard]] media::VideoFrame spare();
  /// @param settled  what became of doubtful tracks with this frame
  /// @error those of the receiver
  Status add(HeldFrame frame, std::span<const SettledTrack> settled);
  /// The video is over: what is still in doubt is not told. @error those of the receiver
  Status finish(std::span<const SettledTrack> settled);

  [[nodiscard]] const std::deque<HeldFrame>& waiting() const { return waiting_; }

 private:
  void settle(std::span<const SettledTrack> settled);
  Status release();
  Status pass_on();

  Deliver deliver_;
  std::deque<HeldFrame> waiting_;
  std::size_t bytes_ = 0;
  std::vector<media::VideoFrame> spare_;
};

}  // namespace vultus::engine

// Decoding beside the work: a thread of its own reads frames ahead.
#pragma once

#include <memory>

#include <vultus/media/video.hpp>

namespace vultus::media {

/// What a feed does when frames come faster than they are taken.
enum class WhenBehind : std::uint8_t {
  wait,  ///< files: every frame is delivered
  drop,  ///< live: the newest frame is delivered, older ones are counted as dropped
};

/// Frames of a reader, decoded in a thread of its own. A handful of frames are in memory, whatever happens.
/// Move-only; thread-compatible.
class FrameFeed {
 public:
  FrameFeed(VideoReader reader, WhenBehind when_behind);
  FrameFeed(FrameFeed&&) noexcept;
  FrameFeed& operator=(FrameFeed&&) noexcept;
  /// Waits for the reader; ask its stop token to stop first where that may take long.
  ~FrameFeed();

  [[nodiscard]] const VideoInfo& info() const;
  /// What the reader counted up to the frame taken last; all of it once next() has told the end.
  [[nodiscard]] VideoCounts counts() const;
  [[nodiscard]] std::int64_t dropped() const;
  /// @param into  its memory goes back to the reader
  /// @return false at the end. Errors: those of VideoReader::next, after the frames before them
  Result<bool> next(VideoFrame& into);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vultus::media

// The frames of a camera, wherever they come from. Internal to the room.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>

#include <vultus/media/frame_feed.hpp>
#include <vultus/media/video.hpp>

#include <apps/server/live/camera.hpp>
#include <apps/server/live/stream_relay.hpp>

namespace vultus::server {

/// Thread-compatible. Move-only.
class CameraFrames {
 public:
  /// @param stop  ends every wait
  /// @error those of Targets, StreamRelay, camera_file() and media::VideoReader: none tells a password
  static Result<std::unique_ptr<CameraFrames>> open(const CameraSettings& settings, const CameraSurroundings& around,
                                                    const std::stop_token& stop);
  ~CameraFrames();
  CameraFrames(const CameraFrames&) = delete;
  CameraFrames& operator=(const CameraFrames&) = delete;

  [[nodiscard]] const media::VideoInfo& info() const { return feed_ ? feed_->info() : reader_->info(); }
  /// The next frame: of a file when it is due. What comes faster than it is taken is dropped.
  /// @return false at the end of a file; a live source has none, its end is an error
  Result<bool> next(media::VideoFrame& into);
  [[nodiscard]] std::int64_t dropped() const { return skipped_ + (feed_ ? feed_->dropped() : 0); }

 private:
  CameraFrames() = default;
  Result<bool> next_of_file(media::VideoFrame& into);

  std::stop_token stop_;
  std::stop_source reading_;  // asked before the feed goes, which waits for its reader
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
  std::unique_ptr<StreamRelay> relay_;
  std::string shown_;
  std::optional<media::VideoReader> reader_;
  std::optional<media::FrameFeed> feed_;
  std::optional<std::chrono::steady_clock::time_point> began_;
  std::int64_t skipped_ = 0;
};

}  // namespace vultus::server

// What the kinds of moving pictures have in common. Internal to the room.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include <vultus/media/video.hpp>

namespace vultus::media {

class VideoReader::Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  Source(Source&&) = delete;
  Source& operator=(Source&&) = delete;
  virtual ~Source() = default;
  virtual Result<bool> next(VideoFrame& into) = 0;

  VideoInfo info;
  VideoCounts counts;
};

/// Files, streams and cameras through FFmpeg.
Result<std::unique_ptr<VideoReader::Source>> open_ffmpeg(const std::string& name, const VideoOptions& options,
                                                         std::stop_token stop);

/// A file that is open already, from where it stands; messages begin with "video: ".
Result<std::unique_ptr<VideoReader::Source>> open_ffmpeg(int open_file, const VideoOptions& options);

/// A file that a process of its own decodes (isolation.hpp).
/// @param name  a file
Result<std::unique_ptr<VideoReader::Source>> open_isolated(const std::string& name, const VideoOptions& options,
                                                           std::stop_token stop);

/// A folder of pictures, or a pattern with % for a number, as frames at a fixed rate.
Result<std::unique_ptr<VideoReader::Source>> open_pictures(const std::string& name, const VideoOptions& options,
                                                           std::stop_token stop);

/// Error of a call of FFmpeg, with its reason in words.
Error ffmpeg_error(int code, const std::string& what);

}  // namespace vultus::media

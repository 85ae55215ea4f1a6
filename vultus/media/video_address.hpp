// Where the name of a video leads.
#pragma once

#include <string>

#include <vultus/core/result.hpp>
#include <vultus/media/video.hpp>

struct AVInputFormat;

namespace vultus::media {

/// Where a name leads, and what may be opened on the way.
struct VideoAddress {
  std::string url;
  std::string protocols;
  const AVInputFormat* format = nullptr;
  bool live = false;
  bool local = false;
  bool closed = false;  ///< leads nowhere else
  int file = -1;        ///< an open file, which is read instead of the address
  bool pipe = false;    ///< its writer is waited for; see video_pipe.hpp
};

/// @error unsupported  a stream that a caller may not name; cameras that cannot be read
Result<VideoAddress> video_address(const std::string& name, StreamTrust trust);

/// What is to be done about a camera that does not open.
/// @param code    of FFmpeg
/// @param device  its file, such as /dev/video0
Error camera_error(int code, const std::string& name, const std::string& device);

}  // namespace vultus::media

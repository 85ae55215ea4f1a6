// Moving pictures: video files, pictures in a row, cameras and network streams, one upright RGB frame after the other.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include <vultus/core/clock.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/core/units.hpp>
#include <vultus/media/isolation.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::media {

/// Who chose the name of a stream. An RTSP server may send to another address: the caller sees to where that may be.
enum class StreamTrust : std::uint8_t {
  of_user,    ///< whoever runs the program: everything that a stream may lead to
  of_caller,  ///< somebody else: one TCP connection that carries frames, and no format that names other addresses
};

struct VideoOptions {
  DecodeLimits limits;        ///< max_pixels of a frame; max_bytes of each picture of a row of pictures
  double sequence_rate = 25;  ///< frames per second of a row of pictures, (0, 1000]
  int threads = 1;            ///< of the decoder, [1, 64]
  std::chrono::milliseconds patience{15'000};  ///< of a silent stream, camera or pipe, [1 ms, 1 h]
  StreamTrust trust = StreamTrust::of_user;
  /// Files are decoded in a process of its own: for videos of strangers. Streams, cameras and pictures in a row are
  /// not.
  std::optional<Isolation> isolation = std::nullopt;
};

/// What is known before the first frame is decoded.
struct VideoInfo {
  std::string name;  ///< as the user may read it: without the user name and password of an address
  int width = 0;     ///< upright pixels, non-square ones made square
  int height = 0;
  Clock clock;                     ///< of the frames' timestamps; tick 0 is the first frame
  std::optional<double> duration;  ///< seconds; unknown for streams, and where the file does not say
  std::optional<double> rate;      ///< frames per second on average, as the file says
  std::string codec;               ///< e.g. "h264"; "pictures" for a row of pictures
  int rotation = 0;                ///< degrees clockwise that frames were turned by: 0, 90, 180, 270
  int sound_tracks = 0;            ///< of the file; see sound_reader.hpp
  bool live = false;               ///< cameras and streams: what is not taken in time is lost
};

/// One frame. The image's memory is kept from frame to frame.
struct VideoFrame {
  Image image;              ///< rgb8, upright
  Timestamp time;           ///< strictly rising
  std::int64_t number = 0;  ///< from 0, counting decoded frames
  /// On the clock of the file itself, which its sound shares. Nothing for pictures in a row, and where the file says
  /// nothing that can be believed.
  std::optional<Seconds> file_time;
  /// Pixels are missing or made up, as far as the decoder notices: data was lost in it or in a frame that it builds on.
  bool damaged = false;
};

/// What went wrong on the way without ending it.
struct VideoCounts {
  std::int64_t frames = 0;           ///< decoded
  std::int64_t damaged_packets = 0;  ///< that the decoder refused; pictures of a row that are missing too
  std::int64_t damaged_frames = 0;   ///< decoded, but VideoFrame::damaged
  std::int64_t repaired_times = 0;   ///< frames whose time was missing or ran backwards
};

/// What a name is, by its form alone.
[[nodiscard]] bool is_stream_name(
    std::string_view name);  ///< rtsp://, rtsps://, http://, https://, udp://, tcp://, rtp://
[[nodiscard]] bool is_camera_name(std::string_view name);  ///< /dev/videoN or camera:N
[[nodiscard]] bool has_video_name(std::string_view path);  ///< ends like a video file (mp4, mov, avi, mkv, webm ...)

/// Is it a pattern of pictures in a row, such as frame%04d.png, and no file of that name?
[[nodiscard]] bool is_row_pattern(const std::string& name);

/// Takes user name and password out of an address; other names stay as they are.
[[nodiscard]] std::string without_secrets(std::string_view name);

/// Reads one moving picture. Move-only; thread-compatible.
/// Damaged packets are skipped and counted; a file that gives no frame at all is an error.
class VideoReader {
 public:
  /// @param name  a file or named pipe; a folder or pattern with % (pictures in a row, by name, where numbers count); a
  ///              camera; an address of a stream; - for standard input
  /// @param stop  ends waiting for a network, a camera or a pipe
  /// @error not_found         no such file, camera or server; more pictures of a pattern missing than there
  /// @error corrupt_data      nothing that is known as a video, or damaged before the first frame
  /// @error unsupported       no picture in it, or a codec that is not there
  /// @error resource_limit    a frame above the limits; no answer in time
  /// @error invalid_argument  options outside their range
  static Result<VideoReader> open(const std::string& name, const VideoOptions& options = {}, std::stop_token stop = {});

  VideoReader(VideoReader&&) noexcept;
  VideoReader& operator=(VideoReader&&) noexcept;
  ~VideoReader();

  [[nodiscard]] const VideoInfo& info() const;
  [[nodiscard]] const VideoCounts& counts() const;

  /// Decodes the next frame.
  /// @return false at the end
  /// @error corrupt_data    no frame could be decoded at all; resource_limit  the size grew above the limits, or a
  ///                        stream fell silent; cancelled  stop was requested
  Result<bool> next(VideoFrame& into);

  /// What a kind of source implements. Internal to the room.
  class Source;

 private:
  explicit VideoReader(std::unique_ptr<Source> source);
  std::unique_ptr<Source> source_;
};

}  // namespace vultus::media

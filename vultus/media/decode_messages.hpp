// What this process and vultus-decode say to each other. Both come from one build, so that plain values will do.
// Internal to the room.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::media {

/// What the process is started with: a socket, a file with encoded bytes, and one in memory for pixels.
inline constexpr int kDecodeSocket = 3;
inline constexpr int kDecodeInput = 4;
inline constexpr int kDecodeOutput = 5;

struct DecodeError {
  std::int32_t code = -1;           ///< an ErrorCode, or -1: none
  std::array<char, 400> message{};  ///< UTF-8, ended by a zero
};

struct DecodeRequest {
  std::uint64_t bytes = 0;  ///< of the picture, at the start of the input
  std::int64_t max_pixels = 0;
  std::uint64_t max_bytes = 0;
  std::int32_t wanted_side = 0;
};

/// A size where the pixels stand at the start of the output, or an error.
struct DecodeReply {
  DecodeError error;
  std::int32_t width = 0, height = 0;
  std::int32_t full_width = 0, full_height = 0;
  std::int32_t reduction = 1;
  std::int32_t format = 0;
};

/// The first question about a video opens it; every further one is for its next frame.
struct VideoRequest {
  std::int64_t max_pixels = 0;
  std::int32_t threads = 1;
};

/// What VideoInfo holds.
struct VideoOpened {
  DecodeError error;
  std::int32_t width = 0, height = 0, rotation = 0;
  std::int64_t clock_numerator = 1, clock_denominator = 1;
  double duration = -1, rate = -1;  ///< negative = not known
  std::int32_t sound_tracks = 0;
  std::array<char, 32> codec{};  ///< ended by a zero
};

/// A frame whose pixels stand at the start of the output, or the end, or an error; with the counts so far.
struct VideoReply {
  DecodeError error;
  std::uint8_t ended = 0;
  std::uint8_t damaged = 0;
  std::int32_t width = 0, height = 0;
  std::int64_t time = 0, number = 0;
  std::uint8_t has_file_time = 0;
  double file_time = 0;
  std::int64_t frames = 0, damaged_packets = 0, damaged_frames = 0, repaired_times = 0;
};

/// An error as it is told; its text is cut where it is too long.
void put_error(const Error& error, DecodeError& into);
/// An error that the process tells; its words are checked like everything else.
[[nodiscard]] Error told_error(const DecodeError& told);
/// The text of an array that must be ended by a zero and be UTF-8. @return whether it is
[[nodiscard]] bool take_text(std::span<const char> from, std::string& into);

/// Whether a size can be that of a picture within the limit.
[[nodiscard]] bool is_size(std::int32_t width, std::int32_t height, std::int64_t max_pixels);
/// Pixels from the start of a file. @error internal  there are fewer
Status take_pixels(int file, std::int32_t width, std::int32_t height, Image& into);
/// Pixels to the start of a file. @error resource_limit  they do not fit
Status put_pixels(int file, const Image& image);

}  // namespace vultus::media

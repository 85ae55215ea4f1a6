// Pipes through which a video comes: no wait for their writer is without an end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::media {

/// Move-only; thread-compatible.
class VideoPipe {
 public:
  /// Does not wait for somebody to open the other end.
  /// @param name  a named pipe, or - for standard input
  /// @error those of system_failure; invalid_argument  standard input is closed or a terminal
  static Result<VideoPipe> open(const std::string& name);

  VideoPipe(VideoPipe&& other) noexcept;
  VideoPipe& operator=(VideoPipe&& other) noexcept;
  VideoPipe(const VideoPipe&) = delete;
  VideoPipe& operator=(const VideoPipe&) = delete;
  ~VideoPipe();

  /// Waits for bytes.
  /// @param give_up  asked ten times a second while nothing comes
  /// @return how many bytes came, at least 1; else a code of FFmpeg: AVERROR_EOF at the end, AVERROR_EXIT if it gave up
  int read(std::uint8_t* into, int size, const std::function<bool()>& give_up);

  /// For those who look without reading: the pipe stays this object's.
  [[nodiscard]] int number() const { return number_; }

 private:
  explicit VideoPipe(int number) : number_(number) {}
  int number_;
  bool began_ = false;  // something has come: from then on nothing more means the end, not that nobody writes yet
};

/// A named pipe, or a name that leads to one.
[[nodiscard]] bool is_named_pipe(const std::string& path);

/// Reads a named pipe to its end.
/// @param into  overwritten; keeps its capacity
/// @error resource_limit  nothing comes for 15 s, or more than max_bytes; else those of VideoPipe::open
[[nodiscard]] Status read_pipe_into(const std::string& path, std::size_t max_bytes, std::vector<std::uint8_t>& into);

}  // namespace vultus::media

// What a file, a pipe or standard input holds, by its first bytes and not by its name.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::media {

enum class Content : std::uint8_t {
  picture,  ///< an animated GIF or PNG too: is_animation()
  video,    ///< a container or stream that VideoReader knows; there may be sound alone in it
  unknown,  ///< neither, or nothing that could be read
};

/// @param beginning  the first bytes; 4,096 tell all but raw streams, for which 65,536 do
/// @return unknown for too few bytes
/// @thread immutable, no state
[[nodiscard]] Content content_of(std::span<const std::uint8_t> beginning);

/// The same of a file; unknown for what is no regular file or cannot be read.
[[nodiscard]] Content content_of_file(const std::string& path);

/// Is this file a video: by what it holds, and where that says nothing by its name? A file that is not there is one by
/// its name.
[[nodiscard]] bool is_video_file(const std::string& path);

/// Has this GIF or PNG more than one picture?
/// @return false for all other files, and for those that cannot be read
[[nodiscard]] bool is_animation(const std::string& path);

/// The videos of a folder: files named like one, and those whose first bytes say so though their names say nothing.
/// Files that are named like pictures are left out, hidden ones too.
/// @param recursive  enter the folders of folders
/// @return sorted by the bytes of their names; nothing for what is no folder
[[nodiscard]] std::vector<std::string> videos_in(const std::string& folder, bool recursive);

/// A named pipe, or standard input, whose first bytes were looked at and are still in it: who opens it by its name
/// while this object lives reads them. Move-only.
class PeekedInput {
 public:
  /// Waits for the first bytes.
  /// @param name      a named pipe, or - for standard input
  /// @param patience  with silence
  /// @param stop      ends the waiting
  /// @error invalid_argument  standard input is closed or a terminal; not_found  no such pipe; resource_limit  nothing
  ///        came in time; cancelled  stop was requested
  static Result<PeekedInput> open(const std::string& name, std::chrono::milliseconds patience,
                                  const std::stop_token& stop = {});
  PeekedInput(PeekedInput&&) noexcept;
  PeekedInput& operator=(PeekedInput&&) noexcept;
  ~PeekedInput();

  [[nodiscard]] Content content() const { return content_; }

 private:
  struct Held;
  explicit PeekedInput(std::unique_ptr<Held> held);
  std::unique_ptr<Held> held_;
  Content content_ = Content::unknown;
};

}  // namespace vultus::media

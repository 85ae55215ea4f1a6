// Notices an answer of RTSP that sends its reader to another address. Internal to the room.
#pragma once

#include <cstdint>
#include <string_view>

namespace vultus::server {

/// Reads what a camera sends, in pieces of any size. FFmpeg follows a redirect by itself, which must not happen: the
/// connection ends before the line with the new address has been handed on. Stricter than the protocol: such a line
/// anywhere in the stream counts.
class RedirectGuard {
 public:
  /// @return true from the piece on in which the status 3xx begins
  bool saw_redirect(std::string_view bytes);

 private:
  enum class At : std::uint8_t { name, version, before_status, found };
  At at_ = At::name;
  std::size_t matched_ = 0;  // of "RTSP/"
};

}  // namespace vultus::server

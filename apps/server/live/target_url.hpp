// The address of a camera or a webhook as a caller writes it, taken apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::server {

struct TargetUrl {
  std::string scheme;  ///< lower case: "rtsp", "rtsps", "http", "https"
  std::string user;    ///< decoded
  std::string password;
  std::string host;  ///< lower case, without brackets and a dot at its end; a name or an address
  std::uint16_t port = 0;
  std::string path;  ///< with the query, as written; begins with /

  [[nodiscard]] bool is_secure() const { return scheme == "https" || scheme == "rtsps"; }
  [[nodiscard]] std::string host_in_url() const;  ///< with brackets where it is an address of version 6
  [[nodiscard]] std::string host_header() const;  ///< with the port where it is not the usual one
  /// Without user, password and query, which may be secrets: "rtsp://***@camera.lan:554/live?***".
  [[nodiscard]] std::string shown() const;
};

/// Numbers that are no plain address (2130706433, 0177.0.0.1, 0x7f.1) are no hosts: libraries read them differently.
/// @param text  at most 2048 bytes
/// @error invalid_argument  no URL, another scheme, a host that is none, a fragment
[[nodiscard]] Result<TargetUrl> target_url_from(std::string_view text);

/// A host as target_url_from() takes it, in its one spelling. @error invalid_argument
[[nodiscard]] Result<std::string> host_name_from(std::string_view text);

/// The usual port of a scheme.
[[nodiscard]] std::uint16_t usual_port_of(std::string_view scheme);

}  // namespace vultus::server

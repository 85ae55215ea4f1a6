// The line that the log gets of each request.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vultus::server {

/// The operation of requests that reach none: refused by the transport, or under a path that nothing is served under.
inline constexpr std::string_view kNoOperation = "none";

/// What is told of a request: never pictures, templates, names of people, queries or secrets of keys.
struct RequestNote {
  std::string at;       ///< ISO 8601, when it was answered
  std::string request;  ///< id
  std::string method;
  std::string route;  ///< the template, not the path
  std::string operation;
  std::string collection;  ///< empty = none
  std::string sealed;      ///< name of a sealed gallery; empty = none
  std::string key;         ///< id of the key; empty = none
  std::string peer;
  int status = 0;
  std::string code;   ///< of a refusal
  std::string fault;  ///< for a status from 500 on: what the caller is not told
  double milliseconds = 0;
  std::size_t bytes_in = 0;
  std::size_t bytes_out = 0;
  bool repeated = false;  ///< an answer that was kept for an idempotency key
};

/// One JSON object without line end.
[[nodiscard]] std::string note_line(const RequestNote& note);

}  // namespace vultus::server

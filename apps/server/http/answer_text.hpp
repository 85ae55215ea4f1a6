// The head of an answer as it goes over the wire. Private to the listener.
#pragma once

#include <string>

#include <apps/server/http/listener_options.hpp>
#include <apps/server/http/message.hpp>

namespace vultus::server {

/// Adds the fields of every answer that it does not bring itself.
/// @param secure  goes over TLS
/// @thread any
void add_security_headers(Response& response, const SecurityHeaders& headers, bool secure);

/// How the body of an answer is told from what follows.
struct AnswerFrame {
  bool old_version = false;   ///< HTTP/1.0: a stream ends with the connection
  bool close = false;         ///< the connection ends with this answer
  bool head_request = false;  ///< the body is not sent
};

/// Status line, fields and empty line. Fields that frame the body are made here; those that the answer brings are left
/// out, and so is a field whose name or value could be read as the end of a line.
/// @thread any
[[nodiscard]] std::string answer_head(const Response& response, const AnswerFrame& frame);

/// Whether an answer of this status may have a body (RFC 9110, 6.4.1).
[[nodiscard]] constexpr bool may_have_body(int status) noexcept {
  return status >= 200 && status != 204 && status != 304;
}

}  // namespace vultus::server

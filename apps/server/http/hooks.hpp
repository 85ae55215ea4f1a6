// What the parts around the listener see of every request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <apps/server/http/message.hpp>
#include <apps/server/http/router.hpp>

namespace vultus::server {

/// What is decided about a request of which only the head is there.
struct Admission {
  std::optional<Response> refusal;        ///< answered in place of the route; the body is not read
  std::optional<std::size_t> body_limit;  ///< bytes, in place of that of the route
};

/// A request that has been answered, for log and metrics. Its path is left out: it may hold a key or a name.
struct Answered {
  std::optional<Method> method;  ///< nothing: the request was not understood
  std::string_view route;        ///< template of the route; empty: there was none
  std::string_view operation;    ///< of the route, where it has one
  std::string_view refusal;  ///< code, where the transport refused by itself: neither route nor hook saw the request
  int status = 0;
  double seconds = 0;           ///< from the whole head to the last byte that was sent
  std::uint64_t bytes_in = 0;   ///< of head and body, without the framing of chunks
  std::uint64_t bytes_out = 0;  ///< of head and body, before TLS
  bool complete = true;         ///< false: the caller went away or was too slow
  std::string_view id;
  std::string_view peer;
  bool secure = false;
};

/// Each may be empty. All are called on I/O threads, several at one time: they must not block, nor throw.
/// Where `before_body` throws all the same, the answer is 500.
struct ListenerHooks {
  /// Before the body of a request is read. May set the principal of the request.
  std::function<Admission(Request& head, const Route& route)> before_body;
  std::function<void(const Answered&)> after_answer;
  /// A fault of ours: what a route has thrown, why no connection can be accepted. For the log, not for callers. Also on
  /// worker threads.
  std::function<void(std::string_view request_id, std::string_view what)> fault;
};

}  // namespace vultus::server

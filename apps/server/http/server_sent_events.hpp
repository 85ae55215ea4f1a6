// Server-sent events (HTML standard, 9.2) over a stream.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <apps/server/http/message.hpp>

namespace vultus::server {

struct ServerSentEvent {
  std::string id;    ///< comes back as Last-Event-ID when the caller connects again; empty = none
  std::string name;  ///< empty = "message"
  std::string data;  ///< UTF-8; CR, LF and CR LF each end a line
  std::optional<std::chrono::milliseconds> retry;  ///< after which a lost caller comes back
};

/// The bytes of one event.
/// @error invalid_argument  a line end in the name; a line end or NUL in the id; a negative retry
/// @thread any
[[nodiscard]] Result<std::string> event_text(const ServerSentEvent& event);

/// A comment, which callers do not see: keeps proxies from closing, and finds callers that have gone. Send one about
/// every 15 s.
inline constexpr std::string_view kHeartbeat = ":\n\n";

/// One caller's events. Thread-safe.
class EventStream {
 public:
  explicit EventStream(std::shared_ptr<StreamWriter> writer) : writer_(std::move(writer)) {}
  /// @return false: the caller has gone or takes too little; nothing more will be sent
  /// @error invalid_argument  as event_text()
  Result<bool> send(const ServerSentEvent& event);
  bool send_heartbeat() { return writer_->write(std::string(kHeartbeat)); }
  [[nodiscard]] StreamWriter& writer() { return *writer_; }

 private:
  std::shared_ptr<StreamWriter> writer_;
};

/// The answer that begins a stream of events.
/// @param producer  is given the stream when the head has been sent; must not block; keeps the stream for as long as it
///                  goes on
/// @thread any
[[nodiscard]] Response event_stream_response(std::function<void(std::shared_ptr<EventStream>)> producer);

}  // namespace vultus::server

// One connection and the requests that come over it, one after the other. Private to the listener.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include <apps/server/http/connection_count.hpp>
#include <apps/server/http/deadline.hpp>
#include <apps/server/http/listener_state.hpp>
#include <apps/server/http/request_parser.hpp>
#include <apps/server/http/stream_queue.hpp>
#include <apps/server/http/wire.hpp>

namespace vultus::server {

/// Everything happens on the strand of its socket; start(), refuse(), stop() and abort_soon() may be called on any
/// thread. It lives as long as something is under way: a read, a write, a deadline, a route.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Clock = Deadline::Clock;

  /// @param socket  its executor is a strand
  /// @param place   counts this connection
  /// @param peer    address of the caller
  Connection(std::shared_ptr<ListenerState> state, Wire::Socket socket, std::unique_ptr<ConnectionCount::Place> place,
             std::string peer);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  void start();
  void refuse(Problem problem);  ///< in place of start(): answers, whatever is asked, and closes
  void stop();                   ///< as soon as what was asked is answered
  void abort_soon();

 private:
  enum class Phase : std::uint8_t { handshake, head, body, work, send, stream, closing, closed };

  /// From the head of a request to the last byte of its answer.
  struct Exchange {
    std::shared_ptr<Request> request;  // empty: not understood
    std::string id;
    const Route* route = nullptr;
    std::size_t body_limit = 0;
    bool has_body = false;
    bool old_version = false;
    bool keep = false;  // the connection goes on with the next request
    Clock::time_point begun;
    int status = 0;
    std::string refusal;  // code, where no route and no hook has answered
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    bool reported = true;  // nothing to report
  };

  // Reading: connection_read.cpp.
  void await_head();
  void read_more();
  void on_read(boost::system::error_code error, std::size_t bytes);
  void on_peer_end(bool orderly);
  void read_head();
  void read_body();

  // What is asked: connection_request.cpp.
  void on_head(RequestHead head);
  std::optional<Response> refusal_of(RequestHead& head);
  static Problem too_large_body(std::size_t limit);
  void dispatch();

  // Answering: connection_answer.cpp.
  void answer(Response response);
  void answer_and_close(const Problem& problem);
  Response refusal_by_us(const Problem& problem);  ///< in the words of the route, where it has some
  void send(std::function<void()> then);
  void send_next();
  void end_exchange();
  void report(bool complete);

  // Streams: connection_stream.cpp.
  void begin_stream();
  void pump();

  // The end: connection.cpp.
  void expire();
  void set_deadline(Clock::time_point at);
  [[nodiscard]] Clock::time_point transfer_deadline(Clock::time_point begun, std::uint64_t bytes) const;
  void close_politely();
  void abort();
  void release_body();

  const std::shared_ptr<ListenerState> state_;
  Wire wire_;
  const boost::asio::any_io_executor strand_;
  const std::unique_ptr<ConnectionCount::Place> place_;
  const std::string peer_;
  Deadline deadline_;
  Phase phase_ = Phase::handshake;
  std::uint64_t requests_ = 0;

  std::string chunk_;  // what is being read
  bool reading_ = false;
  std::string input_;  // read, not taken
  std::unique_ptr<RequestParser> parser_;
  Exchange exchange_;
  std::size_t held_bytes_ = 0;  // of ListenerState::bodies
  Clock::time_point transfer_begun_;

  std::deque<std::string> output_;
  std::size_t output_sent_ = 0;  // of its first piece
  std::uint64_t transferred_ = 0;
  bool sending_ = false;
  std::function<void()> after_send_;
  std::function<void(std::shared_ptr<StreamWriter>)> producer_;
  std::shared_ptr<StreamQueue> queue_;
};

}  // namespace vultus::server

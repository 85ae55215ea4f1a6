#include <apps/server/http/connection.hpp>

#include <utility>

#include <boost/asio/post.hpp>

namespace vultus::server {
namespace {

constexpr std::size_t kLingerBytes = 1UL << 20U;  // of what a refused caller still sends

}  // namespace

Connection::Connection(std::shared_ptr<ListenerState> state, Wire::Socket socket,
                       std::unique_ptr<ConnectionCount::Place> place, std::string peer)
    : state_(std::move(state)),
      wire_(std::move(socket), state_->tls()),
      strand_(wire_.executor()),
      place_(std::move(place)),
      peer_(std::move(peer)),
      deadline_(strand_) {}

Connection::~Connection() {
  release_body();
  if (queue_) queue_->end_by_server();
  state_->connections.remove(this);
}

void Connection::start() {
  boost::asio::post(strand_, [self = shared_from_this()] {
    if (self->phase_ != Phase::handshake) return;
    if (!self->wire_.is_secure()) return self->await_head();
    self->set_deadline(Clock::now() + self->state_->options.times.handshake);
    self->wire_.handshake([self](boost::system::error_code error, std::size_t) {
      if (error || self->phase_ != Phase::handshake) return self->abort();
      self->await_head();
    });
  });
}

void Connection::refuse(Problem problem) {
  boost::asio::post(strand_, [self = shared_from_this(), problem = std::move(problem)] {
    if (self->phase_ == Phase::handshake) self->answer_and_close(problem);
  });
}

void Connection::stop() {
  boost::asio::post(strand_, [self = shared_from_this()] {
    switch (self->phase_) {
      case Phase::handshake: self->abort(); break;
      case Phase::head:
        if (self->input_.empty()) self->close_politely();
        break;
      case Phase::stream:
        self->queue_->end_by_server();
        self->pump();
        break;
      default: break;
    }
  });
}

void Connection::abort_soon() {
  boost::asio::post(strand_, [self = shared_from_this()] { self->abort(); });
}

void Connection::set_deadline(Clock::time_point at) {
  deadline_.set(at, shared_from_this(), [this] { expire(); });
}

Connection::Clock::time_point Connection::transfer_deadline(Clock::time_point begun, std::uint64_t bytes) const {
  const auto& times = state_->options.times;
  const std::chrono::milliseconds at_rate(bytes * 1000 / times.transfer_rate);
  return begun + times.transfer_grace + at_rate;
}

void Connection::expire() {
  switch (phase_) {
    case Phase::head:
      if (input_.empty()) return close_politely();
      return answer_and_close(
          {408, "request_timeout", "The request did not come in time", "its head is not complete", {}});
    case Phase::body:
      if (sending_) return abort();
      return answer_and_close(
          {408, "request_timeout", "The request did not come in time", "its body came too slowly", {}});
    default: abort();
  }
}

void Connection::close_politely() {
  phase_ = Phase::closing;
  input_.clear();
  set_deadline(Clock::now() + state_->options.times.linger);
  wire_.finish(kLingerBytes, [self = shared_from_this()] {
    self->phase_ = Phase::closed;
    self->deadline_.clear();
  });
}

void Connection::abort() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  deadline_.clear();
  wire_.abort();
  report(false);
  release_body();
  output_.clear();
  after_send_ = nullptr;
  if (queue_) queue_->end_by_server();
}

void Connection::release_body() { state_->bodies.give_back(std::exchange(held_bytes_, 0)); }

}  // namespace vultus::server

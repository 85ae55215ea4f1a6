#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <apps/server/http/connection.hpp>
#include <apps/server/http/head_scan.hpp>

namespace vultus::server {
namespace {

constexpr std::size_t kHeadChunk = 4UL << 10U;
constexpr std::size_t kBodyChunk = 64UL << 10U;
constexpr std::size_t kStreamInput = 64UL << 10U;  // a caller may send so much while it listens to a stream
constexpr std::size_t kChunkFraming = 8UL << 10U;  // size line and extensions of a chunk, trailer fields

}  // namespace

void Connection::await_head() {
  phase_ = Phase::head;
  exchange_ = {};
  parser_.reset();
  const auto& times = state_->options.times;
  if (!input_.empty()) {
    set_deadline(Clock::now() + times.head);
    return read_head();
  }
  if (state_->stopping) return close_politely();
  input_.shrink_to_fit();
  set_deadline(Clock::now() + (requests_ == 0 ? times.head : times.idle));
  read_more();
}

void Connection::read_more() {
  if (reading_) return;
  reading_ = true;
  const std::size_t wanted = phase_ == Phase::body ? kBodyChunk : kHeadChunk;
  if (chunk_.size() != wanted) {
    chunk_.resize(wanted);
    chunk_.shrink_to_fit();
  }
  wire_.read_some(
      boost::asio::buffer(chunk_),
      [self = shared_from_this()](boost::system::error_code error, std::size_t bytes) { self->on_read(error, bytes); });
}

void Connection::on_read(boost::system::error_code error, std::size_t bytes) {
  reading_ = false;
  if (phase_ == Phase::closing || phase_ == Phase::closed) return;
  if (error) return on_peer_end(error == boost::asio::error::eof || error == boost::asio::ssl::error::stream_truncated);
  const bool first = input_.empty();
  input_.append(chunk_, 0, bytes);
  switch (phase_) {
    case Phase::head:
      if (first) set_deadline(Clock::now() + state_->options.times.head);
      return read_head();
    case Phase::body: transferred_ += bytes; return read_body();
    case Phase::stream:
      if (input_.size() < kStreamInput) read_more();
      return;
    default: return;  // what is answered already
  }
}

// The caller sends no more. Where it waits for an answer it still gets one: it may have closed its half alone.
void Connection::on_peer_end(bool orderly) {
  switch (phase_) {
    case Phase::head:
      if (!orderly) return abort();
      if (input_.empty()) return close_politely();
      return answer_and_close({400, "malformed_request", "The request is not complete", "its head ends too early", {}});
    case Phase::body:
      if (!orderly) return abort();
      return answer_and_close({400, "malformed_body", "The request is not complete", "its body ends too early", {}});
    case Phase::stream: return abort();
    default: return;
  }
}

void Connection::read_head() {
  const HeadScan scan = scan_head(input_, state_->options.limits);
  input_.erase(0, scan.skip);
  if (scan.refusal) return answer_and_close(*scan.refusal);
  if (!scan.size) return read_more();
  const auto& limits = state_->options.limits;
  parser_ = std::make_unique<RequestParser>();
  exchange_.begun = Clock::now();
  exchange_.bytes_in = *scan.size;
  exchange_.reported = false;
  auto outcome = parser_->read_head(std::string_view(input_).substr(0, *scan.size),
                                    {.url_bytes = limits.url_bytes, .fields = limits.header_fields});
  input_.erase(0, *scan.size);
  if (const auto* problem = std::get_if<Problem>(&outcome)) return answer_and_close(*problem);
  on_head(std::move(std::get<RequestHead>(outcome)));
}

void Connection::read_body() {
  input_.erase(0, parser_->read_body(input_));
  const std::size_t bytes = parser_->body_bytes();
  if (const auto problem = parser_->problem()) return answer_and_close(*problem);
  if (bytes > exchange_.body_limit) return answer_and_close(too_large_body(exchange_.body_limit));
  if (!state_->bodies.take(bytes - held_bytes_))
    return answer_and_close({503, "server_full", "The server holds as many bodies as it may", {}, 1});
  held_bytes_ = bytes;
  if (parser_->is_done()) return dispatch();
  if (input_.size() > kChunkFraming)
    return answer_and_close({400,
                             "malformed_body",
                             "The body of the request does not follow HTTP",
                             "what frames a chunk is longer than " + std::to_string(kChunkFraming) + " bytes",
                             {}});
  set_deadline(transfer_deadline(transfer_begun_, transferred_));
  read_more();
}

}  // namespace vultus::server

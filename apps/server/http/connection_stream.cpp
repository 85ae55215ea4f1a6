#include <array>
#include <charconv>
#include <utility>

#include <boost/asio/post.hpp>

#include <apps/server/http/connection.hpp>

namespace vultus::server {
namespace {

std::string http_chunk(const std::string& bytes) {
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
  return std::string(size.data(), end) + "\r\n" + bytes + "\r\n";
}

}  // namespace

void Connection::begin_stream() {
  phase_ = Phase::stream;
  deadline_.clear();
  queue_ = std::make_shared<StreamQueue>(state_->options.limits.stream_bytes, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self) boost::asio::post(self->strand_, [self] { self->pump(); });
  });
  try {
    std::exchange(producer_, nullptr)(queue_->writer());
  } catch (const std::exception& thrown) {
    state_->report_fault(exchange_.id, thrown.what());
    return abort();  // without the last chunk: the caller sees that it is not whole
  }
  if (state_->stopping) queue_->end_by_server();
  read_more();  // so that it is seen when the caller goes
  pump();
}

void Connection::pump() {
  if (phase_ != Phase::stream) return;
  if (queue_->is_overflown()) return abort();
  if (sending_) return;
  StreamQueue::Taken taken = queue_->take();
  const bool chunked = !exchange_.old_version;
  if (!taken.bytes.empty()) {
    output_.push_back(chunked ? http_chunk(taken.bytes) : std::move(taken.bytes));
    return send([this] {
      queue_->sent();
      pump();
    });
  }
  deadline_.clear();
  if (taken.end == StreamQueue::End::open) return;
  queue_.reset();
  phase_ = Phase::send;
  if (chunked) output_.emplace_back("0\r\n\r\n");
  send([this] { end_exchange(); });
}

}  // namespace vultus::server

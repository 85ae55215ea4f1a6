#include <apps/server/http/wire.hpp>

#include <utility>

#include <boost/asio/post.hpp>

namespace vultus::server {
namespace {

constexpr std::size_t kDrainBytes = 4096;

}  // namespace

Wire::Wire(Socket socket, std::shared_ptr<boost::asio::ssl::context> tls)
    : socket_(std::move(socket)), tls_(std::move(tls)) {
  if (tls_) secure_.emplace(socket_, *tls_);
}

void Wire::handshake(Done done) {
  if (secure_) {
    secure_->async_handshake(boost::asio::ssl::stream_base::server,
                             [done = std::move(done)](boost::system::error_code error) { done(error, 0); });
  } else {
    boost::asio::post(executor(), [done = std::move(done)] { done({}, 0); });
  }
}

void Wire::read_some(boost::asio::mutable_buffer into, Done done) {
  if (secure_)
    secure_->async_read_some(into, std::move(done));
  else
    socket_.async_read_some(into, std::move(done));
}

void Wire::write_some(boost::asio::const_buffer from, Done done) {
  if (secure_)
    secure_->async_write_some(from, std::move(done));
  else
    socket_.async_write_some(from, std::move(done));
}

void Wire::finish(std::size_t bytes, std::function<void()> done) {
  const auto say = [this, bytes, done = std::move(done)](boost::system::error_code) {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    scratch_ = std::make_unique<char[]>(kDrainBytes);  // NOLINT(modernize-avoid-c-arrays)
    drain(bytes, done);
  };
  if (secure_)
    secure_->async_shutdown(say);
  else
    say({});
}

void Wire::drain(std::size_t bytes, std::function<void()> done) {
  const auto into = boost::asio::buffer(scratch_.get(), kDrainBytes);
  socket_.async_read_some(into,
                          [this, bytes, done = std::move(done)](boost::system::error_code error, std::size_t read) {
                            if (!error && bytes > read) return drain(bytes - read, done);
                            abort();
                            done();
                          });
}

void Wire::abort() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace vultus::server

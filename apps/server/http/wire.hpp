// The bytes of one connection, with or without TLS. Private to the listener.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace vultus::server {

/// Thread-compatible: on the strand that is the executor of its socket, where every `done` is called, too. What is
/// under way keeps only what `done` keeps: that must be the owner.
class Wire {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Done = std::function<void(boost::system::error_code, std::size_t)>;

  /// @param tls  empty: plain
  Wire(Socket socket, std::shared_ptr<boost::asio::ssl::context> tls);

  [[nodiscard]] bool is_secure() const { return secure_.has_value(); }
  [[nodiscard]] Socket::executor_type executor() { return socket_.get_executor(); }
  void handshake(Done done);  ///< at once where it is plain
  /// At most one at a time.
  /// @param into  must live until `done`
  void read_some(boost::asio::mutable_buffer into, Done done);
  /// At most one at a time, beside one read.
  void write_some(boost::asio::const_buffer from, Done done);
  /// Says that nothing more comes, so that the caller takes what was sent, then reads until it says so, too. Ends by
  /// abort() at the latest.
  /// @param bytes  of what it still sends are read and thrown away
  void finish(std::size_t bytes, std::function<void()> done);
  void abort();  ///< ends all that is under way

 private:
  void drain(std::size_t bytes, std::function<void()> done);

  Socket socket_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
  std::optional<boost::asio::ssl::stream<Socket&>> secure_;
  std::unique_ptr<char[]> scratch_;  // NOLINT(modernize-avoid-c-arrays)
};

}  // namespace vultus::server

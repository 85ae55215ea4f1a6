// A connection that the server makes to a target: resolved once, checked, connected to that very address, encrypted
// with the certificate checked where the scheme says so. Internal to the room; shows Boost.Asio.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <vultus/core/result.hpp>

#include <apps/server/live/resolver.hpp>
#include <apps/server/live/targets.hpp>

namespace vultus::server {

/// What every connection needs. Immutable while it is used.
struct OutboundRules {
  Targets targets;
  Resolver resolve = resolve_host;
  std::string ca_file;  ///< certificates that are trusted beside those of the system; PEM
};

/// Thread-compatible: one thread runs it. A stop ends every wait.
class Outbound {
 public:
  using Plain = boost::beast::tcp_stream;
  using Secure = boost::beast::ssl_stream<Plain>;
  using Duration = std::chrono::milliseconds;

  /// Resolves, checks each address, connects to the first that answers.
  /// @param stop  must not be asked before the object has gone, or may be at any time: both are fine
  /// @error invalid_argument  the target is not allowed; not_found  nobody answers; corrupt_data  the certificate is
  ///                          not trusted; resource_limit  it took too long; cancelled
  static Result<std::unique_ptr<Outbound>> connect(const TargetUrl& url, const OutboundRules& rules, Duration patience,
                                                   const std::stop_token& stop);
  Outbound(const Outbound&) = delete;
  Outbound& operator=(const Outbound&) = delete;
  ~Outbound();

  [[nodiscard]] boost::asio::io_context& context() { return context_; }
  [[nodiscard]] Plain& lowest() { return secure_ ? secure_->next_layer() : *plain_; }

  /// Calls `act` with the stream, plain or encrypted.
  template <class Act>
  void with_stream(Act&& act) {
    if (secure_) return std::forward<Act>(act)(*secure_);
    std::forward<Act>(act)(*plain_);
  }

  /// Starts one operation and runs until it has ended.
  /// @param start  is given the stream and a handler of (error_code, size_t)
  template <class Start>
  Result<std::size_t> run(const char* what, Duration patience, Start&& start) {
    boost::beast::error_code code = boost::asio::error::would_block;
    std::size_t size = 0;
    lowest().expires_after(patience);
    with_stream([&](auto& stream) {
      start(stream, [&](boost::beast::error_code ended, std::size_t bytes) { code = ended, size = bytes; });
    });
    run_all();
    if (code) return error_of(what, code, patience);
    return size;
  }
  void run_all();  ///< until nothing is left to do, or the stop
  [[nodiscard]] bool is_stopped() const { return stop_.stop_requested(); }

 private:
  Outbound(std::string host, std::stop_token stop);
  Result<std::size_t> connect_to(const IpAddress& address, std::uint16_t port, Duration patience);
  Status encrypt(const TargetUrl& url, const OutboundRules& rules, Duration patience);
  [[nodiscard]] Error error_of(const char* what, const boost::beast::error_code& code, Duration patience) const;

  std::string host_;
  std::stop_token stop_;
  boost::asio::io_context context_{1};
  std::optional<boost::asio::ssl::context> tls_;
  std::optional<Plain> plain_;
  std::optional<Secure> secure_;
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
};

}  // namespace vultus::server

// Takes connections. Private to the listener.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <apps/server/http/listener_state.hpp>

namespace vultus::server {

/// On a strand of its own; start() and stop() on any thread.
class Acceptor : public std::enable_shared_from_this<Acceptor> {
 public:
  Acceptor(boost::asio::io_context& io, std::shared_ptr<ListenerState> state);

  /// Binds; called once before start().
  /// @error resource_limit  the address cannot be had
  Status bind();
  [[nodiscard]] std::uint16_t port() const { return port_; }
  void start();
  void stop();

 private:
  using Tcp = boost::asio::ip::tcp;
  void accept();
  void take(Tcp::socket socket);

  boost::asio::io_context& io_;
  std::shared_ptr<ListenerState> state_;
  boost::asio::strand<boost::asio::io_context::executor_type> strand_;
  Tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::shared_ptr<ConnectionCount> refused_;  // over the limits, being told so
  std::uint16_t port_ = 0;
};

}  // namespace vultus::server

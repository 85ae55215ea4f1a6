#include <apps/server/http/acceptor.hpp>

#include <chrono>
#include <utility>

#include <boost/asio/post.hpp>

#include <apps/server/http/connection.hpp>

namespace vultus::server {
namespace {

constexpr std::size_t kRefusedAtOnce = 64;              // connections over the limits that get an answer
constexpr std::chrono::milliseconds kAcceptPause{100};  // after a failure, for example without file descriptors
constexpr int kRetrySecondsOfFull = 5;

boost::asio::ip::address plain_address(const boost::asio::ip::address& address) {
  using boost::asio::ip::make_address_v4;
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
  return address;
}

// What counts as one caller: one household has a whole /64 of version 6.
std::string caller_of(const boost::asio::ip::address& address) {
  if (!address.is_v6()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  for (std::size_t i = 8; i < bytes.size(); ++i) bytes[i] = 0;
  return boost::asio::ip::address_v6(bytes).to_string();
}

Problem full_problem(ConnectionCount::Full full) {
  if (full == ConnectionCount::Full::of_address)
    return {429,
            "too_many_connections",
            "So many connections of this address are open that this one cannot be",
            {},
            kRetrySecondsOfFull};
  return {503, "server_full", "So many connections are open that this one cannot be", {}, kRetrySecondsOfFull};
}

}  // namespace

Acceptor::Acceptor(boost::asio::io_context& io, std::shared_ptr<ListenerState> state)
    : io_(io),
      state_(std::move(state)),
      strand_(boost::asio::make_strand(io)),
      acceptor_(strand_),
      pause_(strand_),
      refused_(std::make_shared<ConnectionCount>(kRefusedAtOnce, 0)) {}

Status Acceptor::bind() {
  const auto& options = state_->options;
  const Tcp::endpoint endpoint(boost::asio::ip::make_address(options.address), options.port);
  boost::system::error_code error;
  (void)acceptor_.open(endpoint.protocol(), error);
  if (!error) (void)acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
  if (!error) (void)acceptor_.bind(endpoint, error);
  if (!error) (void)acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error)
    return fail(ErrorCode::resource_limit, "cannot listen on " + options.address + " port " +
                                               std::to_string(options.port) + ": " + error.message());
  port_ = acceptor_.local_endpoint(error).port();
  return {};
}

void Acceptor::start() {
  boost::asio::post(strand_, [self = shared_from_this()] { self->accept(); });
}

void Acceptor::stop() {
  boost::asio::post(strand_, [self = shared_from_this()] {
    boost::system::error_code ignored;
    (void)self->acceptor_.close(ignored);
    self->pause_.cancel();
  });
}

void Acceptor::accept() {
  if (!acceptor_.is_open()) return;
  acceptor_.async_accept(boost::asio::make_strand(io_),
                         [self = shared_from_this()](boost::system::error_code error, Tcp::socket socket) {
                           if (!self->acceptor_.is_open()) return;
                           if (!error) {
                             self->take(std::move(socket));
                             return self->accept();
                           }
                           if (error == boost::asio::error::connection_aborted) return self->accept();
                           self->state_->report_fault({}, "no connection can be accepted: " + error.message());
                           self->pause_.expires_after(kAcceptPause);
                           self->pause_.async_wait([self](boost::system::error_code) { self->accept(); });
                         });
}

void Acceptor::take(Tcp::socket socket) {
  boost::system::error_code error;
  const auto remote = socket.remote_endpoint(error);
  if (error) return;  // gone already
  (void)socket.set_option(Tcp::no_delay(true), error);
  (void)socket.set_option(boost::asio::socket_base::keep_alive(true), error);
  const auto address = plain_address(remote.address());
  auto place = state_->count->enter(caller_of(address));
  const auto* full = std::get_if<ConnectionCount::Full>(&place);
  if (full == nullptr) {
    const auto connection = std::make_shared<Connection>(
        state_, std::move(socket), std::move(std::get<std::unique_ptr<ConnectionCount::Place>>(place)),
        address.to_string());
    state_->connections.add(connection);
    return connection->start();
  }
  if (state_->options.tls) return;  // the answer would cost a handshake
  auto refused = refused_->enter({});
  if (std::holds_alternative<ConnectionCount::Full>(refused)) return;
  const auto connection = std::make_shared<Connection>(
      state_, std::move(socket), std::move(std::get<std::unique_ptr<ConnectionCount::Place>>(refused)),
      address.to_string());
  state_->connections.add(connection);
  connection->refuse(full_problem(*full));
}

}  // namespace vultus::server

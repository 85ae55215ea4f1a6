#include <apps/server/live/outbound.hpp>

#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

namespace vultus::server {
namespace {

namespace asio = boost::asio;

asio::ip::tcp::endpoint endpoint_of(const IpAddress& address, std::uint16_t port) {
  asio::ip::address_v6::bytes_type bytes{};
  std::copy(address.bytes.begin(), address.bytes.end(), bytes.begin());
  const asio::ip::address_v6 v6(bytes);
  if (address.is_v4()) return {asio::ip::make_address_v4(asio::ip::v4_mapped, v6), port};
  return {v6, port};
}

}  // namespace

Outbound::Outbound(std::string host, std::stop_token stop) : host_(std::move(host)), stop_(std::move(stop)) {
  on_stop_.emplace(stop_, std::function<void()>([this] { context_.stop(); }));
}

Outbound::~Outbound() {
  on_stop_.reset();  // first: it uses the context
}

void Outbound::run_all() {
  context_.restart();
  // A stop between the two would be lost with the restart.
  if (!stop_.stop_requested()) context_.run();
}

Error Outbound::error_of(const char* what, const boost::beast::error_code& code, Duration patience) const {
  const std::string text = host_ + ": " + what + ": ";
  if (stop_.stop_requested()) return fail(ErrorCode::cancelled, text + "stopped");
  if (code == boost::beast::error::timeout)
    return fail(ErrorCode::resource_limit,
                text + "took longer than " + std::to_string(patience.count()) + " ms, which is the limit");
  if (code.category() == asio::error::get_ssl_category()) return fail(ErrorCode::corrupt_data, text + code.message());
  return fail(ErrorCode::not_found, text + code.message());
}

Result<std::size_t> Outbound::connect_to(const IpAddress& address, std::uint16_t port, Duration patience) {
  plain_.emplace(context_);
  return run("connecting", patience, [&](auto& stream, auto handler) {
    boost::beast::get_lowest_layer(stream).async_connect(
        endpoint_of(address, port),
        [handler = std::move(handler)](const boost::beast::error_code& code) { handler(code, 0); });
  });
}

Status Outbound::encrypt(const TargetUrl& url, const OutboundRules& rules, Duration patience) {
  tls_.emplace(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(tls_->native_handle(), TLS1_2_VERSION);
  boost::beast::error_code code;
  tls_->set_default_verify_paths(code);
  if (!rules.ca_file.empty()) {
    tls_->load_verify_file(rules.ca_file, code);
    if (code) return fail(ErrorCode::not_found, rules.ca_file + ": " + code.message());
  }
  tls_->set_verify_mode(asio::ssl::verify_peer, code);
  tls_->set_verify_callback(asio::ssl::host_name_verification(url.host), code);
  Plain lower = std::move(*plain_);
  plain_.reset();
  secure_.emplace(std::move(lower), *tls_);
  if (std::string name = url.host; !ip_address_from(name))
    SSL_ctrl(secure_->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  VULTUS_TRY(const std::size_t unused, run("TLS", patience, [](auto& stream, auto handler) {
               if constexpr (std::is_same_v<std::decay_t<decltype(stream)>, Secure>)
                 stream.async_handshake(
                     asio::ssl::stream_base::client,
                     [handler = std::move(handler)](const boost::beast::error_code& ended) { handler(ended, 0); });
             }));
  static_cast<void>(unused);
  return {};
}

Result<std::unique_ptr<Outbound>> Outbound::connect(const TargetUrl& url, const OutboundRules& rules, Duration patience,
                                                    const std::stop_token& stop) {
  VULTUS_CHECK(rules.targets.check_host(url.host, url.port));
  VULTUS_TRY(const auto addresses, rules.resolve(url.host, stop));
  // One address that may not be is enough to refuse: a name that leads inside and outside is an attack.
  for (const IpAddress& address : addresses) VULTUS_CHECK(rules.targets.check_address(url.host, address, url.port));
  std::unique_ptr<Outbound> made(new Outbound(url.host, stop));
  std::optional<Error> last;
  for (const IpAddress& address : addresses) {
    const auto connected = made->connect_to(address, url.port, patience);
    if (connected) {
      if (url.is_secure()) VULTUS_CHECK(made->encrypt(url, rules, patience));
      return made;
    }
    last = connected.error();
    if (last->code == ErrorCode::cancelled) break;
  }
  return last ? *last : fail(ErrorCode::not_found, url.host + ": has no address");
}

}  // namespace vultus::server

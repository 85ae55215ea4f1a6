#include <apps/server/live/stream_relay.hpp>

#include <array>
#include <functional>
#include <utility>

#include <sodium.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <vultus/core/version.hpp>

#include <apps/server/live/redirect_guard.hpp>

namespace vultus::server {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::beast::error_code;

constexpr std::size_t kPiece = std::size_t{64} << 10U;

std::string url_encoded(const std::string& text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += kHex.at(c >> 4U);
      out += kHex.at(c & 15U);
    }
  }
  return out;
}

std::string basic_credentials(const TargetUrl& url) {
  const std::string both = url.user + ":" + url.password;
  std::string text(sodium_base64_ENCODED_LEN(both.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(both.data()), both.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();
  return "Basic " + text;
}

Error no_stream(const TargetUrl& url, unsigned status) {
  std::string why = "answers with the status " + std::to_string(status);
  if (status >= 300 && status < 400) why += ": redirects are not followed";
  if (status == 401) why += ": user name and password are wrong or missing (HTTP cameras: Basic alone)";
  return fail(ErrorCode::unsupported, url.shown() + " " + why);
}

}  // namespace

/// What runs on the thread of a relay, and what was read before.
class StreamRelay::Pump {
 public:
  Pump(std::unique_ptr<Outbound> remote, TargetUrl url)
      : remote_(std::move(remote)), url_(std::move(url)), acceptor_(remote_->context()), local_(remote_->context()) {}

  [[nodiscard]] bool speaks_http() const { return url_.scheme.starts_with("http"); }

  Status ask(std::chrono::milliseconds patience) {
    http::request<http::empty_body> request(http::verb::get, url_.path, 11);
    request.set(http::field::host, url_.host_header());
    request.set(http::field::user_agent, std::string("Vultus/") + std::string(kVersion));
    request.set(http::field::connection, "close");
    if (!url_.user.empty() || !url_.password.empty()) request.set(http::field::authorization, basic_credentials(url_));
    VULTUS_TRY(const std::size_t sent, remote_->run("asking", patience, [&](auto& stream, auto handler) {
      http::async_write(stream, request, std::move(handler));
    }));
    static_cast<void>(sent);
    parser_.body_limit(boost::none);
    parser_.header_limit(16 << 10);
    VULTUS_TRY(const std::size_t read, remote_->run("reading", patience, [&](auto& stream, auto handler) {
      http::async_read_header(stream, buffer_, parser_, std::move(handler));
    }));
    static_cast<void>(read);
    if (parser_.get().result_int() != 200) return no_stream(url_, parser_.get().result_int());
    return {};
  }

  /// @return the port of the loopback on which one caller is waited for
  Result<std::uint16_t> listen() {
    error_code code;
    const asio::ip::tcp::endpoint any(asio::ip::address_v4::loopback(), 0);
    acceptor_.open(any.protocol(), code);
    if (!code) acceptor_.bind(any, code);
    if (!code) acceptor_.listen(1, code);
    if (code) return fail(ErrorCode::resource_limit, "no port of the loopback is free: " + code.message());
    return acceptor_.local_endpoint().port();
  }

  void carry() {
    remote_->lowest().expires_never();  // the reader of the stream knows how long it waits
    acceptor_.async_accept(local_, [this](const error_code& code) {
      error_code ignored;
      acceptor_.close(ignored);
      if (code) return end();
      read_local();
      if (speaks_http())
        read_body();
      else
        read_remote();
    });
    remote_->run_all();
    error_code ignored;
    local_.close(ignored);
    acceptor_.close(ignored);
  }

  [[nodiscard]] std::optional<Error> error() const {
    const std::scoped_lock lock(lock_);
    return error_;
  }

 private:
  void end() { remote_->context().stop(); }
  void end(Error error) {
    {
      const std::scoped_lock lock(lock_);
      error_ = std::move(error);
    }
    end();
  }

  void read_local() {
    local_.async_read_some(asio::buffer(up_), [this](const error_code& code, std::size_t size) {
      if (code) return end();
      if (speaks_http()) return read_local();  // it has nothing to say
      remote_->with_stream([&](auto& stream) {
        asio::async_write(stream, asio::buffer(up_, size), [this](const error_code& failed, std::size_t) {
          if (failed) return end();
          read_local();
        });
      });
    });
  }

  void write_local(std::size_t size, void (Pump::*then)()) {
    asio::async_write(local_, asio::buffer(down_, size), [this, then](const error_code& failed, std::size_t) {
      if (failed) return end();
      (this->*then)();
    });
  }

  void read_remote() {
    remote_->with_stream([&](auto& stream) {
      stream.async_read_some(asio::buffer(down_), [this](const error_code& code, std::size_t size) {
        if (code) return end();
        if (guard_.saw_redirect({down_.data(), size}))
          return end(
              fail(ErrorCode::unsupported, url_.shown() + " sends to another address: redirects are not followed"));
        write_local(size, &Pump::read_remote);
      });
    });
  }

  void read_body() {
    if (parser_.is_done()) return end();
    parser_.get().body().data = down_.data();
    parser_.get().body().size = down_.size();
    parser_.get().body().more = true;
    remote_->with_stream([&](auto& stream) {
      http::async_read_some(stream, buffer_, parser_, [this](const error_code& code, std::size_t) {
        const std::size_t size = down_.size() - parser_.get().body().size;
        if (code && code != http::error::need_buffer && size == 0) return end();
        if (size == 0) return read_body();
        write_local(size, &Pump::read_body);
      });
    });
  }

  std::unique_ptr<Outbound> remote_;
  TargetUrl url_;
  asio::ip::tcp::acceptor acceptor_;
  asio::ip::tcp::socket local_;
  std::array<char, kPiece> up_{};
  std::array<char, kPiece> down_{};
  boost::beast::flat_buffer buffer_;
  http::response_parser<http::buffer_body> parser_;
  RedirectGuard guard_;
  mutable std::mutex lock_;
  std::optional<Error> error_;
};

Result<std::unique_ptr<StreamRelay>> StreamRelay::open(const TargetUrl& url, const OutboundRules& rules,
                                                       std::chrono::milliseconds patience,
                                                       const std::stop_token& stop) {
  std::unique_ptr<StreamRelay> relay(new StreamRelay);
  relay->on_stop_.emplace(stop, std::function<void()>([source = relay->stop_]() mutable { source.request_stop(); }));
  VULTUS_TRY(auto remote, Outbound::connect(url, rules, patience, relay->stop_.get_token()));
  relay->pump_ = std::make_unique<Pump>(std::move(remote), url);
  if (relay->pump_->speaks_http()) VULTUS_CHECK(relay->pump_->ask(patience));
  VULTUS_TRY(const std::uint16_t port, relay->pump_->listen());
  const std::string place = "127.0.0.1:" + std::to_string(port);
  if (relay->pump_->speaks_http()) {
    relay->name_ = "tcp://" + place;
  } else {
    const bool known = !url.user.empty() || !url.password.empty();
    relay->name_ =
        "rtsp://" + (known ? url_encoded(url.user) + ":" + url_encoded(url.password) + "@" : "") + place + url.path;
  }
  relay->thread_ = std::jthread([pump = relay->pump_.get()] {
    // Nothing of it may throw out of the thread; what ends it ends the stream.
    static_cast<void>(guarded("relay of a camera", [&]() -> Status {
      pump->carry();
      return {};
    }));
  });
  return relay;
}

StreamRelay::~StreamRelay() {
  stop_.request_stop();
  on_stop_.reset();
}

std::optional<Error> StreamRelay::error() const { return pump_->error(); }

}  // namespace vultus::server

// How the server listens, and what a caller may take of it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::server {

/// Where requests and answers may go over the network unencrypted.
enum class PlainHttp : std::uint8_t { loopback_only, anywhere };

/// Certificate (with the chain behind it) and private key, PEM; the key without a passphrase.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

/// Limits of size and number. Each is at least 1 unless it says otherwise.
struct ListenerLimits {
  std::size_t head_bytes = 16UL << 10U;          ///< of a request line and its fields; 256 to 1 MiB; more: 431
  std::size_t url_bytes = 8UL << 10U;            ///< of a request's target; more: 414
  std::size_t header_fields = 100;               ///< more: 431
  std::size_t body_bytes = 16UL << 20U;          ///< of a request where its route says nothing else; more: 413
  std::size_t bodies_bytes = 1UL << 30U;         ///< of all bodies that are read or answered at one time; more: 503
  std::size_t connections = 4096;                ///< open at one time; more: 503
  std::size_t connections_per_address = 256;     ///< of one address (IPv6: of one /64); 0 = no limit; more: 429
  std::size_t stream_bytes = 8UL << 20U;         ///< waiting for the caller of one stream; more: the stream ends
  std::size_t requests_per_connection = 10'000;  ///< then it is closed after its answer
};

/// Limits of time. Each is at least 1 ms.
struct ListenerTimes {
  using Duration = std::chrono::milliseconds;
  Duration head = std::chrono::seconds(10);            ///< from the first byte of a head to its last; longer: 408
  Duration handshake = std::chrono::seconds(10);       ///< of TLS
  Duration idle = std::chrono::seconds(60);            ///< between an answer and the next request; longer: closed
  Duration transfer_grace = std::chrono::seconds(15);  ///< a body or an answer may take so long at any speed, then it
                                                       ///< must have kept to transfer_rate; slower body: 408
  std::size_t transfer_rate = 8UL << 10U;              ///< bytes a second; at least 1
  Duration stream_stall = std::chrono::seconds(30);  ///< a stream's caller takes nothing of what waits; longer: closed
  Duration linger = std::chrono::seconds(2);         ///< for the caller to take the last answer of a connection
};

/// Which pages of other origins may read answers. Empty: none. Cookies and other ambient credentials never.
struct CorsOptions {
  std::vector<std::string> origins;  ///< "https://example.org", exactly as browsers send it; "*" = every one
  std::vector<std::string> request_headers{"Authorization", "Content-Type",  "Idempotency-Key", "If-Match",
                                           "If-None-Match", "Last-Event-ID", "X-Api-Key",       "X-Request-Id"};
  std::vector<std::string> response_headers{"ETag", "Link", "Location", "Retry-After", "X-Request-Id"};
  std::chrono::seconds remembered = std::chrono::minutes(10);  ///< answers to preflights
};

/// Header fields of every answer that does not bring its own.
struct SecurityHeaders {
  std::string cache_control = "no-store";
  std::string referrer_policy = "no-referrer";
  std::string api_policy = "default-src 'none'; frame-ancestors 'none'";  ///< Content-Security-Policy; empty = none
  /// The same for text/html.
  std::string page_policy =
      "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
      "frame-ancestors 'none'";
  std::chrono::seconds strict_transport{0};  ///< max-age of Strict-Transport-Security, over TLS; 0 = none
};

struct ListenerOptions {
  std::string address = "127.0.0.1";  ///< numeric, version 4 or 6
  std::uint16_t port = 0;             ///< 0 = any that is free
  PlainHttp plain_http = PlainHttp::loopback_only;
  std::optional<TlsFiles> tls;     ///< nothing: plain HTTP
  int io_threads = 2;              ///< 1 to 64; they never run a route
  int workers = 4;                 ///< 1 to 1024 threads that run routes
  std::size_t queue = 64;          ///< requests that wait for a worker; more: 429
  std::vector<std::string> hosts;  ///< names that Host may have, lower case; empty = any; others: 421
  ListenerLimits limits;
  ListenerTimes times;
  CorsOptions cors;
  SecurityHeaders headers;
};

/// @error invalid_argument  a value outside its range, an address that is none, plain HTTP on an address that is not
/// the
///                          loopback's: the message names field, limit and value
/// @thread any
[[nodiscard]] Status validate(const ListenerOptions& options);

}  // namespace vultus::server

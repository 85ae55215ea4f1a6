// One request of HTTP/1.0 or 1.1 from its bytes, without any network: what is ambiguous is refused, because a proxy
// before us may read it in the other way (request smuggling).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <apps/server/http/message.hpp>

namespace vultus::server {

/// What a head may hold. The bytes of the whole head are bounded by who collects them.
struct HeadLimits {
  std::size_t url_bytes = 8192;  ///< of the target, at least 1
  std::size_t fields = 100;      ///< header fields
};

/// A head that was understood.
struct RequestHead {
  Request request;                              ///< without body, peer and id
  std::string host;                             ///< lower case, without port; of the target where that is a whole URL
  bool keep_alive = true;                       ///< the caller would send more on this connection
  bool old_version = false;                     ///< HTTP/1.0: knows no chunks
  bool for_server = false;                      ///< OPTIONS *: about the server, no path
  std::string expect;                           ///< of the field Expect, lower case; empty where there is none
  bool chunked = false;                         ///< the body comes in chunks
  std::optional<std::uint64_t> content_length;  ///< bytes of the body; nothing and not chunked: no body
  [[nodiscard]] bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

/// Parser of one request. Thread-compatible.
class RequestParser {
 public:
  RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;
  ~RequestParser();

  /// Called once.
  /// @param head  all bytes of the head, with the empty line that ends it and nothing behind it
  /// @return the head, or why it is refused: 400 malformed_request, 414 url_too_long, 431 head_too_large,
  ///         501 method_not_implemented or coding_not_implemented, 505 version_not_supported
  [[nodiscard]] std::variant<RequestHead, Problem> read_head(std::string_view head, const HeadLimits& limits);

  /// Reads on in the body; after a head with has_body().
  /// @param bytes  what has come and was not taken yet
  /// @return how many of them were taken; those that were not come again, with more behind them
  std::size_t read_body(std::string_view bytes);
  [[nodiscard]] bool is_done() const;                    ///< the body is whole
  [[nodiscard]] std::optional<Problem> problem() const;  ///< 400 malformed_body: nothing more can be read
  [[nodiscard]] std::size_t body_bytes() const;          ///< decoded so far
  [[nodiscard]] std::string take_body();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace vultus::server

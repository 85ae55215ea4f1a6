// The listener: takes connections and answers their requests with the routes of a router.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <apps/server/http/hooks.hpp>
#include <apps/server/http/listener_options.hpp>
#include <apps/server/http/router.hpp>

namespace vultus::server {

/// A few I/O threads carry all connections; a bounded pool of workers runs the routes. A caller that is slow, silent or
/// listening to a stream holds memory within its limits, and no thread. Thread-safe.
class Listener {
 public:
  /// Listens as soon as it returns.
  /// @param router  shared with what else reads the table
  /// @error invalid_argument  options outside their ranges (see validate()), no certificate or key
  /// @error not_found         files of the certificate
  /// @error resource_limit    the address cannot be had: in use, not of this machine, not permitted
  static Result<std::unique_ptr<Listener>> start(ListenerOptions options, std::shared_ptr<const Router> router,
                                                 ListenerHooks hooks = {});
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();  ///< stop(0 ms)

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string url() const;  ///< "https://127.0.0.1:8443"

  /// Reads certificate and key again; connections made from now on get them.
  /// @error as start(), and unsupported where there is no TLS; the certificate in use stays
  Status reload_certificate();

  struct Load {
    std::size_t connections = 0;  ///< open now
    std::size_t waiting = 0;      ///< requests that no worker has begun
    std::size_t body_bytes = 0;   ///< of bodies that are read or answered
  };
  [[nodiscard]] Load load() const;

  /// Takes no new connections, finishes requests that are under way, ends streams. What is not done when the time is
  /// over is cut off: routes see Request::stop and must then return; this call waits for them. Not from a route or a
  /// hook. A second call does nothing.
  void stop(std::chrono::milliseconds within);

 private:
  struct Parts;
  explicit Listener(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace vultus::server

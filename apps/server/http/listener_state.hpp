// What a listener and its connections share. Private to the listener.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <utility>

#include <boost/asio/ssl/context.hpp>

#include <apps/server/http/connection_count.hpp>
#include <apps/server/http/connection_set.hpp>
#include <apps/server/http/hooks.hpp>
#include <apps/server/http/listener_options.hpp>
#include <apps/server/http/worker_pool.hpp>

namespace vultus::server {

/// Thread-safe: what is not immutable has a lock of its own.
struct ListenerState {
  ListenerState(ListenerOptions chosen, std::shared_ptr<const Router> table, ListenerHooks called)
      : options(std::move(chosen)),
        router(std::move(table)),
        hooks(std::move(called)),
        count(std::make_shared<ConnectionCount>(options.limits.connections, options.limits.connections_per_address)),
        bodies(options.limits.bodies_bytes),
        pool(options.workers, options.queue),
        watch_pool(1, options.queue) {}

  void report_fault(std::string_view request_id, std::string_view what) const {
    if (hooks.fault) hooks.fault(request_id, what);
  }
  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> tls() const {
    const std::scoped_lock lock(tls_mutex_);
    return tls_;
  }
  void set_tls(std::shared_ptr<boost::asio::ssl::context> tls) {
    const std::scoped_lock lock(tls_mutex_);
    tls_ = std::move(tls);
  }

  const ListenerOptions options;
  const std::shared_ptr<const Router> router;
  const ListenerHooks hooks;
  const std::shared_ptr<ConnectionCount> count;
  ByteBudget bodies;
  std::atomic<bool> stopping{false};  // answers are the last of their connections
  std::stop_source give_up;           // the deadline of the stop has passed
  ConnectionSet connections;
  WorkerPool pool;
  WorkerPool watch_pool;  // of routes that watch

 private:
  mutable std::mutex tls_mutex_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
};

}  // namespace vultus::server

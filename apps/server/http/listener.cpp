#include <apps/server/http/listener.hpp>

#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <apps/server/http/acceptor.hpp>
#include <apps/server/http/connection.hpp>
#include <apps/server/http/tls_context.hpp>

namespace vultus::server {
namespace {

constexpr std::chrono::milliseconds kLookAgain{20};

}  // namespace

struct Listener::Parts {
  Parts(ListenerOptions options, std::shared_ptr<const Router> router, ListenerHooks hooks)
      : io(options.io_threads),
        guard(boost::asio::make_work_guard(io)),
        state(std::make_shared<ListenerState>(std::move(options), std::move(router), std::move(hooks))),
        acceptor(std::make_shared<Acceptor>(io, state)) {}
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  ~Parts() = default;

  // A fault of ours in one connection ends that connection.
  void carry() {
    while (true) {
      try {
        io.run();
        return;
      } catch (const std::exception& thrown) {
        state->report_fault({}, thrown.what());
      }
    }
  }

  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard;
  std::shared_ptr<ListenerState> state;
  std::shared_ptr<Acceptor> acceptor;
  std::vector<std::thread> threads;
  std::mutex stopping;
};

Listener::Listener(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Listener::~Listener() { stop(std::chrono::milliseconds(0)); }

Result<std::unique_ptr<Listener>> Listener::start(ListenerOptions options, std::shared_ptr<const Router> router,
                                                  ListenerHooks hooks) {
  VULTUS_CHECK(validate(options));
  auto parts = std::make_unique<Parts>(std::move(options), std::move(router), std::move(hooks));
  if (parts->state->options.tls) {
    VULTUS_TRY(auto tls, load_tls_context(*parts->state->options.tls));
    parts->state->set_tls(std::move(tls));
  }
  VULTUS_CHECK(parts->acceptor->bind());
  Parts& running = *parts;
  for (int i = 0; i < running.state->options.io_threads; ++i)
    running.threads.emplace_back([&running] { running.carry(); });
  running.acceptor->start();
  return std::unique_ptr<Listener>(new Listener(std::move(parts)));
}

std::uint16_t Listener::port() const { return parts_->acceptor->port(); }

std::string Listener::url() const {
  const auto& options = parts_->state->options;
  const bool bracketed = options.address.find(':') != std::string::npos;
  return std::string(options.tls ? "https://" : "http://") +
         (bracketed ? "[" + options.address + "]" : options.address) + ":" + std::to_string(port());
}

Status Listener::reload_certificate() {
  const auto& files = parts_->state->options.tls;
  if (!files) return fail(ErrorCode::unsupported, "the server speaks plain HTTP: there is no certificate");
  VULTUS_TRY(auto tls, load_tls_context(*files));
  parts_->state->set_tls(std::move(tls));
  return {};
}

Listener::Load Listener::load() const {
  const ListenerState& state = *parts_->state;
  return {state.count->open(), state.pool.waiting(), state.bodies.taken()};
}

void Listener::stop(std::chrono::milliseconds within) {
  const std::scoped_lock lock(parts_->stopping);
  if (parts_->threads.empty()) return;
  ListenerState& state = *parts_->state;
  state.stopping = true;
  parts_->acceptor->stop();
  for (const auto& connection : state.connections.all()) connection->stop();
  state.connections.wait_until_empty(std::chrono::steady_clock::now() + within);
  state.give_up.request_stop();
  for (const auto& connection : state.connections.all()) connection->abort_soon();
  state.pool.stop();
  state.watch_pool.stop();
  // One that was being accepted meanwhile is cut off, too.
  while (!state.connections.wait_until_empty(std::chrono::steady_clock::now() + kLookAgain))
    for (const auto& connection : state.connections.all()) connection->abort_soon();
  parts_->guard.reset();
  for (std::thread& thread : parts_->threads) thread.join();
  parts_->threads.clear();
}

}  // namespace vultus::server

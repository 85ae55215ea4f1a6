// vultus serve: the library behind HTTP.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

#include <apps/cli/context.hpp>
#include <apps/cli/serve_settings.hpp>
#include <apps/server/deepface/front.hpp>
#include <apps/server/http/listener.hpp>
#include <apps/server/http/self_signed.hpp>
#include <apps/server/service.hpp>
#include <apps/server/web/web_routes.hpp>

namespace vultus::cli {
namespace {

constexpr std::chrono::seconds kStopWithin{30};
constexpr int kOtherWorkers = 4;

/// The certificate of the server's own, made where there is none, and what browsers call it.
Status show_own_certificate(const server::ListenerOptions& options, Console& console) {
  auto fingerprint = server::certificate_fingerprint(options.tls->certificate);
  if (!fingerprint) {
    server::SelfSignedOptions made;
    if (options.address != "0.0.0.0" && options.address != "::") made.names.push_back(options.address);
    made.names.insert(made.names.end(), options.hosts.begin(), options.hosts.end());
    fingerprint = server::make_self_signed(*options.tls, made);
  }
  VULTUS_TRY(const std::string shown, std::move(fingerprint));
  console.note("Certificate " + options.tls->certificate + ", SHA-256 " + shown);
  return {};
}

server::ServerOptions server_options(const ServeSettings& settings, engine::Engine engine, Context& context) {
  server::ServerOptions options;
  options.data = settings.data;
  options.loaded_engine = std::make_shared<const engine::Engine>(std::move(engine));
  options.collections.database_for_all = settings.database;
  options.state = settings.state;
  // One database for all collections holds what the servers remember too, unless another is named.
  if (settings.state.empty() && settings.database.find("{collection}") == std::string::npos)
    options.state = settings.database;
  options.collections.key = key_of(settings.keys, {});
  options.collections.encrypt_new = settings.encrypt;
  options.collections.search = search_method_of(settings.keys);
  options.collections.cells_recall = settings.keys.cells_recall;
  options.sealed = settings.sealed;
  if (!settings.admin_key_file.empty())
    options.admin_key_file = settings.admin_key_file;
  else if (::isatty(STDERR_FILENO) != 0)
    options.show_admin_key = [&context](const std::string& key) {
      context.console.error("the administrator's key, shown this once: " + key);
    };
  if (!settings.quiet)
    options.log = [lines = std::make_shared<std::mutex>()](const std::string& line) {
      const std::string whole = line + "\n";
      const std::lock_guard alone(*lines);
      [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, whole.data(), whole.size());
    };
  return options;
}

server::ListenerHooks hooks_of(server::Service& service, Console& console) {
  return {
      .before_body =
          [&service](server::Request& head, const server::Route& route) {
            return server::Admission{.refusal = service.admit(route, head), .body_limit = {}};
          },
      .after_answer = [&service](const server::Answered& answered) { service.note_transport(answered); },
      .fault = [&console](std::string_view request,
                          std::string_view what) { console.error(std::string(request) + ": " + std::string(what)); }};
}

/// How often SIGHUP came. A handler counts, and no thread blocks the signal and waits for it: libraries have threads
/// from before main() on (OpenBLAS, where it is installed), which no mask of ours reaches and where it would end the
/// process.
std::atomic<int> g_hang_ups{0};
static_assert(std::atomic<int>::is_always_lock_free);

/// Reads the certificate again at every SIGHUP.
class HangUps {
 public:
  HangUps(std::vector<server::Listener*> listeners, Console& console)
      : looking_([listeners = std::move(listeners), &console](const std::stop_token& stop) {
          constexpr std::chrono::milliseconds kPause{200};
          for (int seen = 0; !stop.stop_requested(); std::this_thread::sleep_for(kPause)) {
            const int came = g_hang_ups;
            if (came == seen) continue;
            seen = came;
            for (server::Listener* const listener : listeners) {
              const Status read = listener->reload_certificate();
              if (read) console.note("The certificate of " + listener->url() + " was read again.");
              if (!read) console.error(read.error().message);
            }
          }
        }) {}
  /// From now on the signal ends nothing.
  static void begin() {
    g_hang_ups = 0;
    struct sigaction action {};
    action.sa_handler = [](int) { ++g_hang_ups; };
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGHUP, &action, nullptr);
  }

 private:
  std::jthread looking_;
};

void wait_for(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any ended;
  std::unique_lock lock(mutex);
  ended.wait(lock, stop, [] { return false; });
}

/// The deepface interface has paths at the root, and so an address of its own.
Result<std::unique_ptr<server::Listener>> serve_deepface(const server::ListenerOptions& options,
                                                         server::Service& service, Context& context) {
  const auto router = std::make_shared<server::Router>();
  VULTUS_CHECK(server::add_deepface_routes(*router, service));
  VULTUS_TRY(auto listener, server::Listener::start(options, router, hooks_of(service, context.console)));
  VULTUS_CHECK(context.out.write(listener->url() + "\n"));
  return listener;
}

Result<ExitCode> serve(const ServeSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  VULTUS_TRY(server::ListenerOptions options, listener_options(settings, settings.listen, "--listen"));
  std::optional<server::ListenerOptions> deepface_options;
  if (!settings.deepface.empty()) {
    VULTUS_TRY(deepface_options, listener_options(settings, settings.deepface, "--deepface"));
  }
  VULTUS_TRY(auto live, live_options(settings));
  VULTUS_TRY(auto thresholds, camera_thresholds(settings));
  VULTUS_TRY(auto collections, named_collections(settings));
  HangUps::begin();
  EngineSettings wanted = settings.engine;
  wanted.isolated = !settings.decode_here;
  VULTUS_TRY(engine::Engine engine, load_engine(wanted, {}));
  // Requests that look at no picture shall not wait for those that do.
  options.workers = std::clamp(engine.threads() + kOtherWorkers, 1, 1024);
  server::ServerOptions server = server_options(settings, std::move(engine), context);
  server.live = std::move(live);
  server.collections.databases = std::move(collections);
  server.camera_thresholds = std::move(thresholds);
  VULTUS_TRY(const auto service, server::Service::open(std::move(server)));
  if (settings.self_signed) VULTUS_CHECK(show_own_certificate(options, context.console));
  const auto router = std::make_shared<server::Router>();
  VULTUS_CHECK(server::add_routes(*router, *service));
  VULTUS_CHECK(server::add_web_routes(*router, server::web_files()));
  VULTUS_TRY(const auto listener, server::Listener::start(options, router, hooks_of(*service, context.console)));
  // Scripts read from here where it listens, when port 0 was asked for.
  VULTUS_CHECK(context.out.write(listener->url() + "\n"));
  std::unique_ptr<server::Listener> deepface;
  if (deepface_options) {
    deepface_options->workers = options.workers;
    VULTUS_TRY(deepface, serve_deepface(*deepface_options, *service, context));
  }
  VULTUS_CHECK(context.out.flush());
  {
    std::vector<server::Listener*> listeners{listener.get()};
    if (deepface != nullptr) listeners.push_back(deepface.get());
    const HangUps hang_ups(listeners, context.console);
    wait_for(context.stop);
  }
  service->set_ready(false);
  context.console.note("Stopping: requests under way are answered first.");
  service->end_streams();
  if (deepface != nullptr) deepface->stop(kStopWithin);
  listener->stop(kStopWithin);
  VULTUS_CHECK(service->rest());
  return ExitCode::done;
}

}  // namespace

void add_serve(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("serve", "answer over HTTP");
  auto settings = std::make_shared<ServeSettings>();
  add_serve_options(*command, *settings);
  commands.push_back({command, [settings](Context& context) { return serve(*settings, context); }});
}

}  // namespace vultus::cli

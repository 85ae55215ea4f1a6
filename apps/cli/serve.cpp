// vultus serve: the library behind HTTP.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <pthread.h>
#include <unistd.h>

#include <vultus/media/file.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_keys.hpp>
#include <apps/cli/settings.hpp>
#include <apps/server/deepface/front.hpp>
#include <apps/server/http/listener.hpp>
#include <apps/server/http/self_signed.hpp>
#include <apps/server/live/live.hpp>
#include <apps/server/live/live_options.hpp>
#include <apps/server/live/mqtt.hpp>
#include <apps/server/live/targets.hpp>
#include <apps/server/service.hpp>
#include <apps/server/web/web_routes.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kServeExamples =
    "The first start makes a key for the administrator: shown once on a terminal, else written into DIR/admin.key.\n"
    "Ctrl-C or SIGTERM ends it when the requests under way are answered; SIGHUP reads the certificate again.\n\n"
    "Examples:\n"
    "  vultus serve --data faces/\n"
    "  vultus serve --data faces/ --listen 0.0.0.0:8443 --tls-self-signed\n"
    "  vultus serve --data faces/ --encrypt --key-file gallery.key\n"
    "  vultus serve --data one/ --database postgresql://vultus@database/faces";

constexpr std::chrono::seconds kStopWithin{30};
constexpr int kOtherWorkers = 4;

struct ServeSettings {
  EngineSettings engine;
  KeySettings keys;
  std::string data;
  std::string listen = "127.0.0.1:8000";
  std::string deepface;
  std::string admin_key_file;
  std::string certificate, key;
  bool self_signed = false;
  bool plain_http = false;
  std::vector<std::string> hosts;
  std::vector<std::string> origins;
  std::string database, state;
  bool encrypt = false;
  bool quiet = false;
  bool decode_here = false;
  std::string camera_folder;
  std::vector<std::string> allow_targets;
  std::size_t max_cameras = 16;
  server::SealedLimits sealed;
  std::string target_ca;
  std::string liveness_cameras;
  std::string mqtt;
  std::string mqtt_password_file;
};

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

/// "127.0.0.1:8000", "[::1]:8000". @param option  for the message
Result<Address> address_of(const std::string& text, const std::string& option) {
  const std::size_t colon = text.rfind(':');
  Address address;
  const char* const end = text.data() + text.size();
  if (colon != std::string::npos) {
    const auto [last, failed] = std::from_chars(text.data() + colon + 1, end, address.port);
    if (failed == std::errc() && last == end && colon > 0) {
      address.host = text.substr(0, colon);
      if (address.host.front() == '[' && address.host.back() == ']')
        address.host = address.host.substr(1, address.host.size() - 2);
      if (!address.host.empty()) return address;
    }
  }
  return fail(ErrorCode::invalid_argument, option + " " + text + ": it must be ADDRESS:PORT, such as 127.0.0.1:8000");
}

/// @error invalid_argument  before anything is made or loaded
Result<server::ListenerOptions> listener_options(const ServeSettings& settings, const std::string& listen,
                                                 const std::string& option) {
  server::ListenerOptions options;
  VULTUS_TRY(const Address address, address_of(listen, option));
  options.address = address.host;
  options.port = address.port;
  if (settings.plain_http) options.plain_http = server::PlainHttp::anywhere;
  options.hosts = settings.hosts;
  options.cors.origins = settings.origins;
  const std::filesystem::path data(settings.data);
  if (settings.self_signed) options.tls = server::TlsFiles{(data / "tls.crt").string(), (data / "tls.key").string()};
  if (!settings.certificate.empty()) options.tls = server::TlsFiles{settings.certificate, settings.key};
  VULTUS_CHECK(server::validate(options));
  return options;
}

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

/// The password of the broker: of a file, or of the environment.
Result<std::string> mqtt_password(const ServeSettings& settings) {
  constexpr std::size_t kMostBytes = 4096;
  if (settings.mqtt_password_file.empty()) {
    const char* given = std::getenv("VULTUS_MQTT_PASSWORD");  // NOLINT(concurrency-mt-unsafe): nobody sets it
    return std::string(given == nullptr ? "" : given);
  }
  VULTUS_TRY(const auto bytes, media::read_file(settings.mqtt_password_file, kMostBytes));
  std::string text(bytes.begin(), bytes.end());
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

/// @error invalid_argument  before anything is made or loaded
Result<std::shared_ptr<const server::LiveOptions>> live_options(const ServeSettings& settings) {
  auto options = std::make_shared<server::LiveOptions>();
  options->camera_folder = settings.camera_folder;
  options->allow_targets = settings.allow_targets;
  options->max_cameras = settings.max_cameras;
  options->ca_file = settings.target_ca;
  VULTUS_CHECK(server::Targets::from(settings.allow_targets));
  std::error_code failed;
  if (!settings.camera_folder.empty() && !std::filesystem::is_directory(settings.camera_folder, failed))
    return fail(ErrorCode::not_found, "--camera-folder " + settings.camera_folder + ": no such folder");
  if (!settings.mqtt.empty()) {
    VULTUS_TRY(options->mqtt, server::mqtt_options_from(settings.mqtt));
    VULTUS_TRY(options->mqtt->password, mqtt_password(settings));
    options->mqtt->ca_file = settings.target_ca;
  }
  return std::shared_ptr<const server::LiveOptions>(std::move(options));
}

/// Thresholds of liveness by the name of a camera. @error as liveness::parse_camera_thresholds
Result<liveness::CameraThresholds> camera_thresholds(const ServeSettings& settings) {
  constexpr std::size_t kMostThresholds = std::size_t{1} << 20;
  if (settings.liveness_cameras.empty()) return liveness::CameraThresholds();
  VULTUS_TRY(const auto bytes, media::read_file(settings.liveness_cameras, kMostThresholds));
  VULTUS_TRY(auto cameras, liveness::parse_camera_thresholds(
                               {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, settings.liveness_cameras));
  for (const auto& [name, camera] : cameras)
    if (camera.network != "passive")
      return fail(ErrorCode::invalid_argument, settings.liveness_cameras + ": the threshold of camera \"" + name +
                                                   "\" was chosen for network " + camera.network +
                                                   "; a server judges by the passive networks");
  return cameras;
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
      .after_answer = nullptr,
      .fault = [&console](std::string_view request,
                          std::string_view what) { console.error(std::string(request) + ": " + std::string(what)); }};
}

/// Reads the certificate again at every SIGHUP. That signal must be blocked in all threads.
class HangUps {
 public:
  HangUps(std::vector<server::Listener*> listeners, Console& console)
      : waiting_([listeners = std::move(listeners), &console](const std::stop_token& stop) {
          const sigset_t hang_up = signal_set();
          constexpr timespec kPause{.tv_sec = 0, .tv_nsec = 300'000'000};
          while (!stop.stop_requested()) {
            if (::sigtimedwait(&hang_up, nullptr, &kPause) != SIGHUP) continue;
            for (server::Listener* const listener : listeners) {
              const Status read = listener->reload_certificate();
              if (read) console.note("The certificate of " + listener->url() + " was read again.");
              if (!read) console.error(read.error().message);
            }
          }
        }) {}
  static void block() {
    const sigset_t hang_up = signal_set();
    ::pthread_sigmask(SIG_BLOCK, &hang_up, nullptr);
  }

 private:
  static sigset_t signal_set() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    return set;
  }
  std::jthread waiting_;
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
  HangUps::block();
  EngineSettings wanted = settings.engine;
  wanted.isolated = !settings.decode_here;
  VULTUS_TRY(engine::Engine engine, load_engine(wanted, {}));
  // Requests that look at no picture shall not wait for those that do.
  options.workers = std::clamp(engine.threads() + kOtherWorkers, 1, 1024);
  server::ServerOptions server = server_options(settings, std::move(engine), context);
  server.live = std::move(live);
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
  command->add_option("--data", settings->data, "folder of the collections and keys; made where it is not there")
      ->type_name("DIR")
      ->required();
  command->add_option("--listen", settings->listen, "where to listen (default: 127.0.0.1:8000); port 0 = any free one")
      ->type_name("ADDRESS:PORT");
  command->add_option("--deepface", settings->deepface, "also answer the REST interface of deepface, on this address")
      ->type_name("ADDRESS:PORT");
  command
      ->add_option("--admin-key-file", settings->admin_key_file, "write the administrator's first key into this file")
      ->type_name("FILE");
  auto* certificate = command->add_option("--tls-certificate", settings->certificate, "certificate with its chain, PEM")
                          ->type_name("FILE")
                          ->group("Transport");
  auto* key =
      command->add_option("--tls-key", settings->key, "its private key, PEM")->type_name("FILE")->group("Transport");
  certificate->needs(key);
  key->needs(certificate);
  command->add_flag("--tls-self-signed", settings->self_signed, "make a certificate in DIR, for networks without one")
      ->excludes(certificate)
      ->group("Transport");
  command->add_flag("--plain-http", settings->plain_http, "allow unencrypted HTTP on other than loopback addresses")
      ->group("Transport");
  command
      ->add_option("--host", settings->hosts, "a name that callers may use for this server; can be repeated; else any")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->group("Transport");
  command->add_option("--cors", settings->origins, "a page of this origin may read answers; can be repeated")
      ->type_name("ORIGIN")
      ->allow_extra_args(false)
      ->group("Transport");
  command
      ->add_option(
          "--database", settings->database,
          "collections lie in this database of PostgreSQL, each in a schema of its own, beside keys and limits: "
          "several servers may name one; or {collection} in the URL stands for the name of a database each")
      ->type_name("URL");
  command
      ->add_option("--state", settings->state,
                   "keys, limits, kept answers and the list of collections lie in this database of PostgreSQL, for all "
                   "servers that name it (default: --database, or --data)")
      ->type_name("URL");
  command->add_flag("--encrypt", settings->encrypt, "new collections are encrypted unless the caller says otherwise");
  command->add_option("--max-sealed", settings->sealed.max_galleries, "sealed galleries that are kept (default: 64)")
      ->check(CLI::Range(0, 1000))
      ->type_name("N")
      ->group("Encrypted search");
  command
      ->add_option("--max-sealed-bytes", settings->sealed.max_gallery_bytes,
                   "bytes of one of them (default: 67108864, 25,000 rows of 512 values and 2048 bits)")
      ->check(CLI::Range(std::size_t{4096}, std::size_t{1} << 30U))
      ->type_name("BYTES")
      ->group("Encrypted search");
  command->add_option("--camera-folder", settings->camera_folder, "files below it may stand for cameras (file:NAME)")
      ->type_name("DIR")
      ->group("Cameras and who is told");
  command
      ->add_option("--allow-target", settings->allow_targets,
                   "cameras and webhooks may be at this host, address or range, or be this device (camera:0); can be "
                   "repeated; else none. Private addresses must be listed as addresses or ranges")
      ->type_name("TARGET[:PORT]")
      ->allow_extra_args(false)
      ->group("Cameras and who is told");
  command->add_option("--max-cameras", settings->max_cameras, "cameras that may be added (default: 16)")
      ->check(CLI::Range(0, 1024))
      ->type_name("N")
      ->group("Cameras and who is told");
  command
      ->add_option("--target-ca", settings->target_ca,
                   "trust these certificates too, of cameras, webhooks and the broker; PEM")
      ->type_name("FILE")
      ->group("Cameras and who is told");
  command
      ->add_option("--liveness-cameras", settings->liveness_cameras,
                   "thresholds of liveness by the name of a camera, as vultus liveness calibrate writes them")
      ->type_name("FILE")
      ->group("Cameras and who is told");
  auto* mqtt =
      command->add_option("--mqtt", settings->mqtt, "publish events to a broker: mqtt[s]://[USER@]HOST[:PORT][/PREFIX]")
          ->type_name("URL")
          ->group("Cameras and who is told");
  command
      ->add_option("--mqtt-password-file", settings->mqtt_password_file,
                   "its password; else the environment variable VULTUS_MQTT_PASSWORD")
      ->type_name("FILE")
      ->needs(mqtt)
      ->group("Cameras and who is told");
  command
      ->add_flag("--no-isolation", settings->decode_here,
                 "decode pictures in this process: a little faster, but a flaw in a decoder is then one of the server")
      ->group("Transport");
  command->add_flag("-q,--quiet", settings->quiet, "no log of requests, no remarks");
  add_key_source_options(*command, settings->keys);
  add_engine_options(*command, settings->engine);
  command->footer(kServeExamples);
  commands.push_back({command, [settings](Context& context) { return serve(*settings, context); }});
}

}  // namespace vultus::cli

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <vultus/media/file.hpp>

#include <apps/cli/option_values.hpp>
#include <apps/cli/serve_settings.hpp>
#include <apps/server/collections/collection_name.hpp>
#include <apps/server/live/mqtt.hpp>
#include <apps/server/live/targets.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kServeExamples =
    "The first start makes a key for the administrator: shown once on a terminal, else written into DIR/admin.key.\n"
    "Ctrl-C or SIGTERM ends it when the requests under way are answered; SIGHUP reads the certificate again.\n\n"
    "Examples:\n"
    "  vultus serve --data faces/\n"
    "  vultus serve --data faces/ --listen 0.0.0.0:8443 --tls-self-signed\n"
    "  vultus serve --data faces/ --encrypt --key-file gallery.key\n"
    "  vultus serve --data one/ --database postgresql://vultus@database/faces\n"
    "  vultus serve --data one/ --collection city=shards.json";

struct ServeAddress {
  std::string host;
  std::uint16_t port = 0;
};

/// "127.0.0.1:8000", "[::1]:8000". @param option  for the message
Result<ServeAddress> serve_address(const std::string& text, const std::string& option) {
  const std::size_t colon = text.rfind(':');
  ServeAddress address;
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

void add_transport_options(CLI::App& command, ServeSettings& settings) {
  auto* certificate = command.add_option("--tls-certificate", settings.certificate, "certificate with its chain, PEM")
                          ->type_name("FILE")
                          ->group("Transport");
  auto* key =
      command.add_option("--tls-key", settings.key, "its private key, PEM")->type_name("FILE")->group("Transport");
  certificate->needs(key);
  key->needs(certificate);
  command.add_flag("--tls-self-signed", settings.self_signed, "make a certificate in DIR, for networks without one")
      ->excludes(certificate)
      ->group("Transport");
  command.add_flag("--plain-http", settings.plain_http, "allow unencrypted HTTP on other than loopback addresses")
      ->group("Transport");
  command
      .add_option("--host", settings.hosts, "a name that callers may use for this server; can be repeated; else any")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->group("Transport");
  command.add_option("--cors", settings.origins, "a page of this origin may read answers; can be repeated")
      ->type_name("ORIGIN")
      ->allow_extra_args(false)
      ->group("Transport");
  command
      .add_flag("--no-isolation", settings.decode_here,
                "decode pictures in this process: a little faster, but a flaw in a decoder is then one of the server")
      ->group("Transport");
}

void add_camera_options(CLI::App& command, ServeSettings& settings) {
  command.add_option("--camera-folder", settings.camera_folder, "files below it may stand for cameras (file:NAME)")
      ->type_name("DIR")
      ->group("Cameras and who is told");
  command
      .add_option("--allow-target", settings.allow_targets,
                  "cameras and webhooks may be at this host, address or range, or be this device (camera:0); can be "
                  "repeated; else none. Private addresses must be listed as addresses or ranges")
      ->type_name("TARGET[:PORT]")
      ->allow_extra_args(false)
      ->group("Cameras and who is told");
  command.add_option("--max-cameras", settings.max_cameras, "cameras that may be added (default: 16)")
      ->check(within(0, 1024))
      ->type_name("N")
      ->group("Cameras and who is told");
  command
      .add_option("--target-ca", settings.target_ca,
                  "trust these certificates too, of cameras, webhooks and the broker; PEM")
      ->type_name("FILE")
      ->group("Cameras and who is told");
  command
      .add_option("--liveness-cameras", settings.liveness_cameras,
                  "thresholds of liveness by the name of a camera, as vultus liveness calibrate writes them")
      ->type_name("FILE")
      ->group("Cameras and who is told");
  auto* mqtt =
      command.add_option("--mqtt", settings.mqtt, "publish events to a broker: mqtt[s]://[USER@]HOST[:PORT][/PREFIX]")
          ->type_name("URL")
          ->group("Cameras and who is told");
  command
      .add_option("--mqtt-password-file", settings.mqtt_password_file,
                  "its password; else the environment variable VULTUS_MQTT_PASSWORD")
      ->type_name("FILE")
      ->needs(mqtt)
      ->group("Cameras and who is told");
}

}  // namespace

Result<server::ListenerOptions> listener_options(const ServeSettings& settings, const std::string& listen,
                                                 const std::string& option) {
  server::ListenerOptions options;
  VULTUS_TRY(const ServeAddress address, serve_address(listen, option));
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

Result<std::map<std::string, std::string>> named_collections(const ServeSettings& settings) {
  std::map<std::string, std::string> named;
  for (const std::string& text : settings.collections) {
    const std::size_t sign = text.find('=');
    const std::string name = text.substr(0, sign);
    const std::string gallery = sign == std::string::npos ? "" : text.substr(sign + 1);
    // What lies behind the sign may hold a password.
    const auto refuse = [&](const std::string& why) {
      return fail(ErrorCode::invalid_argument, "--collection " + name + "=...: " + why);
    };
    if (!server::is_collection_name(name)) return refuse("a collection's name is 1 to 63 of a-z, 0-9, - and _");
    if (gallery_kind(gallery) == GalleryKind::file)
      return refuse("it must be the URL of a database or a configuration of shards; files lie in --data");
    if (!named.emplace(name, gallery).second) return refuse("this collection was named before");
  }
  return named;
}

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

void add_serve_options(CLI::App& command, ServeSettings& settings) {
  command.add_option("--data", settings.data, "folder of the collections and keys; made where it is not there")
      ->type_name("DIR")
      ->required();
  command.add_option("--listen", settings.listen, "where to listen (default: 127.0.0.1:8000); port 0 = any free one")
      ->type_name("ADDRESS:PORT");
  command.add_option("--deepface", settings.deepface, "also answer the REST interface of deepface, on this address")
      ->type_name("ADDRESS:PORT");
  command.add_option("--admin-key-file", settings.admin_key_file, "write the administrator's first key into this file")
      ->type_name("FILE");
  add_transport_options(command, settings);
  command
      .add_option(
          "--database", settings.database,
          "collections lie in this database of PostgreSQL, each in a schema of its own, beside keys and limits: "
          "several servers may name one; or {collection} in the URL stands for the name of a database each")
      ->type_name("URL");
  command
      .add_option(
          "--collection", settings.collections,
          "a collection that lies elsewhere: in a database of its own, or in shards (its configuration); can be "
          "repeated")
      ->type_name("NAME=GALLERY")
      ->allow_extra_args(false);
  command
      .add_option("--state", settings.state,
                  "keys, limits, kept answers and the list of collections lie in this database of PostgreSQL, for all "
                  "servers that name it (default: --database, or --data)")
      ->type_name("URL");
  command.add_flag("--encrypt", settings.encrypt, "new collections are encrypted unless the caller says otherwise");
  command.add_option("--max-sealed", settings.sealed.max_galleries, "sealed galleries that are kept (default: 64)")
      ->check(within(0, 1000))
      ->type_name("N")
      ->group("Encrypted search");
  command
      .add_option("--max-sealed-bytes", settings.sealed.max_gallery_bytes,
                  "bytes of one of them (default: 67108864, 25,000 rows of 512 values and 2048 bits)")
      ->check(within(std::size_t{4096}, std::size_t{1} << 30U))
      ->type_name("BYTES")
      ->group("Encrypted search");
  add_camera_options(command, settings);
  command.add_flag("-q,--quiet", settings.quiet, "no log of requests, no remarks");
  add_key_source_options(command, settings.keys);
  add_search_options(command, settings.keys);
  add_engine_options(command, settings.engine);
  command.footer(kServeExamples);
}

}  // namespace vultus::cli

// vultus gallery shards serve: a search node.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include <vultus/gallery/search_node.hpp>
#include <vultus/gallery/shards.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_keys.hpp>
#include <apps/cli/gallery_search_node.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/serve_settings.hpp>
#include <apps/server/http/listener.hpp>
#include <apps/server/nodes/node_routes.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kNodeExamples =
    "The configuration names the nodes of a shard (\"searched_by\") and the file of the secret that they share with "
    "the\n"
    "programs that ask them (docs/postgres.md). Ctrl-C or SIGTERM ends it when the questions under way are "
    "answered.\n\n"
    "Examples:\n"
    "  vultus gallery shards serve shards.json --name a --listen 127.0.0.1:9001\n"
    "  vultus gallery shards serve shards.json --name a --name b --listen 0.0.0.0:9443 --tls-certificate node.crt "
    "--tls-key node.key --key-file gallery.key";

struct NodeSettings {
  std::string configuration;
  std::vector<std::string> names;
  std::string token_file;
  std::size_t workers = 8;
  ServeSettings listening;  ///< where, and with which certificate
  KeySettings keys;
  bool quiet = false;
};

void wait_for_end(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any ended;
  std::unique_lock lock(mutex);
  ended.wait(lock, stop, [] { return false; });
}

Result<server::NodeToken> token_of(const NodeSettings& settings) {
  if (!settings.token_file.empty()) return server::NodeToken::read(settings.token_file);
  VULTUS_TRY(const NodeAccess access, search_node_access(settings.configuration));
  return server::NodeToken::read(access.token_file);
}

Result<ExitCode> serve_node(const NodeSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  // What is wrong with the options is told before templates are loaded.
  VULTUS_TRY(server::ListenerOptions options,
             listener_options(settings.listening, settings.listening.listen, "--listen"));
  VULTUS_TRY(const server::NodeToken token, token_of(settings));
  options.workers = static_cast<int>(settings.workers);
  SearchNodeOptions how{.gallery = gallery_options(settings.configuration, GalleryAccess::read_only, settings.keys),
                        .shards = settings.names};
  VULTUS_TRY(const SearchNode node, SearchNode::open(how));
  for (const ServedShard& shard : node.status())
    context.console.note("Shard " + shard.name + ": " + counted(shard.faces, "face") + ", change " +
                         std::to_string(shard.sequence));
  const auto router = std::make_shared<server::Router>();
  VULTUS_CHECK(
      server::add_node_routes(*router, token, [&node](std::string_view question) { return node.answer(question); }));
  VULTUS_TRY(
      const auto listener,
      server::Listener::start(options, router, server::node_hooks([&](std::string_view id, std::string_view what) {
                                context.console.error(std::string(id) + ": " + std::string(what));
                              })));
  // Scripts read from here where it listens, when port 0 was asked for.
  VULTUS_CHECK(context.out.write(listener->url() + "\n"));
  VULTUS_CHECK(context.out.flush());
  wait_for_end(context.stop);
  context.console.note("Stopping: questions under way are answered first.");
  listener->stop(std::chrono::seconds(30));
  return ExitCode::done;
}

}  // namespace

void add_search_node(CLI::App& shards, Commands& commands) {
  auto settings = std::make_shared<NodeSettings>();
  settings->listening.listen = "127.0.0.1:9001";
  CLI::App* command = shards.add_subcommand(
      "serve", "be a search node: hold the templates of some shards and search them for programs that hold none");
  command->add_option("CONFIGURATION", settings->configuration, "the file that names the shards")
      ->type_name("")
      ->required();
  command->add_option("--name", settings->names, "a shard that is searched here; can be repeated")
      ->type_name("NAME")
      ->required()
      ->allow_extra_args(false);
  command
      ->add_option("--listen", settings->listening.listen,
                   "where to listen (default: 127.0.0.1:9001); port 0 = any free one")
      ->type_name("ADDRESS:PORT");
  command
      ->add_option("--token-file", settings->token_file,
                   "the secret that is wanted from who asks (default: the file that the configuration names)")
      ->type_name("FILE");
  command->add_option("--workers", settings->workers, "searches at one time (default: 8)")
      ->check(within(1, 1024))
      ->type_name("N");
  auto* certificate =
      command->add_option("--tls-certificate", settings->listening.certificate, "certificate with its chain, PEM")
          ->type_name("FILE")
          ->group("Transport");
  auto* key = command->add_option("--tls-key", settings->listening.key, "its private key, PEM")
                  ->type_name("FILE")
                  ->group("Transport");
  certificate->needs(key);
  key->needs(certificate);
  command
      ->add_flag("--plain-http", settings->listening.plain_http,
                 "allow unencrypted HTTP on other than loopback addresses")
      ->group("Transport");
  command->add_flag("-q,--quiet", settings->quiet, "no remarks");
  add_key_options(*command, settings->keys);
  add_search_options(*command, settings->keys);
  command->footer(kNodeExamples);
  commands.push_back({command, [settings](Context& context) { return serve_node(*settings, context); }});
}

}  // namespace vultus::cli

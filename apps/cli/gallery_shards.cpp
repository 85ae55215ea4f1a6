// vultus gallery shards status | add | rebalance; serve is elsewhere.
#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include <vultus/gallery/shards.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/gallery_keys.hpp>
#include <apps/cli/gallery_search_node.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>
#include <apps/server/nodes/node_client.hpp>

namespace vultus::cli {
namespace {

struct ShardSettings {
  std::string configuration;
  std::string name;
  std::vector<std::string> urls;
  double weight = 1;
  std::string sql_search;
  std::size_t at_once = 50;
  KeySettings keys;
  bool json = false;
};

ShardsProtection protection_of(const ShardSettings& settings) {
  return {.key = key_of(settings.keys, settings.configuration),
          .keyring = settings.keys.keyring,
          .who = settings.keys.who,
          .purpose = settings.keys.purpose};
}

Json json_of(const ShardStatus& shard) {
  Json object{{"shard", shard.name}, {"number", shard.number}, {"weight", shard.weight}, {"server", shard.server}};
  object["answers"] = !shard.error.has_value();
  if (shard.error) {
    object["error"] = shard.error->message;
    return object;
  }
  object["subjects"] = shard.subjects;
  object["faces"] = shard.faces;
  object["misplaced"] = shard.misplaced;
  object["map_version"] = shard.map_version;
  object["sequence"] = shard.sequence;
  return object;
}

/// Of a node beside its shard. What the shard has not told cannot be compared.
Json json_of(const NodeStatus& node, const ShardStatus& shard) {
  Json object{{"node", node.node}, {"answers", !node.error.has_value()}};
  if (node.error) {
    object["error"] = node.error->message;
    return object;
  }
  object["faces"] = node.faces;
  object["sequence"] = node.sequence;
  object["behind"] = shard.error ? Json(nullptr) : Json(std::max<std::int64_t>(0, shard.sequence - node.sequence));
  object["bytes"] = node.bytes;
  return object;
}

/// The rows of the nodes behind that of their shard.
void add_node_rows(const ShardStatus& shard, std::vector<Row>& rows) {
  for (const NodeStatus& node : shard.nodes) {
    std::string what = "searched by " + node.node;
    const std::int64_t behind = shard.error ? 0 : std::max<std::int64_t>(0, shard.sequence - node.sequence);
    if (node.error)
      what += ": " + node.error->message;
    else if (behind > 0)
      what += ", " + counted(behind, "change") + " behind";
    rows.push_back({{""},
                    {""},
                    {""},
                    {""},
                    {node.error ? "-" : grouped(node.faces)},
                    {""},
                    {what, node.error ? Style::bad : Style::plain}});
  }
}

std::string advice(const std::vector<ShardStatus>& all, const std::string& configuration) {
  std::int64_t misplaced = 0;
  bool differ = false;
  for (const ShardStatus& shard : all) {
    if (shard.error) continue;
    misplaced += shard.misplaced;
    differ = differ || shard.map_version != all.front().map_version;
  }
  if (misplaced == 0 && !differ) return "";
  return counted(misplaced, "person", "people") + " to be moved: vultus gallery shards rebalance " + configuration +
         "\n";
}

Result<ExitCode> status(const ShardSettings& settings, Context& context) {
  VULTUS_TRY(const std::vector<ShardStatus> all,
             shard_status(settings.configuration, {.ask_node = server::node_client()}));
  std::vector<Row> rows;
  bool missing = false;
  for (const ShardStatus& shard : all) {
    missing = missing || shard.error.has_value() ||
              std::ranges::any_of(shard.nodes, [](const NodeStatus& node) { return node.error.has_value(); });
    if (settings.json) {
      Json object = json_of(shard);
      for (const NodeStatus& node : shard.nodes) object["searched_by"].push_back(json_of(node, shard));
      VULTUS_CHECK(context.out.write(json_line(object)));
      continue;
    }
    const auto number = [&](std::int64_t value) { return shard.error ? std::string("-") : grouped(value); };
    rows.push_back({{shard.name},
                    {fmt::format("{}", shard.number)},
                    {fmt::format("{:g}", shard.weight)},
                    {number(shard.subjects)},
                    {number(shard.faces)},
                    {number(shard.misplaced)},
                    {shard.error ? shard.error->message : shard.server, shard.error ? Style::bad : Style::plain}});
    add_node_rows(shard, rows);
  }
  if (!settings.json) {
    VULTUS_CHECK(context.out.write(table_text({{"SHARD"},
                                               {"NUMBER", Align::right},
                                               {"WEIGHT", Align::right},
                                               {"PEOPLE", Align::right},
                                               {"FACES", Align::right},
                                               {"MISPLACED", Align::right},
                                               {"SERVER"}},
                                              rows, context.out.colour())));
    VULTUS_CHECK(context.out.write(printable_lines(advice(all, settings.configuration))));
  }
  return missing ? ExitCode::some_failed : ExitCode::done;
}

Result<ExitCode> add(const ShardSettings& settings, Context& context) {
  AddShardOptions options;
  if (!settings.sql_search.empty())
    options.sql_search = settings.sql_search == "hnsw" ? SqlSearch::hnsw : SqlSearch::exact;
  options.protection = protection_of(settings);
  VULTUS_TRY(const std::int64_t number,
             add_shard(settings.configuration, {settings.name, settings.urls, settings.weight}, options));
  if (settings.json)
    VULTUS_CHECK(context.out.write(json_line(Json{{"added", settings.name}, {"number", number}})));
  else
    VULTUS_CHECK(context.out.write(
        printable(
            fmt::format("Shard {} was added with number {}. People move there with: vultus gallery shards rebalance {}",
                        settings.name, number, settings.configuration)) +
        "\n"));
  return ExitCode::done;
}

Result<ExitCode> rebalance(const ShardSettings& settings, Context& context) {
  bool begun = false;
  const RebalanceOptions options{.subjects_at_once = settings.at_once,
                                 .progress =
                                     [&](std::int64_t moved, std::int64_t of) {
                                       if (!std::exchange(begun, true))
                                         context.console.begin("rebalance", static_cast<std::size_t>(of));
                                       context.console.advance(static_cast<std::size_t>(moved));
                                     },
                                 .stop = context.stop,
                                 .protection = protection_of(settings)};
  const auto report = rebalance_shards(settings.configuration, options);
  if (begun) context.console.end();
  if (!report) return report.error();
  if (settings.json)
    VULTUS_CHECK(context.out.write(json_line(Json{{"moved", report->moved}, {"map_version", report->map_version}})));
  else
    VULTUS_CHECK(context.out.write(counted(report->moved, "person was", "people were") + " moved.\n"));
  return ExitCode::done;
}

using Act = Result<ExitCode> (*)(const ShardSettings&, Context&);

CLI::App* add_command(CLI::App& shards, Commands& commands, const char* name, const char* help, const char* example,
                      const std::shared_ptr<ShardSettings>& settings, Act act) {
  CLI::App* command = shards.add_subcommand(name, help);
  command->add_option("CONFIGURATION", settings->configuration, "the file that names the shards")
      ->type_name("")
      ->required();
  command->add_flag("--json", settings->json, "JSON, one object a line")->group("Output");
  command->footer(example);
  commands.push_back({command, [settings, act](Context& context) { return act(*settings, context); }});
  return command;
}

}  // namespace

void add_gallery_shards(CLI::App& gallery, Commands& commands) {
  CLI::App* shards = gallery.add_subcommand("shards", "look after a gallery that lies on several servers");
  shards->require_subcommand(1);
  shards->footer("Examples:\n  vultus gallery shards status shards.json");
  add_command(*shards, commands, "status",
              "what every shard and its search nodes hold; exit code 1 if one does not answer",
              "Examples:\n  vultus gallery shards status shards.json", std::make_shared<ShardSettings>(), &status);
  auto settings = std::make_shared<ShardSettings>();
  CLI::App* command = add_command(*shards, commands, "add", "one more shard; the gallery may be in service",
                                  "Examples:\n  vultus gallery shards add shards.json --name d --url "
                                  "postgresql://vultus@db4/faces --key-file gallery.key",
                                  settings, &add);
  command->add_option("--name", settings->name, "1 to 32 of a-z, 0-9, - and _")->type_name("NAME")->required();
  command->add_option("--url", settings->urls, "its database, and those of its standbys")
      ->type_name("URL")
      ->required()
      ->allow_extra_args(false);
  command->add_option("--weight", settings->weight, "its share beside that of the others")->type_name("NUMBER");
  add_key_options(*command, settings->keys);
  command->add_option("--sql-search", settings->sql_search, "where the other shards have it: exact or hnsw")
      ->check(CLI::IsMember({"exact", "hnsw"}))
      ->type_name("KIND");
  auto moving = std::make_shared<ShardSettings>();
  command = add_command(*shards, commands, "rebalance",
                        "move people to the shards they belong to, by the weights of the file; the gallery may be in "
                        "service, and the command may be interrupted and repeated",
                        "Examples:\n  vultus gallery shards rebalance shards.json", moving, &rebalance);
  add_key_options(*command, moving->keys);
  command->add_option("--at-once", moving->at_once, "people of one move, 1 to 1000 (default 50)")->type_name("NUMBER");
  add_search_node(*shards, commands);
}

}  // namespace vultus::cli

// vultus audit attributes: is the gap between two groups a matter of appearance?
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <vultus/audit/attributes.hpp>
#include <vultus/engine/table_file.hpp>

#include <apps/cli/audit_commands.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kAttributesExamples =
    "One row a mated pair: person, group, score, and attributes: 1 = both pictures have it, 0 = neither, empty = they\n"
    "differ. Combinations are found on half of the people and confirmed on the other half; controls with attributes "
    "that\n"
    "were dealt out anew should find nothing. The formulas are our reading of the paper (docs/audit.md).\n\n"
    "Examples:\n"
    "  vultus audit attributes pairs.csv --group gender --threshold 0.4 --least-pairs 10\n"
    "  vultus audit attributes pairs.csv --group gender --threshold 0.4 --least-pairs 10 --json";

struct AttributesSettings {
  std::string file;
  std::string group;
  std::string person = "person";
  std::string score = "score";
  audit::AttributeSearchOptions options;
  bool json = false;
};

struct PairTable {
  std::vector<audit::AttributedPair> pairs;
  std::vector<std::string> attributes;
  std::array<std::string, 2> groups;
};

Status read_attributes(const evaluation::Table& table, std::size_t row, const std::vector<std::size_t>& columns,
                       audit::AttributedPair& pair) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string& text = table.at(row, columns[i]);
    const std::uint64_t bit = std::uint64_t{1} << i;
    if (text == "1")
      pair.both |= bit;
    else if (text == "0")
      pair.neither |= bit;
    else if (!text.empty())
      return fail(ErrorCode::corrupt_data,
                  fmt::format("{}: line {}, column \"{}\": \"{}\" is not 1, 0 or empty", table.source(),
                              table.line(row), table.columns()[columns[i]], text));
  }
  return {};
}

Result<PairTable> pairs_of(const evaluation::Table& table, const AttributesSettings& settings) {
  VULTUS_TRY(const std::size_t group, table.column(settings.group));
  VULTUS_TRY(const std::size_t person, table.column(settings.person));
  VULTUS_TRY(const std::size_t score, table.column(settings.score));
  VULTUS_TRY(const std::vector<std::string> group_names, table.names(group));
  VULTUS_TRY(const std::vector<std::string> person_names, table.names(person));
  const auto groups = evaluation::numbered(group_names);
  const auto persons = evaluation::numbered(person_names);
  if (groups.names.size() != 2)
    return fail(ErrorCode::invalid_argument, fmt::format("{}: column \"{}\" has {} values, two groups are compared",
                                                         table.source(), settings.group, groups.names.size()));
  PairTable all{.pairs = {}, .attributes = {}, .groups = {groups.names[0], groups.names[1]}};
  std::vector<std::size_t> columns;
  for (std::size_t column = 0; column < table.columns().size(); ++column) {
    if (column == group || column == person || column == score) continue;
    columns.push_back(column);
    all.attributes.push_back(table.columns()[column]);
  }
  if (columns.size() > audit::kMostAttributes)
    return fail(ErrorCode::invalid_argument, fmt::format("{}: {} attributes, the limit is {}", table.source(),
                                                         columns.size(), audit::kMostAttributes));
  for (std::size_t row = 0; row < table.rows(); ++row) {
    VULTUS_TRY(const double value, table.number(row, score));
    audit::AttributedPair pair{
        .score = value, .person = persons.of_row[row], .group = static_cast<std::uint8_t>(groups.of_row[row])};
    VULTUS_CHECK(read_attributes(table, row, columns, pair));
    all.pairs.push_back(pair);
  }
  return all;
}

std::string literals_text(const audit::Combination& one, const PairTable& table) {
  std::string text;
  for (const audit::Literal& literal : one.literals)
    text +=
        (text.empty() ? "" : " and ") + std::string(literal.there ? "" : "not ") + table.attributes[literal.attribute];
  return text;
}

Json gap_json(const audit::GapUnder& gap, const PairTable& table) {
  return {{"gap", score_json(gap.gap)},
          {"fnmr", {{table.groups[0], score_json(gap.fnmr[0])}, {table.groups[1], score_json(gap.fnmr[1])}}},
          {"pairs", {{table.groups[0], gap.pairs[0]}, {table.groups[1], gap.pairs[1]}}}};
}

Json interval_json(const std::optional<evaluation::Interval>& interval) {
  if (!interval) return nullptr;
  return Json::array({score_json(interval->low), score_json(interval->high)});
}

Json search_json(const audit::AttributeSearch& search, const PairTable& table) {
  Json object{{"overall", gap_json(search.overall, table)},
              {"interval", interval_json(search.interval)},
              {"gap_to_explain", search.gap_to_explain}};
  object["combinations"] = Json::array();
  for (const audit::Combination& one : search.combinations)
    object["combinations"].push_back({{"attributes", literals_text(one, table)},
                                      {"found", gap_json(one.found, table)},
                                      {"confirmed", gap_json(one.confirmed, table)},
                                      {"interval", interval_json(one.interval)},
                                      {"p", score_json(one.p)},
                                      {"relative", score_json(one.relative)},
                                      {"normalised", score_json(one.normalised)},
                                      {"support", score_json(one.support)},
                                      {"fnmr_change", score_json(one.fnmr_change)}});
  object["adjusted"] = Json::array();
  for (const audit::AdjustedGap& one : search.adjusted)
    object["adjusted"].push_back({{"attribute", table.attributes[one.attribute]}, {"gap", score_json(one.gap)}});
  object["dropped"] = Json::array();
  for (const std::size_t one : search.dropped) object["dropped"].push_back(table.attributes[one]);
  object["merged"] = Json::array();
  for (const auto& [gone, stays] : search.merged)
    object["merged"].push_back({{"attribute", table.attributes[gone]}, {"into", table.attributes[stays]}});
  object["control_found"] = search.control_found;
  return object;
}

std::string search_text(const audit::AttributeSearch& search, const PairTable& table, bool colour) {
  const audit::GapUnder& all = search.overall;
  std::string text = fmt::format("FNMR of {}: {:.4f}, of {}: {:.4f}, gap {:+.4f}", printable(table.groups[1]),
                                 all.fnmr[1], printable(table.groups[0]), all.fnmr[0], all.gap);
  if (search.interval) text += fmt::format(" [{:+.4f}, {:+.4f}]", search.interval->low, search.interval->high);
  text += "\n";
  if (!search.gap_to_explain)
    return text + "The interval of the gap holds 0: there is no gap to explain, and nothing was searched for.\n";
  if (search.combinations.empty())
    text += "No combination of attributes makes the gap go away, on people it was not found on.\n";
  std::vector<Row> rows;
  for (const audit::Combination& one : search.combinations)
    rows.push_back({{literals_text(one, table)},
                    {fmt::format("{:+.4f}", one.confirmed.gap)},
                    {one.interval ? fmt::format("{:+.4f} to {:+.4f}", one.interval->low, one.interval->high) : "-"},
                    {fmt::format("{:.2f}", one.relative)},
                    {percent(one.support, 1)},
                    {fmt::format("{:.4f}", one.p)}});
  if (!rows.empty())
    text += "\n" + table_text({{"BOTH PICTURES"},
                               {"GAP", Align::right},
                               {"95 % INTERVAL"},
                               {"OF THE GAP", Align::right},
                               {"PAIRS LEFT", Align::right},
                               {"P", Align::right}},
                              rows, colour);
  std::size_t chance = 0;
  for (const std::size_t found : search.control_found) chance += found;
  text +=
      fmt::format("\n{} with attributes that were dealt out anew found {}.\n",
                  counted(static_cast<std::int64_t>(search.control_found.size()), "control search", "control searches"),
                  counted(static_cast<std::int64_t>(chance), "combination"));
  for (const std::size_t one : search.dropped)
    text += "Left out, tied to the group or never varying: " + printable(table.attributes[one]) + "\n";
  return text;
}

Result<ExitCode> attributes(const AttributesSettings& settings, Context& context) {
  VULTUS_TRY(const engine::TableFile file, engine::read_table(settings.file));
  VULTUS_TRY(const PairTable table, pairs_of(file.table, settings));
  VULTUS_TRY(const audit::AttributeSearch search,
             audit::search_attributes(table.pairs, table.attributes.size(), settings.options));
  if (!settings.json) {
    VULTUS_CHECK(context.out.write(search_text(search, table, context.out.colour())));
    return ExitCode::done;
  }
  Json object = search_json(search, table);
  object["threshold"] = score_json(settings.options.threshold);
  object["evidence"] = {{"data", "user"}, {"pairs_sha256", file.sha256}, {"seed", settings.options.bootstrap.seed}};
  VULTUS_CHECK(context.out.write(json_line(object)));
  return ExitCode::done;
}

}  // namespace

void add_audit_attributes(CLI::App& audit, Commands& commands) {
  CLI::App* command = audit.add_subcommand("attributes", "do attributes explain the gap between two groups?");
  auto settings = std::make_shared<AttributesSettings>();
  audit::AttributeSearchOptions& options = settings->options;
  command->add_option("FILE", settings->file, "CSV, or a JSON list of objects, one row a mated pair")
      ->type_name("")
      ->required();
  command->add_option("--group", settings->group, "column of the two groups")->type_name("COLUMN")->required();
  command
      ->add_option("--threshold", options.threshold, "from which on a pair matches, chosen on strangers of both groups")
      ->type_name("T")
      ->required();
  command->add_option("--person", settings->person, "column of the people; person unless told")->type_name("COLUMN");
  command->add_option("--score", settings->score, "column of the scores; score unless told")->type_name("COLUMN");
  command->add_option("--margin", options.margin, "a smaller gap is none; 0.02 unless told")
      ->type_name("GAP")
      ->check(within(1e-6, 1.0));
  command->add_option("--least-pairs", options.least_pairs, "of each group, that a combination leaves; 500 unless told")
      ->type_name("N");
  command->add_option("--most-attributes", options.most_literals, "in a combination; 3 unless told")
      ->type_name("N")
      ->check(within(1, 3));
  command->add_option("--draws", options.bootstrap.draws, "bootstrap draws; 1000 unless told")
      ->type_name("N")
      ->check(within(100, 1000000));
  command->add_option("--seed", options.bootstrap.seed, "of halves and draws; 1 unless told")->type_name("N");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(kAttributesExamples);
  commands.push_back({command, [settings](Context& context) { return attributes(*settings, context); }});
}

}  // namespace vultus::cli

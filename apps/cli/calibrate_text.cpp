#include <apps/cli/calibrate_text.hpp>

#include <utility>
#include <vector>

#include <fmt/format.h>

#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

using engine::CalibrationResult;
using evaluation::Figure;

Json interval_json(const Figure& figure) {
  if (!figure.interval) return nullptr;
  return Json::array({rate_json(figure.interval->low), rate_json(figure.interval->high)});
}

Json value_json(const std::optional<Figure>& figure) { return figure ? rate_json(figure->value) : Json(nullptr); }
Json interval_json(const std::optional<Figure>& figure) { return figure ? interval_json(*figure) : Json(nullptr); }
Json number_or_null(const std::optional<double>& value) { return value ? rate_json(*value) : Json(nullptr); }

Json open_set_json(const CalibrationResult& result) {
  if (!result.open_set) return nullptr;
  const engine::OpenSet& open = *result.open_set;
  return {{"protocol", open.protocol},
          {"people", open.people},
          {"probes", open.fpir.samples},
          {"fpir", rate_json(open.fpir.value)},
          {"interval", interval_json(open.fpir)},
          {"first_guess", rate_json(open.first_guess)}};
}

Json probability_json(const CalibrationResult& result) {
  const auto& curve = result.record.logistic;
  if (!curve) return nullptr;
  const auto& among = result.record.search_logistic;
  Json search = nullptr;
  if (among)
    search = {{"slope", number_json(among->slope, 6)},
              {"intercept", number_json(among->intercept, 6)},
              {"prior", rate_json(among->prior)}};
  return {{"slope", number_json(curve->slope, 6)},
          {"intercept", number_json(curve->intercept, 6)},
          {"prior", curve->prior},
          {"search", std::move(search)},
          {"ece", number_or_null(result.record.ece)},
          {"ece_of_preset", number_or_null(result.preset_ece)}};
}

Json groups_json(const CalibrationResult& result) {
  Json tables = Json::array();
  for (const engine::GroupTable& table : result.groups) {
    Json rows = Json::array();
    for (const evaluation::GroupRates& group : table.groups)
      rows.push_back({{"group", group.name},
                      {"people", group.persons},
                      {"faces", group.pictures},
                      {"impostor_pairs", group.impostor_pairs},
                      {"mated_pairs", group.mated_pairs},
                      {"fmr", value_json(group.fmr)},
                      {"fmr_interval", interval_json(group.fmr)},
                      {"fnmr", value_json(group.fnmr)},
                      {"fnmr_interval", interval_json(group.fnmr)}});
    tables.push_back({{"column", table.column},
                      {"groups", std::move(rows)},
                      {"fmr_ratio", number_or_null(table.fmr_ratio)},
                      {"fnmr_ratio", number_or_null(table.fnmr_ratio)}});
  }
  return tables;
}

std::string rate_text(double rate) { return rate == 0 ? "0" : fmt::format("{:.3g}", rate); }

std::string interval_text(const Figure& figure) {
  if (!figure.interval) return "too few people";
  return rate_text(figure.interval->low) + " to " + rate_text(figure.interval->high);
}

std::string groups_text(const CalibrationResult& result, bool colour) {
  std::string text;
  for (const engine::GroupTable& table : result.groups) {
    std::vector<Row> rows;
    for (const evaluation::GroupRates& group : table.groups)
      rows.push_back({{group.name},
                      {grouped(group.persons)},
                      {grouped(group.pictures)},
                      {group.fmr ? rate_text(group.fmr->value) : "-"},
                      {group.fmr ? interval_text(*group.fmr) : "-", Style::dim},
                      {group.fnmr ? rate_text(group.fnmr->value) : "-"},
                      {group.fnmr ? interval_text(*group.fnmr) : "-", Style::dim}});
    text += "\n" + table_text({{table.column},
                               {"PEOPLE", Align::right},
                               {"FACES", Align::right},
                               {"FMR", Align::right},
                               {"95 % INTERVAL"},
                               {"FNMR", Align::right},
                               {"95 % INTERVAL"}},
                              rows, colour);
    const auto ratio = [](const std::optional<double>& value) {
      return value ? fmt::format("{:.2f}", *value) : std::string("not defined");
    };
    text += "Highest over lowest: FMR " + ratio(table.fmr_ratio) + ", FNMR " + ratio(table.fnmr_ratio) + ".\n";
  }
  return text;
}

}  // namespace

std::string calibration_json(const CalibrationResult& result, const CalibrateOutcome& outcome) {
  const Calibration& record = result.record;
  Json object;
  object["gallery"] = outcome.gallery;
  object["threshold"] = number_json(record.at.threshold.value(), 8);
  object["fmr"] = rate_json(result.fmr.value);
  object["interval"] = interval_json(result.fmr);
  object["level"] = 0.95;
  object["target_fmr"] = result.options.fmr;
  object["fnmr"] = value_json(result.fnmr);
  object["fnmr_interval"] = interval_json(result.fnmr);
  object["eer"] = number_or_null(result.eer);
  object["people"] = result.fmr.groups;
  object["faces"] = result.faces.person_of.size();
  object["impostor_pairs"] = record.impostor_pairs;
  object["mated_pairs"] = record.mated_pairs;
  object["false_matches"] = result.false_matches;
  object["open_set"] = open_set_json(result);
  object["probability"] = probability_json(result);
  if (!result.no_probability.empty()) object["no_probability"] = result.no_probability;
  Json rows = Json::array();
  for (const ThresholdRow& row : record.rows)
    rows.push_back({{"fmr", rate_json(row.false_match_rate)}, {"threshold", number_json(row.threshold.value(), 8)}});
  object["thresholds"] = std::move(rows);
  if (!result.groups.empty()) object["groups"] = groups_json(result);
  object["stored"] = outcome.stored;
  object["without_face"] = result.faces.without_face;
  object["left_out"] = result.left_out;
  object["evidence"] = {{"data", "user"},
                        {"measured_on", result.faces.what},
                        {"data_sha256", record.data_sha256},
                        {"template_model", result.faces.model.text()},
                        {"draws", result.options.draws},
                        {"seed", result.options.seed}};
  return json_line(object);
}

std::string calibration_text(const CalibrationResult& result, const CalibrateOutcome& outcome, bool colour) {
  const Calibration& record = result.record;
  std::vector<Row> rows{{{"threshold"}, {fmt::format("{:.4f}", record.at.threshold.value()), Style::bold}, {""}},
                        {{"false match rate"}, {rate_text(result.fmr.value)}, {interval_text(result.fmr), Style::dim}}};
  if (result.fnmr)
    rows.push_back({{"pairs of one person missed (FNMR)"},
                    {rate_text(result.fnmr->value)},
                    {interval_text(*result.fnmr), Style::dim}});
  if (result.open_set) {
    const engine::OpenSet& open = *result.open_set;
    rows.push_back({{"strangers who get a name among " + counted(open.people, "person", "people")},
                    {rate_text(open.fpir.value)},
                    {interval_text(open.fpir), Style::dim}});
    rows.push_back(
        {{"  guessed from the false match rate", Style::dim}, {rate_text(open.first_guess), Style::dim}, {""}});
  }
  if (record.ece) rows.push_back({{"error of the probability (ECE)"}, {fmt::format("{:.4f}", *record.ece)}, {""}});
  if (result.preset_ece)
    rows.push_back(
        {{"  of the preset's probability", Style::dim}, {fmt::format("{:.4f}", *result.preset_ece), Style::dim}, {""}});
  std::string text = table_text({{"CALIBRATION"}, {"VALUE", Align::right}, {"95 % INTERVAL"}}, rows, colour);
  text += groups_text(result, colour);
  text += fmt::format(
      "\nMeasured on {}: {} of {}, {} pairs of different people, {} of one person.\n", printable(result.faces.what),
      counted(static_cast<std::int64_t>(result.faces.person_of.size()), "face"),
      counted(result.fmr.groups, "person", "people"), grouped(record.impostor_pairs), grouped(record.mated_pairs));
  if (result.faces.without_face > 0)
    text += counted(result.faces.without_face, "picture") + " without a face left out.\n";
  if (result.left_out > 0) text += counted(result.left_out, "face") + " left out: people were drawn.\n";
  if (!result.no_probability.empty())
    text += "Probabilities stay those of the preset: " + printable(result.no_probability) + ".\n";
  text += outcome.stored ? "Kept in " + printable(outcome.gallery) + ": its answers rest on this from now on.\n"
                         : "Nothing was kept.\n";
  if (!outcome.report.empty()) text += "Report: " + printable(outcome.report) + "\n";
  return text;
}

}  // namespace vultus::cli

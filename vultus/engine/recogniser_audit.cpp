#include <vultus/engine/recogniser_audit.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/audit_pairs.hpp>
#include <vultus/engine/audit_people.hpp>
#include <vultus/engine/table_file.hpp>

namespace vultus::engine {
namespace {

constexpr std::size_t kMostAttributeValues = 50;

/// Pictures whose main face has a template.
struct AuditTemplates {
  std::vector<Embedding> templates;
  std::vector<std::size_t> picture_of;       ///< index into the list
  std::vector<face::QualityReport> quality;  ///< of each, where pairs are wanted
};

Result<AuditTemplates> embed_list(const Engine& engine, const AuditList& list, bool quality,
                                  const std::function<void(std::size_t, std::size_t)>& progress,
                                  const std::stop_token& stop) {
  std::vector<media::Input> inputs;
  inputs.reserve(list.pictures.size());
  for (const AuditPicture& picture : list.pictures) inputs.push_back({.path = picture.path, .standard_input = false});
  AuditTemplates made;
  std::size_t number = 0;
  VULTUS_CHECK(engine.look_at(
      inputs, {.depth = Depth::embed_main, .quality = quality},
      [&](SeenPicture seen) -> Status {
        if (seen.error) return *seen.error;
        if (!seen.faces.empty() && seen.faces.front().embedding) {
          made.templates.push_back(*std::move(seen.faces.front().embedding));
          made.picture_of.push_back(number);
          if (quality) made.quality.push_back(seen.faces.front().quality.value_or(face::QualityReport{}));
        }
        ++number;
        if (progress) progress(number, inputs.size());
        return {};
      },
      stop));
  return made;
}

std::vector<DetectionRow> detection_of(const AuditList& list, const AuditTemplates& templates, std::size_t column) {
  std::map<std::string, DetectionRow> rows;
  std::vector<bool> found(list.pictures.size());
  for (const std::size_t picture : templates.picture_of) found[picture] = true;
  for (std::size_t i = 0; i < list.pictures.size(); ++i) {
    const std::string& value = list.pictures[i].values[column];
    if (value.empty()) continue;
    DetectionRow& row = rows[value];
    row.value = value;
    ++row.pictures;
    row.without_face += found[i] ? 0 : 1;
  }
  std::vector<DetectionRow> all;
  all.reserve(rows.size());
  for (auto& [value, row] : rows) all.push_back(std::move(row));
  return all;
}

/// Columns of a table that are audited.
Result<std::vector<std::size_t>> audited_columns(const evaluation::Table& table, const RecogniserAuditPlan& plan) {
  std::vector<std::size_t> columns;
  const auto values = [&](std::size_t column) {
    std::set<std::string> all;
    for (std::size_t row = 0; row < table.rows(); ++row)
      if (!table.at(row, column).empty()) all.insert(table.at(row, column));
    return all.size();
  };
  for (const std::string& name : plan.columns) {
    VULTUS_TRY(const std::size_t column, table.column(name));
    if (const std::size_t n = values(column); n < 2 || n > kMostAttributeValues)
      return fail(ErrorCode::invalid_argument, fmt::format("{}: column \"{}\" has {} values, 2 to {} can be compared",
                                                           table.source(), name, n, kMostAttributeValues));
    columns.push_back(column);
  }
  if (plan.columns.empty())
    for (std::size_t column = 0; column < table.columns().size(); ++column) {
      if (table.columns()[column] == "file" || table.columns()[column] == "subject") continue;
      if (const std::size_t n = values(column); n >= 2 && n <= kMostAttributeValues) columns.push_back(column);
    }
  if (columns.empty())
    return fail(ErrorCode::invalid_argument,
                fmt::format("{}: no column with 2 to {} values beside \"file\" and \"subject\"", table.source(),
                            kMostAttributeValues));
  return columns;
}

/// The table of mated pairs, with the only audited column as the groups.
Result<std::string> pairs_of(const AuditList& list, const AuditTemplates& templates,
                             const std::vector<std::uint32_t>& person_of, const PersonValues& values,
                             const evaluation::ScoreOfPair& score) {
  std::vector<MeasuredPicture> pictures;
  pictures.reserve(person_of.size());
  for (std::size_t i = 0; i < person_of.size(); ++i) {
    const std::uint32_t group = values.group_of[person_of[i]];
    pictures.push_back({.person = list.pictures[templates.picture_of[i]].person,
                        .group = group < values.names.size() ? values.names[group] : "",
                        .quality = templates.quality[i]});
  }
  return measured_pairs(pictures, list.columns.front(), score);
}

}  // namespace

Result<AuditList> audit_list(const evaluation::Table& table, const RecogniserAuditPlan& plan,
                             const std::vector<std::pair<std::string, std::string>>& present) {
  const auto file = table.find("file");
  const auto subject = table.find("subject");
  if (!file && !subject)
    return fail(ErrorCode::invalid_argument, table.source() + ": needs a column \"file\" or \"subject\"");
  VULTUS_TRY(const auto columns, audited_columns(table, plan));
  AuditList list;
  for (const std::size_t column : columns) list.columns.push_back(table.columns()[column]);
  std::map<std::string, std::vector<std::string>> paths;  // of each subject
  for (const auto& [path, person] : present) paths[person].push_back(path);
  std::set<std::string> seen;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string& key = table.at(row, file ? *file : *subject);
    if (!seen.insert(key).second)
      return fail(ErrorCode::corrupt_data,
                  fmt::format("{}: line {}: \"{}\" stands there twice", table.source(), table.line(row), key));
    std::vector<std::string> values;
    values.reserve(columns.size());
    for (const std::size_t column : columns) values.push_back(table.at(row, column));
    if (file) {
      const std::string path = plan.folder + "/" + key;
      std::error_code ignored;
      if (!std::filesystem::exists(path, ignored)) {
        ++list.not_there;
        continue;
      }
      list.pictures.push_back({path, subject ? table.at(row, *subject) : key, std::move(values)});
      continue;
    }
    const auto at = paths.find(key);
    if (at == paths.end()) ++list.not_there;
    if (at != paths.end())
      for (const std::string& path : at->second) list.pictures.push_back({path, key, values});
  }
  if (list.pictures.empty())
    return fail(ErrorCode::invalid_argument,
                fmt::format("{}: none of its {} rows has a picture in {}", table.source(), table.rows(), plan.folder));
  return list;
}

Result<RecogniserAuditRun> run_recogniser_audit(const Engine& engine, const RecogniserAuditPlan& plan,
                                                const std::function<void(std::size_t, std::size_t)>& progress,
                                                const std::stop_token& stop) {
  VULTUS_TRY(const TableFile table, read_table(plan.attributes));
  VULTUS_TRY(const auto present, pictures_of_subjects(table.table, plan.folder));
  VULTUS_TRY(const AuditList list, audit_list(table.table, plan, present));
  if (plan.measured_pairs && list.columns.size() != 1)
    return fail(ErrorCode::invalid_argument,
                fmt::format("pairs need one column of groups, {} are audited: name it ({})", list.columns.size(),
                            fmt::join(list.columns, ", ")));
  RecogniserAuditRun run{.plan = plan, .attributes = {}, .attributes_sha256 = table.sha256};
  const auto start = std::chrono::steady_clock::now();
  VULTUS_TRY(const AuditTemplates templates, embed_list(engine, list, plan.measured_pairs, progress, stop));
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::map<std::string, std::uint32_t> numbers;
  std::vector<std::uint32_t> person_of;
  for (const std::size_t picture : templates.picture_of)
    person_of.push_back(
        numbers.emplace(list.pictures[picture].person, static_cast<std::uint32_t>(numbers.size())).first->second);
  run.pictures = static_cast<std::int64_t>(list.pictures.size());
  run.persons = static_cast<std::int64_t>(numbers.size());
  run.without_face = run.pictures - static_cast<std::int64_t>(templates.templates.size());
  run.not_listed = list.not_there;
  audit::RecogniserAuditOptions options = plan.options;
  options.threads = engine.threads();
  const auto score = [&](std::size_t a, std::size_t b) {
    return inner_product(templates.templates[a].values(), templates.templates[b].values());
  };
  for (std::size_t column = 0; column < list.columns.size(); ++column) {
    const PersonValues values = values_of_persons(list, templates.picture_of, person_of, numbers.size(), column);
    VULTUS_TRY(audit::RecogniserAudit rates,
               audit::audit_recogniser(person_of, score, values.group_of, values.names, options, stop)
                   .with_context(list.columns[column]));
    run.attributes.push_back({.attribute = list.columns[column],
                              .rates = std::move(rates),
                              .detection = detection_of(list, templates, column),
                              .persons_left_out = values.left_out});
    if (plan.measured_pairs) {
      VULTUS_TRY(run.measured_pairs, pairs_of(list, templates, person_of, values, score));
    }
  }
  return run;
}

}  // namespace vultus::engine

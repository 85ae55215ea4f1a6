#include <vultus/audit/model_bias.hpp>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vultus/evaluation/row_bootstrap.hpp>
#include <vultus/evaluation/text_distance.hpp>

namespace vultus::audit {
namespace {

using evaluation::GroupedPredictions;
using evaluation::Table;

/// Rows that are compared, and where they stand in the table.
struct ComparedRows {
  GroupedPredictions predictions;
  std::vector<std::size_t> rows;
};

std::optional<std::uint32_t> position(const std::vector<std::string>& sorted, const std::string& name) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), name);
  if (at == sorted.end() || *at != name) return std::nullopt;
  return static_cast<std::uint32_t>(at - sorted.begin());
}

Result<std::uint32_t> label_of(const Table& table, std::size_t row, std::size_t column,
                               const std::vector<std::string>& classes) {
  const std::string& text = table.at(row, column);
  if (const auto at = position(classes, text)) return *at;
  const auto nearest = nearest_name(text, classes);
  return fail(ErrorCode::invalid_argument,
              fmt::format("{}: line {}: \"{}\" in column \"{}\" is no label{}; there are: {}", table.source(),
                          table.line(row), text, table.columns()[column],
                          nearest ? fmt::format(", is \"{}\" meant?", *nearest) : "", fmt::join(classes, ", ")));
}

void sort_names(std::vector<std::string>& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

/// The truth of the rows that are compared: a label of others is none that these could have.
Result<std::vector<std::string>> classes_of(const Table& table, std::size_t truth, std::size_t axis,
                                            const std::vector<std::string>& groups) {
  std::vector<std::string> classes;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (!position(groups, table.at(row, axis))) continue;
    if (table.at(row, truth).empty())
      return fail(ErrorCode::invalid_argument, fmt::format("{}: line {}: column \"{}\" is empty", table.source(),
                                                           table.line(row), table.columns()[truth]));
    classes.push_back(table.at(row, truth));
  }
  return classes;
}

/// A label of the truth that a group lacks is an error in any case. Where it is one of few rows and nearly that of
/// many, it is a typo more likely than a class, and its line says more than the group.
Status check_rare_labels(const Table& table, std::size_t truth, const ComparedRows& all) {
  constexpr std::int64_t kMany = 10;  // times as many rows
  const GroupedPredictions& p = all.predictions;
  std::vector<std::vector<std::int64_t>> counts(p.classes.size(), std::vector<std::int64_t>(p.groups.size()));
  for (const auto& row : p.rows) ++counts[row.truth][row.group];
  std::vector<std::int64_t> sums;
  for (const auto& of_groups : counts)
    sums.push_back(std::accumulate(of_groups.begin(), of_groups.end(), std::int64_t{0}));
  for (std::size_t c = 0; c < p.classes.size(); ++c) {
    const auto lacking = std::ranges::find(counts[c], 0);
    if (sums[c] == 0 || lacking == counts[c].end()) continue;
    std::vector<std::string> usual;
    for (std::size_t other = 0; other < p.classes.size(); ++other)
      if (sums[other] >= kMany * sums[c]) usual.push_back(p.classes[other]);
    const auto meant = nearest_name(p.classes[c], usual);
    if (!meant) continue;
    std::size_t first = 0;
    while (p.rows[first].truth != c) ++first;
    return fail(ErrorCode::invalid_argument,
                fmt::format("{}: line {}: \"{}\" in column \"{}\" is the label of {} of {} rows and of none in group "
                            "\"{}\", is \"{}\" meant?",
                            table.source(), table.line(all.rows[first]), p.classes[c], table.columns()[truth], sums[c],
                            p.rows.size(), p.groups[static_cast<std::size_t>(lacking - counts[c].begin())], *meant));
  }
  return {};
}

Result<ComparedRows> compared(const Table& table, const ModelAuditOptions& options) {
  VULTUS_TRY(const std::size_t truth, table.column(options.truth));
  VULTUS_TRY(const std::size_t predicted, table.column(options.predicted));
  VULTUS_TRY(const std::size_t axis, table.column(options.axis));
  ComparedRows all;
  std::vector<std::string>& classes = all.predictions.classes;
  std::vector<std::string>& groups = all.predictions.groups;
  groups = options.only;
  if (groups.empty())
    for (std::size_t row = 0; row < table.rows(); ++row)
      if (!table.at(row, axis).empty()) groups.push_back(table.at(row, axis));
  sort_names(groups);
  classes = options.classes;
  if (classes.empty()) {
    VULTUS_TRY(classes, classes_of(table, truth, axis, groups));
  }
  sort_names(classes);
  std::vector<bool> seen(groups.size());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto group = position(groups, table.at(row, axis));
    if (!group) continue;
    seen[*group] = true;
    VULTUS_TRY(const std::uint32_t is, label_of(table, row, truth, classes));
    VULTUS_TRY(const std::uint32_t called, label_of(table, row, predicted, classes));
    all.predictions.rows.push_back({is, called, *group});
    all.rows.push_back(row);
  }
  for (std::size_t g = 0; g < groups.size(); ++g)
    if (!seen[g])
      return fail(ErrorCode::invalid_argument,
                  fmt::format("{}: nobody in column \"{}\" is \"{}\"", table.source(), options.axis, groups[g]));
  VULTUS_CHECK(check_rare_labels(table, truth, all));
  return all;
}

std::vector<GroupRecalls> recalls_of(const GroupedPredictions& p) {
  std::vector<GroupRecalls> groups;
  for (const std::string& name : p.groups)
    groups.push_back({.name = name,
                      .support = std::vector<std::int64_t>(p.classes.size()),
                      .recall = std::vector<double>(p.classes.size())});
  for (const auto& row : p.rows) {
    GroupRecalls& group = groups[row.group];
    ++group.members;
    ++group.support[row.truth];
    if (row.truth == row.predicted)
      ++group.recall[row.truth];
    else
      ++group.error;
  }
  for (GroupRecalls& group : groups) {
    group.error /= static_cast<double>(std::max<std::int64_t>(1, group.members));
    for (std::size_t c = 0; c < group.recall.size(); ++c)
      group.recall[c] /= static_cast<double>(std::max<std::int64_t>(1, group.support[c]));
  }
  return groups;
}

}  // namespace

std::optional<std::string> nearest_name(const std::string& text, const std::vector<std::string>& names) {
  return evaluation::nearest_text(text, names, std::max<std::size_t>(1, text.size() / 3) + 1);
}

Result<ModelAudit> audit_model(const Table& table, const ModelAuditOptions& options) {
  VULTUS_CHECK(evaluation::validate(options.bootstrap));
  VULTUS_TRY(const ComparedRows all, compared(table, options));
  VULTUS_TRY(const evaluation::FairnessScores scores,
             evaluation::fairness_scores(all.predictions).with_context(options.axis));
  evaluation::RowGroups drawn = evaluation::RowGroups::each(all.rows.size());
  if (!options.subjects.empty()) {
    VULTUS_TRY(const std::size_t column, table.column(options.subjects));
    VULTUS_TRY(const std::vector<std::string> names, table.names(column));
    std::vector<std::string> of_rows;
    for (const std::size_t row : all.rows) of_rows.push_back(names[row]);
    drawn = evaluation::RowGroups::by_name(of_rows, options.subjects);
  }
  VULTUS_TRY(const auto intervals, evaluation::fairness_intervals(all.predictions, drawn, options.bootstrap));
  ModelAudit audit{.axis = options.axis,
                   .classes = all.predictions.classes,
                   .groups = recalls_of(all.predictions),
                   .figures = {},
                   .undefined = {},
                   .rows = static_cast<std::int64_t>(all.rows.size()),
                   .rows_left_out = static_cast<std::int64_t>(table.rows() - all.rows.size()),
                   .small_cells = {}};
  const auto names = evaluation::fairness_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto value = names[i].value(scores);
    if (!value) {
      audit.undefined.push_back({.name = names[i].name, .why = *names[i].why_not(scores)});
      continue;
    }
    audit.figures.push_back({.name = names[i].name,
                             .value = *value,
                             .interval = intervals[i],
                             .groups = static_cast<std::int64_t>(drawn.groups),
                             .group_kind = drawn.kind,
                             .samples = audit.rows,
                             .draws = intervals[i] ? options.bootstrap.draws : 0,
                             .seed = options.bootstrap.seed});
  }
  for (const GroupRecalls& group : audit.groups)
    for (std::size_t c = 0; c < audit.classes.size(); ++c)
      if (group.support[c] < kSmallCell)
        audit.small_cells.push_back(fmt::format("{}, {}: {} samples", group.name, audit.classes[c], group.support[c]));
  return audit;
}

}  // namespace vultus::audit

#include <vultus/evaluation/task_columns.hpp>

#include <utility>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

constexpr std::string_view kProbabilityPrefix = "p:";

/// Probabilities of the classes, where the table has a column for each of them.
Result<std::vector<ClassForecast>> forecasts_of(const Table& table, const NumberedNames& classes) {
  std::vector<ClassForecast> all;
  std::vector<std::size_t> columns;
  for (const std::string& name : classes.names) {
    const auto column = table.find(std::string(kProbabilityPrefix) + name);
    if (!column) return all;
    columns.push_back(*column);
  }
  for (std::size_t row = 0; row < table.rows(); ++row) {
    ClassForecast one{.probabilities = {}, .truth = classes.of_row[row]};
    for (const std::size_t column : columns) {
      VULTUS_TRY(const double p, table.number(row, column));
      one.probabilities.push_back(p);
    }
    all.push_back(std::move(one));
  }
  VULTUS_TRY(const auto checked, confidence_scores(all));
  return checked.bins.empty() ? std::vector<ClassForecast>() : all;
}

}  // namespace

Result<std::vector<std::string>> task_names(const Table& table, const std::string& name) {
  VULTUS_TRY(const std::size_t column, table.column(name));
  return table.names(column);
}

Result<std::vector<double>> task_numbers(const Table& table, const std::string& name) {
  VULTUS_TRY(const std::size_t column, table.column(name));
  std::vector<double> all;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    VULTUS_TRY(const double value, table.number(row, column));
    all.push_back(value);
  }
  return all;
}

ConfusionMatrix ClassifiedRows::matrix(std::span<const std::uint32_t> weights) const {
  std::vector<std::vector<std::uint64_t>> rows(classes.size(), std::vector<std::uint64_t>(classes.size()));
  for (std::size_t row = 0; row < truth.size(); ++row) rows[truth[row]][predicted[row]] += weights[row];
  return ConfusionMatrix::of_rows(rows).value();
}

Result<ClassifiedRows> classified_rows(const Table& table, const TaskOptions& options) {
  VULTUS_TRY(std::vector<std::string> all, task_names(table, options.truth));
  VULTUS_TRY(const std::vector<std::string> called, task_names(table, options.predicted));
  const std::size_t n = all.size();
  all.insert(all.end(), called.begin(), called.end());
  // A class whose probability is told but which nobody has counts as one, so that the forecasts are whole.
  for (const std::string& column : table.columns())
    if (column.starts_with(kProbabilityPrefix)) all.push_back(column.substr(kProbabilityPrefix.size()));
  NumberedNames classes = numbered(all);
  classes.of_row.resize(2 * n);
  if (classes.names.size() < 2)
    return fail(ErrorCode::invalid_argument,
                table.source() + ": all rows have one class, there is nothing to tell apart");
  if (const auto possible = ConfusionMatrix::of_classes(classes.names.size()); !possible)
    return possible.error().with_context(table.source());
  VULTUS_TRY(std::vector<ClassForecast> forecasts, forecasts_of(table, classes));
  const auto middle = classes.of_row.begin() + static_cast<std::ptrdiff_t>(n);
  return ClassifiedRows{.classes = std::move(classes.names),
                        .truth = {classes.of_row.begin(), middle},
                        .predicted = {middle, classes.of_row.end()},
                        .forecasts = std::move(forecasts)};
}

Result<std::vector<RankedItem>> ranked_rows(const Table& table, const TaskOptions& options) {
  VULTUS_TRY(const std::vector<double> truth, task_numbers(table, options.truth));
  VULTUS_TRY(const std::vector<double> scores, task_numbers(table, options.score));
  std::vector<RankedItem> items;
  for (std::size_t row = 0; row < truth.size(); ++row) {
    if (truth[row] != 0 && truth[row] != 1)
      return fail(ErrorCode::corrupt_data,
                  fmt::format("{}: line {}: truth {} is neither 0 nor 1", table.source(), table.line(row), truth[row]));
    items.push_back({scores[row], truth[row] == 1});
  }
  return items;
}

Result<std::vector<ScoredPair>> paired_rows(const Table& table, const TaskOptions& options) {
  VULTUS_TRY(const std::vector<double> scores, task_numbers(table, options.score));
  VULTUS_TRY(std::vector<std::string> people, task_names(table, options.first));
  VULTUS_TRY(const std::vector<std::string> others, task_names(table, options.second));
  const std::size_t n = people.size();
  people.insert(people.end(), others.begin(), others.end());
  const NumberedNames persons = numbered(people);
  std::vector<std::uint32_t> folds(n);
  if (table.find(options.fold)) {
    VULTUS_TRY(const std::vector<std::string> names, task_names(table, options.fold));
    folds = numbered(names).of_row;
  }
  std::vector<ScoredPair> pairs;
  for (std::size_t row = 0; row < n; ++row) {
    const auto first = static_cast<int>(persons.of_row[row]);
    const auto second = static_cast<int>(persons.of_row[n + row]);
    pairs.push_back({.score = static_cast<float>(scores[row]),
                     .mated = first == second,
                     .first = first,
                     .second = second,
                     .fold = static_cast<int>(folds[row])});
  }
  return pairs;
}

}  // namespace vultus::evaluation

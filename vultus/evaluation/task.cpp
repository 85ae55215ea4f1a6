#include <vultus/evaluation/task.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vultus/evaluation/attack.hpp>
#include <vultus/evaluation/classification.hpp>
#include <vultus/evaluation/confidence.hpp>
#include <vultus/evaluation/ranking.hpp>
#include <vultus/evaluation/regression.hpp>
#include <vultus/evaluation/row_bootstrap.hpp>
#include <vultus/evaluation/text_distance.hpp>

namespace vultus::evaluation {
namespace {

constexpr std::array<std::string_view, 5> kTaskNames{"classification", "detection", "regression", "attack", "text"};
constexpr std::string_view kProbabilityPrefix = "p:";

/// Names of the metrics and their values for weighted rows.
struct Measured {
  std::vector<std::string> names;
  RowStatistics values;
  std::optional<double> baseline;  ///< of the first
};

/// The rows as often as they count.
template <class T>
std::vector<T> repeated(const std::vector<T>& items, std::span<const std::uint32_t> weights) {
  std::vector<T> all;
  for (std::size_t i = 0; i < items.size(); ++i) all.insert(all.end(), weights[i], items[i]);
  return all;
}

template <class T>
std::optional<double> value_of(const Result<T>& scores, double T::*one) {
  return scores ? std::optional((*scores).*one) : std::nullopt;
}

std::optional<double> value_of(const Result<double>& score) { return score ? std::optional(*score) : std::nullopt; }

Result<std::vector<std::string>> column_of(const Table& table, const std::string& name) {
  VULTUS_TRY(const std::size_t column, table.column(name));
  return table.names(column);
}

Result<std::vector<double>> numbers_of(const Table& table, const std::string& name) {
  VULTUS_TRY(const std::size_t column, table.column(name));
  std::vector<double> all;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    VULTUS_TRY(const double value, table.number(row, column));
    all.push_back(value);
  }
  return all;
}

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

Result<Measured> classification(const Table& table, const TaskOptions& options) {
  VULTUS_TRY(std::vector<std::string> names, column_of(table, options.truth));
  VULTUS_TRY(const std::vector<std::string> called, column_of(table, options.predicted));
  const std::size_t n = names.size();
  names.insert(names.end(), called.begin(), called.end());
  NumberedNames classes = numbered(names);
  // A class whose probability is told but which nobody has counts as one, so that the forecasts are whole.
  std::vector<std::string> all = names;
  for (const std::string& column : table.columns())
    if (column.starts_with(kProbabilityPrefix)) all.push_back(column.substr(kProbabilityPrefix.size()));
  classes = numbered(all);
  classes.of_row.resize(2 * n);
  if (classes.names.size() < 2)
    return fail(ErrorCode::invalid_argument,
                table.source() + ": all rows have one class, there is nothing to tell apart");
  if (const auto possible = ConfusionMatrix::of_classes(classes.names.size()); !possible)
    return possible.error().with_context(table.source());
  VULTUS_TRY(const std::vector<ClassForecast> forecasts, forecasts_of(table, classes));
  Measured measured{.names = {"accuracy", "UAR", "UF1", "WF1"}, .values = {}};
  const bool binary = classes.names.size() == 2;
  if (binary) measured.names.emplace_back("AVGF1");
  if (!forecasts.empty()) measured.names.insert(measured.names.end(), {"ECE", "NLL", "Brier"});
  std::vector<double> counts(classes.names.size());
  for (std::size_t row = 0; row < n; ++row) ++counts[classes.of_row[row]];
  measured.baseline = *std::max_element(counts.begin(), counts.end()) / static_cast<double>(n);
  measured.values = [of_row = classes.of_row, count = classes.names.size(), n, binary,
                     forecasts](std::span<const std::uint32_t> weights) {
    std::vector<std::vector<std::uint64_t>> rows(count, std::vector<std::uint64_t>(count));
    for (std::size_t row = 0; row < n; ++row) rows[of_row[row]][of_row[n + row]] += weights[row];
    const ConfusionMatrix matrix = ConfusionMatrix::of_rows(rows).value();
    const auto scores = classification_scores(matrix);
    std::vector<std::optional<double>> values;
    for (const auto one : {&ClassificationScores::accuracy, &ClassificationScores::uar, &ClassificationScores::uf1,
                           &ClassificationScores::wf1})
      values.push_back(value_of(scores, one));
    if (binary) values.push_back(value_of(average_binary_f1(matrix)));
    if (forecasts.empty()) return values;
    const auto sure = confidence_scores(repeated(forecasts, weights));
    for (const auto one : {&ConfidenceScores::ece, &ConfidenceScores::nll, &ConfidenceScores::brier})
      values.push_back(value_of(sure, one));
    return values;
  };
  return measured;
}

Result<Measured> detection(const Table& table, const TaskOptions& options) {
  VULTUS_TRY(const std::vector<double> truth, numbers_of(table, options.truth));
  VULTUS_TRY(const std::vector<double> scores, numbers_of(table, options.score));
  std::vector<RankedItem> items;
  bool probabilities = true;
  double positives = 0;
  for (std::size_t row = 0; row < truth.size(); ++row) {
    if (truth[row] != 0 && truth[row] != 1)
      return fail(ErrorCode::corrupt_data,
                  fmt::format("{}: line {}: truth {} is neither 0 nor 1", table.source(), table.line(row), truth[row]));
    items.push_back({scores[row], truth[row] == 1});
    positives += truth[row];
    probabilities = probabilities && scores[row] >= 0 && scores[row] <= 1;
  }
  Measured measured{.names = {"AP", "AUC"}, .values = {}, .baseline = positives / static_cast<double>(items.size())};
  if (probabilities) measured.names.emplace_back("AP-1000");
  measured.values = [items, probabilities](std::span<const std::uint32_t> weights) {
    const auto drawn = repeated(items, weights);
    std::vector<std::optional<double>> values{value_of(average_precision(drawn)), value_of(roc_auc(drawn))};
    if (probabilities) values.push_back(value_of(average_precision_1000(drawn)));
    return values;
  };
  return measured;
}

Result<Measured> regression(const Table& table, const TaskOptions& options) {
  VULTUS_TRY(const std::vector<double> truth, numbers_of(table, options.truth));
  VULTUS_TRY(const std::vector<double> predicted, numbers_of(table, options.predicted));
  return Measured{.names = {"MAE", "RMSE", "Pearson", "CCC", "bias", "lower limit", "upper limit"},
                  .values =
                      [truth, predicted](std::span<const std::uint32_t> weights) {
                        const auto x = repeated(truth, weights);
                        const auto y = repeated(predicted, weights);
                        const auto scores = regression_scores(x, y);
                        const auto bland = bland_altman(x, y);
                        return std::vector<std::optional<double>>{
                            value_of(scores, &RegressionScores::mae), value_of(scores, &RegressionScores::rmse),
                            scores ? scores->pearson : std::nullopt,  scores ? scores->ccc : std::nullopt,
                            value_of(bland, &BlandAltman::bias),      value_of(bland, &BlandAltman::low),
                            value_of(bland, &BlandAltman::high)};
                      },
                  .baseline = std::nullopt};
}

Result<Measured> attack(const Table& table, const TaskOptions& options) {
  if (!options.threshold)
    return fail(ErrorCode::invalid_argument, "the task attack needs a threshold that was chosen on other data");
  VULTUS_TRY(const std::vector<double> scores, numbers_of(table, options.score));
  VULTUS_TRY(const std::size_t column, table.column(options.species));
  std::vector<Presentation> all;
  for (std::size_t row = 0; row < scores.size(); ++row) all.push_back({scores[row], table.at(row, column)});
  const double threshold = *options.threshold;
  VULTUS_TRY(const AttackErrors whole, attack_errors(all, threshold));
  Measured measured{.names = {"APCER", "BPCER", "ACER", "HTER"}, .values = {}, .baseline = std::nullopt};
  for (const SpeciesErrors& one : whole.species) measured.names.push_back("APCER of " + one.species);
  measured.values = [all, threshold, species = whole.species](std::span<const std::uint32_t> weights) {
    const auto errors = attack_errors(repeated(all, weights), threshold);
    std::vector<std::optional<double>> values;
    for (const auto one : {&AttackErrors::apcer, &AttackErrors::bpcer, &AttackErrors::acer, &AttackErrors::hter})
      values.push_back(value_of(errors, one));
    for (const SpeciesErrors& wanted : species) {
      values.emplace_back();
      if (!errors) continue;
      for (const SpeciesErrors& one : errors->species)
        if (one.species == wanted.species) values.back() = one.apcer;
    }
    return values;
  };
  return measured;
}

Result<Measured> text(const Table& table, const TaskOptions& options) {
  VULTUS_TRY(const std::size_t truth, table.column(options.truth));
  VULTUS_TRY(const std::size_t predicted, table.column(options.predicted));
  std::vector<double> exact, near;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    exact.push_back(table.at(row, truth) == table.at(row, predicted) ? 1 : 0);
    near.push_back(text_similarity(table.at(row, truth), table.at(row, predicted)));
  }
  const auto mean = [](const std::vector<double>& of, std::span<const std::uint32_t> weights) -> std::optional<double> {
    double sum = 0;
    double n = 0;
    for (std::size_t i = 0; i < of.size(); ++i) sum += weights[i] * of[i], n += weights[i];
    return n > 0 ? std::optional(sum / n) : std::nullopt;
  };
  return Measured{.names = {"accuracy", "1-NED"},
                  .values =
                      [exact, near, mean](std::span<const std::uint32_t> weights) {
                        return std::vector<std::optional<double>>{mean(exact, weights), mean(near, weights)};
                      },
                  .baseline = std::nullopt};
}

Result<Measured> measured_by(const Table& table, const TaskOptions& options) {
  switch (options.task) {
    case Task::classification: return classification(table, options);
    case Task::detection: return detection(table, options);
    case Task::regression: return regression(table, options);
    case Task::attack: return attack(table, options);
    case Task::text: return text(table, options);
  }
  return fail(ErrorCode::internal, "a task without metrics");
}

}  // namespace

std::string_view name_of(Task task) { return kTaskNames[static_cast<std::size_t>(task)]; }

Result<Task> task_of(std::string_view name) {
  const auto at = std::find(kTaskNames.begin(), kTaskNames.end(), name);
  if (at == kTaskNames.end())
    return fail(ErrorCode::invalid_argument,
                fmt::format("task \"{}\": must be one of {}", name, fmt::join(kTaskNames, ", ")));
  return static_cast<Task>(at - kTaskNames.begin());
}

Result<std::vector<Figure>> measure_task(const Table& table, const TaskOptions& options) {
  VULTUS_CHECK(validate(options.bootstrap));
  RowGroups groups = RowGroups::each(table.rows());
  if (!options.groups.empty()) {
    VULTUS_TRY(const std::vector<std::string> names, column_of(table, options.groups));
    groups = RowGroups::by_name(names, options.groups);
  }
  VULTUS_TRY(const Measured measured, measured_by(table, options));
  const std::vector<std::uint32_t> once(table.rows(), 1);
  const auto values = measured.values(once);
  VULTUS_TRY(const auto intervals, bootstrap_rows(groups, options.bootstrap, measured.values));
  std::vector<Figure> figures;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]) continue;
    figures.push_back({.name = measured.names[i],
                       .value = *values[i],
                       .interval = intervals[i],
                       .groups = static_cast<std::int64_t>(groups.groups),
                       .group_kind = groups.kind,
                       .samples = static_cast<std::int64_t>(table.rows()),
                       .draws = intervals[i] ? options.bootstrap.draws : 0,
                       .seed = options.bootstrap.seed,
                       .baseline = i == 0 ? measured.baseline : std::nullopt});
  }
  return figures;
}

}  // namespace vultus::evaluation

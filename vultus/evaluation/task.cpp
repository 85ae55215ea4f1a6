#include <vultus/evaluation/task.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vultus/evaluation/agreement.hpp>
#include <vultus/evaluation/attack.hpp>
#include <vultus/evaluation/classification.hpp>
#include <vultus/evaluation/confidence.hpp>
#include <vultus/evaluation/ranking.hpp>
#include <vultus/evaluation/regression.hpp>
#include <vultus/evaluation/row_bootstrap.hpp>
#include <vultus/evaluation/task_columns.hpp>
#include <vultus/evaluation/text_distance.hpp>

namespace vultus::evaluation {
namespace {

constexpr std::array<std::string_view, 6> kTaskNames{"classification", "detection", "regression",
                                                     "attack",         "text",      "verification"};

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

Result<Measured> classification(const Table& table, const TaskOptions& options) {
  VULTUS_TRY(const ClassifiedRows rows, classified_rows(table, options));
  const std::size_t n = rows.truth.size();
  const std::size_t count = rows.classes.size();
  Measured measured{.names = {"accuracy", "UAR", "UF1", "WF1", "kappa"}, .values = {}};
  const bool binary = count == 2;
  if (binary) measured.names.emplace_back("AVGF1");
  std::vector<std::size_t> ranks;  // a rank that every class reaches says nothing
  if (!rows.forecasts.empty()) {
    measured.names.insert(measured.names.end(), {"ECE", "NLL", "Brier"});
    for (const std::size_t k : {2, 3, 5})
      if (k < count) ranks.push_back(k);
    for (const std::size_t k : ranks) measured.names.push_back(fmt::format("top-{} accuracy", k));
  }
  std::vector<double> counts(count);
  for (const std::uint32_t truth : rows.truth) ++counts[truth];
  measured.baseline = *std::max_element(counts.begin(), counts.end()) / static_cast<double>(n);
  measured.values = [rows, binary, ranks](std::span<const std::uint32_t> weights) {
    const ConfusionMatrix matrix = rows.matrix(weights);
    const auto scores = classification_scores(matrix);
    std::vector<std::optional<double>> values;
    for (const auto one : {&ClassificationScores::accuracy, &ClassificationScores::uar, &ClassificationScores::uf1,
                           &ClassificationScores::wf1})
      values.push_back(value_of(scores, one));
    values.push_back(value_of(cohen_kappa(matrix)));
    if (binary) values.push_back(value_of(average_binary_f1(matrix)));
    if (rows.forecasts.empty()) return values;
    const auto drawn = repeated(rows.forecasts, weights);
    const auto sure = confidence_scores(drawn);
    for (const auto one : {&ConfidenceScores::ece, &ConfidenceScores::nll, &ConfidenceScores::brier})
      values.push_back(value_of(sure, one));
    std::vector<std::vector<double>> probabilities;
    std::vector<std::size_t> truths;
    for (const ClassForecast& one : drawn) {
      if (ranks.empty()) break;
      probabilities.push_back(one.probabilities);
      truths.push_back(one.truth);
    }
    for (const std::size_t k : ranks) values.push_back(value_of(top_k_accuracy(probabilities, truths, k)));
    return values;
  };
  return measured;
}

Result<Measured> detection(const Table& table, const TaskOptions& options) {
  VULTUS_TRY(const std::vector<RankedItem> items, ranked_rows(table, options));
  bool probabilities = true;
  double positives = 0;
  for (const RankedItem& item : items) {
    positives += item.positive ? 1 : 0;
    probabilities = probabilities && item.score >= 0 && item.score <= 1;
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
  VULTUS_TRY(const std::vector<double> truth, task_numbers(table, options.truth));
  VULTUS_TRY(const std::vector<double> predicted, task_numbers(table, options.predicted));
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
  VULTUS_TRY(const std::vector<double> scores, task_numbers(table, options.score));
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

/// Draws people: a pair weighs what both do, so that these are no statistics of weighted rows.
Result<std::vector<Figure>> verification(const Table& table, const TaskOptions& options) {
  if (!options.groups.empty())
    return fail(ErrorCode::invalid_argument,
                fmt::format("the task verification draws the people of the columns \"{}\" and \"{}\", not \"{}\"",
                            options.first, options.second, options.groups));
  VULTUS_TRY(const std::vector<ScoredPair> rows, paired_rows(table, options));
  VULTUS_TRY(const Verification pairs, Verification::of(rows).with_context(table.source()));
  using Kind = VerificationMetric::Kind;
  std::vector<VerificationMetric> metrics{{.kind = Kind::equal_error_rate}};
  for (const double far : {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6})
    if (check_measurable(far, pairs.impostor_pairs())) metrics.push_back({.kind = Kind::tar_at_far, .far = far});
  if (table.find(options.fold)) metrics.push_back({.kind = Kind::fold_accuracy});
  std::vector<Figure> figures;
  for (const VerificationMetric& metric : metrics) {
    VULTUS_TRY(Figure one, measure(pairs, metric, options.bootstrap));
    figures.push_back(std::move(one));
  }
  return figures;
}

Result<Measured> measured_by(const Table& table, const TaskOptions& options) {
  switch (options.task) {
    case Task::classification: return classification(table, options);
    case Task::detection: return detection(table, options);
    case Task::regression: return regression(table, options);
    case Task::attack: return attack(table, options);
    case Task::text: return text(table, options);
    case Task::verification: break;  // weighs people, not rows
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
  if (options.task == Task::verification) return verification(table, options);
  RowGroups groups = RowGroups::each(table.rows());
  if (!options.groups.empty()) {
    VULTUS_TRY(const std::vector<std::string> names, task_names(table, options.groups));
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

#include <vultus/evaluation/task_plots.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <vultus/evaluation/plots_of_classes.hpp>
#include <vultus/evaluation/task_columns.hpp>

namespace vultus::evaluation {
namespace {

Result<std::vector<TaskPlot>> class_plots(const Table& table, const TaskOptions& options) {
  VULTUS_TRY(const ClassifiedRows rows, classified_rows(table, options));
  const std::vector<std::uint32_t> once(rows.truth.size(), 1);
  VULTUS_TRY(std::string confusion, confusion_svg("Confusion", rows.matrix(once), rows.classes));
  std::vector<TaskPlot> plots;
  plots.push_back({"confusion", std::move(confusion)});
  if (rows.forecasts.empty()) return plots;
  VULTUS_TRY(const ConfidenceScores sure, confidence_scores(rows.forecasts));
  VULTUS_TRY(std::string reliability, svg(reliability_plot("Reliability", sure.bins)));
  plots.push_back({"reliability", std::move(reliability)});
  return plots;
}

/// Down to the smallest rate that so many can show, and no further up than plots allow.
double lowest_rate(std::size_t trials) { return std::min(0.1, 1 / static_cast<double>(trials)); }

Result<std::vector<TaskPlot>> curve_plots(const std::vector<ScoredPair>& rows, const std::string& source) {
  VULTUS_TRY(const Verification pairs, Verification::of(rows).with_context(source));
  const std::vector<NamedCurve> curves{{"all rows", pairs.curve()}};
  const double fmr = lowest_rate(pairs.impostor_pairs());
  VULTUS_TRY(std::string roc, svg(roc_plot("ROC", curves, fmr)));
  VULTUS_TRY(std::string det, svg(det_plot("DET", curves, fmr, lowest_rate(pairs.mated_pairs()))));
  std::vector<TaskPlot> plots;
  plots.push_back({"roc", std::move(roc)});
  plots.push_back({"det", std::move(det)});
  return plots;
}

}  // namespace

Result<std::vector<TaskPlot>> task_plots(const Table& table, const TaskOptions& options) {
  if (options.task == Task::classification) return class_plots(table, options);
  if (options.task == Task::verification) {
    VULTUS_TRY(const std::vector<ScoredPair> rows, paired_rows(table, options));
    return curve_plots(rows, table.source());
  }
  if (options.task != Task::detection)
    return fail(ErrorCode::invalid_argument,
                fmt::format("the task {} has no plots: classification, detection and verification have",
                            name_of(options.task)));
  VULTUS_TRY(const std::vector<RankedItem> items, ranked_rows(table, options));
  std::vector<ScoredPair> rows;
  for (const RankedItem& item : items)
    rows.push_back(
        {.score = static_cast<float>(item.score), .mated = item.positive, .first = 0, .second = item.positive ? 0 : 1});
  return curve_plots(rows, table.source());
}

}  // namespace vultus::evaluation

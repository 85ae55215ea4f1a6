// What a table of predictions looks like: the plots of its task.
#pragma once

#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/task.hpp>

namespace vultus::evaluation {

/// A plot for a file of its own.
struct TaskPlot {
  std::string name;  ///< "confusion", "reliability", "roc" or "det"
  std::string svg;   ///< one SVG element
};

/// The plots of a task: confusion matrix, and reliability where there are probabilities, of classification; ROC and DET
/// of detection (the negative rows are the impostors) and verification.
/// @error invalid_argument  a task that has none (regression, attack, text); as measure_task; more than 40 classes; all
///                          rows positive or all negative
/// @thread no state
[[nodiscard]] Result<std::vector<TaskPlot>> task_plots(const Table& table, const TaskOptions& options);

}  // namespace vultus::evaluation

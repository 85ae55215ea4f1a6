// All numbers of a task from a table of predictions, each with its interval over groups.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/evaluation/figure.hpp>
#include <vultus/evaluation/table.hpp>

namespace vultus::evaluation {

enum class Task : std::uint8_t {
  classification,  ///< truth and predicted are names; columns `p:NAME` hold probabilities, if there are any
  detection,       ///< truth is 0 or 1, score any number: larger = more likely 1
  regression,      ///< truth and predicted are numbers
  attack,          ///< species is empty for a live person; score is liveness
  text,            ///< truth and predicted are texts
  verification,    ///< first and second are names of people, equal ones are mated; score is likeness; fold, if there is
                   ///< one
};
/// As protocols write it.
[[nodiscard]] std::string_view name_of(Task task);
/// @error invalid_argument  another word; the message lists those that there are
[[nodiscard]] Result<Task> task_of(std::string_view name);

struct TaskOptions {
  Task task = Task::classification;
  std::string truth = "truth";
  std::string predicted = "predicted";
  std::string score = "score";
  std::string species = "species";
  std::string first = "first";      ///< of the task verification: who is in the first picture
  std::string second = "second";    ///< and in the second
  std::string fold = "fold";        ///< of the protocol; a table without it has no accuracy over folds
  std::optional<double> threshold;  ///< of the task attack: chosen on other data
  std::string groups;  ///< column of what is drawn for the intervals (subject ...); empty = every row alone
  BootstrapOptions bootstrap;
};

/// Measures a table. Figures carry value, interval, groups and, for classification, the accuracy of always naming the
/// most frequent class as the baseline. The task verification draws people; a TAR at a FAR that so few impostor pairs
/// cannot show is not there.
/// @return metrics that the rows leave undefined are not there
/// @error invalid_argument  a column that is missing, no threshold for the task attack, groups for the task
///                          verification, what the metrics refuse
/// @error corrupt_data      a field that is no number where one is needed, by its line
/// @thread no state
[[nodiscard]] Result<std::vector<Figure>> measure_task(const Table& table, const TaskOptions& options);

}  // namespace vultus::evaluation

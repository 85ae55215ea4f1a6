// The rows of a task as its metrics and its plots read them. Not installed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <vultus/evaluation/classification.hpp>
#include <vultus/evaluation/confidence.hpp>
#include <vultus/evaluation/ranking.hpp>
#include <vultus/evaluation/task.hpp>
#include <vultus/evaluation/verification.hpp>

namespace vultus::evaluation {

[[nodiscard]] Result<std::vector<std::string>> task_names(const Table& table, const std::string& column);
[[nodiscard]] Result<std::vector<double>> task_numbers(const Table& table, const std::string& column);

struct ClassifiedRows {
  std::vector<std::string> classes;
  std::vector<std::uint32_t> truth, predicted;  ///< of each row, indices into `classes`
  std::vector<ClassForecast> forecasts;         ///< of each row; empty where a class has no column of probabilities

  /// @param weights  how often each row counts
  [[nodiscard]] ConfusionMatrix matrix(std::span<const std::uint32_t> weights) const;
};
/// @error invalid_argument  a column that is missing, fewer than 2 or too many classes, probabilities that are none
[[nodiscard]] Result<ClassifiedRows> classified_rows(const Table& table, const TaskOptions& options);

/// @error corrupt_data  a truth that is neither 0 nor 1, a score that is no number
[[nodiscard]] Result<std::vector<RankedItem>> ranked_rows(const Table& table, const TaskOptions& options);

/// Pairs of named people; equal names are mated.
/// @error invalid_argument  a column that is missing, an empty name
[[nodiscard]] Result<std::vector<ScoredPair>> paired_rows(const Table& table, const TaskOptions& options);

}  // namespace vultus::evaluation

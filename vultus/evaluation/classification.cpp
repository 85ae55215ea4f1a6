#include <vultus/evaluation/classification.hpp>

#include <numeric>

#include <fmt/format.h>

namespace vultus::evaluation {

Result<ConfusionMatrix> ConfusionMatrix::of_classes(std::size_t classes) {
  if (classes < 2 || classes > 4096)
    return fail(ErrorCode::invalid_argument, fmt::format("confusion matrix of {} classes: 2 to 4096", classes));
  return ConfusionMatrix(classes);
}

Result<ConfusionMatrix> ConfusionMatrix::of_rows(std::span<const std::vector<std::uint64_t>> rows) {
  VULTUS_TRY(ConfusionMatrix matrix, of_classes(rows.size()));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows[row].size() != rows.size())
      return fail(ErrorCode::invalid_argument, fmt::format("confusion matrix: row {} has {} columns, there are {} rows",
                                                           row, rows[row].size(), rows.size()));
    for (std::size_t column = 0; column < rows.size(); ++column)
      matrix.counts_[row * rows.size() + column] = rows[row][column];
  }
  return matrix;
}

Status ConfusionMatrix::add(std::size_t truth, std::size_t prediction) {
  if (truth >= classes_ || prediction >= classes_)
    return fail(ErrorCode::invalid_argument,
                fmt::format("truth {} and prediction {}: there are {} classes, from 0", truth, prediction, classes_));
  ++counts_[truth * classes_ + prediction];
  return {};
}

std::uint64_t ConfusionMatrix::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::uint64_t ConfusionMatrix::support(std::size_t truth) const {
  std::uint64_t sum = 0;
  for (std::size_t prediction = 0; prediction < classes_; ++prediction) sum += at(truth, prediction);
  return sum;
}

std::uint64_t ConfusionMatrix::predicted(std::size_t prediction) const {
  std::uint64_t sum = 0;
  for (std::size_t truth = 0; truth < classes_; ++truth) sum += at(truth, prediction);
  return sum;
}

Result<ClassificationScores> classification_scores(const ConfusionMatrix& matrix) {
  const auto total = static_cast<double>(matrix.total());
  if (total <= 0) return fail(ErrorCode::invalid_argument, "confusion matrix without samples");
  ClassificationScores scores;
  double in_truth = 0;
  double in_either = 0;
  for (std::size_t i = 0; i < matrix.classes(); ++i) {
    const auto hits = static_cast<double>(matrix.at(i, i));
    const auto support = static_cast<double>(matrix.support(i));
    const double both = support + static_cast<double>(matrix.predicted(i));
    if (both <= 0) continue;
    const double f1 = 2 * hits / both;
    scores.accuracy += hits / total;
    scores.wf1 += f1 * support / total;
    scores.uf1 += f1;
    ++in_either;
    if (support <= 0) continue;
    scores.uar += hits / support;
    ++in_truth;
  }
  scores.uar /= in_truth;
  scores.uf1 /= in_either;
  return scores;
}

Result<double> average_binary_f1(const ConfusionMatrix& matrix) {
  if (matrix.classes() != 2 || matrix.total() == 0)
    return fail(ErrorCode::invalid_argument,
                fmt::format("AVGF1 of {} classes and {} samples: needs 2 classes and at least 1 sample",
                            matrix.classes(), matrix.total()));
  double sum = 0;
  for (const std::size_t c : {std::size_t{0}, std::size_t{1}})
    if (const std::uint64_t both = matrix.support(c) + matrix.predicted(c); both > 0)
      sum += 2 * static_cast<double>(matrix.at(c, c)) / static_cast<double>(both);
  return sum / 2;
}

}  // namespace vultus::evaluation

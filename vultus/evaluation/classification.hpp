// Metrics of classifiers from a confusion matrix.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::evaluation {

/// Counts of truth against prediction. Thread-compatible.
class ConfusionMatrix {
 public:
  /// @param classes  [2, 4096]
  /// @error invalid_argument  another number of classes
  [[nodiscard]] static Result<ConfusionMatrix> of_classes(std::size_t classes);
  /// @param rows  rows[truth][prediction], square
  /// @error invalid_argument  rows of different lengths, or a number of classes outside [2, 4096]
  [[nodiscard]] static Result<ConfusionMatrix> of_rows(std::span<const std::vector<std::uint64_t>> rows);

  /// Counts one sample. @error invalid_argument  a label that is not below classes()
  [[nodiscard]] Status add(std::size_t truth, std::size_t prediction);

  [[nodiscard]] std::size_t classes() const { return classes_; }
  [[nodiscard]] std::uint64_t at(std::size_t truth, std::size_t prediction) const {
    return counts_[truth * classes_ + prediction];
  }  ///< both in [0, classes)
  [[nodiscard]] std::uint64_t total() const;
  /// Samples whose truth is this class.
  [[nodiscard]] std::uint64_t support(std::size_t truth) const;
  /// Samples that were called this class.
  [[nodiscard]] std::uint64_t predicted(std::size_t prediction) const;
  bool operator==(const ConfusionMatrix&) const = default;

 private:
  explicit ConfusionMatrix(std::size_t classes) : classes_(classes), counts_(classes * classes, 0) {}
  std::size_t classes_;
  std::vector<std::uint64_t> counts_;
};

/// The usual summary of a confusion matrix, all in [0, 1].
struct ClassificationScores {
  double accuracy = 0;
  double uar = 0;  ///< unweighted average recall: mean over the classes that occur in the truth
  double uf1 = 0;  ///< unweighted F1: mean over the classes that occur in truth or prediction
  double wf1 = 0;  ///< F1 weighted by support
  bool operator==(const ClassificationScores&) const = default;
};

/// Recall TP / support and F1 = 2 TP / (support + predicted) per class, averaged.
/// @error invalid_argument  an empty matrix
/// @thread no state
[[nodiscard]] Result<ClassificationScores> classification_scores(const ConfusionMatrix& matrix);

/// AVGF1: the mean of the F1 of two classes, 0 for a class that occurs neither in truth nor in prediction.
/// @error invalid_argument  another number of classes than 2, or an empty matrix
/// @source Behavioural Ambivalence/Hesitancy challenge
[[nodiscard]] Result<double> average_binary_f1(const ConfusionMatrix& matrix);

}  // namespace vultus::evaluation

// Verification metrics of scored pairs: error rates, curves, thresholds, fold accuracy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/bootstrap.hpp>

namespace vultus::evaluation {

/// Two pictures, the score a system gave them, and the truth.
struct ScoredPair {
  float score = 0;     ///< higher = more alike; a pair with a picture without a face gets -1 and is never dropped
  bool mated = false;  ///< both pictures show one person
  int first = 0;       ///< identity of the first picture, any number
  int second = 0;      ///< identity of the second picture; equal to `first` if and only if mated
  int fold = 0;        ///< fold of the protocol, any number
  bool operator==(const ScoredPair&) const = default;
};

/// Both error rates at a threshold. A pair matches if its score is at or above the threshold.
struct ErrorRates {
  double threshold = 0;
  double fmr = 0;   ///< share of impostor pairs at or above the threshold, [0, 1]
  double fnmr = 0;  ///< share of mated pairs below the threshold, [0, 1]
  bool operator==(const ErrorRates&) const = default;
};

/// Accuracy of one fold at the threshold that the other folds chose.
struct FoldResult {
  int fold = 0;
  double threshold = 0;
  double accuracy = 0;      ///< [0, 1]
  std::uint64_t pairs = 0;  ///< of this fold
  bool operator==(const FoldResult&) const = default;
};

/// Mean and spread over the folds.
struct FoldAccuracy {
  double mean = 0;
  double standard_deviation = 0;  ///< over folds, divisor folds - 1
  double standard_error = 0;      ///< standard_deviation / sqrt(folds)
  std::vector<FoldResult> folds;  ///< by rising fold number
  bool operator==(const FoldAccuracy&) const = default;
};

/// The numbers of verification that get an interval.
struct VerificationMetric {
  enum class Kind : std::uint8_t { fold_accuracy, tar_at_far, equal_error_rate };
  Kind kind = Kind::fold_accuracy;
  double far = 1e-3;  ///< of tar_at_far, (0, 1)
  bool operator==(const VerificationMetric&) const = default;
};

/// Refuses a false match rate that so few impostor pairs cannot show: with no error in n trials the 95 % upper bound is
/// about 3/n.
/// @error invalid_argument  target outside (0, 1), or impostors < 3/target
[[nodiscard]] Status check_measurable(double target_fmr, std::uint64_t impostors);

/// A set of scored pairs, sorted once and asked often. Immutable: share freely between threads.
class Verification {
 public:
  /// @param pairs  at least one mated and one impostor pair, finite scores
  /// @error invalid_argument  a side is missing, a score is not finite, or identities contradict `mated`
  [[nodiscard]] static Result<Verification> of(std::span<const ScoredPair> pairs);

  [[nodiscard]] std::size_t pairs() const { return rows_.size(); }
  [[nodiscard]] std::size_t mated_pairs() const { return mated_; }
  [[nodiscard]] std::size_t impostor_pairs() const { return rows_.size() - mated_; }
  /// Number of distinct identities: the groups of the bootstrap.
  [[nodiscard]] std::size_t persons() const { return persons_; }

  /// Both rates at any threshold. @cost logarithmic
  [[nodiscard]] ErrorRates rates_at(double threshold) const;
  /// One point per distinct score, thresholds rising, and a last point just above the highest score (FMR 0, FNMR 1).
  [[nodiscard]] std::vector<ErrorRates> curve() const;
  /// The smallest observed score whose FMR is at most the target, and the rates there; just above the highest score
  /// where the impostors reach that high.
  /// @error invalid_argument  see check_measurable
  [[nodiscard]] Result<ErrorRates> at_fmr(double target_fmr) const;
  /// Where FMR and FNMR cross, linear between steps.
  [[nodiscard]] double equal_error_rate() const;
  /// Accuracy by fold, each fold at the threshold that is best on the other folds: the middle between two neighbouring
  /// scores of those folds; of equally good ones the lowest. The fold itself has no part in its threshold.
  /// @error invalid_argument  fewer than two folds
  [[nodiscard]] Result<FoldAccuracy> fold_accuracy() const;

  /// A metric with every person counted `weights[i]` times: a mated pair weighs w, a pair of persons i and j w_i * w_j.
  /// No weights = every person once. Persons are numbered by rising identity.
  /// @return nothing where these weights leave no mated or no impostor pair, or no fold to test
  /// @cost linear in the pairs; fold accuracy: pairs times folds
  [[nodiscard]] std::optional<double> value(const VerificationMetric& metric, GroupWeights weights = {}) const;

 private:
  struct Row {
    double score;
    std::uint32_t first;  ///< person, dense
    std::uint32_t second;
    std::uint32_t fold;  ///< dense
    bool mated;
  };
  struct Totals {
    double mated = 0;
    double impostor = 0;
  };
  [[nodiscard]] static double weight_of(const Row& row, GroupWeights weights);
  [[nodiscard]] Totals totals(GroupWeights weights) const;
  [[nodiscard]] std::optional<double> eer(GroupWeights weights) const;
  [[nodiscard]] std::optional<double> tar(double far, GroupWeights weights) const;
  /// The rows that the weights leave, in order, with what they weigh.
  struct Weighed {
    Row row;
    double weight;
  };
  [[nodiscard]] std::vector<Weighed> weighed(GroupWeights weights) const;
  [[nodiscard]] static std::optional<double> threshold_without(std::uint32_t fold, std::span<const Weighed> rows);
  [[nodiscard]] std::vector<FoldResult> test_folds(GroupWeights weights) const;

  std::vector<Row> rows_;         ///< by rising score
  std::vector<double> mated_at_;  ///< scores of mated pairs, rising
  std::vector<double> impostor_at_;
  std::vector<int> fold_names_;  ///< rising
  std::size_t mated_ = 0;
  std::size_t persons_ = 0;
};

/// A metric with its interval: bootstrap over persons, all their pairs kept (see Verification::value).
/// @return name, value, interval, groups, samples, draws and seed are set; protocol and data are the caller's to fill
/// @error invalid_argument  options outside their range, too few impostors for the rate, fewer than two folds
[[nodiscard]] Result<Figure> measure(const Verification& verification, const VerificationMetric& metric,
                                     const BootstrapOptions& options = {});

/// The metric of `a` minus that of `b` on the same pairs, with a paired bootstrap: both see the same draws.
/// @param a, b  the same pairs in the same order; only the scores differ
/// @error invalid_argument  the pairs differ (the first one is named), or as for measure
[[nodiscard]] Result<Figure> measure_difference(std::span<const ScoredPair> a, std::span<const ScoredPair> b,
                                                const VerificationMetric& metric, const BootstrapOptions& options = {});

}  // namespace vultus::evaluation

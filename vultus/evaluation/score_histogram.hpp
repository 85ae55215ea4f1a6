// Error rates of more scores than fit in memory: exact counts in fixed fine bins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/verification.hpp>

namespace vultus::evaluation {

/// Counts scores of [-1, 1] in 65,536 bins of width 2^-15. Every bin edge is a binary fraction, so the count of scores
/// at or above an edge is exact; only thresholds between edges are not resolved. 512 KiB. Thread-compatible: one per
/// thread, then merge; the order of adding and merging has no influence.
class ScoreHistogram {
 public:
  static constexpr std::size_t kBins = 65536;
  static constexpr double kBinWidth = 0x1p-15;

  ScoreHistogram() : counts_(kBins, 0) {}

  /// Counts one score. Scores outside [-1, 1] (rounding of a cosine) go to the nearest end, NaN to rejected().
  /// @cost a multiplication and an increment
  void add(float score);
  void add(std::span<const float> scores);  ///< counts them
  void merge(const ScoreHistogram& other);  ///< adds its counts

  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// Scores that were no numbers; a report with any is wrong.
  [[nodiscard]] std::uint64_t rejected() const { return rejected_; }
  /// Number of scores per bin; bin i holds [edge(i), edge(i + 1)), the last one also 1.
  [[nodiscard]] std::span<const std::uint64_t> bins() const { return counts_; }
  /// Lower edge of a bin. @param bin  [0, kBins]; edge(kBins) = 1
  [[nodiscard]] static double edge(std::size_t bin) { return static_cast<double>(bin) * kBinWidth - 1; }
  /// Share of the scores at or above a threshold, [0, 1]; 0 of nothing. Exact where the threshold is an edge; between
  /// edges it is the share at the edge below, so a false match rate is never understated.
  [[nodiscard]] double share_from(double threshold) const;
  bool operator==(const ScoreHistogram&) const = default;

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  std::uint64_t rejected_ = 0;
};

/// The lowest bin edge whose FMR is at most the target, with the rates there. The edge lies at most one bin width
/// (3.1e-5) above the point from which on the target holds.
/// @param mated  may be empty: then fnmr is 0 and means nothing
/// @error invalid_argument  target outside (0, 1), fewer than 3/target impostors, rejected scores, or so many scores of
/// 1
///                          that no threshold reaches the target
[[nodiscard]] Result<ErrorRates> at_fmr(const ScoreHistogram& mated, const ScoreHistogram& impostors,
                                        double target_fmr);

/// One point per edge at which a rate changes, thresholds rising, from accepting all to the highest occupied bin.
/// @error invalid_argument  a side is empty or holds rejected scores
[[nodiscard]] Result<std::vector<ErrorRates>> curve(const ScoreHistogram& mated, const ScoreHistogram& impostors);

/// Where FMR and FNMR cross, linear between the points of the curve.
/// @error invalid_argument  as for curve
[[nodiscard]] Result<double> equal_error_rate(const ScoreHistogram& mated, const ScoreHistogram& impostors);

/// The impostor pairs of a large comparison that score high enough to matter, kept one by one, so that the false match
/// rate of a threshold gets an interval over persons although the millions below are only counted. Thread-compatible.
class ImpostorTail {
 public:
  /// @param floor              scores below it are only counted, [-1, 1]
  /// @param images_of_person   compared pictures of each person; every pair of pictures of two persons is compared once
  /// @error invalid_argument   floor outside [-1, 1], or fewer than two persons with pictures
  [[nodiscard]] static Result<ImpostorTail> of(float floor, std::vector<std::uint32_t> images_of_person);

  /// Keeps a pair that reaches the floor. @param first, second  persons, different, below images_of_person.size()
  void add(float score, std::uint32_t first, std::uint32_t second) {
    if (score >= floor_) kept_.push_back({score, first, second});
  }
  /// Adds what another one with the same persons and floor has kept.
  void merge(const ImpostorTail& other);

  [[nodiscard]] std::size_t kept() const { return kept_.size(); }
  /// All impostor pairs: (N^2 - sum n_p^2) / 2 for N pictures, n_p of person p.
  [[nodiscard]] std::uint64_t impostor_pairs() const;
  /// False match rate at a threshold with its interval: bootstrap over persons, a pair of persons i and j weighs w_i
  /// w_j.
  /// @param threshold  at or above the floor
  /// @error invalid_argument  threshold below the floor, options outside their range, or a person number out of range
  /// @cost kept pairs at the threshold times draws
  [[nodiscard]] Result<Figure> fmr(double threshold, const BootstrapOptions& options = {}) const;

 private:
  struct Kept {
    float score;
    std::uint32_t first;
    std::uint32_t second;
  };
  ImpostorTail(float floor, std::vector<std::uint32_t> images) : floor_(floor), images_(std::move(images)) {}
  [[nodiscard]] double pairs_with(GroupWeights weights) const;

  float floor_;
  std::vector<std::uint32_t> images_;
  std::vector<Kept> kept_;
};

}  // namespace vultus::evaluation

// Every picture against every other: the threshold for a wanted false match rate, and how sure everything is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/score_histogram.hpp>

namespace vultus::evaluation {

/// The score of two pictures by their numbers, in [-1, 1] up to rounding; called by several threads at once.
using ScoreOfPair = std::function<float(std::size_t first, std::size_t second)>;

struct AllPairsOptions {
  double target_fmr = 1e-3;  ///< (0, 1)
  int threads = 1;           ///< [1, 256]; their number does not change the result
  std::uint64_t seed = 1;    ///< of the halves that persons are put into
};

/// Both kinds of pairs of one half of the persons, counted.
struct PairHistograms {
  ScoreHistogram mated;
  ScoreHistogram impostors;
};

/// Rates of one group of persons at the threshold of all.
struct GroupRates {
  std::string name;
  std::int64_t persons = 0;
  std::int64_t pictures = 0;
  std::uint64_t impostor_pairs = 0;  ///< of two persons of the group
  std::uint64_t mated_pairs = 0;
  std::uint64_t false_matches = 0;
  std::uint64_t false_non_matches = 0;
  std::optional<Figure> fmr;   ///< empty: the group has no pair of two persons
  std::optional<Figure> fnmr;  ///< empty: fewer than two people of the group have two pictures
};

/// The share of hits among trials that belong to persons, with its interval: bootstrap over persons.
/// @param hits, trials  of each person; hits <= trials
/// @return without an interval where more than 5 % of the draws have no trial
/// @error invalid_argument  options outside their range, or as many hits as trials are not given
[[nodiscard]] Result<Figure> share_over_persons(std::string name, std::span<const std::uint32_t> hits,
                                                std::span<const std::uint64_t> trials,
                                                const BootstrapOptions& options = {});

/// All pairs of some pictures at the operating point of a wanted false match rate. Pictures of one person are mated
/// pairs, all others impostor pairs. Immutable: share freely between threads.
class AllPairs {
 public:
  /// @param person_of  person of each picture, any numbers
  /// @error invalid_argument  a target that so few impostor pairs cannot show (it tells how many there are, how many
  /// are
  ///                          needed and the smallest rate that they support), a score that is not a number, or so many
  ///                          equal scores at the top that no threshold reaches the target
  /// @error cancelled         stop was requested
  /// @cost two passes over n (n - 1) / 2 scores
  static Result<AllPairs> of(std::span<const std::uint32_t> person_of, const ScoreOfPair& score,
                             const AllPairsOptions& options, const std::stop_token& stop = {});

  [[nodiscard]] std::size_t pictures() const { return person_.size(); }
  [[nodiscard]] std::size_t persons() const { return images_.size(); }
  [[nodiscard]] std::uint64_t impostor_pairs() const { return all_.impostors.count(); }
  [[nodiscard]] std::uint64_t mated_pairs() const { return all_.mated.count(); }
  [[nodiscard]] const PairHistograms& histograms() const { return all_; }
  /// Pairs within one half of the persons, which is drawn by the seed; pairs across the halves are in neither.
  /// @param which  0 or 1
  [[nodiscard]] const PairHistograms& half(std::size_t which) const { return halves_.at(which); }

  /// The smallest observed score whose false match rate is at most the target, just above the highest one where the
  /// impostors reach that high.
  [[nodiscard]] float threshold() const { return threshold_; }
  [[nodiscard]] std::uint64_t false_matches() const { return matches_.size(); }
  /// Rates at the threshold, with intervals: bootstrap over persons. A person drawn w times counts w times in mated
  /// pairs; a pair of persons i and j counts w_i w_j times. Copies of one person are never compared with each other:
  /// that would be a picture against itself. Where more than 5 % of the draws have no pair left the interval is empty.
  /// @error invalid_argument  options outside their range
  [[nodiscard]] Result<Figure> fmr(const BootstrapOptions& options = {}) const;
  /// @return nothing where fewer than two people have two pictures
  [[nodiscard]] Result<std::optional<Figure>> fnmr(const BootstrapOptions& options = {}) const;
  /// Share of the pictures that resemble some other person at the threshold: what a stranger meets in a gallery of all
  /// the others. The interval draws the persons of the probes and keeps the gallery.
  [[nodiscard]] Result<Figure> fpir(const BootstrapOptions& options = {}) const;
  /// The rates within groups of persons.
  /// @param group_of  for each of the persons, in the rising order of their numbers, its group; names.size() or more =
  ///                  in none
  [[nodiscard]] Result<std::vector<GroupRates>> groups(std::span<const std::uint32_t> group_of,
                                                       std::span<const std::string> names,
                                                       const BootstrapOptions& options = {}) const;

 private:
  struct Pair {
    float score;
    std::uint32_t first;  ///< picture
    std::uint32_t second;
  };
  AllPairs() = default;
  Status number(std::span<const std::uint32_t> person_of);
  Status count(const ScoreOfPair& score, const AllPairsOptions& options, const std::stop_token& stop);
  Status choose(const ScoreOfPair& score, const AllPairsOptions& options, const std::stop_token& stop);
  [[nodiscard]] Status check_target(double target) const;
  [[nodiscard]] Result<GroupRates> group(std::uint32_t which, std::string name, std::span<const std::uint32_t> group_of,
                                         const BootstrapOptions& options) const;

  std::vector<std::uint32_t> person_;  ///< of each picture, dense, in the order of the numbers given
  std::vector<std::uint32_t> images_;  ///< pictures of each person
  std::vector<std::uint8_t> half_of_;  ///< of each person
  PairHistograms all_;
  std::vector<PairHistograms> halves_;
  float threshold_ = 0;
  std::vector<Pair> matches_;               ///< impostor pairs at or above the threshold
  std::vector<std::uint32_t> mated_below_;  ///< of each person: pairs below the threshold
};

}  // namespace vultus::evaluation

// The LFW verification protocol (View 2), and the threshold table of a preset from all pairs of its pictures.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <vultus/engine/engine.hpp>
#include <vultus/evaluation/lfw.hpp>
#include <vultus/evaluation/verification.hpp>

namespace vultus::engine {

/// A figure with its 95 % interval from a bootstrap over identities.
struct WithInterval {
  double value = 0;
  std::optional<evaluation::Interval> interval;  ///< empty where the data has too few persons for one
};

struct LfwResult {
  std::int64_t pairs = 0;
  std::int64_t pictures = 0;
  std::int64_t identities = 0;
  double accuracy = 0;      ///< mean over the ten folds, each with the threshold of the other nine
  double accuracy_std = 0;  ///< standard error of that mean over the folds
  WithInterval accuracy_interval;
  WithInterval eer;
  std::optional<WithInterval> tar_at_far_1e2;  ///< empty: fewer than 300 impostor pairs cannot show such a rate
  std::optional<WithInterval> tar_at_far_1e3;  ///< empty: fewer than 3000 impostor pairs cannot show such a rate
  std::vector<std::string> without_face;       ///< pictures whose pairs scored -1
  std::vector<evaluation::ScoredPair> scores;
  double seconds = 0;  ///< of looking at the pictures
  std::string pairs_sha256;
};

struct LfwOptions {
  std::string images;      ///< folder of NAME/NAME_0001.jpg
  std::string pairs;       ///< file in the format of pairs.txt
  std::uint64_t seed = 1;  ///< of the bootstrap
  int draws = 1000;
  bool all_pairs = false;  ///< also score every pair of pictures, for threshold tables
};

/// One row of a threshold table, from all pairs of different people among the pictures.
struct AllPairsRow {
  double fmr = 0;
  double threshold = 0;
  double tar = 0;
  std::int64_t impostors_above = 0;
};

struct LfwRun {
  LfwResult result;
  std::int64_t impostor_pairs = 0;  ///< of all pairs; 0 unless asked for
  std::int64_t genuine_pairs = 0;
  std::vector<AllPairsRow> all_pairs;
};

/// What one run has more than another on the same pairs; the sign is part of the answer.
struct LfwDifference {
  WithInterval accuracy;
  WithInterval eer;
  std::optional<WithInterval> tar_at_far_1e2;
  std::optional<WithInterval> tar_at_far_1e3;
};

/// @param a, b  runs of the same pairs
/// @return the numbers of `a` less those of `b`, with intervals of a bootstrap over persons in which both see the same
///         draws
/// @error invalid_argument  the pairs differ
/// @thread no state
[[nodiscard]] Result<LfwDifference> compare_lfw(const LfwResult& a, const LfwResult& b, const LfwOptions& options);

/// @param progress  gets the number of pictures done and of all
/// @error not_found, corrupt_data  pairs file or a picture that it names; cancelled
Result<LfwRun> run_lfw(const Engine& engine, const LfwOptions& options,
                       const std::function<void(std::size_t, std::size_t)>& progress, const std::stop_token& stop = {});

}  // namespace vultus::engine

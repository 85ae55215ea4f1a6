// Open-set identification on random splits of people: some are enrolled, the others are strangers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/all_pairs.hpp>
#include <vultus/evaluation/identification.hpp>

namespace vultus::evaluation {

struct IdentificationOptions {
  int splits = 20;              ///< [1, 1000]
  std::uint64_t seed = 1;       ///< the same seed gives the same splits on every machine
  double enrolled_share = 0.5;  ///< of the people who have two pictures, (0, 1)
  int threads = 1;              ///< [1, 256]; their number does not change the result
};

/// Who is what in one split: one picture of each enrolled person is the gallery, their other pictures are mated probes,
/// and all pictures of all other people are strangers.
struct IdentificationSplit {
  std::vector<std::uint32_t> gallery;    ///< pictures, each of another person
  std::vector<std::uint32_t> mated;      ///< pictures
  std::vector<std::uint32_t> strangers;  ///< pictures
};

/// The splits. A picture that cannot be compared (no face was found) is never the one of the gallery, and stays a
/// probe; a person without any other is a stranger.
/// @param person_of  person of each picture, any numbers
/// @param usable     of each picture: whether it can be compared
/// @error invalid_argument  an option outside its range, no two people with a usable and another picture, or no
/// stranger
[[nodiscard]] Result<std::vector<IdentificationSplit>> identification_splits(std::span<const std::uint32_t> person_of,
                                                                             const std::vector<bool>& usable,
                                                                             const IdentificationOptions& options);

/// Searches each probe in the gallery of its split. An unusable one scores -1 with everybody, a rank behind all.
/// @param score  of two usable pictures; called by several threads
/// @return mated probes first, then strangers, each in the order of the split
[[nodiscard]] std::vector<ProbeResult> search_split(const IdentificationSplit& split,
                                                    std::span<const std::uint32_t> person_of,
                                                    const std::vector<bool>& usable, const ScoreOfPair& score);

/// Searches all splits, spread over threads.
/// @error cancelled  stop was requested; invalid_argument  as for Identification::of
[[nodiscard]] Result<std::vector<Identification>> search_splits(std::span<const IdentificationSplit> splits,
                                                                std::span<const std::uint32_t> person_of,
                                                                const std::vector<bool>& usable,
                                                                const ScoreOfPair& score, int threads,
                                                                const std::stop_token& stop = {});

/// A value over the splits: their mean, and the middle 95 % of them. The splits share people, so this is how much the
/// choice of people matters, not an interval for other data.
struct OverSplits {
  double mean = 0;
  double low = 0;
  double high = 0;
};

/// @param values  at least one
[[nodiscard]] OverSplits over_splits(std::vector<double> values);

/// Detection and identification rate: the share of mated probes whose own subject comes first and reaches the threshold
/// at which the share of strangers with a name is at most `fpir`.
/// @return nothing where a split has fewer than 3 / fpir strangers, who cannot show such a rate
[[nodiscard]] std::optional<OverSplits> dir_at_fpir(std::span<const Identification> splits, double fpir);

/// Share of mated probes whose own subject comes first, whatever its score.
[[nodiscard]] OverSplits rank_one(std::span<const Identification> splits);

}  // namespace vultus::evaluation

// Who is trained on and who is tested: splits of a table of samples that keep groups of samples together.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/table.hpp>

namespace vultus::evaluation {

enum class Part : std::uint8_t { unused, train, validation, test };
/// As tables write it.
[[nodiscard]] std::string_view name_of(Part part);
/// @error invalid_argument  another word than train, validation (or val), test, unused
[[nodiscard]] Result<Part> part_of(std::string_view name);

struct Fold {
  std::string name;         ///< e.g. "fold 3", or the group that is left out
  std::vector<Part> parts;  ///< of each sample
  bool operator==(const Fold&) const = default;
};

struct Split {
  std::string kind;               ///< e.g. "group k-fold"
  std::vector<std::string> keys;  ///< columns whose groups are kept together
  std::uint64_t seed = 0;         ///< 0 where nothing was drawn
  std::vector<Fold> folds;
  std::string sha256;  ///< of kind, ids and parts: the same split has the same hash on every machine
  bool operator==(const Split&) const = default;
};

/// Shares of the samples.
struct SplitShares {
  double train = 0.7;
  double validation = 0.1;
  double test = 0.2;
};

/// One fold; no group of `key` (subject, session, source clip ...) in two parts. Groups come in falling size, those of
/// one size in drawn order; each goes to the part that is farthest below its share. A part whose share is so small that
/// none comes to it gets the last group of a part that has two.
/// @param id   column of the samples' names, for the hash
/// @error invalid_argument  shares below 0 or not summing to 1 within 1e-9, no such column, fewer groups than parts
/// @error corrupt_data      a sample without group or id
/// @thread no state
[[nodiscard]] Result<Split> exclusive_split(const Table& samples, const std::string& id, const std::string& key,
                                            const SplitShares& shares, std::uint64_t seed);

/// k folds, each tested once; the largest group first into the smallest fold, equal ones by name.
/// @param folds  [2, number of groups]
/// @error as exclusive_split
[[nodiscard]] Result<Split> group_k_fold(const Table& samples, const std::string& id, const std::string& key,
                                         std::size_t folds);

/// One fold a group, which is tested: LOSO for subjects, leave-one-dataset-out for data sets.
/// @error as exclusive_split; fewer than 2 groups
[[nodiscard]] Result<Split> leave_one_out(const Table& samples, const std::string& id, const std::string& key);

/// k x k folds by two keys at once (say speaker and film): fold (i, j) tests what lies in block i of the first key and
/// in block j of the second, trains on what lies in neither, and leaves the rest alone. Every sample is tested once.
/// @error as group_k_fold
[[nodiscard]] Result<Split> double_blocked(const Table& samples, const std::string& id,
                                           const std::array<std::string, 2>& keys, std::size_t folds);

/// The parts that the table itself names: train, validation, test or unused in each row.
/// @error as exclusive_split; another word in the column, or no sample to train on or to test
[[nodiscard]] Result<Split> official_split(const Table& samples, const std::string& id, const std::string& column);

/// The hash of a split, as in Split::sha256.
/// @error as exclusive_split, or a fold of another length than the table
[[nodiscard]] Result<std::string> split_hash(const Table& samples, const std::string& id, const Split& split);

}  // namespace vultus::evaluation

// What of the test data was seen in training? Looks through a split before anything is measured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/split.hpp>
#include <vultus/evaluation/table.hpp>

namespace vultus::evaluation {

enum class LeakKind : std::uint8_t {
  group,           ///< a group of a declared key in two parts
  clip,            ///< windows of one clip or trial in two parts: segment shuffle
  near_duplicate,  ///< the same bytes, or picture hashes that differ in few bits
  copy,            ///< an oversampled or augmented copy of an item of another part
  fitted,          ///< normaliser, vocabulary, PCA or threshold fitted on tested samples
  pretrained,      ///< an encoder that has seen a tested group
  chosen_on_test,  ///< a checkpoint or setting chosen by its result on the test part
  partner,         ///< the partners of a dyad in different parts
  small_class,     ///< a class with few samples; a warning
  single_class,    ///< a part of a fold with one class alone; a warning
};
/// As reports write it.
[[nodiscard]] std::string_view name_of(LeakKind kind);

/// Something that was fitted, and on what.
struct FittedPart {
  std::string what;                  ///< e.g. "normaliser", "vocabulary", "PCA", "threshold"
  std::string fold;                  ///< name of the fold it belongs to; empty = used in all of them
  std::vector<Part> parts;           ///< parts of the fold that it was fitted on
  std::vector<std::string> samples;  ///< and samples, by id
};

/// An encoder and the groups that it was trained on before.
struct PretrainedPart {
  std::string what;  ///< name of the encoder
  std::string key;   ///< column of the groups
  std::vector<std::string> groups;
};

/// Which column tells what; an empty name = the table does not have it, and that row of the audit says so.
struct LeakageColumns {
  std::string id = "file";
  std::vector<std::string> keys;  ///< beside those of the split
  std::string clip;               ///< trial or clip that a window was cut from
  std::string dyad;               ///< of two partners
  std::string copy_of;            ///< id of the item that this one was made from; empty fields = an original
  std::string picture_hash;       ///< 64 bits as 16 hexadecimal digits; empty fields = none
  std::string bytes_hash;         ///< any text that is equal for equal files; empty fields = none
  std::string label;
};

struct LeakageOptions {
  LeakageColumns columns;
  std::vector<FittedPart> fitted;
  std::vector<PretrainedPart> pretrained;
  std::vector<Part> chosen_on;  ///< parts on whose results checkpoint and settings were chosen
  /// The protocol is wanted although windows of one clip are shuffled over its parts: the finding stays, as a banner.
  bool leaky = false;
  int picture_distance = 4;          ///< bits, [0, 16]: up to this pictures are near-duplicates
  std::size_t least_per_class = 10;  ///< fewer samples of a class are warned of
};

struct LeakFinding {
  LeakKind kind = LeakKind::group;
  bool refuses = true;             ///< else a warning
  std::string fold;                ///< empty: concerns the table as a whole
  std::string message;             ///< one sentence
  std::size_t count = 0;           ///< groups, pairs or samples that are concerned
  std::vector<std::string> items;  ///< the first 20 of them
  bool operator==(const LeakFinding&) const = default;
};

struct LeakageReport {
  std::vector<LeakFinding> findings;
  std::vector<LeakKind> checked;       ///< rows that could be looked at
  std::vector<LeakKind> not_checked;   ///< rows for which the table or the protocol says nothing
  bool leaky = false;                  ///< a leak of windows was let through by wish: every report carries the banner
  [[nodiscard]] bool refused() const;  ///< nothing may be measured with this split
};

/// Goes through every row of the audit. A split is refused for anything but warnings: of classes, and of an encoder
/// none of whose groups is in the table.
/// @error invalid_argument  a column, fold or sample that is not there; picture_distance out of range; something fitted
///                          on no part and no sample, an encoder trained on no group
/// @error corrupt_data      an empty group, a picture hash that is not 16 hexadecimal digits, copies in a circle
/// @thread no state
/// @cost near-duplicates: hashes meet in chunks of equal bits, so that not all pairs are compared
[[nodiscard]] Result<LeakageReport> audit_split(const Table& samples, const Split& split,
                                                const LeakageOptions& options);

}  // namespace vultus::evaluation

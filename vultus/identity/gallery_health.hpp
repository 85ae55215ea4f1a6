// What is wrong with a gallery: faces under a wrong name, one person under two names, faces that say little, people who
// are taken for others, and what has been left undone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/core/units.hpp>
#include <vultus/gallery/gallery.hpp>

namespace vultus::identity {

/// What a finding is. name_of() gives the code that scripts see.
enum class HealthCode : std::uint8_t {
  mislabelled,             ///< a face matches another subject, and its own subject less
  same_person,             ///< two subjects resemble each other like one person's faces; twins may, too
  lookalikes,              ///< two subjects match, but less than one person's faces: relatives, or twins
  same_picture,            ///< copies of one picture under two names
  matches_other,           ///< a face matches another subject, and its own at least as well
  two_people,              ///< the faces of a subject fall into groups that do not match each other
  faces_disagree,          ///< no two faces of a subject match each other
  closer_to_other,         ///< a face matches none of its subject's, and is nearer to another subject
  lonely,                  ///< a face matches none of its subject's
  low_quality,             ///< measured when the face was enrolled
  too_small,               ///< few pixels between the eyes
  attracts_false_matches,  ///< a subject that many others are taken for
  search_misses,           ///< the search that is used misses more than it should
  calibration_stale,       ///< the gallery has grown since it was calibrated
  not_calibrated,          ///< answers rest on the preset's numbers
  retention_over,          ///< a subject or face should have been removed by now
  no_consent,              ///< no reference of a consent is recorded
  no_retention,            ///< no date of removal is recorded
};

/// "mislabelled", "same_person", ...
[[nodiscard]] std::string_view name_of(HealthCode code);

/// How much a finding matters.
enum class HealthWeight : std::uint8_t {
  problem,  ///< answers are wrong because of it
  look,     ///< a person should look at it
  note,     ///< to be known
};

/// "problem", "look", "note"
[[nodiscard]] std::string_view name_of(HealthWeight weight);
/// How grave a finding of this kind is.
[[nodiscard]] HealthWeight weight_of(HealthCode code);

/// A subject and one of its faces, as a finding names them.
struct HealthPlace {
  SubjectId subject;
  std::string name;
  std::optional<FaceId> face;  ///< empty = the subject as a whole
  bool operator==(const HealthPlace&) const = default;
};

/// One thing that was found.
struct HealthFinding {
  HealthCode code{};
  std::optional<HealthPlace> at;     ///< empty = the gallery as a whole
  std::optional<HealthPlace> other;  ///< the subject or face that it conflicts with, or is nearest to
  double value = 0;                  ///< what was measured; the unit depends on the code, see docs/gallery-health.md
  double limit = 0;                  ///< what it was held against
  std::optional<Cosine> own;         ///< to the nearest other face of the subject; empty = there is none
  std::string text;                  ///< one sentence for people
  std::vector<std::vector<std::string>> mend;  ///< commands behind `vultus`, word for word; empty = none
};

/// The similarities that faces are held against.
struct HealthLimits {
  Cosine match;                 ///< from here on two faces count as one person's
  Cosine conflict;              ///< a face of another subject that is as near as this is a conflict
  Cosine weak_conflict;         ///< the same for a face that does not match its own subject
  Cosine copy{0.97F};           ///< from here on two faces are one picture; docs/quality.md, duplicate_of
  double expected = 0.005;      ///< share of the faces of a clean gallery that reach `conflict` by chance
  double weak_expected = 0.05;  ///< the same for `weak_conflict`
  float quality = 0.3F;         ///< low_quality below, [0, 1]
  float inter_eye_px = 10;      ///< too_small below, pixels
  double recall = 0.995;        ///< search_misses below
  /// Expected share of false findings among the subjects called attracting (Benjamini and Hochberg's q), (0, 1).
  double attracting_q = 0.01;
};

struct HealthOptions {
  HealthLimits limits;
  int threads = 1;                   ///< [1, 256]
  std::uint64_t seed = 1;            ///< of the samples
  std::size_t references = 1000;     ///< people that each subject is compared with as a stranger, [2, 10000]
  std::size_t recall_probes = 1000;  ///< faces that searches are tried with, [1, 100000]
  UtcTime now{};                     ///< what retention dates are compared with
  /// Where the comparison of all faces is kept when it is interrupted; empty = nowhere. Removed at the end.
  std::filesystem::path state;
};

/// How often a way of searching finds what comparing everything finds, with faces of the gallery that are left out.
struct SearchRecall {
  SearchMethod method{};
  /// What `method` is for one probe in this gallery; of shards, each takes its own: empty where that is automatic.
  std::optional<SearchMethod> used = std::nullopt;
  double at_1 = 0;   ///< share of probes whose nearest subject is found
  double at_10 = 0;  ///< share of the ten nearest subjects that are found
};

struct HealthReport {
  std::int64_t subjects = 0;
  std::int64_t faces = 0;
  std::vector<HealthFinding> findings;  ///< by code, the clearest first
  HealthLimits limits;
  /// Faces that a clean gallery of this size is expected to show as conflicts by chance.
  double expected_conflicts = 0;
  std::vector<SearchRecall>
      recall;  ///< automatic, bytes, cascade, and cells where there are some; empty where there are no two subjects
  std::size_t recall_probes = 0;
  std::optional<SearchCells> cells = std::nullopt;  ///< of the gallery, where it has some
  std::int64_t reused = 0;                          ///< faces whose comparison an earlier, interrupted run had done
};

/// Gets what is being done, how much of it is done, and how much there is.
using HealthProgress = std::function<void(std::string_view what, std::size_t done, std::size_t total)>;

/// Examines a gallery through its public face; nothing is changed. The same gallery, options and seed give the same
/// report on any number of threads.
/// @error invalid_argument  an option outside its range
/// @error cancelled         stop was requested; what was compared is kept in `state`. Else the errors of the gallery
/// @cost compares every face with all others, by bytes and then exactly; memory a few hundred bytes a face
[[nodiscard]] Result<HealthReport> examine_gallery(const Gallery& gallery, const HealthOptions& options,
                                                   const HealthProgress& progress = {},
                                                   const std::stop_token& stop = {});

}  // namespace vultus::identity

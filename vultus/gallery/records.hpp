// What a gallery keeps: subjects, their faces, and where each face came from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/decision.hpp>
#include <vultus/core/embedding.hpp>
#include <vultus/core/geometry.hpp>
#include <vultus/core/ids.hpp>
#include <vultus/core/units.hpp>
#include <vultus/gallery/audit_note.hpp>
#include <vultus/gallery/search_index.hpp>
#include <vultus/gallery/utc_time.hpp>

namespace vultus {

inline constexpr std::size_t kMaxNameBytes = 256;
inline constexpr std::size_t kMaxTextBytes = 65536;         ///< of notes, tags, a source path
inline constexpr std::size_t kMaxThumbnailBytes = 1 << 20;  ///< 1 MiB

/// The embedder that a gallery is bound to.
struct GalleryModel {
  ModelId id;
  int dimension = 0;   ///< values per template, [1, Embedding::kMaxDimension]
  std::string sha256;  ///< of the model file, 64 lower-case hex digits; empty = not known
  std::string preset;  ///< name of the preset that it came with; empty = none
  bool operator==(const GalleryModel&) const = default;
};

/// What the bytes of a thumbnail are. The gallery does not look inside.
enum class ThumbnailFormat : std::uint8_t { jpeg, encrypted };

struct Thumbnail {
  ThumbnailFormat format = ThumbnailFormat::jpeg;
  std::vector<std::byte> bytes;  ///< 1 to kMaxThumbnailBytes
  bool operator==(const Thumbnail&) const = default;
};

/// Where a template came from and how good the face was.
struct FaceDetails {
  std::optional<Score> quality;         ///< overall, [0, 1]
  std::optional<float> inter_eye_px;    ///< distance of the eye centres, pixels
  std::optional<Score> detection;       ///< of the detector, [0, 1]
  std::string source;                   ///< path as the user named it; empty = not known
  std::string source_sha256;            ///< of the file, 64 lower-case hex digits; empty = not known
  std::optional<RectF> box;             ///< pixels of the upright picture
  std::optional<UtcTime> retain_until;  ///< the face is to be removed then
  bool operator==(const FaceDetails&) const = default;
};

/// A face to be enrolled. The subject is made if no one has the name yet.
struct NewFace {
  std::string subject;
  Embedding embedding;
  FaceDetails details = {};
  std::optional<Thumbnail> thumbnail = std::nullopt;
};

/// What became of a NewFace.
struct EnrolOutcome {
  FaceId face;
  SubjectId subject;
  bool already_there = false;  ///< the same face was enrolled before; `face` is that one and nothing was added
  bool operator==(const EnrolOutcome&) const = default;
};

/// What became of a subject that was to be added.
struct SubjectOutcome {
  SubjectId subject;
  bool already_there = false;  ///< somebody had the name before; nothing was added
  bool operator==(const SubjectOutcome&) const = default;
};

/// A face of the gallery, without its template and thumbnail.
struct EnrolledFace {
  FaceId id;
  SubjectId subject;
  UtcTime enrolled;
  FaceDetails details;
  std::optional<ThumbnailFormat> thumbnail;  ///< empty = none is stored
  bool operator==(const EnrolledFace&) const = default;
};

/// What is known of a person beside the faces. The texts are the user's own; the gallery gives them no meaning.
struct SubjectDetails {
  std::string external_id;              ///< in the user's other system; empty = none
  std::vector<std::string> tags;        ///< UTF-8
  std::string consent;                  ///< reference of the consent; empty = not recorded
  std::string purpose;                  ///< what the faces may be used for; empty = not recorded
  std::optional<UtcTime> retain_until;  ///< the subject is to be removed then
  std::string notes;
  bool operator==(const SubjectDetails&) const = default;
};

struct Subject {
  SubjectId id;
  std::string name;
  UtcTime created;
  std::int64_t faces = 0;
  SubjectDetails details;
  bool operator==(const Subject&) const = default;
};

/// The rows that a table of a calibration may have.
inline constexpr std::size_t kMaxCalibrationRows = 64;

/// An operating point that was measured on this gallery or on a cohort for it, and what is known of it.
/// Of `at` only threshold, false_match_rate and source are kept.
struct Calibration {
  OperatingPoint at;          ///< the rate is the one that was seen at the threshold
  std::int64_t subjects = 0;  ///< in the gallery when it was measured; written by the gallery
  UtcTime made{};             ///< written by the gallery

  std::optional<double> target = std::nullopt;    ///< the false match rate that was wanted, (0, 1)
  std::optional<double> fmr_low = std::nullopt;   ///< 95 % interval of the rate over persons, [0, 1]
  std::optional<double> fmr_high = std::nullopt;  ///< both ends or none
  std::optional<double> fnmr = std::nullopt;      ///< share of pairs of one person below the threshold, [0, 1]
  std::optional<double> fpir = std::nullopt;      ///< share of strangers that got a name, [0, 1]
  std::int64_t impostor_pairs = 0;                ///< of different people
  std::int64_t mated_pairs = 0;                   ///< of one person
  std::optional<LogisticCurve> logistic = std::nullopt;
  std::optional<LogisticCurve> search_logistic = std::nullopt;
  std::optional<double> ece = std::nullopt;  ///< expected calibration error on persons left out, [0, 1]
  std::string data_sha256 = {};              ///< of the templates it was measured on; empty = not known
  /// Thresholds for other rates, rates falling and thresholds rising; at most kMaxCalibrationRows.
  std::vector<ThresholdRow> rows = {};
  bool operator==(const Calibration&) const = default;
};

struct GalleryInfo {
  std::string path;
  GalleryModel model;
  int version = 0;  ///< of the file's schema
  UtcTime created;
  std::int64_t subjects = 0;
  std::int64_t faces = 0;
  bool writable = false;
  bool encrypted = false;
  AuditLevel audit = AuditLevel::changes;  ///< what its log keeps
  bool frozen = false;      ///< lies in a place that cannot be written: changes by other processes are not seen
  int shards = 0;           ///< 0 = not sharded
  int shards_answered = 0;  ///< of them, those whose faces are searched
  /// Faces whose templates are in the memory of this process; the others are searched by search nodes.
  std::int64_t templates_here = 0;
  bool sql_searchable = false;  ///< SQL clients search its templates, which are kept in plain for them
  /// Absent: there are no cells. Of shards the sum of their cells, and the worst of what was measured in one.
  std::optional<SearchCells> cells = {};
  /// How one probe is searched where no method is named; automatic: each shard takes its own.
  SearchMethod search = SearchMethod::automatic;
};

/// What a check of the file found.
struct GalleryCheck {
  std::int64_t subjects = 0;
  std::int64_t faces = 0;
  std::vector<std::string> findings;  ///< one sentence each; empty = sound
  std::vector<std::string> notes;     ///< no damage, but to be known: what was interrupted, what cannot be looked at
  /// Absent: nothing is encrypted. False: no key was given, so what is sealed was not opened: bytes that were altered
  /// together with their checksum are not found.
  std::optional<bool> sealed_values_checked = {};
  [[nodiscard]] bool sound() const { return findings.empty(); }
};

}  // namespace vultus

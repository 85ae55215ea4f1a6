// Rows of a gallery as they lie in a store: plain, or sealed by the codec between facade and store. Private to this
// room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/ids.hpp>
#include <vultus/gallery/records.hpp>
#include <vultus/gallery/utc_time.hpp>

namespace vultus::gallery {

/// Number of a write transaction: greater than that of every transaction that was committed before. 0 = none.
using Sequence = std::int64_t;
/// `models.id` in the store. It has no meaning outside.
using ModelRowId = std::int64_t;

using Bytes = std::vector<std::byte>;

/// Texts that are empty are absent, in the plain and in the sealed form. [sealed] = a sealed gallery keeps it sealed.
struct SubjectRow {
  SubjectId id;
  std::string name;      ///< [sealed]
  std::string name_key;  ///< what equality of names is decided by, unique: the name, or a keyed hash of it
  UtcTime created{};
  std::string external_id;  ///< [sealed]
  std::string tags;         ///< [sealed] JSON list of texts; empty = no tags
  std::string consent;      ///< [sealed]
  std::string purpose;      ///< [sealed]
  std::optional<UtcTime> retain_until = std::nullopt;
  std::string notes;       ///< [sealed]
  Sequence changed = 0;    ///< written by the store: the transaction that changed the row last
  std::int64_t faces = 0;  ///< counted by the store when it reads; not part of the row
  bool operator==(const SubjectRow&) const = default;
};

struct FaceRow {
  FaceId id;
  SubjectId subject;
  UtcTime enrolled{};
  std::optional<UtcTime> retain_until = std::nullopt;
  std::optional<double> quality = std::nullopt;
  std::optional<double> inter_eye_px = std::nullopt;
  std::optional<double> detection = std::nullopt;
  std::string source;         ///< [sealed] the bytes of a path, which need not be UTF-8
  std::string source_sha256;  ///< [sealed]
  std::string source_key;     ///< what equality of sources is decided by: source_sha256, or a keyed hash of it
  std::optional<RectF> box = std::nullopt;
  Sequence changed = 0;                                     ///< written by the store
  std::optional<ThumbnailFormat> thumbnail = std::nullopt;  ///< told by the store when it reads; not part of the row
  bool operator==(const FaceRow&) const = default;
};

/// The template of a face by one model. A face has at most one for each model.
struct TemplateRow {
  FaceId face;
  ModelRowId model = 0;
  Bytes bytes;  ///< [sealed] float32, little-endian (template_bytes.hpp)
  bool operator==(const TemplateRow&) const = default;
};

struct ThumbnailRow {
  FaceId face;
  ThumbnailFormat format = ThumbnailFormat::jpeg;
  Bytes bytes;  ///< [sealed]
  bool operator==(const ThumbnailRow&) const = default;
};

/// A face with all that belongs to it, as it is added or written again.
struct WholeFace {
  FaceRow face;
  std::vector<TemplateRow> templates;  ///< the `face` of each is that of `face`
  std::optional<ThumbnailRow> thumbnail = std::nullopt;
  bool operator==(const WholeFace&) const = default;
};

struct ModelRow {
  ModelRowId id = 0;
  GalleryModel model;
  UtcTime added{};
  bool operator==(const ModelRow&) const = default;
};

/// What the owner has said about who is not whom.
enum class LinkKind : std::uint8_t {
  not_subject,  ///< face `a` does not show subject `b`
  not_face,     ///< faces `a` and `b` show two people; a < b
};

struct LinkRow {
  LinkKind kind = LinkKind::not_subject;
  std::int64_t a = 0;
  std::int64_t b = 0;
  auto operator<=>(const LinkRow&) const = default;
};

/// A change that can be taken back. The store does not look into the body; it holds rows as they lie in the store.
struct UndoRow {
  std::int64_t number = 0;  ///< given by the store, never twice
  UtcTime at{};
  std::string kind;  ///< "merge", "split", ...
  std::string body;  ///< JSON
  bool operator==(const UndoRow&) const = default;
};

/// A record of the audit log. The store looks into none of it.
struct AuditRow {
  std::int64_t number = 0;  ///< 1, 2, 3, ... without a gap
  UtcTime at{};
  std::string record;
  Bytes mac;
  bool operator==(const AuditRow&) const = default;
};

/// What has become of a gallery since a number, as a state and not as a history: rows that were added and removed again
/// appear among the gone ones only.
struct Changes {
  Sequence up_to = 0;                               ///< the newest transaction that this takes in
  std::vector<SubjectRow> subjects;                 ///< added or changed, by id
  std::vector<std::pair<FaceId, SubjectId>> faces;  ///< added, moved or changed, by id
  std::vector<SubjectId> gone_subjects;
  std::vector<FaceId> gone_faces;  ///< also those that went with their subject
  bool links = false;              ///< links were added or taken away: read them again
  bool model = false;              ///< meta 'model' has changed: open the gallery again
  [[nodiscard]] bool nothing() const {
    return subjects.empty() && faces.empty() && gone_subjects.empty() && gone_faces.empty() && !links && !model;
  }
};

}  // namespace vultus::gallery

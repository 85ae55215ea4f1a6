// Rows of the tables of a gallery in PostgreSQL, from answers and into copies. Private to this room.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/gallery/store/rows.hpp>
#include <vultus/postgres/values.hpp>

namespace vultus::gallery::postgres_rows {

// The columns that the readers below want, from column 0 on; the sum comes last.
inline constexpr std::string_view kSubjectColumns =
    "s.id, s.name, s.name_key, s.created, s.external_id, s.tags, s.consent, s.purpose, s.retain_until, s.notes, "
    "s.changed, s.sum";
inline constexpr int kSubjectWidth = 12;
inline constexpr std::string_view kFaceColumns =
    "f.id, f.subject, f.enrolled, f.retain_until, f.quality, f.inter_eye_px, f.detection, f.source, f.source_sha256, "
    "f.source_key, f.box_x, f.box_y, f.box_width, f.box_height, f.changed, f.sum";
inline constexpr int kFaceWidth = 16;
inline constexpr std::string_view kTemplateColumns = "t.face, t.model, t.template, t.sum";
inline constexpr int kTemplateWidth = 4;
inline constexpr std::string_view kThumbnailColumns = "b.face, b.format, b.bytes, b.sum";
inline constexpr int kThumbnailWidth = 4;
inline constexpr std::string_view kModelColumns = "id, name, dimension, sha256, preset, added, sum";
inline constexpr std::string_view kUndoColumns = "number, at, kind, body, sum";
inline constexpr std::string_view kCalibrationColumns =
    "threshold, false_match_rate, source, subjects, made, target, fmr_low, fmr_high, fnmr, fpir, impostor_pairs, "
    "mated_pairs, slope, intercept, prior, search_slope, search_intercept, search_prior, ece, data_sha256, id, sum";

/// A row that was read, and what is wrong with it: a time that is none, or a checksum that does not fit.
template <class Row>
struct Read {
  Row row;
  std::string wrong;  ///< a sentence without the name of the store; empty = as it was written
};

/// One row of an answer, for reading it column by column.
struct At {
  const postgres::Answer& answer;
  std::size_t row = 0;
  int column = 0;  ///< where the columns of the table begin
};

[[nodiscard]] Read<SubjectRow> read_subject(const At& at);
[[nodiscard]] Read<FaceRow> read_face(const At& at);
[[nodiscard]] Read<TemplateRow> read_template(const At& at);
[[nodiscard]] Read<ThumbnailRow> read_thumbnail(const At& at);
[[nodiscard]] Read<ModelRow> read_model(const At& at);
[[nodiscard]] Read<UndoRow> read_undo(const At& at);
[[nodiscard]] Read<LinkRow> read_link(const At& at);    ///< kind, a, b, sum
[[nodiscard]] Read<AuditRow> read_audit(const At& at);  ///< number, at, record, mac
/// @param rows  of calibration_rows, in falling order of rates
[[nodiscard]] Read<Calibration> read_calibration(const At& at, ModelRowId model, std::vector<ThresholdRow> rows);

// The statements that take what the writers below write.
inline constexpr const char* kCopySubjects =
    "COPY subjects(id, name, name_key, created, external_id, tags, consent, purpose, retain_until, notes, "
    "changed, sum) FROM STDIN (FORMAT binary)";
inline constexpr const char* kCopyFaces =
    "COPY faces(id, subject, enrolled, retain_until, quality, inter_eye_px, detection, source, source_sha256, "
    "source_key, box_x, box_y, box_width, box_height, changed, sum) FROM STDIN (FORMAT binary)";
inline constexpr const char* kCopyTemplates = "COPY templates(face, model, template, sum) FROM STDIN (FORMAT binary)";
inline constexpr const char* kCopyThumbnails = "COPY thumbnails(face, format, bytes, sum) FROM STDIN (FORMAT binary)";
inline constexpr const char* kCopyVectors = "COPY vectors(face, model, embedding) FROM STDIN (FORMAT binary)";

void write(postgres::CopyRows& to, const SubjectRow& row);
void write(postgres::CopyRows& to, const FaceRow& row);
void write(postgres::CopyRows& to, const TemplateRow& row);
void write(postgres::CopyRows& to, const ThumbnailRow& row);

/// NULL for an empty text.
[[nodiscard]] inline std::optional<std::string_view> if_given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

}  // namespace vultus::gallery::postgres_rows

// Rows of the tables of a gallery file, from and to statements. Private to this room.
#pragma once

#include <string>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/gallery/store/row_sum.hpp>
#include <vultus/gallery/store/rows.hpp>
#include <vultus/sqlite/database.hpp>

namespace vultus::gallery {

// The columns that the readers below want, from column 0 on; the sum comes last.
inline constexpr std::string_view kSubjectColumns =
    "subjects.id, subjects.name, subjects.name_key, subjects.created, subjects.external_id, subjects.tags, "
    "subjects.consent, subjects.purpose, subjects.retain_until, subjects.notes, subjects.changed, subjects.sum";
inline constexpr int kSubjectWidth = 12;
inline constexpr std::string_view kFaceColumns =
    "faces.id, faces.subject, faces.enrolled, faces.retain_until, faces.quality, faces.inter_eye_px, faces.detection, "
    "faces.source, faces.source_sha256, faces.source_key, faces.box_x, faces.box_y, faces.box_width, faces.box_height, "
    "faces.changed, faces.sum";
inline constexpr int kFaceWidth = 16;
inline constexpr std::string_view kTemplateColumns =
    "templates.face, templates.model, templates.template, templates.sum";
inline constexpr std::string_view kThumbnailColumns =
    "thumbnails.face, thumbnails.format, thumbnails.bytes, thumbnails.sum";

/// A row that was read, and whether its checksum says that it is as it was written.
template <class Row>
struct ReadRow {
  Row row;
  bool sound = false;
};

inline constexpr std::string_view kModelColumns = "id, name, dimension, sha256, preset, added, sum";
inline constexpr std::string_view kUndoColumns = "number, at, kind, body, sum";
/// Of calibrations; the rows of its table lie in another one.
inline constexpr std::string_view kCalibrationColumns =
    "threshold, false_match_rate, source, subjects, made, target, fmr_low, fmr_high, fnmr, fpir, impostor_pairs, "
    "mated_pairs, slope, intercept, prior, ece, data_sha256, id, search_slope, search_intercept, search_prior, model, "
    "sum";

/// @error corrupt_data  a time that is none; the message names the row, not the file
[[nodiscard]] Result<ReadRow<SubjectRow>> read_subject(const sqlite::Statement& row);
[[nodiscard]] Result<ReadRow<FaceRow>> read_face(const sqlite::Statement& row);
[[nodiscard]] Result<ReadRow<TemplateRow>> read_template(const sqlite::Statement& row, int from = 0);
[[nodiscard]] Result<ReadRow<ThumbnailRow>> read_thumbnail(const sqlite::Statement& row);
/// @error corrupt_data  also a dimension that no model has
[[nodiscard]] Result<ReadRow<ModelRow>> read_model(const sqlite::Statement& row);
[[nodiscard]] Result<ReadRow<UndoRow>> read_undo(const sqlite::Statement& row);
/// @param rows  of calibration_rows, in falling order of rates
[[nodiscard]] Result<ReadRow<Calibration>> read_calibration(const sqlite::Statement& row,
                                                            std::vector<ThresholdRow> rows);
/// The rows of a calibration, in falling order of rates.
[[nodiscard]] Result<std::vector<ThresholdRow>> calibration_rows(sqlite::Database& file, std::int64_t calibration);
[[nodiscard]] Result<UtcTime> read_time(const sqlite::Statement& row, int column, const std::string& what);

[[nodiscard]] std::string named(const SubjectRow& row);  ///< "subject 5"
[[nodiscard]] std::string named(const FaceRow& row);
[[nodiscard]] std::string named(const TemplateRow& row);  ///< "the template of face 5"
[[nodiscard]] std::string named(const ThumbnailRow& row);
[[nodiscard]] std::string named(const ModelRow& row);
[[nodiscard]] std::string named(const UndoRow& row);
[[nodiscard]] std::string named(const Calibration& row);
/// What is said of a row whose checksum is wrong.
inline constexpr std::string_view kAltered = " is not as it was written: its checksum does not fit";

/// The row, if it is sound.
/// @error corrupt_data  as the readers; or its checksum does not fit
template <class Row>
[[nodiscard]] Result<Row> only_sound(Result<ReadRow<Row>> read) {
  if (!read) return read.error();
  if (!read->sound) return fail(ErrorCode::corrupt_data, named(read->row) + std::string(kAltered));
  return std::move(read->row);
}

/// Writes a row of meta with its sum.
[[nodiscard]] Status write_meta(sqlite::Database& file, std::string_view key, std::string_view value);
/// Binds the columns of a row but its id, in their order, with the sum, from parameter 1 on; then the id.
void bind_subject(sqlite::Statement& to, const SubjectRow& row);
void bind_face(sqlite::Statement& to, const FaceRow& row);

/// SQL that adds a calibration, and its parameters, with the sum; its rows lie in another table.
[[nodiscard]] std::string_view insert_calibration();
void bind_calibration(sqlite::Statement& to, ModelRowId model, const Calibration& row);

[[nodiscard]] LinkKind link_kind_from(std::string_view name);

/// NULL for an empty text.
[[nodiscard]] inline std::optional<std::string_view> if_given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

}  // namespace vultus::gallery

#include <vultus/gallery/store/sqlite_rows.hpp>

namespace vultus::gallery {
namespace {

using sqlite::Statement;

Result<std::optional<UtcTime>> time_at(const Statement& row, int column, const std::string& what) {
  if (row.is_null(column)) return std::optional<UtcTime>();
  const std::string text = row.text(column);
  const std::optional<UtcTime> time = from_iso8601(text);
  if (!time) return fail(ErrorCode::corrupt_data, what + " has the time \"" + text + "\"");
  return time;
}

std::optional<std::string> text_of(const std::optional<UtcTime>& time) {
  return time ? std::optional(to_iso8601(*time)) : std::nullopt;
}

float side(const Statement& row, int column) { return static_cast<float>(row.real(column)); }

}  // namespace

std::string named(const SubjectRow& row) { return "subject " + std::to_string(row.id.number()); }
std::string named(const FaceRow& row) { return "face " + std::to_string(row.id.number()); }
std::string named(const TemplateRow& row) { return "the template of face " + std::to_string(row.face.number()); }
std::string named(const ThumbnailRow& row) { return "the thumbnail of face " + std::to_string(row.face.number()); }

std::string named(const ModelRow& row) { return "model \"" + row.model.id.text() + "\""; }
std::string named(const UndoRow& row) { return "undo " + std::to_string(row.number); }
std::string named(const Calibration& row) { return "the calibration made at " + to_iso8601(row.made); }

LinkKind link_kind_from(std::string_view name) {
  return name == "not_face" ? LinkKind::not_face : LinkKind::not_subject;
}

Result<UtcTime> read_time(const Statement& row, int column, const std::string& what) {
  VULTUS_TRY(const std::optional<UtcTime> time, time_at(row, column, what));
  if (!time) return fail(ErrorCode::corrupt_data, what + " lacks a time");
  return *time;
}

Result<ReadRow<SubjectRow>> read_subject(const Statement& row) {
  ReadRow<SubjectRow> read;
  SubjectRow& one = read.row;
  one.id = SubjectId(row.integer(0));
  one.name = row.text(1);
  one.name_key = row.text(2);
  VULTUS_TRY(one.created, read_time(row, 3, named(one)));
  one.external_id = row.text(4);
  one.tags = row.text(5);
  one.consent = row.text(6);
  one.purpose = row.text(7);
  VULTUS_TRY(one.retain_until, time_at(row, 8, named(one)));
  one.notes = row.text(9);
  one.changed = row.integer(10);
  read.sound = sum_of(one) == row.integer(11);
  return read;
}

Result<ReadRow<FaceRow>> read_face(const Statement& row) {
  ReadRow<FaceRow> read;
  FaceRow& one = read.row;
  one.id = FaceId(row.integer(0));
  one.subject = SubjectId(row.integer(1));
  VULTUS_TRY(one.enrolled, read_time(row, 2, named(one)));
  VULTUS_TRY(one.retain_until, time_at(row, 3, named(one)));
  one.quality = row.optional_real(4);
  one.inter_eye_px = row.optional_real(5);
  one.detection = row.optional_real(6);
  one.source = row.text(7);
  one.source_sha256 = row.text(8);
  one.source_key = row.text(9);
  if (!row.is_null(10)) one.box = RectF{side(row, 10), side(row, 11), side(row, 12), side(row, 13)};
  one.changed = row.integer(14);
  read.sound = sum_of(one) == row.integer(15);
  return read;
}

Result<ReadRow<TemplateRow>> read_template(const Statement& row, int from) {
  ReadRow<TemplateRow> read;
  read.row.face = FaceId(row.integer(from));
  read.row.model = row.integer(from + 1);
  const std::span<const std::byte> bytes = row.blob(from + 2);
  read.row.bytes.assign(bytes.begin(), bytes.end());
  read.sound = sum_of(read.row) == row.integer(from + 3);
  return read;
}

Result<ReadRow<ThumbnailRow>> read_thumbnail(const Statement& row) {
  ReadRow<ThumbnailRow> read;
  read.row.face = FaceId(row.integer(0));
  read.row.format = row.text(1) == "jpeg" ? ThumbnailFormat::jpeg : ThumbnailFormat::encrypted;
  const std::span<const std::byte> bytes = row.blob(2);
  read.row.bytes.assign(bytes.begin(), bytes.end());
  read.sound = sum_of(read.row) == row.integer(3);
  return read;
}

Result<ReadRow<ModelRow>> read_model(const Statement& row) {
  ReadRow<ModelRow> read;
  ModelRow& one = read.row;
  const std::int64_t dimension = row.integer(2);
  if (dimension < 1 || dimension > static_cast<std::int64_t>(Embedding::kMaxDimension) || row.text(1).empty())
    return fail(ErrorCode::corrupt_data, "model \"" + row.text(1) + "\" with dimension " + std::to_string(dimension));
  one.id = row.integer(0);
  one.model = {.id = ModelId(row.text(1)),
               .dimension = static_cast<int>(dimension),
               .sha256 = row.text(3),
               .preset = row.text(4)};
  VULTUS_TRY(one.added, read_time(row, 5, named(one)));
  read.sound = sum_of(one) == row.integer(6);
  return read;
}

Result<ReadRow<UndoRow>> read_undo(const Statement& row) {
  ReadRow<UndoRow> read;
  read.row.number = row.integer(0);
  VULTUS_TRY(read.row.at, read_time(row, 1, named(read.row)));
  read.row.kind = row.text(2);
  read.row.body = row.text(3);
  read.sound = sum_of(read.row) == row.integer(4);
  return read;
}

Result<ReadRow<Calibration>> read_calibration(const Statement& row, std::vector<ThresholdRow> rows) {
  ReadRow<Calibration> read;
  Calibration& one = read.row;
  one.at = {Cosine(static_cast<float>(row.real(0))), row.real(1), row.text(2)};
  one.subjects = row.integer(3);
  VULTUS_TRY(one.made, read_time(row, 4, "calibration " + std::to_string(row.integer(17))));
  one.target = row.optional_real(5);
  one.fmr_low = row.optional_real(6);
  one.fmr_high = row.optional_real(7);
  one.fnmr = row.optional_real(8);
  one.fpir = row.optional_real(9);
  one.impostor_pairs = row.integer(10);
  one.mated_pairs = row.integer(11);
  if (!row.is_null(12)) one.logistic = {row.real(12), row.real(13), row.real(14)};
  one.ece = row.optional_real(15);
  one.data_sha256 = row.text(16);
  if (!row.is_null(18)) one.search_logistic = {row.real(18), row.real(19), row.real(20)};
  one.rows = std::move(rows);
  read.sound = sum_of(row.integer(21), one) == row.integer(22);
  return read;
}

Status write_meta(sqlite::Database& file, std::string_view key, std::string_view value) {
  VULTUS_TRY(Statement meta, file.prepare("INSERT OR REPLACE INTO meta(key, value, sum) VALUES(?,?,?)"));
  meta.bind(1, key).bind(2, value).bind(3, sum_of_meta(key, value));
  return meta.run();
}

void bind_subject(Statement& to, const SubjectRow& row) {
  to.bind(1, std::string_view(row.name)).bind(2, std::string_view(row.name_key));
  to.bind(3, std::string_view(to_iso8601(row.created))).bind(4, if_given(row.external_id)).bind(5, if_given(row.tags));
  to.bind(6, if_given(row.consent)).bind(7, if_given(row.purpose)).bind(8, text_of(row.retain_until));
  to.bind(9, if_given(row.notes)).bind(10, row.changed).bind(11, sum_of(row)).bind(12, row.id.number());
}

void bind_face(Statement& to, const FaceRow& row) {
  to.bind(1, row.subject.number()).bind(2, std::string_view(to_iso8601(row.enrolled)));
  to.bind(3, text_of(row.retain_until)).bind(4, row.quality).bind(5, row.inter_eye_px).bind(6, row.detection);
  to.bind(7, if_given(row.source)).bind(8, if_given(row.source_sha256)).bind(9, if_given(row.source_key));
  if (row.box) {
    to.bind(10, double{row.box->x}).bind(11, double{row.box->y});
    to.bind(12, double{row.box->width}).bind(13, double{row.box->height});
  } else {
    for (const int at : {10, 11, 12, 13}) to.bind(at, nullptr);
  }
  to.bind(14, row.changed).bind(15, sum_of(row)).bind(16, row.id.number());
}

}  // namespace vultus::gallery

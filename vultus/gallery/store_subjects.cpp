// Subjects and the faces of a subject: listing, changing, removing.
#include <nlohmann/json.hpp>

#include <vultus/gallery/store.hpp>
#include <vultus/gallery/subject_name.hpp>

namespace vultus::gallery {
namespace {

using sqlite::Statement;

constexpr std::string_view kSubjectColumns =
    "SELECT id, name, created, external_id, tags, consent, purpose, retain_until, notes,"
    " (SELECT count(*) FROM faces WHERE faces.subject=subjects.id) FROM subjects ";
constexpr std::string_view kFaceColumns =
    "SELECT faces.id, subject, enrolled, retain_until, quality, inter_eye_px, detection, source, source_sha256,"
    " box_x, box_y, box_width, box_height, thumbnails.format"
    " FROM faces LEFT JOIN thumbnails ON thumbnails.face=faces.id ";

std::string select(std::string_view columns, std::string_view condition) {
  return std::string(columns) + std::string(condition);
}

std::optional<std::string_view> if_given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

std::optional<Score> score_at(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return Score(static_cast<float>(row.real(column)));
}

std::string tags_text(const std::vector<std::string>& tags) {
  // A tag is the user's text: bytes that are no UTF-8 are refused before, by check_details.
  return nlohmann::json(tags).dump();
}

std::optional<std::vector<std::string>> tags_from(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_array()) return std::nullopt;
  std::vector<std::string> tags;
  for (const nlohmann::json& tag : json) {
    if (!tag.is_string()) return std::nullopt;
    tags.push_back(tag.get<std::string>());
  }
  return tags;
}

}  // namespace

Status check_details(const SubjectDetails& details) {
  VULTUS_CHECK(check_length("external id", details.external_id, kMaxTextBytes));
  VULTUS_CHECK(check_length("consent", details.consent, kMaxTextBytes));
  VULTUS_CHECK(check_length("purpose", details.purpose, kMaxTextBytes));
  VULTUS_CHECK(check_length("notes", details.notes, kMaxTextBytes));
  std::size_t bytes = 0;
  for (const std::string& tag : details.tags) {
    if (Result<std::string> checked = checked_name(tag); !checked) return checked.error().with_context("tag");
    bytes += tag.size();
  }
  if (bytes > kMaxTextBytes)
    return fail(ErrorCode::invalid_argument,
                "tags of " + std::to_string(bytes) + " bytes, the limit is " + std::to_string(kMaxTextBytes));
  if (details.retain_until) VULTUS_CHECK(check_time("retain_until", *details.retain_until));
  return {};
}

Result<std::optional<UtcTime>> Store::time_at(const Statement& row, int column) const {
  if (row.is_null(column)) return std::optional<UtcTime>();
  const std::string text = row.text(column);
  const std::optional<UtcTime> time = from_iso8601(text);
  if (!time) return damaged("\"" + text + "\" is no time");
  return time;
}

Result<UtcTime> Store::required_time_at(const Statement& row, int column) const {
  VULTUS_TRY(const std::optional<UtcTime> time, time_at(row, column));
  if (!time) return damaged("a time is missing");
  return *time;
}

Result<Subject> Store::subject_row(const Statement& row) const {
  Subject subject;
  subject.id = SubjectId(row.integer(0));
  subject.name = row.text(1);
  VULTUS_TRY(subject.created, required_time_at(row, 2));
  subject.details.external_id = row.text(3);
  const auto tags = tags_from(row.text(4));
  if (!tags) return damaged("the tags of subject " + std::to_string(subject.id.number()) + " are no list of texts");
  subject.details.tags = *tags;
  subject.details.consent = row.text(5);
  subject.details.purpose = row.text(6);
  VULTUS_TRY(subject.details.retain_until, time_at(row, 7));
  subject.details.notes = row.text(8);
  subject.faces = row.integer(9);
  return subject;
}

Result<EnrolledFace> Store::face_row(const Statement& row) const {
  EnrolledFace face;
  face.id = FaceId(row.integer(0));
  face.subject = SubjectId(row.integer(1));
  VULTUS_TRY(face.enrolled, required_time_at(row, 2));
  VULTUS_TRY(face.details.retain_until, time_at(row, 3));
  face.details.quality = score_at(row, 4);
  if (!row.is_null(5)) face.details.inter_eye_px = static_cast<float>(row.real(5));
  face.details.detection = score_at(row, 6);
  face.details.source = row.text(7);
  face.details.source_sha256 = row.text(8);
  if (!row.is_null(9))
    face.details.box = RectF{static_cast<float>(row.real(9)), static_cast<float>(row.real(10)),
                             static_cast<float>(row.real(11)), static_cast<float>(row.real(12))};
  if (!row.is_null(13)) face.thumbnail = row.text(13) == "jpeg" ? ThumbnailFormat::jpeg : ThumbnailFormat::encrypted;
  return face;
}

Result<std::vector<Subject>> Store::subjects(const ListOptions& options) {
  if (options.limit < 1 || options.limit > ListOptions::kMaxLimit)
    return fail(ErrorCode::invalid_argument, "a list of " + std::to_string(options.limit) + " subjects, 1 to " +
                                                 std::to_string(ListOptions::kMaxLimit) + " is allowed");
  VULTUS_TRY(Statement rows, file_.prepare(select(kSubjectColumns, "WHERE name > ? ORDER BY name LIMIT ?")));
  rows.bind(1, std::string_view(options.after)).bind(2, static_cast<std::int64_t>(options.limit));
  std::vector<Subject> all;
  for (;;) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) return all;
    VULTUS_TRY(Subject subject, subject_row(rows));
    all.push_back(std::move(subject));
  }
}

Result<std::optional<Subject>> Store::find_subject(std::string_view name) {
  VULTUS_TRY(Statement row, file_.prepare(select(kSubjectColumns, "WHERE name=?")));
  row.bind(1, name);
  VULTUS_TRY(const bool found, row.step());
  if (!found) return std::optional<Subject>();
  VULTUS_TRY(Subject subject, subject_row(row));
  return std::optional<Subject>(std::move(subject));
}

Result<Subject> Store::subject(SubjectId id) {
  VULTUS_TRY(Statement row, file_.prepare(select(kSubjectColumns, "WHERE id=?")));
  row.bind(1, id.number());
  VULTUS_TRY(const bool found, row.step());
  if (!found) return file_.fail(ErrorCode::not_found, "no subject " + std::to_string(id.number()));
  return subject_row(row);
}

Result<std::vector<EnrolledFace>> Store::faces(SubjectId id) {
  VULTUS_TRY(Statement rows, file_.prepare(select(kFaceColumns, "WHERE subject=? ORDER BY faces.id")));
  rows.bind(1, id.number());
  std::vector<EnrolledFace> all;
  for (;;) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) break;
    VULTUS_TRY(EnrolledFace face, face_row(rows));
    all.push_back(std::move(face));
  }
  // No faces: is there a subject without any, or nobody at all?
  if (all.empty())
    if (const Result<Subject> known = subject(id); !known) return known.error();
  return all;
}

Result<std::vector<EnrolledFace>> Store::faces_of_source(std::string_view sha256) {
  VULTUS_TRY(Statement rows, file_.prepare(select(kFaceColumns, "WHERE source_sha256=? ORDER BY faces.id")));
  rows.bind(1, sha256);
  std::vector<EnrolledFace> all;
  for (;;) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) return all;
    VULTUS_TRY(EnrolledFace face, face_row(rows));
    all.push_back(std::move(face));
  }
}

Result<std::optional<Thumbnail>> Store::thumbnail(FaceId id) {
  VULTUS_TRY(Statement row,
             file_.prepare("SELECT format, bytes FROM faces LEFT JOIN thumbnails ON face=id WHERE id=?"));
  row.bind(1, id.number());
  VULTUS_TRY(const bool found, row.step());
  if (!found) return file_.fail(ErrorCode::not_found, "no face " + std::to_string(id.number()));
  if (row.is_null(0)) return std::optional<Thumbnail>();
  const std::span<const std::byte> bytes = row.blob(1);
  return std::optional(Thumbnail{row.text(0) == "jpeg" ? ThumbnailFormat::jpeg : ThumbnailFormat::encrypted,
                                 {bytes.begin(), bytes.end()}});
}

Status Store::rename(SubjectId id, const std::string& to) {
  VULTUS_TRY(Statement change, file_.prepare("UPDATE subjects SET name=? WHERE id=?"));
  change.bind(1, std::string_view(to)).bind(2, id.number());
  return change.run();
}

Status Store::merge(SubjectId from, SubjectId into) {
  VULTUS_TRY(Statement move, file_.prepare("UPDATE faces SET subject=? WHERE subject=?"));
  move.bind(1, into.number()).bind(2, from.number());
  VULTUS_CHECK(move.run());
  VULTUS_TRY(Statement remove, file_.prepare("DELETE FROM subjects WHERE id=?"));
  remove.bind(1, from.number());
  return remove.run();
}

Status Store::describe(SubjectId id, const SubjectDetails& details) {
  VULTUS_CHECK(check_details(details));
  VULTUS_TRY(Statement change, file_.prepare("UPDATE subjects SET external_id=?, tags=?, consent=?, purpose=?, "
                                             "retain_until=?, notes=? WHERE id=?"));
  const std::string tags = tags_text(details.tags);
  change.bind(1, if_given(details.external_id)).bind(2, std::string_view(tags)).bind(3, if_given(details.consent));
  change.bind(4, if_given(details.purpose));
  change.bind(5, details.retain_until ? std::optional(to_iso8601(*details.retain_until)) : std::nullopt);
  change.bind(6, if_given(details.notes)).bind(7, id.number());
  VULTUS_CHECK(change.run());
  if (file_.changes() == 0) return file_.fail(ErrorCode::not_found, "no subject " + std::to_string(id.number()));
  return {};
}

Result<std::int64_t> Store::remove(SubjectId id) {
  VULTUS_TRY(const Subject gone, subject(id));
  VULTUS_TRY(Statement remove, file_.prepare("DELETE FROM subjects WHERE id=?"));
  remove.bind(1, id.number());
  VULTUS_CHECK(remove.run());
  return gone.faces;
}

Status Store::remove(FaceId id) {
  VULTUS_TRY(Statement remove, file_.prepare("DELETE FROM faces WHERE id=?"));
  remove.bind(1, id.number());
  VULTUS_CHECK(remove.run());
  if (file_.changes() == 0) return file_.fail(ErrorCode::not_found, "no face " + std::to_string(id.number()));
  return {};
}

}  // namespace vultus::gallery

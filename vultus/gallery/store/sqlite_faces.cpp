// Faces of a gallery file, with their templates and thumbnails.
#include <vultus/gallery/store/row_sum.hpp>
#include <vultus/gallery/store/sqlite_rows.hpp>
#include <vultus/gallery/store/sqlite_store.hpp>

namespace vultus::gallery {
namespace {

using sqlite::Statement;

std::string select_faces(std::string_view condition) {
  return "SELECT " + std::string(kFaceColumns) +
         ", thumbnails.format FROM faces LEFT JOIN thumbnails ON thumbnails.face=faces.id " + std::string(condition);
}

/// A row of select_faces.
Result<FaceRow> listed_face(const Statement& row) {
  VULTUS_TRY(FaceRow face, only_sound(read_face(row)));
  if (!row.is_null(kFaceWidth))
    face.thumbnail = row.text(kFaceWidth) == "jpeg" ? ThumbnailFormat::jpeg : ThumbnailFormat::encrypted;
  return face;
}

}  // namespace

Status SqliteStore::write_templates(std::span<const TemplateRow> rows) {
  VULTUS_TRY(auto add, pool_.borrow("INSERT INTO templates(face, model, template, sum) VALUES(?,?,?,?) "
                                    "ON CONFLICT DO UPDATE SET template=excluded.template, sum=excluded.sum"));
  for (const TemplateRow& row : rows) {
    add->bind(1, row.face.number()).bind(2, row.model).bind(3, std::span<const std::byte>(row.bytes));
    add->bind(4, sum_of(row));
    VULTUS_CHECK(add->run());
  }
  return {};
}

Status SqliteStore::write_thumbnail(const ThumbnailRow& row) {
  VULTUS_TRY(auto add, pool_.borrow("INSERT OR REPLACE INTO thumbnails(face, format, bytes, sum) VALUES(?,?,?,?)"));
  add->bind(1, row.face.number()).bind(2, name_of(row.format)).bind(3, std::span<const std::byte>(row.bytes));
  add->bind(4, sum_of(row));
  return add->run();
}

Status SqliteStore::write_face(const WholeFace& whole, Sequence number) {
  FaceRow row = whole.face;
  row.changed = number;
  VULTUS_TRY(auto add, pool_.borrow("INSERT INTO faces(subject, enrolled, retain_until, quality, inter_eye_px, "
                                    "detection, source, source_sha256, source_key, box_x, box_y, box_width, "
                                    "box_height, changed, sum, id) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
  bind_face(*add, row);
  VULTUS_CHECK(add->run());
  VULTUS_CHECK(write_templates(whole.templates));
  if (whole.thumbnail) VULTUS_CHECK(write_thumbnail(*whole.thumbnail));
  return {};
}

Status SqliteStore::add_faces(std::span<const WholeFace> faces) {
  if (faces.empty()) return {};
  VULTUS_TRY(const Sequence number, take_number());
  // Only an undo brings an id back; a new one is greater than all that are gone.
  VULTUS_TRY(const std::int64_t last_gone, file_.integer("SELECT coalesce(max(face), 0) FROM gone_faces"));
  for (const WholeFace& whole : faces) {
    VULTUS_CHECK(write_face(whole, number));
    if (whole.face.id.number() <= last_gone)
      VULTUS_CHECK(run("DELETE FROM gone_faces WHERE face=?", {whole.face.id.number()}));
  }
  return {};
}

Status SqliteStore::update_faces(std::span<const WholeFace> faces) {
  if (faces.empty()) return {};
  VULTUS_TRY(const Sequence number, take_number());
  for (const WholeFace& whole : faces) {
    // Taking the row away takes with it what belongs to it; links are no such rows and stay.
    VULTUS_CHECK(run("DELETE FROM faces WHERE id=?", {whole.face.id.number()}));
    if (file_.changes() == 0) return file_.fail(ErrorCode::not_found, "no " + named(whole.face));
    VULTUS_CHECK(write_face(whole, number));
  }
  return {};
}

Status SqliteStore::move_faces(std::span<const FaceId> faces, SubjectId to) {
  if (faces.empty()) return {};
  VULTUS_TRY(const Sequence number, take_number());
  VULTUS_TRY(auto change, pool_.borrow("UPDATE faces SET subject=?, changed=?, sum=? WHERE id=?"));
  for (const FaceId id : faces) {
    VULTUS_TRY(std::optional<FaceRow> row, face(id));
    if (!row) return file_.fail(ErrorCode::not_found, "no face " + std::to_string(id.number()));
    row->subject = to;
    row->changed = number;
    change->bind(1, to.number()).bind(2, number).bind(3, sum_of(*row)).bind(4, id.number());
    VULTUS_CHECK(change->run());
  }
  return {};
}

Status SqliteStore::remove_face(FaceId id) {
  VULTUS_TRY(const Sequence number, take_number());
  VULTUS_CHECK(run("DELETE FROM links WHERE a=?1 OR (b=?1 AND kind='not_face')", {id.number()}));
  if (file_.changes() > 0) VULTUS_CHECK(links_changed());
  VULTUS_CHECK(run("DELETE FROM faces WHERE id=?", {id.number()}));
  if (file_.changes() == 0) return file_.fail(ErrorCode::not_found, "no face " + std::to_string(id.number()));
  return run("INSERT OR REPLACE INTO gone_faces(face, changed) VALUES(?,?)", {id.number(), number});
}

Result<std::optional<FaceRow>> SqliteStore::face(FaceId id) {
  VULTUS_TRY(auto row, pool_.borrow(select_faces("WHERE faces.id=?")));
  row->bind(1, id.number());
  VULTUS_TRY(const bool found, row->step());
  if (!found) return std::optional<FaceRow>();
  Result<FaceRow> read = listed_face(*row);
  if (!read) return damaged(read.error().message);
  return std::optional(*std::move(read));
}

Result<std::vector<FaceRow>> SqliteStore::faces_of(SubjectId id) {
  VULTUS_TRY(auto rows, pool_.borrow(select_faces("WHERE subject=? ORDER BY faces.id")));
  rows->bind(1, id.number());
  std::vector<FaceRow> all;
  for (;;) {
    VULTUS_TRY(const bool row, rows->step());
    if (!row) return all;
    Result<FaceRow> read = listed_face(*rows);
    if (!read) return damaged(read.error().message);
    all.push_back(*std::move(read));
  }
}

Result<std::vector<std::vector<FaceRow>>> SqliteStore::faces_of_sources(std::span<const std::string> source_keys) {
  VULTUS_TRY(auto rows, pool_.borrow(select_faces("WHERE source_key=? ORDER BY faces.id")));
  std::vector<std::vector<FaceRow>> answers(source_keys.size());
  for (std::size_t i = 0; i < source_keys.size(); ++i) {
    rows->reset();
    rows->bind(1, std::string_view(source_keys[i]));
    for (;;) {
      VULTUS_TRY(const bool row, rows->step());
      if (!row) break;
      Result<FaceRow> read = listed_face(*rows);
      if (!read) return damaged(read.error().message);
      answers[i].push_back(*std::move(read));
    }
  }
  return answers;
}

Result<std::optional<ThumbnailRow>> SqliteStore::thumbnail(FaceId id) {
  VULTUS_TRY(auto row, pool_.borrow("SELECT " + std::string(kThumbnailColumns) + " FROM thumbnails WHERE face=?"));
  row->bind(1, id.number());
  VULTUS_TRY(const bool found, row->step());
  if (!found) return std::optional<ThumbnailRow>();
  Result<ThumbnailRow> read = only_sound(read_thumbnail(*row));
  if (!read) return damaged(read.error().message);
  return std::optional(*std::move(read));
}

Status SqliteStore::add_templates(std::span<const TemplateRow> rows) { return write_templates(rows); }

Result<std::optional<TemplateRow>> SqliteStore::face_template(FaceId face, ModelRowId model) {
  VULTUS_TRY(auto row,
             pool_.borrow("SELECT " + std::string(kTemplateColumns) + " FROM templates WHERE face=? AND model=?"));
  row->bind(1, face.number()).bind(2, model);
  VULTUS_TRY(const bool found, row->step());
  if (!found) return std::optional<TemplateRow>();
  Result<TemplateRow> read = only_sound(read_template(*row));
  if (!read) return damaged(read.error().message);
  return std::optional(*std::move(read));
}

Status SqliteStore::each_owner(const TakeOwner& take) {
  VULTUS_TRY(auto rows, pool_.borrow("SELECT " + std::string(kFaceColumns) + " FROM faces ORDER BY faces.id"));
  for (;;) {
    VULTUS_TRY(const bool row, rows->step());
    if (!row) return {};
    const Result<FaceRow> read = only_sound(read_face(*rows));
    if (!read) return damaged(read.error().message);
    VULTUS_CHECK(take(read->id, read->subject));
  }
}

Status SqliteStore::each_template(ModelRowId model, FaceId after, const TakeTemplate& take) {
  VULTUS_TRY(auto rows, pool_.borrow("SELECT " + std::string(kFaceColumns) + ", " + std::string(kTemplateColumns) +
                                     " FROM templates JOIN faces ON faces.id=templates.face"
                                     " WHERE templates.face > ? AND templates.model=? ORDER BY templates.face"));
  rows->bind(1, after.number()).bind(2, model);
  for (std::optional<FaceId> last;;) {
    VULTUS_TRY(const bool row, rows->step());
    if (!row) return {};
    const Result<FaceRow> owner = only_sound(read_face(*rows));
    if (!owner) return damaged(owner.error().message);
    const Result<TemplateRow> read = only_sound(read_template(*rows, kFaceWidth));
    if (!read) return damaged(read.error().message);
    if (last && *last >= read->face) return damaged("faces out of order");
    last = read->face;
    VULTUS_CHECK(take(owner->subject, *read));
  }
}

Result<std::vector<FaceId>> SqliteStore::faces_without_template(ModelRowId model, FaceId after, std::size_t limit) {
  VULTUS_TRY(auto rows, pool_.borrow("SELECT id FROM faces WHERE id > ? AND NOT EXISTS(SELECT 1 FROM templates "
                                     "WHERE face=faces.id AND model=?) ORDER BY id LIMIT ?"));
  rows->bind(1, after.number()).bind(2, model).bind(3, static_cast<std::int64_t>(limit));
  std::vector<FaceId> ids;
  for (;;) {
    VULTUS_TRY(const bool row, rows->step());
    if (!row) return ids;
    ids.emplace_back(rows->integer(0));
  }
}

Result<std::int64_t> SqliteStore::count_without_template(ModelRowId model) {
  VULTUS_TRY(auto count, pool_.borrow("SELECT count(*) FROM faces WHERE NOT EXISTS(SELECT 1 FROM templates "
                                      "WHERE face=faces.id AND model=?)"));
  count->bind(1, model);
  VULTUS_TRY(const bool row, count->step());
  return row ? count->integer(0) : 0;
}

}  // namespace vultus::gallery

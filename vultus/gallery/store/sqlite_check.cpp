// Looking through the whole file.
#include <vultus/gallery/store/findings.hpp>
#include <vultus/gallery/store/sqlite_rows.hpp>
#include <vultus/gallery/store/sqlite_store.hpp>

namespace vultus::gallery {

using sqlite::Statement;

namespace {

std::string select_all(std::string_view columns, std::string_view rest) {
  return "SELECT " + std::string(columns) + " " + std::string(rest);
}

}  // namespace

class SqliteStore::Findings : public FindingList {
 public:
  using FindingList::FindingList;
  /// What is wrong with a row that was read; true if there is one that can be looked at.
  template <class Row>
  bool take(const Result<ReadRow<Row>>& read) {
    if (!read) {
      add(read.error().message);
      return false;
    }
    if (!read->sound) add(named(read->row) + std::string(kAltered));
    return true;
  }
};

Result<GalleryCheck> SqliteStore::check(const CheckVisitor& look) {
  GalleryCheck result;
  Findings findings(result.findings);
  VULTUS_TRY(result.findings, file_.integrity_findings(kMaxFindings));
  // Pages that contradict each other make every further sentence doubtful.
  if (!result.sound()) return result;
  VULTUS_CHECK(findings.absorb(check_keys(findings)));
  VULTUS_CHECK(findings.absorb(check_subjects(look, result, findings)));
  VULTUS_CHECK(findings.absorb(check_faces(look, result, findings)));
  VULTUS_CHECK(findings.absorb(check_templates(look, findings)));
  VULTUS_CHECK(findings.absorb(check_thumbnails(look, findings)));
  VULTUS_CHECK(findings.absorb(check_rest(findings)));
  return result;
}

Status SqliteStore::check_keys(Findings& findings) {
  VULTUS_TRY(Statement keys, file_.prepare("PRAGMA foreign_key_check"));
  while (!findings.full()) {
    VULTUS_TRY(const bool row, keys.step());
    if (!row) break;
    findings.add("row " + keys.text(1) + " of " + keys.text(0) + " points at nothing in " + keys.text(2));
  }
  return {};
}

Status SqliteStore::check_subjects(const CheckVisitor& look, GalleryCheck& result, Findings& findings) {
  VULTUS_TRY(Statement rows, file_.prepare(select_all(kSubjectColumns, "FROM subjects ORDER BY subjects.id")));
  while (!findings.full()) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) break;
    ++result.subjects;
    const auto read = read_subject(rows);
    if (findings.take(read) && look.subject) look.subject(read->row);
  }
  return {};
}

Status SqliteStore::check_faces(const CheckVisitor& look, GalleryCheck& result, Findings& findings) {
  VULTUS_TRY(Statement rows, file_.prepare(select_all(kFaceColumns, "FROM faces ORDER BY faces.id")));
  while (!findings.full()) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) break;
    ++result.faces;
    const auto read = read_face(rows);
    if (findings.take(read) && look.face) look.face(read->row);
  }
  return {};
}

Status SqliteStore::check_templates(const CheckVisitor& look, Findings& findings) {
  VULTUS_TRY(Statement rows, file_.prepare(select_all(kTemplateColumns,
                                                      ", faces.subject FROM templates LEFT JOIN faces "
                                                      "ON faces.id=templates.face ORDER BY templates.face")));
  while (!findings.full()) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) break;
    const auto read = read_template(rows);
    if (findings.take(read) && look.face_template) look.face_template(read->row, SubjectId(rows.integer(4)));
  }
  VULTUS_TRY(const std::optional<std::string> model, meta(kMetaModel));
  if (!model) return damaged("no row \"model\" in meta");
  VULTUS_TRY(Statement without, file_.prepare("SELECT id FROM faces WHERE NOT EXISTS(SELECT 1 FROM templates "
                                              "WHERE face=faces.id AND model=CAST(? AS INTEGER)) ORDER BY id"));
  without.bind(1, std::string_view(*model));
  while (!findings.full()) {
    VULTUS_TRY(const bool row, without.step());
    if (!row) break;
    findings.add("face " + without.text(0) + " has no template of the model that is searched");
  }
  return {};
}

Status SqliteStore::check_thumbnails(const CheckVisitor& look, Findings& findings) {
  VULTUS_TRY(Statement rows, file_.prepare(select_all(kThumbnailColumns,
                                                      ", faces.subject FROM thumbnails LEFT JOIN faces "
                                                      "ON faces.id=thumbnails.face ORDER BY thumbnails.face")));
  while (!findings.full()) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) break;
    const auto read = read_thumbnail(rows);
    if (findings.take(read) && look.thumbnail) look.thumbnail(read->row, SubjectId(rows.integer(4)));
  }
  return {};
}

/// The small tables.
Status SqliteStore::check_rest(Findings& findings) {
  VULTUS_TRY(Statement meta, file_.prepare("SELECT key, value, sum FROM meta"));
  for (;;) {
    VULTUS_TRY(const bool row, meta.step());
    if (!row) break;
    if (sum_of_meta(meta.text(0), meta.text(1)) != meta.integer(2))
      findings.add("row \"" + meta.text(0) + "\" of meta" + std::string(kAltered));
  }
  VULTUS_TRY(Statement models, file_.prepare(select_all(kModelColumns, "FROM models")));
  for (;;) {
    VULTUS_TRY(const bool row, models.step());
    if (!row) break;
    findings.take(read_model(models));
  }
  VULTUS_TRY(Statement calibration, file_.prepare(select_all(kCalibrationColumns, "FROM calibrations ORDER BY id")));
  for (;;) {
    VULTUS_TRY(const bool row, calibration.step());
    if (!row) break;
    VULTUS_TRY(auto points, calibration_rows(file_, calibration.integer(17)));
    findings.take(read_calibration(calibration, std::move(points)));
  }
  VULTUS_TRY(Statement undo, file_.prepare(select_all(kUndoColumns, "FROM undo ORDER BY number")));
  for (;;) {
    VULTUS_TRY(const bool row, undo.step());
    if (!row) break;
    findings.take(read_undo(undo));
  }
  VULTUS_CHECK(findings.absorb(each_audit(0, [](const AuditRow&) -> Status { return {}; })));
  VULTUS_CHECK(findings.absorb(links()));
  VULTUS_TRY(Statement loose, file_.prepare("SELECT a, b FROM links WHERE a NOT IN (SELECT id FROM faces) OR CASE kind "
                                            "WHEN 'not_face' THEN b NOT IN (SELECT id FROM faces) "
                                            "ELSE b NOT IN (SELECT id FROM subjects) END"));
  while (!findings.full()) {
    VULTUS_TRY(const bool row, loose.step());
    if (!row) break;
    findings.add("the link of " + loose.text(0) + " and " + loose.text(1) + " points at what is not there");
  }
  return {};
}

}  // namespace vultus::gallery

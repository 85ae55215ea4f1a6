// Looking through a whole gallery in PostgreSQL. The pages are the server's business (data_checksums, pg_amcheck);
// looked for here is what a row says, and whether it is as it was written.
#include <vultus/gallery/store/findings.hpp>
#include <vultus/gallery/store/postgres_rows.hpp>
#include <vultus/gallery/store/postgres_store.hpp>
#include <vultus/gallery/store/row_sum.hpp>
#include <vultus/gallery/template_bytes.hpp>

namespace vultus::gallery {

using postgres::Answer;

namespace {

constexpr std::int64_t kCheckedAtOnce = 2000;

}  // namespace

class PostgresStore::Findings : public FindingList {
 public:
  using FindingList::FindingList;
};

Result<GalleryCheck> PostgresStore::check(const CheckVisitor& look) {
  GalleryCheck result;
  Findings findings(result.findings);
  VULTUS_CHECK(findings.absorb(check_subjects(look, result, findings)));
  VULTUS_CHECK(findings.absorb(check_faces(look, result, findings)));
  VULTUS_CHECK(findings.absorb(check_templates(look, findings)));
  VULTUS_CHECK(findings.absorb(check_thumbnails(look, findings)));
  if (searchable_ != Searchable::no) VULTUS_CHECK(findings.absorb(check_vectors(findings)));
  VULTUS_CHECK(findings.absorb(check_rest(findings)));
  return result;
}

Status PostgresStore::check_subjects(const CheckVisitor& look, GalleryCheck& result, Findings& findings) {
  for (std::int64_t after = INT64_MIN; !findings.full();) {
    VULTUS_TRY(const Answer rows, run("SELECT " + std::string(postgres_rows::kSubjectColumns) +
                                          " FROM subjects s WHERE s.id > $1 ORDER BY s.id LIMIT $2",
                                      {after, kCheckedAtOnce}));
    if (rows.empty()) break;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const auto read = postgres_rows::read_subject({rows, i});
      findings.add(read.wrong);
      if (look.subject) look.subject(read.row);
      ++result.subjects;
      after = read.row.id.number();
    }
  }
  return {};
}

Status PostgresStore::check_faces(const CheckVisitor& look, GalleryCheck& result, Findings& findings) {
  for (std::int64_t after = INT64_MIN; !findings.full();) {
    VULTUS_TRY(const Answer rows, run("SELECT " + std::string(postgres_rows::kFaceColumns) +
                                          ", EXISTS(SELECT 1 FROM subjects s WHERE s.id = f.subject) "
                                          "FROM faces f WHERE f.id > $1 ORDER BY f.id LIMIT $2",
                                      {after, kCheckedAtOnce}));
    if (rows.empty()) break;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const auto read = postgres_rows::read_face({rows, i});
      findings.add(read.wrong);
      if (rows.integer(i, postgres_rows::kFaceWidth) == 0)
        findings.add("face " + std::to_string(read.row.id.number()) + " belongs to nobody");
      if (look.face) look.face(read.row);
      ++result.faces;
      after = read.row.id.number();
    }
  }
  return {};
}

Status PostgresStore::check_templates(const CheckVisitor& look, Findings& findings) {
  std::int64_t face = INT64_MIN;
  std::int64_t model = INT64_MIN;
  while (!findings.full()) {
    VULTUS_TRY(const Answer rows,
               run("SELECT " + std::string(postgres_rows::kTemplateColumns) +
                       ", coalesce(f.subject, 0) FROM templates t LEFT JOIN faces f ON f.id = t.face "
                       "WHERE (t.face, t.model) > ($1, $2) ORDER BY t.face, t.model LIMIT $3",
                   {face, model, kCheckedAtOnce}));
    if (rows.empty()) break;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const auto read = postgres_rows::read_template({rows, i});
      findings.add(read.wrong);
      if (look.face_template) look.face_template(read.row, SubjectId(rows.integer(i, postgres_rows::kTemplateWidth)));
      face = read.row.face.number();
      model = read.row.model;
    }
  }
  VULTUS_TRY(const std::optional<ModelRow> searched, searched_model());
  if (!searched) return damaged("its model is not there");
  VULTUS_TRY(const std::vector<FaceId> without, faces_without_template(searched->id, FaceId(INT64_MIN), kMaxFindings));
  for (const FaceId id : without)
    findings.add("face " + std::to_string(id.number()) + " has no template of the model that is searched");
  return {};
}

Status PostgresStore::check_thumbnails(const CheckVisitor& look, Findings& findings) {
  for (std::int64_t after = INT64_MIN; !findings.full();) {
    VULTUS_TRY(const Answer rows,
               run("SELECT " + std::string(postgres_rows::kThumbnailColumns) +
                       ", coalesce(f.subject, 0) FROM thumbnails b LEFT JOIN faces f ON f.id = b.face "
                       "WHERE b.face > $1 ORDER BY b.face LIMIT $2",
                   {after, 100}));
    if (rows.empty()) break;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const auto read = postgres_rows::read_thumbnail({rows, i});
      findings.add(read.wrong);
      if (look.thumbnail) look.thumbnail(read.row, SubjectId(rows.integer(i, postgres_rows::kThumbnailWidth)));
      after = read.row.face.number();
    }
  }
  return {};
}

/// What SQL clients search must be what the templates say.
Status PostgresStore::check_vectors(Findings& findings) {
  std::int64_t face = INT64_MIN;
  std::int64_t model = INT64_MIN;
  while (!findings.full()) {
    VULTUS_TRY(const Answer rows,
               run("SELECT t.face, t.model, t.template, v.embedding FROM templates t LEFT JOIN vectors v "
                   "ON v.face = t.face AND v.model = t.model WHERE (t.face, t.model) > ($1, $2) "
                   "ORDER BY t.face, t.model LIMIT $3",
                   {face, model, kCheckedAtOnce}));
    if (rows.empty()) break;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      face = rows.integer(i, 0);
      model = rows.integer(i, 1);
      const auto bytes = rows.bytes(i, 2);
      std::vector<float> values;
      if (from_bytes(bytes, bytes.size() / sizeof(float), values)) continue;  // told elsewhere
      // As halfvec travels: the dimension, two bytes, and each half, big-endian.
      constexpr std::size_t kHead = 4;
      const auto found = rows.bytes(i, 3);
      bool same = found.size() == kHead + 2 * values.size();
      for (std::size_t k = 0; same && k < values.size(); ++k) {
        const std::uint16_t half = postgres::half_of(values[k]);
        same = found[kHead + 2 * k] == static_cast<std::byte>(half >> 8) &&
               found[kHead + 2 * k + 1] == static_cast<std::byte>(half & 0xFFU);
      }
      if (!same) findings.add("the vector of face " + std::to_string(face) + " is not that of its template");
    }
  }
  return {};
}

/// The small tables.
Status PostgresStore::check_rest(Findings& findings) {
  VULTUS_TRY(const Answer meta, run("SELECT key, value, sum FROM meta ORDER BY key"));
  for (std::size_t i = 0; i < meta.rows(); ++i)
    if (sum_of_meta(meta.text(i, 0), meta.text(i, 1)) != meta.integer(i, 2))
      findings.add("row \"" + meta.text(i, 0) + "\" of meta is not as it was written: its checksum does not fit");
  const Result<std::vector<ModelRow>> all = models();
  VULTUS_CHECK(findings.absorb(all));
  if (all)
    for (const ModelRow& model : *all) VULTUS_CHECK(findings.absorb(calibrations(model.id)));
  VULTUS_CHECK(findings.absorb(undo_rows()));
  VULTUS_CHECK(findings.absorb(each_audit(0, [](const AuditRow&) -> Status { return {}; })));
  VULTUS_CHECK(findings.absorb(links()));
  VULTUS_TRY(const Answer loose, run("SELECT a, b FROM links WHERE a NOT IN (SELECT id FROM faces) OR CASE kind "
                                     "WHEN 'not_face' THEN b NOT IN (SELECT id FROM faces) "
                                     "ELSE b NOT IN (SELECT id FROM subjects) END"));
  for (std::size_t i = 0; i < loose.rows(); ++i)
    findings.add("the link of " + std::to_string(loose.integer(i, 0)) + " and " + std::to_string(loose.integer(i, 1)) +
                 " points at what is not there");
  VULTUS_TRY(const Answer newest, run("SELECT greatest((SELECT max(changed) FROM subjects), "
                                      "(SELECT max(changed) FROM faces)), (SELECT sequence FROM counter)"));
  if (newest.integer(0, 0) > newest.integer(0, 1))
    findings.add("rows were changed by transaction " + std::to_string(newest.integer(0, 0)) +
                 ", but the counter stands at " + std::to_string(newest.integer(0, 1)));
  return {};
}

}  // namespace vultus::gallery

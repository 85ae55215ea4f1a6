// Faces of a gallery in PostgreSQL, with their templates and thumbnails.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include <vultus/gallery/store/postgres_rows.hpp>
#include <vultus/gallery/store/postgres_store.hpp>
#include <vultus/gallery/store/row_sum.hpp>
#include <vultus/gallery/template_bytes.hpp>

namespace vultus::gallery {

using postgres::Answer;
using postgres::CopyRows;
using postgres::Parameters;
using postgres_rows::kFaceWidth;

namespace {

constexpr std::int64_t kTemplatesAtOnce = 2000;  // templates of one answer
constexpr std::int64_t kOwnersAtOnce = 20'000;
constexpr std::size_t kCopyBytes = 64U << 20;  // kept in memory before they are sent

std::string select_faces(std::string_view condition) {
  return "SELECT " + std::string(postgres_rows::kFaceColumns) +
         ", b.format FROM faces f LEFT JOIN thumbnails b ON b.face = f.id " + std::string(condition);
}

/// A row of select_faces.
postgres_rows::Read<FaceRow> listed_face(const Answer& rows, std::size_t row) {
  auto read = postgres_rows::read_face({rows, row});
  if (!rows.is_null(row, kFaceWidth))
    read.row.thumbnail = rows.text(row, kFaceWidth) == "jpeg" ? ThumbnailFormat::jpeg : ThumbnailFormat::encrypted;
  return read;
}

std::vector<std::int64_t> ids_of(std::span<const WholeFace> faces) {
  std::vector<std::int64_t> ids;
  for (const WholeFace& one : faces) ids.push_back(one.face.id.number());
  return ids;
}

std::string no_face(std::int64_t id) { return "no face " + std::to_string(id); }

}  // namespace

Status PostgresStore::write_templates(std::span<const TemplateRow> rows) {
  for (std::size_t from = 0; from < rows.size();) {
    CopyRows templates;
    CopyRows vectors;
    for (; from < rows.size() && templates.bytes() < kCopyBytes; ++from) {
      const TemplateRow& row = rows[from];
      postgres_rows::write(templates, row);
      if (searchable_ == Searchable::no) continue;
      std::vector<float> values;
      if (const auto wrong = from_bytes(row.bytes, row.bytes.size() / sizeof(float), values))
        return fail(ErrorCode::invalid_argument, "face " + std::to_string(row.face.number()) + " " + *wrong);
      vectors.row(3);
      vectors.add(row.face.number());
      vectors.add(row.model);
      vectors.add_half(values);
    }
    VULTUS_CHECK(copy(postgres_rows::kCopyTemplates, templates));
    if (searchable_ != Searchable::no) VULTUS_CHECK(copy(postgres_rows::kCopyVectors, vectors));
  }
  return {};
}

Status PostgresStore::write_faces(std::span<const WholeFace> faces, Sequence number) {
  CopyRows rows;
  CopyRows thumbnails;
  bool pictured = false;
  std::vector<TemplateRow> templates;
  for (const WholeFace& one : faces) {
    FaceRow row = one.face;
    row.changed = number;
    postgres_rows::write(rows, row);
    templates.insert(templates.end(), one.templates.begin(), one.templates.end());
    if (!one.thumbnail) continue;
    postgres_rows::write(thumbnails, *one.thumbnail);
    pictured = true;
  }
  VULTUS_CHECK(copy(postgres_rows::kCopyFaces, rows));
  VULTUS_CHECK(write_templates(templates));
  return pictured ? copy(postgres_rows::kCopyThumbnails, thumbnails) : Status();
}

Status PostgresStore::add_faces(std::span<const WholeFace> faces) {
  if (faces.empty()) return {};
  VULTUS_TRY(const Sequence number, take_number());
  VULTUS_CHECK(write_faces(faces, number));
  const std::vector<std::int64_t> ids = ids_of(faces);
  VULTUS_TRY(const Answer back,
             run("DELETE FROM gone_faces WHERE face = ANY($1)", Parameters().add(std::span<const std::int64_t>(ids))));
  return {};
}

Status PostgresStore::update_faces(std::span<const WholeFace> faces) {
  if (faces.empty()) return {};
  VULTUS_TRY(const Sequence number, take_number());
  const std::vector<std::int64_t> ids = ids_of(faces);
  // Taking the row away takes with it what belongs to it; links are no such rows and stay.
  VULTUS_TRY(const Answer gone,
             run("DELETE FROM faces WHERE id = ANY($1)", Parameters().add(std::span<const std::int64_t>(ids))));
  if (gone.changed() != static_cast<std::int64_t>(ids.size()))
    return fail(ErrorCode::not_found,
                "no such face among " + std::to_string(ids.size()) + " that were to be written again");
  return write_faces(faces, number);
}

Status PostgresStore::move_faces(std::span<const FaceId> faces, SubjectId to) {
  if (faces.empty()) return {};
  VULTUS_TRY(const Sequence number, take_number());
  std::vector<std::int64_t> ids;
  for (const FaceId id : faces) ids.push_back(id.number());
  VULTUS_TRY(const Answer rows, run("SELECT " + std::string(postgres_rows::kFaceColumns) +
                                        " FROM faces f WHERE f.id = ANY($1) ORDER BY f.id",
                                    Parameters().add(std::span<const std::int64_t>(ids))));
  std::vector<std::int64_t> found;
  std::vector<std::int64_t> sums;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    auto read = postgres_rows::read_face({rows, i});
    if (!read.wrong.empty()) return damaged(read.wrong);
    read.row.subject = to;
    read.row.changed = number;
    found.push_back(read.row.id.number());
    sums.push_back(sum_of(read.row));
  }
  for (const std::int64_t id : ids)
    if (!std::ranges::binary_search(found, id)) return fail(ErrorCode::not_found, no_face(id));
  VULTUS_TRY(const Answer done, run("UPDATE faces f SET subject = $1, changed = $2, sum = u.sum "
                                    "FROM unnest($3::bigint[], $4::bigint[]) AS u(id, sum) WHERE f.id = u.id",
                                    Parameters()
                                        .add(to.number())
                                        .add(number)
                                        .add(std::span<const std::int64_t>(found))
                                        .add(std::span<const std::int64_t>(sums))));
  return {};
}

Status PostgresStore::remove_face(FaceId id) {
  VULTUS_TRY(const Sequence number, take_number());
  VULTUS_TRY(const Answer links,
             run("DELETE FROM links WHERE a = $1 OR (b = $1 AND kind = 'not_face')", {id.number()}));
  if (links.changed() > 0) VULTUS_CHECK(links_changed());
  VULTUS_TRY(const Answer gone, run("DELETE FROM faces WHERE id = $1", {id.number()}));
  if (gone.changed() == 0) return fail(ErrorCode::not_found, no_face(id.number()));
  VULTUS_TRY(const Answer noted, run("INSERT INTO gone_faces(face, changed) VALUES($1, $2) "
                                     "ON CONFLICT(face) DO UPDATE SET changed = excluded.changed",
                                     {id.number(), number}));
  return {};
}

Result<std::optional<FaceRow>> PostgresStore::face(FaceId id) {
  VULTUS_TRY(const Answer rows, run(select_faces("WHERE f.id = $1"), {id.number()}));
  if (rows.empty()) return std::optional<FaceRow>();
  auto read = listed_face(rows, 0);
  if (!read.wrong.empty()) return damaged(read.wrong);
  return std::optional(std::move(read.row));
}

Result<std::vector<FaceRow>> PostgresStore::faces_of(SubjectId id) {
  VULTUS_TRY(const Answer rows, run(select_faces("WHERE f.subject = $1 ORDER BY f.id"), {id.number()}));
  std::vector<FaceRow> all;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    auto read = listed_face(rows, i);
    if (!read.wrong.empty()) return damaged(read.wrong);
    all.push_back(std::move(read.row));
  }
  return all;
}

Result<std::vector<std::vector<FaceRow>>> PostgresStore::faces_of_sources(std::span<const std::string> source_keys) {
  VULTUS_TRY(const Answer rows,
             run(select_faces("WHERE f.source_key = ANY($1) ORDER BY f.id"), Parameters().add(source_keys)));
  std::unordered_map<std::string, std::vector<FaceRow>> found;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    auto read = listed_face(rows, i);
    if (!read.wrong.empty()) return damaged(read.wrong);
    found[read.row.source_key].push_back(std::move(read.row));
  }
  std::vector<std::vector<FaceRow>> answers;
  for (const std::string& key : source_keys) answers.push_back(found[key]);
  return answers;
}

Result<std::optional<ThumbnailRow>> PostgresStore::thumbnail(FaceId id) {
  VULTUS_TRY(const Answer rows,
             run("SELECT " + std::string(postgres_rows::kThumbnailColumns) + " FROM thumbnails b WHERE b.face = $1",
                 {id.number()}));
  if (rows.empty()) return std::optional<ThumbnailRow>();
  auto read = postgres_rows::read_thumbnail({rows, 0});
  if (!read.wrong.empty()) return damaged(read.wrong);
  return std::optional(std::move(read.row));
}

Status PostgresStore::add_templates(std::span<const TemplateRow> rows) {
  std::vector<std::int64_t> faces;
  std::vector<std::int64_t> models;
  for (const TemplateRow& row : rows) {
    faces.push_back(row.face.number());
    models.push_back(row.model);
  }
  for (const char* table : {"templates", "vectors"}) {
    if (searchable_ == Searchable::no && table == std::string_view("vectors")) continue;
    VULTUS_TRY(const Answer old,
               run("DELETE FROM " + std::string(table) +
                       " t USING unnest($1::bigint[], $2::bigint[]) AS u(face, model) "
                       "WHERE t.face = u.face AND t.model = u.model",
                   Parameters().add(std::span<const std::int64_t>(faces)).add(std::span<const std::int64_t>(models))));
  }
  return write_templates(rows);
}

Result<std::optional<TemplateRow>> PostgresStore::face_template(FaceId face, ModelRowId model) {
  VULTUS_TRY(const Answer rows, run("SELECT " + std::string(postgres_rows::kTemplateColumns) +
                                        " FROM templates t WHERE t.face = $1 AND t.model = $2",
                                    {face.number(), model}));
  if (rows.empty()) return std::optional<TemplateRow>();
  auto read = postgres_rows::read_template({rows, 0});
  if (!read.wrong.empty()) return damaged(read.wrong);
  return std::optional(std::move(read.row));
}

Status PostgresStore::each_owner(const TakeOwner& take) {
  const std::string sql =
      "SELECT " + std::string(postgres_rows::kFaceColumns) + " FROM faces f WHERE f.id > $1 ORDER BY f.id LIMIT $2";
  for (FaceId after(0);;) {
    VULTUS_TRY(const Answer rows, run(sql, {after.number(), kOwnersAtOnce}));
    if (rows.empty()) return {};
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const auto read = postgres_rows::read_face({rows, i});
      if (!read.wrong.empty()) return damaged(read.wrong);
      VULTUS_CHECK(take(read.row.id, read.row.subject));
      after = read.row.id;
    }
  }
}

Status PostgresStore::each_template(ModelRowId model, FaceId after, const TakeTemplate& take) {
  const std::string sql = "SELECT " + std::string(postgres_rows::kFaceColumns) + ", " +
                          std::string(postgres_rows::kTemplateColumns) +
                          " FROM templates t JOIN faces f ON f.id = t.face "
                          "WHERE t.face > $1 AND t.model = $2 ORDER BY t.face LIMIT $3";
  for (;;) {
    VULTUS_TRY(const Answer rows, run(sql, {after.number(), model, kTemplatesAtOnce}));
    if (rows.empty()) return {};
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const auto owner = postgres_rows::read_face({rows, i});
      if (!owner.wrong.empty()) return damaged(owner.wrong);
      const auto read = postgres_rows::read_template({rows, i, kFaceWidth});
      if (!read.wrong.empty()) return damaged(read.wrong);
      VULTUS_CHECK(take(owner.row.subject, read.row));
      after = read.row.face;
    }
  }
}

Result<std::vector<FaceId>> PostgresStore::faces_without_template(ModelRowId model, FaceId after, std::size_t limit) {
  VULTUS_TRY(const Answer rows, run("SELECT f.id FROM faces f WHERE f.id > $1 AND NOT EXISTS(SELECT 1 FROM "
                                    "templates t WHERE t.face = f.id AND t.model = $2) ORDER BY f.id LIMIT $3",
                                    {after.number(), model, static_cast<std::int64_t>(limit)}));
  std::vector<FaceId> ids;
  for (std::size_t i = 0; i < rows.rows(); ++i) ids.emplace_back(rows.integer(i, 0));
  return ids;
}

Result<std::int64_t> PostgresStore::count_without_template(ModelRowId model) {
  VULTUS_TRY(const Answer count, run("SELECT count(*) FROM faces f WHERE NOT EXISTS(SELECT 1 FROM "
                                     "templates t WHERE t.face = f.id AND t.model = $1)",
                                     {model}));
  return count.integer(0, 0);
}

}  // namespace vultus::gallery

// Subjects of a gallery in PostgreSQL.
#include <unordered_map>
#include <utility>

#include <vultus/gallery/store/postgres_rows.hpp>
#include <vultus/gallery/store/postgres_store.hpp>
#include <vultus/gallery/store/row_sum.hpp>

namespace vultus::gallery {

using postgres::Answer;
using postgres::Parameters;
using postgres_rows::if_given;
using postgres_rows::kSubjectWidth;

namespace {

constexpr std::int64_t kSubjectsAtOnce = 5000;  // rows of one answer

std::string select_subjects(std::string_view condition) {
  return "SELECT " + std::string(postgres_rows::kSubjectColumns) +
         ", (SELECT count(*) FROM faces f WHERE f.subject = s.id) FROM subjects s " + std::string(condition);
}

}  // namespace

Result<ReservedIds> PostgresStore::reserve_ids(std::int64_t subjects, std::int64_t faces) {
  VULTUS_TRY(const Answer row, run("UPDATE counter SET subject = subject + $1, face = face + $2 "
                                   "RETURNING subject, face",
                                   {subjects, faces}));
  if (row.rows() != 1) return damaged("its counter has " + std::to_string(row.rows()) + " rows");
  return ReservedIds{.subject = SubjectId(row.integer(0, 0) - subjects + 1),
                     .face = FaceId(row.integer(0, 1) - faces + 1)};
}

Status PostgresStore::add_subjects(std::span<const SubjectRow> rows) {
  if (rows.empty()) return {};
  VULTUS_TRY(const Sequence number, take_number());
  postgres::CopyRows out;
  std::vector<std::int64_t> ids;
  for (SubjectRow row : rows) {
    row.changed = number;
    ids.push_back(row.id.number());
    postgres_rows::write(out, row);
  }
  VULTUS_CHECK(copy(postgres_rows::kCopySubjects, out));
  VULTUS_TRY(const Answer back, run("DELETE FROM gone_subjects WHERE subject = ANY($1)",
                                    Parameters().add(std::span<const std::int64_t>(ids))));
  return {};
}

Status PostgresStore::update_subject(const SubjectRow& row) {
  VULTUS_TRY(const Sequence number, take_number());
  SubjectRow now = row;
  now.changed = number;
  Parameters values;
  values.add(row.id.number()).add(std::string_view(row.name)).add(std::string_view(row.name_key));
  values.add_time(row.created.time_since_epoch().count()).add(if_given(row.external_id)).add(if_given(row.tags));
  values.add(if_given(row.consent)).add(if_given(row.purpose));
  if (row.retain_until)
    values.add_time(row.retain_until->time_since_epoch().count());
  else
    values.add(nullptr);
  values.add(if_given(row.notes)).add(number).add(sum_of(now));
  VULTUS_TRY(const Answer done,
             run("UPDATE subjects SET name = $2, name_key = $3, created = $4, external_id = $5::text, "
                 "tags = $6::text, consent = $7::text, purpose = $8::text, retain_until = $9::timestamptz, "
                 "notes = $10::text, changed = $11, sum = $12 WHERE id = $1",
                 values));
  if (done.changed() == 0) return fail(ErrorCode::not_found, "no subject " + std::to_string(row.id.number()));
  return {};
}

Result<std::int64_t> PostgresStore::remove_subject(SubjectId id) {
  VULTUS_TRY(const Sequence number, take_number());
  VULTUS_TRY(const Answer links,
             run("DELETE FROM links WHERE (b = $1 AND kind = 'not_subject') OR a IN (SELECT id FROM faces "
                 "WHERE subject = $1) OR (kind = 'not_face' AND b IN (SELECT id FROM faces WHERE subject = $1))",
                 {id.number()}));
  if (links.changed() > 0) VULTUS_CHECK(links_changed());
  VULTUS_TRY(const Answer faces,
             run("INSERT INTO gone_faces(face, changed) SELECT id, $2 FROM faces WHERE subject = $1 "
                 "ON CONFLICT(face) DO UPDATE SET changed = excluded.changed",
                 {id.number(), number}));
  VULTUS_TRY(const Answer gone, run("DELETE FROM subjects WHERE id = $1", {id.number()}));
  if (gone.changed() == 0) return fail(ErrorCode::not_found, "no subject " + std::to_string(id.number()));
  VULTUS_TRY(const Answer noted, run("INSERT INTO gone_subjects(subject, changed) VALUES($1, $2) "
                                     "ON CONFLICT(subject) DO UPDATE SET changed = excluded.changed",
                                     {id.number(), number}));
  return faces.changed();
}

Result<std::optional<SubjectRow>> PostgresStore::subject(SubjectId id) {
  VULTUS_TRY(const Answer rows, run(select_subjects("WHERE s.id = $1"), {id.number()}));
  if (rows.empty()) return std::optional<SubjectRow>();
  auto read = postgres_rows::read_subject({rows, 0});
  if (!read.wrong.empty()) return damaged(read.wrong);
  read.row.faces = rows.integer(0, kSubjectWidth);
  return std::optional(std::move(read.row));
}

Result<std::vector<std::optional<SubjectRow>>> PostgresStore::find_subjects(std::span<const std::string> name_keys) {
  VULTUS_TRY(const Answer rows, run(select_subjects("WHERE s.name_key = ANY($1)"), Parameters().add(name_keys)));
  std::unordered_map<std::string, SubjectRow> found;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    auto read = postgres_rows::read_subject({rows, i});
    if (!read.wrong.empty()) return damaged(read.wrong);
    read.row.faces = rows.integer(i, kSubjectWidth);
    std::string key = read.row.name_key;
    found.emplace(std::move(key), std::move(read.row));
  }
  std::vector<std::optional<SubjectRow>> answers;
  for (const std::string& key : name_keys) {
    const auto at = found.find(key);
    answers.push_back(at == found.end() ? std::nullopt : std::optional(at->second));
  }
  return answers;
}

Result<std::vector<SubjectRow>> PostgresStore::subjects(std::string_view after, std::size_t limit) {
  VULTUS_TRY(const Answer rows, run(select_subjects("WHERE s.name_key > $1 ORDER BY s.name_key LIMIT $2"),
                                    Parameters().add(after).add(static_cast<std::int64_t>(limit))));
  std::vector<SubjectRow> all;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    auto read = postgres_rows::read_subject({rows, i});
    if (!read.wrong.empty()) return damaged(read.wrong);
    read.row.faces = rows.integer(i, kSubjectWidth);
    all.push_back(std::move(read.row));
  }
  return all;
}

Status PostgresStore::each_subject(const Take<SubjectRow>& take) {
  for (std::int64_t after = 0;;) {
    VULTUS_TRY(const Answer rows, run("SELECT " + std::string(postgres_rows::kSubjectColumns) +
                                          " FROM subjects s WHERE s.id > $1 ORDER BY s.id LIMIT $2",
                                      {after, kSubjectsAtOnce}));
    if (rows.empty()) return {};
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const auto read = postgres_rows::read_subject({rows, i});
      if (!read.wrong.empty()) return damaged(read.wrong);
      VULTUS_CHECK(take(read.row));
      after = read.row.id.number();
    }
  }
}

Result<std::vector<std::int64_t>> PostgresStore::expired(std::string_view table, UtcTime now, std::size_t limit) {
  VULTUS_TRY(const Answer rows,
             run("SELECT id FROM " + std::string(table) +
                     " WHERE retain_until IS NOT NULL AND retain_until <= $1 ORDER BY id LIMIT $2",
                 Parameters().add_time(now.time_since_epoch().count()).add(static_cast<std::int64_t>(limit))));
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < rows.rows(); ++i) ids.push_back(rows.integer(i, 0));
  return ids;
}

Result<std::vector<SubjectId>> PostgresStore::expired_subjects(UtcTime now, std::size_t limit) {
  VULTUS_TRY(const auto ids, expired("subjects", now, limit));
  return std::vector<SubjectId>(ids.begin(), ids.end());
}

Result<std::vector<FaceId>> PostgresStore::expired_faces(UtcTime now, std::size_t limit) {
  VULTUS_TRY(const auto ids, expired("faces", now, limit));
  return std::vector<FaceId>(ids.begin(), ids.end());
}

}  // namespace vultus::gallery

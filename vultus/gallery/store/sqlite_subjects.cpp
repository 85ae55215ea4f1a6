// Subjects of a gallery file.
#include <vultus/gallery/store/sqlite_rows.hpp>
#include <vultus/gallery/store/sqlite_store.hpp>

namespace vultus::gallery {
namespace {

std::string select_subjects(std::string_view condition) {
  return "SELECT " + std::string(kSubjectColumns) +
         ", (SELECT count(*) FROM faces WHERE faces.subject=subjects.id) FROM subjects " + std::string(condition);
}

}  // namespace

Result<ReservedIds> SqliteStore::reserve_ids(std::int64_t subjects, std::int64_t faces) {
  const auto reserve = [&](std::string_view table, std::int64_t count) -> Result<std::int64_t> {
    VULTUS_TRY(auto last, pool_.borrow("SELECT seq FROM sqlite_sequence WHERE name=?"));
    last->bind(1, table);
    VULTUS_TRY(const bool known, last->step());
    const std::int64_t before = known ? last->integer(0) : 0;
    last->reset();
    if (count == 0) return before + 1;
    VULTUS_TRY(auto write, pool_.borrow(known ? "UPDATE sqlite_sequence SET seq=?2 WHERE name=?1"
                                              : "INSERT INTO sqlite_sequence(name, seq) VALUES(?1, ?2)"));
    write->bind(1, table).bind(2, before + count);
    VULTUS_CHECK(write->run());
    return before + 1;
  };
  VULTUS_TRY(const std::int64_t subject, reserve("subjects", subjects));
  VULTUS_TRY(const std::int64_t face, reserve("faces", faces));
  return ReservedIds{SubjectId(subject), FaceId(face)};
}

Status SqliteStore::add_subjects(std::span<const SubjectRow> rows) {
  if (rows.empty()) return {};
  VULTUS_TRY(const Sequence number, take_number());
  VULTUS_TRY(const std::int64_t last_gone, file_.integer("SELECT coalesce(max(subject), 0) FROM gone_subjects"));
  VULTUS_TRY(auto add, pool_.borrow("INSERT INTO subjects(name, name_key, created, external_id, tags, consent, "
                                    "purpose, retain_until, notes, changed, sum, id) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)"));
  for (SubjectRow row : rows) {
    row.changed = number;
    bind_subject(*add, row);
    VULTUS_CHECK(add->run());
    if (row.id.number() <= last_gone) VULTUS_CHECK(run("DELETE FROM gone_subjects WHERE subject=?", {row.id.number()}));
  }
  return {};
}

Status SqliteStore::update_subject(const SubjectRow& row) {
  VULTUS_TRY(const Sequence number, take_number());
  SubjectRow now = row;
  now.changed = number;
  VULTUS_TRY(auto change, pool_.borrow("UPDATE subjects SET name=?, name_key=?, created=?, external_id=?, tags=?, "
                                       "consent=?, purpose=?, retain_until=?, notes=?, changed=?, sum=? WHERE id=?"));
  bind_subject(*change, now);
  VULTUS_CHECK(change->run());
  if (file_.changes() == 0) return file_.fail(ErrorCode::not_found, "no " + named(row));
  return {};
}

Result<std::int64_t> SqliteStore::remove_subject(SubjectId id) {
  VULTUS_TRY(const Sequence number, take_number());
  VULTUS_CHECK(run("DELETE FROM links WHERE kind='not_subject' AND b=?", {id.number()}));
  std::int64_t links = file_.changes();
  VULTUS_CHECK(run("DELETE FROM links WHERE a IN (SELECT id FROM faces WHERE subject=?)", {id.number()}));
  links += file_.changes();
  VULTUS_CHECK(
      run("DELETE FROM links WHERE kind='not_face' AND b IN (SELECT id FROM faces WHERE subject=?)", {id.number()}));
  links += file_.changes();
  if (links > 0) VULTUS_CHECK(links_changed());
  VULTUS_CHECK(run("INSERT OR REPLACE INTO gone_faces(face, changed) SELECT id, ?2 FROM faces WHERE subject=?1",
                   {id.number(), number}));
  const std::int64_t faces = file_.changes();
  VULTUS_CHECK(run("DELETE FROM subjects WHERE id=?", {id.number()}));
  if (file_.changes() == 0) return file_.fail(ErrorCode::not_found, "no subject " + std::to_string(id.number()));
  VULTUS_CHECK(run("INSERT OR REPLACE INTO gone_subjects(subject, changed) VALUES(?,?)", {id.number(), number}));
  return faces;
}

Result<std::optional<SubjectRow>> SqliteStore::subject(SubjectId id) {
  VULTUS_TRY(auto row, pool_.borrow(select_subjects("WHERE id=?")));
  row->bind(1, id.number());
  VULTUS_TRY(const bool found, row->step());
  if (!found) return std::optional<SubjectRow>();
  Result<SubjectRow> read = only_sound(read_subject(*row));
  if (!read) return damaged(read.error().message);
  read->faces = row->integer(kSubjectWidth);
  return std::optional(*std::move(read));
}

Result<std::vector<std::optional<SubjectRow>>> SqliteStore::find_subjects(std::span<const std::string> name_keys) {
  VULTUS_TRY(auto row, pool_.borrow(select_subjects("WHERE name_key=?")));
  std::vector<std::optional<SubjectRow>> answers;
  answers.reserve(name_keys.size());
  for (const std::string& key : name_keys) {
    row->reset();
    row->bind(1, std::string_view(key));
    VULTUS_TRY(const bool found, row->step());
    if (!found) {
      answers.emplace_back();
      continue;
    }
    Result<SubjectRow> read = only_sound(read_subject(*row));
    if (!read) return damaged(read.error().message);
    read->faces = row->integer(kSubjectWidth);
    answers.emplace_back(*std::move(read));
  }
  return answers;
}

Result<std::vector<SubjectRow>> SqliteStore::subjects(std::string_view after, std::size_t limit) {
  VULTUS_TRY(auto rows, pool_.borrow(select_subjects("WHERE name_key > ? ORDER BY name_key LIMIT ?")));
  rows->bind(1, after).bind(2, static_cast<std::int64_t>(limit));
  std::vector<SubjectRow> all;
  for (;;) {
    VULTUS_TRY(const bool row, rows->step());
    if (!row) return all;
    Result<SubjectRow> read = only_sound(read_subject(*rows));
    if (!read) return damaged(read.error().message);
    read->faces = rows->integer(kSubjectWidth);
    all.push_back(*std::move(read));
  }
}

Status SqliteStore::each_subject(const Take<SubjectRow>& take) {
  VULTUS_TRY(auto rows, pool_.borrow("SELECT " + std::string(kSubjectColumns) + " FROM subjects ORDER BY subjects.id"));
  for (std::optional<SubjectId> last;;) {
    VULTUS_TRY(const bool row, rows->step());
    if (!row) return {};
    const Result<SubjectRow> read = only_sound(read_subject(*rows));
    if (!read) return damaged(read.error().message);
    // Rows out of order come from a tree whose branches meet again.
    if (last && *last >= read->id) return damaged("subjects out of order");
    last = read->id;
    VULTUS_CHECK(take(*read));
  }
}

Result<std::vector<std::int64_t>> SqliteStore::expired(std::string_view table, UtcTime now, std::size_t limit) {
  VULTUS_TRY(auto rows, pool_.borrow("SELECT id FROM " + std::string(table) +
                                     " WHERE retain_until IS NOT NULL AND retain_until <= ? ORDER BY id LIMIT ?"));
  rows->bind(1, std::string_view(to_iso8601(now))).bind(2, static_cast<std::int64_t>(limit));
  std::vector<std::int64_t> ids;
  for (;;) {
    VULTUS_TRY(const bool row, rows->step());
    if (!row) return ids;
    ids.push_back(rows->integer(0));
  }
}

Result<std::vector<SubjectId>> SqliteStore::expired_subjects(UtcTime now, std::size_t limit) {
  VULTUS_TRY(const auto ids, expired("subjects", now, limit));
  return std::vector<SubjectId>(ids.begin(), ids.end());
}

Result<std::vector<FaceId>> SqliteStore::expired_faces(UtcTime now, std::size_t limit) {
  VULTUS_TRY(const auto ids, expired("faces", now, limit));
  return std::vector<FaceId>(ids.begin(), ids.end());
}

}  // namespace vultus::gallery

// Links, changes that can be taken back, and the audit log.
#include <vultus/gallery/store/sqlite_rows.hpp>
#include <vultus/gallery/store/sqlite_store.hpp>

namespace vultus::gallery {
namespace {

Result<AuditRow> read_audit(const sqlite::Statement& row) {
  AuditRow one{.number = row.integer(0), .record = row.text(2)};
  VULTUS_TRY(one.at, read_time(row, 1, "audit record " + std::to_string(one.number)));
  const std::span<const std::byte> mac = row.blob(3);
  one.mac.assign(mac.begin(), mac.end());
  return one;
}

}  // namespace

Status SqliteStore::links_changed() {
  VULTUS_TRY(const Sequence number, take_number());
  return set_number(kMetaLinks, number);
}

Status SqliteStore::add_link(const LinkRow& link) {
  VULTUS_TRY(const std::optional<FaceRow> a, face(FaceId(link.a)));
  VULTUS_TRY(const std::optional<FaceRow> other, face(FaceId(link.b)));
  VULTUS_TRY(const std::optional<SubjectRow> person, subject(SubjectId(link.b)));
  const bool b = link.kind == LinkKind::not_face ? other.has_value() : person.has_value();
  if (!a || !b) return file_.fail(ErrorCode::invalid_argument, "a link between what is not there");
  VULTUS_TRY(auto add, pool_.borrow("INSERT OR IGNORE INTO links(kind, a, b, sum) VALUES(?,?,?,?)"));
  add->bind(1, name_of(link.kind)).bind(2, link.a).bind(3, link.b).bind(4, sum_of(link));
  VULTUS_CHECK(add->run());
  return links_changed();
}

Status SqliteStore::remove_link(const LinkRow& link) {
  VULTUS_TRY(auto remove, pool_.borrow("DELETE FROM links WHERE kind=? AND a=? AND b=?"));
  remove->bind(1, name_of(link.kind)).bind(2, link.a).bind(3, link.b);
  VULTUS_CHECK(remove->run());
  return links_changed();
}

Result<std::vector<LinkRow>> SqliteStore::links() {
  VULTUS_TRY(auto rows, pool_.borrow("SELECT kind, a, b, sum FROM links ORDER BY kind DESC, a, b"));
  std::vector<LinkRow> all;
  for (;;) {
    VULTUS_TRY(const bool row, rows->step());
    if (!row) return all;
    all.push_back({link_kind_from(rows->text(0)), rows->integer(1), rows->integer(2)});
    if (sum_of(all.back()) != rows->integer(3)) return damaged("a link" + std::string(kAltered));
  }
}

Result<std::int64_t> SqliteStore::add_undo(const UndoRow& row) {
  VULTUS_TRY(auto add, pool_.borrow("INSERT INTO undo(at, kind, body, sum) VALUES(?,?,?,0)"));
  add->bind(1, std::string_view(to_iso8601(row.at))).bind(2, std::string_view(row.kind));
  add->bind(3, std::string_view(row.body));
  VULTUS_CHECK(add->run());
  UndoRow numbered = row;
  numbered.number = file_.last_row();
  VULTUS_CHECK(run("UPDATE undo SET sum=? WHERE number=?", {sum_of(numbered), numbered.number}));
  return numbered.number;
}

Result<std::vector<UndoRow>> SqliteStore::undo_rows() {
  VULTUS_TRY(auto rows, pool_.borrow("SELECT " + std::string(kUndoColumns) + " FROM undo ORDER BY number DESC"));
  std::vector<UndoRow> all;
  for (;;) {
    VULTUS_TRY(const bool row, rows->step());
    if (!row) return all;
    Result<UndoRow> read = only_sound(read_undo(*rows));
    if (!read) return damaged(read.error().message);
    all.push_back(*std::move(read));
  }
}

Status SqliteStore::remove_undo(std::int64_t number) { return run("DELETE FROM undo WHERE number=?", {number}); }

Status SqliteStore::append_audit(std::span<const AuditRow> rows) {
  VULTUS_TRY(auto last, pool_.borrow("SELECT coalesce(max(number), 0) FROM audit"));
  VULTUS_TRY(const bool found, last->step());
  std::int64_t expected = found ? last->integer(0) + 1 : 1;
  last->reset();
  VULTUS_TRY(auto add, pool_.borrow("INSERT INTO audit(number, at, record, mac) VALUES(?,?,?,?)"));
  for (const AuditRow& row : rows) {
    if (row.number != expected)
      return file_.fail(ErrorCode::invalid_argument,
                        "audit record " + std::to_string(row.number) + ", the next one is " + std::to_string(expected));
    ++expected;
    add->bind(1, row.number).bind(2, std::string_view(to_iso8601(row.at))).bind(3, std::string_view(row.record));
    add->bind(4, std::span<const std::byte>(row.mac));
    VULTUS_CHECK(add->run());
  }
  return {};
}

Result<std::optional<AuditRow>> SqliteStore::last_audit() {
  VULTUS_TRY(auto row, pool_.borrow("SELECT number, at, record, mac FROM audit ORDER BY number DESC LIMIT 1"));
  VULTUS_TRY(const bool found, row->step());
  if (!found) return std::optional<AuditRow>();
  Result<AuditRow> read = read_audit(*row);
  if (!read) return damaged(read.error().message);
  return std::optional(*std::move(read));
}

Status SqliteStore::each_audit(std::int64_t after, const Take<AuditRow>& take) {
  VULTUS_TRY(auto rows, pool_.borrow("SELECT number, at, record, mac FROM audit WHERE number > ? ORDER BY number"));
  rows->bind(1, after);
  for (;;) {
    VULTUS_TRY(const bool row, rows->step());
    if (!row) return {};
    const Result<AuditRow> read = read_audit(*rows);
    if (!read) return damaged(read.error().message);
    VULTUS_CHECK(take(*read));
  }
}

}  // namespace vultus::gallery

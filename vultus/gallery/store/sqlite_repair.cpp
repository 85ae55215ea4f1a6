// Saving what can be saved of a damaged gallery file.
#include <limits>
#include <map>
#include <string>
#include <system_error>
#include <unordered_map>
#include <unordered_set>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/maintenance.hpp>
#include <vultus/gallery/record_rows.hpp>
#include <vultus/gallery/store/calibration_check.hpp>
#include <vultus/gallery/store/sqlite_ranges.hpp>
#include <vultus/gallery/store/sqlite_rows.hpp>
#include <vultus/gallery/store/sqlite_schema.hpp>
#include <vultus/gallery/store/sqlite_store.hpp>
#include <vultus/gallery/subject_name.hpp>
#include <vultus/gallery/template_bytes.hpp>

namespace vultus::gallery {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();

/// One repair. The new file is filled in one transaction.
class Repair {
 public:
  Repair(Database& from, Database& to) : from_(from), to_(to) {}

  Status meta();
  Status models();
  Status subjects();
  Status faces();
  Status templates();
  Status thumbnails();
  Status rest();
  Status drop_bare_faces();
  Status finish();
  [[nodiscard]] GalleryRepair result() { return std::move(result_); }

 private:
  void lose(std::string what) {
    if (result_.lost.size() < GalleryRepair::kMaxLost) result_.lost.push_back(std::move(what));
  }
  /// Reads a table and tells lost ranges by `noun`, "subject" or "template of face".
  Status read(const TableToRead& what, const std::string& noun, const std::function<Status(const Statement&)>& take) {
    return read_around_damage(from_, what, take, [&](std::int64_t first, std::int64_t last) {
      std::string range = std::to_string(first);
      if (last == kEnd) range += " and all after it";
      if (last != kEnd && last != first) range += " to " + std::to_string(last);
      lose("rows of " + std::string(what.table) + " (" + noun + "s) from number " + range +
           ": the pages cannot be read");
    });
  }
  template <class Row>
  bool keeps(const Result<ReadRow<Row>>& row, const std::string& and_so) {
    if (row && row->sound) return true;
    lose((row ? named(row->row) + std::string(kAltered) : row.error().message) + and_so);
    return false;
  }
  Status add_subject(const SubjectRow& row);
  Result<bool> has_owner(const FaceRow& row);
  Status calibrations();
  Status links();

  Database& from_;
  Database& to_;
  GalleryRepair result_;
  bool plain_ = true;
  Sequence newest_ = 0;
  std::string model_;
  UtcTime created_{};
  std::map<std::int64_t, std::size_t> models_;  // and the dimension of each
  std::unordered_set<std::int64_t> subjects_;
  std::unordered_set<std::string> names_;
  std::unordered_map<std::int64_t, std::string> faces_;  // and what they are called in messages
};

Status Repair::meta() {
  Result<Statement> rows = from_.prepare("SELECT key, value, sum FROM meta");
  std::optional<std::string> encryption;
  for (;;) {
    const Result<bool> row = rows ? rows->step() : Result<bool>(rows.error());
    if (!row && row.error().code != ErrorCode::corrupt_data) return row.error();
    if (!row || !*row) break;
    const std::string key = rows->text(0);
    const std::string value = rows->text(1);
    if (sum_of_meta(key, value) != rows->integer(2)) {
      lose("row \"" + key + "\" of meta" + std::string(kAltered));
      continue;
    }
    if (key == kMetaEncryption) encryption = value;
    if (key == kMetaModel) model_ = value;
    if (key == kMetaCreated) created_ = from_iso8601(value).value_or(UtcTime());
    if (key == kMetaSequence) newest_ = std::max<Sequence>(newest_, std::strtoll(value.c_str(), nullptr, 10));
    VULTUS_CHECK(write_meta(to_, key, value));
  }
  if (!encryption)
    return from_.fail(ErrorCode::corrupt_data, "nothing can be saved: whether it is sealed cannot be read");
  plain_ = *encryption == "none";
  return {};
}

Status Repair::models() {
  VULTUS_TRY(Statement add, to_.prepare("INSERT INTO models(id, name, dimension, sha256, preset, added, sum) "
                                        "VALUES(?,?,?,?,?,?,?)"));
  VULTUS_CHECK(read({"models", kModelColumns, 7}, "model", [&](const Statement& row) -> Status {
    const auto one = read_model(row);
    if (!keeps(one, "")) return {};
    const GalleryModel& model = one->row.model;
    add.bind(1, one->row.id).bind(2, std::string_view(model.id.text())).bind(3, std::int64_t{model.dimension});
    add.bind(4, if_given(model.sha256)).bind(5, if_given(model.preset));
    add.bind(6, std::string_view(to_iso8601(one->row.added))).bind(7, sum_of(one->row));
    models_.emplace(one->row.id, static_cast<std::size_t>(model.dimension));
    return add.run();
  }));
  if (model_.empty() && models_.size() == 1) {
    model_ = std::to_string(models_.begin()->first);
    VULTUS_CHECK(write_meta(to_, kMetaModel, model_));
  }
  if (!models_.contains(std::strtoll(model_.c_str(), nullptr, 10)))
    return from_.fail(ErrorCode::corrupt_data, "nothing can be saved: its model cannot be read");
  return {};
}

Status Repair::add_subject(const SubjectRow& row) {
  VULTUS_TRY(Statement add,
             to_.prepare("INSERT INTO subjects(name, name_key, created, external_id, tags, consent, "
                         "purpose, retain_until, notes, changed, sum, id) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)"));
  bind_subject(add, row);
  VULTUS_CHECK(add.run());
  subjects_.insert(row.id.number());
  names_.insert(row.name_key);
  newest_ = std::max(newest_, row.changed);
  ++result_.subjects;
  return {};
}

Status Repair::subjects() {
  return read({"subjects", kSubjectColumns, 12}, "subject", [&](const Statement& row) -> Status {
    const auto one = read_subject(row);
    if (!keeps(one, one && plain_ ? "; it was called \"" + one->row.name + "\"" : "")) return {};
    if (names_.contains(one->row.name_key)) {
      lose(named(one->row) + " has the name of another one");
      return {};
    }
    // Made by other hands, with sums that fit: a name or tags that no gallery could be opened with.
    if (plain_ && (!checked_name(one->row.name) || one->row.name != one->row.name_key || !tags_from(one->row.tags))) {
      lose(named(one->row) + " has a name or tags that nobody can have");
      return {};
    }
    return add_subject(one->row);
  });
}

/// Whether a face has somebody it belongs to, who is made where only his faces are left.
Result<bool> Repair::has_owner(const FaceRow& row) {
  const std::int64_t id = row.subject.number();
  if (subjects_.contains(id)) return true;
  if (!plain_) return false;
  SubjectRow stand_in{.id = row.subject, .name = "lost subject " + std::to_string(id), .created = row.enrolled};
  while (names_.contains(stand_in.name)) stand_in.name += " (again)";
  stand_in.name_key = stand_in.name;
  stand_in.changed = row.changed;
  VULTUS_CHECK(add_subject(stand_in));
  lose("the name and details of subject " + std::to_string(id) + ", now \"" + stand_in.name + "\"");
  return true;
}

Status Repair::faces() {
  VULTUS_TRY(Statement add, to_.prepare("INSERT INTO faces(subject, enrolled, retain_until, quality, inter_eye_px, "
                                        "detection, source, source_sha256, source_key, box_x, box_y, box_width, "
                                        "box_height, changed, sum, id) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
  return read({"faces", kFaceColumns, kFaceWidth}, "face", [&](const Statement& row) -> Status {
    const auto one = read_face(row);
    if (!keeps(one, one && plain_ && !one->row.source.empty() ? " (" + one->row.source + ")" : "")) return {};
    VULTUS_TRY(const bool owned, has_owner(one->row));
    if (!owned) {
      lose(named(one->row) + ": its subject " + std::to_string(one->row.subject.number()) + " is lost");
      return {};
    }
    bind_face(add, one->row);
    VULTUS_CHECK(add.run());
    faces_.emplace(one->row.id.number(), plain_ ? one->row.source : std::string());
    newest_ = std::max(newest_, one->row.changed);
    ++result_.faces;
    return {};
  });
}

Status Repair::templates() {
  VULTUS_TRY(Statement add, to_.prepare("INSERT OR IGNORE INTO templates(face, model, template, sum) VALUES(?,?,?,?)"));
  return read({"templates", kTemplateColumns, 4}, "template", [&](const Statement& row) -> Status {
    const auto one = read_template(row);
    if (!keeps(one, "") || !faces_.contains(one->row.face.number()) || !models_.contains(one->row.model)) return {};
    std::vector<float> values;
    if (plain_ && from_bytes(one->row.bytes, models_.at(one->row.model), values)) {
      lose(named(one->row) + " is no template");
      return {};
    }
    add.bind(1, one->row.face.number()).bind(2, one->row.model).bind(3, std::span<const std::byte>(one->row.bytes));
    add.bind(4, sum_of(one->row));
    return add.run();
  });
}

Status Repair::thumbnails() {
  VULTUS_TRY(Statement add, to_.prepare("INSERT INTO thumbnails(face, format, bytes, sum) VALUES(?,?,?,?)"));
  return read({"thumbnails", kThumbnailColumns, 4}, "thumbnail", [&](const Statement& row) -> Status {
    const auto one = read_thumbnail(row);
    if (!keeps(one, "") || !faces_.contains(one->row.face.number())) return {};
    if (one->row.bytes.empty() || (plain_ && one->row.bytes.size() > kMaxThumbnailBytes)) return {};
    add.bind(1, one->row.face.number()).bind(2, name_of(one->row.format));
    add.bind(3, std::span<const std::byte>(one->row.bytes)).bind(4, sum_of(one->row));
    return add.run();
  });
}

/// A face that cannot be searched is none.
Status Repair::drop_bare_faces() {
  VULTUS_TRY(Statement bare, to_.prepare("SELECT id FROM faces WHERE NOT EXISTS(SELECT 1 FROM templates WHERE "
                                         "face=faces.id AND model=CAST(? AS INTEGER)) ORDER BY id"));
  bare.bind(1, std::string_view(model_));
  std::vector<std::int64_t> gone;
  for (;;) {
    VULTUS_TRY(const bool row, bare.step());
    if (!row) break;
    gone.push_back(bare.integer(0));
  }
  VULTUS_TRY(Statement remove, to_.prepare("DELETE FROM faces WHERE id=?"));
  for (const std::int64_t id : gone) {
    remove.bind(1, id);
    VULTUS_CHECK(remove.run());
    const std::string& source = faces_[id];
    lose("face " + std::to_string(id) + (source.empty() ? "" : " (" + source + ")") + ": its template is lost");
    faces_.erase(id);
    --result_.faces;
  }
  return {};
}

Status Repair::calibrations() {
  VULTUS_TRY(Statement point,
             to_.prepare("INSERT INTO calibration_rows(calibration, false_match_rate, threshold) VALUES(?,?,?)"));
  return read({"calibrations", kCalibrationColumns, 23}, "calibration", [&](const Statement& row) -> Status {
    const std::int64_t id = row.integer(17);
    Result<std::vector<ThresholdRow>> points = calibration_rows(from_, id);
    if (!points && points.error().code != ErrorCode::corrupt_data) return points.error();
    const auto one = points ? read_calibration(row, *std::move(points)) : Result<ReadRow<Calibration>>(points.error());
    if (!keeps(one, "") || !models_.contains(row.integer(21)) || !check_calibration(one->row)) return {};
    VULTUS_TRY(Statement add, to_.prepare(insert_calibration()));
    bind_calibration(add, row.integer(21), one->row);
    VULTUS_CHECK(add.run());
    const std::int64_t made = to_.last_row();
    for (const ThresholdRow& threshold : one->row.rows) {
      point.bind(1, made).bind(2, threshold.false_match_rate).bind(3, double{threshold.threshold.value()});
      VULTUS_CHECK(point.run());
    }
    return {};
  });
}

/// Links lie in a table without numbers of rows, which is read to its first damage.
Status Repair::links() {
  VULTUS_TRY(Statement add, to_.prepare("INSERT OR IGNORE INTO links(kind, a, b, sum) VALUES(?,?,?,?)"));
  Result<Statement> rows = from_.prepare("SELECT kind, a, b, sum FROM links");
  for (;;) {
    const Result<bool> row = rows ? rows->step() : Result<bool>(rows.error());
    if (!row && row.error().code != ErrorCode::corrupt_data) return row.error();
    if (!row) lose("links: the pages cannot be read");
    if (!row || !*row) return {};
    const LinkRow link{link_kind_from(rows->text(0)), rows->integer(1), rows->integer(2)};
    if (sum_of(link) != rows->integer(3)) {
      lose("the link of " + std::to_string(link.a) + " and " + std::to_string(link.b) + std::string(kAltered));
      continue;
    }
    const bool other = link.kind == LinkKind::not_face ? faces_.contains(link.b) : subjects_.contains(link.b);
    if (!faces_.contains(link.a) || !other) continue;
    add.bind(1, name_of(link.kind)).bind(2, link.a).bind(3, link.b).bind(4, sum_of(link));
    VULTUS_CHECK(add.run());
  }
}

Status Repair::rest() {
  VULTUS_CHECK(calibrations());
  VULTUS_CHECK(links());
  VULTUS_TRY(Statement undo, to_.prepare("INSERT INTO undo(number, at, kind, body, sum) VALUES(?,?,?,?,?)"));
  const auto take_undo = [&](const Statement& row) -> Status {
    const auto one = read_undo(row);
    if (!keeps(one, "")) return {};
    undo.bind(1, one->row.number).bind(2, std::string_view(to_iso8601(one->row.at)));
    undo.bind(3, std::string_view(one->row.kind)).bind(4, std::string_view(one->row.body)).bind(5, sum_of(one->row));
    return undo.run();
  };
  VULTUS_CHECK(read({"undo", kUndoColumns, 5}, "undo", take_undo));
  // The log proves itself: its records are taken as they lie there, and `gallery log verify` finds what is missing.
  VULTUS_TRY(Statement audit, to_.prepare("INSERT INTO audit(number, at, record, mac) VALUES(?,?,?,?)"));
  return read({"audit", "number, at, record, mac", 4}, "record", [&](const Statement& row) -> Status {
    audit.bind(1, row.integer(0)).bind(2, std::string_view(row.text(1))).bind(3, std::string_view(row.text(2)));
    audit.bind(4, row.blob(3));
    return audit.run();
  });
}

/// Whoever knows the gallery by its numbers has to read it again, and no id is given a second time.
Status Repair::finish() {
  ++newest_;
  VULTUS_CHECK(write_meta(to_, kMetaSequence, std::to_string(newest_)));
  VULTUS_CHECK(write_meta(to_, kMetaSwitched, std::to_string(newest_)));
  if (created_ == UtcTime()) VULTUS_CHECK(write_meta(to_, kMetaCreated, to_iso8601(created_)));
  VULTUS_TRY(Statement known, to_.prepare("SELECT EXISTS(SELECT 1 FROM meta WHERE key=?)"));
  known.bind(1, kMetaGallery);
  VULTUS_TRY(const bool row, known.step());
  if (row && known.integer(0) == 0) VULTUS_CHECK(write_meta(to_, kMetaGallery, new_gallery_id()));
  VULTUS_TRY(Statement remove, to_.prepare("DELETE FROM sqlite_sequence WHERE name=?"));
  VULTUS_TRY(Statement add, to_.prepare("INSERT INTO sqlite_sequence(name, seq) VALUES(?,?)"));
  for (const std::string table : {"subjects", "faces"}) {
    VULTUS_TRY(std::int64_t last, to_.integer("SELECT coalesce(max(id), 0) FROM " + table));
    for (const std::string& sql :
         {"SELECT seq FROM sqlite_sequence WHERE name='" + table + "'", "SELECT max(id) FROM " + table})
      last = std::max(last, from_.integer(sql).value_or(0));
    remove.bind(1, std::string_view(table));
    VULTUS_CHECK(remove.run());
    add.bind(1, std::string_view(table)).bind(2, last);
    VULTUS_CHECK(add.run());
  }
  return {};
}

Result<GalleryRepair> repair_into(Database& from, Database& to) {
  Repair repair(from, to);
  VULTUS_TRY(sqlite::Transaction transaction, sqlite::Transaction::begin(to, sqlite::Transaction::Kind::write));
  VULTUS_CHECK(repair.meta());
  VULTUS_CHECK(repair.models());
  VULTUS_CHECK(repair.subjects());
  VULTUS_CHECK(repair.faces());
  VULTUS_CHECK(repair.templates());
  VULTUS_CHECK(repair.thumbnails());
  VULTUS_CHECK(repair.drop_bare_faces());
  VULTUS_CHECK(repair.rest());
  VULTUS_CHECK(repair.finish());
  VULTUS_CHECK(transaction.commit());
  return repair.result();
}

}  // namespace
}  // namespace vultus::gallery

namespace vultus {

namespace {

/// Repairs and backups are of files: what lies on servers is cared for there.
Status require_file(const std::filesystem::path& path, const std::string& act, const std::string& in_database,
                    const std::string& in_shards) {
  const GalleryKind kind = gallery_kind(path);
  if (kind == GalleryKind::file) return {};
  const bool one = kind == GalleryKind::database;
  return fail(ErrorCode::unsupported,
              gallery_name(path) + ": " + act + " is of a gallery in a file; " + (one ? in_database : in_shards));
}

}  // namespace

Result<GalleryRepair> repair_gallery(const std::filesystem::path& from, const std::filesystem::path& to) {
  VULTUS_CHECK(
      require_file(from, "a repair", "restore this database from a backup of it (pg_dump or pg_basebackup)",
                   "restore the database of the damaged shard from a backup of it (pg_dump or pg_basebackup)"));
  std::error_code failed;
  if (to.empty() || std::filesystem::exists(to, failed))
    return fail(ErrorCode::invalid_argument, to.string() + ": something is there already, a repair makes a new file");
  VULTUS_TRY(sqlite::Database old,
             sqlite::Database::open(gallery::format(), {.path = from, .access = sqlite::Access::read_only}));
  Result<GalleryRepair> repaired = [&]() -> Result<GalleryRepair> {
    VULTUS_TRY(sqlite::Database made,
               sqlite::Database::open(gallery::format(), {.path = to, .access = sqlite::Access::create_or_open}));
    return gallery::repair_into(old, made);
  }();
  if (!repaired)
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::filesystem::path rest = to;
      std::filesystem::remove(rest += suffix, failed);
    }
  return repaired;
}

Status backup_gallery(const std::filesystem::path& from, const std::filesystem::path& to, std::stop_token stop) {
  VULTUS_CHECK(require_file(from, "a backup", "copy this database with pg_dump or pg_basebackup",
                            "copy the database of each shard with pg_dump or pg_basebackup, and this file"));
  VULTUS_TRY(const auto store, gallery::SqliteStore::open({.path = from}));
  return store->backup({.to = to, .stop = std::move(stop)});
}

}  // namespace vultus

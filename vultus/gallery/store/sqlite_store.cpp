// Opening the file, transactions, and the numbers of changes.
#include <vultus/gallery/store/sqlite_store.hpp>

#include <charconv>
#include <utility>

#include <vultus/gallery/store/sqlite_rows.hpp>
#include <vultus/gallery/store/sqlite_schema.hpp>

namespace vultus::gallery {

using sqlite::Database;
using sqlite::Statement;

namespace {

Result<ModelRowId> write_model(Database& file, const GalleryModel& model, UtcTime now) {
  VULTUS_TRY(Statement add,
             file.prepare("INSERT INTO models(name, dimension, sha256, preset, added) VALUES(?,?,?,?,?)"));
  add.bind(1, std::string_view(model.id.text())).bind(2, std::int64_t{model.dimension});
  add.bind(3, if_given(model.sha256)).bind(4, if_given(model.preset)).bind(5, std::string_view(to_iso8601(now)));
  VULTUS_CHECK(add.run());
  const ModelRowId id = file.last_row();
  VULTUS_TRY(Statement sum, file.prepare("UPDATE models SET sum=? WHERE id=?"));
  sum.bind(1, sum_of(ModelRow{.id = id, .model = model, .added = now})).bind(2, id);
  VULTUS_CHECK(sum.run());
  return id;
}

Status fill_new(Database& file, const NewStore& with) {
  VULTUS_TRY(const ModelRowId model, write_model(file, with.model, with.created));
  VULTUS_CHECK(write_meta(file, kMetaModel, std::to_string(model)));
  VULTUS_CHECK(write_meta(file, kMetaCreated, to_iso8601(with.created)));
  VULTUS_CHECK(write_meta(file, kMetaSequence, "0"));
  for (const auto& [key, value] : with.meta) VULTUS_CHECK(write_meta(file, key, value));
  return {};
}

std::optional<std::int64_t> number_from(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

}  // namespace

class SqliteStore::OpenTransaction final : public StoreTransaction {
 public:
  OpenTransaction(SqliteStore& store, sqlite::Transaction transaction)
      : store_(store), transaction_(std::move(transaction)) {}
  OpenTransaction(const OpenTransaction&) = delete;
  OpenTransaction& operator=(const OpenTransaction&) = delete;
  ~OpenTransaction() override { store_.number_ = 0; }
  Status commit() override { return transaction_.commit(); }

 private:
  SqliteStore& store_;
  sqlite::Transaction transaction_;
};

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const SqliteOptions& options) {
  const std::int64_t page = format().page_bytes;
  const sqlite::OpenOptions how{.path = options.path,
                                .access = options.access,
                                .busy_wait = options.busy_wait,
                                .on_create = [&options](Database& made) -> Status {
                                  VULTUS_TRY(const NewStore with, options.fill());
                                  return fill_new(made, with);
                                },
                                .on_migrate = finish_migration,
                                .max_pages = (options.max_bytes + page - 1) / page};
  Result<Database> opened = Database::open(format(), how);
  if (!opened && opened.error().code == ErrorCode::unsupported && how.access == sqlite::Access::read_only) {
    // A gallery of an older version is brought up to date, where that is allowed, so that whoever reads can go on.
    sqlite::OpenOptions once = how;
    once.access = sqlite::Access::read_write;
    const Result<Database> migrated = Database::open(format(), once);
    if (migrated) opened = Database::open(format(), how);
    // What is damaged says so, and not that it is old.
    if (!migrated && migrated.error().code == ErrorCode::corrupt_data) return migrated.error();
  }
  VULTUS_TRY(Database file, std::move(opened));
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(file), options));
}

Result<std::unique_ptr<StoreTransaction>> SqliteStore::begin(Kind kind) {
  const auto how = kind == Kind::write ? sqlite::Transaction::Kind::write : sqlite::Transaction::Kind::read;
  VULTUS_TRY(sqlite::Transaction begun, sqlite::Transaction::begin(file_, how));
  number_ = 0;
  return std::unique_ptr<StoreTransaction>(std::make_unique<OpenTransaction>(*this, std::move(begun)));
}

Status SqliteStore::run(std::string_view sql, std::initializer_list<std::int64_t> numbers) {
  VULTUS_TRY(auto statement, pool_.borrow(sql));
  int at = 0;
  for (const std::int64_t number : numbers) statement->bind(++at, number);
  return statement->run();
}

Result<std::optional<std::string>> SqliteStore::meta(std::string_view key) {
  VULTUS_TRY(auto row, pool_.borrow("SELECT value, sum FROM meta WHERE key=?"));
  row->bind(1, key);
  VULTUS_TRY(const bool found, row->step());
  if (!found) return std::optional<std::string>();
  std::string value = row->text(0);
  if (sum_of_meta(key, value) != row->integer(1))
    return damaged("row \"" + std::string(key) + "\" of meta" + std::string(kAltered));
  return std::optional(std::move(value));
}

Status SqliteStore::set_number(std::string_view key, std::int64_t value) {
  return write_meta(file_, key, std::to_string(value));
}

Status SqliteStore::set_meta(std::string_view key, std::string_view value) {
  if (key == kMetaModel) {
    VULTUS_TRY(const Sequence number, take_number());
    VULTUS_CHECK(set_number(kMetaSwitched, number));
  }
  return write_meta(file_, key, value);
}

Result<Sequence> SqliteStore::sequence() {
  VULTUS_TRY(const std::optional<std::string> text, meta(kMetaSequence));
  const std::optional<std::int64_t> number = text ? number_from(*text) : std::nullopt;
  if (!number) return damaged("its sequence is \"" + text.value_or("") + "\", which is no number");
  return *number;
}

Result<Sequence> SqliteStore::take_number() {
  if (number_ != 0) return number_;
  VULTUS_TRY(const Sequence last, sequence());
  VULTUS_CHECK(set_number(kMetaSequence, last + 1));
  number_ = last + 1;
  return number_;
}

Result<Changes> SqliteStore::changes_after(Sequence seen) {
  Changes changes;
  VULTUS_TRY(changes.up_to, sequence());
  if (changes.up_to == seen) return changes;
  {
    VULTUS_TRY(auto rows, pool_.borrow("SELECT " + std::string(kSubjectColumns) +
                                       " FROM subjects WHERE changed > ? ORDER BY subjects.id"));
    rows->bind(1, seen);
    for (;;) {
      VULTUS_TRY(const bool row, rows->step());
      if (!row) break;
      Result<SubjectRow> one = only_sound(read_subject(*rows));
      if (!one) return damaged(one.error().message);
      changes.subjects.push_back(*std::move(one));
    }
  }
  {
    VULTUS_TRY(auto rows,
               pool_.borrow("SELECT " + std::string(kFaceColumns) + " FROM faces WHERE changed > ? ORDER BY faces.id"));
    rows->bind(1, seen);
    for (;;) {
      VULTUS_TRY(const bool row, rows->step());
      if (!row) break;
      const Result<FaceRow> one = only_sound(read_face(*rows));
      if (!one) return damaged(one.error().message);
      changes.faces.emplace_back(one->id, one->subject);
    }
  }
  const auto gone = [&](std::string_view sql, const auto& take) -> Status {
    VULTUS_TRY(auto rows, pool_.borrow(sql));
    rows->bind(1, seen);
    for (;;) {
      VULTUS_TRY(const bool row, rows->step());
      if (!row) return {};
      take(rows->integer(0));
    }
  };
  VULTUS_CHECK(gone("SELECT subject FROM gone_subjects WHERE changed > ? ORDER BY subject",
                    [&](std::int64_t id) { changes.gone_subjects.emplace_back(id); }));
  VULTUS_CHECK(gone("SELECT face FROM gone_faces WHERE changed > ? ORDER BY face",
                    [&](std::int64_t id) { changes.gone_faces.emplace_back(id); }));
  for (const auto& [key, flag] : {std::pair(kMetaLinks, &changes.links), std::pair(kMetaSwitched, &changes.model)}) {
    VULTUS_TRY(const std::optional<std::string> text, meta(key));
    if (text) *flag = number_from(*text).value_or(0) > seen;
  }
  return changes;
}

Result<std::vector<ModelRow>> SqliteStore::models() {
  VULTUS_TRY(auto rows, pool_.borrow("SELECT " + std::string(kModelColumns) + " FROM models ORDER BY id"));
  std::vector<ModelRow> all;
  for (;;) {
    VULTUS_TRY(const bool row, rows->step());
    if (!row) return all;
    Result<ModelRow> read = only_sound(read_model(*rows));
    if (!read) return damaged(read.error().message);
    all.push_back(*std::move(read));
  }
}

Result<ModelRowId> SqliteStore::add_model(const GalleryModel& model, UtcTime now) {
  return write_model(file_, model, now);
}

Status SqliteStore::remove_model(ModelRowId id) {
  VULTUS_CHECK(run("DELETE FROM templates WHERE model=?", {id}));
  VULTUS_CHECK(run("DELETE FROM calibrations WHERE model=?", {id}));
  return run("DELETE FROM models WHERE id=?", {id});
}

Status SqliteStore::backup(const BackupOptions& options) {
  return file_.backup(options.to, options.pages_a_step, options.stop);
}

}  // namespace vultus::gallery

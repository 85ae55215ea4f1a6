// Opening a file of ours: every check between a path and a Database that can be trusted.
#include <map>
#include <system_error>
#include <thread>
#include <utility>

#include <vultus/sqlite/connection.hpp>
#include <vultus/sqlite/database.hpp>

namespace vultus::sqlite {
namespace {

// unixFullPathname of SQLite refuses longer ones with a message that does not name the limit.
constexpr std::size_t kMaxPathBytes = 500;
// A file of ours defines a dozen; a hostile one could define millions.
constexpr std::size_t kMaxDefinitions = 1000;

enum class Link : std::uint8_t { writable, read_only, frozen };

/// Refuses what cannot be a file of ours. Nothing is opened, so that a pipe cannot block.
Status look_at_path(const Connection& to, Access access) {
  const auto refuse = [&](ErrorCode code, const std::string& message) {
    return vultus::fail(code, to.name + ": " + message);
  };
  if (to.path.native().size() > kMaxPathBytes)
    return refuse(ErrorCode::resource_limit, "a path of " + std::to_string(to.path.native().size()) +
                                                 " bytes, the limit is " + std::to_string(kMaxPathBytes));
  std::error_code failure;
  const auto status = std::filesystem::status(to.path, failure);
  if (std::filesystem::exists(status)) {
    if (!std::filesystem::is_regular_file(status))
      return refuse(ErrorCode::invalid_argument, "not a file, so it cannot be a " + to.noun);
    return {};
  }
  if (failure && failure != std::errc::no_such_file_or_directory)
    return refuse(ErrorCode::resource_limit, "cannot be reached (" + failure.message() + ")");
  if (access != Access::create_or_open) return refuse(ErrorCode::not_found, "no such " + to.noun);
  if (!std::filesystem::is_directory(to.path.parent_path(), failure))
    return refuse(ErrorCode::not_found, "the folder of the new " + to.noun + " does not exist");
  return {};
}

/// file:<path>?immutable=1 with every byte outside the plain ones escaped.
std::string frozen_uri(const std::string& path) {
  static constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += '%';
      uri += kHex[byte >> 4];
      uri += kHex[byte & 15];
    }
  }
  return uri + "?immutable=1";
}

Status open_handle(Connection& to, Link link, Access access) {
  sqlite3_close_v2(std::exchange(to.handle, nullptr));
  int flags = SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE;
  std::string target = to.path.native();
  if (link == Link::writable) {
    flags |= SQLITE_OPEN_READWRITE;
    if (access == Access::create_or_open) flags |= SQLITE_OPEN_CREATE;
  } else {
    flags |= SQLITE_OPEN_READONLY;
  }
  if (link == Link::frozen) {
    flags |= SQLITE_OPEN_URI;
    target = frozen_uri(target);
    to.frozen = true;
  }
  if (const int code = sqlite3_open_v2(target.c_str(), &to.handle, flags, nullptr); code != SQLITE_OK)
    return to.error(code);
  return {};
}

/// Nothing that the file says may run on its own, and no change may be lost or leave bytes behind.
Status configure(Connection& to, const OpenOptions& options, Database& database) {
  for (const int off : {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
                        SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION})
    sqlite3_db_config(to.handle, off, 0, nullptr);
  sqlite3_db_config(to.handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_limit(to.handle, SQLITE_LIMIT_LENGTH, OpenOptions::kMaxValueBytes);
  sqlite3_limit(to.handle, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_busy_timeout(to.handle, static_cast<int>(options.busy_wait.count()));
  sqlite3_progress_handler(to.handle, Connection::kStepsBetweenCalls, &Connection::watch_steps, &to);
  VULTUS_CHECK(
      database.execute("PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
                       "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA synchronous=FULL"));
  if (options.access == Access::read_only) VULTUS_CHECK(database.execute("PRAGMA query_only=ON"));
  if (options.max_pages > 0)
    VULTUS_CHECK(database.execute("PRAGMA max_page_count=" + std::to_string(options.max_pages)));
  return {};
}

/// "type name" -> SQL of everything that a database defines.
using Definitions = std::map<std::string, std::string>;

Result<Definitions> definitions(Database& database) {
  Definitions all;
  VULTUS_TRY(Statement rows, database.prepare("SELECT type, name, sql FROM sqlite_schema"));
  for (;;) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) return all;
    const std::string name = rows.text(1);
    if (!name.starts_with("sqlite_")) all[rows.text(0) + " " + name] = rows.text(2);
    if (all.size() > kMaxDefinitions)
      return database.fail(ErrorCode::corrupt_data, "defines more than " + std::to_string(kMaxDefinitions) + " tables");
  }
}

/// Makes version `format.version()` out of version `from`.
Status take_steps(Database& database, const Format& format, int from) {
  for (std::size_t i = static_cast<std::size_t>(from); i < format.steps.size(); ++i)
    VULTUS_CHECK(database.execute(format.steps[i]));
  return database.execute("PRAGMA user_version=" + std::to_string(format.version()));
}

/// What the steps of the format make in an empty database.
Result<Definitions> wanted_definitions(const Format& format) {
  auto made = std::make_unique<Connection>();
  made->name = std::string(format.noun) + " in memory";
  if (const int code = sqlite3_open_v2(":memory:", &made->handle, SQLITE_OPEN_READWRITE, nullptr); code != SQLITE_OK)
    return made->error(code);
  Database database(std::move(made));
  VULTUS_CHECK(take_steps(database, format, 0));
  return definitions(database);
}

/// The schema must be the one this build would make, to the letter: a foreign view or trigger would run unseen.
Status compare_schema(Database& database, const Format& format) {
  VULTUS_TRY(const Definitions found, definitions(database));
  VULTUS_TRY(const Definitions wanted, wanted_definitions(format));
  for (const auto& [what, sql] : wanted) {
    const auto at = found.find(what);
    if (at == found.end() || at->second != sql)
      return database.fail(ErrorCode::corrupt_data,
                           "damaged " + std::string(format.noun) + ": " + what +
                               (at == found.end() ? " is missing" : " has another definition"));
  }
  for (const auto& [what, sql] : found)
    if (!wanted.contains(what))
      return database.fail(ErrorCode::corrupt_data,
                           "holds " + what + ", which no " + std::string(format.noun) + " has");
  return {};
}

struct Marks {
  std::int64_t application = 0;
  std::int64_t version = 0;
  bool blank = false;
};

Result<Marks> read_marks(Database& database) {
  Marks marks;
  VULTUS_TRY(marks.application, database.integer("PRAGMA application_id"));
  VULTUS_TRY(marks.version, database.integer("PRAGMA user_version"));
  VULTUS_TRY(const std::int64_t any, database.integer("SELECT EXISTS(SELECT 1 FROM sqlite_schema)"));
  marks.blank = any == 0 && marks.application == 0 && marks.version == 0;
  return marks;
}

/// The marks of one moment: another process may be making the file.
Result<Marks> marks_of_one_moment(Database& database) {
  VULTUS_TRY(Transaction view, Transaction::begin(database, Transaction::Kind::read));
  VULTUS_TRY(const Marks marks, read_marks(database));
  VULTUS_CHECK(view.commit());
  return marks;
}

/// Opens the handle, makes it safe and reads the marks: the first two already read the file.
Result<Marks> connect(Connection& to, Link link, const OpenOptions& options, Database& database) {
  VULTUS_CHECK(open_handle(to, link, options.access));
  VULTUS_CHECK(configure(to, options, database));
  return marks_of_one_moment(database);
}

/// The write-ahead log is switched on without SQLite's own waiting, so the waiting is done here.
Status switch_log_on(Database& database, std::chrono::milliseconds wait) {
  const auto until = std::chrono::steady_clock::now() + wait;
  for (;;) {
    Status done = database.execute("PRAGMA journal_mode=WAL");
    if (done || done.error().code != ErrorCode::resource_limit || std::chrono::steady_clock::now() >= until)
      return done;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

Status make_or_migrate(Database& database, const Format& format, const OpenOptions& options) {
  VULTUS_TRY(Transaction transaction, Transaction::begin(database, Transaction::Kind::write));
  VULTUS_TRY(const Marks marks, read_marks(database));  // another process may have been faster
  if (!marks.blank && marks.version == format.version()) return transaction.commit();
  const Status stepped = take_steps(database, format, static_cast<int>(marks.version));
  // Rows that break a rule which they were written under: somebody else has had his hands on them.
  if (!stepped && stepped.error().code == ErrorCode::invalid_argument)
    return database.fail(ErrorCode::corrupt_data, "damaged " + std::string(format.noun) +
                                                      ": it cannot be brought up to date from version " +
                                                      std::to_string(marks.version));
  VULTUS_CHECK(stepped);
  if (!marks.blank && options.on_migrate) VULTUS_CHECK(options.on_migrate(database, static_cast<int>(marks.version)));
  if (marks.blank) {
    VULTUS_CHECK(database.execute("PRAGMA application_id=" + std::to_string(format.application_id)));
    if (options.on_create) VULTUS_CHECK(options.on_create(database));
  }
  return transaction.commit();
}

Status check_marks(Database& database, const Format& format, const Marks& marks, Access access) {
  const std::string noun(format.noun);
  if (marks.blank) {
    if (access == Access::create_or_open) return {};
    // What a process leaves that was killed, or met a full disk, while it made the file.
    return database.fail(ErrorCode::not_found, "no such " + noun + ": the file is empty");
  }
  if (marks.application != format.application_id)
    return database.fail(ErrorCode::corrupt_data, "a file of another application (SQLite application id " +
                                                      std::to_string(marks.application) + "), no " + noun);
  const std::string versions = noun + " version " + std::to_string(marks.version) + ", this program knows 1 to " +
                               std::to_string(format.version());
  if (marks.version > format.version()) return database.fail(ErrorCode::unsupported, versions);
  if (marks.version < 1) return database.fail(ErrorCode::corrupt_data, versions);
  if (marks.version < format.version() && access == Access::read_only)
    return database.fail(ErrorCode::unsupported, versions + "; open it once for writing to bring it up to date");
  return {};
}

/// A file in write-ahead mode needs two more files beside it, even to be read. Where the folder does not allow that and
/// no such file holds changes, the file is read as it lies there.
bool can_be_read_frozen(const Connection& to, const Error& failure) {
  std::error_code ignored;
  const auto log = std::filesystem::file_size(path_with(to.path, "-wal"), ignored);
  return failure.code == ErrorCode::resource_limit && (ignored || log == 0);
}

}  // namespace

Result<Database> Database::open(const Format& format, const OpenOptions& options) {
  auto made = std::make_unique<Connection>();
  Connection& to = *made;
  std::error_code failure;
  to.path = std::filesystem::absolute(options.path, failure);
  to.name = options.path.string();
  to.noun = format.noun;
  to.busy_wait = options.busy_wait;
  if (failure || options.path.empty())
    return vultus::fail(ErrorCode::invalid_argument, "a " + to.noun + " without a path");
  VULTUS_CHECK(look_at_path(to, options.access));

  const bool reads = options.access == Access::read_only;
  Database database(std::move(made));
  // Even who only reads takes a handle that could write, where that is allowed: only such a one clears the files of the
  // write-ahead log away when it is the last to close.
  Result<Marks> marks = connect(to, Link::writable, options, database);
  if (!marks && reads && marks.error().code == ErrorCode::resource_limit)
    marks = connect(to, Link::read_only, options, database);
  if (!marks && reads && can_be_read_frozen(to, marks.error())) marks = connect(to, Link::frozen, options, database);
  if (!marks) return marks.error();
  VULTUS_CHECK(check_marks(database, format, *marks, options.access));
  if (!reads) {
    if (sqlite3_db_readonly(to.handle, "main") == 1) return to.error(SQLITE_READONLY);
    if (marks->blank) VULTUS_CHECK(database.execute("PRAGMA page_size=" + std::to_string(format.page_bytes)));
    VULTUS_CHECK(switch_log_on(database, options.busy_wait));
    if (marks->version < format.version()) VULTUS_CHECK(make_or_migrate(database, format, options));
  }
  VULTUS_CHECK(compare_schema(database, format));
  to.version = format.version();
  return database;
}

}  // namespace vultus::sqlite

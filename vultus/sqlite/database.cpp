#include <vultus/sqlite/database.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include <vultus/sqlite/connection.hpp>

namespace vultus::sqlite {
namespace {

/// One row of SQLite's own check may hold several findings, each in a line, below the name of the database.
void add_lines(std::string_view text, std::vector<std::string>& findings) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (!line.empty() && line != "ok" && !line.starts_with("*** in database")) findings.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

Database::Database(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Statement> Database::prepare(std::string_view sql) {
  connection_->steps_run = 0;
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(connection_->handle, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return connection_->error(code);
  return Statement(connection_.get(), statement);
}

Status Database::execute(std::string_view sql) {
  connection_->steps_run = 0;
  const int code = sqlite3_exec(connection_->handle, std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return connection_->error(code);
  return {};
}

Result<std::int64_t> Database::integer(std::string_view sql) {
  VULTUS_TRY(Statement statement, prepare(sql));
  VULTUS_TRY(const bool row, statement.step());
  if (!row) return fail(ErrorCode::internal, "no answer to " + std::string(sql));
  return statement.integer(0);
}

std::int64_t Database::changes() const { return sqlite3_changes64(connection_->handle); }
std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(connection_->handle); }
int Database::version() const { return connection_->version; }
bool Database::is_frozen() const { return connection_->frozen; }
const std::string& Database::name() const { return connection_->name; }

Error Database::fail(ErrorCode code, std::string_view message) const {
  return vultus::fail(code, connection_->name + ": " + std::string(message));
}

Result<bool> Database::empty_log() {
  const int code = sqlite3_wal_checkpoint_v2(connection_->handle, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (code == SQLITE_OK) return true;
  if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) return false;
  return connection_->error(code);
}

Result<bool> Database::write_anew() {
  // VACUUM attaches the file that it writes first, which else nothing may; it lies in the folder for temporary files,
  // because it would not fit into memory.
  VULTUS_CHECK(execute("PRAGMA temp_store=FILE"));
  const int attached = sqlite3_limit(connection_->handle, SQLITE_LIMIT_ATTACHED, 1);
  connection_->steps_run = 0;
  const int code = sqlite3_exec(connection_->handle, "VACUUM", nullptr, nullptr, nullptr);
  std::optional<Error> why;
  if (code != SQLITE_OK) why = connection_->error(code);
  sqlite3_limit(connection_->handle, SQLITE_LIMIT_ATTACHED, attached);
  VULTUS_CHECK(execute("PRAGMA temp_store=MEMORY"));
  if (!why) return empty_log();
  if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) return false;
  return *why;
}

Result<std::vector<std::string>> Database::integrity_findings(int limit) {
  std::vector<std::string> findings;
  const std::string sql = "PRAGMA integrity_check(" + std::to_string(limit) + ")";
  VULTUS_TRY(Statement statement, prepare(sql));
  for (;;) {
    const Result<bool> row = statement.step();
    if (!row && row.error().code == ErrorCode::corrupt_data) {
      findings.push_back(row.error().message);  // too damaged to be checked to the end is a finding too
      return findings;
    }
    if (!row) return row.error();
    if (!*row) return findings;
    add_lines(statement.text(0), findings);
  }
}

Result<Transaction> Transaction::begin(Database& database, Kind kind) {
  VULTUS_CHECK(database.execute(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN"));
  return Transaction(&database);
}

Transaction::~Transaction() {
  if (database_ == nullptr) return;
  // SQLite has rolled back on its own after some failures; then there is nothing to do. A rollback that fails leaves
  // nothing committed either.
  if (sqlite3_get_autocommit(database_->connection_->handle) == 0) (void)database_->execute("ROLLBACK");
}

Status Transaction::commit() {
  VULTUS_CHECK(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace vultus::sqlite

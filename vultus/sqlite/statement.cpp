#include <utility>

#include <vultus/sqlite/connection.hpp>
#include <vultus/sqlite/database.hpp>

namespace vultus::sqlite {

Statement::Statement(Statement&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)),
      statement_(std::exchange(other.statement_, nullptr)),
      bind_failure_(other.bind_failure_),
      running_(other.running_) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(connection_, other.connection_);
  std::swap(statement_, other.statement_);
  std::swap(bind_failure_, other.bind_failure_);
  std::swap(running_, other.running_);
  return *this;
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(int at, std::nullptr_t) {
  if (const int code = sqlite3_bind_null(statement_, at); code != SQLITE_OK) bind_failure_ = code;
  return *this;
}

Statement& Statement::bind(int at, std::int64_t value) {
  if (const int code = sqlite3_bind_int64(statement_, at, value); code != SQLITE_OK) bind_failure_ = code;
  return *this;
}

Statement& Statement::bind(int at, double value) {
  if (const int code = sqlite3_bind_double(statement_, at, value); code != SQLITE_OK) bind_failure_ = code;
  return *this;
}

Statement& Statement::bind(int at, std::string_view text) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* data = text.data() != nullptr ? text.data() : "";
  const int code = sqlite3_bind_text64(statement_, at, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) bind_failure_ = code;
  return *this;
}

Statement& Statement::bind(int at, std::span<const std::byte> bytes) {
  const void* data = bytes.data() != nullptr ? static_cast<const void*>(bytes.data()) : "";
  const int code = sqlite3_bind_blob64(statement_, at, data, bytes.size(), SQLITE_TRANSIENT);
  if (code != SQLITE_OK) bind_failure_ = code;
  return *this;
}

Result<bool> Statement::step() {
  if (bind_failure_ != 0) {
    Error error = connection_->error(std::exchange(bind_failure_, 0));
    reset();
    return error;
  }
  if (!running_) connection_->steps_run = 0;
  running_ = true;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  running_ = false;
  if (code == SQLITE_DONE) return false;
  Error error = connection_->error(code);
  reset();
  return error;
}

Status Statement::run() {
  for (;;) {
    VULTUS_TRY(const bool row, step());
    if (!row) break;
  }
  reset();
  return {};
}

void Statement::reset() {
  // The code repeats the failure of the last step, which was reported there.
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  running_ = false;
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

bool Statement::is_text(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_TEXT; }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string Statement::text(int column) const {
  // column_text before column_bytes: the conversion decides the length.
  const unsigned char* text = sqlite3_column_text(statement_, column);
  const int bytes = sqlite3_column_bytes(statement_, column);
  if (text == nullptr || bytes <= 0) return {};
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(bytes)};
}

std::span<const std::byte> Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int bytes = sqlite3_column_bytes(statement_, column);
  if (data == nullptr || bytes <= 0) return {};
  return {static_cast<const std::byte*>(data), static_cast<std::size_t>(bytes)};
}

std::optional<double> Statement::optional_real(int column) const {
  if (is_null(column)) return std::nullopt;
  return real(column);
}

std::optional<std::string> Statement::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

}  // namespace vultus::sqlite

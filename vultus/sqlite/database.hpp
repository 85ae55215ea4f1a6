// One SQLite file of ours: opened with every check, read and written through statements that cannot leak.
// Private to the rooms that keep their files in SQLite; not installed.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/core/result.hpp>

struct sqlite3_stmt;

namespace vultus::sqlite {

struct Connection;
class Database;

enum class Access : std::uint8_t { read_only, read_write, create_or_open };

/// What makes a file one of ours: its mark, and the steps that lead to the newest schema.
struct Format {
  std::string_view noun;                    ///< for messages, e.g. "gallery"
  std::int32_t application_id = 0;          ///< in the header of the file, not 0
  std::span<const std::string_view> steps;  ///< steps[i] is the SQL that makes version i + 1 out of version i
  int page_bytes = 4096;                    ///< of new files: a power of 2, 512 to 65536

  [[nodiscard]] int version() const { return static_cast<int>(steps.size()); }
};

struct OpenOptions {
  std::filesystem::path path;
  Access access = Access::read_only;
  std::chrono::milliseconds busy_wait{5000};   ///< how long to wait for another writer, >= 0
  std::function<Status(Database&)> on_create;  ///< fills a new file inside the transaction that makes it
  /// Finishes what the steps of the format began, in their transaction; `from` = version before them.
  std::function<Status(Database&, int from)> on_migrate = nullptr;
  std::int64_t max_pages = 0;                      ///< the file may not grow beyond this; 0 = SQLite's own limit
  static constexpr int kMaxValueBytes = 16 << 20;  ///< a longer text or blob is refused, in reading and in writing
};

/// A prepared statement. Must not outlive its Database. Thread-compatible.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  /// Sets parameter `at` (from 1). A failed bind is reported by the next step.
  Statement& bind(int at, std::nullptr_t);
  Statement& bind(int at, std::int64_t value);
  Statement& bind(int at, double value);
  Statement& bind(int at, std::string_view text);             ///< copied
  Statement& bind(int at, std::span<const std::byte> bytes);  ///< copied
  template <class T>
  Statement& bind(int at, const std::optional<T>& value) {
    return value ? bind(at, *value) : bind(at, nullptr);
  }

  /// @return true with a row, false at the end
  /// @error invalid_argument  a constraint of the schema forbids it; and the codes of Database::open
  Result<bool> step();
  /// Steps to the end and makes ready for the next run.
  Status run();
  /// Ready for new parameters; rows of the last run are gone.
  void reset();

  /// Columns of the current row, from 0. A value of another type is converted as SQLite does.
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] bool is_text(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::span<const std::byte> blob(int column) const;  ///< valid until the next step or reset
  [[nodiscard]] std::optional<double> optional_real(int column) const;
  [[nodiscard]] std::optional<std::string> optional_text(int column) const;

 private:
  friend class Database;
  Statement(Connection* connection, sqlite3_stmt* statement) : connection_(connection), statement_(statement) {}
  Connection* connection_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
  int bind_failure_ = 0;
  bool running_ = false;
};

/// An open file. Move-only, thread-compatible: one user at a time.
class Database {
 public:
  /// Opens, and where asked makes, a file of the format: write-ahead log, full synchronisation, foreign keys on, freed
  /// bytes overwritten, the schema compared with the one this build would make. An older version is brought up to
  /// date where the access allows it.
  /// @error not_found         no such file or folder, or an empty file that is not to be made into one of the format
  /// @error invalid_argument  the path is a folder or a device
  /// @error corrupt_data      no SQLite file, another application's, damaged pages, or another schema
  /// @error unsupported       a newer version than this build knows, or an older one without the right to write
  /// @error resource_limit    no permission, disk full, out of memory, locked for longer than busy_wait
  static Result<Database> open(const Format& format, const OpenOptions& options);

  /// Takes a connection that is open already.
  explicit Database(std::unique_ptr<Connection> connection);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  /// @error internal  the SQL is wrong; and the codes of open
  Result<Statement> prepare(std::string_view sql);
  /// Runs statements that answer nothing.
  Status execute(std::string_view sql);
  /// The first column of the first row.
  /// @error internal  no row; and the codes of open
  Result<std::int64_t> integer(std::string_view sql);

  /// Rows changed by the last statement.
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] std::int64_t last_row() const;
  [[nodiscard]] int version() const;
  /// True where the file lies in a place that cannot be written, so that changes by others are not seen.
  [[nodiscard]] bool is_frozen() const;
  [[nodiscard]] const std::string& name() const;  ///< the path, for messages

  /// Moves the write-ahead log into the file and empties it, so that overwritten bytes are in neither.
  /// @return false if another process is in the way; the log is then emptied later
  Result<bool> empty_log();

  /// Writes the whole file anew, row by row. SQLite overwrites what is deleted, but not the copy of a row that it
  /// leaves behind in a page when it spreads the rows of a full page over others; such a copy outlives the row. Takes
  /// about as much time and free disk as a copy of the file. Not within a transaction.
  /// @return false if another process is in the way; the file is as it was
  /// @error resource_limit  no room for it; the file is as it was
  Result<bool> write_anew();

  /// Copies the file as it is at the beginning into another one, page by page, while others read and write.
  /// @param to  a path where nothing is yet; its folder is there
  /// @error invalid_argument  something is there  @error cancelled  `stop` was asked; nothing is left at `to`
  Status backup(const std::filesystem::path& to, int pages_a_step, const std::stop_token& stop);

  /// Hands over the file and its write-ahead log as they lie on the disk. Uses SQLite's own handle of the file: closing
  /// another one would drop its locks.
  Status raw_bytes(const std::function<void(const std::string& file, std::span<const std::byte>)>& take);

  /// What SQLite's own check finds, at most `limit` lines; empty = sound.
  Result<std::vector<std::string>> integrity_findings(int limit);

  /// An error of this file: "<path>: <message>".
  [[nodiscard]] Error fail(ErrorCode code, std::string_view message) const;

 private:
  friend class Transaction;
  std::unique_ptr<Connection> connection_;
};

/// All or nothing: what was not committed is rolled back when the object goes.
class Transaction {
 public:
  enum class Kind : std::uint8_t { read, write };
  /// @param kind  write takes the lock of writers at once, so that commit cannot find another one in the way
  static Result<Transaction> begin(Database& database, Kind kind);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  /// After success the changes survive the end of the process and of the machine's power.
  Status commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;
};

}  // namespace vultus::sqlite

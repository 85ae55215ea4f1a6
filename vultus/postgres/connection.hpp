// One connection to a PostgreSQL server: every call has a deadline, and no message holds a password.
// Private to the rooms that keep their rows in PostgreSQL; not installed.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/postgres/values.hpp>

namespace vultus::postgres {

struct Link;

/// Which of the servers that a URL names is wanted.
enum class Role : std::uint8_t {
  any,      ///< the first that answers; it may be a standby
  primary,  ///< one that can be written
};

struct OpenOptions {
  /// postgresql://user:password@host:port/database?name=value, or postgres://; several hosts with commas. What it does
  /// not say comes from PGUSER, PGPASSWORD, ~/.pgpass and so on, as libpq does.
  std::string url;
  Role role = Role::primary;
  /// For every call: a longer one fails, and the connection is then broken. Opening tries each host within its share.
  std::chrono::milliseconds deadline{10'000};
};

/// What NOTIFY sent.
struct Notice {
  std::string channel;
  std::string text;
  bool operator==(const Notice&) const = default;
};

/// True for texts that name a server of PostgreSQL rather than a file.
[[nodiscard]] bool is_url(std::string_view text);
/// The URL without its password, for messages and lists.
/// @error invalid_argument  not a URL that libpq understands
[[nodiscard]] Result<std::string> shown_url(const std::string& url);

/// An open connection. Move-only, thread-compatible: one user at a time.
class Connection {
 public:
  /// @error invalid_argument  no such URL, or a deadline outside 1 ms to 1 h
  /// @error not_found         the server has no such database
  /// @error resource_limit    no server answers, none that can be written is there, or it does not let this user in
  /// @error unsupported       older than PostgreSQL 14
  static Result<Connection> open(const OpenOptions& options);

  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Runs one statement with parameters. It is prepared at its first run and kept under its text.
  /// @error invalid_argument  a constraint or a type forbids it
  /// @error resource_limit    connection lost, deadline passed, lock not given, disk full, standby
  /// @error corrupt_data      the server found damage
  /// @error internal          the SQL is wrong
  Result<Answer> run(std::string_view sql, const Parameters& parameters = {});
  /// Runs statements that answer nothing, separated by semicolons. Errors as run.
  Status execute(const std::string& sql);
  /// The first column of the first row, which must be there.
  Result<std::int64_t> integer(std::string_view sql, const Parameters& parameters = {});

  /// COPY in binary form. Between begin and end nothing else may be run; after an error nothing was added.
  /// @param sql  "COPY t(a, b) FROM STDIN (FORMAT binary)"
  Status begin_copy(const std::string& sql);
  Status copy(std::string_view bytes);
  /// @return the number of rows
  Result<std::int64_t> end_copy();

  /// Waits for what NOTIFY sends on channels that LISTEN named.
  /// @param wait  0 = only what is there already
  /// @return nothing when the time is over
  Result<std::vector<Notice>> notices(std::chrono::milliseconds wait);

  /// True after a loss: every further call fails, a new connection is needed.
  [[nodiscard]] bool is_broken() const;
  /// For messages: the URL of the server that was reached, without password.
  [[nodiscard]] const std::string& name() const;
  /// 180004 for 18.4.
  [[nodiscard]] int server_version() const;
  /// Of the session at the server, for pg_terminate_backend.
  [[nodiscard]] int process() const;
  /// An error of this connection: "<name>: <message>".
  [[nodiscard]] Error fail(ErrorCode code, std::string_view message) const;

  /// `name` as an identifier in SQL.
  [[nodiscard]] static std::string quoted(std::string_view name);

 private:
  explicit Connection(std::unique_ptr<Link> link);
  std::unique_ptr<Link> link_;
};

/// All or nothing: what was not committed is rolled back when the object goes.
class Transaction {
 public:
  enum class Kind : std::uint8_t {
    read,   ///< one view of the database, and nothing can be written
    write,  ///< each statement sees what was committed before it
  };
  static Result<Transaction> begin(Connection& connection, Kind kind);
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  /// @error resource_limit  the connection was lost: the server may or may not have kept the changes
  Status commit();

 private:
  explicit Transaction(Connection* connection) : connection_(connection) {}
  Connection* connection_;
};

}  // namespace vultus::postgres

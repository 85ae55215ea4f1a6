// What lies behind Connection: libpq's handle, waiting with a deadline, the words for its errors. Private to this room.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

struct pg_conn;
struct pg_result;

namespace vultus::postgres {

using Clock = std::chrono::steady_clock;

struct Link {
  pg_conn* handle = nullptr;
  std::string name;      ///< URL without password, for messages
  std::string password;  ///< as libpq used it, so that it can be kept out of messages
  std::chrono::milliseconds deadline{0};
  bool broken = false;
  std::map<std::string, std::string, std::less<>> prepared;  ///< text of the statement -> its name at the server

  Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link();

  enum class Wait : int { read, write };
  /// Waits until the socket can be used, or until `until`.
  /// @return false when the time is over
  [[nodiscard]] bool wait(Wait what, Clock::time_point until) const;

  /// Sends what is still in libpq's buffers.
  Status flush(Clock::time_point until);
  /// The next result of what was sent; nullptr = there is no more. The caller clears it.
  Result<pg_result*> next(Clock::time_point until);
  /// Takes every result of what was sent. The last one is the answer, or the first failure.
  Result<pg_result*> finish(Clock::time_point until);

  [[nodiscard]] Clock::time_point until() const { return Clock::now() + deadline; }

  /// The Error for a result that is none.
  [[nodiscard]] Error error(const pg_result* result) const;
  /// Marks the link as broken and tells why.
  Error lose(std::string_view why);
  /// `text` without password and in one line.
  [[nodiscard]] std::string clean(std::string_view text) const;
};

/// What a SQLSTATE means for the caller.
[[nodiscard]] ErrorCode code_of(std::string_view sql_state);

}  // namespace vultus::postgres

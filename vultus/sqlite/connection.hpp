// What lies behind Database: the handle of SQLite and the words for its errors. Private to this room.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <sqlite3.h>

#include <vultus/sqlite/database.hpp>

namespace vultus::sqlite {

/// The path with `suffix` at its end, e.g. "-wal".
[[nodiscard]] inline std::filesystem::path path_with(std::filesystem::path path, const char* suffix) {
  return path += suffix;
}

/// Never moves, because SQLite keeps its address.
struct Connection {
  sqlite3* handle = nullptr;
  std::filesystem::path path;  ///< absolute
  std::string name;            ///< as the caller wrote it, for messages
  std::string noun;
  std::chrono::milliseconds busy_wait{0};
  int version = 0;
  bool frozen = false;
  std::int64_t steps_run = 0;  ///< of the current statement

  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { sqlite3_close_v2(handle); }

  /// The Error for a result code of SQLite that is not a success.
  [[nodiscard]] Error error(int code) const;

  /// What keeps this process from changing the file where it lies, told by the file, its folder and the files beside
  /// it. Nothing is opened. @return nothing where all of them could be written
  [[nodiscard]] std::optional<Error> obstacle() const;

  /// Called by SQLite every kStepsBetweenCalls steps of its virtual machine; not 0 = stop. A damaged file can hold a
  /// tree whose branches meet again, which would be walked for ever: no sound file needs more steps than its size.
  static int watch_steps(void* connection);
  static constexpr int kStepsBetweenCalls = 10'000;
  static constexpr std::int64_t kStepsAtLeast = 20'000'000;
  static constexpr std::int64_t kStepsPerByte = 8;
};

}  // namespace vultus::sqlite

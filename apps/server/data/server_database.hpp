// server.db: keys, what they have used, answers kept for repeated requests, collections on servers, cameras, events,
// webhooks and what is still to be delivered.
#pragma once

#include <filesystem>
#include <mutex>
#include <type_traits>

#include <vultus/core/result.hpp>
#include <vultus/sqlite/database.hpp>

namespace vultus::server {

/// Thread-safe: one user at a time, the others wait.
class ServerDatabase {
 public:
  /// @error as sqlite::Database::open
  static Result<ServerDatabase> open(const std::filesystem::path& path);

  /// Calls `act` with the database to itself.
  template <class Act>
  auto with(Act&& act) -> std::invoke_result_t<Act, sqlite::Database&> {
    const std::scoped_lock lock(*mutex_);
    return std::forward<Act>(act)(database_);
  }

 private:
  explicit ServerDatabase(sqlite::Database database) : database_(std::move(database)) {}
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
  sqlite::Database database_;
};

}  // namespace vultus::server

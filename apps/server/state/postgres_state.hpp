// What several servers remember together, in the schema "vultus_server" of a database of PostgreSQL.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>

#include <vultus/postgres/connection.hpp>

#include <apps/server/state/state.hpp>

namespace vultus::server {

/// Thread-safe: one user of the connection at a time. A lost connection is made again; what was under way is asked
/// once more, so that a request may then be counted twice.
class PostgresState final : public State {
 public:
  /// Opens the database and makes the schema where it is not there.
  /// @error unsupported  the schema is of a newer version; else as postgres::Connection::open
  static Result<std::unique_ptr<PostgresState>> open(const std::string& url);

  /// What keyed hashes of all servers are made with: made by the first one.
  Result<Digest> secret();

  [[nodiscard]] bool is_shared() const override { return true; }
  Status alone(const std::function<Status()>& act) override;
  Result<std::int64_t> keys_version() override;
  Result<std::vector<KeyRow>> keys() override;
  Status insert_key(const ApiKey& key, const Digest& hash) override;
  Status set_revoked(std::string_view id, UtcTime at) override;
  Status add_used(std::span<const UsedKey> used) override;
  Result<std::optional<Wait>> spend(const ApiKey& key, std::chrono::system_clock::time_point now) override;
  Result<KeptAnswer> claim_answer(const Digest& id, std::int64_t now, std::int64_t oldest) override;
  Status keep_answer(const Digest& id, const Digest& request, std::string_view collection,
                     std::span<const std::byte> sealed, std::int64_t now) override;
  Status release_answer(const Digest& id) override;
  Status forget_answers(std::string_view collection) override;
  Result<bool> has_collection(std::string_view name) override;
  Result<std::vector<std::string>> collections() override;
  Status add_collection(std::string_view name, std::int64_t when) override;

 private:
  explicit PostgresState(std::string url) : url_(std::move(url)) {}
  [[nodiscard]] Status connect();
  [[nodiscard]] Status prepare();
  /// Calls `act` with the connection to itself, and once more where the connection was lost.
  template <class Act>
  auto with(Act&& act) -> std::invoke_result_t<Act, postgres::Connection&>;
  /// A change of keys, of which all servers are to know.
  Status change_keys(std::string_view sql, const postgres::Parameters& parameters);

  std::string url_;
  std::recursive_mutex lock_;  ///< recursive: alone() calls what uses this state
  std::optional<postgres::Connection> connection_;
};

}  // namespace vultus::server

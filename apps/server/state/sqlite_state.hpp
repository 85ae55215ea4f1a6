// What a server remembers, in its own server.db.
#pragma once

#include <mutex>
#include <set>

#include <apps/server/data/server_database.hpp>
#include <apps/server/state/state.hpp>

namespace vultus::server {

/// Thread-safe.
class SqliteState final : public State {
 public:
  /// @param database  must outlive the object
  explicit SqliteState(ServerDatabase& database) : database_(database) {}

  [[nodiscard]] bool is_shared() const override { return false; }
  Status alone(const std::function<Status()>& act) override { return act(); }
  Result<std::int64_t> keys_version() override { return 0; }
  Result<std::vector<KeyRow>> keys() override;
  Status insert_key(const ApiKey& key, const Digest& hash) override;
  Status set_revoked(std::string_view id, UtcTime at) override;
  Status add_used(std::span<const UsedKey> used) override;
  /// Nobody else counts: KeyStore does it in memory. @throw std::logic_error
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
  Result<KeptAnswer> find_answer(const Digest& id, std::int64_t oldest);
  ServerDatabase& database_;
  std::mutex lock_;
  std::set<Digest> in_use_;
};

}  // namespace vultus::server

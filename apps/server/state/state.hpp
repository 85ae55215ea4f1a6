// What a server must remember beside its collections and cameras: keys and what they have used, answers kept for
// repeated requests, and which collections lie on a server of databases. In server.db for one server, in PostgreSQL for
// several that shall act as one.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

#include <apps/server/keys/key_row.hpp>

namespace vultus::server {

/// What a key has used since it was last written down.
struct UsedKey {
  std::string id;
  std::int64_t day = 0;       ///< since 1970
  std::int64_t requests = 0;  ///< of that day
  UtcTime last{};
};

/// What is kept under an idempotency key.
struct KeptAnswer {
  enum class Is : std::uint8_t { fresh, in_use, there };
  Is is = Is::fresh;
  Digest request{};                 ///< where it is there: of which request
  std::vector<std::byte> sealed{};  ///< and the answer
};

/// Thread-safe.
class State {
 public:
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  virtual ~State() = default;

  /// True where other servers change it too.
  [[nodiscard]] virtual bool is_shared() const = 0;
  /// Calls `act` while no other server does the same; `act` may use this state.
  virtual Status alone(const std::function<Status()>& act) = 0;

  /// Another number after every change of a key, whoever made it.
  virtual Result<std::int64_t> keys_version() = 0;
  /// @error corrupt_data  a row that is no key
  virtual Result<std::vector<KeyRow>> keys() = 0;
  virtual Status insert_key(const ApiKey& key, const Digest& hash) = 0;
  virtual Status set_revoked(std::string_view id, UtcTime at) = 0;
  virtual Status add_used(std::span<const UsedKey> used) = 0;
  /// Counts a request of a key with limits against those of all servers. Only where is_shared().
  /// @return how long it must wait, or nothing where it may go on
  virtual Result<std::optional<Wait>> spend(const ApiKey& key, std::chrono::system_clock::time_point now) = 0;

  /// Finds an answer; a fresh key is in use until keep_answer() or release_answer().
  /// @param now     seconds since 1970
  /// @param oldest  answers kept at that time or before are dropped
  virtual Result<KeptAnswer> claim_answer(const Digest& id, std::int64_t now, std::int64_t oldest) = 0;
  virtual Status keep_answer(const Digest& id, const Digest& request, std::string_view collection,
                             std::span<const std::byte> sealed, std::int64_t now) = 0;
  virtual Status release_answer(const Digest& id) = 0;
  virtual Status forget_answers(std::string_view collection) = 0;

  virtual Result<bool> has_collection(std::string_view name) = 0;
  virtual Result<std::vector<std::string>> collections() = 0;
  virtual Status add_collection(std::string_view name, std::int64_t when) = 0;
};

}  // namespace vultus::server

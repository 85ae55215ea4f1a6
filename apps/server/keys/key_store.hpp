// All keys of a server: in memory for every request, in server.db for the next start.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <apps/server/data/server_database.hpp>
#include <apps/server/data/server_secret.hpp>
#include <apps/server/keys/api_key.hpp>
#include <apps/server/keys/token_bucket.hpp>

namespace vultus::server {

/// A key to be made.
struct NewKey {
  std::string name;
  Scope scope = Scope::read;
  std::optional<std::vector<std::string>> collections;
  KeyLimits limits;
  std::optional<UtcTime> expires;
  std::optional<ServiceKind> service = std::nullopt;  ///< its text is a UUID then
};

struct MadeKey {
  ApiKey key;
  std::string text;  ///< the secret: nobody can tell it again
};

/// Why a request of a key that is known must wait.
struct Wait {
  enum class Reason : std::uint8_t { rate, quota };
  Reason reason = Reason::rate;
  std::int64_t limit = 0;  ///< requests a day, for quota
  double seconds = 0;      ///< until the next one
};

/// Thread-safe.
class KeyStore {
 public:
  /// @param database, secret  must outlive the store
  /// @error corrupt_data  a key that cannot be read; else those of the database
  static Result<std::unique_ptr<KeyStore>> open(ServerDatabase& database, const ServerSecret& secret,
                                                std::function<std::chrono::system_clock::time_point()> now);
  ~KeyStore();
  KeyStore(const KeyStore&) = delete;
  KeyStore& operator=(const KeyStore&) = delete;

  /// @error invalid_argument  a name, limit or end outside its range
  Result<MadeKey> make(const NewKey& wanted);
  /// All keys, oldest first.
  [[nodiscard]] std::vector<ApiKey> list() const;
  [[nodiscard]] std::optional<ApiKey> find(std::string_view id) const;
  /// Ends a key at once; it stays in the list.
  /// @error not_found         no such key
  /// @error invalid_argument  the last one that can make keys
  Result<ApiKey> revoke(std::string_view id);

  /// Takes back a key that was just made and that nobody was told.
  Status drop_unseen(std::string_view id);

  /// The key of a text, where it is one that may be used now. Takes as long for a wrong secret as for none.
  [[nodiscard]] std::optional<ApiKey> authenticate(std::string_view text) const;
  /// The same for the UUID of a service of the CompreFace interface, in letters of any case.
  [[nodiscard]] std::optional<ApiKey> authenticate_service(std::string_view uuid) const;
  /// Counts a request of a key. Never waits for the disk.
  /// @return nothing where it may go on
  std::optional<Wait> spend(std::string_view id);
  /// True where somebody can make keys.
  [[nodiscard]] bool is_governed() const;
  /// Writes down what was used since the last time; also at the end. A killed process forgets what was used since.
  Status flush();
  /// The same where the last time was some seconds ago.
  Status flush_when_due();

 private:
  struct Entry {
    ApiKey key;
    Digest hash{};
    std::optional<TokenBucket> bucket;
    std::int64_t day = 0;  ///< since 1970, of `requests`
    std::int64_t requests = 0;
    bool changed = false;  ///< `requests` or `last_used` are newer than the database
  };
  KeyStore(ServerDatabase& database, const ServerSecret& secret,
           std::function<std::chrono::system_clock::time_point()> now)
      : database_(database), secret_(secret), now_(std::move(now)) {}
  Status load();
  [[nodiscard]] UtcTime today() const;
  [[nodiscard]] Digest hash_of(std::string_view text) const { return secret_.hash("key", text); }
  [[nodiscard]] std::string id_of_service(std::string_view uuid) const;
  [[nodiscard]] std::optional<ApiKey> usable(std::optional<std::string_view> id, std::string_view text) const;
  [[nodiscard]] bool is_governed_without(std::string_view id) const;
  static void prepare(Entry& entry);

  ServerDatabase& database_;
  const ServerSecret& secret_;
  std::function<std::chrono::system_clock::time_point()> now_;
  mutable std::mutex lock_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::chrono::system_clock::time_point flushed_;
};

}  // namespace vultus::server

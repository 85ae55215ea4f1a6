// All keys of a server: in memory for every request, in its state for the next start and for other servers.
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

#include <apps/server/data/server_secret.hpp>
#include <apps/server/keys/key_row.hpp>
#include <apps/server/keys/token_bucket.hpp>
#include <apps/server/state/state.hpp>

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

/// What a key store reads the time from.
struct KeyClocks {
  std::function<std::chrono::system_clock::time_point()> now;     ///< of day: ends, quotas, rates
  std::function<std::chrono::steady_clock::time_point()> steady;  ///< how old what is known is; empty = the system's
};

/// Thread-safe. Where several servers share their state, a key that one of them made is known to the others at once,
/// and one that it ended is ended for every request that reaches them kLookAgain later: what a request is held against
/// was read from the state after that, or the request is refused because the state does not answer. Limits are those of
/// all servers together.
class KeyStore {
 public:
  /// How old what a server knows of keys may be.
  static constexpr std::chrono::milliseconds kLookAgain{1'000};

  /// @param state, secret  must outlive the store
  /// @error corrupt_data  a key that cannot be read; else those of the state
  static Result<std::unique_ptr<KeyStore>> open(State& state, const ServerSecret& secret, KeyClocks clocks);
  ~KeyStore();
  KeyStore(const KeyStore&) = delete;
  KeyStore& operator=(const KeyStore&) = delete;

  /// @param told  gets the text before the key counts; where it fails no key is made
  /// @error invalid_argument  a name, limit or end outside its range; else those of `told`
  Result<MadeKey> make(const NewKey& wanted, const std::function<Status(const std::string& text)>& told = nullptr);
  /// All keys, oldest first, with what all servers know of them now.
  /// @error those of a state that is shared
  [[nodiscard]] Result<std::vector<ApiKey>> list();
  [[nodiscard]] Result<std::optional<ApiKey>> find(std::string_view id);
  /// For what goes on after its request was let in: the key where it may be used still, no older than kLookAgain.
  /// @error those of a state that is shared
  [[nodiscard]] Result<std::optional<ApiKey>> still_usable(std::string_view id);
  /// Ends a key, here at once; it stays in the list.
  /// @error not_found         no such key
  /// @error invalid_argument  the last one of all servers that can make keys
  Result<ApiKey> revoke(std::string_view id);

  /// The key of a text, where it is one that may be used now. Takes as long for a wrong secret as for none. For a text
  /// that no server can have made the state is not asked.
  /// @error those of a state that is shared
  [[nodiscard]] Result<std::optional<ApiKey>> authenticate(std::string_view text);
  /// The same for the UUID of a service of the CompreFace interface, in letters of any case.
  [[nodiscard]] Result<std::optional<ApiKey>> authenticate_service(std::string_view uuid);
  /// Counts a request of a key. Never waits for the disk; for a shared state where the key has limits.
  /// @return nothing where it may go on
  /// @error those of a state that is shared
  Result<std::optional<Wait>> spend(std::string_view id);
  /// True where somebody can make keys.
  [[nodiscard]] bool is_governed() const;
  /// Runs what makes the first key while no other server does.
  Status alone(const std::function<Status()>& act);
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
    std::int64_t unwritten = 0;  ///< of them, those that the state does not know
    bool used = false;           ///< since it was last written down when
    void note_use(std::chrono::system_clock::time_point now);
  };
  KeyStore(State& state, const ServerSecret& secret, KeyClocks clocks)
      : state_(state), secret_(secret), now_(std::move(clocks.now)), steady_(std::move(clocks.steady)) {}
  /// Reads all keys. What is counted here and not yet written stays.
  Status load();
  /// Loads again what other servers have changed, where the last look was some time ago, or at once.
  Status look(bool at_once);
  /// The same at once, by who holds `changing_`.
  Status look_again();
  /// Reads what other servers have changed and used.
  Status catch_up();
  [[nodiscard]] std::optional<ApiKey> known(std::string_view id) const;
  Result<ApiKey> end_key(std::string_view id);
  [[nodiscard]] Result<std::optional<ApiKey>> find_usable(const std::function<std::optional<ApiKey>()>& find);
  [[nodiscard]] UtcTime today() const;
  [[nodiscard]] Digest hash_of(std::string_view text) const { return secret_.hash("key", text); }
  [[nodiscard]] std::string id_of_service(std::string_view uuid) const;
  [[nodiscard]] std::optional<ApiKey> usable(std::optional<std::string_view> id, std::string_view text) const;
  [[nodiscard]] bool is_governed_without(std::string_view id) const;
  static void prepare(Entry& entry);

  State& state_;
  const ServerSecret& secret_;
  std::function<std::chrono::system_clock::time_point()> now_;
  std::function<std::chrono::steady_clock::time_point()> steady_;
  mutable std::mutex lock_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::chrono::system_clock::time_point flushed_;
  /// Held from the reading or writing of the state to the change of `entries_`, so that what was read before a change
  /// does not replace it. Never taken under lock_, which nobody holds while the state works.
  std::recursive_mutex changing_;  // recursive: a change looks first
  std::int64_t version_ = 0;
  std::chrono::steady_clock::time_point looked_;
  /// Why the state did not answer, and when: for kLookAgain nobody waits for it anew.
  std::optional<Error> failed_;
  std::chrono::steady_clock::time_point failed_at_;
};

}  // namespace vultus::server

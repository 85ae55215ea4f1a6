// Bytes that lie in a database and that a copy of it shall not tell: pictures, names, passwords of cameras, answers.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

#include <apps/server/data/server_secret.hpp>

namespace vultus::server {

/// Seals with a key that does not lie in the database (XChaCha20-Poly1305, a random nonce first). Immutable; any
/// thread.
class Sealer {
 public:
  /// With a key made of the server's secret.
  Sealer(const ServerSecret& secret, std::string_view purpose) : key_(secret.hash("seal", purpose)) {}
  explicit Sealer(const Digest& key) : key_(key) {}

  /// @param about  what the bytes belong to: they open for the same text alone, so rows cannot be exchanged
  [[nodiscard]] std::vector<std::byte> seal(std::string_view plain, std::string_view about) const;
  /// @error corrupt_data  damaged, of another key, or about something else
  [[nodiscard]] Result<std::string> open(std::span<const std::byte> sealed, std::string_view about) const;
  /// What an equal text is found by, without telling it.
  [[nodiscard]] Digest mark(std::string_view text) const { return keyed_hash(key_, text); }

 private:
  Digest key_;
};

}  // namespace vultus::server

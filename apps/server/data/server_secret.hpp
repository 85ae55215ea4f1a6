// The secret of a server: what its keyed hashes are made with. It lies beside server.db, not in it, so that a copy of
// the database alone proves nothing.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::server {

using Digest = std::array<std::byte, 32>;

/// BLAKE2b-256 of a text under a key of at most 64 bytes.
[[nodiscard]] Digest keyed_hash(std::span<const std::byte> key, std::string_view text);

/// True where both are the same; takes as long whatever they hold.
[[nodiscard]] bool same_digest(const Digest& a, const Digest& b);

/// Immutable; any thread.
class ServerSecret {
 public:
  /// Reads the file, or makes it with 32 random bytes and mode 0600.
  /// @error corrupt_data      another length
  /// @error invalid_argument  other users may read it, or it belongs to one
  /// @error resource_limit    it cannot be read or written
  static Result<ServerSecret> open(const std::filesystem::path& path);

  /// The secret that several servers share.
  static ServerSecret from(const Digest& bytes) { return ServerSecret(bytes); }

  /// A keyed hash; `purpose` keeps hashes of different use apart.
  [[nodiscard]] Digest hash(std::string_view purpose, std::string_view text) const;

 private:
  explicit ServerSecret(const Digest& bytes) : bytes_(bytes) {}
  Digest bytes_;
};

/// Writes a file that only its owner may read, and that was not there.
/// @error invalid_argument  something is there; resource_limit  it cannot be written
[[nodiscard]] Status write_private_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace vultus::server

// Where the key of an encrypted gallery comes from. The key itself is never part of the options.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include <vultus/core/result.hpp>

namespace vultus {

/// The variable that a key is read from where none is named.
inline constexpr const char* kKeyVariable = "VULTUS_GALLERY_KEY";

/// One way to the master key of a gallery. A key is 32 bytes, written as 64 hex digits.
struct KeySource {
  enum class Kind : std::uint8_t {
    file,             ///< `path` holds the key; only its owner may read it
    variable,         ///< the environment variable `variable` holds the key
    passphrase_file,  ///< the first line of `path` is a passphrase; only its owner may read the file
    passphrase,       ///< `ask` tells the passphrase
  };
  Kind kind = Kind::file;
  std::filesystem::path path = {};
  std::string variable = kKeyVariable;
  std::function<Result<std::string>()> ask = nullptr;

  /// True where the key is made of a passphrase with Argon2id.
  [[nodiscard]] bool is_passphrase() const { return kind == Kind::passphrase_file || kind == Kind::passphrase; }

  /// A file with 64 hex digits that nobody else may read.
  static KeySource from_file(std::filesystem::path path) { return {.kind = Kind::file, .path = std::move(path)}; }
  /// An environment variable with 64 hex digits.
  static KeySource from_variable(std::string name = kKeyVariable) {
    return {.kind = Kind::variable, .variable = std::move(name)};
  }
  /// The first line of a file that nobody else may read.
  static KeySource from_passphrase_file(std::filesystem::path path) {
    return {.kind = Kind::passphrase_file, .path = std::move(path)};
  }
  /// A passphrase that is asked for when it is needed.
  static KeySource from_passphrase(std::function<Result<std::string>()> ask) {
    return {.kind = Kind::passphrase, .ask = std::move(ask)};
  }
};

/// What a guess of a passphrase costs. It is stored with the gallery.
/// @source RFC 9106; libsodium's crypto_pwhash, Argon2id
struct PassphraseCost {
  std::uint64_t passes = 3;                 ///< [1, kMaxPasses]
  std::uint64_t memory_bytes = 256U << 20;  ///< [kMinMemory, kMaxMemory]
  static constexpr std::uint64_t kMaxPasses = 16;
  static constexpr std::uint64_t kMinMemory = 8192;
  static constexpr std::uint64_t kMaxMemory = 1ULL << 30;  ///< so that a hostile file cannot take all memory
  bool operator==(const PassphraseCost&) const = default;
};

/// Writes a new random key into a new file that only its owner may read.
/// @error invalid_argument  there is a file already; not_found  no such folder; resource_limit  it cannot be written
[[nodiscard]] Status make_key_file(const std::filesystem::path& path);

/// True where a gallery is encrypted and its key is made of a passphrase.
/// @param gallery  path of the gallery, beside which or in which its keyring lies; a configuration of shards too
/// @param keyring  as in GalleryOptions
[[nodiscard]] bool wants_passphrase(const std::filesystem::path& gallery, const std::filesystem::path& keyring = {});

}  // namespace vultus

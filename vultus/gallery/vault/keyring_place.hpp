// Where the bytes of a keyring lie: in a file, or in a database. Private to this room.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include <vultus/core/result.hpp>

namespace vultus::gallery {

/// A file; or the URL of a database of PostgreSQL, whose schema `vultus_keys` holds any number of keyrings by name.
struct KeyringAt {
  // NOLINTNEXTLINE(google-explicit-constructor): a path alone names a keyring.
  KeyringAt(std::filesystem::path where, std::string which = {},
            std::chrono::milliseconds longest = std::chrono::milliseconds(10'000))
      : path(std::move(where)), ring(std::move(which)), deadline(longest) {}
  std::filesystem::path path;
  std::string ring;                    ///< its name in the database; not looked at for a file
  std::chrono::milliseconds deadline;  ///< of every call of a database

  [[nodiscard]] bool in_database() const;
  /// For messages: never a password.
  [[nodiscard]] std::string shown() const;
  /// @error of a database: resource_limit  it does not answer
  [[nodiscard]] Result<bool> exists() const;
};

/// Bytes that are read and written in place, as those of a file. Positions and lengths are multiples of 128, the length
/// of a record. Thread-compatible. Errors of all members: resource_limit (disk full, server not reached), corrupt_data
/// (the bytes end before).
class KeyringPlace {
 public:
  /// What look_again has found.
  enum class Seen : std::uint8_t {
    same,         ///< what was there, and perhaps more behind it
    other_bytes,  ///< anything may be different: a standby took over
    replaced,     ///< another keyring lies there now
  };

  KeyringPlace() = default;
  KeyringPlace(const KeyringPlace&) = delete;
  KeyringPlace& operator=(const KeyringPlace&) = delete;
  virtual ~KeyringPlace() = default;

  [[nodiscard]] virtual bool writable() const = 0;
  virtual Result<std::uint64_t> size() = 0;
  virtual Status read(std::span<std::uint8_t> bytes, std::uint64_t at) = 0;
  /// Behind the end too.
  virtual Status write(std::span<const std::uint8_t> bytes, std::uint64_t at) = 0;
  /// What was written survives the loss of power when it returns.
  virtual Status make_durable() = 0;
  /// Takes in what other processes have written.
  virtual Result<Seen> look_again() = 0;
  /// Puts other bytes in the place of all, durable, and overwrites those before.
  virtual Status replace(std::span<const std::uint8_t> bytes) = 0;
  /// Makes what was overwritten unreadable where the place keeps older bytes. Outside of any transaction.
  virtual Status scrub() = 0;
};

/// @error as open_private; not_found  no such keyring
[[nodiscard]] Result<std::unique_ptr<KeyringPlace>> open_place(const KeyringAt& at);
/// Makes a keyring of these bytes.
/// @error invalid_argument  there is one already
[[nodiscard]] Status make_place(const KeyringAt& at, std::span<const std::uint8_t> bytes);
/// Gives a keyring in a database another name, so that one of the same name can be made.
[[nodiscard]] Status rename_ring(const KeyringAt& at, const std::string& to);

/// The same for a database, in a source of its own.
[[nodiscard]] Result<std::unique_ptr<KeyringPlace>> open_database_place(const KeyringAt& at);
[[nodiscard]] Status make_database_place(const KeyringAt& at, std::span<const std::uint8_t> bytes);
[[nodiscard]] Result<bool> is_in_database(const KeyringAt& at);

}  // namespace vultus::gallery

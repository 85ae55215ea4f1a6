// Options of every command that opens a gallery: its key, and who acts and why.
#pragma once

#include <optional>
#include <string>

#include <CLI/App.hpp>

#include <vultus/gallery/gallery.hpp>

namespace vultus::cli {

struct KeySettings {
  std::string key_file;
  std::string key_env;
  std::string passphrase_file;
  std::string who;
  std::string purpose;
  std::string keyring;         ///< a file or a URL; empty = beside the file, or in the database itself
  bool allow_partial = false;  ///< where a shard cannot be reached
  std::string search_method;   ///< empty = by the number of faces
  double cells_recall = GalleryOptions().cells_recall;
};

/// --key-file, --key-env, --passphrase-file, --who, --purpose, --keyring, --allow-partial.
void add_key_options(CLI::App& command, KeySettings& settings);

/// --search-method, --cells-recall: of commands that search.
void add_search_options(CLI::App& command, KeySettings& settings);
/// How a gallery is searched. The option admits no name that is none.
[[nodiscard]] SearchMethod search_method_of(const KeySettings& settings);

/// --key-file, --key-env, --passphrase-file alone.
void add_key_source_options(CLI::App& command, KeySettings& settings);

/// --new-key-file, --new-key-env, --new-passphrase-file: of a change of keys.
void add_new_key_options(CLI::App& command, KeySettings& settings);

/// The key that is meant: by the options, else VULTUS_GALLERY_KEY, else a passphrase that is asked for on a terminal
/// where the gallery wants one.
[[nodiscard]] std::optional<KeySource> key_of(const KeySettings& settings, const std::string& gallery);

/// The key that a gallery gets: by the options, else a passphrase that is asked for twice.
/// @error invalid_argument  no option and no terminal
[[nodiscard]] Result<KeySource> new_key_of(const KeySettings& settings);

/// How to open a gallery.
[[nodiscard]] GalleryOptions gallery_options(const std::string& path, GalleryAccess access, const KeySettings& keys);

}  // namespace vultus::cli

// Opening the gallery that a command names.
#pragma once

#include <optional>
#include <string>

#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/gallery/gallery.hpp>

#include <apps/cli/gallery_keys.hpp>

namespace vultus::cli {

/// True where GALLERY names a database or a configuration of shards, and no file of a gallery.
[[nodiscard]] bool on_servers(const std::string& gallery);
/// GALLERY as it may be shown: a URL without its password.
[[nodiscard]] std::string shown_gallery(const std::string& gallery);

/// Opens a gallery that must be there, without asking for a model.
/// @param other_key  as in GalleryOptions
/// @error not_found  with the command that makes one
[[nodiscard]] Result<Gallery> open_gallery(const std::string& path, GalleryAccess access, const KeySettings& keys,
                                           const std::optional<KeySource>& other_key = std::nullopt);

/// What --encrypt asks of a gallery that was there before.
/// @error invalid_argument  it is not encrypted
[[nodiscard]] Status require_encrypted(const Gallery& gallery, const std::string& path);

/// @error not_found  nobody has the name: the message says how to list those who are there
[[nodiscard]] Result<Subject> named_subject(const Gallery& gallery, const std::string& name);

/// The preset that a gallery was made with, or nothing where there is no gallery yet or it does not say.
/// @error as Gallery::open
[[nodiscard]] Result<std::string> preset_of_gallery(const std::string& path, const KeySettings& keys);

}  // namespace vultus::cli

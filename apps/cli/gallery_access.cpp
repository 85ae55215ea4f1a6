#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include <apps/cli/gallery_access.hpp>

namespace vultus::cli {

bool on_servers(const std::string& gallery) { return gallery_kind(gallery) != GalleryKind::file; }

std::string shown_gallery(const std::string& gallery) { return gallery_name(gallery); }

Result<Gallery> open_gallery(const std::string& path, GalleryAccess access, const KeySettings& keys,
                             const std::optional<KeySource>& other_key) {
  GalleryOptions options = gallery_options(path, access, keys);
  options.other_key = other_key;
  auto gallery = Gallery::open(std::move(options));
  std::error_code failed;
  if (!gallery && gallery.error().code == ErrorCode::not_found && !std::filesystem::exists(path, failed))
    return fail(ErrorCode::not_found,
                gallery.error().message + "; make a gallery with: vultus enroll " + shown_gallery(path) + " FOLDER");
  return gallery;
}

Status require_encrypted(const Gallery& gallery, const std::string& path) {
  const GalleryInfo info = gallery.info();
  if (info.encrypted) return {};
  if (info.sql_searchable)
    return fail(ErrorCode::invalid_argument, "--encrypt: " + shown_gallery(path) +
                                                 " is there already and searched by SQL clients, for whom its "
                                                 "templates stay in plain: it cannot be encrypted");
  return fail(ErrorCode::invalid_argument, "--encrypt: " + shown_gallery(path) +
                                               " is there already and not encrypted; vultus gallery encrypt does it");
}

Result<Subject> named_subject(const Gallery& gallery, const std::string& name) {
  VULTUS_TRY(std::optional<Subject> subject, gallery.find_subject(name));
  if (subject) return *std::move(subject);
  const std::string path = gallery.info().path;
  return fail(ErrorCode::not_found, path + ": nobody is called \"" + name + "\"; see: vultus gallery list " + path);
}

Result<std::string> preset_of_gallery(const std::string& path, const KeySettings& keys) {
  std::error_code failed;
  if (!on_servers(path) && !std::filesystem::exists(path, failed)) return std::string();
  const Result<Gallery> gallery = open_gallery(path, GalleryAccess::read_only, keys);
  if (gallery) return gallery->info().model.preset;
  // On a server there may be no gallery yet, and in a file whose making was interrupted.
  if (gallery.error().code == ErrorCode::not_found) return std::string();
  return gallery.error();
}

}  // namespace vultus::cli

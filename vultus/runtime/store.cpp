#include <vultus/runtime/store.hpp>

#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include <vultus/runtime/sha256.hpp>

namespace vultus::runtime {
namespace fs = std::filesystem;

Result<fs::path> default_cache_folder() {
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? fs::path(value) : fs::path();
  };
  if (fs::path cache = set("VULTUS_CACHE"); !cache.empty()) return cache;
  if (const fs::path cache = set("XDG_CACHE_HOME"); !cache.empty()) return cache / "vultus";
  if (const fs::path home = set("HOME"); !home.empty()) return home / ".cache" / "vultus";
  return fail(ErrorCode::not_found, "no cache folder: set VULTUS_CACHE, XDG_CACHE_HOME or HOME");
}

fs::path ModelStore::path_of(const ModelManifest& model, const ModelFile& file) const {
  if (model.source.registry == Registry::local) {
    const fs::path path(file.path);
    return path.is_absolute() ? path : fs::path(model.folder) / path;
  }
  // The sum is part of the name: two versions of a model lie side by side, and neither is taken for the other.
  const std::string extension(name_of(model.format));
  return cache_ / "models" / (model.id.text() + "-" + file.sha256.substr(0, 16) + "." + extension);
}

bool ModelStore::present(const ModelManifest& model) const {
  for (const ModelFile& file : model.files) {
    std::error_code failed;
    const auto size = fs::file_size(path_of(model, file), failed);
    if (failed || size != static_cast<std::uintmax_t>(file.bytes)) return false;
  }
  return true;
}

Result<fs::path> ModelStore::verified(const ModelManifest& model) const {
  for (const ModelFile& file : model.files) {
    const fs::path path = path_of(model, file);
    // A file of the user's own cannot be fetched by anybody.
    const std::string help =
        model.source.registry == Registry::local ? std::string() : "; run: vultus models fetch " + model.id.text();
    auto sum = sha256_of_file(path);
    if (!sum && sum.error().code == ErrorCode::not_found)
      return fail(ErrorCode::not_found,
                  "model " + model.id.text() + " is not here: " + path.string() + " is missing" + help);
    if (!sum) return sum.error().with_context("model " + model.id.text());
    if (*sum != file.sha256)
      return fail(ErrorCode::corrupt_data, "model " + model.id.text() + ": " + path.string() + " has SHA-256 " + *sum +
                                               ", its manifest says " + file.sha256 + help);
  }
  return path_of(model, model.files.front());
}

}  // namespace vultus::runtime

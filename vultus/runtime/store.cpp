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
  const std::string says = "its manifest " + (model.origin.empty() ? "" : model.origin + " ") + "says";
  for (const ModelFile& file : model.files) {
    const fs::path path = path_of(model, file);
    // A file of the user's own cannot be fetched by anybody.
    const std::string help =
        model.source.registry == Registry::local ? std::string() : "; run: vultus models fetch " + model.id.text();
    // Before the sum: what is no file has none, and one of another size need not be read to its end.
    std::error_code failed;
    const auto status = fs::status(path, failed);
    if (fs::exists(status) && !fs::is_regular_file(status))
      return fail(ErrorCode::corrupt_data, "model " + model.id.text() + ": " + path.string() + " is no file");
    if (const auto size = fs::file_size(path, failed); !failed && size != static_cast<std::uintmax_t>(file.bytes))
      return fail(ErrorCode::corrupt_data, "model " + model.id.text() + ": " + path.string() + " has " +
                                               std::to_string(size) + " bytes, " + says +
                                               " \"bytes\": " + std::to_string(file.bytes) + help);
    auto sum = sha256_of_file(path);
    if (!sum && sum.error().code == ErrorCode::not_found)
      return fail(ErrorCode::not_found,
                  "model " + model.id.text() + " is not here: " + path.string() + " is missing" + help);
    if (!sum) return sum.error().with_context("model " + model.id.text());
    if (*sum != file.sha256)
      return fail(ErrorCode::corrupt_data, "model " + model.id.text() + ": " + path.string() + " has SHA-256 " + *sum +
                                               ", " + says + " " + file.sha256 + help);
  }
  return path_of(model, model.files.front());
}

}  // namespace vultus::runtime

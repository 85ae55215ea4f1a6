#include <vultus/runtime/catalogue.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace vultus::runtime {
namespace fs = std::filesystem;

Result<Catalogue> Catalogue::load(std::span<const fs::path> folders) {
  Catalogue catalogue;
  for (const fs::path& folder : folders) {
    std::error_code failed;
    std::vector<fs::path> files;
    for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
      if (at->path().extension() == ".json") files.push_back(at->path());
    if (failed) return fail(ErrorCode::not_found, "model folder " + folder.string() + ": " + failed.message());
    std::ranges::sort(files);
    for (const fs::path& file : files) {
      std::ifstream in(file, std::ios::binary);
      const std::string json((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
      if (in.bad() || !in.is_open()) return fail(ErrorCode::not_found, "manifest " + file.string() + " cannot be read");
      VULTUS_TRY(ModelManifest model, parse_manifest(json, file.string()));
      if (std::ranges::any_of(catalogue.models_, [&](const auto& known) { return known.id == model.id; }))
        return fail(ErrorCode::corrupt_data, file.string() + ": model " + model.id.text() + " is defined twice");
      model.folder = folder.string();
      catalogue.models_.push_back(std::move(model));
    }
  }
  return catalogue;
}

Result<const ModelManifest*> Catalogue::find(const ModelId& id) const {
  std::string known;
  for (const ModelManifest& model : models_) {
    if (model.id == id) return &model;
    known += (known.empty() ? "" : ", ") + model.id.text();
  }
  return fail(ErrorCode::not_found, "model \"" + id.text() + "\" is not in the catalogue; known are " + known);
}

}  // namespace vultus::runtime

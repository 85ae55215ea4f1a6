#include <vultus/runtime/catalogue.hpp>

#include <algorithm>
#include <fstream>
#include <string>
#include <system_error>

namespace vultus::runtime {
namespace fs = std::filesystem;

namespace {

// One more than a manifest may have: parse_manifest() says so by itself.
constexpr std::size_t kMostRead = (1U << 20U) + 1;

Result<std::string> text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(kMostRead, '\0');
  std::error_code failed;
  if (in && fs::is_regular_file(path, failed)) in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || !in.is_open() || failed || (in.gcount() == 0 && !in.eof()))
    return fail(ErrorCode::not_found, "manifest " + path.string() + " cannot be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

}  // namespace

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
      VULTUS_TRY(const std::string json, text_of(file));
      VULTUS_TRY(ModelManifest model, parse_manifest(json, file.string()));
      if (std::ranges::any_of(catalogue.models_, [&](const auto& known) { return known.id == model.id; }))
        return fail(ErrorCode::corrupt_data, file.string() + ": model " + model.id.text() + " is defined twice");
      model.folder = folder.string();
      model.origin = file.string();
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

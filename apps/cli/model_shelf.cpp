#include <algorithm>
#include <filesystem>
#include <span>
#include <utility>

#include <apps/cli/model_folder.hpp>
#include <apps/cli/model_shelf.hpp>

namespace vultus::cli {

std::vector<std::string> ModelShelf::presets_with(const ModelId& model) const {
  std::vector<std::string> names;
  for (const engine::Preset& preset : presets)
    if (const auto used = preset.models(); std::ranges::find(used, model) != used.end()) names.push_back(preset.id);
  return names;
}

std::string ModelShelf::preset_text() const {
  std::string text;
  for (const engine::Preset& preset : presets) text += "Preset " + preset.id + ": " + preset.description + ".\n";
  return text;
}

Result<std::vector<runtime::ModelManifest>> ModelShelf::chosen(const std::vector<std::string>& ids,
                                                               const std::string& preset) const {
  if (ids.empty() && preset.empty()) return catalogue.models();
  std::vector<ModelId> wanted(ids.begin(), ids.end());
  if (!preset.empty()) {
    const auto at = std::ranges::find(presets, preset, &engine::Preset::id);
    if (at == presets.end())
      return fail(ErrorCode::not_found, "preset \"" + preset + "\" is not known; see: vultus models list");
    std::ranges::move(at->models(), std::back_inserter(wanted));
  }
  std::vector<runtime::ModelManifest> models;
  for (const ModelId& id : wanted) {
    VULTUS_TRY(const runtime::ModelManifest* model, catalogue.find(id));
    if (std::ranges::find(models, id, &runtime::ModelManifest::id) == models.end()) models.push_back(*model);
  }
  return models;
}

Result<ModelShelf> open_shelf(const PlaceSettings& places) {
  VULTUS_TRY(const std::filesystem::path folder, model_folder_of(places));
  std::filesystem::path cache = places.cache;
  if (cache.empty()) {
    VULTUS_TRY(cache, runtime::default_cache_folder());
  }
  VULTUS_TRY(runtime::Catalogue catalogue, engine::load_catalogue(folder, own_model_folder()));
  VULTUS_TRY(auto presets, engine::load_presets(folder));
  return ModelShelf{
      .catalogue = std::move(catalogue), .presets = std::move(presets), .store = runtime::ModelStore(std::move(cache))};
}

}  // namespace vultus::cli

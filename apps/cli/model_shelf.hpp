// The networks that are known, the presets that use them, and the folder that keeps their files.
#pragma once

#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>

#include <apps/cli/settings.hpp>

namespace vultus::cli {

struct ModelShelf {
  runtime::Catalogue catalogue;
  std::vector<engine::Preset> presets;
  runtime::ModelStore store;

  /// Names of the presets that need a model.
  [[nodiscard]] std::vector<std::string> presets_with(const ModelId& model) const;
  /// One line for each preset.
  [[nodiscard]] std::string preset_text() const;
  /// The models that a user means: those named, those of a preset, or else all.
  /// @error not_found  a model or preset that is not known
  [[nodiscard]] Result<std::vector<runtime::ModelManifest>> chosen(const std::vector<std::string>& ids,
                                                                   const std::string& preset) const;
};

[[nodiscard]] Result<ModelShelf> open_shelf(const PlaceSettings& places);

}  // namespace vultus::cli

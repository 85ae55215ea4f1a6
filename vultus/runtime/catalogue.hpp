// All networks that are known here, from the folders that hold their manifests.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/runtime/manifest.hpp>

namespace vultus::runtime {

/// Immutable after load.
class Catalogue {
 public:
  /// Reads every *.json of the folders, in the order of their names. A later folder may not redefine an id.
  /// @error not_found     a folder that is not there
  /// @error corrupt_data  a manifest that cannot be read, or an id given twice
  static Result<Catalogue> load(std::span<const std::filesystem::path> folders);

  [[nodiscard]] const std::vector<ModelManifest>& models() const { return models_; }
  /// @error not_found  names the id and those that are known
  [[nodiscard]] Result<const ModelManifest*> find(const ModelId& id) const;

 private:
  std::vector<ModelManifest> models_;
};

}  // namespace vultus::runtime

// The user's cache folder: which model files are there, and whether they are the right ones.
#pragma once

#include <filesystem>

#include <vultus/core/result.hpp>
#include <vultus/runtime/manifest.hpp>

namespace vultus::runtime {

/// Where downloaded things live: $VULTUS_CACHE, else $XDG_CACHE_HOME/vultus, else $HOME/.cache/vultus.
/// @error not_found  none of the three is set
[[nodiscard]] Result<std::filesystem::path> default_cache_folder();

/// Model files in a cache folder. Immutable; any thread.
class ModelStore {
 public:
  explicit ModelStore(std::filesystem::path cache) : cache_(std::move(cache)) {}

  [[nodiscard]] const std::filesystem::path& cache() const { return cache_; }
  /// Compiled networks are kept here, so that the second start is fast.
  [[nodiscard]] std::filesystem::path compiled() const { return cache_ / "compiled"; }
  /// Where a file of a model lies, whether it is there or not.
  [[nodiscard]] std::filesystem::path path_of(const ModelManifest& model, const ModelFile& file) const;
  /// Is every file there and of the right size? Cheap: nothing is hashed.
  [[nodiscard]] bool present(const ModelManifest& model) const;
  /// The path of the network after its files were hashed.
  /// @error not_found     a file is missing; the message says how to fetch it
  /// @error corrupt_data  a file has another size or SHA-256 than its manifest says; the message names both
  [[nodiscard]] Result<std::filesystem::path> verified(const ModelManifest& model) const;

 private:
  std::filesystem::path cache_;
};

}  // namespace vultus::runtime

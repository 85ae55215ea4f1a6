// For tests with weights: the shipped models from the user's cache folder. A missing model is a failure.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>

#include <vultus/runtime/catalogue.hpp>
#include <vultus/runtime/handle.hpp>
#include <vultus/runtime/network.hpp>
#include <vultus/runtime/store.hpp>

namespace vultus::golden {

inline Result<runtime::Catalogue> shipped_models() {
  return runtime::Catalogue::load(std::array{std::filesystem::path(VULTUS_SOURCE_DIR) / "models"});
}

/// One backend for each arithmetic: starting one takes longer than most tests.
inline Result<std::shared_ptr<const runtime::Backend>> backend(runtime::Precision precision) {
  static std::array<std::shared_ptr<const runtime::Backend>, 3> made;
  auto& slot = made.at(static_cast<std::size_t>(precision));
  if (!slot) {
    VULTUS_TRY(const auto cache, runtime::default_cache_folder());
    VULTUS_TRY(auto fresh, runtime::make_openvino_backend(
                               {.precision = precision, .compiled = runtime::ModelStore(cache).compiled()}));
    slot = std::move(fresh);
  }
  return slot;
}

/// A shipped model, verified. Golden numbers are compared in f32: bf16 has 8 bits of precision.
inline Result<runtime::ModelHandle> model(const std::string& id,
                                          runtime::Precision precision = runtime::Precision::f32) {
  VULTUS_TRY(const auto catalogue, shipped_models());
  VULTUS_TRY(const auto cache, runtime::default_cache_folder());
  VULTUS_TRY(const auto arithmetic, backend(precision));
  return runtime::model_handle(catalogue, runtime::ModelStore(cache), arithmetic, ModelId(id));
}

}  // namespace vultus::golden

// Networks as graphs of the inference library, before they are compiled. Not installed: shows the library.
#pragma once

#include <filesystem>
#include <memory>

#include <openvino/openvino.hpp>

#include <vultus/core/result.hpp>
#include <vultus/runtime/manifest.hpp>

namespace vultus::runtime {

/// A network from what its own input takes, scaled floats in its layout, to the outputs of its manifest.
/// @error corrupt_data  the file cannot be read, or its shapes or tensors are not those of the manifest
[[nodiscard]] Result<std::shared_ptr<ov::Model>> network_of_floats(const ModelManifest& manifest,
                                                                   const std::filesystem::path& file, int width,
                                                                   int height);

/// A network from the bytes of pictures to the outputs of its manifest: mean, scale, layout and colour order inside.
/// @error corrupt_data  the file cannot be read, or its shapes or tensors are not those of the manifest
[[nodiscard]] Result<std::shared_ptr<ov::Model>> network_of_bytes(const ModelManifest& manifest,
                                                                  const std::filesystem::path& file, int width,
                                                                  int height);

/// A head and the trunks whose maps it reads as one network, from the bytes of pictures to the outputs of the head.
/// @param manifest  with trunks that were looked up (runtime::model_handle())
/// @error as above; corrupt_data  an input of the head that no trunk feeds, or shapes that do not fit
[[nodiscard]] Result<std::shared_ptr<ov::Model>> head_on_trunks(const ModelManifest& manifest,
                                                                const std::filesystem::path& file);

}  // namespace vultus::runtime

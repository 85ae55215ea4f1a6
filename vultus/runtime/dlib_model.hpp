// A network of dlib as a model of the inference library. Not installed: shows that library.
#pragma once

#include <filesystem>
#include <memory>

#include <openvino/core/model.hpp>

#include <vultus/core/result.hpp>
#include <vultus/runtime/dlib_net.hpp>
#include <vultus/runtime/manifest.hpp>

namespace vultus::runtime {

/// Connects the layers of a residual network as dlib's examples build it: convolution, affine, relu and a maximum pool;
/// then blocks of two convolutions that are added to their input (which a first convolution with stride 2 halves by a
/// mean pool); a mean of everything and a dense layer. Affine layers are folded into the convolutions before them.
/// @return one input [n][3][height][width] and one output "embedding"
/// @error corrupt_data  layers in another order, or of sizes that do not fit each other
/// @source dlib, examples/dnn_metric_learning_on_images_ex.cpp and tools/python/src/face_recognition.cpp
[[nodiscard]] Result<std::shared_ptr<ov::Model>> dlib_model(const DlibNet& net, std::string_view origin);

/// Reads a file of dlib and connects its layers.
/// @error corrupt_data  from reading, or the file's mean colours or size differ from the manifest
[[nodiscard]] Result<std::shared_ptr<ov::Model>> read_dlib_model(const ModelManifest& manifest,
                                                                 const std::filesystem::path& file);

}  // namespace vultus::runtime

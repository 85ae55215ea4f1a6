// A network of TensorFlow.js as TensorFlow itself would store it. Not installed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/runtime/manifest.hpp>

namespace vultus::runtime {

/// What is believed of a TFJS model: more is damaged or hostile.
struct TfjsLimits {
  static constexpr std::size_t kMostText = 16U << 20U;    ///< bytes of model.json
  static constexpr std::size_t kMostWeights = 1U << 30U;  ///< bytes of all shards together
  static constexpr std::size_t kMostNodes = 20'000;       ///< of the graph
  static constexpr std::size_t kMostName = 1024;          ///< bytes of a name
  static constexpr std::size_t kMostDimensions = 8;       ///< of a tensor
};

/// A TFJS graph model is a GraphDef in JSON whose constants lie in other files, with convolutions that carry their bias
/// and activation. Here the constants go back into the graph (half floats and numbers of 8 and 16 bits are widened),
/// and what TensorFlow.js fused is taken apart again: `_FusedConv2D`, `FusedDepthwiseConv2dNative`, `_FusedMatMul`,
/// `Prelu`. No other file is opened whatever the JSON says: `weights` are the bytes of the shards one after the other.
/// @param json         text of model.json
/// @param weights      all shards, in the order of the JSON
/// @param input_shape  of the one placeholder: what the manifest says
/// @param origin       for messages
/// @return the bytes of a tensorflow.GraphDef
/// @error corrupt_data  not a TFJS graph model; counts that do not fit the bytes; a constant without weights
/// @error unsupported   a layer model, several inputs, a fused operation or a kind of number that is not known here
/// @cost some milliseconds and about three times the bytes of the weights
/// @source tensorflow/core/framework/{graph,node_def,attr_value,tensor}.proto; tfjs-converter, docs of model.json
/// @thread safe, no state
[[nodiscard]] Result<std::string> tfjs_to_graphdef(std::string_view json, std::span<const std::uint8_t> weights,
                                                   std::span<const std::int64_t> input_shape, std::string_view origin);

/// The same for files: the first of the manifest is model.json, the others are its shards.
/// @param file  where the first file lies; the others lie where a ModelStore would keep them beside it
/// @error not_found  a file that cannot be read; else as above
[[nodiscard]] Result<std::string> read_tfjs_model(const ModelManifest& manifest, const std::filesystem::path& file);

}  // namespace vultus::runtime

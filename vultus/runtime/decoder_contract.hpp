// What the decoders of Vultus read of a network: held against the manifest when it is read, and against the network
// when it is loaded, so that neither is told as a fault of the first picture.
#pragma once

#include <vultus/core/result.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::runtime {

/// Are the outputs, the channels and the pictures at once those that the manifest's decoder reads? A decoder that is
/// not known here (of a later program, of the user's own code) may read anything.
/// @error corrupt_data  names field, value and what is wanted
[[nodiscard]] Status check_decoder(const ModelManifest& manifest);

/// Does the network give as many values as the manifest's decoder reads, and numbers at all? Nothing is run: the sizes
/// are known once it is loaded.
/// @error corrupt_data  names field, tensor, value and what is wanted
[[nodiscard]] Status check_outputs(const ModelManifest& manifest, const Network& network);

}  // namespace vultus::runtime

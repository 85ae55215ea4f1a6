// What an ONNX file must not hold, looked for before any library reads it.
#pragma once

#include <cstdint>
#include <span>

#include <vultus/core/result.hpp>

namespace vultus::runtime {

/// Walks the messages of an ONNX file (protocol buffers) without building anything of them.
///
/// Refused are: bytes that are no ONNX model; weights in other files, wherever these lie (a model of a stranger's could
/// name any file of the machine); tensors that claim more values than the file has half-bytes; messages nested more
/// than 24 deep.
/// @param bytes  the whole file
/// @error corrupt_data  no ONNX model, cut off, or a tensor larger than its file
/// @error unsupported   weights in another file, which the message names
/// @thread safe, no state
[[nodiscard]] Status check_onnx(std::span<const std::uint8_t> bytes);

}  // namespace vultus::runtime

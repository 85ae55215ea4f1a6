// A user's own network: its manifest made whole, and the network tried before it is believed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/runtime/manifest.hpp>

namespace vultus::engine {

/// Largest file of a user's own network.
inline constexpr std::size_t kMostOwnModelBytes = std::size_t{1} << 30U;

struct OwnModel {
  runtime::ModelManifest manifest;
  std::string json;  ///< the whole manifest, as a file in the folder of own models holds it
};

/// Makes a manifest of the row that a user wrote: which decoder reads the network, what goes in, what comes out. What
/// the file says by itself (size, SHA-256) is filled in; `licence`, `task` and `source` may be left out.
/// @param row     JSON object, at most 1 MiB
/// @param origin  its name, for messages
/// @param onnx    the whole file; looked through by runtime::check_onnx()
/// @error corrupt_data      the row or the file is not what it should be
/// @error unsupported       another decoder than embedding, scrfd, rfb and blazeface, another format than ONNX, or
/// weights
///                          in other files
/// @error resource_limit    a file above kMostOwnModelBytes
/// @error invalid_argument  an embedder of another size than 112 x 112
/// @thread safe, no state
[[nodiscard]] Result<OwnModel> own_model(std::string_view row, std::string_view origin,
                                         std::span<const std::uint8_t> onnx);

/// Puts the number of values of a template into the row of an embedder.
/// @error as own_model()
[[nodiscard]] Result<OwnModel> with_dimension(const OwnModel& model, int dimension);

/// What a network showed when it was tried.
struct OwnTrial {
  int dimension = 0;   ///< of an embedder's templates; 0 = a detector
  double seconds = 0;  ///< of one run
};

/// Loads a network as the main job would and lets it look at two made pictures.
/// Hostile files may take any memory and time: call it in a process with limits of its own.
/// @error corrupt_data      the library cannot read it, its shapes or outputs are not those of the manifest, a value is
///                          not finite, or an embedder says the same of every picture or not the same twice
/// @error invalid_argument  a setting outside its range
/// @error resource_limit, internal  the library failed
/// @thread safe, no state
[[nodiscard]] Result<OwnTrial> try_own_model(const runtime::ModelManifest& manifest, const std::filesystem::path& file);

}  // namespace vultus::engine

// Files of planted samples, as `vultus-learn` trains on: pictures or clips, their truth, and notes that call them
// planted.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>

#include <vultus/core/result.hpp>

namespace vultus::learning {

struct PlantedSetOptions {
  std::size_t count = 1000;  ///< pictures or clips, [1, 100000]
  std::uint64_t seed = 1;
  int side = 64;      ///< pixels, [32, 256]
  int frames = 16;    ///< of a clip, [6, 64]
  int of_person = 4;  ///< pictures of one face, [1, 100]
};
using PlantedProgress = std::function<void(std::size_t done)>;

/// "pictures" u8 [n, side, side, 3]; i64 "emotion" (0 to 7), "place", "mood"; f32 "brightness" and "colourfulness",
/// measured in the pixels (docs/systems/18-a4net.md).
/// @error invalid_argument  an option outside its range; cancelled; of the file
Status write_planted_scenes(const PlantedSetOptions& options, const std::filesystem::path& path,
                            const PlantedProgress& told, const std::stop_token& stop);

/// "clips" u8 [n, frames, side, side, 3], aligned as for the embedder; i64 "emotion" (places of kExpressionNames),
/// "first" and "last" frame of the burst, -1 where there is none. @error as above
Status write_planted_bursts(const PlantedSetOptions& options, const std::filesystem::path& path,
                            const PlantedProgress& told, const std::stop_token& stop);

/// "pictures" u8 [n, side, side, 3], aligned; i64 "expression", "person", and "levels" [n, 12], 0 to 5 of
/// kFoundationUnits. @error as above
Status write_planted_faces(const PlantedSetOptions& options, const std::filesystem::path& path,
                           const PlantedProgress& told, const std::stop_token& stop);

}  // namespace vultus::learning

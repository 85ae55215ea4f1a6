// Looking at pictures after something was done to them. Internal to the room.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/core/face.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/engine/identify_benchmark.hpp>

namespace vultus::engine {

/// A picture, and the face that was found in it as it is.
struct ProbePicture {
  std::string path;
  FaceObservation face;
};

/// Levels of a degradation, from mild to strong.
[[nodiscard]] std::span<const double> levels_of(Degradation kind);

/// What a degradation does to a picture with a face.
/// @error as the functions of media/degrade.hpp
[[nodiscard]] Result<Image> degraded(ImageView picture, const FaceObservation& face, Degradation kind, double level);

/// Templates of the main faces of degraded pictures, on all threads of the engine; nothing where no face is found.
/// @param progress  gets the number of pictures done, on the calling thread or another one, one call at a time
[[nodiscard]] Result<std::vector<std::optional<Embedding>>> embed_degraded(
    const Engine& engine, std::span<const ProbePicture> pictures, Degradation kind, double level,
    const std::function<void(std::size_t)>& progress, const std::stop_token& stop);

}  // namespace vultus::engine

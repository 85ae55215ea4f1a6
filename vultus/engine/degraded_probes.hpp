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

/// A degradation of a certain strength.
struct DegradedLevel {
  Degradation kind = Degradation::blur;
  double level = 0;
};

/// Templates of the main faces of degraded pictures, on all threads of the engine.
/// @param progress  gets the number of pictures done over all levels, one call at a time, on any thread
/// @return for each level one template a picture; nothing where no face is found
[[nodiscard]] Result<std::vector<std::vector<std::optional<Embedding>>>> embed_degraded(
    const Engine& engine, std::span<const ProbePicture> pictures, std::span<const DegradedLevel> levels,
    const std::function<void(std::size_t)>& progress, const std::stop_token& stop);

}  // namespace vultus::engine

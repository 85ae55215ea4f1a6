// Pictures and videos of people and of attacks, each with its liveness score: what benchmarks and calibrations rest on.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/liveness/reading.hpp>

namespace vultus::engine {

/// A file that shows a person or an attack.
struct PresentedFile {
  std::string path;
  std::string species;  ///< kind of attack; empty = a live person
  std::string group;    ///< what belongs together (a person, a recording): the folder below the species, else the file
  bool operator==(const PresentedFile&) const = default;
};

/// The pictures and videos of a folder and its subfolders, in the order of their names.
/// @param attacks  the first subfolders name the kinds of attack ("attack" for files in no subfolder); else all are
/// live, and the first subfolders name what belongs together
/// @error not_found  no such folder, or nothing in it
[[nodiscard]] Result<std::vector<PresentedFile>> presented_files(const std::string& folder, bool attacks);

/// A file that was scored.
struct ScoredFile {
  PresentedFile file;
  liveness::Reading reading;         ///< of the most prominent face; of a video, of its longest track
  bool found = false;                ///< a face was found
  std::optional<double> saturation;  ///< mean colour saturation of the face, [0, 1]; of pictures with a face
  std::optional<Error> error;        ///< why it could not be read
};

/// Scores files side by side, on the threads of the engine.
/// @param network   what judges, see liveness/face_judge.hpp
/// @param progress  gets the number of files done, on any thread, one call at a time; may be empty
/// @return as many as `files`, in their order
/// @error not_found  a network that was not fetched; cancelled
[[nodiscard]] Result<std::vector<ScoredFile>> score_files(const Engine& engine, std::span<const PresentedFile> files,
                                                          std::string_view network, const liveness::Policy& policy,
                                                          const std::function<void(std::size_t)>& progress = {},
                                                          const std::stop_token& stop = {});

/// Whether a folder, or the one around it, holds a truth.json that calls its content planted.
[[nodiscard]] bool is_planted(const std::string& folder);

/// Mean saturation of the pixels in a box: 1 - min / max of red, green and blue, 0 for black; [0, 1].
/// @return nothing where none of the box lies in the picture
[[nodiscard]] std::optional<double> mean_saturation(ImageView picture, const RectF& box);

}  // namespace vultus::engine

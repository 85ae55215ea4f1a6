// Training A4Net on a file of pictures. Programs use it through vultus-learn; shows no libtorch.
#pragma once

#include <string>
#include <vector>

#include <vultus/learn/training/systems/training_run.hpp>

namespace vultus::learn {

struct SceneRun : TrainingRun {
  std::vector<std::string> without;  ///< branches that are left out: "brightness", "colourfulness", "places", "moods"
};

/// Leaves network.onnx in the folder. The file has "pictures", "emotion"; "brightness", "colourfulness", "place" and
/// "mood" where there are such branches.
/// Measures: "brightness_error" (of 1), "colourfulness_error", "places", "moods" (accuracies), and for activation maps
/// "deletion_map" and "deletion_random": the mean probability of the label while a half of the picture is taken away,
/// where the map says or by chance.
/// @error of the file and of run_loop(); invalid_argument  a branch of another name
[[nodiscard]] Result<RunScores> train_scene(const SceneRun& run);

}  // namespace vultus::learn

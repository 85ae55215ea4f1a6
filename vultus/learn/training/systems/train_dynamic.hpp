// Training AdaTosk on a file of clips. Programs use it through vultus-learn; shows no libtorch.
#pragma once

#include <vultus/learn/training/systems/training_run.hpp>

namespace vultus::learn {

struct DynamicRun : TrainingRun {
  double kept = 0.7;        ///< share of tokens that the encoder sees in use, (0, 1]
  bool by_movement = true;  ///< the mask's part that says where something moves
  bool by_meaning = true;   ///< the part that says what matters
  bool reconstruct = true;  ///< the branch that draws hidden tokens
};

/// Leaves network.onnx in the folder. The file has "clips", "emotion" and, where bursts are known, "first" and "last".
/// Measures: "accuracy_all" and "uar_all" with every token, "accuracy_least": with as many tokens, those of the least
/// mask; "tokens_saved" and "multiplications_saved" (shares, of the encoder); of bursts "burst_overlap" (intersection
/// over union of the mask's peak with the burst), "peak_inside", "overlap_by_chance" (the same with the masks of other
/// clips).
/// @error of the file and of run_loop(); invalid_argument  kept outside its range
[[nodiscard]] Result<RunScores> train_dynamic(const DynamicRun& run);

}  // namespace vultus::learn

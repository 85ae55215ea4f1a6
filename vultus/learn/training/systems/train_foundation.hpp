// Training MF2 and its DFN on a file of faces, or DFN alone on kept maps. Shows no libtorch.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include <vultus/learn/training/systems/training_run.hpp>

namespace vultus::learn {

struct FoundationRun : TrainingRun {
  int fold = 0;  ///< of three; persons whose number leaves this remainder are tested on and never trained on
  int adapt_epochs = 20;
  std::vector<int> units;                  ///< FACS numbers of "levels"
  std::vector<std::string> unit_captions;  ///< of each unit its six sentences, absent to E
  /// The sentence of a whole face. @param levels  of the units, 0 to 5
  std::function<Result<std::string>(std::size_t expression, std::span<const int> levels)> face_caption;
  bool local = true;    ///< captions of units; false = ablated
  bool global = true;   ///< captions of the whole face; false = ablated
  double apart = 1e-3;  ///< weight of the penalty between the branches of DFN
};

/// First the trunk on captions, then DFN on the frozen trunk. Leaves network.onnx: "units", "levels", "adapted_units",
/// "probabilities". The file has "pictures", "levels", "expression", "person".
/// Measures: of the trunk "units_f1" (mean over units at .5), "levels_error", "captions_right" (levels told exactly);
/// of DFN "adapted_units_f1", "accuracy", "uar"; "trainable" (share of all numbers), "trunk_seconds", "adapt_seconds";
/// with the mouth of each face greyed "au12_f1_without_mouth", "au4_f1_without_mouth" beside "au12_f1", "au4_f1".
/// Tested on a fold of persons: `tested` must be empty, `test_share` is not read.
/// @error of the file and of run_loop(); invalid_argument  fold outside 0 to 2, levels outside 0 to 5, `tested`
[[nodiscard]] Result<RunScores> train_foundation(const FoundationRun& run);

struct DfnMap {
  std::string name;  ///< of the tensor f16 [n, variants, channels side side], and of the graph's input
  int channels = 128;
  int side = 7;
  double scale = 1;  ///< numbers are divided by it
};
struct DfnRun : TrainingRun {
  std::vector<DfnMap>
      maps;  ///< of a frozen network, first to last; equal channels; sides are brought to the last one's
  std::string column = "label";
  std::int64_t first = 1;  ///< code of the first class
  std::int64_t classes = 7;
  int rank = 64;
  double dropout = 0.3;
};
/// DFN's branch of expressions on maps that a frozen network gave for pictures of people (vultus-learn features).
/// Leaves network.onnx with an input for each map and "probabilities". @error as above
[[nodiscard]] Result<RunScores> train_dfn(const DfnRun& run);

}  // namespace vultus::learn

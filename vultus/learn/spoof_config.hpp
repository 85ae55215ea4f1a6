// How a liveness network is trained, from a JSON file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/learn/onnx_writer.hpp>
#include <vultus/learn/tensor_file.hpp>

namespace vultus::learn {

struct SpoofConfig {
  std::string name;              ///< of the model
  std::int64_t width = 64;       ///< of the towers, [16, 512], a multiple of 16
  std::int64_t layers = 4;       ///< of FA3-CLIP's picture tower, [1, 12]
  std::int64_t heads = 4;        ///< divides the width
  std::int64_t neighbours = 15;  ///< of FA3-CLIP's token clustering, [1, 64]
  std::int64_t clusters = 32;    ///< [1, 64]
  bool frequency = true;         ///< FA3-CLIP's stream of fine structure; off = ablation
  bool prompts = true;           ///< FA3-CLIP's learnt words; off = ablation
  bool cue_maps = true;          ///< SLIP's terms about maps; off = ablation
  bool cut_and_paste = true;     ///< SLIP's pieces of other live faces; off = ablation
  double contrast = 1;           ///< weight of FA3-CLIP's NT-Xent, [0, 10]
  int epochs = 10;               ///< [1, 1000]
  int steps = 60;                ///< of an epoch, [1, 100000]
  int batch = 16;                ///< live faces of a step, [2, 512]; FA3-CLIP takes as many attacks
  double learning_rate = 1e-3;   ///< of AdamW at its highest, [1e-7, 1]
  double weight_decay = 1e-2;    ///< [0, 1]
  double warm_up = 0.1;          ///< share of the steps, [0, 0.9]
  std::uint64_t seed = 1;
  bool shuffle_labels = false;  ///< the control: what it learns then must be worth nothing
  WeightKind keep = WeightKind::f16;
  TensorNotes card;                   ///< texts of the model card
  std::vector<std::string> left_out;  ///< kinds of attack that are neither trained on nor validated on
  std::string sha256;                 ///< of the text and of what a command line changed
};

/// @param json    at most 1 MiB
/// @param origin  its name, for messages
/// @error corrupt_data  not JSON, an option that is misspelt, of the wrong kind or outside its range
[[nodiscard]] Result<SpoofConfig> parse_spoof_config(std::string_view json, std::string_view origin);

/// Whether what is left out is a part of the system: leaving out another one would do nothing, and the card would tell
/// an ablation that was none.
/// @param system  "fa3" or "slip"
/// @error invalid_argument  a part of the other system is off, by name; another system
[[nodiscard]] Status check_spoof_parts(const SpoofConfig& config, std::string_view system);

}  // namespace vultus::learn

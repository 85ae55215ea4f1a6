// What a training run does, from a JSON file.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/learn/curriculum.hpp>
#include <vultus/learn/head.hpp>
#include <vultus/learn/label_noise.hpp>
#include <vultus/learn/tensor_file.hpp>

namespace vultus::learn {

/// What one output learns.
struct TrainingTarget {
  std::string output;                ///< of the head
  std::string column;                ///< of the features: codes
  std::int64_t first = 0;            ///< code of the first class
  std::vector<std::string> classes;  ///< names in the order of their codes; of a number empty
  std::vector<double> numbers;       ///< what each code stands for; of classes empty
  double weight = 1;                 ///< of its loss, (0, 1000]
};

/// The last layers of the network that the first input comes from: they learn along, and what they make joins the
/// inputs of the head as the first one.
struct TailConfig {
  HeadInput map;      ///< what they make; without a name there is no tail
  double scale = 1;   ///< its numbers are divided by it
  std::string to;     ///< tensor of that network, named as in manifests
  double rate = 0.1;  ///< of the learning rate, [0, 1]; 0 = the layers stay as they are
};

struct TrainingConfig {
  std::string name;      ///< of the head
  std::string features;  ///< file of `vultus-learn features`
  HeadShape shape;
  std::map<std::string, double> scales;  ///< by input: its numbers are divided by it
  std::vector<TrainingTarget> targets;
  int epochs = 10;              ///< [1, 1000]
  int batch = 128;              ///< [2, 4096]
  double learning_rate = 1e-3;  ///< of AdamW at its highest
  double weight_decay = 1e-2;
  double warm_up = 0.15;       ///< share of the steps, [0, 0.9]
  double input_dropout = 0.3;  ///< before the hidden layer, [0, 1)
  double dropout = 0.5;        ///< behind it, [0, 1)
  double mixup = 0.2;          ///< both parameters of the Beta distribution; 0 = none
  double smoothing = 0.05;     ///< of class labels, [0, 1)
  double class_power = 0.5;    ///< weight of a class = (mean count / its count)^power
  /// The answers are those of a head trained with this power: its bias is moved by the logarithms of the counts.
  /// Training with a higher one teaches rare classes, answering with a lower one keeps common ones. -1 = class_power
  double answer_power = -1;
  std::uint64_t seed = 1;
  int folds = 5;          ///< of cross-validation, [2, 100]
  int fold = -1;          ///< the one left out and validated on; -1 = trains on everything
  int patience = 0;       ///< epochs without a better validation before it stops; 0 = never, and the last weights stay
  double average = 0;     ///< of weights, kept by this share at every step, [0, 0.9999]; 0 = the last ones are exported
  Curriculum curriculum;  ///< of single labels and hybrids; empty = everything in every epoch
  LabelNoise noise;       ///< planted in what is trained on, never in what is validated on
  std::vector<std::int64_t> untrained;    ///< places of classes of the first target that are never trained on
  std::string system;                     ///< "pairwise", "poi" ...; empty = the plain head of `shape`
  std::map<std::string, double> options;  ///< of the system, by name
  TailConfig tail;                        ///< of systems
  bool shuffle_labels = false;            ///< the control: what it learns then must be worth nothing
  WeightKind keep = WeightKind::f16;      ///< of the exported file
  TensorNotes card;                       ///< texts of the model card: data, terms, protocol
  std::string sha256;  ///< told by the caller: of the file's bytes; a checkpoint belongs to one configuration
};

/// @param json    at most 1 MiB. @param origin  its name, for messages
/// @error corrupt_data  not JSON, a field missing, of the wrong kind or unknown; invalid_argument  a number outside its
///        range, or a shape that validate() refuses
[[nodiscard]] Result<TrainingConfig> parse_training_config(std::string_view json, std::string_view origin);

/// What the head reads: with a tail, first what that makes.
[[nodiscard]] std::vector<HeadInput> head_inputs(const TrainingConfig& config);

/// What an option of a system may be.
struct SystemOption {
  std::string_view name;
  double otherwise = 0;  ///< where it is not given
  double least = 0, most = 1;
};
/// The options of a system by name, those that are not given as they are otherwise.
/// @error invalid_argument  an option that the system does not know, or outside its range
[[nodiscard]] Result<std::map<std::string, double, std::less<>>> system_options(const TrainingConfig& config,
                                                                                std::span<const SystemOption> known);

}  // namespace vultus::learn

// A head: a small network on what larger ones say inside. Its weights as plain numbers, its answers, and its export.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/learn/onnx_writer.hpp>
#include <vultus/learn/tensor_file.hpp>

namespace vultus::learn {

/// What a head reads: a map of channels x side x side, or with side 0 a row of channels.
struct HeadInput {
  std::string name;
  std::int64_t channels = 0;
  std::int64_t side = 0;
  bool operator==(const HeadInput&) const = default;

  [[nodiscard]] std::int64_t numbers() const { return side > 0 ? channels * side * side : channels; }
  /// A map of 14 x 14 is read by 3 x 3 windows at every second place, one of 7 x 7 and a row place by place.
  [[nodiscard]] std::int64_t kernel() const { return side > 7 ? 3 : 1; }
};

/// What a head answers: probabilities of classes, or with one class a number.
struct HeadOutput {
  std::string name;
  std::int64_t classes = 1;
  bool operator==(const HeadOutput&) const = default;
};

/// The shape of a head: inputs are brought to `stem` channels and summed, rectified; then a hidden layer; then the
/// outputs.
struct HeadShape {
  std::vector<HeadInput> inputs;  ///< maps that give the same side, or rows; at least one
  std::int64_t stem = 64;         ///< channels; 0 = the one row goes straight on
  std::int64_t hidden = 256;      ///< 0 = none
  std::vector<HeadOutput> outputs;
  bool operator==(const HeadShape&) const = default;

  [[nodiscard]] std::int64_t stem_side() const;  ///< of the summed maps; 1 for rows
  [[nodiscard]] std::int64_t flat() const;       ///< numbers that the hidden layer reads
  [[nodiscard]] std::int64_t last() const;       ///< numbers that the outputs read
};

/// @error invalid_argument  no input or output, sides that do not fit, sizes outside [1, 65536] or a name twice
[[nodiscard]] Status validate(const HeadShape& shape);

/// Weights by name, row-major as in ONNX: "stem.NAME" [stem, channels, k, k] and "stem.bias", "hidden.weight"
/// [hidden, flat] and "hidden.bias", "out.NAME.weight" [classes, last] and "out.NAME.bias".
struct HeadWeights {
  HeadShape shape;
  std::map<std::string, std::vector<float>> values;
};

/// The tensors of a head, in the order of their use.
[[nodiscard]] std::vector<TensorSpec> head_tensors(const HeadShape& shape, TensorType type = TensorType::f32);

/// The head as an ONNX file: inputs and outputs by their names, any batch.
/// @error invalid_argument  a tensor that is missing or of another size
[[nodiscard]] Result<std::string> onnx_of(const HeadWeights& head, WeightKind kind);

/// Answers as if classes had been weighed with another power of their counts: the logits of an output move by
/// power * log(share of the class).
/// @param counts  samples of each class of the output; classes without any do not move
/// @error invalid_argument  no such output, or another number of classes
/// @source posterior odds are prior odds times likelihood ratio: M. Saerens et al., Neural Computation 14(1), 2002,
/// eq. 2.4
Status shift_priors(HeadWeights& head, const std::string& output, std::span<const double> counts, double power);

/// Keeps weights. @param notes  the model card, by name. @error as TensorFileWriter
Status write_head(const std::filesystem::path& path, const HeadWeights& head, const TensorNotes& notes);
/// @error corrupt_data  a tensor that is missing or of another size; as TensorFile::open()
[[nodiscard]] Result<HeadWeights> read_head(const std::filesystem::path& path, const HeadShape& shape);

}  // namespace vultus::learn

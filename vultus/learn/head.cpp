#include <vultus/learn/head.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace vultus::learn {
namespace {

constexpr std::int64_t kMost = 65'536;

std::int64_t side_after(const HeadInput& input) {
  return input.side == 0 ? 1 : input.kernel() == 3 ? (input.side + 1) / 2 : input.side;
}

}  // namespace

std::int64_t HeadShape::stem_side() const { return inputs.empty() ? 0 : side_after(inputs.front()); }

std::int64_t HeadShape::flat() const {
  if (stem == 0) return inputs.empty() ? 0 : inputs.front().channels;
  return stem * stem_side() * stem_side();
}

std::int64_t HeadShape::last() const { return hidden > 0 ? hidden : flat(); }

Status validate(const HeadShape& shape) {
  const auto refuse = [](const std::string& what) { return fail(ErrorCode::invalid_argument, "head: " + what); };
  if (shape.inputs.empty() || shape.outputs.empty()) return refuse("it needs an input and an output");
  std::set<std::string> names;
  for (const HeadInput& input : shape.inputs) {
    if (input.channels < 1 || input.channels > kMost || input.side < 0 || input.side > 64)
      return refuse("input \"" + input.name + "\" has a size that is none");
    if (side_after(input) != shape.stem_side() || (input.side == 0) != (shape.inputs.front().side == 0))
      return refuse("input \"" + input.name + "\" gives another side than \"" + shape.inputs.front().name + "\"");
    if (input.name.empty() || !names.insert(input.name).second)
      return refuse("input \"" + input.name + "\" twice or without name");
  }
  for (const HeadOutput& output : shape.outputs)
    if (output.name.empty() || output.classes < 1 || output.classes > kMost || !names.insert(output.name).second)
      return refuse("output \"" + output.name + "\": its classes or its name");
  if (shape.stem < 0 || shape.stem > kMost || shape.hidden < 0 || shape.hidden > kMost)
    return refuse("stem or hidden outside [0, 65536]");
  if (shape.stem == 0 && (shape.inputs.size() != 1 || shape.inputs.front().side != 0))
    return refuse("without a stem it reads one row");
  return {};
}

std::vector<TensorSpec> head_tensors(const HeadShape& shape, TensorType type) {
  std::vector<TensorSpec> tensors;
  if (shape.stem > 0) {
    for (const HeadInput& input : shape.inputs)
      tensors.push_back({"stem." + input.name, type, {shape.stem, input.channels, input.kernel(), input.kernel()}});
    tensors.push_back({"stem.bias", type, {shape.stem}});
  }
  if (shape.hidden > 0) {
    tensors.push_back({"hidden.weight", type, {shape.hidden, shape.flat()}});
    tensors.push_back({"hidden.bias", type, {shape.hidden}});
  }
  for (const HeadOutput& output : shape.outputs) {
    tensors.push_back({"out." + output.name + ".weight", type, {output.classes, shape.last()}});
    tensors.push_back({"out." + output.name + ".bias", type, {output.classes}});
  }
  return tensors;
}

Result<std::string> onnx_of(const HeadWeights& head, WeightKind kind) {
  VULTUS_CHECK(validate(head.shape));
  OnnxWriter onnx(kind);
  for (const TensorSpec& tensor : head_tensors(head.shape)) {
    const auto values = head.values.find(tensor.name);
    if (values == head.values.end() || values->second.size() != tensor.count())
      return fail(ErrorCode::invalid_argument, "head: tensor " + tensor.name + " is missing or of another size");
    onnx.weight(tensor.name, tensor.shape, values->second);
  }
  const auto node = [&](std::string_view what, const std::vector<std::string>& from, const std::string& to,
                        const std::vector<OnnxAttribute>& attributes = {}) {
    return onnx.node(what, from, to, attributes);
  };
  const OnnxAttribute transposed{.name = "transB", .value = std::int64_t{1}};
  std::string at;
  for (const HeadInput& input : head.shape.inputs) {
    const std::vector<std::int64_t> shape = input.side > 0
                                                ? std::vector<std::int64_t>{0, input.channels, input.side, input.side}
                                                : std::vector<std::int64_t>{0, input.channels};
    onnx.input(input.name, shape);
    if (head.shape.stem == 0) {
      at = input.name;
      break;
    }
    std::string from = input.name;
    if (input.side == 0) {
      // A row is a map of one place.
      from = node("Flatten", {from}, input.name + ".flat");
      from = node("Gemm", {from, node("Flatten", {"stem." + input.name}, input.name + ".matrix")}, input.name + ".stem",
                  {transposed});
    } else {
      const std::int64_t pad = input.kernel() / 2, stride = input.kernel() == 3 ? 2 : 1;
      from = node("Conv", {from, "stem." + input.name}, input.name + ".stem",
                  {{.name = "pads", .value = std::vector{pad, pad, pad, pad}},
                   {.name = "strides", .value = std::vector{stride, stride}}});
    }
    at = at.empty() ? from : node("Add", {at, from}, input.name + ".sum");
  }
  if (head.shape.stem > 0) {
    std::string bias = "stem.bias";
    if (head.shape.inputs.front().side > 0) {
      // One number a channel, for every place: [stem] reads as [stem, 1, 1].
      std::vector<float> values = head.values.at("stem.bias");
      bias = onnx.weight("stem.bias3", std::vector<std::int64_t>{head.shape.stem, 1, 1}, values);
    }
    at = node("Relu", {node("Add", {at, bias}, "stem.sum")}, "stem.out");
    at = node("Flatten", {at}, "stem.flat");
  }
  if (head.shape.hidden > 0)
    at = node("Relu", {node("Gemm", {at, "hidden.weight", "hidden.bias"}, "hidden.sum", {transposed})}, "hidden.out");
  for (const HeadOutput& output : head.shape.outputs) {
    const std::string name = "out." + output.name;
    const bool number = output.classes == 1;
    const std::string sum =
        node("Gemm", {at, name + ".weight", name + ".bias"}, number ? output.name : name + ".sum", {transposed});
    if (!number) node("Softmax", {sum}, output.name, {{.name = "axis", .value = std::int64_t{1}}});
    onnx.output(output.name, std::vector<std::int64_t>{0, output.classes});
  }
  return onnx.file("head");
}

Status shift_priors(HeadWeights& head, const std::string& output, std::span<const double> counts, double power) {
  const auto bias = head.values.find("out." + output + ".bias");
  if (bias == head.values.end() || bias->second.size() != counts.size())
    return fail(ErrorCode::invalid_argument,
                "head: output " + output + " has another number of classes, or is not there");
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  for (std::size_t c = 0; c < counts.size(); ++c)
    if (counts[c] > 0) bias->second[c] += static_cast<float>(power * std::log(counts[c] / all));
  return {};
}

Status write_head(const std::filesystem::path& path, const HeadWeights& head, const TensorNotes& notes) {
  VULTUS_TRY(auto file, TensorFileWriter::create(path, head_tensors(head.shape), notes));
  for (const auto& [name, values] : head.values) VULTUS_CHECK(file.write(name, 0, std::as_bytes(std::span(values))));
  return file.finish();
}

Result<HeadWeights> read_head(const std::filesystem::path& path, const HeadShape& shape) {
  VULTUS_TRY(const TensorFile file, TensorFile::open(path));
  HeadWeights head{.shape = shape, .values = {}};
  for (const TensorSpec& wanted : head_tensors(shape)) {
    VULTUS_TRY(const TensorSpec* const there, file.find(wanted.name).with_context(path.string()));
    if (there->shape != wanted.shape)
      return fail(ErrorCode::corrupt_data,
                  path.string() + ": tensor " + wanted.name + " has another shape: weights of another network");
    VULTUS_TRY(head.values[wanted.name], file.floats(wanted.name));
  }
  return head;
}

}  // namespace vultus::learn

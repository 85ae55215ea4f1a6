// Writing a trunk: each operation as one or some of ONNX opset 13.
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include <vultus/learn/training/graph_operations.hpp>
#include <vultus/learn/training/trunk.hpp>

namespace vultus::learn {
namespace {

using torch::Tensor;
using Sides = std::vector<std::int64_t>;
using Names = std::vector<std::string>;
using Attributes = std::vector<OnnxAttribute>;

/// Operations that have the same inputs and no attributes there.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kSame{{{"Add", "Add"},
                                                                               {"Subtract", "Sub"},
                                                                               {"Multiply", "Mul"},
                                                                               {"Divide", "Div"},
                                                                               {"Maximum", "Max"},
                                                                               {"Minimum", "Min"},
                                                                               {"Power", "Pow"},
                                                                               {"Less", "Less"},
                                                                               {"GreaterEqual", "GreaterOrEqual"},
                                                                               {"Relu", "Relu"},
                                                                               {"Abs", "Abs"},
                                                                               {"Negative", "Neg"},
                                                                               {"Sqrt", "Sqrt"},
                                                                               {"Exp", "Exp"},
                                                                               {"Sigmoid", "Sigmoid"},
                                                                               {"Tanh", "Tanh"},
                                                                               {"Identity", "Identity"},
                                                                               {"Concat", "Concat"}}};

/// Writes nodes one by one. What an input says is a name in the file, or numbers that do not depend on the picture.
class StepWriter {
 public:
  StepWriter(OnnxWriter& out, std::string prefix) : out_(out), prefix_(std::move(prefix)) {}

  struct Said {
    std::string name;  ///< empty: `values`
    Tensor values;
  };
  Result<std::string> write(const GraphStep& step, std::vector<Said>& in);

 private:
  std::string fresh(std::string_view stem) { return prefix_ + out_.fresh(stem); }
  std::string node(std::string_view kind, const Names& inputs, const Attributes& attributes = {}) {
    return out_.node(kind, inputs, fresh(kind), attributes);
  }
  /// The name of an input; numbers are written where they are first read.
  std::string named(Said& said) {
    if (said.name.empty()) said.name = numbers(said.values);
    return said.name;
  }
  std::string numbers(const Tensor& values) {
    const torch::NoGradGuard no_gradients;
    const Sides shape = values.sizes().vec();
    const Tensor floats = values.detach().to(torch::kFloat).contiguous();
    const std::span<const float> row(floats.data_ptr<float>(), static_cast<std::size_t>(floats.numel()));
    return row.size() > 1 ? out_.weight(fresh("weight"), shape, row) : out_.constant(fresh("number"), shape, row);
  }
  /// As named(), but never as half floats.
  std::string exact(Said& said) {
    if (!said.name.empty()) return said.name;
    const Tensor floats = said.values.detach().to(torch::kFloat).contiguous();
    const std::span<const float> row(floats.data_ptr<float>(), static_cast<std::size_t>(floats.numel()));
    return said.name = out_.constant(fresh("number"), floats.sizes().vec(), row);
  }
  std::string wholes(const Sides& values) {
    const Sides shape{static_cast<std::int64_t>(values.size())};
    return out_.constant(fresh("row"), shape, values);
  }
  std::string number(double value) {
    const float real = static_cast<float>(value);
    return out_.constant(fresh("number"), Sides{}, std::span(&real, 1));
  }
  Result<std::string> convolution(const GraphStep& step, std::vector<Said>& in);
  std::string pool(const GraphStep& step, std::vector<Said>& in);
  std::string matrices(const GraphStep& step, std::vector<Said>& in);
  std::string reduce(const GraphStep& step, std::vector<Said>& in);
  std::string slice(const GraphStep& step, std::vector<Said>& in);
  std::string unit(const GraphStep& step, std::vector<Said>& in);

  OnnxWriter& out_;
  std::string prefix_;
};

Sides pads_of_step(const GraphStep& step) {
  Sides pads = step.numbers("pads_begin");
  const Sides end = step.numbers("pads_end");
  pads.insert(pads.end(), end.begin(), end.end());
  return pads;
}

Result<std::string> StepWriter::convolution(const GraphStep& step, std::vector<Said>& in) {
  if (!in[1].values.defined())
    return fail(ErrorCode::unsupported, "the operation " + step.node.kind + " (node " + step.node.name +
                                            ") with weights that depend on the picture cannot be written");
  const bool grouped = step.node.kind == "GroupConvolution";
  const std::int64_t groups = grouped ? in[1].values.size(0) : 1;
  const std::string weight = numbers(grouped ? in[1].values.flatten(0, 1) : in[1].values);
  return node("Conv", {named(in[0]), weight},
              {{.name = "pads", .value = pads_of_step(step)},
               {.name = "strides", .value = step.numbers("strides")},
               {.name = "dilations", .value = step.numbers("dilations")},
               {.name = "group", .value = groups}});
}

std::string StepWriter::pool(const GraphStep& step, std::vector<Said>& in) {
  Attributes attributes{{.name = "kernel_shape", .value = step.numbers("kernel")},
                        {.name = "pads", .value = pads_of_step(step)},
                        {.name = "strides", .value = step.numbers("strides")},
                        {.name = "ceil_mode", .value = std::int64_t{step.text("rounding_type") != "floor"}}};
  if (step.node.kind == "AvgPool")
    attributes.push_back({.name = "count_include_pad", .value = std::int64_t{!step.truth("exclude-pad")}});
  else if (const Sides dilations = step.numbers("dilations"); !dilations.empty())
    attributes.push_back({.name = "dilations", .value = dilations});
  return node(step.node.kind == "AvgPool" ? "AveragePool" : "MaxPool", {named(in[0])}, attributes);
}

std::string StepWriter::matrices(const GraphStep& step, std::vector<Said>& in) {
  const auto side = [&](std::size_t i, std::string_view flag) {
    const std::size_t axes = step.shape_in(i).size();
    if (!step.truth(flag) || axes < 2) return named(in[i]);
    Sides order(axes);
    for (std::size_t a = 0; a < axes; ++a) order[a] = static_cast<std::int64_t>(a);
    std::swap(order[axes - 1], order[axes - 2]);
    return node("Transpose", {named(in[i])}, {{.name = "perm", .value = order}});
  };
  const std::string a = side(0, "transpose_a");
  return node("MatMul", {a, side(1, "transpose_b")});
}

std::string StepWriter::reduce(const GraphStep& step, std::vector<Said>& in) {
  const OnnxAttribute keep{.name = "keepdims", .value = std::int64_t{step.truth("keep_dims")}};
  // Sums take their axes as an input in opset 13, the others as an attribute.
  if (step.node.kind == "ReduceSum") return node("ReduceSum", {named(in[0]), wholes(step.whole(1))}, {keep});
  return node(step.node.kind, {named(in[0])}, {{.name = "axes", .value = step.whole(1)}, keep});
}

std::string StepWriter::slice(const GraphStep& step, std::vector<Said>& in) {
  const Sides no_begin = step.numbers("begin_mask"), no_end = step.numbers("end_mask");
  Sides begin = step.whole(1), end = step.whole(2), axes(begin.size());
  const Sides strides = step.node.inputs.size() > 3 ? step.whole(3) : Sides(begin.size(), 1);
  for (std::size_t i = 0; i < begin.size(); ++i) {
    axes[i] = static_cast<std::int64_t>(i);
    if (i < no_begin.size() && no_begin[i] != 0) begin[i] = 0;
    if ((i < no_end.size() && no_end[i] != 0) || (i == 0 && step.of_pictures && end[i] == step.batch))
      end[i] = std::numeric_limits<std::int64_t>::max();
  }
  return node("Slice", {named(in[0]), wholes(begin), wholes(end), wholes(axes), wholes(strides)});
}

std::string StepWriter::unit(const GraphStep& step, std::vector<Said>& in) {
  const std::string x = named(in[0]);
  const std::string squares =
      node("ReduceSum", {node("Mul", {x, x}), wholes(step.whole(1))}, {{.name = "keepdims", .value = std::int64_t{1}}});
  const std::string eps = number(step.real("eps", 0));
  return node("Div", {x, node("Sqrt", {node(step.text("eps_mode") == "max" ? "Max" : "Add", {squares, eps})})});
}

Result<std::string> StepWriter::write(const GraphStep& step, std::vector<Said>& in) {
  const std::string& kind = step.node.kind;
  for (const auto& [ours, theirs] : kSame) {
    if (kind != ours) continue;
    Names names;
    for (Said& said : in) names.push_back(named(said));
    if (kind == "Concat") return node(theirs, names, {{.name = "axis", .value = step.numbers("axis").front()}});
    return node(theirs, names);
  }
  if (kind == "Convolution" || kind == "GroupConvolution") return convolution(step, in);
  if (kind == "MaxPool" || kind == "AvgPool") return pool(step, in);
  if (kind == "MatMul") return matrices(step, in);
  if (kind.starts_with("Reduce")) return reduce(step, in);
  if (kind == "StridedSlice") return slice(step, in);
  if (kind == "NormalizeL2") return unit(step, in);
  if (kind == "Reshape" || kind == "Squeeze" || kind == "Unsqueeze")
    return node("Reshape", {named(in[0]), wholes(step.new_sides())});
  if (kind == "Transpose") return node("Transpose", {named(in[0])}, {{.name = "perm", .value = step.whole(1)}});
  if (kind == "PRelu" && in[1].values.defined()) {
    Tensor slope = in[1].values;
    // One number a channel, for every place.
    if (const std::size_t axes = step.shape_out().size(); slope.dim() == 1 && slope.numel() > 1 && axes > 2) {
      Sides sides(axes - 1, 1);
      sides.front() = slope.numel();
      slope = slope.view(sides);
    }
    return node("PRelu", {named(in[0]), numbers(slope)});
  }
  if (kind == "BatchNormInference") {
    // A small variance would be zero as a half float.
    const Names names{named(in[0]), named(in[1]), named(in[2]), exact(in[3]), exact(in[4])};
    return node("BatchNormalization", names,
                {{.name = "epsilon", .value = static_cast<float>(step.real("epsilon", 1e-5))}});
  }
  if (kind == "Pad") {
    Sides pads = step.whole(1);
    pads.insert(pads.end(), step.whole(2).begin(), step.whole(2).end());
    return node("Pad", {named(in[0]), wholes(pads), number(in.size() > 3 ? in[3].values.item<double>() : 0)});
  }
  if (kind == "Clamp") {
    constexpr double kAll = std::numeric_limits<float>::max();
    return node("Clip", {named(in[0]), number(step.real("min", -kAll)), number(step.real("max", kAll))});
  }
  if (kind == "Elu")
    return node("Elu", {named(in[0])}, {{.name = "alpha", .value = static_cast<float>(step.real("alpha", 1))}});
  if (kind == "Swish" && in.size() == 1) {
    const std::string x = named(in[0]);
    return node("Mul", {x, node("Sigmoid", {x})});
  }
  if (kind == "Softmax") {
    const Sides axis = step.numbers("axis");
    return node("Softmax", {named(in[0])}, {{.name = "axis", .value = axis.empty() ? std::int64_t{1} : axis.front()}});
  }
  if (kind == "Convert" && step.text("destination_type").starts_with('f'))
    return node("Cast", {named(in[0])}, {{.name = "to", .value = std::int64_t{1}}});  // @source onnx.proto: float
  return fail(ErrorCode::unsupported, "the operation " + kind + " (node " + step.node.name + ") cannot be written");
}

}  // namespace

Result<std::vector<std::string>> Trunk::write(OnnxWriter& out, const std::string& prefix,
                                              const std::string& input) const {
  const torch::NoGradGuard no_gradients;
  StepWriter writer(out, prefix);
  std::vector<StepWriter::Said> said(graph_.nodes.size());
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const runtime::GraphNode& node = graph_.nodes[i];
    if (i == input_) {
      said[i].name = input;
      continue;
    }
    if (node.constant) {
      said[i].values = constants_[i];
      continue;
    }
    const GraphStep step{graph_, node, graph_.input.shape.front(), of_pictures_[node.inputs[0].node] != 0};
    if (of_pictures_[i] == 0) {
      std::vector<Tensor> in;
      for (const runtime::GraphValue& from : node.inputs) in.push_back(said[from.node].values);
      said[i].values = compute(step, in);
      continue;
    }
    std::vector<StepWriter::Said> in;
    for (const runtime::GraphValue& from : node.inputs) in.push_back(said[from.node]);
    VULTUS_TRY(said[i].name, writer.write(step, in));
  }
  std::vector<std::string> names;
  for (const auto& [name, value] : graph_.outputs) names.push_back(said[value.node].name);
  return names;
}

Result<std::string> Trunk::onnx(WeightKind kind) const {
  OnnxWriter out(kind);
  std::vector<std::int64_t> shape = graph_.input.shape;
  shape.front() = 0;  // any
  out.input("input", shape);
  VULTUS_TRY(const std::vector<std::string> names, write(out, "trunk.", "input"));
  for (std::size_t i = 0; const auto& [name, value] : graph_.outputs) {
    out.node("Identity", std::span(&names[i++], 1), name);
    std::vector<std::int64_t> sides = graph_.nodes[value.node].outputs.at(value.output).shape;
    if (!sides.empty()) sides.front() = 0;
    out.output(name, sides);
  }
  return out.file(graph_.id.text());
}

}  // namespace vultus::learn

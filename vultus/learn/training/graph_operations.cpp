#include <vultus/learn/training/graph_operations.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <string>

namespace vultus::learn {
namespace {

using torch::Tensor;
using Inputs = std::span<const Tensor>;
using Sides = std::vector<std::int64_t>;

std::string name_of(const GraphStep& step) { return step.node.kind + " (node " + step.node.name + ")"; }

/// Padding of the last axes, as torch takes it: the last axis first, begin and end.
Sides pads_of(const GraphStep& step) {
  const Sides begin = step.numbers("pads_begin"), end = step.numbers("pads_end");
  Sides pads;
  for (std::size_t i = begin.size(); i > 0; --i) pads.insert(pads.end(), {begin[i - 1], end[i - 1]});
  return pads;
}

bool is_even(const GraphStep& step) { return step.numbers("pads_begin") == step.numbers("pads_end"); }

Tensor convolve(const GraphStep& step, const Tensor& x, const Tensor& weight, std::int64_t groups) {
  const Sides strides = step.numbers("strides"), dilations = step.numbers("dilations");
  const bool even = is_even(step);
  const Tensor padded = even ? x : torch::constant_pad_nd(x, pads_of(step), 0);
  const Sides padding = even ? step.numbers("pads_begin") : Sides(strides.size(), 0);
  return torch::conv2d(padded, weight, {}, strides, padding, dilations, groups);
}

Tensor convolution(const GraphStep& step, Inputs in) { return convolve(step, in[0], in[1], 1); }

/// [groups, out of each, in of each, height, width]
Tensor group_convolution(const GraphStep& step, Inputs in) {
  return convolve(step, in[0], in[1].flatten(0, 1), in[1].size(0));
}

bool rounds_up(const GraphStep& step) { return step.text("rounding_type") != "floor"; }

Tensor max_pool(const GraphStep& step, Inputs in) {
  const Tensor x = torch::constant_pad_nd(in[0], pads_of(step), -std::numeric_limits<double>::infinity());
  const Sides dilations = step.numbers("dilations");
  return torch::max_pool2d(x, step.numbers("kernel"), step.numbers("strides"), {0, 0},
                           dilations.empty() ? Sides{1, 1} : dilations, rounds_up(step));
}

Tensor mean_pool(const GraphStep& step, Inputs in) {
  const Sides kernel = step.numbers("kernel"), strides = step.numbers("strides");
  const auto pool = [&](const Tensor& x) {
    return torch::avg_pool2d(torch::constant_pad_nd(x, pads_of(step), 0), kernel, strides, {0, 0}, rounds_up(step),
                             true);
  };
  // Where the border does not count, the sum is divided by what lies inside.
  return step.truth("exclude-pad") ? pool(in[0]) / pool(torch::ones_like(in[0])) : pool(in[0]);
}

Tensor prelu(const GraphStep&, Inputs in) {
  Tensor slope = in[1];
  if (slope.dim() == 1 && slope.numel() > 1 && in[0].dim() > 2) {
    Sides sides(static_cast<std::size_t>(in[0].dim()), 1);
    sides[1] = slope.numel();
    slope = slope.view(sides);
  }
  return torch::relu(in[0]) - slope * torch::relu(-in[0]);
}

Tensor norm(const GraphStep& step, Inputs in) {
  const auto channels = [&](const Tensor& row) {
    Sides sides(static_cast<std::size_t>(in[0].dim()), 1);
    sides[1] = row.numel();
    return row.view(sides);
  };
  const Tensor factor = in[1] / torch::sqrt(in[4] + step.real("epsilon", 1e-5));
  return in[0] * channels(factor) + channels(in[2] - in[3] * factor);
}

Tensor multiply_matrices(const GraphStep& step, Inputs in) {
  const auto side = [&](std::size_t i, std::string_view flag) {
    return step.truth(flag) && in[i].dim() > 1 ? in[i].transpose(-1, -2) : in[i];
  };
  return torch::matmul(side(0, "transpose_a"), side(1, "transpose_b"));
}

Tensor reshape(const GraphStep& step, Inputs in) { return in[0].reshape(step.new_sides()); }
Tensor transpose(const GraphStep& step, Inputs in) { return in[0].permute(step.whole(1)); }

Tensor concatenate(const GraphStep& step, Inputs in) {
  return torch::cat(torch::TensorList(in.data(), in.size()), step.numbers("axis").front());
}

Tensor pad(const GraphStep& step, Inputs in) {
  const Sides &begin = step.whole(1), &end = step.whole(2);
  Sides pads;
  for (std::size_t i = begin.size(); i > 0; --i) pads.insert(pads.end(), {begin[i - 1], end[i - 1]});
  return torch::constant_pad_nd(in[0], pads, in.size() > 3 ? in[3].item<double>() : 0);
}

Tensor slice(const GraphStep& step, Inputs in) {
  const Sides &begin = step.whole(1), &end = step.whole(2);
  const Sides strides = step.node.inputs.size() > 3 ? step.whole(3) : Sides(begin.size(), 1);
  const Sides no_begin = step.numbers("begin_mask"), no_end = step.numbers("end_mask");
  const auto masked = [](const Sides& mask, std::size_t i) { return i < mask.size() && mask[i] != 0; };
  Tensor x = in[0];
  for (std::size_t i = 0; i < begin.size(); ++i) {
    const bool batch = i == 0 && step.of_pictures && end[i] == step.batch;
    const std::int64_t last = masked(no_end, i) || batch ? std::numeric_limits<std::int64_t>::max() : end[i];
    x = x.slice(static_cast<std::int64_t>(i), masked(no_begin, i) ? 0 : begin[i], last, strides[i]);
  }
  return x;
}

Tensor reduce(const GraphStep& step, Inputs in) {
  const Sides& axes = step.whole(1);
  const bool keep = step.truth("keep_dims");
  if (step.node.kind == "ReduceSum") return in[0].sum(axes, keep);
  if (step.node.kind == "ReduceMax") return in[0].amax(axes, keep);
  if (step.node.kind == "ReduceL2") return in[0].square().sum(axes, keep).sqrt();
  return in[0].mean(axes, keep);
}

Tensor clamp(const GraphStep& step, Inputs in) {
  return in[0].clamp(step.real("min", -std::numeric_limits<double>::infinity()),
                     step.real("max", std::numeric_limits<double>::infinity()));
}

Tensor unit(const GraphStep& step, Inputs in) {
  const Tensor squares = in[0].square().sum(step.whole(1), true);
  const double eps = step.real("eps", 0);
  return in[0] / torch::sqrt(step.text("eps_mode") == "max" ? squares.clamp_min(eps) : squares + eps);
}

Tensor elu(const GraphStep& step, Inputs in) { return torch::elu(in[0], step.real("alpha", 1)); }
Tensor swish(const GraphStep&, Inputs in) {
  return in.size() > 1 ? in[0] * torch::sigmoid(in[0] * in[1]) : torch::silu(in[0]);
}
Tensor gelu(const GraphStep& step, Inputs in) {
  return torch::gelu(
      in[0], step.text("approximation_mode") == "TANH" || step.text("approximation_mode") == "tanh" ? "tanh" : "none");
}
Tensor convert(const GraphStep& step, Inputs in) {
  return step.text("destination_type").starts_with('f') && !in[0].is_floating_point() ? in[0].to(torch::kFloat) : in[0];
}

Tensor softmax(const GraphStep& step, Inputs in) {
  const Sides axis = step.numbers("axis");
  return torch::softmax(in[0], axis.empty() ? 1 : axis.front());
}
Tensor sum(const GraphStep&, Inputs in) { return in[0] + in[1]; }
Tensor difference(const GraphStep&, Inputs in) { return in[0] - in[1]; }

Tensor same(const GraphStep&, Inputs in) { return in[0]; }

template <Tensor (*Function)(const Tensor&)>
Tensor of_one(const GraphStep&, Inputs in) {
  return Function(in[0]);
}
template <Tensor (*Function)(const Tensor&, const Tensor&)>
Tensor of_two(const GraphStep&, Inputs in) {
  return Function(in[0], in[1]);
}

using Compute = Tensor (*)(const GraphStep&, Inputs);

struct Operation {
  std::string_view kind;
  std::size_t inputs;          ///< at least
  std::uint32_t whole_inputs;  ///< bit i: input i must be constant whole numbers
  Compute compute;
};

constexpr std::array kOperations{
    Operation{"Convolution", 2, 0, convolution},
    Operation{"GroupConvolution", 2, 0, group_convolution},
    Operation{"MatMul", 2, 0, multiply_matrices},
    Operation{"MaxPool", 1, 0, max_pool},
    Operation{"AvgPool", 1, 0, mean_pool},
    Operation{"PRelu", 2, 0, prelu},
    Operation{"BatchNormInference", 5, 0, norm},
    Operation{"Reshape", 2, 2, reshape},
    Operation{"Squeeze", 1, 2, reshape},
    Operation{"Unsqueeze", 2, 2, reshape},
    Operation{"Transpose", 2, 2, transpose},
    Operation{"Concat", 1, 0, concatenate},
    Operation{"Pad", 3, 6, pad},
    Operation{"StridedSlice", 3, 14, slice},
    Operation{"ReduceMean", 2, 2, reduce},
    Operation{"ReduceSum", 2, 2, reduce},
    Operation{"ReduceMax", 2, 2, reduce},
    Operation{"ReduceL2", 2, 2, reduce},
    Operation{"NormalizeL2", 2, 2, unit},
    Operation{"Clamp", 1, 0, clamp},
    Operation{"Elu", 1, 0, elu},
    Operation{"Swish", 1, 0, swish},
    Operation{"Gelu", 1, 0, gelu},
    Operation{"Convert", 1, 0, convert},
    Operation{"Identity", 1, 0, same},
    Operation{"Add", 2, 0, sum},
    Operation{"Subtract", 2, 0, difference},
    Operation{"Multiply", 2, 0, of_two<at::mul>},
    Operation{"Divide", 2, 0, of_two<at::div>},
    Operation{"Maximum", 2, 0, of_two<at::maximum>},
    Operation{"Minimum", 2, 0, of_two<at::minimum>},
    Operation{"Power", 2, 0, of_two<at::pow>},
    Operation{"Less", 2, 0, of_two<at::less>},
    Operation{"GreaterEqual", 2, 0, of_two<at::greater_equal>},
    Operation{"Relu", 1, 0, of_one<at::relu>},
    Operation{"Abs", 1, 0, of_one<at::abs>},
    Operation{"Negative", 1, 0, of_one<at::negative>},
    Operation{"Sqrt", 1, 0, of_one<at::sqrt>},
    Operation{"Exp", 1, 0, of_one<at::exp>},
    Operation{"Sigmoid", 1, 0, of_one<at::sigmoid>},
    Operation{"Tanh", 1, 0, of_one<at::tanh>},
    Operation{"HSwish", 1, 0, of_one<at::hardswish>},
    Operation{"Softmax", 1, 0, softmax},
};

const Operation* find(std::string_view kind) {
  const auto* const at = std::ranges::find(kOperations, kind, &Operation::kind);
  return at == kOperations.end() ? nullptr : at;
}

bool any_set(const GraphStep& step, std::string_view mask) {
  return std::ranges::any_of(step.numbers(mask), [](std::int64_t bit) { return bit != 0; });
}

}  // namespace

std::vector<std::int64_t> GraphStep::numbers(std::string_view name) const {
  const auto at = node.numbers.find(std::string(name));
  return at == node.numbers.end() ? Sides{} : at->second;
}
bool GraphStep::truth(std::string_view name) const {
  const auto at = node.numbers.find(std::string(name));
  return at != node.numbers.end() && !at->second.empty() && at->second.front() != 0;
}
std::string_view GraphStep::text(std::string_view name) const {
  const auto at = node.texts.find(std::string(name));
  return at == node.texts.end() ? std::string_view() : std::string_view(at->second);
}
double GraphStep::real(std::string_view name, double otherwise) const {
  const auto at = node.reals.find(std::string(name));
  return at == node.reals.end() ? otherwise : at->second;
}

std::vector<std::int64_t> GraphStep::new_sides() const {
  Sides sides = shape_out();
  const Sides& before = shape_in(0);
  if (of_pictures && !sides.empty() && !before.empty() && sides[0] == batch && before[0] == batch) sides[0] = -1;
  return sides;
}

Status check_step(const GraphStep& step) {
  const auto refuse = [&](const std::string& what) {
    return fail(ErrorCode::unsupported, "the operation " + name_of(step) + " " + what);
  };
  const Operation* const operation = find(step.node.kind);
  if (operation == nullptr) return refuse("is not known to training");
  if (step.node.inputs.size() < operation->inputs)
    return refuse("has " + std::to_string(step.node.inputs.size()) + " inputs, at least " +
                  std::to_string(operation->inputs) + " are needed");
  for (std::size_t i = 0; i < step.node.inputs.size(); ++i) {
    if (step.node.inputs[i].output != 0) return refuse("reads a second output of another, which is not computed");
    const auto& constant = step.graph.nodes[step.node.inputs[i].node].constant;
    if ((operation->whole_inputs >> i & 1U) != 0 && (!constant || !constant->reals.empty()))
      return refuse("reads input " + std::to_string(i) + " from data, where whole numbers of the file are needed");
  }
  const Sides& shape = step.shape_out();
  if (std::ranges::count(shape, -1) > 0) return refuse("has an output whose sides are not known");
  if ((step.node.kind == "Convolution" || step.node.kind == "GroupConvolution" || step.node.kind.ends_with("Pool")) &&
      shape.size() != 4)
    return refuse("works on " + std::to_string(shape.size()) + " axes, 4 are known");
  if (const std::string_view broadcast = step.text("auto_broadcast");
      !broadcast.empty() && broadcast != "numpy" && broadcast != "none")
    return refuse("broadcasts by the rule " + std::string(broadcast));
  if (step.node.kind == "Pad" && step.text("pad_mode") != "constant")
    return refuse("pads with the mode " + std::string(step.text("pad_mode")));
  for (const std::string_view mask : {"new_axis_mask", "shrink_axis_mask", "ellipsis_mask"})
    if (any_set(step, mask)) return refuse("has a " + std::string(mask));
  return {};
}

torch::Tensor compute(const GraphStep& step, std::span<const torch::Tensor> in) {
  return find(step.node.kind)->compute(step, in);
}

}  // namespace vultus::learn

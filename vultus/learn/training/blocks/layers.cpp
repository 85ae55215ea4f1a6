#include <cmath>

#include <vultus/learn/training/blocks/layers.hpp>

namespace vultus::learn::blocks {
namespace {

constexpr double kLeak = 0.2;

/// A row of channels brought to [c, 1, 1 ...], which goes with [n, c, places ...].
torch::Tensor beside_places(const torch::Tensor& row, std::int64_t axes) {
  Wholes shape(static_cast<std::size_t>(axes), 1);
  shape.front() = row.size(0);
  return row.view(shape);
}

/// (x - mean) / sqrt(variance + epsilon) along the last axis.
std::string normalised(const Exporter& to, const std::string& x, double epsilon) {
  const std::string centred = to.sub(x, to.mean(x, {-1}, true));
  const std::string variance = to.mean(to.mul(centred, centred), {-1}, true);
  return to.div(centred, to.node("Sqrt", {to.plus(variance, epsilon)}));
}

}  // namespace

Linear::Linear(std::int64_t in, std::int64_t out, bool with_bias)
    : weight(register_parameter("weight", begun({out, in}, in))) {
  if (with_bias) bias = register_parameter("bias", begun({out}, in));
}

torch::Tensor Linear::forward(const torch::Tensor& x) { return torch::linear(x, weight, bias); }

std::string Linear::write(const Exporter& to, const std::string& x) const {
  const std::string product = to.matmul(x, to.weight("weight", weight.t()));
  return bias.defined() ? to.add(product, to.weight("bias", bias)) : product;
}

BatchNorm::BatchNorm(std::int64_t channels, double momentum)
    : momentum_(momentum),
      weight_(register_parameter("weight", torch::ones({channels}))),
      bias_(register_parameter("bias", torch::zeros({channels}))),
      mean_(register_buffer("running_mean", torch::zeros({channels}))),
      variance_(register_buffer("running_var", torch::ones({channels}))) {}

torch::Tensor BatchNorm::forward(const torch::Tensor& x) {
  return torch::batch_norm(x, weight_, bias_, mean_, variance_, is_training(), momentum_, 1e-5, false);
}

std::string BatchNorm::write(const Exporter& to, const std::string& x) const {
  // Statistics are kept exactly: a variance may be smaller than half floats go.
  return to.node("BatchNormalization",
                 {x, to.constant(weight_), to.constant(bias_), to.constant(mean_), to.constant(variance_)},
                 {{.name = "epsilon", .value = 1e-5F}});
}

LayerNorm::LayerNorm(std::int64_t numbers, Along along, double epsilon)
    : along_(along),
      epsilon_(epsilon),
      weight_(register_parameter("weight", torch::ones({numbers}))),
      bias_(register_parameter("bias", torch::zeros({numbers}))) {}

torch::Tensor LayerNorm::forward(const torch::Tensor& x) {
  if (along_ == Along::last) return torch::layer_norm(x, {weight_.size(0)}, weight_, bias_, epsilon_);
  return torch::layer_norm(x.movedim(1, -1), {weight_.size(0)}, weight_, bias_, epsilon_).movedim(-1, 1);
}

std::string LayerNorm::write(const Exporter& to, const std::string& x) const {
  // Along the channels of any number of places: they become one axis, so that the same nodes do for all.
  if (along_ == Along::last)
    return to.add(to.mul(normalised(to, x, epsilon_), to.weight("weight", weight_)), to.weight("bias", bias_));
  const std::string shape = to.node("Shape", {x});
  const std::string rows = to.transpose(to.reshape(x, {0, weight_.size(0), -1}), {0, 2, 1});
  const std::string done =
      to.add(to.mul(normalised(to, rows, epsilon_), to.weight("weight", weight_)), to.weight("bias", bias_));
  return to.node("Reshape", {to.transpose(done, {0, 2, 1}), shape});
}

GroupNorm::GroupNorm(std::int64_t groups, std::int64_t channels)
    : groups_(groups),
      weight_(register_parameter("weight", torch::ones({channels}))),
      bias_(register_parameter("bias", torch::zeros({channels}))) {
  TORCH_CHECK(groups >= 1 && channels % groups == 0, channels, " channels are not divided by ", groups, " groups");
}

torch::Tensor GroupNorm::forward(const torch::Tensor& x) {
  return torch::group_norm(x, groups_, weight_, bias_, 1e-5, false);
}

std::string GroupNorm::write(const Exporter& to, const std::string& x) const {
  const std::string shape = to.node("Shape", {x});
  const std::string done = normalised(to, to.reshape(x, {0, groups_, -1}), 1e-5);
  const std::string rows = to.reshape(done, {0, weight_.size(0), -1});
  const std::string scaled =
      to.add(to.mul(rows, to.weight("weight", beside_places(weight_, 2))), to.weight("bias", beside_places(bias_, 2)));
  return to.node("Reshape", {scaled, shape});
}

torch::Tensor Activation::forward(const torch::Tensor& x) {
  switch (act_) {
    case Act::none: return x;
    case Act::relu: return torch::relu(x);
    case Act::leaky: return torch::leaky_relu(x, kLeak);
    case Act::gelu: return torch::gelu(x);
    case Act::silu: return torch::silu(x);
    case Act::sigmoid: return torch::sigmoid(x);
    case Act::tanh: return torch::tanh(x);
  }
  return x;
}

std::string Activation::write(const Exporter& to, const std::string& x) const {
  switch (act_) {
    case Act::none: return x;
    case Act::relu: return to.node("Relu", {x});
    case Act::leaky: return to.node("LeakyRelu", {x}, {{.name = "alpha", .value = static_cast<float>(kLeak)}});
    // x (1 + erf(x / sqrt 2)) / 2: an operator of its own came later than opset 13.
    case Act::gelu: return to.times(to.mul(x, to.plus(to.node("Erf", {to.times(x, std::sqrt(0.5))}), 1)), 0.5);
    case Act::silu: return to.mul(x, to.sigmoid(x));
    case Act::sigmoid: return to.sigmoid(x);
    case Act::tanh: return to.node("Tanh", {x});
  }
  return x;
}

PRelu::PRelu(std::int64_t channels) : slope_(register_parameter("slope", torch::full({channels}, 0.25))) {}

torch::Tensor PRelu::forward(const torch::Tensor& x) { return torch::prelu(x, slope_); }

std::string PRelu::write(const Exporter& to, const std::string& x) const {
  return to.node("PRelu", {x, to.weight("slope", beside_places(slope_, 3))});
}

torch::Tensor Pool::forward(const torch::Tensor& x) {
  const Wholes kernel{kernel_, kernel_}, stride{stride_, stride_};
  return kind_ == Pooling::max ? torch::max_pool2d(x, kernel, stride) : torch::avg_pool2d(x, kernel, stride);
}

std::string Pool::write(const Exporter& to, const std::string& x) const {
  return to.node(kind_ == Pooling::max ? "MaxPool" : "AveragePool", {x},
                 {{.name = "kernel_shape", .value = Wholes{kernel_, kernel_}},
                  {.name = "strides", .value = Wholes{stride_, stride_}}});
}

torch::Tensor GlobalPool::forward(const torch::Tensor& x) {
  return kind_ == Pooling::max ? x.amax({2, 3}) : x.mean({2, 3});
}

std::string GlobalPool::write(const Exporter& to, const std::string& x) const {
  if (kind_ == Pooling::mean) return to.mean(x, {2, 3}, false);
  return to.node("ReduceMax", {x},
                 {{.name = "axes", .value = Wholes{2, 3}}, {.name = "keepdims", .value = std::int64_t{0}}});
}

torch::Tensor Upsample::forward(const torch::Tensor& x) {
  const Wholes size{x.size(2) * factor_, x.size(3) * factor_};
  return kind_ == Resampling::nearest ? torch::upsample_nearest2d(x, size) : torch::upsample_bilinear2d(x, size, false);
}

std::string Upsample::write(const Exporter& to, const std::string& x) const {
  const auto factor = static_cast<float>(factor_);
  const std::string scales = to.constant(torch::tensor({1.0F, 1.0F, factor, factor}));
  if (kind_ == Resampling::nearest)
    return to.node("Resize", {x, "", scales},
                   {{.name = "coordinate_transformation_mode", .value = std::string("asymmetric")},
                    {.name = "mode", .value = std::string("nearest")},
                    {.name = "nearest_mode", .value = std::string("floor")}});
  return to.node("Resize", {x, "", scales},
                 {{.name = "coordinate_transformation_mode", .value = std::string("half_pixel")},
                  {.name = "mode", .value = std::string("linear")}});
}

std::string Flatten::write(const Exporter& to, const std::string& x) const {
  return to.node("Flatten", {x}, {{.name = "axis", .value = std::int64_t{1}}});
}

Mlp::Mlp(const Wholes& widths, Act act, double dropout) : chain_(part<Chain>("chain")) {
  TORCH_CHECK(widths.size() >= 2, "layers need the width before and behind each");
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    chain_->add<Linear>(widths[i], widths[i + 1]);
    if (i + 2 == widths.size()) break;
    chain_->add<Activation>(act);
    if (dropout > 0) chain_->add<Dropout>(dropout);
  }
}

}  // namespace vultus::learn::blocks

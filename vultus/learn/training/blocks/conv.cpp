#include <algorithm>
#include <cmath>

#include <vultus/learn/training/blocks/conv.hpp>

namespace vultus::learn::blocks {
namespace {

std::int64_t product_of(const Wholes& sides) {
  std::int64_t product = 1;
  for (const std::int64_t side : sides) product *= side;
  return product;
}

}  // namespace

torch::Tensor begun(const Wholes& shape, std::int64_t inputs) {
  const double bound = 1 / std::sqrt(static_cast<double>(std::max<std::int64_t>(inputs, 1)));
  return torch::empty(shape).uniform_(-bound, bound);
}

Conv::Conv(const ConvOptions& options) : options_(options) {
  const std::size_t axes = options_.kernel.size();
  if (options_.stride.empty()) options_.stride.assign(axes, 1);
  if (options_.dilation.empty()) options_.dilation.assign(axes, 1);
  if (options_.padding.empty())
    for (std::size_t i = 0; i < axes; ++i)
      options_.padding.push_back(options_.dilation[i] * (options_.kernel[i] - 1) / 2);
  TORCH_CHECK(options_.stride.size() == axes && options_.padding.size() == axes && options_.dilation.size() == axes &&
                  axes >= 1 && axes <= 3,
              "a convolution goes along 1 to 3 axes, with one kernel, stride, padding and dilation each");
  TORCH_CHECK(options_.groups >= 1 && options_.in % options_.groups == 0 && options_.out % options_.groups == 0,
              "channels ", options_.in, " and ", options_.out, " are not divided by ", options_.groups, " groups");
  Wholes shape{options_.out, options_.in / options_.groups};
  shape.insert(shape.end(), options_.kernel.begin(), options_.kernel.end());
  const std::int64_t inputs = shape[1] * product_of(options_.kernel);
  weight = register_parameter("weight", begun(shape, inputs));
  if (options_.bias) bias = register_parameter("bias", begun({options_.out}, inputs));
}

torch::Tensor Conv::forward(const torch::Tensor& x) {
  const Wholes none(options_.kernel.size(), 0);
  return torch::convolution(x, weight, bias, options_.stride, options_.padding, options_.dilation, false, none,
                            options_.groups);
}

std::string Conv::write(const Exporter& to, const std::string& x) const {
  Wholes pads = options_.padding;
  pads.insert(pads.end(), options_.padding.begin(), options_.padding.end());
  std::vector<std::string> inputs{x, to.weight("weight", weight)};
  if (bias.defined()) inputs.push_back(to.weight("bias", bias));
  return to.node("Conv", inputs,
                 {{.name = "dilations", .value = options_.dilation},
                  {.name = "group", .value = options_.groups},
                  {.name = "kernel_shape", .value = options_.kernel},
                  {.name = "pads", .value = pads},
                  {.name = "strides", .value = options_.stride}});
}

ConvTranspose::ConvTranspose(const Options& options)
    : weight(register_parameter("weight", begun({options.in, options.out, options.kernel, options.kernel},
                                                options.out * options.kernel * options.kernel))),
      bias(register_parameter("bias", begun({options.out}, options.out * options.kernel * options.kernel))),
      options_(options) {
  TORCH_CHECK(options.more >= 0 && options.more < options.stride, "more must be from 0 to below the stride");
}

torch::Tensor ConvTranspose::forward(const torch::Tensor& x) {
  const auto [in, out, kernel, stride, padding, more] = options_;
  return torch::conv_transpose2d(x, weight, bias, {stride, stride}, {padding, padding}, {more, more});
}

std::string ConvTranspose::write(const Exporter& to, const std::string& x) const {
  const auto [in, out, kernel, stride, padding, more] = options_;
  return to.node("ConvTranspose", {x, to.weight("weight", weight), to.weight("bias", bias)},
                 {{.name = "kernel_shape", .value = Wholes{kernel, kernel}},
                  {.name = "output_padding", .value = Wholes{more, more}},
                  {.name = "pads", .value = Wholes{padding, padding, padding, padding}},
                  {.name = "strides", .value = Wholes{stride, stride}}});
}

ConvOptions conv2d(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, bool bias) {
  return {.in = in, .out = out, .kernel = {kernel, kernel}, .stride = {stride, stride}, .bias = bias};
}

ConvOptions depthwise(std::int64_t channels, std::int64_t kernel, std::int64_t stride, bool bias) {
  ConvOptions options = conv2d(channels, channels, kernel, stride, bias);
  options.groups = channels;
  return options;
}

}  // namespace vultus::learn::blocks

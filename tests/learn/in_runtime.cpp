#include "in_runtime.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>

#include <vultus/core/test_folder.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::learn::test {
namespace {

constexpr float kMean = 127.5F, kScale = 51.0F;

}  // namespace

torch::Tensor input_of(const blocks::Wholes& shape, std::uint64_t seed) {
  torch::manual_seed(seed);
  return (torch::randint(0, 256, shape).to(torch::kFloat) - kMean) / kScale;
}

std::vector<float> in_runtime(const Writing& write, const torch::Tensor& input) {
  const blocks::Wholes shape = input.sizes().vec();
  OnnxWriter out(WeightKind::f32);
  const blocks::Exporter to(out);
  // The runtime gives pictures: here a grey one of one row, which takes any shape.
  const blocks::Wholes picture{1, 1, 1, input.numel()};
  out.input("picture", picture);
  to.named("Identity", {write(to.in("net"), to.reshape("picture", shape))}, "answer");
  out.output("answer", {});
  const TestFolder folder;
  {
    std::ofstream file(folder / "net.onnx", std::ios::binary);
    file << out.file("net");
  }
  runtime::ModelManifest manifest;
  manifest.id = ModelId("net");
  manifest.input = {picture, runtime::Layout::nchw, runtime::Colour::gray, {kMean}, {kScale}, false};
  manifest.outputs = {{"answer", "answer"}};
  const auto backend = runtime::make_openvino_backend({.precision = runtime::Precision::f32}).value();
  const auto network = backend->load(manifest, folder / "net.onnx", {}).value();
  const torch::Tensor bytes = (input.flatten() * kScale + kMean).round().to(torch::kByte).contiguous();
  std::ranges::copy(std::span(bytes.data_ptr<std::uint8_t>(), static_cast<std::size_t>(bytes.numel())),
                    network->input().begin());
  network->run().value();
  const auto said = network->output("answer").value();
  return {said.begin(), said.end()};
}

double gap_to_runtime(const torch::Tensor& answer, const Writing& write, const torch::Tensor& input) {
  const torch::Tensor flat = answer.detach().to(torch::kFloat).contiguous().flatten();
  const std::vector<float> said = in_runtime(write, input);
  if (static_cast<std::int64_t>(said.size()) != flat.numel()) return std::numeric_limits<double>::infinity();
  double worst = 0, largest = 1;
  for (std::size_t i = 0; i < said.size(); ++i) {
    const double wanted = flat.data_ptr<float>()[i], gap = std::abs(wanted - said[i]);
    if (!std::isfinite(gap)) return std::numeric_limits<double>::infinity();
    worst = std::max(worst, gap), largest = std::max(largest, std::abs(wanted));
  }
  return worst / largest;
}

double gap_to_runtime(blocks::Block& block, const blocks::Wholes& shape) {
  stir(block);
  block.eval();
  const torch::NoGradGuard no_gradients;
  const torch::Tensor input = input_of(shape);
  return gap_to_runtime(
      block.forward(input), [&](const blocks::Exporter& to, const std::string& x) { return block.write(to, x); },
      input);
}

void stir(torch::nn::Module& module, std::uint64_t seed) {
  const torch::NoGradGuard no_gradients;
  torch::manual_seed(seed);
  for (torch::Tensor& parameter : module.parameters()) parameter.add_(0.1 * torch::randn_like(parameter));
  for (auto& buffer : module.named_buffers()) {
    if (buffer.key().ends_with("running_var"))
      buffer.value().copy_(0.5 + torch::rand_like(buffer.value()));
    else if (buffer.key().ends_with("running_mean"))
      buffer.value().copy_(0.3 * torch::randn_like(buffer.value()));
  }
}

}  // namespace vultus::learn::test

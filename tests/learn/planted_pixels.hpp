// What tests of whole systems share: planted pixels, and the runtime's answer to bytes.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::learn::test {

using Pixels = std::vector<std::uint8_t>;
inline constexpr std::int64_t kSide = 32;

template <class T>
std::span<const std::byte> raw(const std::vector<T>& values) {
  return std::as_bytes(std::span(values));
}

/// Levels as bytes, with noise.
class Brush {
 public:
  explicit Brush(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t next() { return engine_(); }
  double unit() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }
  std::uint8_t level(double value) {
    return static_cast<std::uint8_t>(std::lround(std::clamp(value + 12 * (unit() - 0.5), 0.0, 255.0)));
  }

 private:
  std::mt19937_64 engine_;
};

/// What the runtime says to bytes, by output.
inline std::vector<float> said_by_runtime(const std::string& onnx, const std::vector<std::int64_t>& shape,
                                          const torch::Tensor& bytes, const std::string& output) {
  const TestFolder folder;
  std::ofstream(folder / "net.onnx", std::ios::binary) << onnx;
  runtime::ModelManifest manifest;
  manifest.id = ModelId("net");
  manifest.input = {
      shape, runtime::Layout::nchw, runtime::Colour::rgb, {127.5F, 127.5F, 127.5F}, {127.5F, 127.5F, 127.5F}, false};
  manifest.outputs = {{output, output}};
  const auto backend = runtime::make_openvino_backend({.precision = runtime::Precision::f32}).value();
  const auto network = backend->load(manifest, folder / "net.onnx", {}).value();
  std::ranges::copy(std::span(bytes.data_ptr<std::uint8_t>(), static_cast<std::size_t>(bytes.numel())),
                    network->input().begin());
  network->run().value();
  const auto said = network->output(output).value();
  return {said.begin(), said.end()};
}

inline void expect_equal(const std::vector<float>& said, const torch::Tensor& wanted) {
  const torch::Tensor flat = wanted.detach().contiguous().flatten();
  ASSERT_EQ(static_cast<std::int64_t>(said.size()), flat.numel());
  for (std::size_t i = 0; i < said.size(); ++i)
    EXPECT_NEAR(said[i], flat[static_cast<std::int64_t>(i)].item<float>(), 1e-4) << i;
}

}  // namespace vultus::learn::test

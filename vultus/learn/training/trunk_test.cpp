// Trunks on networks of a few operations, written here: answers of the runtime, gradients, what learns, and the way
// back.
#include <fstream>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/optim/sgd.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/learn/onnx_writer.hpp>
#include <vultus/learn/training/trunk.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::learn {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Sides = std::vector<std::int64_t>;

constexpr int kSide = 9;

std::vector<float> drawn(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(static_cast<double>(engine() >> 11U) * 0x1p-53 - 0.5);
  return values;
}

/// Convolution with uneven borders, slopes, pools, a residual sum, a depthwise convolution and a matrix.
std::string small_network(WeightKind kind = WeightKind::f32) {
  OnnxWriter onnx(kind);
  onnx.input("x", Sides{1, 3, kSide, kSide});
  const auto weight = [&](const std::string& name, const Sides& shape, std::uint64_t seed) {
    std::size_t count = 1;
    for (const std::int64_t side : shape) count *= static_cast<std::size_t>(side);
    return onnx.weight(name, shape, drawn(count, seed));
  };
  const auto node = [&](std::string_view what, const std::vector<std::string>& from, const std::string& to,
                        const std::vector<OnnxAttribute>& attributes = {}) {
    return onnx.node(what, from, to, attributes);
  };
  node("Conv", {"x", weight("w1", {4, 3, 3, 3}, 1), weight("b1", {4}, 2)}, "a",
       {{.name = "pads", .value = Sides{0, 0, 1, 1}}, {.name = "strides", .value = Sides{2, 2}}});
  node("PRelu", {"a", weight("s1", {4, 1, 1}, 3)}, "b");
  node("Conv", {"b", weight("w2", {4, 1, 3, 3}, 4)}, "c",
       {{.name = "pads", .value = Sides{1, 1, 1, 1}}, {.name = "group", .value = std::int64_t{4}}});
  node("Add", {"b", "c"}, "sum");
  node("MaxPool", {"sum"}, "d",
       {{.name = "kernel_shape", .value = Sides{2, 2}},
        {.name = "strides", .value = Sides{2, 2}},
        {.name = "pads", .value = Sides{0, 0, 1, 1}}});
  node("AveragePool", {"d"}, "e",
       {{.name = "kernel_shape", .value = Sides{2, 2}}, {.name = "pads", .value = Sides{1, 1, 0, 0}}});
  node("Sigmoid", {"e"}, "f");
  node("Flatten", {"f"}, "g");
  node("Gemm", {"g", weight("w3", {5, 4 * 2 * 2}, 5), weight("b3", {5}, 6)}, "embedding",
       {{.name = "transB", .value = std::int64_t{1}}});
  onnx.output("embedding", Sides{1, 5});
  return onnx.file("small");
}

class Trunks : public ::testing::Test {
 protected:
  void SetUp() override {
    model_.id = ModelId("small");
    model_.input = {{1, 3, kSide, kSide}, runtime::Layout::nchw, runtime::Colour::bgr,
                    {100, 110, 120},      {50, 60, 70},          false};
    model_.outputs = {{"embedding", "embedding"}};
    write(small_network());
  }
  void write(const std::string& bytes) { std::ofstream(file_, std::ios::binary) << bytes; }
  [[nodiscard]] std::shared_ptr<Trunk> trunk(const TrunkTraining& training = {}) const {
    return read_trunk(model_, file_, training).value();
  }
  /// What the runtime says about bytes [height][width][3].
  [[nodiscard]] std::vector<float> of_runtime(std::span<const std::uint8_t> bytes) const {
    const auto backend = runtime::make_openvino_backend({.precision = runtime::Precision::f32}).value();
    const auto network = backend->load(model_, file_, {}).value();
    std::ranges::copy(bytes, network->input().begin());
    network->run().value();
    const auto values = network->output("embedding").value();
    return {values.begin(), values.end()};
  }
  static std::vector<std::uint8_t> picture(std::uint64_t seed) {
    std::mt19937_64 engine(seed);
    std::vector<std::uint8_t> bytes(3 * kSide * kSide);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(engine() >> 40U);
    return bytes;
  }
  static torch::Tensor pixels(std::span<const std::uint8_t> bytes) {
    std::vector<float> values(bytes.begin(), bytes.end());
    return torch::tensor(values).view({1, kSide, kSide, 3}).permute({0, 3, 1, 2});
  }
  static void expect_same(const torch::Tensor& ours, const std::vector<float>& runtime) {
    ASSERT_EQ(ours.numel(), static_cast<std::int64_t>(runtime.size()));
    for (std::size_t i = 0; i < runtime.size(); ++i)
      EXPECT_NEAR(ours.view(-1)[static_cast<std::int64_t>(i)].item<float>(), runtime[i], 1e-5) << i;
  }

  TestFolder folder_;
  std::string file_ = (folder_.path() / "small.onnx").string();
  runtime::ModelManifest model_;
};

TEST_F(Trunks, SayWhatTheRuntimeSays) {
  const auto small = trunk();
  for (const std::uint64_t seed : {1, 2, 3})
    expect_same(small->forward(small->scaled(pixels(picture(seed)))).front(), of_runtime(picture(seed)));
}

TEST_F(Trunks, TakeAnyBatch) {
  const auto small = trunk();
  const torch::Tensor one = pixels(picture(1)), other = pixels(picture(2));
  const torch::Tensor both = small->forward(small->scaled(torch::cat({one, other, one}))).front();
  ASSERT_EQ(both.sizes(), (Sides{3, 5}));
  EXPECT_TRUE(torch::allclose(both[1], small->forward(small->scaled(other)).front()[0], 0, 1e-6));
  EXPECT_TRUE(torch::allclose(both[0], both[2], 0, 1e-6));
}

TEST_F(Trunks, ComputeByHand) {
  // 3 channels of one pixel each: y = 2 (b - 1) + 4 (g - 2) + 8 (r - 3) + 0.5, for red 5, green 7, blue 11.
  OnnxWriter onnx(WeightKind::f32);
  onnx.input("x", Sides{1, 3, 1, 1});
  const std::vector<float> factors{2, 4, 8}, offset{0.5F};
  onnx.weight("w", Sides{1, 3, 1, 1}, factors);
  onnx.weight("b", Sides{1}, offset);
  onnx.node("Conv", std::vector<std::string>{"x", "w", "b"}, "embedding");
  onnx.output("embedding", Sides{1, 1, 1, 1});
  write(onnx.file("line"));
  model_.input = {{1, 3, 1, 1}, runtime::Layout::nchw, runtime::Colour::bgr, {1, 2, 3}, {1, 1, 1}, false};
  const auto line = trunk();
  const torch::Tensor pixel = torch::tensor({5.F, 7.F, 11.F}).view({1, 3, 1, 1}).requires_grad_();
  const torch::Tensor y = line->forward(line->scaled(pixel)).front();
  EXPECT_FLOAT_EQ(y.item<float>(), 2 * 10 + 4 * 5 + 8 * 2 + 0.5F);
  y.sum().backward();
  EXPECT_TRUE(torch::equal(pixel.grad().view(-1), torch::tensor({8.F, 4.F, 2.F})));
}

TEST_F(Trunks, HaveTheGradientsOfDifferences) {
  const auto small = trunk();
  small->to(torch::kDouble);
  torch::Tensor x = small->scaled(pixels(picture(4)).to(torch::kDouble)).contiguous().clone().requires_grad_();
  const torch::Tensor along = torch::tensor(drawn(5, 9)).to(torch::kDouble);
  const auto f = [&](const torch::Tensor& at) { return (small->forward(at).front() * along).sum(); };
  f(x).backward();
  const torch::NoGradGuard no_gradients;
  for (std::int64_t i = 0; i < x.numel(); i += 7) {
    torch::Tensor up = x.detach().clone(), down = x.detach().clone();
    up.view(-1)[i] += 1e-6, down.view(-1)[i] -= 1e-6;
    EXPECT_NEAR((f(up) - f(down)).item<double>() / 2e-6, x.grad().view(-1)[i].item<double>(), 1e-6) << i;
  }
}

TEST_F(Trunks, LearnWhatIsNamedAndNothingElse) {
  EXPECT_TRUE(trunk()->parameters().empty());
  // The matrix and its bias; then the depthwise convolution too; then all: + first weights, bias, slopes.
  EXPECT_EQ(trunk({.last = 1, .names = {}})->parameters().size(), 2U);
  EXPECT_EQ(trunk({.last = 2, .names = {}})->parameters().size(), 3U);
  EXPECT_EQ(trunk({.last = -1, .names = {}})->parameters().size(), 6U);
  const std::vector<std::string> weights = trunk()->weights();
  ASSERT_EQ(weights.size(), 6U);
  EXPECT_EQ(trunk({.last = 0, .names = {weights[2]}})->parameters().size(), 1U);
  EXPECT_EQ(trunk({.last = 0, .names = {"*:1"}})->parameters().size(), 6U);
  const auto missing = read_trunk(model_, file_, {.last = 0, .names = {"nothing*"}});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("no weight is called nothing*"));
  const auto many = read_trunk(model_, file_, {.last = 4, .names = {}});
  ASSERT_FALSE(many);
  EXPECT_THAT(many.error().message, HasSubstr("there are 3"));
}

TEST_F(Trunks, AreWrittenAsTheyHaveLearnt) {
  const auto small = trunk({.last = 2, .names = {}});
  const torch::Tensor x = small->scaled(pixels(picture(1)));
  const torch::Tensor before = small->forward(x).front().detach();
  torch::optim::SGD steps(small->parameters(), 0.5);
  small->forward(x).front().square().sum().backward();
  steps.step();
  const torch::Tensor learnt = small->forward(x).front().detach();
  EXPECT_GT((learnt - before).abs().max().item<double>(), 0.05);
  write(small->onnx().value());
  expect_same(learnt, of_runtime(picture(1)));
  // And the file is a trunk again.
  EXPECT_TRUE(torch::allclose(trunk()->forward(x).front(), learnt, 0, 1e-6));
}

TEST_F(Trunks, KeepMeasuredMeansAndVariancesAsTheyAre) {
  OnnxWriter onnx(WeightKind::f32);
  onnx.input("x", Sides{1, 3, kSide, kSide});
  const auto row = [&](const char* name, const std::vector<float>& values) {
    return onnx.weight(name, Sides{3}, values);
  };
  // A half float knows 1000.7 to a half, and nothing of 1e-9.
  onnx.node("BatchNormalization",
            std::vector<std::string>{"x", row("factor", {1, 2, 4}), row("offset", {0.5F, 1, 2}),
                                     row("mean", {1000.7F, 0.25F, -3}), row("variance", {4, 1e-9F, 9})},
            "embedding", std::vector<OnnxAttribute>{{.name = "epsilon", .value = 1e-12F}});
  onnx.output("embedding", Sides{1, 3, kSide, kSide});
  write(onnx.file("norm"));
  const auto norm = trunk({.last = -1, .names = {}});
  EXPECT_EQ(norm->weights().size(), 2U);
  EXPECT_EQ(norm->parameters().size(), 2U);
  const torch::Tensor x = torch::ones({1, 3, kSide, kSide});
  const torch::Tensor said = norm->forward(x).front().detach();
  EXPECT_NEAR(said[0][0][0][0].item<float>(), 0.5F + (1 - 1000.7F) / 2, 1e-3);
  write(norm->onnx(WeightKind::f16).value());
  EXPECT_TRUE(torch::allclose(trunk()->forward(x).front(), said, 1e-5, 1e-5));
}

TEST_F(Trunks, ReadHalfFloats) {
  write(small_network(WeightKind::f16));
  const auto half = trunk();
  expect_same(half->forward(half->scaled(pixels(picture(1)))).front(), of_runtime(picture(1)));
}

TEST_F(Trunks, TellInnerTensorsAndLetThemBeChanged) {
  const auto small = trunk();
  const torch::Tensor x = small->scaled(pixels(picture(1)));
  std::size_t pool = 0;
  for (const TrunkLayer& layer : small->layers())
    if (layer.kind == "MaxPool") {
      pool = layer.node;
      EXPECT_THAT(layer.shape, ElementsAre(1, 4, 2, 2));
    }
  ASSERT_GT(pool, 0U);
  const auto none = small->forward(x, {pool}, [&](std::size_t node, const torch::Tensor& said) {
    return node == pool ? torch::zeros_like(said) : said;
  });
  ASSERT_EQ(none.size(), 2U);
  EXPECT_EQ(none[1].abs().max().item<double>(), 0);
  // With nothing behind the pool every picture gives the same.
  const auto other = small->forward(
      small->scaled(pixels(picture(2))), {},
      [&](std::size_t node, const torch::Tensor& said) { return node == pool ? torch::zeros_like(said) : said; });
  EXPECT_TRUE(torch::equal(none[0], other[0]));
}

TEST_F(Trunks, RefuseOperationsThatTheyDoNotKnowByName) {
  OnnxWriter onnx(WeightKind::f32);
  onnx.input("x", Sides{1, 3, kSide, kSide});
  onnx.node("Sin", std::vector<std::string>{"x"}, "embedding");
  onnx.output("embedding", Sides{1, 3, kSide, kSide});
  write(onnx.file("waves"));
  const auto refused = read_trunk(model_, file_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
  EXPECT_THAT(refused.error().message, HasSubstr("Sin"));
  EXPECT_THAT(refused.error().message, HasSubstr("small"));
}

TEST_F(Trunks, RefuseFilesThatAreNoNetworks) {
  write("no network");
  const auto refused = read_trunk(model_, file_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::corrupt_data);
}

}  // namespace
}  // namespace vultus::learn

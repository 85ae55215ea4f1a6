// The last layers of a network in front of a learner: what they say, what they learn, and what is written.
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/optim/sgd.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/learn/onnx_writer.hpp>
#include <vultus/learn/training/expression_learners.hpp>
#include <vultus/learn/training/trunk_tail.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::learn {
namespace {

using ::testing::HasSubstr;
using Shape = std::vector<std::int64_t>;

constexpr std::int64_t kWide = 14;

std::vector<float> some_numbers(std::int64_t count, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& value : values) value = static_cast<float>(static_cast<double>(engine() >> 11U) * 0x1p-53 - 0.5);
  return values;
}

/// A picture of 14 x 14, a map of 4 x 14 x 14, then one of 5 x 7 x 7; and a row that sees the picture past the first
/// map.
std::string network_with_two_maps() {
  OnnxWriter onnx(WeightKind::f32);
  onnx.input("x", Shape{1, 3, kWide, kWide});
  const auto node = [&](std::string_view what, const std::vector<std::string>& from, const std::string& to,
                        const std::vector<OnnxAttribute>& attributes = {}) { onnx.node(what, from, to, attributes); };
  node("Conv", {"x", onnx.weight("w1", Shape{4, 3, 1, 1}, some_numbers(12, 1))}, "first");
  node("Relu", {"first"}, "mid");
  node("Conv", {"mid", onnx.weight("w2", Shape{5, 4, 3, 3}, some_numbers(180, 2))}, "second",
       {{.name = "pads", .value = Shape{1, 1, 1, 1}}, {.name = "strides", .value = Shape{2, 2}}});
  node("PRelu", {"second", onnx.weight("s", Shape{5, 1, 1}, some_numbers(5, 3))}, "map");
  node("Add", {"mid", "first"}, "past");
  onnx.output("mid", Shape{1, 4, kWide, kWide});
  onnx.output("map", Shape{1, 5, 7, 7});
  onnx.output("past", Shape{1, 4, kWide, kWide});
  return onnx.file("two maps");
}

class TrunkTail : public ::testing::Test {
 protected:
  TrunkTail() {
    file_ = folder_.path() / "two.onnx";
    std::ofstream(file_, std::ios::binary) << network_with_two_maps();
    manifest_.id = ModelId("two");
    manifest_.format = runtime::Format::onnx;
    manifest_.input = {.shape = {1, 3, kWide, kWide}, .mean = {0, 0, 0}, .scale = {255, 255, 255}};
    manifest_.outputs = {{"mid", "mid"}, {"map", "map"}};
  }
  [[nodiscard]] runtime::Graph whole() const { return runtime::read_graph(manifest_, file_).value(); }

  TestFolder folder_;
  std::filesystem::path file_;
  runtime::ModelManifest manifest_;
};

torch::Tensor picture_of(std::uint64_t seed) {
  return torch::tensor(some_numbers(2 * 3 * kWide * kWide, seed)).view({2, 3, kWide, kWide});
}

TEST_F(TrunkTail, SaysOfTheInnerMapWhatTheWholeNetworkSaysOfThePicture) {
  const torch::NoGradGuard no_gradients;
  const auto trunk = Trunk::of(whole()).value();
  const auto said = trunk->forward(picture_of(7));  // by name: map, mid
  const auto tail = Trunk::of(graph_behind(whole(), "mid").value()).value();
  ASSERT_EQ(tail->forward(said[1]).size(), 1U);
  EXPECT_TRUE(torch::allclose(tail->forward(said[1])[0], said[0], 0, 1e-6));
  EXPECT_LT(tail->graph().nodes.size(), trunk->graph().nodes.size());
}

TEST_F(TrunkTail, IsRefusedWhereItsInputIsNotAllThatIsNeeded) {
  EXPECT_THAT(graph_behind(whole(), "lid").error().message, HasSubstr("no output \"lid\""));
  EXPECT_THAT(graph_behind(whole(), "map").error().message, HasSubstr("nothing that is wanted stands behind"));
  manifest_.outputs["past"] = "past";
  EXPECT_THAT(graph_behind(whole(), "mid").error().message, HasSubstr("needs more of the picture"));
  manifest_.outputs = {{"mid", "mid"}};
  EXPECT_THAT(graph_behind(whole(), "mid").error().message, HasSubstr("nothing is wanted behind"));
}

TEST_F(TrunkTail, LearnsAtItsOwnRateAndIsWrittenWithTheLearner) {
  torch::manual_seed(3);
  const auto tail = Trunk::of(graph_behind(whole(), "mid").value(), {.last = -1, .names = {}}).value();
  const std::vector<HeadInput> reads{{"mid", 4, kWide}};
  auto inner = multinomial_learner({.inputs = {{"map", 5, 7}, reads[0]},
                                    .scales = {},
                                    .stem = 6,
                                    .hidden = 0,
                                    .answers = 3,
                                    .input_dropout = 0,
                                    .dropout = 0},
                                   {10, 10, 10}, 0, 0);
  const auto learner = with_tail(std::move(inner).value(), tail, 0.5);
  ASSERT_EQ(learner->groups().size(), 1U);
  EXPECT_EQ(learner->groups()[0].factor, 0.5);
  EXPECT_EQ(learner->groups()[0].parameters.size(), 2U);  // of the convolution, and slopes

  const std::vector<torch::Tensor> inputs{
      torch::tensor(some_numbers(6 * 4 * kWide * kWide, 5)).view({6, 4, kWide, kWide})};
  const torch::Tensor labels = torch::arange(6).remainder(3);
  LearnBatch batch{.inputs = inputs,
                   .again = {},
                   .targets = torch::one_hot(labels, 3).to(torch::kFloat),
                   .labels = labels,
                   .samples = {}};
  const torch::Tensor before = tail->forward(inputs[0])[0].detach();
  torch::optim::SGD steps(learner->net()->parameters(), 0.1);
  learner->net()->train();
  const double first = learner->loss(batch).item<double>();
  for (int i = 0; i < 30; ++i) {
    steps.zero_grad();
    learner->loss(batch).backward();
    steps.step();
  }
  EXPECT_LT(learner->loss(batch).item<double>(), first / 2);
  EXPECT_GT((tail->forward(inputs[0])[0].detach() - before).abs().max().item<double>(), 1e-3);

  // The runtime says of the written network what the learner says.
  learner->net()->eval();
  const torch::NoGradGuard no_gradients;
  const auto written = folder_.path() / "learnt.onnx";
  std::ofstream(written, std::ios::binary) << onnx_of(*learner, reads, WeightKind::f32, "learnt");
  runtime::ModelManifest manifest = manifest_;
  manifest.id = ModelId("learnt");
  manifest.outputs = {{"probabilities", "probabilities"}};
  manifest.input = {.shape = {1, 4, kWide, kWide}, .mean = {0}, .scale = {1}};
  const auto again = Trunk::of(runtime::read_graph(manifest, written).value()).value();
  EXPECT_TRUE(torch::allclose(again->forward(inputs[0])[0], learner->answers(inputs), 1e-4, 1e-4));
}

}  // namespace
}  // namespace vultus::learn

// Whole systems: faults are named, and what is exported answers in the runtime as the network that was trained.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <vultus/learn/training/systems/dfn_net.hpp>
#include <vultus/learn/training/systems/dynamic_net.hpp>
#include <vultus/learn/training/systems/foundation_net.hpp>
#include <vultus/learn/training/systems/sample_file.hpp>
#include <vultus/learn/training/systems/scene_net.hpp>

#include "in_runtime.hpp"
#include "planted_systems.hpp"

namespace vultus::learn {
namespace {

using namespace test;
using ::testing::HasSubstr;

TEST(A4Net, FaultsAreNamed) {
  const TestFolder folder;
  SceneRun run = scene_run(folder, "r");
  plant_scenes(folder / "scenes.safetensors", 40);  // of one label there is a single picture
  EXPECT_THAT(train_scene(run).error().message, HasSubstr("has one sample"));
  plant_scenes(folder / "scenes.safetensors", 120);
  run.without = {"smell"};
  EXPECT_THAT(train_scene(run).error().message, HasSubstr("smell"));
  run.without.clear(), run.test_share = 0.999;
  EXPECT_EQ(train_scene(run).error().code, ErrorCode::invalid_argument);
  run.tested = run.data;
  EXPECT_THAT(train_scene(run).error().message, HasSubstr("trained on"));
  run.data = folder / "none.safetensors";
  EXPECT_EQ(train_scene(run).error().code, ErrorCode::not_found);
}

TEST(A4Net, ItsExportAnswersAsTheNetworkThatWasTrained) {
  torch::manual_seed(6);
  const torch::NoGradGuard no_gradients;
  const torch::Tensor picture = torch::randint(0, 256, {1, 64, 64, 3}, torch::kByte);
  SceneNet scene({});
  stir(scene), scene.eval();
  const SceneAnswers seen = scene.forward(levels_of(picture));
  expect_equal(said_by_runtime(scene.onnx(), {1, 3, 64, 64}, picture, "probabilities"),
               torch::softmax(seen.emotion, 1));
  expect_equal(said_by_runtime(scene.onnx(), {1, 3, 64, 64}, picture, "brightness"), seen.brightness);
  expect_equal(said_by_runtime(scene.onnx(), {1, 3, 64, 64}, picture, "moods"), torch::softmax(seen.mood, 1));
}

TEST(AdaTosk, FaultsAreNamed) {
  const TestFolder folder;
  plant_clips(folder / "clips.safetensors", 20);
  DynamicRun run = dynamic_run(folder, "r");
  run.kept = 0;
  EXPECT_THAT(train_dynamic(run).error().message, HasSubstr("outside (0, 1]"));
}

TEST(AdaTosk, ItsExportAnswersAsTheNetworkThatWasTrained) {
  torch::manual_seed(6);
  const torch::NoGradGuard no_gradients;
  DynamicNet dynamic({});
  stir(dynamic), dynamic.eval();
  const torch::Tensor clip = torch::randint(0, 256, {1, 16, 64, 64, 3}, torch::kByte);
  const auto moved = dynamic.answer(levels_of(clip), dynamic.options().kept_tokens());
  expect_equal(said_by_runtime(dynamic.onnx(), {16, 3, 64, 64}, clip, "mask"), moved.mask);
  expect_equal(said_by_runtime(dynamic.onnx(), {16, 3, 64, 64}, clip, "probabilities"),
               torch::softmax(moved.logits, 1));
}

TEST(Mf2, FaultsAreNamed) {
  const TestFolder folder;
  plant_faces(folder / "faces.safetensors", 30);
  FoundationRun run = foundation_run(folder, "r");
  run.fold = 3;
  EXPECT_THAT(train_foundation(run).error().message, HasSubstr("fold 3"));
  run.fold = 0, run.units = {4};
  EXPECT_THAT(train_foundation(run).error().message, HasSubstr("levels of 2 units"));
}

TEST(Mf2, ItsExportAnswersAsTheNetworkThatWasTrained) {
  torch::manual_seed(6);
  const torch::NoGradGuard no_gradients;
  const torch::Tensor picture = torch::randint(0, 256, {1, 64, 64, 3}, torch::kByte);
  FoundationOptions options;
  options.units = kUnits;
  for (int i = 0; i < 12; ++i) options.unit_captions.push_back("sentence " + std::to_string(i));
  FoundationNet trunk(options);
  stir(trunk), trunk.eval();
  const auto features = trunk.features(levels_of(picture));
  expect_equal(said_by_runtime(trunk.onnx(), {1, 3, 64, 64}, picture, "units"),
               torch::sigmoid(trunk.unit_logits(features)));
  expect_equal(said_by_runtime(trunk.onnx(), {1, 3, 64, 64}, picture, "levels"), trunk.levels(features));

  DfnNet adapter({.units = kUnits});
  stir(adapter), adapter.eval();
  OnnxWriter out(WeightKind::f32);
  out.input("picture", blocks::Wholes{1, 3, 64, 64});
  const blocks::Exporter to(out);
  adapter.write(to.in("adapter"), trunk.write_blocks(to.in("trunk"), "picture"));
  const auto adapted = adapter.forward(features.blocks);
  expect_equal(said_by_runtime(out.file("dfn"), {1, 3, 64, 64}, picture, "probabilities"),
               torch::softmax(adapted.expressions, 1));
  expect_equal(said_by_runtime(out.file("dfn"), {1, 3, 64, 64}, picture, "adapted_units"),
               torch::sigmoid(adapted.units));
}

}  // namespace
}  // namespace vultus::learn

// A4Net on a planted task that it must solve, the control that it must not solve, its branches left out. Takes a
// minute.
#include <gtest/gtest.h>

#include "planted_systems.hpp"

namespace vultus::learn {
namespace {

using namespace test;

TEST(A4Net, SolvesItsPlantedTaskAndNeedsItsBranches) {
  const TestFolder folder;
  plant_scenes(folder / "scenes.safetensors", 900);
  const auto learnt = train_scene(scene_run(folder, "whole"));
  ASSERT_TRUE(learnt) << learnt.error().message;
  EXPECT_TRUE(learnt->planted);
  EXPECT_GT(learnt->measures.at("accuracy"), 0.85);  // chance 1/8
  EXPECT_LT(learnt->measures.at("deletion_map"), learnt->measures.at("deletion_random"));
  SceneRun without = scene_run(folder, "without");
  without.without = {"brightness", "colourfulness", "places", "moods"};
  const auto bare = train_scene(without);
  ASSERT_TRUE(bare) << bare.error().message;
  // 225 test samples: three standard errors of a difference are at most 0.14.
  EXPECT_LT(bare->measures.at("accuracy"), learnt->measures.at("accuracy") - 0.14);
  SceneRun control = scene_run(folder, "control");
  control.shuffle_labels = true, control.epochs = 4;
  EXPECT_LT(train_scene(control).value().measures.at("accuracy"), 0.125 + 3 * std::sqrt(0.125 * 0.875 / 225));
}

}  // namespace
}  // namespace vultus::learn

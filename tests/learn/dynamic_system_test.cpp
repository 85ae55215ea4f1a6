// AdaTosk on planted bursts that it must find, the control that it must not solve, tokens of the least mask. Takes a
// minute.
#include <gtest/gtest.h>

#include "planted_systems.hpp"

namespace vultus::learn {
namespace {

using namespace test;

TEST(AdaTosk, FindsTheBurstAndIsAsRightWithFewerTokens) {
  const TestFolder folder;
  plant_clips(folder / "clips.safetensors", 400);
  const auto learnt = train_dynamic(dynamic_run(folder, "whole"));
  ASSERT_TRUE(learnt) << learnt.error().message;
  const auto& m = learnt->measures;
  EXPECT_GT(m.at("accuracy"), 0.85);  // chance 1/3
  EXPECT_GE(m.at("accuracy"), m.at("accuracy_all") - 0.05);
  EXPECT_DOUBLE_EQ(m.at("tokens_saved"), 0.5);
  EXPECT_GT(m.at("multiplications_saved"), 0.5);
  // What the mask leaves out is what matters least: the same number of the others is worth less.
  EXPECT_LT(m.at("accuracy_least"), m.at("accuracy") - 0.2);
  EXPECT_GT(m.at("burst_overlap"), m.at("overlap_by_chance") + 0.1);
  DynamicRun control = dynamic_run(folder, "control");
  control.shuffle_labels = true, control.epochs = 2;
  EXPECT_LT(train_dynamic(control).value().measures.at("accuracy"), 1.0 / 3 + 3 * std::sqrt(2.0 / 9 / 100));
}

}  // namespace
}  // namespace vultus::learn

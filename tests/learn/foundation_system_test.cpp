// MF2 and DFN on planted units, the control that they must not solve, captions of units left out. Takes a minute.
#include <gtest/gtest.h>

#include "planted_systems.hpp"

namespace vultus::learn {
namespace {

using namespace test;

TEST(Mf2, ReadsUnitsWhereTheyAreAndAdaptsToBothTasks) {
  const TestFolder folder;
  plant_faces(folder / "faces.safetensors", 600);
  const auto learnt = train_foundation(foundation_run(folder, "whole"));
  ASSERT_TRUE(learnt) << learnt.error().message;
  const auto& m = learnt->measures;
  EXPECT_GT(m.at("units_f1"), 0.9);
  EXPECT_GT(m.at("captions_right"), 0.6);  // six levels
  EXPECT_GT(m.at("accuracy"), 0.9);        // four expressions
  EXPECT_LT(m.at("trainable"), 0.15);
  // Without the mouth nothing is left of its unit, and everything of that of the brows.
  EXPECT_LT(m.at("au12_f1_without_mouth"), m.at("au12_f1") - 0.4);
  EXPECT_GT(m.at("au4_f1_without_mouth"), m.at("au4_f1") - 0.15);
  FoundationRun ablated = foundation_run(folder, "no_local");
  ablated.local = false;
  EXPECT_LT(train_foundation(ablated).value().measures.at("captions_right"), m.at("captions_right") - 0.2);
  FoundationRun control = foundation_run(folder, "control");
  control.shuffle_labels = true, control.epochs = 3, control.adapt_epochs = 4;
  // Always the most frequent of the four is right in a quarter, 200 test samples.
  EXPECT_LT(train_foundation(control).value().measures.at("accuracy"), 0.25 + 3 * std::sqrt(0.25 * 0.75 / 200) + 0.03);
}

}  // namespace
}  // namespace vultus::learn

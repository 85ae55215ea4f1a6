// A network whose labels nobody could tell is not trained.
#include <vultus/learn/learnt_labels.hpp>

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::learn {
namespace {

using ::testing::HasSubstr;
constexpr std::array<std::string_view, 3> kThree{"calm", "loud", "shrill"};

TEST(LearntLabels, AreThoseThatPredictionsTell) {
  EXPECT_TRUE(check_labels({.classes = 3, .planted = false, .named = "calm loud shrill"}, kThree));
  EXPECT_TRUE(check_labels({.classes = 3, .planted = true, .named = ""}, kThree)) << "the planter has these labels";
}

TEST(LearntLabels, OfAnotherNumberOrAnotherNameAreRefused) {
  const auto refused = [](const LearntLabels& labels) { return check_labels(labels, kThree).error().message; };
  EXPECT_THAT(refused({.classes = 8, .planted = true, .named = ""}), HasSubstr("8 classes would be trained"));
  EXPECT_THAT(refused({.classes = 3, .planted = false, .named = ""}), HasSubstr("does not name its labels"));
  EXPECT_THAT(refused({.classes = 3, .planted = false, .named = "loud calm shrill"}),
              HasSubstr("are \"loud calm shrill\""));
}

}  // namespace
}  // namespace vultus::learn

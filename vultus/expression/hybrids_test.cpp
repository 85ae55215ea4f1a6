// Hybrids by hand: which pixels come from where, which parts they show, and which pictures are taken.
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/expression/hybrids.hpp>
#include <vultus/expression/label_space.hpp>

namespace vultus::expression {
namespace {

TEST(Hybrids, HalvesMeetAtTheMiddleColumn) {
  std::vector<std::uint8_t> first(4 * 4 * 3, 10);
  const std::vector<std::uint8_t> second(4 * 4 * 3, 200);
  ASSERT_TRUE(mix_into(first, second, 4, {}));
  for (std::size_t y = 0; y < 4; ++y)
    for (std::size_t x = 0; x < 4; ++x)
      for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(first[(y * 4 + x) * 3 + c], x < 2 ? 10 : 200);
}

TEST(Hybrids, SharesMixEveryPixelAndBothMembers) {
  std::vector<std::uint8_t> first(2 * 2 * 3, 100);
  const std::vector<std::uint8_t> second(2 * 2 * 3, 200);
  const Hybrid hybrid{.compound = 6, .share = 0.4};
  ASSERT_TRUE(mix_into(first, second, 2, hybrid));
  EXPECT_EQ(first, std::vector<std::uint8_t>(12, 160));  // .4 * 100 + .6 * 200
  const auto parts = parts_of_hybrid(hybrid);            // sadly angry: sadness 4, anger 5
  EXPECT_FLOAT_EQ(parts[4], 0.4F);
  EXPECT_FLOAT_EQ(parts[5], 0.6F);
  EXPECT_EQ(parts_of_hybrid({.compound = 0}), (std::array<float, 6>{1, 1, 0, 0, 0, 0}));
}

TEST(Hybrids, ArePlannedOfTheRightPicturesAndBothKinds) {
  std::vector<std::size_t> labels;
  for (std::size_t i = 0; i < 70; ++i) labels.push_back(i % kExpressions);
  const auto plan = plan_hybrids(labels, 140, 3).value();
  std::map<std::size_t, int> of_compound;
  int halves = 0;
  for (const Hybrid& hybrid : plan) {
    ++of_compound[hybrid.compound];
    halves += hybrid.share ? 0 : 1;
    EXPECT_EQ(labels[hybrid.first], kCompoundTable.at(hybrid.compound).first);
    EXPECT_EQ(labels[hybrid.second], kCompoundTable.at(hybrid.compound).second);
    EXPECT_TRUE(!hybrid.share || (*hybrid.share >= 0.3 && *hybrid.share <= 0.7));
  }
  EXPECT_EQ(halves, 70);
  for (std::size_t c = 0; c < kCompounds; ++c) EXPECT_EQ(of_compound[c], 20);
  EXPECT_EQ(plan_hybrids(labels, 140, 3).value(), plan);
  EXPECT_NE(plan_hybrids(labels, 140, 4).value(), plan);
}

TEST(Hybrids, FaultsAreNamed) {
  EXPECT_EQ(plan_hybrids(std::vector<std::size_t>{0, 1}, 7, 1).error().message, "hybrids need pictures of happiness");
  EXPECT_FALSE(plan_hybrids(std::vector<std::size_t>{9}, 1, 1));
  std::vector<std::uint8_t> small(3);
  EXPECT_FALSE(mix_into(small, small, 2, {}));
  EXPECT_EQ(parts_of_label(6), (std::array<float, 6>{}));
}

}  // namespace
}  // namespace vultus::expression

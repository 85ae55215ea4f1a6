#include <vultus/identity/keep_labels.hpp>

#include <gtest/gtest.h>

namespace vultus::identity {
namespace {

using Before = std::vector<std::optional<std::int64_t>>;
using Now = std::vector<std::uint32_t>;
constexpr std::optional<std::int64_t> kNew = std::nullopt;

TEST(KeepLabels, ClustersThatStayKeepTheirNumbersAndNewOnesHaveNone) {
  EXPECT_EQ(keep_labels(Before{7, 7, 3, kNew}, Now{1, 1, 0, 2}, 3).value(), (Before{3, 7, kNew}));
}

TEST(KeepLabels, OfTwoPartsTheLargerKeepsTheNumber) {
  EXPECT_EQ(keep_labels(Before{5, 5, 5}, Now{0, 1, 1}, 2).value(), (Before{kNew, 5}));
}

TEST(KeepLabels, OfTwoThatBecameOneTheLargerLivesOn) {
  EXPECT_EQ(keep_labels(Before{4, 9, 9}, Now{0, 0, 0}, 1).value(), (Before{9}));
}

TEST(KeepLabels, KeepsAsManyItemsAsPossibleInAll) {
  // Cluster 0 holds 3 of label 1 and 2 of label 2, cluster 1 holds 2 of label 1 and none of label 2: taking the largest
  // overlap first would keep 3 items, the best pairing keeps 2 + 2.
  EXPECT_EQ(keep_labels(Before{1, 1, 1, 2, 2, 1, 1}, Now{0, 0, 0, 0, 0, 1, 1}, 2).value(), (Before{2, 1}));
}

TEST(KeepLabels, RefusesListsThatDoNotFit) {
  EXPECT_EQ(keep_labels(Before{1}, Now{}, 0).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(keep_labels(Before{1}, Now{4}, 4).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::identity

#include <vultus/identity/neighbours.hpp>

#include <algorithm>

#include <gtest/gtest.h>

#include <vultus/identity/test_planted.hpp>

namespace vultus::identity {
namespace {

TEST(NearestRows, EqualComparingEveryPairWhateverTheSizesAndThreads) {
  for (const std::size_t count : {1U, 3U, 4U, 8U, 65U, 131U}) {
    const Planted faces = planted(count, 1, 7, 0, count);
    std::vector<float> rows;
    for (const Embedding& one : faces.templates) rows.insert(rows.end(), one.values().begin(), one.values().end());
    const auto odd = [](std::uint32_t a, std::uint32_t b) { return (a + b) % 2 == 1; };
    const NeighbourOptions options{.floor = 0.1F, .most = 5, .threads = count > 100 ? 3 : 1, .allowed = odd};
    const auto found = nearest_rows(rows, 7, options, {});
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), count);
    for (std::uint32_t i = 0; i < count; ++i) {
      std::vector<std::pair<double, std::uint32_t>> expected;
      for (std::uint32_t j = 0; j < count; ++j) {
        double product = 0;
        for (std::size_t t = 0; t < 7; ++t) product += double{rows[i * 7 + t]} * rows[j * 7 + t];
        if (odd(i, j) && product >= 0.1) expected.emplace_back(-product, j);
      }
      std::ranges::sort(expected);
      if (expected.size() > 5) expected.resize(5);
      ASSERT_EQ((*found)[i].size(), expected.size());
      for (std::size_t k = 0; k < expected.size(); ++k) {
        EXPECT_EQ((*found)[i][k].row, expected[k].second);
        EXPECT_NEAR((*found)[i][k].similarity, -expected[k].first, 1e-6);  // 7 roundings of 6e-8
      }
    }
  }
}

TEST(NearestRows, NothingHasNoNeighbours) { EXPECT_TRUE(nearest_rows({}, 0, {}, {})->empty()); }

TEST(MakeMutual, AddsTheWayBackOnce) {
  std::vector<std::vector<Neighbour>> near{{{1, 0.9F}, {2, 0.5F}}, {{0, 0.9F}}, {}};
  make_mutual(near);
  EXPECT_EQ(near[0], (std::vector<Neighbour>{{1, 0.9F}, {2, 0.5F}}));
  EXPECT_EQ(near[1], (std::vector<Neighbour>{{0, 0.9F}}));
  EXPECT_EQ(near[2], (std::vector<Neighbour>{{0, 0.5F}}));
}

}  // namespace
}  // namespace vultus::identity

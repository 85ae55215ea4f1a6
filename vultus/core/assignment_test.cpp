#include <vultus/core/assignment.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace vultus {
namespace {

using Columns = std::vector<std::optional<std::size_t>>;

struct Total {
  double benefit = 0;
  int pairs = 0;
};

/// The best total over all pairings, by trying every one.
Total try_all(std::size_t row, std::size_t rows, const std::vector<AssignmentEdge>& edges,
              std::set<std::size_t>& taken) {
  if (row == rows) return {};
  Total best = try_all(row + 1, rows, edges, taken);
  for (const AssignmentEdge& edge : edges) {
    if (edge.row != row || taken.count(edge.column) != 0) continue;
    taken.insert(edge.column);
    Total rest = try_all(row + 1, rows, edges, taken);
    taken.erase(edge.column);
    rest.benefit += edge.benefit;
    ++rest.pairs;
    if (rest.benefit > best.benefit + 1e-9 || (rest.benefit > best.benefit - 1e-9 && rest.pairs > best.pairs))
      best = rest;
  }
  return best;
}

/// Total of a pairing; checks that it uses edges only and no column twice.
Total total_of(const Columns& columns, const std::vector<AssignmentEdge>& edges) {
  Total total;
  std::set<std::size_t> taken;
  for (std::size_t row = 0; row < columns.size(); ++row) {
    if (!columns[row]) continue;
    EXPECT_TRUE(taken.insert(*columns[row]).second) << "column " << *columns[row] << " given twice";
    double best = -1;
    for (const AssignmentEdge& edge : edges)
      if (edge.row == row && edge.column == *columns[row]) best = std::max(best, edge.benefit);
    EXPECT_GE(best, 0) << "row " << row << " got a column without an edge";
    total.benefit += best;
    ++total.pairs;
  }
  return total;
}

TEST(BestAssignment, EqualsTryingEverything) {
  std::mt19937_64 random(42);
  for (int trial = 0; trial < 3000; ++trial) {
    const std::size_t rows = 1 + random() % 6;
    const std::size_t columns = 1 + random() % 6;
    const std::uint64_t levels = trial % 3 == 0 ? 4 : 1000;  // few levels: many ties
    std::vector<AssignmentEdge> edges;
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t column = 0; column < columns; ++column)
        if (random() % 3 != 0)
          edges.push_back({row, column * 1000, static_cast<double>(random() % levels) / static_cast<double>(levels)});
    std::shuffle(edges.begin(), edges.end(), random);
    std::set<std::size_t> taken;
    const Total want = try_all(0, rows, edges, taken);
    const Total got = total_of(best_assignment(rows, edges).value(), edges);
    ASSERT_NEAR(got.benefit, want.benefit, 1e-9) << "trial " << trial;
    ASSERT_EQ(got.pairs, want.pairs) << "trial " << trial;
  }
}

TEST(BestAssignment, FindsAPlantedPairingAmongMany) {
  // Row i belongs to column n - 1 - i. No pairing can beat the highest benefit of every row.
  constexpr std::size_t kRows = 200;
  std::mt19937_64 random(7);
  std::vector<AssignmentEdge> edges;
  for (std::size_t row = 0; row < kRows; ++row)
    for (std::size_t column = 0; column < kRows; ++column)
      edges.push_back({row, column, column == kRows - 1 - row ? 1.0 : static_cast<double>(random() % 999) / 1000});
  const Columns got = best_assignment(kRows, edges).value();
  for (std::size_t row = 0; row < kRows; ++row) EXPECT_EQ(got[row], kRows - 1 - row);
}

TEST(BestAssignment, LeavesRowsWithoutEdgesAlone) {
  EXPECT_EQ(best_assignment(3, {}).value(), Columns(3));
  EXPECT_EQ(best_assignment(0, {}).value(), Columns());
  const std::vector<AssignmentEdge> edges{{2, 5, 0}};
  EXPECT_EQ(best_assignment(3, edges).value(), (Columns{std::nullopt, std::nullopt, 5}));
}

TEST(BestAssignment, RefusesWhatHasNoMeaning) {
  const auto code = [](AssignmentEdge edge) {
    return best_assignment(2, std::vector<AssignmentEdge>{edge}).error().message;
  };
  EXPECT_EQ(code({2, 0, 1}), "edge of row 2: there are 2 rows, from 0");
  EXPECT_EQ(code({1, 3, -0.5}), "edge of row 1 and column 3: benefit -0.5, must be 0 or more");
  EXPECT_EQ(code({1, 3, std::numeric_limits<double>::infinity()}),
            "edge of row 1 and column 3: benefit inf, must be 0 or more");
}

TEST(BestAssignment, RefusesATableThatWouldNotFit) {
  std::vector<AssignmentEdge> edges;  // a chain: 6,000 rows that all hang together through shared columns
  for (std::size_t row = 0; row < 6000; ++row) {
    edges.push_back({row, row, 0.5});
    edges.push_back({row, row + 1, 0.5});
  }
  const auto got = best_assignment(6000, edges);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::resource_limit);
  EXPECT_EQ(got.error().message,
            "assignment of 6000 rows and 6001 columns that hang together: a table of 72006000 entries, the limit is "
            "64000000");
}

}  // namespace
}  // namespace vultus

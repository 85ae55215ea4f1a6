#include <vultus/identity/assignment.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace vultus::identity {
namespace {

using Columns = std::vector<std::optional<std::size_t>>;

struct Total {
  double benefit = 0;
  int pairs = 0;
};

/// The best total over all pairings, by trying every one.
Total try_all(std::size_t row, std::size_t rows, const std::vector<Edge>& edges, std::set<std::size_t>& taken) {
  if (row == rows) return {};
  Total best = try_all(row + 1, rows, edges, taken);
  for (const Edge& edge : edges) {
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
Total total_of(const Columns& columns, const std::vector<Edge>& edges) {
  Total total;
  std::set<std::size_t> taken;
  for (std::size_t row = 0; row < columns.size(); ++row) {
    if (!columns[row]) continue;
    EXPECT_TRUE(taken.insert(*columns[row]).second) << "column " << *columns[row] << " given twice";
    double best = -1;
    for (const Edge& edge : edges)
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
    std::vector<Edge> edges;
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
  std::vector<Edge> edges;
  for (std::size_t row = 0; row < kRows; ++row)
    for (std::size_t column = 0; column < kRows; ++column)
      edges.push_back({row, column, column == kRows - 1 - row ? 1.0 : static_cast<double>(random() % 999) / 1000});
  const Columns got = best_assignment(kRows, edges).value();
  for (std::size_t row = 0; row < kRows; ++row) EXPECT_EQ(got[row], kRows - 1 - row);
}

TEST(BestAssignment, LeavesRowsWithoutEdgesAlone) {
  EXPECT_EQ(best_assignment(3, {}).value(), Columns(3));
  EXPECT_EQ(best_assignment(0, {}).value(), Columns());
  const std::vector<Edge> edges{{2, 5, 0}};
  EXPECT_EQ(best_assignment(3, edges).value(), (Columns{std::nullopt, std::nullopt, 5}));
}

TEST(BestAssignment, RefusesWhatHasNoMeaning) {
  const auto code = [](Edge edge) { return best_assignment(2, std::vector<Edge>{edge}).error().message; };
  EXPECT_EQ(code({2, 0, 1}), "edge of row 2: there are 2 rows, from 0");
  EXPECT_EQ(code({1, 3, -0.5}), "edge of row 1 and column 3: benefit -0.5, must be 0 or more");
  EXPECT_EQ(code({1, 3, std::numeric_limits<double>::infinity()}),
            "edge of row 1 and column 3: benefit inf, must be 0 or more");
}

TEST(BestAssignment, RefusesATableThatWouldNotFit) {
  std::vector<Edge> edges;  // a chain: 6,000 rows that all hang together through shared columns
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

Candidate candidate(std::int64_t subject, float similarity) {
  return {.subject = SubjectId(subject),
          .name = "s" + std::to_string(subject),
          .face = FaceId(subject * 10),
          .similarity = Cosine(similarity)};
}

const OperatingPoint kAt{Cosine(0.4F), 1e-4, "a measurement"};

std::vector<std::int64_t> named(const std::vector<std::vector<Candidate>>& faces, const OperatingPoint& at = kAt) {
  std::vector<std::int64_t> names;  // 0 = unknown
  const std::vector<Decision> decisions = decide_once_each(faces, at).value();
  names.reserve(decisions.size());
  for (const Decision& d : decisions) names.push_back(d.match ? d.match->subject.number() : 0);
  return names;
}

TEST(DecideOnceEach, GivesASubjectToTheFaceThatIsCloserToIt) {
  EXPECT_EQ(named({{candidate(1, .7F)}, {candidate(1, .8F)}}), (std::vector<std::int64_t>{0, 1}));
}

TEST(DecideOnceEach, GivesTheLoserItsNextCandidate) {
  EXPECT_EQ(named({{candidate(1, .7F), candidate(2, .6F)}, {candidate(1, .8F), candidate(2, .3F)}}),
            (std::vector<std::int64_t>{2, 1}));
  // Both first choices are subject 1; giving it to the less similar face is right when the other has a good second one.
  // Excess over .4: {.5 + .3} against {.48 + .05}.
  EXPECT_EQ(named({{candidate(1, .9F), candidate(2, .88F)}, {candidate(1, .7F), candidate(2, .45F)}}),
            (std::vector<std::int64_t>{2, 1}));
}

TEST(DecideOnceEach, DoesNotMoveAClearMatchToADoubtfulOne) {
  // Naming both would need subject 2 for the first face: excess .02 + .1 against .5 for the clear match alone.
  EXPECT_EQ(named({{candidate(1, .9F), candidate(2, .42F)}, {candidate(1, .5F)}}), (std::vector<std::int64_t>{1, 0}));
}

TEST(DecideOnceEach, NeverNamesBelowTheThresholdAndAlwaysOnIt) {
  EXPECT_EQ(named({{candidate(1, .39F)}, {candidate(2, .4F)}}), (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(named({{candidate(1, std::nanf(""))}}), (std::vector<std::int64_t>{0}));
  EXPECT_EQ(named({}), std::vector<std::int64_t>{});
  EXPECT_EQ(named({{}, {}}), (std::vector<std::int64_t>{0, 0}));
  const OperatingPoint open{Cosine(-1), 1, "everything"};
  EXPECT_EQ(named({{candidate(1, -.5F), candidate(2, -.6F)}, {candidate(1, -.4F)}}, open),
            (std::vector<std::int64_t>{2, 1}));
}

TEST(DecideOnceEach, KeepsTheClosestSubjectInTheAnswerOfTheLoser) {
  const std::vector<std::vector<Candidate>> faces{{candidate(1, .7F)}, {candidate(1, .8F)}};
  const auto got = decide_once_each(faces, kAt).value();
  EXPECT_FALSE(got[0].match);
  EXPECT_EQ(got[0].best, candidate(1, .7F));
  EXPECT_EQ(got[0].at, kAt);
  EXPECT_EQ(got[1].match, candidate(1, .8F));
}

TEST(DecideOnceEach, EqualsSingleDecisionsWhereNobodyIsWantedTwice) {
  std::mt19937_64 random(3);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<std::vector<Candidate>> faces(1 + random() % 8);
    for (std::size_t i = 0; i < faces.size(); ++i)
      for (int k = 0; k < 3; ++k)
        faces[i].push_back(
            candidate(static_cast<std::int64_t>(i) * 3 + k + 1, static_cast<float>(random() % 1000) / 1000.0F));
    const auto got = decide_once_each(faces, kAt).value();
    for (std::size_t i = 0; i < faces.size(); ++i) {
      const auto best = std::max_element(faces[i].begin(), faces[i].end(), [](const Candidate& a, const Candidate& b) {
        return a.similarity < b.similarity;
      });
      EXPECT_EQ(got[i].best, *best);
      if (best->similarity >= kAt.threshold)
        EXPECT_EQ(got[i].match, *best);
      else
        EXPECT_FALSE(got[i].match);
    }
  }
}

TEST(DecideOnceEach, DoesNotDependOnTheOrderOfFaces) {
  std::mt19937_64 random(11);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<std::vector<Candidate>> faces(6);
    for (auto& face : faces)
      for (std::int64_t subject = 1; subject <= 4; ++subject)  // continuous values: the best pairing is unique
        face.push_back(candidate(subject, static_cast<float>(random() >> 40) / static_cast<float>(1 << 24)));
    auto mirrored = faces;
    std::reverse(mirrored.begin(), mirrored.end());
    auto got = named(mirrored);
    std::reverse(got.begin(), got.end());
    EXPECT_EQ(got, named(faces));
  }
}

}  // namespace
}  // namespace vultus::identity

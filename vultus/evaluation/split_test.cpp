// Splits keep groups together, cover everything, and have a hash that tells them apart.
#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include <vultus/evaluation/split.hpp>

namespace vultus::evaluation {
namespace {

/// Samples of subjects of different sizes, each seen in two films.
Table films() {
  std::vector<TableRow> rows;
  const std::vector<std::size_t> sizes{9, 7, 6, 5, 4, 3, 3, 2, 1};
  std::size_t line = 2;
  for (std::size_t s = 0; s < sizes.size(); ++s)
    for (std::size_t i = 0; i < sizes[s]; ++i, ++line)
      rows.push_back({line,
                      {"f" + std::to_string(line), "s" + std::to_string(s), "film" + std::to_string(i % 4),
                       line % 3 == 0 ? "test" : "train"}});
  return Table::of("films.csv", {"file", "subject", "film", "part"}, rows).value();
}

std::size_t tested(const Fold& fold) {
  return static_cast<std::size_t>(std::count(fold.parts.begin(), fold.parts.end(), Part::test));
}

TEST(GroupKFold, KeepsGroupsTogetherTestsEverySampleOnceAndBalances) {
  const Table table = films();
  const Split split = group_k_fold(table, "file", "subject", 3).value();
  ASSERT_EQ(split.folds.size(), 3U);
  std::vector<std::size_t> times(table.rows());
  std::vector<std::size_t> sizes;
  for (const Fold& fold : split.folds) {
    std::map<std::string, std::set<Part>> parts;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      parts[table.at(row, 1)].insert(fold.parts[row]);
      times[row] += fold.parts[row] == Part::test ? 1 : 0;
    }
    for (const auto& [subject, in] : parts) EXPECT_EQ(in.size(), 1U) << subject;
    sizes.push_back(tested(fold));
  }
  for (const std::size_t n : times) EXPECT_EQ(n, 1U);
  // By hand: 9 | 7 | 6, then 5 to 6, 4 to 7, 3 to 9, 3 to 11 (the first of the two), 2 to 11, 1 to 12: 13, 14, 13;
  // sklearn.model_selection.GroupKFold(3) gives test sizes 13, 13, 14 too.
  std::sort(sizes.begin(), sizes.end());
  EXPECT_EQ(sizes, (std::vector<std::size_t>{13, 13, 14}));
}

TEST(LeaveOneOut, HasOneFoldForEachGroup) {
  const Split split = leave_one_out(films(), "file", "subject").value();
  ASSERT_EQ(split.folds.size(), 9U);
  EXPECT_EQ(split.folds[0].name, "s0");
  EXPECT_EQ(tested(split.folds[0]), 9U);
  EXPECT_EQ(tested(split.folds[8]), 1U);
  EXPECT_EQ(leave_one_out(films(), "file", "film").value().folds.size(), 4U);
}

TEST(ExclusiveSplit, KeepsGroupsTogetherNearTheWantedShares) {
  const Table table = films();
  const Split split =
      exclusive_split(table, "file", "subject", {.train = .5, .validation = .25, .test = .25}, 7).value();
  std::map<std::string, std::set<Part>> parts;
  std::map<Part, double> counts;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    parts[table.at(row, 1)].insert(split.folds[0].parts[row]);
    ++counts[split.folds[0].parts[row]];
  }
  for (const auto& [subject, in] : parts) EXPECT_EQ(in.size(), 1U) << subject;
  EXPECT_NEAR(counts[Part::train], 20, 3);
  EXPECT_NEAR(counts[Part::validation], 10, 3);
  EXPECT_NEAR(counts[Part::test], 10, 3);
  EXPECT_EQ(split, exclusive_split(table, "file", "subject", {.train = .5, .validation = .25, .test = .25}, 7).value());
}

TEST(ExclusiveSplit, LeavesNoPartEmptyThatWasWanted) {
  std::vector<TableRow> rows;
  for (std::size_t i = 0; i < 30; ++i) rows.push_back({i + 2, {"f" + std::to_string(i), "s" + std::to_string(i / 10)}});
  const Table three = Table::of("three.csv", {"file", "subject"}, rows).value();
  for (const SplitShares& shares : {SplitShares{}, {.train = .98, .validation = .01, .test = .01}}) {
    const Split split = exclusive_split(three, "file", "subject", shares, 1).value();
    for (const Part part : {Part::train, Part::validation, Part::test})
      EXPECT_EQ(std::count(split.folds[0].parts.begin(), split.folds[0].parts.end(), part), 10) << name_of(part);
  }
  const Split two = exclusive_split(three, "file", "subject", {.train = .9, .validation = 0, .test = .1}, 1).value();
  EXPECT_EQ(std::count(two.folds[0].parts.begin(), two.folds[0].parts.end(), Part::train), 20);
  EXPECT_EQ(tested(two.folds[0]), 10U);
}

TEST(DoubleBlocked, SharesNeitherKeyAndTestsEverySampleOnce) {
  const Table table = films();
  const Split split = double_blocked(table, "file", {"subject", "film"}, 2).value();
  ASSERT_EQ(split.folds.size(), 4U);
  std::vector<std::size_t> times(table.rows());
  for (const Fold& fold : split.folds) {
    std::set<std::string> trained, tests;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      times[row] += fold.parts[row] == Part::test ? 1 : 0;
      if (fold.parts[row] == Part::unused) continue;
      std::set<std::string>& into = fold.parts[row] == Part::test ? tests : trained;
      into.insert(table.at(row, 1));
      into.insert(table.at(row, 2));
    }
    for (const std::string& group : tests) EXPECT_FALSE(trained.contains(group)) << group;
  }
  for (const std::size_t n : times) EXPECT_EQ(n, 1U);
}

TEST(OfficialSplit, TakesThePartsOfTheTable) {
  const Table table = films();
  const Split split = official_split(table, "file", "part").value();
  for (std::size_t row = 0; row < table.rows(); ++row) EXPECT_EQ(name_of(split.folds[0].parts[row]), table.at(row, 3));
  const Table wrong = Table::of("x.csv", {"file", "part"}, {{2, {"a", "train"}}, {3, {"b", "tset"}}}).value();
  EXPECT_EQ(official_split(wrong, "file", "part").error().message,
            "x.csv: line 3: part \"tset\": must be train, validation, val, test or unused");
  const Table none = Table::of("x.csv", {"file", "part"}, {{2, {"a", "train"}}}).value();
  EXPECT_EQ(official_split(none, "file", "part").error().message, "x.csv: column \"part\" has no test sample");
}

TEST(SplitHash, IsThatOfTheSplitAndNotOfTheOrderOfRows) {
  const std::vector<TableRow> rows{{2, {"a", "1"}}, {3, {"b", "2"}}, {4, {"c", "3"}}};
  const std::vector<TableRow> turned{{2, {"c", "3"}}, {3, {"a", "1"}}, {4, {"b", "2"}}};
  const Table first = Table::of("t", {"file", "subject"}, rows).value();
  const Table second = Table::of("u", {"file", "subject"}, turned).value();
  const Split one = leave_one_out(first, "file", "subject").value();
  EXPECT_EQ(one.sha256, leave_one_out(second, "file", "subject").value().sha256);
  EXPECT_EQ(one.sha256.size(), 64U);
  // printf 'vultus split 1\nleave one subject out\nfold\t1\na\ttest\nb\ttrain\nc\ttrain\nfold\t2\na\ttrain\nb\ttest\n
  // c\ttrain\nfold\t3\na\ttrain\nb\ttrain\nc\ttest\n' | sha256sum
  EXPECT_EQ(one.sha256, "b12b67492644999a220360e567e300421cf11485832c2d200ff40966c0de7909");
  Split changed = one;
  changed.folds[0].parts[1] = Part::unused;
  EXPECT_NE(split_hash(first, "file", changed).value(), one.sha256);
  changed.folds[0].parts.pop_back();
  EXPECT_FALSE(split_hash(first, "file", changed));
}

TEST(Splits, RefuseWhatCannotBeDone) {
  const Table table = films();
  EXPECT_FALSE(group_k_fold(table, "file", "subject", 10)) << "nine subjects";
  EXPECT_FALSE(group_k_fold(table, "file", "subject", 1));
  EXPECT_FALSE(exclusive_split(table, "file", "subject", {.train = .9, .validation = .2, .test = .2}, 1));
  EXPECT_EQ(leave_one_out(table, "file", "person").error().message,
            "films.csv: no column \"person\"; there are: file, subject, film, part");
  const Table gap = Table::of("x.csv", {"file", "subject"}, {{2, {"a", "1"}}, {3, {"b", ""}}}).value();
  EXPECT_EQ(leave_one_out(gap, "file", "subject").error().message, "x.csv: line 3: column \"subject\" is empty");
}

TEST(Tables, RefuseWhatDoesNotFollowTheirForm) {
  EXPECT_EQ(Table::of("x.csv", {"a", "a"}, {{2, {"1", "2"}}}).error().message, "x.csv: two columns are called \"a\"");
  EXPECT_EQ(Table::of("x.csv", {"a", ""}, {{2, {"1", "2"}}}).error().message, "x.csv: column 2 has no name");
  EXPECT_EQ(Table::of("x.csv", {"a", "b"}, {{2, {"1"}}}).error().message,
            "x.csv: line 2 has 1 fields, the first line 2");
  EXPECT_FALSE(Table::of("x.csv", {"a"}, {}));
  const Table table = Table::of("x.csv", {"a"}, {{2, {"1e3"}}, {3, {"nan"}}, {4, {"1.5x"}}}).value();
  EXPECT_EQ(table.number(0, 0).value(), 1000);
  EXPECT_EQ(table.number(1, 0).error().message, "x.csv: line 3, column \"a\": \"nan\" is not a finite number");
  EXPECT_FALSE(table.number(2, 0));
}

}  // namespace
}  // namespace vultus::evaluation

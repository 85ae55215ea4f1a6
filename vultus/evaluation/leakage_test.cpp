// For each row of the audit a set with exactly that fault; a clean set passes.
#include <algorithm>
#include <bit>

#include <gtest/gtest.h>

#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/evaluation/leakage.hpp>
#include <vultus/evaluation/near_duplicates.hpp>

namespace vultus::evaluation {
namespace {

constexpr std::size_t kId = 0, kSubject = 1, kClip = 2, kDyad = 3, kCopyOf = 4, kHash = 5, kBytes = 6, kLabel = 7;

std::string hexadecimal(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4U) text[i] = "0123456789abcdef"[value & 15U];
  return text;
}

/// Four subjects with ten samples each, nothing shared: subjects 0 and 1 are trained on, 2 is validated, 3 is tested.
struct Planted {
  Planted() {
    Random random(11);
    for (std::size_t s = 0; s < 4; ++s)
      for (std::size_t i = 0; i < 10; ++i) {
        const std::string name = std::to_string(s) + "-" + std::to_string(i);
        rows.push_back({rows.size() + 2,
                        {name, "s" + std::to_string(s), "clip " + name, "dyad " + std::to_string(s), "",
                         hexadecimal(random.next()), "bytes " + name, i % 2 == 0 ? "calm" : "glad"}});
        fold.parts.push_back(s < 2 ? Part::train : s == 2 ? Part::validation : Part::test);
      }
    options.columns = {.id = "file",
                       .keys = {"subject"},
                       .clip = "clip",
                       .dyad = "dyad",
                       .copy_of = "copy_of",
                       .picture_hash = "hash",
                       .bytes_hash = "bytes",
                       .label = "label"};
    options.fitted = {{.what = "normaliser", .fold = {}, .parts = {Part::train}, .samples = {}}};
    options.pretrained = {{.what = "encoder", .key = "subject", .groups = {"s0", "s9"}}};
    options.chosen_on = {Part::validation};
  }

  [[nodiscard]] LeakageReport audit() const {
    const Table table =
        Table::of("planted.csv", {"file", "subject", "clip", "dyad", "copy_of", "hash", "bytes", "label"}, rows)
            .value();
    Split split{.kind = "planted", .keys = {"subject"}, .folds = {fold}};
    return audit_split(table, split, options).value();
  }
  /// The only kind that is found, and that it refuses.
  void expect_only(LeakKind kind, bool refuses, std::size_t count) const {
    const LeakageReport report = audit();
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(name_of(report.findings[0].kind), name_of(kind));
    EXPECT_EQ(report.findings[0].refuses, refuses);
    EXPECT_EQ(report.findings[0].count, count);
    EXPECT_EQ(report.refused(), refuses);
  }

  std::vector<TableRow> rows;
  Fold fold{.name = "split", .parts = {}};
  LeakageOptions options;
};

TEST(Leakage, ACleanSetPassesAndEveryRowWasLookedAt) {
  const LeakageReport report = Planted().audit();
  EXPECT_TRUE(report.findings.empty());
  EXPECT_FALSE(report.refused());
  EXPECT_EQ(report.checked.size(), 10U);
  EXPECT_TRUE(report.not_checked.empty());
}

TEST(Leakage, FindsASubjectOnBothSidesAndTellsWhere) {
  Planted planted;
  planted.rows[35].fields[kSubject] = "s1";  // a tested sample
  planted.expect_only(LeakKind::group, true, 1);
  EXPECT_EQ(planted.audit().findings[0].items[0], "s1: train (10), test (1)");
  EXPECT_EQ(planted.audit().findings[0].message, "a subject is in two parts");
}

TEST(Leakage, FindsWindowsOfOneClipAndLetsThemThroughOnlyByWishWithABanner) {
  Planted planted;
  planted.rows[3].fields[kClip] = planted.rows[33].fields[kClip] = "one clip";
  planted.expect_only(LeakKind::clip, true, 1);
  planted.options.leaky = true;
  planted.expect_only(LeakKind::clip, false, 1);
  EXPECT_TRUE(planted.audit().leaky);
}

TEST(Leakage, FindsNearDuplicatesUpToFourBitsAndListsThem) {
  Planted planted;
  const std::uint64_t hash = 0x0123456789abcdefULL;
  planted.rows[4].fields[kHash] = hexadecimal(hash);
  planted.rows[34].fields[kHash] = hexadecimal(hash ^ 0x8000010000400001ULL);  // four bits, in four places
  planted.expect_only(LeakKind::near_duplicate, true, 1);
  EXPECT_EQ(planted.audit().findings[0].items[0], "0-4 (train) and 3-4 (test), 4 bits apart");
  planted.rows[34].fields[kHash] = hexadecimal(hash ^ 0x8000010000400003ULL);  // five
  EXPECT_TRUE(planted.audit().findings.empty());
  planted.rows[34].fields[kBytes] = planted.rows[4].fields[kBytes];
  planted.expect_only(LeakKind::near_duplicate, true, 1);
}

TEST(Leakage, FindsTheSameBytesInTwoPartsAmongUnusedRows) {
  Planted planted;
  for (const std::size_t row : {1, 2, 35, 36}) planted.rows[row].fields[kBytes] = "one file";
  planted.fold.parts[1] = planted.fold.parts[35] = Part::unused;
  planted.expect_only(LeakKind::near_duplicate, true, 1);
  EXPECT_EQ(planted.audit().findings[0].items[0], "like line 3, 0-1: train (1), test (1)");
  planted.fold.parts[2] = Part::unused;
  EXPECT_TRUE(planted.audit().findings.empty());
}

TEST(Leakage, FindsAugmentedAndOversampledCopies) {
  Planted planted;
  planted.rows[36].fields[kCopyOf] = "1-1";  // of a trained one
  planted.expect_only(LeakKind::copy, true, 1);
  planted.rows[36].fields[kCopyOf] = "3-7";
  EXPECT_TRUE(planted.audit().findings.empty()) << "a copy beside its original";
  planted.rows[37].fields[kCopyOf] = "1-1";  // a copy of a copy of a trained one
  EXPECT_EQ(planted.audit().findings[0].kind, LeakKind::copy);
  Planted twice;
  twice.rows[38].fields[kId] = "0-0";
  twice.expect_only(LeakKind::copy, true, 1);
}

TEST(Leakage, FindsWhatWasFittedOnTest) {
  Planted planted;
  planted.options.fitted.push_back({.what = "PCA", .fold = "split", .parts = {}, .samples = {"0-1", "3-2", "3-5"}});
  planted.expect_only(LeakKind::fitted, true, 2);
  EXPECT_EQ(planted.audit().findings[0].message, "PCA was fitted on tested samples");
  planted.options.fitted.back() = {.what = "threshold", .fold = {}, .parts = {Part::train, Part::test}, .samples = {}};
  planted.expect_only(LeakKind::fitted, true, 10);
}

TEST(Leakage, FindsAnEncoderThatHasSeenATestedSubject) {
  Planted planted;
  planted.options.pretrained[0].groups.emplace_back("s3");
  planted.expect_only(LeakKind::pretrained, true, 1);
  EXPECT_EQ(planted.audit().findings[0].items[0], "s3");
}

TEST(Leakage, RefusesDeclarationsThatNameNothing) {
  // Each would be listed as looked at, and could never find anything.
  const auto refused = [](const LeakageOptions& options) {
    const Table table = Table::of("t.csv", {"file", "subject"}, {{2, {"a", "s0"}}, {3, {"b", "s1"}}}).value();
    const Fold fold{.name = "split", .parts = {Part::train, Part::test}};
    const auto report = audit_split(table, {.kind = "planted", .keys = {"subject"}, .folds = {fold}}, options);
    return report ? std::string() : report.error().message;
  };
  LeakageOptions options;
  options.columns.keys = {"subject"};
  EXPECT_EQ(refused(options), "");
  options.fitted = {{.what = "PCA", .fold = {}, .parts = {}, .samples = {}}};
  EXPECT_EQ(refused(options), "PCA: on which parts or samples was it fitted?");
  options.fitted.clear();
  options.pretrained = {{.what = "encoder", .key = "subject", .groups = {}}};
  EXPECT_EQ(refused(options), "encoder: on which groups of subject was it trained?");
}

TEST(Leakage, WarnsOfAnEncoderNoneOfWhoseGroupsIsThere) {
  Planted planted;
  planted.options.pretrained[0].groups = {"S3", "s 3"};
  planted.expect_only(LeakKind::pretrained, false, 2);
  EXPECT_EQ(planted.audit().findings[0].message, "no subject that encoder was trained on is in planted.csv");
}

TEST(Leakage, FindsACheckpointChosenOnTest) {
  Planted planted;
  planted.options.chosen_on = {Part::test};
  planted.expect_only(LeakKind::chosen_on_test, true, 1);
}

TEST(Leakage, FindsPartnersOnDifferentSides) {
  Planted planted;
  for (std::size_t i = 10; i < 20; ++i) planted.rows[i].fields[kDyad] = "dyad 3";
  planted.expect_only(LeakKind::partner, true, 1);
}

TEST(Leakage, WarnsOfSmallClassesAndOfPartsWithOne) {
  Planted planted;
  planted.rows[1].fields[kLabel] = "rare";
  planted.expect_only(LeakKind::small_class, false, 1);
  EXPECT_EQ(planted.audit().findings[0].items[0], "rare: 1");
  Planted single;
  for (std::size_t i = 30; i < 40; ++i) single.rows[i].fields[kLabel] = "calm";
  single.expect_only(LeakKind::single_class, false, 1);
}

TEST(Leakage, SaysWhatItCouldNotLookAtAndRefusesWhatIsNotThere) {
  Planted planted;
  planted.options = {};
  planted.options.columns.id = "file";
  EXPECT_EQ(planted.audit().not_checked.size(), 8U);  // all but the declared key and copies by id
  const Table table = Table::of("t.csv", {"file", "hash"}, {{2, {"a", "12"}}, {3, {"b", ""}}}).value();
  const Split split{.kind = "x", .keys = {}, .folds = {{"f", {Part::train, Part::test}}}};
  LeakageOptions options;
  options.columns.picture_hash = "hash";
  EXPECT_EQ(audit_split(table, split, options).error().message,
            "t.csv: line 2, column \"hash\": \"12\" is not 16 hexadecimal digits");
  options.columns.picture_hash.clear();
  options.fitted = {{.what = "PCA", .fold = "g", .parts = {}, .samples = {}}};
  EXPECT_EQ(audit_split(table, split, options).error().message, "PCA: there is no fold \"g\"");
  options.fitted = {{.what = "PCA", .fold = {}, .parts = {}, .samples = {"z"}}};
  EXPECT_FALSE(audit_split(table, split, options));
  const Table circle = Table::of("c.csv", {"file", "of"}, {{2, {"a", "b"}}, {3, {"b", "a"}}}).value();
  options = {};
  options.columns.copy_of = "of";
  EXPECT_FALSE(audit_split(circle, split, options));
}

TEST(NearRows, FindsWhatComparingAllPairsFinds) {
  Random random(2);
  std::vector<std::optional<std::uint64_t>> hashes;
  for (int i = 0; i < 300; ++i) {
    std::uint64_t hash = hashes.empty() || i % 3 == 0 ? random.next() : *hashes[random.below(hashes.size())];
    for (std::uint64_t flips = random.below(7); flips > 0; --flips) hash ^= std::uint64_t{1} << random.below(64);
    hashes.emplace_back(hash);
  }
  for (const int distance : {0, 1, 4, 6}) {
    std::vector<RowPair> all;
    for (std::size_t a = 0; a < hashes.size(); ++a)
      for (std::size_t b = a + 1; b < hashes.size(); ++b)
        if (const int d = std::popcount(*hashes[a] ^ *hashes[b]); d <= distance) all.push_back({a, b, d});
    EXPECT_FALSE(all.empty() && distance > 0);
    EXPECT_EQ(near_rows(hashes, distance).value(), all) << distance;
  }
  EXPECT_FALSE(near_rows(hashes, 17));
}

}  // namespace
}  // namespace vultus::evaluation

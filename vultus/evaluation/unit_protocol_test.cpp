#include <vultus/evaluation/unit_protocol.hpp>

#include <string>

#include <gtest/gtest.h>

#include <vultus/evaluation/regression.hpp>

namespace vultus::evaluation {
namespace {

const std::vector<std::string> kPeople{"a", "b", "c", "d", "e", "f"};

TEST(Intraclass, IsThatOfShroutAndFleiss) {
  // Table 2 of their paper: six targets, four judges; table 4 gives ICC(3,1) = .71.
  const std::vector<std::vector<double>> ratings{{9, 2, 5, 8}, {6, 1, 3, 2},  {8, 4, 6, 8},
                                                 {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}};
  EXPECT_NEAR(*intraclass_3_1(ratings), 0.71, 0.005);
  EXPECT_FALSE(intraclass_3_1(std::vector<std::vector<double>>{{1, 1}, {1, 1}}));
  EXPECT_FALSE(intraclass_3_1(std::vector<std::vector<double>>{{1, 2}, {1}}));
  EXPECT_FALSE(intraclass_3_1(std::vector<std::vector<double>>{{1, 2}}));
}

/// Readings that are the code, bent by something that each person has of their own.
std::vector<UnitFrame> planted(double slope, double offset, double noise, std::uint64_t seed) {
  Random random(seed);
  std::vector<UnitFrame> frames;
  for (std::uint32_t subject = 0; subject < kPeople.size(); ++subject)
    for (int i = 0; i < 300; ++i) {
      const double truth = random.unit() < 0.5 ? 0 : static_cast<double>(random.below(6));
      const double said = slope * truth + offset + noise * (random.unit() - 0.5);
      frames.push_back({subject, truth, std::clamp(said, 0.0, 5.0)});
    }
  return frames;
}

TEST(UnitProtocol, OfReadingsThatAreTheCodesIsPerfect) {
  const auto scores = unit_protocol(planted(1, 0, 0, 1), kPeople, {});
  ASSERT_TRUE(scores) << scores.error().message;
  EXPECT_EQ(scores->frames, 1800U);
  EXPECT_EQ(scores->subjects, 6U);
  for (const UnitFigures* figures : {&scores->as_said, &scores->fitted}) {
    EXPECT_NEAR(figures->icc->value, 1, 1e-9);
    EXPECT_NEAR(figures->pearson->value, 1, 1e-9);
    EXPECT_NEAR(figures->mae->value, 0, 1e-9);
  }
  EXPECT_EQ(scores->fitted.f1->value, 1) << "2 is the code from which the unit is there";
  EXPECT_LT(scores->as_said.f1->value, 1) << "a reading of 1 counts as present, a code of 1 does not";
  EXPECT_NEAR(scores->fitted.icc->interval->low, 1, 1e-9);
}

TEST(UnitProtocol, HasTheFiguresOfTheirDefinitions) {
  const auto frames = planted(0.5, 1, 2, 2);
  std::vector<std::vector<double>> ratings;
  std::vector<double> truth, said;
  double hits = 0, wrong = 0;
  for (const UnitFrame& frame : frames) {
    ratings.push_back({frame.truth, frame.said});
    truth.push_back(frame.truth), said.push_back(frame.said);
    const bool is = frame.truth >= 2, read = frame.said >= 1;
    hits += is && read ? 1 : 0, wrong += is != read ? 1 : 0;
  }
  const UnitScores scores = unit_protocol(frames, kPeople, {}).value();
  EXPECT_NEAR(scores.as_said.icc->value, *intraclass_3_1(ratings), 1e-9);
  const RegressionScores other = regression_scores(truth, said).value();
  EXPECT_NEAR(scores.as_said.pearson->value, *other.pearson, 1e-9);
  EXPECT_NEAR(scores.as_said.mae->value, other.mae, 1e-9);
  EXPECT_NEAR(scores.as_said.f1->value, 2 * hits / (2 * hits + wrong), 1e-12);
  EXPECT_LT(scores.as_said.icc->interval->low, scores.as_said.icc->value);
  EXPECT_GT(scores.as_said.icc->interval->high, scores.as_said.icc->value);
}

TEST(UnitProtocol, FitsOnOtherSubjectsAlone) {
  // Readings a third of the codes and a third higher: a line mends that wherever it is fitted.
  const UnitScores bent = unit_protocol(planted(1 / 3.0, 1 / 3.0, 0, 3), kPeople, {}).value();
  EXPECT_LT(bent.as_said.icc->value, 0.8);
  EXPECT_NEAR(bent.fitted.icc->value, 1, 1e-9);
  EXPECT_EQ(bent.fitted.f1->value, 1);
  // One person's readings say the opposite of everybody else's. Had they been fitted on, the line would know.
  auto frames = planted(1, 0, 0, 4);
  for (UnitFrame& frame : frames)
    if (frame.subject == 5) frame.said = 5 - frame.truth;
  std::vector<UnitFrame> without;
  for (const UnitFrame& frame : frames)
    if (frame.subject != 5) without.push_back(frame);
  const UnitScores alone = unit_protocol(frames, kPeople, {.folds = 6}).value();
  EXPECT_GT(alone.fitted.mae->value, 0.3) << "the odd person is wrong in the fold that tests them";
  EXPECT_NEAR(unit_protocol(without, kPeople, {.folds = 5}).value().fitted.mae->value, 0, 1e-9);
}

TEST(UnitProtocol, OfReadingsThatKnowNothingIsNothing) {
  auto frames = planted(1, 0, 0, 5);
  Random random(6);
  for (UnitFrame& frame : frames) frame.said = 5 * random.unit();
  const UnitScores scores = unit_protocol(frames, kPeople, {}).value();
  EXPECT_LT(std::abs(scores.as_said.icc->value), 0.1);
  EXPECT_LE(scores.as_said.icc->interval->low, 0.05);
}

TEST(UnitProtocol, OfOccurrenceHasF1Alone) {
  std::vector<UnitFrame> frames;
  for (std::uint32_t subject = 0; subject < 4; ++subject)
    for (int i = 0; i < 10; ++i) frames.push_back({subject, i < 5 ? 1.0 : 0.0, i < 4 ? 3.0 : 0.5});
  const UnitScores scores = unit_protocol(frames, kPeople, {.folds = 2, .occurrence = true, .present_from = 1}).value();
  EXPECT_FALSE(scores.as_said.icc || scores.as_said.mae);
  EXPECT_NEAR(scores.as_said.f1->value, 2 * 4 / (2 * 4 + 0 + 1.0), 1e-12);
  EXPECT_EQ(scores.present, 20U);
}

TEST(UnitProtocol, RefusesWhatItCannotScore) {
  EXPECT_FALSE(unit_protocol({}, kPeople, {}));
  const std::vector<UnitFrame> one{{0, 1, 1}, {0, 2, 2}};
  EXPECT_FALSE(unit_protocol(one, kPeople, {})) << "three folds of one person";
  const std::vector<UnitFrame> outside{{0, 6, 1}, {1, 1, 1}, {2, 1, 1}};
  EXPECT_FALSE(unit_protocol(outside, kPeople, {}));
  const std::vector<UnitFrame> stranger{{0, 1, 1}, {1, 1, 1}, {9, 1, 1}};
  EXPECT_FALSE(unit_protocol(stranger, kPeople, {}));
}

}  // namespace
}  // namespace vultus::evaluation

// vultus calibrate and bench identify from the outside, and answers before and after a calibration.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

Json one_object(const Answer& answer) {
  EXPECT_EQ(answer.code, 0) << answer.err;
  const auto lines = json_lines(answer.out);
  EXPECT_THAT(lines, SizeIs(1));
  return lines.empty() ? Json() : lines[0];
}

TEST(Calibrate, MeasuresACohortAndEveryAnswerRestsOnItFromThenOn) {
  const World world;
  world.enroll_people();
  world.make_cohort();
  const Json before = one_object(world.vultus({"identify", "people.vgal", "b.jpg", "--json"}));
  EXPECT_EQ(before["calibration"], "preset");
  EXPECT_GT(before["probability"].get<double>(), 0.99);
  const Json made = one_object(world.vultus({"calibrate", "people.vgal", "--fmr", "0.1", "--cohort", "cohort",
                                             "--groups", "groups.csv", "--report", "calibration.html", "--json"}));
  EXPECT_LE(made["fmr"].get<double>(), 0.1);
  EXPECT_EQ(made["impostor_pairs"], 42);  // (10 * 10 - 3 * 3 - 7) / 2
  EXPECT_EQ(made["mated_pairs"], 3);
  ASSERT_THAT(made["interval"], SizeIs(2));
  EXPECT_LE(made["interval"][0].get<double>(), made["fmr"].get<double>());
  EXPECT_GE(made["interval"][1].get<double>(), made["fmr"].get<double>());
  EXPECT_EQ(made["open_set"]["protocol"], "cohort against the gallery");
  EXPECT_EQ(made["open_set"]["people"], 2);
  EXPECT_EQ(made["groups"][0]["column"], "photographer");
  EXPECT_EQ(made["groups"][0]["groups"][1]["people"], 6);
  EXPECT_THAT(read_bytes(world / "calibration.html"), HasSubstr("</html>"));

  const Json after = one_object(world.vultus({"identify", "people.vgal", "b.jpg", "--json"}));
  EXPECT_EQ(after["calibration"], "gallery");
  EXPECT_NEAR(after["threshold"].get<double>(), made["threshold"].get<double>(), 1e-5);
  EXPECT_NEAR(after["fmr"].get<double>(), made["fmr"].get<double>(), 1e-3);
  EXPECT_GT(after["probability"].get<double>(), 0.5);
  // What ten pictures cannot show, the preset's public data does.
  const Json strict = one_object(world.vultus({"identify", "people.vgal", "b.jpg", "--json", "--fmr", "1e-4"}));
  EXPECT_EQ(strict["calibration"], "preset");
  EXPECT_DOUBLE_EQ(strict["fmr"].get<double>(), 1e-4);
  const Json verified = one_object(world.vultus({"verify", "a.jpg", "b.jpg", "--gallery", "people.vgal", "--json"}));
  EXPECT_EQ(verified["calibration"], "gallery");
  EXPECT_EQ(one_object(world.vultus({"verify", "a.jpg", "b.jpg", "--json"}))["calibration"], "preset");
  const Json& curve = made["probability"];
  const double logit =
      curve["slope"].get<double>() * verified["similarity"].get<double>() + curve["intercept"].get<double>();
  EXPECT_NEAR(verified["probability"].get<double>(), 1 / (1 + std::exp(-logit)), 1e-3);
  EXPECT_THAT(world.vultus({"identify", "people.vgal", "b.jpg"}).out, HasSubstr("the cohort cohort"));
}

TEST(Calibrate, IsStaleWhenTheGalleryHasGrownByATenth) {
  const World world;
  world.enroll_people();
  world.make_cohort();
  ASSERT_EQ(world.vultus({"calibrate", "people.vgal", "--fmr", "0.1", "--cohort", "cohort"}).code, 0);
  EXPECT_FALSE(one_object(world.vultus({"identify", "people.vgal", "b.jpg", "--json"})).contains("calibration_stale"));
  ASSERT_EQ(world.vultus({"enroll", "people.vgal", "cohort/S1/1.jpg", "--subject", "New", "--largest"}).code, 0);
  const Json stale = one_object(world.vultus({"identify", "people.vgal", "b.jpg", "--json"}));
  EXPECT_EQ(stale["calibration_stale"], true);
  EXPECT_THAT(world.vultus({"identify", "people.vgal", "b.jpg"}).out, HasSubstr("repeat vultus calibrate"));
}

TEST(Calibrate, RefusesWhatThePicturesCannotShowAndKeepsNothing) {
  const World world;
  world.enroll_people();
  const Answer answer = world.vultus({"calibrate", "people.vgal", "--fmr", "0.1", "--json"});
  EXPECT_EQ(answer.code, 3);
  EXPECT_EQ(answer.out, "");
  EXPECT_THAT(answer.err, HasSubstr("needs at least 30 pairs of different people, there are 1"));
  EXPECT_EQ(world.vultus({"calibrate", "people.vgal", "--fmr", "2"}).code, 3);
  EXPECT_EQ(world.vultus({"calibrate", "people.vgal"}).code, 2);
  EXPECT_EQ(world.vultus({"calibrate", "none.vgal", "--fmr", "0.1"}).code, 4);
  EXPECT_EQ(world.vultus({"calibrate", "people.vgal", "--fmr", "0.1", "--cohort", "nowhere"}).code, 4);
  EXPECT_EQ(one_object(world.vultus({"identify", "people.vgal", "b.jpg", "--json"}))["calibration"], "preset");
}

TEST(Calibrate, ADryRunLeavesTheGalleryAsItIs) {
  const World world;
  world.enroll_people();
  world.make_cohort();
  const Answer answer = world.vultus({"calibrate", "people.vgal", "--fmr", "0.1", "--cohort", "cohort", "--dry-run"});
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("Nothing was kept."));
  EXPECT_EQ(one_object(world.vultus({"identify", "people.vgal", "b.jpg", "--json"}))["calibration"], "preset");
}

TEST(BenchIdentify, TellsTheNumbersThatScriptsReadFixed) {
  const World world;
  world.make_cohort();
  world.copy(samples().biden, "cohort/B/2.jpg");
  const Json result =
      one_object(world.vultus({"bench", "identify", "--images", "cohort", "--json", "--degrade", "--degrade-pictures",
                               "10", "--report", "page.html", "--plots", "plots"}));
  EXPECT_EQ(result["splits"], 20);
  EXPECT_EQ(result["enrolled"], 1);
  EXPECT_DOUBLE_EQ(result["rank1"].get<double>(), 1) << "one person is enrolled";
  EXPECT_TRUE(result["dir_at_fpir"]["0.01"].is_null()) << "ten pictures cannot show a rate of 1 in 100";
  EXPECT_TRUE(result["dir_at_fpir"]["0.001"].is_null());
  EXPECT_EQ(result["degraded"]["curves"]["blur"]["rows"].size(), 7U);
  EXPECT_THAT(read_bytes(world / "page.html"), HasSubstr("</html>"));
  EXPECT_THAT(read_bytes(world / "plots/identification_occlusion.svg"), ::testing::StartsWith("<svg"));
  const Answer none = world.vultus({"bench", "identify", "--images", "people"});
  EXPECT_EQ(none.code, 3);
  EXPECT_THAT(none.err, HasSubstr("needs 2 people with two pictures"));
}

}  // namespace
}  // namespace vultus::e2e

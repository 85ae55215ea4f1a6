// vultus audit through the program: what scripts read, and what it leaves alone.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;

TEST(AuditRecogniser, EndsTheCurveOfAGroupAtItsFirstRateOfZero) {
  const World world;
  world.make_cohort();
  // All but one in one group: three mated pairs, 33 of different people.
  world.write("groups.csv", "subject,wing\nA,old\nB,old\nS1,old\nS2,old\nS3,old\nS4,old\nS5,old\nS6,new\n");
  const Answer answer =
      world.vultus({"audit", "recogniser", "cohort", "--attributes", "groups.csv", "--fmr", "0.1", "--json", "-q"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  std::size_t curves = 0;
  const Json told = json_lines(answer.out).at(0);
  for (const Json& attribute : told.at("attributes"))
    for (const Json& group : attribute.at("groups")) {
      const Json& det = group.at("det");
      curves += det.size() > 1 ? 1 : 0;
      for (std::size_t i = 1; i < det.size(); ++i) {
        EXPECT_LE(det[i].at("fmr").get<double>(), det[i - 1].at("fmr").get<double>() / 2 + 1e-9) << i;  // nine digits
        EXPECT_GT(det[i - 1].at("fmr").get<double>(), 0) << i;
      }
    }
  EXPECT_EQ(curves, 1U);
}

TEST(AuditInduce, DoesNotReplaceTheTableThatItReads) {
  const World world;
  std::string moods = "file,gender,y_true\n";
  for (int i = 0; i < 40; ++i)
    moods += std::to_string(i) + (i % 3 == 0 ? ",Male," : ",Female,") + (i % 2 == 0 ? "happy\n" : "sad\n");
  world.write("moods.csv", moods);
  const Answer answer = world.shell(
      "vultus audit induce moods.csv --group gender --label y_true --of Female --fraction 0.8 -o ./moods.csv");
  EXPECT_EQ(answer.code, 3);
  EXPECT_THAT(answer.err, HasSubstr("./moods.csv: is an input, and what is written would replace it"));
  EXPECT_EQ(read_bytes(world / "moods.csv"), moods);
}

TEST(BenchAu, RefusesACodeFromWhichEveryUnitIsThere) {
  const World world;
  world.write("coded.csv", "subject,timeline,labels\n");
  const Answer answer = world.vultus({"bench", "au", "coded.csv", "--present-from", "0"});
  EXPECT_EQ(answer.code, 3);
  EXPECT_THAT(answer.err, HasSubstr("above 0 is wanted"));
}

TEST(BenchMetrics, EveryNumberHasItsNameAndWhatItRestsOn) {
  const World world;
  world.write("k.csv", "truth,predicted,subject\na,a,1\na,b,2\nb,b,3\nb,b,4\n");
  const Answer answer = world.vultus({"bench", "metrics", "k.csv", "--groups", "subject", "--json"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const Json figures = json_lines(answer.out).at(0).at("figures");
  ASSERT_FALSE(figures.empty());
  for (const Json& figure : figures)
    for (const char* key : {"name", "value", "interval", "groups", "group_kind", "samples", "draws", "seed"})
      EXPECT_TRUE(figure.contains(key)) << key << " in " << figure.dump();
  EXPECT_EQ(figures.at(0).at("name"), "accuracy");
  EXPECT_EQ(figures.at(0).at("value"), 0.75);
  EXPECT_EQ(figures.at(0).at("group_kind"), "subject");
}

TEST(BenchMetrics, MeasuresAndDrawsScoredPairs) {
  const World world;
  std::string pairs = "first,second,score\n";
  for (int i = 0; i < 9; ++i)
    for (int j = i; j < 9; ++j) pairs += fmt::format("p{},p{},{}\n", i, j, i == j ? 0.9 : 0.1);
  world.write("pairs.csv", pairs);
  const Answer answer =
      world.vultus({"bench", "metrics", "pairs.csv", "--task", "verification", "--plots", "drawn", "--json"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const Json figures = json_lines(answer.out).at(0).at("figures");
  EXPECT_EQ(figures.at(0).at("name"), "EER");
  EXPECT_EQ(figures.at(0).at("value"), 0);
  EXPECT_EQ(figures.at(0).at("group_kind"), "persons");
  for (const char* name : {"drawn/roc.svg", "drawn/det.svg"})
    EXPECT_EQ(read_bytes(world / name).rfind("<svg", 0), 0U) << name;
  EXPECT_EQ(world
                .vultus({"bench", "metrics", "pairs.csv", "--task", "text", "--truth", "first", "--predicted", "second",
                         "--plots", "drawn"})
                .code,
            3);
}

}  // namespace
}  // namespace vultus::e2e

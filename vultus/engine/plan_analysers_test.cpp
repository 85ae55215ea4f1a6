#include <vultus/engine/analyser_catalogue.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

AnalyserRow row(const std::string& id, std::vector<std::string> reads, std::vector<std::string> writes,
                bool by_default = true) {
  AnalyserInfo info{.id = id, .help = id, .reads = {}, .writes = {}, .evidence = {}};
  for (std::string& channel : reads) info.reads.emplace_back(std::move(channel));
  for (std::string& channel : writes) info.writes.push_back({ChannelId(std::move(channel)), "1", "a test"});
  return {.by_default = by_default, .info = [info] { return info; }, .make = nullptr};
}

// speech reads mouth, which reads landmarks; blink reads landmarks; age reads nothing and is dear.
std::vector<AnalyserRow> catalogue() {
  return {row("speech", {"mouth.open"}, {"speech.speaking"}), row("blink", {"landmarks.68"}, {"blink.closed"}),
          row("mouth", {"landmarks.68"}, {"mouth.open", "mouth.width"}), row("landmarks", {}, {"landmarks.68"}),
          row("age", {}, {"age.years"}, false)};
}

Result<std::vector<std::size_t>> plan(std::vector<std::string> wanted) {
  const auto rows = catalogue();
  return plan_analysers(rows, wanted);
}

TEST(AnalyserPlan, PutsWhoIsReadBeforeWhoReads) {
  EXPECT_THAT(plan({"speech"}).value(), ElementsAre(3, 2, 0));
  EXPECT_THAT(plan({"blink"}).value(), ElementsAre(3, 1));
}

TEST(AnalyserPlan, TakesChannelsForTheirAnalysersAndEachOnce) {
  EXPECT_THAT(plan({"mouth.width", "mouth.open", "mouth", "landmarks.68"}).value(), ElementsAre(3, 2));
}

TEST(AnalyserPlan, WithoutNamesIsWhatRunsByDefault) {
  EXPECT_THAT(plan({}).value(), ElementsAre(3, 2, 0, 1));
  EXPECT_THAT(plan({"all"}).value(), ElementsAre(3, 2, 0, 1, 4));
  EXPECT_THAT(plan({"none"}).value(), IsEmpty());
}

TEST(AnalyserPlan, TellsTheNearestNameOfAnUnknownOne) {
  const auto wrong = plan({"blnik"});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(wrong.error().message, "no analyser and no channel is called \"blnik\"; the nearest is \"blink\"");
  EXPECT_THAT(plan({"mouth.opne"}).error().message, HasSubstr("\"mouth.open\""));
}

TEST(AnalyserPlan, RefusesACatalogueThatIsWrong) {
  const auto error = [](std::vector<AnalyserRow> rows, const std::string& id) {
    return plan_analysers(rows, std::vector{id}).error();
  };
  const Error twice = error({row("a", {}, {"x"}), row("b", {}, {"x"})}, "a");
  EXPECT_EQ(twice.code, ErrorCode::internal);
  EXPECT_THAT(twice.message, HasSubstr("written by a and by b"));
  EXPECT_THAT(error({row("a", {"y"}, {"x"})}, "a").message, HasSubstr("which nobody writes"));
  EXPECT_THAT(error({row("a", {"y"}, {"x"}), row("b", {"x"}, {"y"})}, "a").message, HasSubstr("writes itself"));
  EXPECT_THAT(error({row("a", {}, {"x"}), row("a", {}, {"y"})}, "a").message, HasSubstr("two analysers"));
}

TEST(AnalyserPlan, LeavesOutWhatMayNotRunAndWhoReadsIt) {
  auto rows = catalogue();
  rows[2].models = {ModelId("lips")};    // mouth, which speech reads
  rows[3].models = {ModelId("points")};  // landmarks, which may run
  auto planned = plan_analysers(rows, {}).value();
  const auto may_run = [](const ModelId& id) -> Status {
    return id == ModelId("lips") ? Status(fail(ErrorCode::unsupported, "lips: not free")) : Status();
  };
  const Status refused = require_all(rows, planned, may_run);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
  EXPECT_THAT(refused.error().message, HasSubstr("analyser mouth: lips: not free"));
  EXPECT_THAT(
      leave_out(rows, planned, may_run),
      ElementsAre("mouth is not measured: lips: not free", "not measured because they read what is not there: speech"));
  EXPECT_THAT(planned, ElementsAre(3, 1)) << "landmarks and blink";
  EXPECT_TRUE(require_all(rows, planned, may_run));
  EXPECT_THAT(leave_out(rows, planned, may_run), IsEmpty());
}

TEST(AnalyserCatalogue, IsOneThatCanBePlanned) {
  const std::vector<std::string> all{"all"};
  const auto planned = plan_analysers(analyser_catalogue(), all);
  ASSERT_TRUE(planned) << planned.error().message;
  EXPECT_EQ(planned->size(), analyser_catalogue().size());
}

}  // namespace
}  // namespace vultus::engine

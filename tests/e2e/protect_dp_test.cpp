// vultus protect dp-video from the outside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/clips.hpp>
#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;

TEST(ProtectDpVideo, ATinyEpsilonHidesWhomAHugeOneShows) {
  const World world;
  make_clip(world, "clip.mp4", 30);
  const std::vector<std::string> common{"protect", "dp-video",   "clip.mp4", "--unit", "block",
                                        "--side",  "256",        "--block",  "8",      "--dimensions",
                                        "192",     "--contrast", "127.5",    "--json", "-q"};
  std::vector<std::string> tiny = common, huge = common;
  for (const char* one : {"-o", "tiny.mp4", "--eps", "1", "--rank", "4"}) tiny.emplace_back(one);
  for (const char* one : {"-o", "huge.mp4", "--eps", "100000", "--rank", "192"}) huge.emplace_back(one);
  const Answer hidden = world.vultus(tiny), shown = world.vultus(huge);
  ASSERT_EQ(hidden.code, 0) << hidden.err;
  ASSERT_EQ(shown.code, 0) << shown.err;
  const Json less = json_lines(hidden.out).at(0), more = json_lines(shown.out).at(0);
  EXPECT_GT(more["identifiability"]["samples"].get<int>(), 5);
  EXPECT_EQ(more["identifiability"]["before"].get<double>(), 1);
  EXPECT_EQ(more["identifiability"]["after"].get<double>(), 1);
  EXPECT_EQ(less["identifiability"]["after"].get<double>(), 0);
  EXPECT_GT(more["utility"]["psnr_db"].get<double>(), less["utility"]["psnr_db"].get<double>() + 5);
  const Json &left = more["utility"]["expression"], &gone = less["utility"]["expression"];
  EXPECT_GT(left["compared"].get<int>(), 20);
  EXPECT_GT(left["agreement"].get<double>(), .5);
  EXPECT_LT(left["probability_difference"].get<double>(), .2);
  EXPECT_EQ(left["frames"], gone["frames"]) << "of the original";
  EXPECT_EQ(gone["compared"], 0) << "noise shows no face";
  EXPECT_TRUE(gone["agreement"].is_null());
  EXPECT_THAT(gone["reason"].get<std::string>(), HasSubstr("no face is found in the release"));
  EXPECT_TRUE(less["audit"]["passed"].get<bool>());
  EXPECT_TRUE(world.vultus({"track", "huge.mp4", "-q"}).code == 0);
}

TEST(ProtectDpVideo, SaysWhatItPromisesAndWhatNot) {
  const World world;
  make_clip(world, "clip.mp4", 20);
  const Answer answer = world.vultus({"protect", "dp-video", "clip.mp4", "-o", "out.mp4", "--eps", "2", "--budget",
                                      "0.5", "--videos", "3", "--json", "-q"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const Json report = json_lines(answer.out).at(0);
  const Json& privacy = report["privacy"];
  EXPECT_EQ(privacy["unit"], "frame");
  EXPECT_EQ(privacy["relation"], "add-remove");
  EXPECT_NEAR(privacy["projection"]["epsilon"].get<double>(), 1, 1e-9);
  EXPECT_NEAR(privacy["composition"]["basic"]["epsilon"].get<double>(), 6, 1e-9);
  EXPECT_LT(privacy["composition"]["gaussian"]["epsilon"].get<double>(), 6);
  EXPECT_EQ(privacy["everything_filmed"]["units"], 20);
  EXPECT_GT(privacy["everything_filmed"]["epsilon"].get<double>(), 2);
  EXPECT_THAT(report["warning"].get<std::string>(), HasSubstr("no privacy guarantee"));
  EXPECT_TRUE(report["utility"]["pulse_before"]["bpm"].is_null()) << "the clip is too short for a pulse";
  const Answer text = world.vultus({"protect", "dp-video", "clip.mp4", "-o", "out.mp4", "-q"});
  EXPECT_THAT(text.out, HasSubstr("for one frame"));
  EXPECT_THAT(text.out, HasSubstr("Who is in all 20 units"));
  EXPECT_THAT(text.out, HasSubstr("Expression: "));
}

TEST(ProtectDpVideo, ForCommercialUseNoExpressionIsReadAndTheReportSaysWhy) {
  const World world;
  make_clip(world, "clip.mp4", 10);
  const Answer answer =
      world.vultus({"protect", "dp-video", "clip.mp4", "-o", "out.mp4", "--commercial-only", "--json", "-q"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const Json expression = json_lines(answer.out).at(0)["utility"]["expression"];
  EXPECT_TRUE(expression["model"].is_null());
  EXPECT_EQ(expression["frames"], 0);
  EXPECT_THAT(expression["reason"].get<std::string>(), HasSubstr("expression_pairwise"));
}

TEST(ProtectDpVideo, RefusesWhatHasNoMeaning) {
  const World world;
  make_clip(world, "clip.mp4", 10);
  for (const std::vector<std::string>& more : std::vector<std::vector<std::string>>{{"-o", "clip.mp4"},
                                                                                    {"-o", "x.mp4", "--eps", "0"},
                                                                                    {"-o", "x.mp4", "--delta", "0.9"},
                                                                                    {"-o", "x.mp4", "--budget", "1"},
                                                                                    {"-o", "x.mp4", "--unit", "block"},
                                                                                    {"-o", "x.mp4", "--side", "1"},
                                                                                    {"-o", "x.mp4", "--rank", "65"},
                                                                                    {"-o", "x.txt"}}) {
    std::vector<std::string> command{"protect", "dp-video", "clip.mp4"};
    command.insert(command.end(), more.begin(), more.end());
    const Answer answer = world.vultus(command);
    EXPECT_NE(answer.code, 0) << more.back();
    EXPECT_FALSE(answer.err.empty());
  }
  EXPECT_EQ(world.vultus({"protect", "dp-video", "none.mp4", "-o", "x.mp4"}).code, 4) << "not found";
}

}  // namespace
}  // namespace vultus::e2e

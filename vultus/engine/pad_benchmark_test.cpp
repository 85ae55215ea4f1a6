// Numbers of a benchmark of attacks by hand, and what is read from folders.
#include <vultus/engine/pad_benchmark.hpp>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>

namespace vultus::engine {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

ScoredFile scored_file(const std::string& species, std::optional<double> live, double saturation = 0.5) {
  static int number = 0;
  const std::string path = species + std::to_string(++number) + ".png";
  ScoredFile one{.file = {.path = path, .species = species, .group = path},
                 .reading = {},
                 .found = true,
                 .saturation = saturation,
                 .error = {}};
  one.reading.live = live;
  one.reading.reason = live ? liveness::judged(*live, {}) : liveness::Reason::too_small;
  return one;
}

PadOptions quick_options() {
  PadOptions options;
  options.real = "real", options.fake = "fake";
  options.bootstrap.draws = 100;
  return options;
}

TEST(PadResult, EqualsTheKnownAnswer) {
  std::vector<ScoredFile> files;
  for (int i = 0; i < 40; ++i) files.push_back(scored_file("", i < 2 ? 0.2 : 0.9, 0.8));
  for (int i = 0; i < 50; ++i) files.push_back(scored_file("replay", i < 3 ? 0.9 : 0.1, 0.1));
  for (int i = 0; i < 20; ++i) files.push_back(scored_file("print", 0.1, 0.1));
  files.push_back(scored_file("print", std::nullopt));
  files.push_back(scored_file("", std::nullopt));
  const PadResult result = pad_result(files, quick_options()).value();
  // 3 of 50 replays pass, no print; 2 of 40 people are turned away.
  EXPECT_NEAR(result.apcer->value, 0.06, 1e-12);
  EXPECT_NEAR(result.bpcer->value, 0.05, 1e-12);
  EXPECT_NEAR(result.acer->value, 0.055, 1e-12);
  EXPECT_NEAR(result.hter->value, (3.0 / 70 + 0.05) / 2, 1e-12);
  ASSERT_EQ(result.species.size(), 2U);
  EXPECT_EQ(result.species[0].name, "print");
  EXPECT_EQ(result.species[0].apcer.value, 0);
  EXPECT_EQ(result.species[1].passed, 3);
  EXPECT_NEAR(result.bpnrr, 1.0 / 41, 1e-12);
  EXPECT_NEAR(result.apnrr, 1.0 / 71, 1e-12);
  ASSERT_TRUE(result.apcer->interval);
  EXPECT_LT(result.apcer->interval->low, 0.06);
  EXPECT_GT(result.apcer->interval->high, 0.06);
  // Above 0.1 there are 6 % of the replays and all people; fewer replays pass only above 0.9, where nobody is.
  ASSERT_EQ(result.bpcer_at.size(), 3U);
  EXPECT_EQ(result.bpcer_at[0].apcer, 0.1);
  EXPECT_EQ(result.bpcer_at[0].bpcer.value, 0);
  EXPECT_EQ(result.bpcer_at[1].bpcer.value, 1);
  EXPECT_EQ(result.bpcer_at[2].apcer, 0.01);
  EXPECT_EQ(result.bpcer_at[2].bpcer.value, 1);
  EXPECT_GT(result.bpcer_at[2].threshold, 0.9);
  ASSERT_TRUE(result.bpcer_at[0].bpcer.interval);
  EXPECT_EQ(result.bpcer_at[0].bpcer.interval->low, 0);
  EXPECT_EQ(result.bpcer_at[0].bpcer.interval->high, 1) << "in some draws more than 10 % of the replays lie above 0.9";
  // Colour alone tells nearly all of them.
  EXPECT_GT(result.saturation->auc, 0.97);
}

TEST(PadResult, ThePersonOfManyPicturesIsOneGroup) {
  std::vector<ScoredFile> files;
  for (int i = 0; i < 60; ++i) {
    files.push_back(scored_file("", i % 2 == 0 ? 0.9 : 0.1));
    files.back().file.group = i < 30 ? "ada" : "grace";
    files.push_back(scored_file("replay", 0.1));
  }
  const PadResult result = pad_result(files, quick_options()).value();
  EXPECT_EQ(result.groups, 62);
}

TEST(PadResult, AFamilyThatWasLeftOutHasNoPartInItsThreshold) {
  std::vector<ScoredFile> files;
  for (int i = 0; i < 40; ++i) files.push_back(scored_file("", 0.8));
  for (int i = 0; i < 20; ++i) files.push_back(scored_file("easy", 0.1));
  for (int i = 0; i < 20; ++i) files.push_back(scored_file("hard", 0.85));
  PadOptions options = quick_options();
  options.leave_one_family_out = true;
  const PadResult result = pad_result(files, options).value();
  ASSERT_EQ(result.families.size(), 2U);
  EXPECT_EQ(result.families[1].name, "hard");
  // The threshold that easy attacks choose lies at the people's score; hard ones lie above it and all pass.
  EXPECT_DOUBLE_EQ(result.families[1].threshold, 0.8);
  EXPECT_EQ(result.families[1].apcer.value, 1);
  EXPECT_EQ(result.families[1].bpcer.value, 0);
  EXPECT_NEAR(result.families[1].acer.value, 0.5, 1e-12);
  for (const PadRate& rate : {result.families[1].apcer, result.families[1].bpcer, result.families[1].acer}) {
    ASSERT_TRUE(rate.interval);
    EXPECT_LE(rate.interval->low, rate.value);
    EXPECT_GE(rate.interval->high, rate.value);
  }
  std::erase_if(files, [](const ScoredFile& one) { return one.file.species == "hard"; });
  EXPECT_THAT(pad_result(files, options).error().message, HasSubstr("at least 2 kinds"));
}

TEST(PadResult, ASideWithoutScoresHasNoRates) {
  std::vector<ScoredFile> files{scored_file("", std::nullopt), scored_file("replay", 0.5)};
  const PadResult result = pad_result(files, quick_options()).value();
  EXPECT_FALSE(result.apcer);
  EXPECT_EQ(result.bpnrr, 1);
  files.erase(files.begin());
  EXPECT_EQ(pad_result(files, quick_options()).error().code, ErrorCode::invalid_argument);
}

TEST(PadScores, AreARowAFile) {
  std::vector<ScoredFile> files{scored_file("", 0.9), scored_file("replay", std::nullopt)};
  files[1].found = false;
  const std::string csv = pad_scores_csv(files);
  EXPECT_THAT(csv, HasSubstr("0.9,live,live"));
  EXPECT_THAT(csv, HasSubstr("unknown,no_face"));
}

TEST(PresentedFiles, FoldersNameTheKindAndWhatBelongsTogether) {
  const TestFolder folder;
  const auto put = [&](const std::string& name) {
    fs::create_directories((fs::path(folder.path()) / name).parent_path());
    std::ofstream(fs::path(folder.path()) / name) << "x";
  };
  for (const char* name :
       {"replay/ada/1.png", "replay/ada/2.png", "print/3.jpg", "4.png", "replay/clip.mp4", "notes.txt"})
    put(name);
  const auto attacks = presented_files(folder.path().string(), true).value();
  ASSERT_EQ(attacks.size(), 5U);
  EXPECT_EQ(attacks[0].species, "attack");
  EXPECT_EQ(attacks[1].species, "print");
  EXPECT_EQ(attacks[1].group, attacks[1].path);
  EXPECT_EQ(attacks[2].species, "replay");
  EXPECT_EQ(attacks[2].group, "replay/ada");
  EXPECT_EQ(attacks[2].group, attacks[3].group);
  EXPECT_EQ(attacks[4].species, "replay");
  const auto people = presented_files(folder.path().string(), false).value();
  for (const PresentedFile& one : people) EXPECT_TRUE(one.species.empty());
  EXPECT_EQ(people[1].group, "/print");
  EXPECT_EQ(presented_files((folder.path() / "nothing").string(), false).error().code, ErrorCode::not_found);
  EXPECT_FALSE(is_planted(folder.path().string()));
  std::ofstream(fs::path(folder.path()) / "truth.json") << R"({"planted": true})";
  EXPECT_TRUE(is_planted((fs::path(folder.path()) / "replay").string()));
}

TEST(MeanSaturation, IsThatOfTheBox) {
  Image image = Image::create(4, 1, PixelFormat::rgb8).value();
  const std::array<std::uint8_t, 12> pixels{200, 100, 150, 50, 50, 50, 0, 0, 0, 255, 0, 0};
  std::ranges::copy(pixels, image.row(0));
  EXPECT_NEAR(*mean_saturation(image.view(), {0, 0, 1, 1}), 0.5, 1e-12);
  EXPECT_NEAR(*mean_saturation(image.view(), {0, 0, 4, 1}), 1.5 / 4, 1e-12);
  EXPECT_FALSE(mean_saturation(image.view(), {9, 0, 4, 1}));
}

}  // namespace
}  // namespace vultus::engine

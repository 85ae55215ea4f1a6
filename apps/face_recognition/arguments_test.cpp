#include <apps/face_recognition/arguments.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::compat {
namespace {

using ::testing::HasSubstr;

TEST(RecognitionArguments, HaveTheDefaultsOfThePackage) {
  RecognitionArguments read;
  ASSERT_TRUE(parse({"known", "photo.jpg"}, read).go_on);
  EXPECT_EQ(read.known, "known");
  EXPECT_EQ(read.probe, "photo.jpg");
  EXPECT_EQ(read.cpus, 1);
  EXPECT_EQ(read.tolerance, 0.6);
  EXPECT_FALSE(read.show_distance);
}

TEST(RecognitionArguments, TakeEverySpellingOfYesAndNo) {
  for (const auto& [word, wanted] : std::vector<std::pair<std::string, bool>>{{"true", true},
                                                                              {"True", true},
                                                                              {"1", true},
                                                                              {"yes", true},
                                                                              {"false", false},
                                                                              {"0", false},
                                                                              {"OFF", false}}) {
    RecognitionArguments read{.show_distance = !wanted};
    ASSERT_TRUE(parse({"known", "--show-distance", word, "photo.jpg"}, read).go_on) << word;
    EXPECT_EQ(read.show_distance, wanted) << word;
  }
}

TEST(RecognitionArguments, OptionsMayStandAnywhere) {
  RecognitionArguments read;
  ASSERT_TRUE(parse({"--cpus", "-1", "known", "photos", "--tolerance", "0.55"}, read).go_on);
  EXPECT_EQ(read.cpus, -1);
  EXPECT_EQ(read.tolerance, 0.55);
}

TEST(RecognitionArguments, WrongUsageEndsWithTwo) {
  using Words = std::vector<std::string>;
  for (const Words& words : {Words{},
                             {"known"},
                             {"a", "b", "c"},
                             {"a", "b", "--cpus", "0"},
                             {"a", "b", "--cpus", "-2"},
                             {"a", "b", "--tolerance", "x"},
                             {"a", "b", "--show-distance", "maybe"},
                             {"a", "b", "--no"}}) {
    RecognitionArguments read;
    const ParseEnd end = parse(words, read);
    EXPECT_FALSE(end.go_on) << ::testing::PrintToString(words);
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.text, HasSubstr("Error: "));
  }
}

TEST(RecognitionArguments, HelpIsNoError) {
  RecognitionArguments read;
  const ParseEnd end = parse({"--help"}, read);
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_THAT(end.text, HasSubstr("Show this message and exit."));
}

TEST(DetectionArguments, HaveTheDefaultsOfThePackage) {
  DetectionArguments read;
  ASSERT_TRUE(parse({"photo.jpg", "--model", "cnn", "--upsample", "1"}, read).go_on);
  EXPECT_EQ(read.model, "cnn");
  EXPECT_EQ(read.upsample, 1);
  EXPECT_EQ(parse({}, read).exit_code, 2);
  EXPECT_THAT(parse({"--help"}, read).text, HasSubstr("Show this message and exit."));
}

}  // namespace
}  // namespace vultus::compat

// What a benchmark of expressions counts: nothing that was not read is right.
#include <vultus/engine/read_expressions.hpp>

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::engine {
namespace {

constexpr std::size_t kHappinessLabel = 3, kNeutralLabel = 6;

ReadPicture picture_with(std::optional<std::size_t> answer) {
  ReadPicture seen{.path = "face.png", .faces = {}, .error = {}};
  ReadFace face;
  if (answer) {
    face.expression.emplace();
    face.expression->best = *answer;
  } else {
    face.reason = "the face is smaller than 24 pixels";
  }
  seen.faces.push_back(std::move(face));
  return seen;
}

ReadPicture broken_picture(const std::string& path, ErrorCode code = ErrorCode::corrupt_data) {
  return {.path = path, .faces = {}, .error = fail(code, path + " is damaged")};
}

TEST(ExpressionBenchmark, AnUnreadFaceIsWrongWhateverItsTruthIs) {
  ExpressionBenchmark run = start_expression_benchmark().value();
  ASSERT_TRUE(count_picture(run, kNeutralLabel, picture_with(std::nullopt)));
  ASSERT_TRUE(count_picture(run, kNeutralLabel, picture_with(kNeutralLabel)));
  ASSERT_TRUE(count_picture(run, kHappinessLabel, picture_with(std::nullopt)));
  ASSERT_TRUE(count_picture(run, kHappinessLabel, picture_with(kHappinessLabel)));
  ASSERT_TRUE(score_pictures(run, {.draws = 200, .seed = 1}));
  EXPECT_EQ(run.pictures, 4);
  EXPECT_EQ(run.unread, 2);
  EXPECT_DOUBLE_EQ(run.scores.accuracy, 0.5);
  EXPECT_DOUBLE_EQ(run.scores.uar, 0.5);
  EXPECT_EQ(run.recalls.at(kNeutralLabel), 0.5);
  EXPECT_EQ(run.recalls.at(0), std::nullopt);
  EXPECT_EQ(run.confusion.at(kNeutralLabel, kNeutralLabel), 1U);
  EXPECT_EQ(run.confusion.at(kNeutralLabel, kUnreadAnswer), 1U);
  EXPECT_EQ(run.confusion.at(kHappinessLabel, kNeutralLabel), 0U);
}

TEST(ExpressionBenchmark, AnUnreadablePictureIsListedAndTheOthersGoOn) {
  ExpressionBenchmark run = start_expression_benchmark().value();
  ASSERT_TRUE(count_picture(run, kNeutralLabel, picture_with(kNeutralLabel)));
  ASSERT_TRUE(count_picture(run, kNeutralLabel, broken_picture("cut.jpg")));
  ASSERT_TRUE(count_picture(run, kHappinessLabel, picture_with(kHappinessLabel)));
  ASSERT_TRUE(score_pictures(run, {.draws = 200, .seed = 1}));
  EXPECT_EQ(run.pictures, 2);
  ASSERT_EQ(run.unreadable.size(), 1U);
  EXPECT_EQ(run.unreadable.front().path, "cut.jpg");
  EXPECT_DOUBLE_EQ(run.scores.accuracy, 1);
}

TEST(ExpressionBenchmark, WhatSaysNothingOfAPictureEndsIt) {
  ExpressionBenchmark run = start_expression_benchmark().value();
  EXPECT_EQ(count_picture(run, 0, broken_picture("a.jpg", ErrorCode::internal)).error().code, ErrorCode::internal);
  EXPECT_EQ(count_picture(run, 0, broken_picture("a.jpg", ErrorCode::cancelled)).error().code, ErrorCode::cancelled);
  ASSERT_TRUE(count_picture(run, 0, broken_picture("a.jpg")));
  const Status none = score_pictures(run, {.draws = 200, .seed = 1});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, ::testing::HasSubstr("a.jpg is damaged"));
}

TEST(ExpressionBenchmark, NetworksAreComparedOnTheSamePicturesAlone) {
  ExpressionBenchmark first = start_expression_benchmark().value(), second = start_expression_benchmark().value();
  for (ExpressionBenchmark* run : {&first, &second})
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(count_picture(*run, 0, picture_with(0)));
  EXPECT_TRUE(compare_expressions(first, second, {.draws = 200, .seed = 1}));
  ASSERT_TRUE(count_picture(first, 0, broken_picture("a.jpg")));
  ASSERT_TRUE(count_picture(second, 0, broken_picture("b.jpg")));
  EXPECT_EQ(compare_expressions(first, second, {.draws = 200, .seed = 1}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::engine

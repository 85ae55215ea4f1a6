#include <apps/cli/face_givens.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>

namespace vultus::cli {
namespace {

using ::testing::HasSubstr;

class FaceGivensFolder : public ::testing::Test {
 protected:
  [[nodiscard]] std::string rest() const { return (folder_ / "rest.json").string(); }

 private:
  TestFolder folder_;
};

std::string text_in(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

GivenSettings camera_settings(std::vector<double> numbers) {
  return {.intrinsics = std::move(numbers), .neutral = {}, .save_neutral = {}};
}

TEST(FaceGivens, ACameraHasTwoNumbersOrFour) {
  EXPECT_TRUE(FaceGivens::load({}, Originals(), false).value().givens().camera.empty());
  EXPECT_EQ(FaceGivens::load(camera_settings({700, 650}), Originals(), false).value().givens().camera,
            (face::KnownCamera{.fx = 700, .fy = 650, .cx = {}, .cy = {}}));
  EXPECT_EQ(FaceGivens::load(camera_settings({700, 650, 320, 240}), Originals(), false).value().givens().camera,
            (face::KnownCamera{.fx = 700, .fy = 650, .cx = 320, .cy = 240}));
  for (const auto& wrong : {camera_settings({700}), camera_settings({700, 650, 320}), camera_settings({0, 650}),
                            camera_settings({700, 650, NAN, 240})}) {
    const auto made = FaceGivens::load(wrong, Originals(), false);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(made.error().message, HasSubstr("--intrinsics"));
  }
}

TEST_F(FaceGivensFolder, TheFaceThatWasSeenLongestIsSavedAndReadAgain) {
  const std::string path = rest();
  const auto first =
      FaceGivens::load({.intrinsics = {}, .neutral = {}, .save_neutral = path}, Originals(), false).value();
  Console console(-1);
  const Status nobody = first.save(console);
  ASSERT_FALSE(nobody);
  EXPECT_THAT(nobody.error().message, HasSubstr("nobody was measured"));
  EXPECT_FALSE(std::filesystem::exists(path));
  expression::NeutralBaseline brief, lasting;
  brief.seconds = 2, brief.signals.fill(0.1);
  lasting.seconds = 20, lasting.signals.fill(0.2);
  first.givens().learnt(TrackId(1), lasting);
  first.givens().learnt(TrackId(2), brief);
  ASSERT_TRUE(first.save(console));
  const auto second =
      FaceGivens::load({.intrinsics = {}, .neutral = path, .save_neutral = {}}, Originals(), false).value();
  ASSERT_TRUE(second.givens().baseline);
  EXPECT_EQ(*second.givens().baseline, lasting);
}

TEST_F(FaceGivensFolder, NothingIsReplacedUnasked) {
  const std::string path = rest();
  std::ofstream(path) << "mine";
  const GivenSettings settings{.intrinsics = {}, .neutral = {}, .save_neutral = path};
  const auto refused = FaceGivens::load(settings, Originals(), false);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("--force"));
  EXPECT_TRUE(FaceGivens::load(settings, Originals(), true));
  Originals originals;
  originals.add(path);
  EXPECT_FALSE(FaceGivens::load(settings, originals, true));
  EXPECT_EQ(text_in(path), "mine");
}

TEST_F(FaceGivensFolder, WhatIsNoFaceAtRestIsNamed) {
  const std::string path = rest();
  const GivenSettings settings{.intrinsics = {}, .neutral = path, .save_neutral = {}};
  EXPECT_EQ(FaceGivens::load(settings, Originals(), false).error().code, ErrorCode::not_found);
  std::ofstream(path) << "{}";
  const auto wrong = FaceGivens::load(settings, Originals(), false);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(wrong.error().message, HasSubstr(path));
}

}  // namespace
}  // namespace vultus::cli

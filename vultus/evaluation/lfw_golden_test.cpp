// The real pairs file, where the data folder is there.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include <vultus/evaluation/lfw.hpp>

namespace vultus::evaluation {
namespace {

std::filesystem::path lfw_folder() {
  const char* named = std::getenv("VULTUS_SHARED");
  const std::filesystem::path shared =
      named != nullptr ? std::filesystem::path(named) : std::filesystem::path(VULTUS_SOURCE_DIR) / ".." / "shared";
  return shared / "data" / "lfw";
}

TEST(LfwView2, HasTheCountsOfItsProtocolAndEveryPicture) {
  const std::filesystem::path folder = lfw_folder();
  std::ifstream file(folder / "pairs.txt", std::ios::binary);
  if (!file) GTEST_SKIP() << (folder / "pairs.txt").string() << " is missing (set VULTUS_SHARED)";
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const LfwPairs got = parse_lfw_pairs(text).value();
  // View 2 of the protocol: ten folds of 300 + 300 pairs; the data card counts 7,701 pictures, and
  // `awk 'NF==3{print $1} NF==4{print $1; print $3}' pairs.txt | sort -u | wc -l` counts 4,281 people.
  EXPECT_EQ(got.folds, 10);
  EXPECT_EQ(got.pairs_per_side, 300);
  EXPECT_EQ(got.pairs.size(), 6000U);
  EXPECT_EQ(got.images.size(), 7701U);
  EXPECT_EQ(got.persons.size(), 4281U);
  std::size_t missing = 0;
  for (const LfwImage& image : got.images)
    if (!std::filesystem::exists(folder / "images" / image.path)) ++missing;
  EXPECT_EQ(missing, 0U);
}

}  // namespace
}  // namespace vultus::evaluation

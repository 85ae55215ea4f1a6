#include <apps/face_recognition/files.hpp>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <apps/face_recognition/number_text.hpp>

namespace vultus::compat {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

TEST(Files, OfAFolderAreItsPicturesByNameWithoutFoldersAndOtherFormats) {
  const fs::path folder = fs::temp_directory_path() / ("vultus-files-" + std::to_string(getpid()));
  fs::create_directories(folder / "below.jpg");
  for (const char* name : {"b.JPG", "a.jpeg", "c.bmp", "d.Png", "e.jpg.txt", "below.jpg/f.jpg", "g.gif"})
    std::ofstream(folder / name) << "x";
  const auto seen = pictures_in(folder.string());
  const auto slashed = pictures_in(folder.string() + "/");
  fs::remove_all(folder);
  ASSERT_TRUE(seen && slashed);
  const std::string at = folder.string() + "/";
  EXPECT_THAT(*seen, ElementsAre(at + "a.jpeg", at + "b.JPG", at + "d.Png", at + "e.jpg.txt"));
  EXPECT_EQ(*slashed, *seen);
  EXPECT_EQ(pictures_in("/no/such/folder").error().code, ErrorCode::not_found);
}

TEST(Files, AreCalledByTheirStem) {
  EXPECT_EQ(stem_of("known/Ada Lovelace.jpg"), "Ada Lovelace");
  EXPECT_EQ(stem_of("a.b.jpg"), "a.b");
  EXPECT_EQ(stem_of("dir.x/name"), "name");
  EXPECT_EQ(stem_of("dir/.jpg"), ".jpg");
}

TEST(Files, ALargePictureIsShrunkToItsLongerSide) {
  const auto size = [](int width, int height) {
    const Image small = at_most(Image::create(width, height, PixelFormat::rgb8).value(), 1600).value();
    return std::pair(small.width(), small.height());
  };
  EXPECT_EQ(size(4000, 3000), std::pair(1600, 1200));
  EXPECT_EQ(size(1000, 3200), std::pair(500, 1600));
  EXPECT_EQ(size(1600, 900), std::pair(1600, 900));
  EXPECT_EQ(size(4000, 2), std::pair(1600, 1));
}

TEST(NumberText, IsThatOfPython) {
  EXPECT_EQ(number_text(0), "0.0");
  EXPECT_EQ(number_text(1), "1.0");
  EXPECT_EQ(number_text(0.35), "0.35");
  EXPECT_EQ(number_text(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(number_text(0.00001), "1e-05");
  EXPECT_EQ(number_text(0.0001), "0.0001");
}

}  // namespace
}  // namespace vultus::compat

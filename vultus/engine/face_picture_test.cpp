// The pictures of faces that galleries keep and pages show.
#include <cstddef>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/engine/face_picture.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::engine {
namespace {

Image grey(int width, int height) {
  Image image = Image::create(width, height, PixelFormat::rgb8).value();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < 3 * width; ++x) image.row(y)[x] = static_cast<std::uint8_t>((x + y) % 251);
  return image;
}

int side_of(std::span<const std::uint8_t> jpeg) {
  const auto picture = media::decode_picture(jpeg).value();
  EXPECT_EQ(picture.image.width(), picture.image.height());
  return picture.image.width();
}

std::vector<std::byte> bytes_of(const std::vector<std::uint8_t>& jpeg) {
  const auto bytes = std::as_bytes(std::span(jpeg));
  return {bytes.begin(), bytes.end()};
}

TEST(DetailedFacePicture, IsTheFaceAndAQuarterOnEachSideAndNeverEnlarged) {
  const Image picture = grey(800, 600);
  // 60 + 2 * 15 = 90 pixels are there; 200 + 2 * 50 = 300 are more than is kept.
  EXPECT_EQ(side_of(detailed_face_picture(picture.view(), {300, 200, 50, 60}).value()), 90);
  EXPECT_EQ(side_of(detailed_face_picture(picture.view(), {300, 200, 200, 150}).value()), 192);
  EXPECT_EQ(side_of(detailed_face_picture(grey(100, 80).view(), {10, 5, 70, 70}).value()), 80) << "the whole picture";
}

TEST(DetailedFacePicture, OfNoBoxIsAnError) {
  EXPECT_FALSE(detailed_face_picture(grey(100, 80).view(), {10, 5, 0, 0}));
}

TEST(FacePicture, HasTheSizeOfPages) {
  EXPECT_EQ(side_of(face_picture(grey(800, 600).view(), {300, 200, 50, 60}).value()), 112);
}

TEST(PagePicture, IsNoLargerThanThatOfPagesAndKeepsWhatIsSmaller) {
  const auto large = detailed_face_picture(grey(800, 600).view(), {300, 200, 200, 150}).value();
  EXPECT_EQ(side_of(page_picture(bytes_of(large))), 112);
  const auto small = detailed_face_picture(grey(800, 600).view(), {300, 200, 50, 60}).value();
  EXPECT_EQ(page_picture(bytes_of(small)), small);
  EXPECT_EQ(page_picture(std::vector<std::byte>{std::byte{1}, std::byte{2}}), (std::vector<std::uint8_t>{1, 2}));
}

}  // namespace
}  // namespace vultus::engine

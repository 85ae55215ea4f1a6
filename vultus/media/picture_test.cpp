#include <vultus/media/picture.hpp>

#include <algorithm>
#include <cstdlib>
#include <functional>

#include <gtest/gtest.h>

#include <vultus/media/test_allocations.hpp>
#include <vultus/media/test_pictures.hpp>

namespace vultus::media {
namespace {

using testing::blocks;
using testing::bytes_of;
using testing::File;
using testing::Rgb;

/// The letters of the colours in the middles of the blocks, row by row.
std::vector<std::string> letters_of(const Image& image, int block) {
  std::vector<std::string> rows;
  for (int y = block / 2; y < image.height(); y += block) {
    rows.emplace_back();
    for (int x = block / 2; x < image.width(); x += block) {
      const Rgb seen = testing::pixel(image, x, y);
      char nearest = '?';
      for (const char letter : {'R', 'G', 'B', 'W', 'K', 'Y', 'g'}) {
        const Rgb known = testing::colour_of(letter);
        int distance = 0;
        for (std::size_t c = 0; c < 3; ++c) distance = std::max(distance, std::abs(int{seen[c]} - int{known[c]}));
        if (distance <= 12) nearest = letter;
      }
      rows.back() += nearest;
    }
  }
  return rows;
}

const std::vector<std::string> kUpright{"RGB", "WKY"};

/// How each EXIF orientation stores kUpright, placed by hand: row 0 and column 0 of the file lie on the sides of the
/// scene that the EXIF specification names for the value.
const std::vector<std::vector<std::string>> kStored{{"RGB", "WKY"},       // 1 top, left
                                                    {"BGR", "YKW"},       // 2 top, right
                                                    {"YKW", "BGR"},       // 3 bottom, right
                                                    {"WKY", "RGB"},       // 4 bottom, left
                                                    {"RW", "GK", "BY"},   // 5 left, top
                                                    {"BY", "GK", "RW"},   // 6 right, top
                                                    {"YB", "KG", "WR"},   // 7 right, bottom
                                                    {"WR", "KG", "YB"}};  // 8 left, bottom

class Orientation : public ::testing::TestWithParam<int> {
 protected:
  [[nodiscard]] Image stored() const { return blocks(kStored[static_cast<std::size_t>(GetParam() - 1)], 40); }
  void expect_upright(const File& file) const {
    const Result<Picture> picture = decode_picture(file);
    ASSERT_TRUE(picture) << picture.error().message;
    EXPECT_EQ(letters_of(picture->image, 40), kUpright);
    EXPECT_EQ(picture->full_width, 120);
    EXPECT_EQ(picture->full_height, 80);
    const Result<PictureInfo> info = probe_picture(file);
    ASSERT_TRUE(info) << info.error().message;
    EXPECT_EQ(info->width, 120);
    EXPECT_EQ(info->height, 80);
    EXPECT_EQ(info->orientation, GetParam());
  }
};

TEST_P(Orientation, OfAJpegIsTurnedUpright) {
  expect_upright(testing::jpeg_of(stored(), {.exif = testing::exif_of(GetParam(), true)}));
  expect_upright(testing::jpeg_of(stored(), {.exif = testing::exif_of(GetParam(), false)}));
}

TEST_P(Orientation, OfAPngIsTurnedUpright) {
  expect_upright(testing::png_of(stored(), {.exif = testing::exif_of(GetParam())}));
}

TEST_P(Orientation, OfAWebPIsTurnedUpright) {
  const Image image = stored();
  expect_upright(testing::webp_with_exif(testing::webp_of(image, true), image.width(), image.height(),
                                         testing::exif_of(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(Exif, Orientation, ::testing::Range(1, 9),
                         [](const auto& value) { return std::to_string(value.param); });

TEST(Orientation, ThatMakesNoSenseLeavesThePictureAsStored) {
  for (const int value : {0, 9, 200}) {
    const Result<PictureInfo> info =
        probe_picture(testing::jpeg_of(blocks(kUpright, 8), {.exif = testing::exif_of(value)}));
    ASSERT_TRUE(info);
    EXPECT_EQ(info->orientation, 1);
  }
  File damaged = testing::exif_of(6);
  damaged.resize(13);
  EXPECT_EQ(probe_picture(testing::jpeg_of(blocks(kUpright, 8), {.exif = damaged})).value().orientation, 1);
}

TEST(DecodePicture, GivesThePixelsOfEveryFormat) {
  const Image image = testing::gradient(37, 23);
  const std::vector<std::pair<PictureFormat, File>> lossless{
      {PictureFormat::png, testing::png_of(image)},
      {PictureFormat::png, testing::png_of(image, {.interlaced = true})},
      {PictureFormat::webp, testing::webp_of(image, true)},
      {PictureFormat::bmp, testing::bmp_of(image)},
      {PictureFormat::pnm, testing::ppm_of(image)}};
  for (const auto& [format, file] : lossless) {
    const Result<Picture> picture = decode_picture(file);
    ASSERT_TRUE(picture) << picture.error().message;
    EXPECT_EQ(picture->format, format);
    EXPECT_EQ(picture->image, image) << name_of(format);
    EXPECT_FLOAT_EQ(picture->scale(), 1);
  }
  for (const bool progressive : {false, true}) {
    const Result<Picture> picture =
        decode_picture(testing::jpeg_of(blocks(kUpright, 16), {.quality = 100, .progressive = progressive}));
    ASSERT_TRUE(picture) << picture.error().message;
    EXPECT_EQ(picture->format, PictureFormat::jpeg);
    EXPECT_EQ(letters_of(picture->image, 16), kUpright);
  }
  EXPECT_EQ(letters_of(decode_picture(testing::webp_of(blocks(kUpright, 32), false)).value().image, 32), kUpright);
}

TEST(DecodePicture, MakesColourOfGrey) {
  const Result<Picture> jpeg = decode_picture(testing::jpeg_of(blocks({"Wg", "Kg"}, 16), {.grey = true}));
  ASSERT_TRUE(jpeg) << jpeg.error().message;
  EXPECT_EQ(jpeg->image.format(), PixelFormat::rgb8);
  EXPECT_EQ(letters_of(jpeg->image, 16), (std::vector<std::string>{"Wg", "Kg"}));
  const Result<Picture> pgm = decode_picture(bytes_of("P5 # a comment\n2 1\n# another\n255\n\x40\x80"));
  ASSERT_TRUE(pgm) << pgm.error().message;
  EXPECT_EQ(testing::pixel(pgm->image, 0, 0), (Rgb{64, 64, 64}));
  EXPECT_EQ(testing::pixel(pgm->image, 1, 0), (Rgb{128, 128, 128}));
}

TEST(DecodePicture, ScalesPgmSoThatItsWhiteIsWhite) {
  // 100 means white: 50 -> 127.5, rounded up. Two bytes a sample above 255: 0x0200 of 0x03ff -> 127.6.
  const Result<Picture> low = decode_picture(bytes_of("P5 2 1 100\n\x32\x64"));
  ASSERT_TRUE(low) << low.error().message;
  EXPECT_EQ(testing::pixel(low->image, 0, 0), (Rgb{128, 128, 128}));
  EXPECT_EQ(testing::pixel(low->image, 1, 0), (Rgb{255, 255, 255}));
  const Result<Picture> high = decode_picture(bytes_of(std::string("P5 2 1 1023\n\x02\x00\x03\xff", 16)));
  ASSERT_TRUE(high) << high.error().message;
  EXPECT_EQ(testing::pixel(high->image, 0, 0), (Rgb{128, 128, 128}));
  EXPECT_EQ(testing::pixel(high->image, 1, 0), (Rgb{255, 255, 255}));
}

TEST(DecodePicture, LaysTransparencyOverWhite) {
  // Red at 0, 51 and 255 of 255: green and blue become 255, 204 and 0.
  File rgba{255, 0, 0, 0, 255, 0, 0, 51, 255, 0, 0, 255};
  for (const bool interlaced : {false, true}) {
    const File png = testing::png_of(testing::RawPng{.width = 3, .colour_type = 6, .interlaced = interlaced},
                                     [&](int) -> File { return rgba; });
    for (const File& file : {png, testing::webp_of_rgba(rgba, 3, 1)}) {
      const Result<Picture> picture = decode_picture(file);
      ASSERT_TRUE(picture) << picture.error().message;
      EXPECT_EQ(testing::pixel(picture->image, 1, 0), (Rgb{255, 204, 204}));
      EXPECT_EQ(testing::pixel(picture->image, 2, 0), (Rgb{255, 0, 0}));
    }
    EXPECT_EQ(testing::pixel(decode_picture(png).value().image, 0, 0), (Rgb{255, 255, 255}));
  }
}

TEST(DecodePicture, ReducesEveryKindOfPngToEightBitRgb) {
  // Palette with 2 bits an index: indices 0 1 2 in the high bits of one byte; index 2 is half transparent.
  const File palette = testing::png_of(testing::RawPng{.width = 3,
                                                       .bit_depth = 2,
                                                       .colour_type = 3,
                                                       .palette = {{255, 0, 0}, {0, 255, 0}, {0, 0, 0}},
                                                       .palette_alpha = {255, 255, 127}},
                                       [](int) { return File{0b00011000}; });
  const Image first = decode_picture(palette).value().image;
  EXPECT_EQ(testing::pixel(first, 0, 0), (Rgb{255, 0, 0}));
  EXPECT_EQ(testing::pixel(first, 1, 0), (Rgb{0, 255, 0}));
  EXPECT_EQ(testing::pixel(first, 2, 0), (Rgb{128, 128, 128}));
  // 16 bits: 0x8000 of 0xffff is 127.5.
  const File deep =
      testing::png_of(testing::RawPng{.bit_depth = 16}, [](int) { return File{0xff, 0xff, 0x80, 0x00, 0x00, 0x00}; });
  EXPECT_EQ(testing::pixel(decode_picture(deep).value().image, 0, 0), (Rgb{255, 128, 0}));
  // 1 bit of grey, 16 bits of grey and alpha.
  const File bits = testing::png_of(testing::RawPng{.width = 2, .bit_depth = 1, .colour_type = 0},
                                    [](int) { return File{0b01000000}; });
  EXPECT_EQ(testing::pixel(decode_picture(bits).value().image, 1, 0), (Rgb{255, 255, 255}));
  const File grey_alpha = testing::png_of(testing::RawPng{.bit_depth = 16, .colour_type = 4}, [](int) {
    return File{0, 0, 0x33, 0x33};
  });
  EXPECT_EQ(testing::pixel(decode_picture(grey_alpha).value().image, 0, 0), (Rgb{204, 204, 204}));
}

TEST(DecodePicture, ScalesAJpegDownToTheWantedSideAndNotBelow) {
  const File file = testing::jpeg_of(blocks({"RGB", "WKY"}, 100));  // 300 x 200
  struct Case {
    int wanted, reduction, width, height;
  };
  // 300 / 8 = 37.5, rounded up to 38; 300 / 4 = 75; 300 / 2 = 150.
  for (const Case& c : {Case{0, 1, 300, 200}, Case{38, 8, 38, 25}, Case{39, 4, 75, 50}, Case{75, 4, 75, 50},
                        Case{76, 2, 150, 100}, Case{151, 1, 300, 200}, Case{1000, 1, 300, 200}}) {
    const Result<Picture> picture = decode_picture(file, {.wanted_side = c.wanted});
    ASSERT_TRUE(picture) << picture.error().message;
    EXPECT_EQ(picture->image.width(), c.width) << c.wanted;
    EXPECT_EQ(picture->image.height(), c.height) << c.wanted;
    EXPECT_FLOAT_EQ(picture->scale(), 1.0F / static_cast<float>(c.reduction));
    EXPECT_EQ(picture->full_width, 300);
    EXPECT_EQ(picture->full_height, 200);
    if (c.reduction == 2) {
      EXPECT_EQ(letters_of(picture->image, 50), kUpright);
    }
  }
  const File turned = testing::jpeg_of(blocks(kStored[5], 100), {.exif = testing::exif_of(6)});
  const Picture upright = decode_picture(turned, {.wanted_side = 100}).value();
  EXPECT_EQ(upright.reduction, 2);
  EXPECT_EQ(letters_of(upright.image, 50), kUpright);
  EXPECT_EQ(upright.full_width, 300);
}

TEST(Decoder, NeedsNoNewMemoryForTheNextPicture) {
  const File file = testing::jpeg_of(testing::gradient(250, 250));
  const File alpha =
      testing::png_of(testing::RawPng{.width = 64, .height = 64, .colour_type = 6}, [](int) { return File(256, 100); });
  Decoder decoder;
  Picture picture;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(decoder.decode(alpha, {}, picture));
    ASSERT_TRUE(decoder.decode(file, {}, picture));
  }
  testing::AllocationCount count;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(decoder.decode(alpha, {}, picture));
    ASSERT_TRUE(decoder.decode(file, {}, picture));
  }
  EXPECT_EQ(count.calls(), 0U);
}

TEST(Decoder, GivesTheSameAsAFreshOneAfterBadPictures) {
  const File good = testing::jpeg_of(testing::gradient(50, 40));
  const Picture want = decode_picture(good).value();
  File cut = good;
  cut.resize(cut.size() / 2);
  Decoder decoder;
  Picture picture;
  for (const File& bad : {cut, bytes_of("hello"), File{}, testing::bytes_of("GIF89a")}) {
    EXPECT_FALSE(decoder.decode(bad, {}, picture));
    ASSERT_TRUE(decoder.decode(good, {}, picture));
    EXPECT_EQ(picture, want);
  }
}

TEST(DecodePicture, RefusesOptionsThatMakeNoSense) {
  const File file = testing::ppm_of(blocks({"R"}, 1));
  EXPECT_EQ(decode_picture(file, {.wanted_side = -1}).error().message,
            "DecodeOptions: wanted_side = -1, must be at least 0");
  EXPECT_EQ(decode_picture(file, {.limits = {.max_pixels = 0}}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(decode_picture(file, {.limits = {.max_bytes = 0}}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::media

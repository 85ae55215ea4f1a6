// TIFF, GIF, HEIC, AVIF and pictures made for print.
#include <cstdlib>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/media/picture.hpp>
#include <vultus/media/test_allocations.hpp>
#include <vultus/media/test_containers.hpp>

namespace vultus::media {
namespace {

using testing::blocks;
using testing::File;
using ::testing::HasSubstr;
using testing::Rgb;

const std::vector<std::string> kUpright{"RGB", "WKY"};

/// How each EXIF orientation stores kUpright, by the sides of the scene on which row 0 and column 0 lie.
const std::vector<std::vector<std::string>> kStored{{"RGB", "WKY"},     {"BGR", "YKW"},     {"YKW", "BGR"},
                                                    {"WKY", "RGB"},     {"RW", "GK", "BY"}, {"BY", "GK", "RW"},
                                                    {"YB", "KG", "WR"}, {"WR", "KG", "YB"}};

File bytes_of_words(const std::vector<std::uint16_t>& words) {
  File bytes(words.size() * 2);
  std::memcpy(bytes.data(), words.data(), bytes.size());
  return bytes;
}

/// The colours in the middles of the blocks are those of the letters, within what a codec may lose.
void expect_letters(const Image& image, const std::vector<std::string>& letters, int block, int tolerance) {
  ASSERT_EQ(image.width(), static_cast<int>(letters[0].size()) * block);
  ASSERT_EQ(image.height(), static_cast<int>(letters.size()) * block);
  for (std::size_t row = 0; row < letters.size(); ++row)
    for (std::size_t column = 0; column < letters[0].size(); ++column) {
      const Rgb want = testing::colour_of(letters[row][column]);
      const Rgb seen = testing::pixel(image, static_cast<int>(column) * block + block / 2,
                                      static_cast<int>(row) * block + block / 2);
      for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(seen[c], want[c], tolerance) << letters[row][column] << " " << c;
    }
}

void expect_upright(const File& file, int orientation, int tolerance) {
  const Result<Picture> picture = decode_picture(file);
  ASSERT_TRUE(picture) << picture.error().message;
  expect_letters(picture->image, kUpright, 32, tolerance);
  const Result<PictureInfo> info = probe_picture(file);
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->width, 96);
  EXPECT_EQ(info->height, 64);
  EXPECT_EQ(info->orientation, orientation);
}

class OrientationOf : public ::testing::TestWithParam<int> {
 protected:
  [[nodiscard]] Image stored() const { return blocks(kStored[static_cast<std::size_t>(GetParam() - 1)], 32); }
};

TEST_P(OrientationOf, ATiffIsHonoured) {
  expect_upright(testing::tiff_of(stored(), {.orientation = GetParam()}), GetParam(), 0);
}

TEST_P(OrientationOf, AHeicIsHonouredOnceAlsoWhereExifSaysItAgain) {
  // A picture whose boxes turn it upright; its EXIF block says the same, or something else, and is not listened to.
  for (const int exif : {0, GetParam(), 3})
    expect_upright(testing::heif_of(stored(), {.orientation = GetParam(), .exif_orientation = exif}), 1, 14);
}

INSTANTIATE_TEST_SUITE_P(Exif, OrientationOf, ::testing::Range(1, 9),
                         [](const auto& value) { return std::to_string(value.param); });

TEST(Tiff, GivesItsPixelsInEveryCompressionAndOrder) {
  const Image image = testing::gradient(37, 43);
  for (const int compression : {1, 5, 8, 32773})
    for (const bool big_endian : {false, true})
      for (const bool big : {false, true})
        for (const int tile : {0, 16}) {
          const Result<Picture> picture = decode_picture(testing::tiff_of(
              image, {.compression = compression, .tile = tile, .big_endian = big_endian, .big = big}));
          ASSERT_TRUE(picture) << picture.error().message;
          EXPECT_EQ(picture->format, PictureFormat::tiff);
          EXPECT_EQ(picture->image, image) << compression << big_endian << big << tile;
        }
}

TEST(Tiff, OfGreyAndSixteenBitsBecomesEightBitRgb) {
  const auto pixel_of = [](const testing::TiffOptions& options, const File& row) {
    const Result<Picture> picture = decode_picture(testing::tiff_of(options, [&](int) { return row; }));
    EXPECT_TRUE(picture) << picture.error().message;
    return picture ? testing::pixel(picture->image, 0, 0) : Rgb{};
  };
  EXPECT_EQ(pixel_of({.samples = 1, .photometric = 1}, {64}), (Rgb{64, 64, 64}));
  EXPECT_EQ(pixel_of({.samples = 1, .photometric = 0}, {64}), (Rgb{191, 191, 191}));
  // 257 times the value of 8 bits is the same brightness in 16.
  EXPECT_EQ(pixel_of({.bits = 16}, bytes_of_words({257 * 200, 257 * 3, 65535})), (Rgb{200, 3, 255}));
  EXPECT_EQ(pixel_of({.bits = 16, .big_endian = true}, bytes_of_words({257 * 200, 257 * 3, 0})), (Rgb{200, 3, 0}));
  EXPECT_EQ(pixel_of({.bits = 16, .samples = 1, .photometric = 1}, bytes_of_words({257 * 77})), (Rgb{77, 77, 77}));
  // Inks: no cyan, all magenta, no yellow, half black -> (255, 0, 255) * (255 - 127) / 255.
  const Rgb print = pixel_of({.samples = 4, .photometric = 5}, {0, 255, 0, 127});
  EXPECT_NEAR(print[0], 128, 1);
  EXPECT_EQ(print[1], 0);
  EXPECT_NEAR(print[2], 128, 1);
}

TEST(Tiff, LaysTransparencyOverWhiteAndIgnoresChannelsNobodyDescribed) {
  const auto pixel_of = [](const testing::TiffOptions& options, const File& row) {
    return testing::pixel(decode_picture(testing::tiff_of(options, [&](int) { return row; })).value().image, 0, 0);
  };
  // Red of alpha 51 = 1/5: green and blue get 4/5 of white.
  EXPECT_EQ(pixel_of({.samples = 4, .extra_kind = 2}, {255, 0, 0, 51}), (Rgb{255, 204, 204}));
  EXPECT_EQ(pixel_of({.samples = 4, .extra_kind = 1}, {51, 0, 0, 51}), (Rgb{255, 204, 204}));
  EXPECT_EQ(pixel_of({.bits = 16, .samples = 4, .extra_kind = 2}, bytes_of_words({65535, 0, 0, 51 * 257})),
            (Rgb{255, 204, 204}));
  EXPECT_EQ(pixel_of({.samples = 2, .photometric = 1, .extra_kind = 2}, {0, 51}), (Rgb{204, 204, 204}));
  EXPECT_EQ(pixel_of({.samples = 4, .extra_kind = 0}, {10, 20, 30, 0}), (Rgb{10, 20, 30}));
}

TEST(Tiff, OfACameraIsRefusedByName) {
  const Image image = testing::gradient(16, 16);
  EXPECT_THAT(decode_picture(testing::tiff_of(image, {.raw = true})).error().message, HasSubstr("DNG"));
  const Error preview = decode_picture(testing::tiff_of(image, {.preview = true})).error();
  EXPECT_EQ(preview.code, ErrorCode::unsupported);
  EXPECT_THAT(preview.message, HasSubstr("preview"));
}

TEST(Gif, GivesItsFirstFrameOnItsCanvas) {
  for (const bool interlaced : {false, true}) {
    const std::vector<std::string> rows{"RG", "BW", "KY", "gR", "GB", "WK", "Yg", "RR", "BB", "GG", "KK"};
    const Result<Picture> picture = decode_picture(testing::gif_of(rows, {.interlaced = interlaced, .frames = 3}));
    ASSERT_TRUE(picture) << picture.error().message;
    EXPECT_EQ(picture->format, PictureFormat::gif);
    EXPECT_EQ(picture->image, blocks(rows, 1));
  }
  // A frame of 1 x 2 at (2, 1) of a canvas of 4 x 3; what nothing covers is white.
  const Result<Picture> placed =
      decode_picture(testing::gif_of({"R", "K"}, {.canvas_width = 4, .canvas_height = 3, .left = 2, .top = 1}));
  ASSERT_TRUE(placed) << placed.error().message;
  EXPECT_EQ(placed->image, blocks({"WWWW", "WWRW", "WWKW"}, 1));
}

TEST(Gif, HasHolesWhereItsColourIsTransparentAndGrowsForAFrameThatSticksOut) {
  EXPECT_EQ(decode_picture(testing::gif_of({"RGR"}, {.transparent = 0})).value().image, blocks({"WGW"}, 1));
  const Result<Picture> grown =
      decode_picture(testing::gif_of({"RG"}, {.canvas_width = 1, .canvas_height = 1, .left = 1}));
  ASSERT_TRUE(grown) << grown.error().message;
  EXPECT_EQ(grown->image, blocks({"WRG"}, 1));
}

TEST(Heif, GivesThePixelsOfHeicAndAvif) {
  const Image image = blocks(kUpright, 32);
  for (const auto& [format, file] : {std::pair{PictureFormat::heic, testing::heif_of(image)},
                                     {PictureFormat::heic, testing::heif_of(image, {.bits = 10})},
                                     {PictureFormat::avif, testing::heif_of(image, {.av1 = true})}}) {
    const Result<Picture> picture = decode_picture(file);
    ASSERT_TRUE(picture) << picture.error().message;
    EXPECT_EQ(picture->format, format);
    expect_letters(picture->image, kUpright, 32, 14);
  }
}

TEST(Heif, LaysTransparencyOverWhite) {
  const Result<Picture> picture = decode_picture(testing::heif_of(blocks({"RK"}, 32), {.alpha = true}));
  ASSERT_TRUE(picture) << picture.error().message;
  const Rgb red = testing::pixel(picture->image, 16, 16);
  const Rgb black = testing::pixel(picture->image, 48, 16);
  EXPECT_NEAR(red[0], 255, 6);
  EXPECT_NEAR(red[1], 204, 6);
  EXPECT_NEAR(black[2], 204, 6);
}

TEST(Jpeg, MadeForPrintIsReadInAllItsKinds) {
  // The helper stores the values of R, G, B and R again as C, M, Y and K. With Adobe's marker a value is what the ink
  // leaves over: light = value * K / 255. Without it a value is the ink: light = (255 - value) * (255 - K) / 255.
  const Image image = blocks({"WRKg"}, 32);  // inks: 255 all; 255 0 0 255; 0 all; 128 all
  for (const bool ycck : {false, true}) {
    const Result<Picture> adobe = decode_picture(testing::jpeg_of(image, {.cmyk = true, .ycck = ycck}));
    ASSERT_TRUE(adobe) << adobe.error().message;
    const std::array<Rgb, 4> want{Rgb{255, 255, 255}, Rgb{255, 0, 0}, Rgb{0, 0, 0}, Rgb{64, 64, 64}};
    for (int i = 0; i < 4; ++i)
      for (std::size_t c = 0; c < 3; ++c)
        EXPECT_NEAR(testing::pixel(adobe->image, i * 32 + 16, 16)[c], want[static_cast<std::size_t>(i)][c], 6)
            << i << ycck;
  }
  const Result<Picture> plain = decode_picture(testing::jpeg_of(image, {.cmyk = true, .adobe = false}));
  ASSERT_TRUE(plain) << plain.error().message;
  const std::array<Rgb, 4> want{Rgb{0, 0, 0}, Rgb{0, 0, 0}, Rgb{255, 255, 255}, Rgb{63, 63, 63}};
  for (int i = 0; i < 4; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_NEAR(testing::pixel(plain->image, i * 32 + 16, 16)[c], want[static_cast<std::size_t>(i)][c], 6) << i;
  EXPECT_EQ(decode_picture(testing::jpeg_of(image, {.cmyk = true}), {.wanted_side = 16}).value().image.width(), 16);
}

/// Overwrites a number of two or four bytes wherever the bytes of `mark` stand before it.
File with_number(File file, const File& mark, std::uint32_t value, int bytes, bool big_endian) {
  for (auto at = file.begin();;) {
    at = std::search(at, file.end(), mark.begin(), mark.end());
    if (at == file.end()) return file;
    at += static_cast<std::ptrdiff_t>(mark.size());
    for (int i = 0; i < bytes; ++i) at[i] = static_cast<std::uint8_t>(value >> (8 * (big_endian ? bytes - 1 - i : i)));
  }
}

TEST(HostileContainer, ThatClaimsTooManyPixelsIsRefusedBeforeMemoryIsAskedFor) {
  const Image image = testing::gradient(16, 16);
  // A little-endian TIFF entry: tag, type SHORT, one value. GIF: the canvas. HEIC: box ispe, version, width, height.
  File tiff = with_number(testing::tiff_of(image), {0x00, 0x01, 3, 0, 1, 0, 0, 0}, 12000, 2, false);
  tiff = with_number(tiff, {0x01, 0x01, 3, 0, 1, 0, 0, 0}, 9000, 2, false);
  const File gif = testing::gif_of({"RG"}, {.canvas_width = 12000, .canvas_height = 9000});
  File heic = testing::heif_of(blocks({"R"}, 64));
  heic = with_number(heic, {'i', 's', 'p', 'e', 0, 0, 0, 0}, 12000, 4, true);
  heic = with_number(heic, {'i', 's', 'p', 'e', 0, 0, 0, 0, 0, 0, 0x2e, 0xe0}, 9000, 4, true);
  for (const File& file : {tiff, gif, heic}) {
    testing::AllocationCount count;
    const Error error = decode_picture(file).error();
    EXPECT_LT(count.largest(), 100'000U) << error.message;
    EXPECT_EQ(error.code, ErrorCode::resource_limit);
    EXPECT_EQ(error.message, "12000x9000 = 108.0 megapixels, the limit is 80.0");
  }
}

TEST(HostileContainer, WhosePixelsDifferFromItsHeaderIsDamaged) {
  File heic = testing::heif_of(blocks({"R"}, 64));
  heic = with_number(heic, {'i', 's', 'p', 'e', 0, 0, 0, 0}, 48, 4, true);
  const Result<Picture> picture = decode_picture(heic);
  ASSERT_FALSE(picture);
  EXPECT_EQ(picture.error().code, ErrorCode::corrupt_data) << picture.error().message;
}

TEST(HostileContainer, WithTilesOfGigabytesIsRefused) {
  File tiff = testing::tiff_of(testing::gradient(16, 16), {.tile = 16});
  for (const std::uint8_t tag : {std::uint8_t{0x42}, std::uint8_t{0x43}})  // TileWidth, TileLength
    tiff = with_number(tiff, {tag, 0x01, 3, 0, 1, 0, 0, 0}, 65520, 2, false);
  const Result<Picture> picture = decode_picture(tiff);
  ASSERT_FALSE(picture);
  EXPECT_NE(picture.error().code, ErrorCode::internal) << picture.error().message;
}

TEST(HostileContainer, WithoutAPictureSaysSo) {
  File gif = testing::bytes_of("GIF89a");
  gif.insert(gif.end(), {1, 0, 1, 0, 0, 0, 0, 0x3b});
  EXPECT_EQ(decode_picture(gif).error().message, "GIF: no picture in it");
  const File heic =
      testing::bytes_of(std::string("\0\0\0\x18"
                                    "ftypheic\0\0\0\0mif1heic",
                                    24));
  EXPECT_EQ(decode_picture(heic).error().code, ErrorCode::corrupt_data);
  const File tiff = testing::bytes_of(std::string("II*\0\x08\0\0\0", 8));
  EXPECT_EQ(decode_picture(tiff).error().code, ErrorCode::corrupt_data);
}

TEST(AnimatedWebp, GivesItsFirstPictureOnTheCanvas) {
  const Image red = blocks({"R"}, 4), blue = blocks({"BB"}, 4);
  const auto file = testing::animated_webp_of(
      {{testing::webp_of(red, true), 4, 4, 2, 6}, {testing::webp_of(blue, true), 8, 4, 0, 0}}, 8, 12);
  const Result<Picture> picture = decode_picture(file);
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->format, PictureFormat::webp);
  ASSERT_EQ(picture->image.width(), 8);
  ASSERT_EQ(picture->image.height(), 12);
  for (int y = 0; y < 12; ++y)
    for (int x = 0; x < 8; ++x) {
      const bool inside = x >= 2 && x < 6 && y >= 6 && y < 10;
      EXPECT_EQ(testing::pixel(picture->image, x, y), testing::colour_of(inside ? 'R' : 'W')) << x << " " << y;
    }
  const Result<PictureInfo> info = probe_picture(file);
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->width, 8);
  EXPECT_EQ(info->height, 12);
}

TEST(AnimatedWebp, BlendsATransparentPictureOverWhite) {
  File rgba(4 * 4 * 4, 0);                                // black, and nothing of it seen
  for (std::size_t i = 3; i < 32; i += 4) rgba[i] = 255;  // but in the upper half
  const Result<Picture> picture =
      decode_picture(testing::animated_webp_of({{testing::webp_of_rgba(rgba, 4, 4), 4, 4, 0, 0}}, 4, 4));
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(testing::pixel(picture->image, 1, 1), testing::colour_of('K'));
  EXPECT_EQ(testing::pixel(picture->image, 1, 3), testing::colour_of('W'));
}

/// The red values of all pixels, row by row.
std::vector<int> reds_of(const std::string& file) {
  const Result<Picture> picture = decode_picture(testing::bytes_of(file));
  if (!picture) return {-1};
  EXPECT_EQ(picture->format, PictureFormat::pnm);
  std::vector<int> reds;
  for (int y = 0; y < picture->image.height(); ++y)
    for (int x = 0; x < picture->image.width(); ++x) reds.push_back(testing::pixel(picture->image, x, y)[0]);
  return reds;
}

TEST(Netpbm, AsTextIsReadLikeItsBytes) {
  EXPECT_EQ(reds_of("P2\n# feep\n3 2\n15\n0 3 6\n9 12\t15\n"), (std::vector<int>{0, 51, 102, 153, 204, 255}));
  EXPECT_EQ(reds_of("P2 2 1 255 007 # a comment\n255"), (std::vector<int>{7, 255}));
  EXPECT_EQ(reds_of("P2 2 1 65535 0 65535"), (std::vector<int>{0, 255}));
  const Result<Picture> colour = decode_picture(testing::bytes_of("P3 2 1 255\n255 0 0  0 10 20\n"));
  ASSERT_TRUE(colour) << colour.error().message;
  EXPECT_EQ(testing::pixel(colour->image, 0, 0), (Rgb{255, 0, 0}));
  EXPECT_EQ(testing::pixel(colour->image, 1, 0), (Rgb{0, 10, 20}));
}

TEST(Netpbm, BitmapsAreBlackWhereTheyAreOne) {
  EXPECT_EQ(reds_of("P1 3 2\n1 0 1\n010\n"), (std::vector<int>{0, 255, 0, 255, 0, 255}));
  // Nine pixels are two bytes a row; the bits behind the ninth say nothing.
  EXPECT_EQ(reds_of("P4 9 2\n\x80\x7f\x01\x80"), (std::vector<int>{0, 255, 255, 255, 255, 255, 255, 255, 255,  //
                                                                   255, 255, 255, 255, 255, 255, 255, 0, 0}));
}

}  // namespace
}  // namespace vultus::media

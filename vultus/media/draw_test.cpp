#include <vultus/media/draw.hpp>

#include <limits>

#include <gtest/gtest.h>

#include <vultus/core/utf8.hpp>
#include <vultus/media/label_layout.hpp>
#include <vultus/media/test_pictures.hpp>

namespace vultus::media {
namespace {

using testing::pixel;
using testing::Rgb;

Image white(int width, int height) {
  Image image = Image::create(width, height, PixelFormat::rgb8).value();
  for (int y = 0; y < height; ++y) std::fill(image.row(y), image.row(y) + image.stride(), std::uint8_t{255});
  return image;
}

constexpr Rgb kWhite{255, 255, 255};
constexpr Rgb kBlue{0, 0, 255};
constexpr Colour kBlueMark{0, 0, 255};

std::size_t pixels_that_are(const Image& image, const Rgb& colour) {
  std::size_t count = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x) count += pixel(image, x, y) == colour ? 1 : 0;
  return count;
}

TEST(DrawMarks, DrawsTheFrameOfABoxAndNothingElse) {
  Image image = white(100, 80);  // lines of 1 pixel
  ASSERT_TRUE(draw_marks(image, std::vector<Mark>{{.box = {20, 30, 40, 25}, .colour = kBlueMark}}));
  EXPECT_EQ(pixel(image, 20, 30), kBlue);
  EXPECT_EQ(pixel(image, 59, 54), kBlue);
  EXPECT_EQ(pixel(image, 40, 40), kWhite);
  EXPECT_EQ(pixel(image, 19, 30), kWhite);
  EXPECT_EQ(pixels_that_are(image, kBlue), 2U * 40 + 2U * 25 - 4);
}

TEST(DrawMarks, DrawsThickerOnLargerPictures) {
  Image image = white(4500, 100);  // a line of 4500 / 450 = 10 pixels, 5 on each side of the edge
  ASSERT_TRUE(draw_marks(image, std::vector<Mark>{{.box = {100, 50, 1000, 1000}, .colour = kBlueMark}}));
  EXPECT_EQ(pixel(image, 500, 44), kWhite);
  EXPECT_EQ(pixel(image, 500, 45), kBlue);
  EXPECT_EQ(pixel(image, 500, 54), kBlue);
  EXPECT_EQ(pixel(image, 500, 55), kWhite);
}

TEST(DrawMarks, DrawsPoints) {
  Image image = white(60, 60);
  ASSERT_TRUE(draw_marks(
      image, std::vector<Mark>{{.box = {0, 0, 60, 60}, .points = {{30, 20}, {-50, 1e9F}}, .colour = kBlueMark}}));
  EXPECT_EQ(pixel(image, 30, 20), kBlue);
  EXPECT_EQ(pixel(image, 30, 25), kWhite);
}

TEST(DrawMarks, WritesNamesThatCanBeRead) {
  Image image = white(300, 200);
  ASSERT_TRUE(draw_marks(image, std::vector<Mark>{{.box = {50, 80, 60, 60}, .label = "Zoë", .colour = kBlueMark}}));
  // White ink on the blue plate above the box; 12 pixels of text.
  bool ink = false;
  for (int y = 68; y < 80; ++y)
    for (int x = 50; x < 80; ++x) ink = ink || pixel(image, x, y)[0] > 200;
  EXPECT_EQ(pixel(image, 50, 68), kBlue) << "the plate";
  EXPECT_TRUE(ink) << "letters in the opposite of a dark plate are white";
  Image bright = white(300, 200);
  ASSERT_TRUE(
      draw_marks(bright, std::vector<Mark>{{.box = {50, 80, 60, 60}, .label = "Zoë", .colour = {255, 255, 0}}}));
  bool dark = false;
  for (int y = 68; y < 80; ++y)
    for (int x = 50; x < 80; ++x) dark = dark || pixel(bright, x, y)[0] < 60;
  EXPECT_TRUE(dark) << "letters on a bright plate are black";
}

TEST(DrawMarks, SurvivesAnythingAndRefusesWhatIsNotFinite) {
  Image image = white(50, 40);
  const std::string nasty = "a\nb\xff\xc3\xa9 \xe5\xbc\xa0 \xf0\x9f\x98\x80";
  const std::vector<Mark> marks{{.box = {-1e30F, -1e30F, 3e30F, 3e30F}, .label = nasty},
                                {.box = {10, 10, -5, -5}, .label = std::string(10'000, 'W')},
                                {.box = {1e9F, 1e9F, 1, 1}, .label = "far"}};
  EXPECT_TRUE(draw_marks(image, marks));
  Image tiny = white(1, 1);
  EXPECT_TRUE(draw_marks(tiny, marks));
  EXPECT_FALSE(draw_marks(image, std::vector<Mark>{{.box = {0, std::numeric_limits<float>::quiet_NaN(), 1, 1}}}));
  EXPECT_FALSE(draw_marks(image, {}, {.scale = 0}));
  Image grey = Image::create(10, 10, PixelFormat::gray8).value();
  EXPECT_EQ(draw_marks(grey, {}).error().code, ErrorCode::invalid_argument);
}

TEST(PlaceLabel, StandsAboveThenBelowThenInside) {
  // Plates of 30 x 10 in a picture of 100 x 100, lines of 2 pixels.
  EXPECT_EQ(place_label({20, 50, 40, 20}, 30, 10, 2, 100, 100, {}), (PixelBox{19, 39, 30, 10}));
  EXPECT_EQ(place_label({20, 5, 40, 20}, 30, 10, 2, 100, 100, {}), (PixelBox{19, 26, 30, 10}));
  EXPECT_EQ(place_label({20, 5, 40, 90}, 30, 10, 2, 100, 100, {}), (PixelBox{19, 6, 30, 10}));
  EXPECT_EQ(place_label({90, 50, 40, 20}, 30, 10, 2, 100, 100, {}).x, 70) << "moved to the left into the picture";
  const std::vector<PixelBox> taken{{0, 30, 100, 20}};
  EXPECT_EQ(place_label({20, 50, 40, 20}, 30, 10, 2, 100, 100, taken).y, 71) << "off another label";
}

TEST(PlaceLabel, IsInsideThePictureForEveryBox) {
  for (int x = -300; x <= 300; x += 37)
    for (int y = -300; y <= 300; y += 37)
      for (const int size : {1, 20, 150, 700}) {
        const PixelBox plate = place_label({x, y, size, size}, 60, 12, 3, 100, 80, {});
        ASSERT_GE(plate.x, 0);
        ASSERT_GE(plate.y, 0);
        ASSERT_LE(plate.x + plate.width, 100);
        ASSERT_LE(plate.y + plate.height, 80);
      }
}

TEST(FitText, ShrinksThenCutsUntilItFits) {
  const LabelFont font = LabelFont::load().value();
  const DrawSizes sizes{.text = 40};
  const auto fits = [&](std::string_view label, int width) {
    auto fitted = fit_text(characters_of(label), sizes, width, 500, font);
    if (fitted) {
      EXPECT_LE(font.width_of(fitted->text, fitted->height) + 2 * fitted->padding, width);
    }
    return fitted;
  };
  EXPECT_EQ(fits("Ada", 500)->height, 40);
  const auto small = fits("Ada Lovelace", 150);
  EXPECT_LT(small->height, 40);
  EXPECT_EQ(small->text, U"Ada Lovelace");
  const auto cut = fits("Ada Augusta King-Noel, Countess of Lovelace", 60);
  EXPECT_EQ(cut->height, 8);
  EXPECT_EQ(cut->text.back(), U'\u2026');
  EXPECT_FALSE(fits("Ada", 3));
  EXPECT_FALSE(fits("", 100));
  EXPECT_FALSE(fits("\n\t", 100));
  EXPECT_EQ(fits("a\nb", 100)->text, U"ab");
}

TEST(LabelFont, HasTheLettersOfEuropeanNames) {
  const LabelFont font = LabelFont::load().value();
  // A letter that is missing looks like any other missing one.
  const auto looks = [&](std::u32string_view text) { return font.render(text, 32).coverage; };
  const auto missing = looks(U"\U0010FFFE");
  for (const char32_t letter : std::u32string_view(U"éßłøžÆñçğİőřαΩжЩїԱა")) {
    EXPECT_NE(looks(std::u32string(1, letter)), missing) << static_cast<std::uint32_t>(letter);
  }
  EXPECT_EQ(looks(U"\u5f20"), missing) << "Chinese is said to be missing";
  EXPECT_NE(looks(U"\u5f20"), looks(U" ")) << "and shows as a box, not as nothing";
}

TEST(CharactersOf, DecodesUtf8AndKeepsStrayBytes) {
  EXPECT_EQ(characters_of("aé張😀"), U"aé張😀");
  EXPECT_EQ(characters_of("\xff"), std::u32string(1, kStrayByte + 0xff));
  EXPECT_EQ(characters_of("\xc3"), std::u32string(1, kStrayByte + 0xc3));
  EXPECT_EQ(characters_of("\xed\xa0\x80").size(), 3U) << "surrogates are not characters";
  EXPECT_TRUE(is_utf8("é"));
  EXPECT_FALSE(is_utf8("\xf5\x80\x80\x80"));
}

}  // namespace
}  // namespace vultus::media

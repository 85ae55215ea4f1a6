// Words in pictures, read by the real network.
#include <vultus/engine/word_reader.hpp>

#include <fstream>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/engine/tokenizer_score.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/label_font.hpp>

namespace vultus::engine {
namespace {

constexpr int kMargin = 20;

struct PrintedWord {
  Image picture;
  WordQuad quad{};
};

/// Dark letters on light paper.
PrintedWord printed(std::u32string_view text, int height) {
  static const media::LabelFont kFont = media::LabelFont::load().value();
  const media::TextMask mask = kFont.render(text, height);
  const int width = mask.width + 2 * kMargin, tall = mask.height + 2 * kMargin;
  PrintedWord word{.picture = Image::create(width, tall, PixelFormat::rgb8).value()};
  for (int y = 0; y < tall; ++y)
    for (int x = 0; x < width; ++x) {
      const int mx = x - kMargin, my = y - kMargin;
      const bool inside = mx >= 0 && my >= 0 && mx < mask.width && my < mask.height;
      const int ink = inside ? mask.coverage[static_cast<std::size_t>(my) * static_cast<std::size_t>(mask.width) +
                                             static_cast<std::size_t>(mx)]
                             : 0;
      for (int channel = 0; channel < 3; ++channel)
        word.picture.row(y)[x * 3 + channel] = static_cast<std::uint8_t>(235 - ink * 200 / 255);
    }
  const auto left = static_cast<float>(kMargin - 4), top = static_cast<float>(kMargin - 2);
  const auto right = static_cast<float>(kMargin + mask.width + 4);
  const auto bottom = static_cast<float>(kMargin + mask.height + 2);
  word.quad = {Point2f{left, top}, {right, top}, {right, bottom}, {left, bottom}};
  return word;
}

Image turned_by_180(const Image& picture) {
  Image turned = Image::create(picture.width(), picture.height(), PixelFormat::rgb8).value();
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x)
      std::copy_n(picture.row(y) + std::ptrdiff_t{3} * x, 3,
                  turned.row(picture.height() - 1 - y) + std::ptrdiff_t{3} * (picture.width() - 1 - x));
  return turned;
}

class Words : public ::testing::Test {
 protected:
  static const Engine& engine() {
    static const Engine kLoaded = Engine::load({.models = VULTUS_SOURCE_DIR "/models"}).value();
    return kLoaded;
  }
  WordReader reader_ = WordReader::open(engine()).value();
};

TEST_F(Words, AreRead) {
  for (const auto& [text, utf8] : {std::pair{U"Vultus", "Vultus"},
                                   {U"2026", "2026"},
                                   {U"gallery", "gallery"},
                                   {U"UNKNOWN", "UNKNOWN"},
                                   {U"threshold", "threshold"}}) {
    const PrintedWord word = printed(text, 40);
    EXPECT_EQ(reader_.read(word.picture.view(), word.quad).value(), utf8);
  }
}

TEST_F(Words, OfALongLineAreReadToo) {
  const PrintedWord line = printed(U"recognition of faces in photographs", 40);
  EXPECT_EQ(reader_.read(line.picture.view(), line.quad).value(), "recognition of faces in photographs");
}

TEST_F(Words, StandAsTheirCornersSay) {
  const PrintedWord word = printed(U"Vultus", 48);
  const Image turned = turned_by_180(word.picture);
  WordQuad quad = word.quad;
  for (Point2f& corner : quad)
    corner = {static_cast<float>(turned.width()) - corner.x, static_cast<float>(turned.height()) - corner.y};
  EXPECT_EQ(reader_.read(turned.view(), quad).value(), "Vultus");
}

TEST_F(Words, NeedAPlaceInThePicture) {
  const PrintedWord word = printed(U"a", 40);
  const ImageView picture = word.picture.view();
  EXPECT_EQ(reader_.read(picture, {}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(reader_.read(picture, {Point2f{900, 900}, {950, 900}, {950, 920}, {900, 920}}).error().code,
            ErrorCode::invalid_argument);
}

TEST_F(Words, SufferFromCodecsBySize) {
  const TestFolder folder;
  const auto place = [&](const char* name) { return (folder.path() / name).string(); };
  std::filesystem::create_directory(place("a"));
  std::filesystem::create_directory(place("b"));
  const PrintedWord word = printed(U"threshold", 40);
  ASSERT_TRUE(media::write_file_atomically(place("a/one.png"), media::encode_png(word.picture.view()).value()));
  // Nothing is left of the word.
  Image blank = word.picture;
  for (int y = 0; y < blank.height(); ++y) std::fill_n(blank.row(y), blank.stride(), std::uint8_t{235});
  ASSERT_TRUE(media::write_file_atomically(place("b/one.png"), media::encode_png(blank.view()).value()));
  std::ofstream(place("words.json")) << R"([{"image_name": "one.png", "img_width": )" << blank.width()
                                     << R"(, "img_height": )" << blank.height()
                                     << R"(, "words": [{"gt": "threshold", "ratio": 0.05, "quad": [[16, 18], [)"
                                     << word.quad[1].x << ", 18], [" << word.quad[2].x << ", " << word.quad[2].y
                                     << "], [16, " << word.quad[3].y << "]]}]}]";
  TokenizerScorePlan plan{.originals = place("a"), .reconstructions = place("b"), .annotations = {}};
  plan.text_annotations = place("words.json");
  const auto score = score_tokenizer(engine(), plan, nullptr).value();
  ASSERT_TRUE(score.text);
  EXPECT_EQ(score.text->ceiling_accuracy, 1);
  EXPECT_EQ(score.text->accuracy.mean, 0);
  EXPECT_LT(score.text->ned.mean, .2);
  EXPECT_TRUE(score.faces.empty());
}

}  // namespace
}  // namespace vultus::engine

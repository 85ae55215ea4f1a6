// Sweeps with the real reader, recogniser and autoencoder, on planted pages and faces.
#include <vultus/engine/tokenizer_sweep.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <vultus/core/test_folder.hpp>
#include <vultus/engine/tokenizer_codecs.hpp>
#include <vultus/evaluation/image_quality.hpp>
#include <vultus/face3d/face_model.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/label_font.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/studio/faces.hpp>

namespace vultus::engine {
namespace {

constexpr int kPageSide = 640;

Engine sweep_engine() { return Engine::load({.models = VULTUS_SOURCE_DIR "/models"}).value(); }

/// Writes a page of words, each at three heights, and tells where they stand. @return its row of the annotation
nlohmann::json make_page(const std::string& path, const std::string& name, const std::vector<std::u32string>& words) {
  static const media::LabelFont kFont = media::LabelFont::load().value();
  Image page = Image::create(kPageSide, kPageSide, PixelFormat::rgb8).value();
  for (int y = 0; y < kPageSide; ++y) std::fill_n(page.row(y), page.stride(), std::uint8_t{235});
  nlohmann::json told = nlohmann::json::array();
  int top = 20;
  for (const std::u32string& word : words) {
    int left = 20;
    for (const int height : {14, 22, 48}) {
      const media::TextMask mask = kFont.render(word, height);
      for (int y = 0; y < mask.height; ++y)
        for (int x = 0; x < mask.width && left + x < kPageSide; ++x)
          for (int c = 0; c < 3; ++c)
            page.row(top + y)[3 * (left + x) + c] = static_cast<std::uint8_t>(
                235 - mask.coverage[static_cast<std::size_t>(y) * static_cast<std::size_t>(mask.width) +
                                    static_cast<std::size_t>(x)] *
                          200 / 255);
      const int right = left + mask.width + 2, bottom = top + mask.height + 1;
      told.push_back({{"gt", std::string(word.begin(), word.end())},
                      {"ratio", static_cast<double>(height) / kPageSide},
                      {"quad", {left - 2, top - 1, right, top - 1, right, bottom, left - 2, bottom}}});
      left = right + 20;
    }
    top += 70;
  }
  media::write_file_atomically(path, media::encode_png(page.view()).value()).value();
  return {{"image_name", name}, {"img_width", kPageSide}, {"img_height", kPageSide}, {"words", told}};
}

TEST(TokenizerSweepOnPages, WordsAreLostBySizeAndNeverAboveTheCeiling) {
  const TestFolder folder;
  std::filesystem::create_directory(folder / "pages");
  const auto at = [&](const char* name) { return (folder / name).string(); };
  std::ofstream(folder / "words.json") << nlohmann::json{
      make_page(at("pages/1.png"), "1.png", {U"threshold", U"gallery", U"Vultus", U"person", U"camera"}),
      make_page(at("pages/2.png"), "2.png", {U"picture", U"subject", U"quality", U"server", U"window"})};
  TokenizerSweepPlan plan{.score = {}, .codecs = {"resize", "jpeg"}, .model = {}, .keep = {}};
  plan.score.originals = at("pages");
  plan.score.text_annotations = at("words.json");
  const auto sweep = sweep_tokenizers(sweep_engine(), plan, nullptr).value();
  const auto ned = [&](std::size_t row) { return sweep.rows[row].score.text->ned; };
  const WordScore& originals = *sweep.rows.front().score.text;
  EXPECT_EQ(originals.words.size(), 30U);
  EXPECT_EQ(originals.accuracy.mean, originals.ceiling_accuracy) << "the originals are the ceiling";
  EXPECT_GT(originals.ceiling_ned, 0.9);
  ASSERT_EQ(sweep.rows[7].name(), "resize, 1/2");
  EXPECT_GT(ned(7).mean, ned(8).mean);
  EXPECT_GT(ned(8).mean, ned(9).mean);
  // What is lost between the originals and a quarter of the size: most of it among the small words.
  const auto lost = [&](std::size_t bucket) { return *ned(0).buckets[bucket].mean - *ned(8).buckets[bucket].mean; };
  for (std::size_t b = 0; b < 3; ++b) ASSERT_EQ(ned(0).buckets[b].items, 10U);
  EXPECT_GT(lost(0), lost(2) + 0.2);
  // The words of the other page are not these.
  EXPECT_LT(ned(sweep.rows.size() - 1).mean, 0.5);
  EXPECT_TRUE(sweep.rows[9].score.text->ned_interval);
  EXPECT_TRUE(sweep.rows.front().score.faces.empty());
  const auto page = tokenizer_sweep_page(sweep, sweep_engine());
  ASSERT_TRUE(page);
  EXPECT_NE(page->find("1-NED"), std::string::npos);
}

TEST(TokenizerSweepOnFaces, TheShippedAutoencoderRuns) {
  const TestFolder folder;
  const auto head = face3d::procedural_head().value();
  const std::string planted = (folder / "planted").string();
  ASSERT_TRUE(studio::make_faces(head, {.plant = {.seed = 99, .width = 250, .height = 190}, .count = 2}, planted));
  const TokenizerCodec codec = autoencoder_of(sweep_engine(), {}).value();
  EXPECT_TRUE(codec.planted);
  const media::Picture picture = media::read_picture(planted + "/face_00000.png").value();
  const CodedPicture coded = codec.code(picture.image.view()).value();
  // 250 x 190 is filled up to 252 x 192: 63 x 48 codes of 8 bits.
  EXPECT_DOUBLE_EQ(coded.bits, 63 * 48 * 8);
  EXPECT_GT(evaluation::psnr(picture.image.view(), coded.image.view()).value(), 25);
}

}  // namespace
}  // namespace vultus::engine

// Sweeps over codecs on networks that are no networks: no models are needed.
#include <vultus/engine/tokenizer_sweep.hpp>

#include <cmath>
#include <fstream>
#include <iterator>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <vultus/core/test_folder.hpp>
#include <vultus/engine/fake_faces.hpp>
#include <vultus/engine/tokenizer_codecs.hpp>
#include <vultus/face/fake_network.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>

namespace vultus::engine {
namespace {

namespace fs = std::filesystem;
using face::test::FakeNetwork;
using face::test::Outputs;
using ::testing::HasSubstr;

constexpr int kSide = 96;

/// A template of what is bright and dark where: other pixels, another template, of either sign.
Outputs template_of_places(runtime::Network& network, std::size_t dimension) {
  const auto bytes = network.input();
  const std::size_t each = bytes.size() / static_cast<std::size_t>(network.batch());
  std::vector<float> values(dimension * static_cast<std::size_t>(network.batch()));
  for (std::size_t i = 0; i < bytes.size(); ++i)
    values[i / each * dimension + i % each * dimension / each] += static_cast<float>(bytes[i]) - 128;
  for (float& value : values) value += 0.5F;  // never nothing at all
  return {{"embedding", values}};
}

class Seers final : public runtime::Backend {
 public:
  [[nodiscard]] Result<std::unique_ptr<runtime::Network>> load(const runtime::ModelManifest& model, const fs::path&,
                                                               const runtime::LoadOptions& options) const override {
    face::test::Answer answer;
    if (model.decoder == "rfb") answer = test::one_detection;
    if (model.decoder == "ibug68") answer = test::points_of_a_face;
    if (model.decoder == "mesh468") answer = [](runtime::Network&) { return Outputs{{"flag", {5}}}; };
    if (model.decoder == "embedding")
      answer = [n = static_cast<std::size_t>(model.parameters.at("dimension"))](runtime::Network& network) {
        return template_of_places(network, n);
      };
    if (!answer) return fail(ErrorCode::unsupported, "decoder " + model.decoder);
    const int width = options.width > 0 ? options.width : model.input.width();
    const int height = options.height > 0 ? options.height : model.input.height();
    return std::make_unique<FakeNetwork>(model.input, width, height, answer);
  }
  [[nodiscard]] std::string description() const override { return "fake"; }
};

class Sweeps : public ::testing::Test {
 protected:
  void SetUp() override {
    const fs::path sources = fs::path(VULTUS_SOURCE_DIR) / "models";
    fs::create_directories(folder_ / "models" / "presets");
    fs::copy(sources / "presets" / "default.json", folder_ / "models" / "presets");
    std::ofstream(folder_ / "models" / "weights") << "abc";
    for (const char* name : {"fr_detect", "fr_landmark", "mp_face_mesh", "mobilefacenet192"}) {
      std::ifstream in(sources / (std::string(name) + ".json"));
      nlohmann::json manifest = nlohmann::json::parse(in);
      manifest["source"] = {{"registry", "local"}};
      // SHA-256 of the three bytes "abc": FIPS 180-2, appendix B.1.
      manifest["files"] =
          nlohmann::json::array({{{"path", "weights"},
                                  {"sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                                  {"bytes", 3}}});
      std::ofstream(folder_ / "models" / (std::string(name) + ".json")) << manifest;
    }
    fs::create_directories(folder_ / "in" / "deep");
    for (int i = 0; i < 6; ++i) write("in/" + names()[static_cast<std::size_t>(i)], i);
    annotate(6);
  }

  static const std::vector<std::string>& names() {
    static const std::vector<std::string> kNames{"a.png", "b.png", "c.png", "d.png", "deep/e.png", "f.png"};
    return kNames;
  }
  [[nodiscard]] std::string at(const std::string& name) const { return (folder_ / name).string(); }

  /// Waves that run another way in each picture.
  void write(const std::string& name, int number) const {
    Image image = Image::create(kSide, kSide, PixelFormat::rgb8).value();
    const double angle = 1.1 * number;
    for (int y = 0; y < kSide; ++y)
      for (int x = 0; x < kSide; ++x)
        for (int c = 0; c < 3; ++c)
          image.row(y)[3 * x + c] = static_cast<std::uint8_t>(
              128 + 70 * std::sin(0.12 * (std::cos(angle) * x + std::sin(angle) * y) + angle) +
              45 * std::sin(0.8 * (std::sin(angle) * x - std::cos(angle) * y) + c));
    media::write_file_atomically(at(name), media::encode_png(image.view()).value()).value();
  }
  void annotate(int pictures) const {
    nlohmann::json all = nlohmann::json::array();
    for (int i = 0; i < pictures; ++i)
      all.push_back({{"image_name", names()[static_cast<std::size_t>(i)]},
                     {"img_width", kSide},
                     {"img_height", kSide},
                     {"faces",
                      {{{"kps", {{33, 38}, {63, 38}, {48, 55}, {36, 68}, {60, 68}}},
                        {"box", {20, 15, 76, 85}},
                        {"ratio", i % 2 == 0 ? 0.15 : 0.7}}}}});
    std::ofstream(folder_ / "faces.json") << all;
  }
  [[nodiscard]] Engine engine() const {
    return Engine::load({.models = folder_ / "models", .cache = folder_.path(), .backend = std::make_shared<Seers>()})
        .value();
  }
  [[nodiscard]] TokenizerSweepPlan plan(std::vector<std::string> codecs) const {
    TokenizerSweepPlan plan{.score = {}, .codecs = std::move(codecs), .model = {}, .keep = {}};
    plan.score.originals = at("in");
    plan.score.annotations = at("faces.json");
    plan.score.bootstrap.draws = 100;
    return plan;
  }
  TestFolder folder_;
};

TEST_F(Sweeps, OriginalsAreKeptWholeAndShuffledPairsAreNot) {
  std::size_t told = 0;
  const auto sweep = sweep_tokenizers(engine(), plan({"resize", "jpeg"}), [&](std::size_t done, std::size_t all) {
                       EXPECT_EQ(all, 6U);
                       told = done;
                     }).value();
  EXPECT_EQ(told, 6U);
  ASSERT_EQ(sweep.rows.size(), 1U + 6 + 3 + 1);
  const SweepRow& originals = sweep.rows.front();
  EXPECT_EQ(originals.kind, SweepKind::originals);
  EXPECT_NEAR(originals.score.mean.value, 1, 1e-6);
  EXPECT_FALSE(originals.score.mean_psnr) << "nothing differs";
  double bytes = 0;
  for (const std::string& name : names()) bytes += static_cast<double>(fs::file_size(folder_ / "in" / name));
  EXPECT_NEAR(originals.bits_per_pixel().value(), 8 * bytes / (6 * kSide * kSide), 1e-12);
  const SweepRow& shuffled = sweep.rows.back();
  EXPECT_EQ(shuffled.kind, SweepKind::shuffled);
  EXPECT_FALSE(shuffled.bits_per_pixel());
  // JPEG comes first whatever was named first, and is at its gentlest there.
  EXPECT_EQ(sweep.rows[1].name(), "jpeg, quality 90");
  EXPECT_EQ(sweep.rows[9].name(), "resize, 1/8");
  for (std::size_t r = 1; r + 1 < sweep.rows.size(); ++r) {
    EXPECT_LT(shuffled.score.mean.value + 0.2, sweep.rows[r].score.mean.value) << sweep.rows[r].name();
    EXPECT_LT(sweep.rows[r].score.mean.value, 1) << sweep.rows[r].name();
  }
  EXPECT_GT(sweep.rows[1].score.mean.value, sweep.rows[6].score.mean.value);
  ASSERT_EQ(originals.score.bucket_intervals.size(), 3U);
  EXPECT_FALSE(originals.score.bucket_intervals[0]) << "no face is so small";
  EXPECT_TRUE(originals.score.bucket_intervals[2]);
  EXPECT_EQ(sweep.rows[6].score.similarity.buckets[1].items, 3U);
  const auto& interval = sweep.rows[6].score.bucket_intervals[1];
  ASSERT_TRUE(interval);
  EXPECT_LE(interval->low, *sweep.rows[6].score.similarity.buckets[1].mean);
  EXPECT_GE(interval->high, *sweep.rows[6].score.similarity.buckets[1].mean);
  EXPECT_TRUE(sweep.codec_rank_correlation);
  EXPECT_TRUE(sweep.left_out.empty());
  EXPECT_EQ(sweep.strip_file, "a.png");
  EXPECT_FALSE(sweep.planted);
}

TEST_F(Sweeps, WhatIsKeptScoresAsTheRowItCameFrom) {
  TokenizerSweepPlan plan = this->plan({"jpeg"});
  plan.keep = at("kept");
  const auto sweep = sweep_tokenizers(engine(), plan, nullptr).value();
  TokenizerScorePlan one = plan.score;
  one.reconstructions = at("kept/jpeg-5");
  const auto score = score_tokenizer(engine(), one, nullptr).value();
  const SweepRow& row = sweep.rows[6];
  ASSERT_EQ(row.name(), "jpeg, quality 5");
  ASSERT_EQ(score.faces.size(), row.score.faces.size());
  for (std::size_t i = 0; i < score.faces.size(); ++i)
    EXPECT_DOUBLE_EQ(score.faces[i].cosine, row.score.faces[i].cosine);
  EXPECT_DOUBLE_EQ(score.mean_psnr.value(), row.score.mean_psnr.value());
  EXPECT_EQ(score.mean, row.score.mean);
  EXPECT_EQ(score.psnr_rank_correlation, row.score.psnr_rank_correlation);
  plan.keep = at("in/kept");
  EXPECT_EQ(sweep_tokenizers(engine(), plan, nullptr).error().code, ErrorCode::invalid_argument);
}

TEST_F(Sweeps, FindFacesWhereNobodyAnnotatedThem) {
  TokenizerSweepPlan plan = this->plan({"resize"});
  plan.score.annotations.clear();
  const auto sweep = sweep_tokenizers(engine(), plan, nullptr).value();
  EXPECT_EQ(sweep.rows.front().score.pictures.size(), 6U) << "folders below the folder count";
  EXPECT_EQ(sweep.rows.front().score.faces.size(), 6U);
}

TEST_F(Sweeps, OfOnePictureHaveNoShuffledPairsAndNoIntervals) {
  annotate(1);
  const auto sweep = sweep_tokenizers(engine(), plan({"resize"}), nullptr).value();
  ASSERT_EQ(sweep.rows.size(), 4U);
  EXPECT_EQ(sweep.rows.back().kind, SweepKind::codec);
  EXPECT_FALSE(sweep.rows.back().score.mean.interval);
  EXPECT_FALSE(sweep.rows.back().score.psnr_rank_correlation);
  EXPECT_TRUE(tokenizer_sweep_page(sweep, engine()));
}

TEST_F(Sweeps, SayWhatCannotRun) {
  const auto all = sweep_tokenizers(engine(), plan({}), nullptr).value();
  ASSERT_EQ(all.left_out.size(), 1U) << "this catalogue has no autoencoder";
  EXPECT_THAT(all.left_out[0], HasSubstr("tokenizer_vq"));
  EXPECT_EQ(sweep_tokenizers(engine(), plan({"ae"}), nullptr).error().code, ErrorCode::not_found);
  EXPECT_THAT(sweep_tokenizers(engine(), plan({"gif"}), nullptr).error().message, HasSubstr("no codec \"gif\""));
  TokenizerSweepPlan nowhere = plan({"jpeg"});
  nowhere.score.annotations.clear();
  nowhere.score.originals = at("nowhere");
  EXPECT_EQ(sweep_tokenizers(engine(), nowhere, nullptr).error().code, ErrorCode::not_found);
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_EQ(sweep_tokenizers(engine(), plan({"jpeg"}), nullptr, stopped.get_token()).error().code,
            ErrorCode::cancelled);
}

TEST_F(Sweeps, MakeAPageThatHoldsEverything) {
  std::ofstream(folder_ / "in" / "truth.json") << R"({"planted": true})";
  const auto sweep = sweep_tokenizers(engine(), plan({"jpeg", "resize"}), nullptr).value();
  const std::string page = tokenizer_sweep_page(sweep, engine()).value();
  for (const char* part : {"These are planted data", "jpeg, quality 30", "resize, 1/8", "shuffled, another picture",
                           "<svg", "data:image/png;base64,", "bits per pixel", "tokbench-2, face, 256", "no face",
                           "One face through all codecs", "</html>"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

}  // namespace
}  // namespace vultus::engine

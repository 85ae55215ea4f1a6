// The autoencoder with a codebook: parts with known answers, a planted task that it must solve, a control that must
// fail, and the same answers in the runtime.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/learn/training/test_gradient.hpp>
#include <vultus/learn/training/tokenizer/leaves.hpp>
#include <vultus/learn/training/tokenizer/tokenizer_net.hpp>
#include <vultus/learn/training/tokenizer/train_tokenizer.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::learn {
namespace {

double gap(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(Codebook, AssignsTheNearestEntry) {
  const torch::Tensor codebook = torch::tensor({{0.0F, 0.0F}, {1.0F, 0.0F}, {0.0F, 2.0F}});
  // Distances by hand: (.4, .1) is .17, .37, 3.77 away; (.6, .1) .37, .17, 3.97; (.2, 1.1) 1.25, 1.85, .85; (9, 0) 81,
  // 64, 85. The largest product is not the nearest: (.2, 1.1) has 0, .2, 2.2, and (9, 0) has 0, 9, 0.
  const torch::Tensor rows = torch::tensor({{0.4F, 0.1F}, {0.6F, 0.1F}, {0.2F, 1.1F}, {9.0F, 0.0F}});
  EXPECT_TRUE(torch::equal(nearest_entries(rows, codebook), torch::tensor({0, 1, 2, 1}, torch::kLong)));
  const auto quantiser = std::make_shared<VectorQuantiser>(VectorQuantiser::Options{.entries = 3, .width = 2});
  quantiser->codebook.copy_(codebook);
  quantiser->eval();
  const Quantised said = quantiser->forward(rows.t().reshape({1, 2, 2, 2}));
  EXPECT_TRUE(torch::equal(said.codes, torch::tensor({0, 1, 2, 1}, torch::kLong).view({1, 2, 2})));
  EXPECT_LT(gap(said.values[0].select(1, 1).select(1, 0), torch::tensor({0.0F, 2.0F})), 1e-6);
  // Squares of both numbers, over eight numbers: (.17 + .17 + .85 + 64) / 8.
  EXPECT_NEAR(said.commitment.item<double>(), 65.19 / 8, 1e-4);
  EXPECT_ANY_THROW(VectorQuantiser({.entries = 0}));
}

TEST(Codebook, LetsGradientsThroughAsTheyAre) {
  torch::manual_seed(1);
  VectorQuantiser quantiser({.entries = 5, .width = 3});
  quantiser.to(torch::kDouble);
  quantiser.eval();
  torch::Tensor z = torch::randn({2, 3, 2, 2}, torch::kDouble).set_requires_grad(true);
  const torch::Tensor weights = torch::randn_like(z);
  const Quantised said = quantiser.forward(z);
  EXPECT_GT(gap(said.values, z), 0.1) << "nothing was quantised";
  (said.values * weights).sum().backward();
  EXPECT_LT(gap(z.grad(), weights), 1e-12);
  // What pulls to the entries is smooth where no vector changes its entry.
  EXPECT_LT(test::gradient_gap([&](const torch::Tensor& x) { return quantiser.forward(x).commitment; }, z.detach()),
            1e-7);
  EXPECT_FALSE(quantiser.codebook.requires_grad());
}

TEST(Codebook, EntriesAreRunningMeansOfWhatTheyWereGiven) {
  VectorQuantiser quantiser({.entries = 2, .width = 1, .decay = 0.5, .revive = false});
  quantiser.codebook.copy_(torch::tensor({{0.0F}, {10.0F}}));
  quantiser.named_buffers()["sums"].copy_(quantiser.codebook);
  // Counts 1 and 1 become (1 + 2) / 2 and (1 + 1) / 2, sums 0 and 10 become 3 / 2 and 19 / 2.
  quantiser.learn(torch::tensor({{1.0F}, {2.0F}, {9.0F}}), torch::tensor({0, 0, 1}, torch::kLong));
  EXPECT_LT(gap(quantiser.codebook, torch::tensor({{1.0F}, {9.5F}})), 1e-6);
  // An entry that is given nothing stays where it is.
  quantiser.learn(torch::tensor({{4.0F}}), torch::tensor({0}, torch::kLong));
  EXPECT_NEAR(quantiser.codebook[1].item<double>(), 9.5, 1e-6);
}

TEST(Codebook, FindsClumpsAndForgetsNoEntry) {
  torch::manual_seed(2);
  const torch::Tensor middles = torch::tensor({{-4.0F, 0.0F}, {4.0F, 0.0F}, {0.0F, 5.0F}, {0.0F, -5.0F}});
  VectorQuantiser quantiser({.entries = 4, .width = 2, .decay = 0.8});
  for (int step = 0; step < 60; ++step) {
    const torch::Tensor which = torch::randint(0, 4, {64}, torch::kLong);
    const torch::Tensor rows = middles.index_select(0, which) + 0.1 * torch::randn({64, 2});
    quantiser.forward(rows.t().reshape({1, 2, 8, 8}));
  }
  const torch::Tensor far = (quantiser.codebook.unsqueeze(1) - middles.unsqueeze(0)).square().sum(2).amin(1);
  EXPECT_LT(far.max().item<double>(), 0.05);
  quantiser.eval();
  const Quantised said = quantiser.forward(middles.t().reshape({1, 2, 2, 2}));
  EXPECT_NEAR(perplexity_of(said.codes, 4), 4, 1e-9) << "each clump has an entry of its own";
  EXPECT_NEAR(perplexity_of(torch::zeros({9}, torch::kLong), 4), 1, 1e-9);
}

TEST(Leaves, AreTheSameForASeedAndHaveEdgesAndEvenParts) {
  std::mt19937_64 first(3), again(3), other(4);
  const torch::Tensor picture = dead_leaves(48, first);
  EXPECT_EQ(picture.sizes(), (std::vector<std::int64_t>{3, 48, 48}));
  EXPECT_TRUE(torch::equal(picture, dead_leaves(48, again)));
  EXPECT_FALSE(torch::equal(picture, dead_leaves(48, other)));
  EXPECT_GE(picture.min().item<float>(), 0);
  EXPECT_LE(picture.max().item<float>(), 255);
  const torch::Tensor step = (picture.slice(2, 1) - picture.slice(2, 0, -1)).abs();
  EXPECT_GT(step.max().item<float>(), 40) << "no edge";
  EXPECT_LT(step.median().item<float>(), 25) << "noise alone";
}

/// Tiles of 4 x 4 pixels, each with an edge somewhere between two colours of a few. Nothing but the tiles tells a
/// picture from another.
std::vector<Image> planted_tiles(int count, std::uint64_t seed) {
  constexpr int kPictureSide = 32;
  constexpr std::uint8_t kColours[][3] = {{20, 30, 40}, {230, 220, 200}, {200, 40, 30}, {30, 160, 60}, {40, 60, 210}};
  std::mt19937_64 engine(seed);
  std::vector<Image> pictures;
  for (int i = 0; i < count; ++i) {
    Image picture = Image::create(kPictureSide, kPictureSide, PixelFormat::rgb8).value();
    for (int ty = 0; ty < kPictureSide; ty += 4)
      for (int tx = 0; tx < kPictureSide; tx += 4) {
        const auto* first = kColours[engine() % 5];
        const auto* second = kColours[engine() % 5];
        const bool across = engine() % 2 == 0;
        for (int y = 0; y < 4; ++y)
          for (int x = 0; x < 4; ++x)
            std::copy_n((across ? y : x) < 2 ? first : second, 3, picture.row(ty + y) + 3 * (tx + x));
      }
    pictures.push_back(std::move(picture));
  }
  return pictures;
}

TokenizerRun small_run(const TestFolder& folder, int entries) {
  TokenizerRun run;
  run.pictures = planted_tiles(48, 1), run.tested = planted_tiles(12, 2);
  run.identity = "planted tiles", run.folder = folder.path();
  run.side = 32, run.crops = 320, run.batch = 8, run.epochs = 8, run.learning_rate = 4e-3;
  run.width = 12, run.depth = 1, run.entries = entries, run.code_width = 8;
  return run;
}

TEST(Tokenizer, ReconstructsWhatTheMeanPictureCannot) {
  const TestFolder folder;
  const TokenizerScores scores = train_tokenizer(small_run(folder, 128)).value();
  const double share = scores.measures.at("error") / scores.measures.at("mean_picture_error");
  EXPECT_LT(share, 0.6);  // the control below stays above 0.9
  EXPECT_GT(scores.measures.at("used"), 32);
  EXPECT_EQ(scores.stride, 4);
  EXPECT_DOUBLE_EQ(scores.bits_per_code, 7);
  EXPECT_EQ(scores.epochs.size(), 8U);
  EXPECT_TRUE(std::filesystem::exists(folder / "index.html"));
}

TEST(Tokenizer, WithACodebookOfOneEntryFails) {
  const TestFolder folder;
  TokenizerRun run = small_run(folder, 1);
  run.epochs = 4;
  const TokenizerScores scores = train_tokenizer(run).value();
  EXPECT_GT(scores.measures.at("error") / scores.measures.at("mean_picture_error"), 0.9);
  EXPECT_EQ(scores.measures.at("used"), 1);
}

TEST(Tokenizer, GoesOnBehindItsCheckpointAndEndsWithTheSameNetwork) {
  const TestFolder whole, parts;
  TokenizerRun run = small_run(whole, 16);
  run.epochs = 3, run.crops = 48, run.leaves = 0.3;
  const std::string at_once = train_tokenizer(run).value().onnx;
  run.folder = parts.path();
  std::stop_source stop;
  run.stop = stop.get_token();
  run.told = [&](const EpochRecord& record) {
    if (record.epoch == 2) stop.request_stop();
  };
  EXPECT_EQ(train_tokenizer(run).error().code, ErrorCode::cancelled);
  run.stop = {}, run.told = nullptr;
  EXPECT_TRUE(train_tokenizer(run).value().onnx == at_once);
  run.entries = 8;
  EXPECT_EQ(train_tokenizer(run).error().code, ErrorCode::model_mismatch);
}

TEST(Tokenizer, RefusesRunsThatCannotBe) {
  const TestFolder folder;
  const auto refused = [&](const auto& change) {
    TokenizerRun run = small_run(folder, 16);
    change(run);
    const auto scores = train_tokenizer(run);
    return scores ? std::string() : scores.error().message;
  };
  EXPECT_EQ(refused([](TokenizerRun& run) { run.pictures.resize(1); }),
            "tokenizer: it needs at least 2 pictures to train on and 1 to test on, there are 1 and 12");
  EXPECT_EQ(refused([](TokenizerRun& run) { run.side = 30; }),
            "tokenizer: the side of crops must be 8 to 512 and a multiple of 4, not 30");
  EXPECT_EQ(refused([](TokenizerRun& run) { run.side = 64; }),
            "tokenizer: a picture of 32x32 pixels: colour and at least 64 a side are wanted");
  EXPECT_EQ(refused([](TokenizerRun& run) { run.entries = 0; }), "tokenizer: entries must be 1 to 65536, not 0");
  EXPECT_EQ(refused([](TokenizerRun& run) { run.crops = 4; }), "tokenizer: 4 crops do not fill a batch of 8");
  EXPECT_FALSE(refused([](TokenizerRun& run) { run.halvings = 6; }).empty());
  EXPECT_FALSE(refused([](TokenizerRun& run) { run.leaves = 1.5; }).empty());
}

/// What the runtime says of bytes of a size that need not be that of the file.
std::vector<float> said_by(const std::string& onnx, std::int64_t side, const torch::Tensor& bytes, const char* output) {
  const TestFolder folder;
  std::ofstream(folder / "net.onnx", std::ios::binary) << onnx;
  runtime::ModelManifest manifest;
  manifest.id = ModelId("net");
  manifest.input = {{1, 3, side, side},       runtime::Layout::nchw,    runtime::Colour::rgb,
                    {127.5F, 127.5F, 127.5F}, {127.5F, 127.5F, 127.5F}, true};
  manifest.outputs = {{"codes", "codes"}, {"reconstruction", "reconstruction"}};
  const auto backend = runtime::make_openvino_backend({.precision = runtime::Precision::f32}).value();
  const auto network = backend
                           ->load(manifest, folder / "net.onnx",
                                  {.width = static_cast<int>(bytes.size(1)), .height = static_cast<int>(bytes.size(0))})
                           .value();
  std::copy_n(bytes.data_ptr<std::uint8_t>(), static_cast<std::size_t>(bytes.numel()), network->input().begin());
  network->run().value();
  const auto said = network->output(output).value();
  return {said.begin(), said.end()};
}

TEST(Tokenizer, AnswersInTheRuntimeAsItLearnt) {
  for (const std::int64_t halvings : {1, 2, 3}) {
    torch::manual_seed(5);
    TokenizerNet net(
        TokenizerOptions{.width = 8, .halvings = halvings, .depth = 1, .codes = {.entries = 32, .width = 6}});
    // A codebook about as large as what it quantises, so that many entries are used.
    net.train();
    net.forward(torch::rand({2, 3, 32, 32}) * 2 - 1);
    net.eval();
    const torch::NoGradGuard no_gradients;
    const std::string onnx = net.onnx(WeightKind::f32, 32);
    for (const auto& [height, width] : {std::pair{32, 32}, {24, 40}}) {
      const torch::Tensor bytes = torch::randint(0, 256, {height, width, 3}, torch::kByte).contiguous();
      const TokenizerAnswer wanted =
          net.forward((bytes.permute({2, 0, 1}).unsqueeze(0).to(torch::kFloat) - 127.5) / 127.5);
      const std::vector<float> codes = said_by(onnx, 32, bytes, "codes");
      ASSERT_EQ(static_cast<std::int64_t>(codes.size()), wanted.codes.codes.numel());
      const torch::Tensor flat = wanted.codes.codes.flatten();
      for (std::size_t i = 0; i < codes.size(); ++i)
        EXPECT_EQ(static_cast<std::int64_t>(codes[i]), flat[static_cast<std::int64_t>(i)].item<std::int64_t>()) << i;
      EXPECT_GT(std::set<float>(codes.begin(), codes.end()).size(), 3U) << "one code alone shows nothing";
      std::vector<float> levels = said_by(onnx, 32, bytes, "reconstruction");
      const torch::Tensor answer = (wanted.pictures * 127.5 + 127.5).clamp(0, 255).flatten().contiguous();
      ASSERT_EQ(static_cast<std::int64_t>(levels.size()), answer.numel());
      const torch::Tensor said = torch::from_blob(levels.data(), {answer.numel()});
      EXPECT_LT(gap(said, answer) / 255, 1e-4);
    }
  }
}

}  // namespace
}  // namespace vultus::learn

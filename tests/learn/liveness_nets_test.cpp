// FA3-CLIP and SLIP: parts with known answers, planted tasks that they must solve, controls that they must fail, and
// the same answers in the runtime.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/learn/training/liveness/fa3_net.hpp>
#include <vultus/learn/training/liveness/face_batches.hpp>
#include <vultus/learn/training/liveness/slip_net.hpp>
#include <vultus/learn/training/liveness/spoof_run.hpp>
#include <vultus/liveness/cue_overlap.hpp>
#include <vultus/liveness/high_pass.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::learn {
namespace {

using ::testing::HasSubstr;

double gap(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(HighPass, IsThatOfThePlainFunction) {
  // A side without a wave on the border of the square, which the plain function counts to it.
  torch::manual_seed(1);
  const torch::Tensor plane = torch::randn({1, 1, 20, 20});
  const auto plain = liveness::high_pass({plane.data_ptr<float>(), 400}, 20, 20, kFa3HighPass).value();
  EXPECT_LT(gap(blocks::high_pass(20, 20, kFa3HighPass)->forward(plane).flatten(), torch::tensor(plain)), 1e-5);
}

TEST(TokenMerge, AsManyClustersAsTokensGiveTheTokensBack) {
  torch::manual_seed(3);
  const torch::Tensor tokens = torch::randn({2, 6, 5});
  const TokenMerge merge{.neighbours = 3, .clusters = 6};
  EXPECT_LT(gap(merge.forward(tokens, torch::randn({2, 6})), tokens), 1e-6);
}

TEST(TokenMerge, FindsClumpsAndWeighsTheirTokens) {
  // Clumps about 0 and about 10. Mean squares to the three nearest are least at 0 (0.0167) and, there, at 10 (0.0333).
  const torch::Tensor tokens = torch::tensor({0.0F, 0.1F, -0.2F, 10.0F, 10.1F, 9.7F}).view({1, 6, 1});
  const TokenMerge merge{.neighbours = 3, .clusters = 2};
  const torch::Tensor members = merge.members(tokens);
  EXPECT_LT(gap(members[0][0], torch::tensor({1.0F, 1.0F, 1.0F, 0.0F, 0.0F, 0.0F})), 1e-9);
  EXPECT_LT(gap(members[0][1], torch::tensor({0.0F, 0.0F, 0.0F, 1.0F, 1.0F, 1.0F})), 1e-9);
  // exp(ln 3) against 1 and 1: (3 * 10 + 10.1 + 9.7) / 5.
  const torch::Tensor scores = torch::tensor({0.0F, 0.0F, 0.0F, std::log(3.0F), 0.0F, 0.0F}).view({1, 6});
  EXPECT_NEAR(merge.forward(tokens, scores)[0][1][0].item<double>(), 9.96, 1e-5);
}

TEST(CueDecoder, GoesFromSevenTo32) {
  CueDecoder decoder(16);
  EXPECT_EQ(decoder.forward(torch::zeros({2, 16, 7, 7})).sizes(), (std::vector<std::int64_t>{2, 1, 32, 32}));
}

TEST(CutAndPaste, PutsAPieceOfAnotherPictureWhereItSays) {
  const torch::Tensor pictures = torch::cat({torch::full({1, 3, 40, 40}, -0.5), torch::full({1, 3, 40, 40}, 0.5)});
  std::mt19937_64 random(4);
  const std::vector<PasteAt> at{{0.25, 0.5, 0.1}, {0.75, 0.25, 0.2}};
  const torch::Tensor made = cut_and_paste(pictures, at, random);
  const torch::Tensor changed = (made - pictures).abs().amax(1) > 1e-6;
  EXPECT_TRUE(changed[0][10][20].item<bool>());
  EXPECT_FALSE(changed[0][30][20].item<bool>());
  EXPECT_TRUE(changed[1][30][10].item<bool>());
  EXPECT_NEAR(changed[0].sum().item<double>(), 3.1416 * 4 * 4, 14);  // an ellipse of half axes 4 / s and 4 s
}

Fa3Options small_fa3() {
  Fa3Options options{
      .side = 32, .width = 16, .layers = 2, .heads = 2, .context = 3, .neighbours = 2, .clusters = 4, .vocabulary = 8};
  options.endings[0] = {3, 4}, options.endings[1] = {5, 4};
  return options;
}

TEST(Fa3Loss, RefusesABatchThatIsNotFakesAndThenLives) {
  Fa3Net net(small_fa3());
  const Fa3Answer answer = net.forward(torch::zeros({4, 3, 32, 32}));
  EXPECT_NO_THROW(fa3_loss(answer, torch::tensor({0, 0, 1, 1}), 1));
  EXPECT_THROW(fa3_loss(answer, torch::tensor({0, 1, 0, 1}), 1), c10::Error);
  EXPECT_THROW(fa3_loss(answer, torch::tensor({1, 1, 0, 0}), 1), c10::Error);
}

TEST(Fa3Prompts, TheTextsOfAPictureFollowWhatItShows) {
  torch::manual_seed(5);
  Fa3Net net(small_fa3());
  const torch::Tensor pictures = torch::rand({2, 3, 32, 32});
  const Fa3Answer answer = net.forward(pictures);
  EXPECT_GT(gap(answer.live_text[0], answer.live_text[1]), 1e-5);
  Fa3Options plain = small_fa3();
  plain.prompts = false;
  const Fa3Answer fixed = Fa3Net(plain).forward(pictures);
  EXPECT_EQ(gap(fixed.live_text[0], fixed.live_text[1]), 0);
}

/// What the runtime answers to bytes, with the preprocessing of the shipped rows.
std::vector<float> in_runtime(const TestFolder& folder, const std::string& onnx, const std::string& output,
                              std::int64_t side, const torch::Tensor& bytes) {
  const auto path = folder / "net.onnx";
  std::ofstream(path, std::ios::binary) << onnx;
  runtime::ModelManifest row;
  row.id = ModelId("net");
  row.input.shape = {1, 3, side, side};
  row.input.mean = {127.5F, 127.5F, 127.5F}, row.input.scale = {127.5F, 127.5F, 127.5F};
  row.outputs = {{output, output}};
  const auto backend = runtime::make_openvino_backend({.precision = runtime::Precision::f32}).value();
  const auto network = backend->load(row, path, {});
  if (!network) throw std::runtime_error(network.error().message);
  const torch::Tensor flat = bytes.contiguous();
  std::copy_n(flat.data_ptr<std::uint8_t>(), flat.numel(), (*network)->input().begin());
  (*network)->run().value();
  const auto said = (*network)->output(output).value();
  return {said.begin(), said.end()};
}

/// A picture as bytes [side, side, 3], and as the network sees it.
std::pair<torch::Tensor, torch::Tensor> picture_of(std::int64_t side) {
  const torch::Tensor bytes = torch::randint(0, 256, {side, side, 3}).to(torch::kByte);
  return {bytes, ((bytes.to(torch::kFloat) - 127.5) / 127.5).permute({2, 0, 1}).unsqueeze(0)};
}

/// Running statistics that are not those of the beginning.
template <class Net, class Look>
void warm(Net& net, std::int64_t side, const Look& look) {
  const torch::NoGradGuard no_gradients;
  net.train();
  for (int i = 0; i < 5; ++i) look(torch::rand({8, 3, side, side}) * 2 - 1);
  net.eval();
}

TEST(InRuntime, Fa3AnswersAsItWasTrained) {
  const TestFolder folder;
  for (const bool frequency : {true, false})
    for (const bool prompts : {true, false}) {
      torch::manual_seed(6);
      Fa3Options options = small_fa3();
      options.side = 64, options.neighbours = 5, options.clusters = 7;
      options.frequency = frequency, options.prompts = prompts;
      Fa3Net net(options);
      warm(net, 64, [&](const torch::Tensor& x) { net.forward(x); });
      const torch::NoGradGuard no_gradients;
      const auto [bytes, seen] = picture_of(64);
      const torch::Tensor wanted = net.forward(seen).logits.flatten();
      const auto said = in_runtime(folder, net.onnx(WeightKind::f32), "logits", 64, bytes);
      EXPECT_LT(gap(torch::tensor(said), wanted), 1e-4) << frequency << prompts;
    }
}

SlipOptions small_slip() { return {.side = 112, .width = 16, .heads = 2, .vocabulary = 30, .length = 6}; }

TEST(InRuntime, SlipAnswersAsItWasTrained) {
  const TestFolder folder;
  torch::manual_seed(7);
  SlipNet net(small_slip());
  warm(net, 112, [&](const torch::Tensor& x) { net.cues(net.look(x).joined); });
  const torch::NoGradGuard no_gradients;
  const auto [bytes, seen] = picture_of(112);
  const torch::Tensor wanted = net.cues(net.look(seen).joined).flatten().clamp(0, 1);
  const auto said = in_runtime(folder, net.onnx(WeightKind::f32), "map", 112, bytes);
  EXPECT_LT(gap(torch::tensor(said) / kSlipLevel, wanted), 1e-4);
}

TEST(Slip, EachLossMovesItsOwnPartAlone) {
  torch::manual_seed(8);
  SlipNet net(small_slip());
  net.eval();
  const torch::Tensor pictures = torch::rand({4, 3, 112, 112}), words = torch::randint(1, 30, {4, 6});
  const auto loss = [&](double weight) {
    const SlipView seen = net.look(pictures);
    const torch::Tensor said = net.say(words, seen.places);
    return weight * (net.cues(net.join(seen.joined, said)).pow(2).mean() + mean_cosine(seen.joined, said));
  };
  const auto gradients = [](const std::vector<torch::Tensor>& of) {
    std::vector<torch::Tensor> all;
    for (const torch::Tensor& one : of) all.push_back(one.grad().defined() ? one.grad().flatten() : torch::zeros({1}));
    return torch::cat(all).clone();
  };
  net.train_alone(net.picture_parameters());
  loss(1).backward();
  const torch::Tensor pictures_wanted = gradients(net.picture_parameters());
  EXPECT_EQ(gradients(net.text_parameters()).abs().max().item<double>(), 0);
  net.zero_grad();
  net.train_alone(net.text_parameters());
  loss(3).backward();
  const torch::Tensor texts_wanted = gradients(net.text_parameters());
  EXPECT_EQ(gradients(net.picture_parameters()).abs().max().item<double>(), 0);
  net.zero_grad();
  // Both at once, as they are trained.
  net.train_alone(net.picture_parameters());
  const torch::Tensor first = loss(1);
  net.train_alone(net.text_parameters());
  const torch::Tensor second = loss(3);
  net.train_alone(net.parameters());
  (first + second).backward();
  EXPECT_LT(gap(gradients(net.picture_parameters()), pictures_wanted), 1e-6);
  EXPECT_LT(gap(gradients(net.text_parameters()), texts_wanted), 1e-6);
  EXPECT_GT(pictures_wanted.abs().max().item<double>(), 1e-6);
  EXPECT_GT(texts_wanted.abs().max().item<double>(), 1e-6);
}

/// Planted people: smooth pictures, bright in the middle as everybody is, each a little different. Kind 1 has a thing
/// over a part of it, kind 2 a faint pattern of single pixels.
void plant_people(const std::filesystem::path& path, std::int64_t seen, int subjects) {
  const std::int64_t margin = 2, side = seen + 2 * margin;
  std::mt19937_64 random(9);
  std::vector<std::uint8_t> pixels, covered;
  std::vector<std::int64_t> kind, subject, part;
  for (int person = 0; person < subjects; ++person) {
    const double tilt = unit(random), bright = 0.8 + 0.2 * unit(random);
    const double cx = 0.25 + 0.5 * unit(random), cy = 0.25 + 0.5 * unit(random);
    for (std::int64_t k = 0; k < 3; ++k) {
      for (std::int64_t y = 0; y < side; ++y)
        for (std::int64_t x = 0; x < side; ++x) {
          const double u = (static_cast<double>(x - margin) + 0.5) / static_cast<double>(seen),
                       v = (static_cast<double>(y - margin) + 0.5) / static_cast<double>(seen);
          double level =
              bright * (60 + 150 * std::exp(-8 * ((u - 0.5) * (u - 0.5) + (v - 0.5) * (v - 0.5)))) + 20 * tilt * u;
          if (k == 1 && std::hypot(u - cx, v - cy) < 0.15) level = (x / 3 + y / 3) % 2 == 0 ? 200 : 60;
          if (k == 2) level += (x + y) % 2 == 0 ? 6 : -6;
          level += 4 * (unit(random) - 0.5);
          for (int c = 0; c < 3; ++c) pixels.push_back(static_cast<std::uint8_t>(std::clamp(level, 0.0, 255.0)));
        }
      for (std::int64_t y = 0; y < kCoveredSide; ++y)
        for (std::int64_t x = 0; x < kCoveredSide; ++x) {
          const bool inside = std::hypot((static_cast<double>(x) + 0.5) / kCoveredSide - cx,
                                         (static_cast<double>(y) + 0.5) / kCoveredSide - cy) < 0.15;
          covered.push_back(k == 2 || (k == 1 && inside) ? 255 : 0);
        }
      kind.push_back(k), subject.push_back(person), part.push_back(person % 5 < 3 ? 0 : person % 5 == 3 ? 1 : 2);
    }
  }
  auto writer = TensorFileWriter::create(path, presentation_tensors(std::ssize(kind), side),
                                         presentation_notes({"thing", "pattern"}, margin, true))
                    .value();
  writer.write("pixels", 0, std::as_bytes(std::span(pixels))).value();
  writer.write("covered", 0, std::as_bytes(std::span(covered))).value();
  writer.write("kind", 0, std::as_bytes(std::span(kind))).value();
  writer.write("subject", 0, std::as_bytes(std::span(subject))).value();
  writer.write("part", 0, std::as_bytes(std::span(part))).value();
  writer.finish().value();
}

SpoofWords few_words() {
  SpoofWords words{.vocabulary = 30, .fake = {3, 4}, .live = {5, 4}};
  words.slip_live = {{1, 6, 2, 0}}, words.slip_content = {{1, 7, 2, 0}};
  for (std::int64_t place = 0; place < 8; ++place) words.slip_spoof.push_back({1, 8 + place, 16, 2});
  words.target = [](std::size_t place, double sigma, int row, int column) {
    return liveness::slip_target(place, sigma, {row, column}).value();
  };
  return words;
}

SpoofConfig small_config() {
  SpoofConfig config;
  config.name = "planted", config.sha256 = "one", config.width = 16, config.layers = 1, config.heads = 2;
  config.neighbours = 2, config.clusters = 4, config.epochs = 6, config.steps = 20, config.batch = 12;
  config.learning_rate = 3e-3, config.contrast = 0.1;
  return config;
}

/// Area under the curve of a kind of attack against live faces of the test.
double auc_of_kind(const SpoofResult& result, const Presentations& faces, std::int64_t kind) {
  std::vector<double> attacks, live;
  for (const FaceScore& score : result.scores) {
    if (faces.part(score.face) != Part::test) continue;
    if (faces.kind(score.face) == kind) attacks.push_back(score.score);
    if (faces.kind(score.face) == 0) live.push_back(score.score);
  }
  return auc_of(attacks, live);
}

TEST(Fa3Training, SolvesAPlantedTaskAndNothingWhereLabelsAreShuffled) {
  const TestFolder folder;
  plant_people(folder / "faces.safetensors", 32, 120);
  const Presentations faces = Presentations::open(folder / "faces.safetensors").value();
  SpoofConfig config = small_config();
  const auto learnt = train_fa3(config, faces, few_words(), {.folder = folder / "run"});
  ASSERT_TRUE(learnt) << learnt.error().message;
  EXPECT_GT(auc_of_kind(*learnt, faces, 1), 0.95);
  EXPECT_GT(auc_of_kind(*learnt, faces, 2), 0.95);
  config.shuffle_labels = true, config.sha256 = "two";
  const auto nothing = train_fa3(config, faces, few_words(), {.folder = folder / "control"});
  ASSERT_TRUE(nothing) << nothing.error().message;
  // 24 against 24 faces: the standard error of an area about a half is 0.083. Kind 2 is the same change in every
  // picture, which any network that learnt nothing ranks one way or the other: it is no control.
  EXPECT_NEAR(auc_of_kind(*nothing, faces, 1), 0.5, 0.3);
}

TEST(Fa3Training, AStoppedRunEndsAsOneThatWasNot) {
  const TestFolder folder;
  plant_people(folder / "faces.safetensors", 32, 20);
  const Presentations faces = Presentations::open(folder / "faces.safetensors").value();
  SpoofConfig config = small_config();
  config.epochs = 3, config.steps = 3;
  const auto whole = train_fa3(config, faces, few_words(), {.folder = folder / "whole"}).value();
  std::stop_source stop;
  const auto halt = [&](const EpochRecord& record) {
    if (record.epoch == 1) stop.request_stop();
  };
  const auto stopped =
      train_fa3(config, faces, few_words(), {.folder = folder / "parts", .told = halt, .stop = stop.get_token()});
  EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
  const auto parts = train_fa3(config, faces, few_words(), {.folder = folder / "parts"}).value();
  EXPECT_EQ(parts.onnx, whole.onnx);
  EXPECT_EQ(parts.epochs.size(), 3U);
  config.sha256 = "another";
  EXPECT_EQ(train_fa3(config, faces, few_words(), {.folder = folder / "parts"}).error().code,
            ErrorCode::model_mismatch);
}

TEST(Fa3Training, FaultsOfTheDataAreNamed) {
  const TestFolder folder;
  plant_people(folder / "faces.safetensors", 32, 20);
  const Presentations faces = Presentations::open(folder / "faces.safetensors").value();
  SpoofConfig config = small_config();
  config.left_out = {"paper"};
  EXPECT_THAT(train_fa3(config, faces, few_words(), {.folder = folder / "r"}).error().message, HasSubstr("\"paper\""));
  config.left_out = {"thing", "pattern"};
  EXPECT_THAT(train_fa3(config, faces, few_words(), {.folder = folder / "r"}).error().message,
              HasSubstr("0 kinds of attack"));
}

TEST(SlipTraining, RefusesEveryFaceThatIsNotLive) {
  const TestFolder folder;
  plant_people(folder / "faces.safetensors", 112, 20);
  const Presentations faces = Presentations::open(folder / "faces.safetensors").value();
  const auto refused = [&](std::vector<std::int64_t> on) {
    return train_slip(small_config(), faces, few_words(), {.folder = folder / "r"}, std::move(on)).error().message;
  };
  EXPECT_THAT(refused({0, 3, 1}), HasSubstr("face 1 is of the kind thing"));
  EXPECT_THAT(refused({0, 9}), HasSubstr("face 9 belongs to validation or test"));
}

/// How often the strongest cell of a map lies where the thing is, over the test.
double peaks_inside(const SpoofResult& result, const Presentations& faces) {
  double inside = 0, all = 0;
  for (const FaceScore& score : result.scores) {
    if (faces.part(score.face) != Part::test || faces.kind(score.face) != 1) continue;
    const auto peak = static_cast<std::size_t>(std::ranges::max_element(score.map) - score.map.begin());
    inside += faces.covered(score.face)[peak] != std::byte{0} ? 1 : 0, all += 1;
  }
  return inside / all;
}

TEST(SlipTraining, SeesAThingThatItWasNeverShownAndNothingWhereMapsAreShuffled) {
  const TestFolder folder;
  plant_people(folder / "faces.safetensors", 112, 60);
  const Presentations faces = Presentations::open(folder / "faces.safetensors").value();
  SpoofConfig config = small_config();
  config.batch = 8;
  // After 6 epochs it is luck, by how a processor rounds, whether maps point at the thing: 0 to 1 of the peaks, by
  // seed.
  config.epochs = 18;
  const auto learnt = train_slip(config, faces, few_words(), {.folder = folder / "run"});
  ASSERT_TRUE(learnt) << learnt.error().message;
  EXPECT_GT(auc_of_kind(*learnt, faces, 1), 0.9);
  // The thing covers 7 % of the cells: 5 of 12 peaks in it by chance have a probability below 0.001.
  EXPECT_GT(peaks_inside(*learnt, faces), 0.4);
  config.shuffle_labels = true, config.sha256 = "two";
  const auto nothing = train_slip(config, faces, few_words(), {.folder = folder / "control"});
  ASSERT_TRUE(nothing) << nothing.error().message;
  EXPECT_LT(peaks_inside(*nothing, faces), 0.4);
}

}  // namespace
}  // namespace vultus::learn

// Formulas of the systems against loops and numbers by hand.
#include <cmath>

#include <numeric>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <vultus/learn/training/systems/dfn_net.hpp>
#include <vultus/learn/training/systems/dynamic_net.hpp>
#include <vultus/learn/training/systems/foundation_net.hpp>
#include <vultus/learn/training/systems/sample_file.hpp>
#include <vultus/learn/training/systems/scene_net.hpp>

namespace vultus::learn {
namespace {

double at(const torch::Tensor& tensor, std::initializer_list<std::int64_t> place) {
  torch::Tensor inner = tensor;
  for (const std::int64_t i : place) inner = inner[i];
  return inner.item<double>();
}

TEST(SoftMask, MovementIsTheSoftmaxOfHowFarEachStepMoved) {
  // Three steps of one place: the second moved by 3, the third by 4; the first counts as the second.
  const torch::Tensor z = torch::tensor({0.F, 0.F, 3.F, 0.F, 3.F, 4.F}).view({1, 3, 1, 2});
  const torch::Tensor mask = movement_mask(z, torch::tensor({2.F}));
  const double low = std::exp(1.5), high = std::exp(2.0), all = 2 * low + high;
  EXPECT_NEAR(at(mask, {0, 0}), 3 * low / all, 1e-5);
  EXPECT_NEAR(at(mask, {0, 1}), 3 * low / all, 1e-5);
  EXPECT_NEAR(at(mask, {0, 2}), 3 * high / all, 1e-5);
}

TEST(SoftMask, MeaningFollowsTheScanOfItsFormula) {
  torch::manual_seed(3);
  const torch::Tensor z = torch::randn({2, 4, 3, 5}), meaning = torch::randn({5});
  const double a = 1.7, b = 0.6;
  const torch::Tensor mask = meaning_mask(z, meaning, torch::tensor({1.7F}), torch::tensor({0.6F}));
  const auto cosine = [](const torch::Tensor& x, const torch::Tensor& y) {
    return (x.dot(y) / (x.norm() * y.norm())).item<double>();
  };
  for (std::int64_t n = 0; n < 2; ++n)
    for (std::int64_t place = 0; place < 3; ++place) {
      std::vector<double> by_hand;
      for (std::int64_t t = 0; t < 4; ++t) {
        double repeated = 0;
        for (std::int64_t before = 0; before < t; ++before)
          repeated += cosine(z[n][t][place], z[n][before][place]) * by_hand[static_cast<std::size_t>(before)];
        by_hand.push_back(1 / (1 + std::exp(-(a * cosine(z[n][t][place], meaning) - b * repeated))));
        EXPECT_NEAR(at(mask, {n, t, place}), by_hand.back(), 1e-5);
      }
    }
}

TEST(SoftMask, RepeatedFramesMatterLessAndLess) {
  torch::manual_seed(4);
  const torch::Tensor frame = torch::randn({1, 1, 4, 6});
  const torch::Tensor mask =
      meaning_mask(frame.expand({1, 5, 4, 6}), torch::randn({6}), torch::tensor({1.F}), torch::tensor({0.5F}));
  for (std::int64_t t = 1; t < 5; ++t) EXPECT_TRUE(mask[0][t].lt(mask[0][t - 1]).all().item<bool>()) << t;
}

TEST(SceneNet, AttoHasAsManyNumbersAsItsAuthorsSay) {
  // 3.7 million with a classifier of 1000: the trunk alone has 3.39. Counted by hand from the widths.
  SceneNet net({.widths = {40, 80, 160, 320},
                .depths = {2, 2, 6, 2},
                .emotions = 8,
                .places = 0,
                .moods = 0,
                .brightness = false,
                .colourfulness = false});
  double counted = 40 * 48 + 40 + 2 * 40;  // stem 4 x 4 and its norm
  const double widths[] = {40, 80, 160, 320}, depths[] = {2, 2, 6, 2};
  for (int s = 0; s < 4; ++s) {
    const double c = widths[s];
    if (s > 0) counted += 2 * widths[s - 1] + 4 * widths[s - 1] * c + c;
    counted += depths[s] * (49 * c + c + 2 * c + c * 4 * c + 4 * c + 2 * 4 * c + 4 * c * c + c);
  }
  counted += 2 * 320 + 320 * 64 + 64 + 64 * 8 + 8;  // last norm and the fusion of this project
  double numbers = 0;
  for (const torch::Tensor& parameter : net.parameters()) numbers += static_cast<double>(parameter.numel());
  EXPECT_EQ(numbers, counted);
  EXPECT_NEAR(numbers / 1e6, 3.4, 0.05);
}

TEST(SceneNet, ABranchThatIsLeftOutAnswersNothingAndCostsNothing) {
  SceneNet net({.places = 0, .moods = 3, .brightness = false});
  const SceneAnswers said = net.forward(torch::zeros({2, 3, 64, 64}));
  EXPECT_FALSE(said.brightness.defined());
  EXPECT_FALSE(said.place.defined());
  EXPECT_EQ(said.mood.sizes(), (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(net.outputs(), (std::vector<std::string>{"probabilities", "colourfulness", "moods"}));
  const SceneTruth truth{torch::tensor({0L, 1L}), {}, torch::tensor({0.5F, 0.2F}), {}, torch::tensor({2L, 0L})};
  EXPECT_TRUE(std::isfinite(scene_loss(said, truth).item<double>()));
}

TEST(SceneNet, ActivationMapsAreWhereTheGradientIs) {
  torch::manual_seed(2);
  SceneNet net({});
  const torch::Tensor map = activation_maps(net, torch::randn({3, 3, 64, 64}), torch::tensor({0L, 4L, 7L}));
  EXPECT_EQ(map.sizes(), (std::vector<std::int64_t>{3, 64, 64}));
  EXPECT_GE(map.min().item<double>(), 0);
  EXPECT_LE(map.max().item<double>(), 1);
}

TEST(CaptionLoss, OfTwoPicturesAndTwoSentencesByHand) {
  const torch::Tensor pictures = torch::tensor({1.F, 0.F, 0.F, 1.F}).view({2, 2});
  // Equal vectors, others at right angles, temperature .5: -log(e^2 / (e^2 + 1)) both ways.
  EXPECT_NEAR(caption_loss(pictures, pictures, torch::tensor({0L, 1L}), .5).item<double>(), 0.1269280110, 1e-6);
  // Three pictures of one sentence, none of the other: the second sentence is asked for nothing.
  const torch::Tensor three = torch::tensor({1.F, 0.F, 1.F, 0.F, 1.F, 0.F}).view({3, 2});
  const double one_way = std::log(1 + std::exp(-2)), other_way = std::log(3);
  EXPECT_NEAR(caption_loss(three, pictures, torch::tensor({0L, 0L, 0L}), .5).item<double>(), (one_way + other_way) / 2,
              1e-6);
}

TEST(Regions, AreMeansOfPatchesAndUnitsLieInThem) {
  const torch::Tensor weights = region_weights(8);
  EXPECT_TRUE(torch::allclose(weights.sum(1), torch::ones({kFaceRegions})));
  const auto height = [&](int unit) {  // the middle of the unit's region, 0 = top
    const torch::Tensor rows = (torch::arange(64, torch::kFloat) / 8).floor();
    return (weights[region_of(unit)] * rows).sum().item<double>();
  };
  EXPECT_LT(height(4), height(6));
  EXPECT_LT(height(6), height(9));
  EXPECT_LT(height(9), height(12));
  EXPECT_EQ(region_of(12), region_of(25));
}

TEST(Dfn, ThePenaltyIsTheProductOfItsBranchesAndTheTrunkIsNotTouched) {
  DfnNet net({.width = 16, .blocks = 2, .grid = 4, .units = {4, 12}, .expressions = 3, .rank = 2, .apart = 0.1});
  double by_hand = 0;
  const auto parameters = net.named_parameters();
  for (const char* block : {"0", "1"}) {
    const torch::Tensor a = parameters["units" + std::string(block) + "_up.weight"];
    const torch::Tensor b = parameters["expressions" + std::string(block) + "_up.weight"];
    by_hand += torch::mm(a.t(), b).pow(2).sum().item<double>();
  }
  EXPECT_NEAR(net.penalty().item<double>(), 0.1 * by_hand, 1e-6);
  std::vector<torch::Tensor> blocks{torch::randn({2, 17, 16}), torch::randn({2, 17, 16})};
  const auto said = net.forward(blocks);
  EXPECT_EQ(said.units.sizes(), (std::vector<std::int64_t>{2, 2}));
  EXPECT_EQ(said.expressions.sizes(), (std::vector<std::int64_t>{2, 3}));
}

TEST(Samples, ScoresAndControlsByHand) {
  const auto scores = scores_of({{0, 0, 0, 1}, {0, 0, 1, 1}}, 3);
  EXPECT_DOUBLE_EQ(scores.at("accuracy"), 0.75);
  EXPECT_DOUBLE_EQ(scores.at("uar"), (2.0 / 3 + 1) / 2);
  const torch::Tensor labels = torch::arange(10);
  const torch::Tensor dealt = shuffled_among(labels, {0, 1, 2, 3, 4, 5, 6}, 1);
  EXPECT_TRUE(torch::equal(std::get<0>(dealt.sort()), labels));
  EXPECT_TRUE(torch::equal(dealt.slice(0, 7), labels.slice(0, 7)));
  EXPECT_FALSE(torch::equal(dealt, labels));
  std::vector<std::int64_t> first(20), second(20);
  std::iota(first.begin(), first.end(), 0);
  std::iota(second.begin(), second.end(), 20);
  const torch::Tensor many = torch::arange(40);
  const torch::Tensor control = dealt_out(many, {first, second}, true, 2);
  EXPECT_TRUE(torch::equal(std::get<0>(control.slice(0, 0, 20).sort()), many.slice(0, 0, 20)));
  EXPECT_TRUE(torch::equal(std::get<0>(control.slice(0, 20).sort()), many.slice(0, 20)));
  EXPECT_FALSE(torch::equal(control.slice(0, 20), many.slice(0, 20)));
  EXPECT_EQ(last_share(10, 0.3).value().tested, (std::vector<std::int64_t>{7, 8, 9}));
  EXPECT_EQ(last_share(4, 0.9).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::learn

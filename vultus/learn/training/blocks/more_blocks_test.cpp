// Networks along time and of graphs, spans, balance and diffusion, by known answers and properties.
#include <cmath>
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/learn/training/blocks/balance.hpp>
#include <vultus/learn/training/blocks/diffusion.hpp>
#include <vultus/learn/training/blocks/graph.hpp>
#include <vultus/learn/training/blocks/spans.hpp>
#include <vultus/learn/training/test_gradient.hpp>

namespace vultus::learn::blocks {
namespace {

using ::testing::ElementsAre;
using torch::tensor;

double largest_gap(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(Temporal, ACausalNetworkDoesNotSeeTheFuture) {
  torch::manual_seed(1);
  CausalTcn net(TcnOptions{.in = 3, .widths = {4, 4, 5}, .kernel = 3, .dropout = 0});
  const torch::NoGradGuard no_gradients;
  const torch::Tensor x = torch::randn({1, 3, 40});
  torch::Tensor later = x.clone();
  later.slice(2, 30).normal_();
  const torch::Tensor change = (net.forward(later) - net.forward(x)).abs().amax({0, 1});
  EXPECT_EQ(change.slice(0, 0, 30).max().item<double>(), 0);
  EXPECT_GT(change[30].item<double>(), 0);
  // It sees 1 + 2 (3 - 1)(1 + 2 + 4) = 29 moments: the first no longer reaches the thirtieth.
  torch::Tensor earlier = x.clone();
  earlier.select(2, 0).add_(5);
  const torch::Tensor reached = (net.forward(earlier) - net.forward(x)).abs().amax({0, 1});
  EXPECT_GT(reached.slice(0, 0, 29).max().item<double>(), 0);
  EXPECT_EQ(reached.slice(0, 29).max().item<double>(), 0);
}

TEST(Temporal, WindowsAndSegmentsBoundWhatIsSeen) {
  torch::manual_seed(2);
  WindowedEncoder net(WindowOptions{.width = 4, .heads = 2, .tokens = 16, .window = 3, .segment = 4, .layers = 1});
  const torch::NoGradGuard no_gradients;
  const torch::Tensor x = torch::randn({1, 16, 4});
  torch::Tensor other = x.clone();
  other.select(1, 7).normal_();  // not a shift of all its numbers, which the normalisation takes away
  const torch::Tensor change = (net.forward(other) - net.forward(x)).abs().amax({0, 2});
  // Token 7 is seen by 6 to 8 in windows, and these by their segments, 4 to 7 and 8 to 11.
  EXPECT_GT(change.slice(0, 4, 12).min().item<double>(), 0);
  EXPECT_EQ(change.slice(0, 0, 4).max().item<double>(), 0);
  EXPECT_EQ(change.slice(0, 12).max().item<double>(), 0);
}

TEST(Spans, OverlapsOfTheKnownPair) {
  const torch::Tensor a = tensor({{10.0, 20.0}}, torch::kDouble), b = tensor({{12.0, 24.0}}, torch::kDouble);
  EXPECT_NEAR(span_iou(a, b).item<double>(), 0.5714286, 1e-7);
  EXPECT_NEAR(span_diou(a, b).item<double>(), 0.5714286 - 9.0 / 196, 1e-7);
  EXPECT_NEAR(span_iou(a, tensor({{20.0, 24.0}}, torch::kDouble)).item<double>(), 0, 1e-12);
  EXPECT_LT(test::gradient_gap([&](const torch::Tensor& x) { return span_diou(x, b).sum(); }, a), 1e-7);
}

TEST(Spans, FocalLossOfTheFormula) {
  // p = 1/2: right or wrong, (1/2)^2 log 2, weighed by alpha or 1 - alpha.
  EXPECT_NEAR(focal_loss(torch::zeros({2}), tensor({1.0F, 0.0F})).item<double>(), 0.25 * std::log(2.0), 1e-6);
  torch::manual_seed(3);
  const torch::Tensor targets = tensor({1.0, 0.0, 1.0}, torch::kDouble);
  EXPECT_LT(test::gradient_gap([&](const torch::Tensor& x) { return focal_loss(x, targets); },
                               torch::randn({3}, torch::kDouble)),
            1e-7);
}

TEST(Spans, SoftSuppressionLowersWhatOverlapsAndLeavesTheRest) {
  const auto kept = soft_nms({{.begin = 0, .end = 10, .label = 0, .score = 0.9},
                              {.begin = 0, .end = 10, .label = 0, .score = 0.8},
                              {.begin = 0, .end = 10, .label = 1, .score = 0.7},
                              {.begin = 5, .end = 15, .label = 0, .score = 0.6},
                              {.begin = 30, .end = 40, .label = 0, .score = 0.5}},
                             0.5, 0.05);
  ASSERT_EQ(kept.size(), 5U);
  EXPECT_DOUBLE_EQ(kept[0].score, 0.9);
  EXPECT_DOUBLE_EQ(kept[1].score, 0.7);                         // another label
  EXPECT_DOUBLE_EQ(kept[2].score, 0.5);                         // elsewhere
  EXPECT_NEAR(kept[3].score, 0.6 * std::exp(-2.0 / 9), 1e-12);  // IoU 1/3 with the first
  EXPECT_NEAR(kept[4].score, 0.8 * std::exp(-2.0) * std::exp(-2.0 / 9),
              1e-12);  // 1 with the first, 1/3 with the fourth
}

TEST(Spans, AreDecodedInMomentsOfTheFirstLevel) {
  const torch::Tensor none = torch::full({1, 4, 1}, -9.0F), reach = torch::ones({1, 4, 2});
  torch::Tensor second = none.slice(1, 0, 2).clone();
  second[0][1][0] = 9;
  const auto spans = decode_spans({{none, reach}, {second, 2 * reach.slice(1, 0, 2)}}, 0, 0.5);
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_DOUBLE_EQ(spans[0].begin, -2);  // (1 - 2) 2
  EXPECT_DOUBLE_EQ(spans[0].end, 6);
}

TEST(Balance, RampsGoFromOneEndToTheOther) {
  for (const RampShape shape : {RampShape::linear, RampShape::cosine}) {
    EXPECT_DOUBLE_EQ(ramp(0, 1, 3, shape), 1);
    EXPECT_NEAR(ramp(0.5, 1, 3, shape), 2, 1e-12);
    EXPECT_DOUBLE_EQ(ramp(1, 1, 3, shape), 3);
  }
  EXPECT_NEAR(ramp(0, 0, 1, RampShape::exponential), std::exp(-5.0), 1e-12);
  EXPECT_DOUBLE_EQ(ramp(0.1, 1, 3, RampShape::linear, 0.2, 0.4), 1);
  EXPECT_DOUBLE_EQ(ramp(0.3, 1, 3, RampShape::linear, 0.2, 0.4), 2);
}

TEST(Balance, NoisyLossesWeighLessAndStalledOnesMore) {
  DynamicWeights noisy(10), stalled(10);
  for (int i = 0; i < 10; ++i) {
    const double shake = i % 2 == 0 ? 1 : -1;
    noisy.add({{"calm", 1 + 0.01 * shake}, {"noisy", 1 + 0.1 * shake}});
    // The same variance: one falls by as much as the other shakes around its place.
    stalled.add({{"falls", 1 - 0.01 * i}, {"stalls", 1 + 0.028722813 * shake}});
    if (i == 8) {
      EXPECT_EQ(noisy.weights(1).at("noisy"), 1);  // not full yet
    }
  }
  EXPECT_LT(noisy.weights(1).at("noisy"), 0.05);
  EXPECT_NEAR(noisy.weights(1).at("noisy") + noisy.weights(1).at("calm"), 2, 1e-12);
  EXPECT_GT(stalled.weights(2).at("stalls"), stalled.weights(2).at("falls"));
  EXPECT_GT(stalled.weights(2).at("stalls"), stalled.weights(0.5).at("stalls"));
}

TEST(Balance, UncertaintyFindsTheScaleOfEachLoss) {
  UncertaintyWeights weights(2);
  // At the least of exp(-s) L + s each weight is 1 / L.
  for (int i = 0; i < 400; ++i) {
    weights.zero_grad();
    weights.forward({tensor(4.0F), tensor(0.5F)}).backward();
    const torch::NoGradGuard no_gradients;
    weights.parameters()[0].sub_(0.1 * weights.parameters()[0].grad());
  }
  EXPECT_NEAR(weights.weights()[0].item<double>(), 0.25, 1e-3);
  EXPECT_NEAR(weights.weights()[1].item<double>(), 2, 1e-3);
}

TEST(Balance, HingesAndEarlyExits) {
  EXPECT_NEAR(critic_hinge(tensor({2.0F, 0.0F}), tensor({-2.0F, 0.5F})).item<double>(), 0.5 + 0.75, 1e-6);
  EXPECT_NEAR(maker_hinge(tensor({-2.0F, 0.5F})).item<double>(), 0.75, 1e-6);
  EXPECT_EQ(PatchCritic(3, {4, 4}).forward(torch::zeros({1, 3, 16, 16})).sizes(),
            (std::vector<std::int64_t>{1, 1, 4, 4}));
  const torch::Tensor first = tensor({{5.0F, 0.0F}, {0.1F, 0.0F}}), last = tensor({{0.0F, 1.0F}, {0.0F, 1.0F}});
  const EarlyAnswers early = early_exit({first, last}, 0.9);
  EXPECT_THAT(early.exit, ElementsAre(0, 1));
  EXPECT_LT(largest_gap(early.logits, tensor({{5.0F, 0.0F}, {0.0F, 1.0F}})), 1e-12);
  EXPECT_THAT(early_exit({first, last}, 1.1).exit, ElementsAre(1, 1));
  EXPECT_NEAR(exits_cross_entropy({torch::zeros({2, 2}), torch::zeros({2, 4})}, tensor({0, 1})).item<double>(),
              (std::log(2.0) + std::log(4.0)) / 2, 1e-6);
}

TEST(Graphs, ASkeletonSharesWhatItReceives) {
  // 0 - 1 - 2: the middle receives a third of each, the ends a half.
  const torch::Tensor parts = skeleton(3, {{0, 1}, {1, 2}}, 0);
  EXPECT_LT(largest_gap(parts.sum(0).sum(0), torch::ones({3})), 1e-6);
  EXPECT_NEAR(parts[0][1][1].item<double>(), 1.0 / 3, 1e-6);
  EXPECT_NEAR(parts[1][0][1].item<double>(), 1.0 / 3, 1e-6);  // from nearer the root
  EXPECT_NEAR(parts[2][2][1].item<double>(), 1.0 / 3, 1e-6);  // from farther away
  EXPECT_NEAR(parts[1][1][2].item<double>(), 0.5, 1e-6);
  EXPECT_ANY_THROW(skeleton(2, {{0, 2}}, 0));
}

TEST(Graphs, TheNearestOfAPointAreItselfAndItsNeighbours) {
  const torch::Tensor line = tensor({0.0F, 1.0F, 3.0F, 7.0F}).view({1, 1, 4});
  EXPECT_TRUE(torch::equal(nearest(line, 2)[0], tensor({{0, 1}, {1, 0}, {2, 1}, {3, 2}})));
  torch::manual_seed(4);
  EdgeConv conv(3, 5, 3);
  conv.eval();
  const torch::NoGradGuard no_gradients;
  const torch::Tensor x = torch::randn({2, 3, 9}), order = torch::randperm(9);
  EXPECT_LT(largest_gap(conv.forward(x).index_select(2, order), conv.forward(x.index_select(2, order))), 1e-5);
}

TEST(Diffusion, SchedulesFallFromOneToAlmostNothing) {
  const NoiseSchedule linear = NoiseSchedule::linear(), cosine = NoiseSchedule::cosine();
  EXPECT_DOUBLE_EQ(linear.left(0), 1);
  EXPECT_DOUBLE_EQ(linear.left(1), 1 - 1e-4);
  EXPECT_NEAR(linear.left(1000), 4.0358e-5, 1e-8);  // product of 1 - beta, by hand in another language
  EXPECT_LT(cosine.left(1000), 1e-4);
  for (std::int64_t t = 1; t <= 1000; ++t) EXPECT_LT(cosine.left(t), cosine.left(t - 1));
  EXPECT_NEAR(cosine.left(500), 0.4938, 1e-3);  // cos^2 of (0.508 / 1.008) 90 degrees over cos^2 of (0.008 / 1.008) 90
  EXPECT_THAT(walk(NoiseSchedule::linear(10), 5), ElementsAre(10, 8, 6, 4, 2, 0));
}

/// A mixture of two bells on a line, whose noise is known exactly.
struct KnownMixture {
  NoiseSchedule schedule = NoiseSchedule::linear(1000);
  double deviation = 0.3;
  std::vector<double> means{-2, 1}, shares{0.3, 0.7};
  [[nodiscard]] torch::Tensor noise(const torch::Tensor& z, std::int64_t t) const {
    const double left = schedule.left(t), variance = left * deviation * deviation + 1 - left;
    std::vector<torch::Tensor> logs, gaps;
    for (std::size_t k = 0; k < means.size(); ++k) {
      gaps.push_back(z - std::sqrt(left) * means[k]);
      logs.push_back(-gaps.back().square() / (2 * variance) + std::log(shares[k]));
    }
    const torch::Tensor weights = torch::softmax(torch::stack(logs), 0);
    return std::sqrt(1 - left) * (weights * torch::stack(gaps)).sum(0) / variance;
  }
};

TEST(Diffusion, WithTheExactNoiseItMakesTheMixture) {
  const KnownMixture known;
  torch::manual_seed(5);
  const torch::Tensor made = ddim(
      known.schedule, [&](const auto& z, auto t) { return known.noise(z, t); }, torch::randn({20000}, torch::kDouble),
      1000);
  const torch::Tensor low = made.masked_select(made < -0.5), high = made.masked_select(made >= -0.5);
  EXPECT_NEAR(static_cast<double>(low.numel()) / 20000, 0.3, 0.02);
  EXPECT_NEAR(low.mean().item<double>(), -2, 0.02);  // a hundredth of it
  EXPECT_NEAR(high.mean().item<double>(), 1, 0.015);
  EXPECT_NEAR(low.std().item<double>(), 0.3, 0.015);
}

TEST(Diffusion, InversionComesBack) {
  const KnownMixture known;
  torch::manual_seed(6);
  const auto tell = [&](const torch::Tensor& z, std::int64_t t) { return known.noise(z, t); };
  const torch::Tensor picture = torch::tensor({-2.3, -1.9, 0.8, 1.2}, torch::kDouble);
  const auto stood = ddim_inversion(known.schedule, tell, picture, 500);
  ASSERT_EQ(stood.size(), 501U);
  EXPECT_LT(largest_gap(ddim(known.schedule, tell, stood.back(), 500), picture), 0.02);
  EXPECT_LT(largest_gap(ddim_step(known.schedule, ddim_step(known.schedule, picture, torch::ones({4}), 300, 500),
                                  torch::ones({4}), 500, 300),
                        picture),
            1e-9);  // with the same noise, up and down is nothing
}

TEST(Diffusion, GuidanceMovesAlongTheDifferenceAndEmbeddingsBringItBack) {
  EXPECT_LT(largest_gap(guided(tensor({1.0F}), tensor({2.0F}), 3), tensor({4.0F})), 1e-6);
  // A network that tells its embedding: guided sampling leaves the inversion unless the empty one is fitted.
  const NoiseSchedule schedule = NoiseSchedule::linear(100);
  GuidedNetwork network{
      .tell = [](const torch::Tensor& z, std::int64_t, const torch::Tensor& e) { return 0.3 * z + e; },
      .condition = tensor({0.5, -0.2}, torch::kDouble),
      .weight = 4};
  const torch::Tensor picture = tensor({1.0, -1.0}, torch::kDouble), empty = torch::zeros({2}, torch::kDouble);
  const auto along = ddim_inversion(
      schedule, [&](const auto& z, auto t) { return network.tell(z, t, network.condition); }, picture, 10);
  const auto back = [&](const std::vector<torch::Tensor>& embeddings) {
    const auto steps = walk(schedule, 10);
    torch::Tensor z = along.back();
    for (std::size_t i = 0; i < 10; ++i)
      z = ddim_step(schedule, z,
                    guided(network.tell(z, steps[i], embeddings[i]), network.tell(z, steps[i], network.condition), 4),
                    steps[i], steps[i + 1]);
    return z;
  };
  const auto fitted = fit_embeddings(schedule, network, along, empty, {.learning_rate = 0.05, .iterations = 200});
  EXPECT_GT(largest_gap(back(std::vector(10, empty)), picture), 0.2);
  EXPECT_LT(largest_gap(back(fitted), picture), 0.01);
}

TEST(Diffusion, TheLossOfOneWhoKnowsIsNothingAndOfOneWhoSaysNothingOne) {
  const NoiseSchedule schedule = NoiseSchedule::cosine(50);
  torch::manual_seed(7);
  const torch::Tensor x = torch::zeros({4000, 2});
  // With a picture of zeros z is the noise times sqrt(1 - alpha_bar).
  EXPECT_LT(ddpm_loss(
                schedule, [&](const auto& z, const auto& t) { return z / (1 - schedule.left(t, z)).sqrt(); }, x)
                .template item<double>(),
            1e-6);
  EXPECT_NEAR(ddpm_loss(
                  schedule, [](const auto& z, const auto&) { return torch::zeros_like(z); }, x)
                  .template item<double>(),
              1, 0.06);  // 8000 squares of variance 2: 4 standard errors
}

}  // namespace
}  // namespace vultus::learn::blocks

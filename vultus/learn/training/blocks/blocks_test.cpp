// Blocks by known answers, by properties, and their gradients against differences.
#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/learn/training/blocks/adapters.hpp>
#include <vultus/learn/training/blocks/cnn.hpp>
#include <vultus/learn/training/blocks/fusion.hpp>
#include <vultus/learn/training/blocks/masked.hpp>
#include <vultus/learn/training/blocks/spectrum.hpp>
#include <vultus/learn/training/contrastive.hpp>
#include <vultus/learn/training/losses.hpp>
#include <vultus/learn/training/test_gradient.hpp>

namespace vultus::learn::blocks {
namespace {

using torch::tensor;

double gap(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

/// Gap of the gradient of a block with respect to its input, against differences; the answer weighed by chance.
double gradient_gap_of(Block& block, const Wholes& shape) {
  torch::manual_seed(7);
  block.to(torch::kDouble);
  block.eval();
  const torch::Tensor at = torch::randn(shape, torch::kDouble);
  const torch::Tensor weights = torch::randn_like(block.forward(at));
  return test::gradient_gap([&](const torch::Tensor& x) { return (block.forward(x) * weights).sum(); }, at);
}

TEST(Layers, GradientsAreThoseOfDifferences) {
  torch::manual_seed(1);
  EXPECT_LT(gradient_gap_of(*std::make_shared<Mlp>(Wholes{4, 6, 3}), {2, 4}), 1e-7);
  EXPECT_LT(gradient_gap_of(*std::make_shared<LayerNorm>(3, Along::channels), {2, 3, 2, 2}), 1e-7);
  EXPECT_LT(gradient_gap_of(*std::make_shared<GroupNorm>(2, 4), {2, 4, 2, 2}), 1e-7);
  EXPECT_LT(gradient_gap_of(*std::make_shared<SqueezeExcite>(4, 2), {2, 4, 2, 2}), 1e-7);
  EXPECT_LT(gradient_gap_of(*std::make_shared<ConvNextBlock>(3, 3), {1, 3, 3, 3}), 1e-7);
  EXPECT_LT(gradient_gap_of(*std::make_shared<Encoder>(EncoderOptions{.width = 4, .heads = 2, .layers = 1}), {1, 3, 4}),
            1e-7);
  EXPECT_LT(gradient_gap_of(*std::make_shared<UNet>(UNetOptions{.in = 1, .out = 1, .widths = {4, 4}}), {1, 1, 4, 4}),
            1e-6);
}

TEST(Layers, TheResponseNormOfTwoChannelsIsThatOfTheFormula) {
  // Channels of length 3 and 1, so N = 3/2 and 1/2; gamma 2, beta 0.5: 2 x N + 0.5 + x.
  ResponseNorm norm(2);
  const torch::NoGradGuard no_gradients;
  norm.parameters()[0].fill_(2), norm.parameters()[1].fill_(0.5);
  const torch::Tensor y = norm.forward(tensor({{{{3.0F, 0.0F}, {0.0F, 1.0F}}}}));
  EXPECT_LT(gap(y, tensor({{{{12.5F, 0.5F}, {0.5F, 2.5F}}}})), 1e-4);
}

TEST(Transformer, AttentionToEqualKeysIsTheMeanOfTheValues) {
  Attention attention(AttentionOptions{.width = 4, .heads = 2});
  const torch::NoGradGuard no_gradients;
  for (torch::Tensor& parameter : attention.parameters())
    parameter.dim() == 2 ? parameter.copy_(torch::eye(4)) : parameter.zero_();
  attention.named_parameters()["key.weight"].zero_();
  const torch::Tensor context = torch::randn({1, 5, 4});
  const torch::Tensor seen = attention.forward(torch::randn({1, 3, 4}), context);
  EXPECT_LT(gap(seen, context.mean(1, true).expand({1, 3, 4})), 1e-6);
  // Only the first and the third are there.
  const torch::Tensor masked =
      attention.forward(torch::randn({1, 3, 4}), context, tensor({{1.0F, 0.0F, 1.0F, 0.0F, 0.0F}}));
  const torch::Tensor two = (context.select(1, 0) + context.select(1, 2)) / 2;
  EXPECT_LT(gap(masked, two.unsqueeze(1).expand({1, 3, 4})), 1e-6);
}

TEST(Transformer, AnEncoderWithoutPositionsKnowsNoOrderAndNoHiddenTokens) {
  torch::manual_seed(2);
  Encoder encoder(EncoderOptions{.width = 8, .heads = 2, .layers = 2});
  const torch::NoGradGuard no_gradients;
  const torch::Tensor x = torch::randn({2, 5, 8}), order = tensor({3, 0, 4, 1, 2});
  EXPECT_LT(gap(encoder.forward(x).index_select(1, order), encoder.forward(x.index_select(1, order))), 1e-5);
  const torch::Tensor there = tensor({{1.0F, 1.0F, 1.0F, 0.0F, 0.0F}}).expand({2, 5});
  torch::Tensor other = x.clone();
  other.slice(1, 3).normal_();
  EXPECT_LT(gap(encoder.forward(x, there).slice(1, 0, 3), encoder.forward(other, there).slice(1, 0, 3)), 1e-6);
  EXPECT_GT(gap(encoder.forward(x).slice(1, 0, 3), encoder.forward(other).slice(1, 0, 3)), 1e-3);
}

TEST(Transformer, PatchesComeRowByRow) {
  PatchEmbedding embedding(1, 2, 1);
  const torch::NoGradGuard no_gradients;
  embedding.parameters()[0].fill_(1), embedding.parameters()[1].fill_(0);
  const torch::Tensor x = torch::arange(16).to(torch::kFloat).view({1, 1, 4, 4});
  // Sums of the four squares of 0 1 2 3 / 4 5 6 7 / 8 9 10 11 / 12 13 14 15.
  EXPECT_LT(gap(embedding.forward(x), tensor({10.0F, 18.0F, 42.0F, 50.0F}).view({1, 4, 1})), 1e-6);
  EXPECT_LT(gap(patches_of(x, 2).sum(2, true), embedding.forward(x)), 1e-6);
  EXPECT_LT(gap(sine_positions(3, 4)[0], tensor({0.0F, 0.0F, 1.0F, 1.0F})), 1e-6);
  EXPECT_NEAR(sine_positions(3, 4)[2][1].item<double>(), std::sin(2 * 0.01), 1e-6);
}

TEST(Adapters, MergedWeightsAnswerAsUnmergedOnes) {
  torch::manual_seed(3);
  const auto layer = std::make_shared<Linear>(24, 16);
  const torch::Tensor x = torch::randn({50, 24}), before = layer->forward(x).detach();
  LowRank adapter(layer, 4, 8);
  EXPECT_LT(gap(adapter.forward(x), before), 1e-12);  // begins as the layer
  const torch::NoGradGuard no_gradients;
  adapter.named_parameters()["up"].normal_(0, 0.1);
  EXPECT_GT(gap(adapter.forward(x), before), 0.1);
  EXPECT_LT(gap(adapter.merged()->forward(x), adapter.forward(x)) / adapter.forward(x).abs().max().item<double>(),
            1e-6);
}

TEST(Adapters, OnlyTheAdapterLearns) {
  torch::manual_seed(4);
  Encoder encoder(EncoderOptions{.width = 8, .heads = 2, .layers = 2});
  const auto adapters = add_low_rank(encoder, 2);
  EXPECT_EQ(adapters.size(), 4U);
  encoder.forward(torch::randn({1, 3, 8})).square().sum().backward();
  std::int64_t learn = 0;
  for (const auto& parameter : encoder.named_parameters()) {
    const bool own = parameter.key().ends_with("down") || parameter.key().ends_with("up");
    EXPECT_EQ(parameter.value().requires_grad(), own) << parameter.key();
    EXPECT_EQ(parameter.value().grad().defined(), own) << parameter.key();
    if (own) learn += parameter.value().numel();
  }
  EXPECT_EQ(learn, 4 * (2 * 8 + 8 * 2));  // rank 2, width 8, queries and values of two layers
  EXPECT_ANY_THROW(add_low_rank(encoder, 2));
  Bottleneck side(std::make_shared<Linear>(6, 6), 6, 2);
  EXPECT_LT(gradient_gap_of(side, {3, 6}), 1e-7);
}

TEST(Spectrum, TheSumOfSquaresStays) {
  torch::manual_seed(5);
  const torch::Tensor x = torch::randn({2, 3, 6, 9}, torch::kDouble);
  // Rings side by side let everything through, each once.
  torch::Tensor sum = torch::zeros_like(x);
  double squares = 0;
  for (const auto& [low, high] : {std::pair{0.0, 0.2}, {0.2, 0.4}, {0.4, 0.8}}) {
    const torch::Tensor part = BandMask(ring(6, 9, low, high)).forward(x);
    sum = sum + part, squares += part.square().sum().item<double>();
  }
  EXPECT_LT(gap(sum, x), 1e-9);
  EXPECT_NEAR(squares, x.square().sum().item<double>(), 1e-5 * squares);
}

TEST(Spectrum, AHighPassTakesConstantsAndKeepsCheckerboards) {
  const auto high = high_pass(8, 8);
  EXPECT_LT(high->forward(torch::full({1, 1, 8, 8}, 3.0F)).abs().max().item<double>(), 1e-5);
  const torch::Tensor odd = torch::arange(8).remainder(2) * 2 - 1;
  const torch::Tensor checkers = torch::outer(odd, odd).to(torch::kFloat).view({1, 1, 8, 8});
  EXPECT_LT(gap(high->forward(checkers), checkers), 1e-5);
  // A wave of one cycle lies in the square: 1/8 is at the edge of a quarter of the highest frequency, 1/2.
  const torch::Tensor slow =
      torch::cos(torch::arange(16) * (2 * std::numbers::pi / 16)).view({1, 1, 1, 16}).expand({1, 1, 16, 16});
  EXPECT_LT(high_pass(16, 16)->forward(slow).abs().max().item<double>(), 1e-5);
}

TEST(Spectrum, BothPartsOfTheSpectrumAreLearnt) {
  torch::manual_seed(6);
  SpectrumConv conv(2, 2, 4, 6);
  EXPECT_LT(gradient_gap_of(conv, {1, 2, 4, 6}), 1e-6);
  conv.forward(torch::randn({1, 2, 4, 6}, torch::kDouble)).sum().backward();
  for (const auto& parameter : conv.named_parameters())
    if (parameter.key().ends_with("weight")) {
      EXPECT_GT(parameter.value().grad().abs().max().item<double>(), 1e-6) << parameter.key();
    }
}

TEST(Spectrum, PowerOfOneToneLiesInOneFrequency) {
  const torch::Tensor t = torch::arange(90, torch::kDouble) / 30;  // three seconds at 30 Hz: steps of 1/3 Hz
  const torch::Tensor slow = torch::sin(2 * std::numbers::pi * t).unsqueeze(0) + 5,
                      fast = torch::cos(4 * std::numbers::pi * t).unsqueeze(0);
  const torch::Tensor power = power_spectrum(slow, 30, 0.5, 3);
  EXPECT_EQ(power.size(1), 8);  // 2/3 ... 3 Hz
  EXPECT_NEAR(power[0][1].item<double>(), 1, 1e-9);
  EXPECT_NEAR(power_distance(slow, fast, 30, 0.5, 3).item<double>(), 2, 1e-9);  // (1, 0) against (0, 1)
  EXPECT_NEAR(power_distance(slow, 3 * slow, 30, 0.5, 3).item<double>(), 0, 1e-12);
  torch::manual_seed(8);
  const torch::Tensor other = torch::randn({1, 12}, torch::kDouble);
  EXPECT_LT(test::gradient_gap([&](const torch::Tensor& x) { return power_distance(x, other, 12, 1, 5).sum(); },
                               torch::randn({1, 12}, torch::kDouble)),
            1e-6);
}

TEST(Masks, HideAnExactNumberTubesAtAllTimesAndOthersInEverySample) {
  torch::manual_seed(9);
  const torch::Tensor random = random_mask(6, 50, 0.75), tubes = tube_mask(6, 4, 20, 0.9);
  EXPECT_TRUE((random.sum(1) == 37).all().item<bool>());  // floor of 37.5
  EXPECT_TRUE((tubes.sum(1) == 4 * 18).all().item<bool>());
  const torch::Tensor by_time = tubes.view({6, 4, 20});
  EXPECT_TRUE((by_time == by_time.slice(1, 0, 1)).all().item<bool>());
  EXPECT_FALSE(torch::equal(random[0], random[1]));
  EXPECT_FALSE(torch::equal(tubes[0], tubes[1]));
  EXPECT_EQ(random_mask(2, 10, 0).sum().item<double>(), 0);
}

TEST(Masks, WhatIsVisibleComesBackToItsPlace) {
  torch::manual_seed(10);
  const torch::Tensor x = torch::randn({3, 8, 2}), hidden = random_mask(3, 8, 0.5);
  const torch::Tensor visible = visible_of(x, hidden);
  EXPECT_EQ(visible.sizes(), (std::vector<std::int64_t>{3, 4, 2}));
  EXPECT_LT(gap(placed(visible, hidden), x * (1 - hidden).unsqueeze(2)), 1e-12);
  EXPECT_ANY_THROW(
      visible_of(x, tensor({{1.0F, 0, 0, 0, 0, 0, 0, 0}, {1.0F, 1, 0, 0, 0, 0, 0, 0}, {1.0F, 0, 0, 0, 0, 0, 0, 0}})));
}

TEST(Masks, ASoftMaskKeepsTheShareAndHasGradients) {
  torch::Tensor scores = tensor({{4.0F, 1.0F, 3.0F, 2.0F}}).set_requires_grad(true);
  const torch::Tensor mask = soft_mask(scores, 0.5, 0.25);
  // The threshold is 2.5: sigmoid((3 - 2.5) / 0.25) = 0.880797.
  EXPECT_NEAR(mask[0][2].item<double>(), 0.880797, 1e-5);
  EXPECT_NEAR(mask[0][3].item<double>(), 1 - 0.880797, 1e-5);
  mask.sum().backward();
  EXPECT_GT(scores.grad().min().item<double>(), 0);
}

TEST(Masks, OnlyHiddenPatchesCost) {
  const torch::Tensor patches = tensor({{{1.0F, 3.0F}, {10.0F, 10.0F}}}), said = torch::zeros({1, 2, 2});
  EXPECT_NEAR(hidden_error(said, patches, tensor({{1.0F, 0.0F}}), Target::plain).item<double>(), 5,
              1e-5);  // (1 + 9) / 2
  // 1 and 3 are -1 and 1 after their own mean and deviation.
  EXPECT_NEAR(hidden_error(said, patches, tensor({{1.0F, 0.0F}}), Target::normalised).item<double>(), 1, 1e-5);
  EXPECT_EQ(hidden_error(said, patches, torch::zeros({1, 2}), Target::plain).item<double>(), 0);
}

TEST(Masks, TheDecoderDoesNotSeeWhatIsHidden) {
  torch::manual_seed(11);
  MaskedDecoder decoder(MaskedDecoderOptions{.encoder_width = 6, .width = 8, .heads = 2, .layers = 1, .numbers = 3},
                        sine_positions(5, 8));
  const torch::NoGradGuard no_gradients;
  const torch::Tensor hidden = random_mask(2, 5, 0.4), x = torch::randn({2, 5, 6});
  torch::Tensor other = x + hidden.unsqueeze(2) * 9;
  EXPECT_LT(gap(decoder.forward(x, hidden), decoder.forward(other, hidden)), 1e-6);
}

TEST(Contrastive, KnownAnswers) {
  const torch::Tensor unit = torch::eye(2, torch::kDouble);
  // Each query finds its key at cosine 1 and the other at 0: log(1 + exp(-1 / 0.5)).
  const double two = std::log(1 + std::exp(-2.0));
  EXPECT_NEAR(info_nce(unit, 3 * unit, 0.5).item<double>(), two, 1e-9);
  EXPECT_NEAR(info_nce_both(unit, unit, 0.5).item<double>(), two, 1e-9);
  EXPECT_NEAR(info_nce(unit, unit, 0.5, -unit).item<double>(), std::log(1 + 2 * std::exp(-2.0) + std::exp(-4.0)),
              1e-9);  // cosines 1; 0; -1, 0
  EXPECT_NEAR(prototype_cross_entropy(unit, unit, tensor({0, 1}), 0.5).item<double>(), two, 1e-9);
  // Two views of two samples as classes are NT-Xent.
  const torch::Tensor views = torch::cat({unit, unit}), labels = tensor({0, 1, 0, 1});
  EXPECT_NEAR(supervised_contrastive(views, labels, 0.5).item<double>(), 0.2395447662, 1e-9);
  EXPECT_NEAR(nt_xent(views, 0.5).item<double>(), 0.2395447662, 1e-9);
  EXPECT_EQ(supervised_contrastive(unit, tensor({0, 1}), 0.5).item<double>(), 0);  // nobody has another
}

TEST(Contrastive, GradientsAreThoseOfDifferences) {
  torch::manual_seed(12);
  const torch::Tensor x = torch::randn({5, 3}, torch::kDouble), keys = torch::randn({5, 3}, torch::kDouble);
  const torch::Tensor labels = tensor({0, 1, 0, 1, 2});
  EXPECT_LT(test::gradient_gap([&](const torch::Tensor& v) { return info_nce_both(v, keys, 0.3); }, x), 1e-7);
  EXPECT_LT(test::gradient_gap([&](const torch::Tensor& v) { return supervised_contrastive(v, labels, 0.3); }, x),
            1e-7);
  EXPECT_LT(
      test::gradient_gap([&](const torch::Tensor& v) { return prototype_cross_entropy(v, keys, labels, 0.3); }, x),
      1e-7);
  EXPECT_NEAR(prototypes_of(x, labels, 4)[2].norm().item<double>(), 1, 1e-9);
  EXPECT_EQ(prototypes_of(x, labels, 4)[3].abs().sum().item<double>(), 0);
}

TEST(Fusion, TheLeaderPassesAndEverySourceIsSeen) {
  torch::manual_seed(13);
  LeaderFusion fusion(LeaderFusionOptions{.widths = {4, 3}, .width = 6, .heads = 2});
  const torch::Tensor a = torch::randn({2, 5, 4}), b = torch::randn({2, 5, 3});
  const torch::Tensor y = fusion.forward({a, b});
  EXPECT_EQ(y.size(2), fusion.answers());
  EXPECT_LT(gap(y.slice(2, 12), a), 1e-12);
  // Each moment by itself: another second source at one time changes that time alone.
  torch::Tensor other = b.clone();
  other.select(1, 2).add_(1);
  const torch::Tensor change = (fusion.forward({a, other}) - y).abs().amax({0, 2});
  EXPECT_GT(change[2].item<double>(), 1e-4);
  EXPECT_LT(change.index_select(0, tensor({0, 1, 3, 4})).max().item<double>(), 1e-7);
  GateFusion gate({4, 3}, 6);
  EXPECT_EQ(gate.forward({a, b}).size(2), 12);
}

}  // namespace
}  // namespace vultus::learn::blocks

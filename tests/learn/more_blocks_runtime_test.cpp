// Adapters, spectra, decoders, fusion, networks along time and of graphs: in the runtime as in libtorch.
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/learn/training/blocks/adapters.hpp>
#include <vultus/learn/training/blocks/balance.hpp>
#include <vultus/learn/training/blocks/fusion.hpp>
#include <vultus/learn/training/blocks/graph.hpp>
#include <vultus/learn/training/blocks/masked.hpp>
#include <vultus/learn/training/blocks/spectrum.hpp>
#include <vultus/learn/training/blocks/temporal.hpp>

#include "in_runtime.hpp"

namespace vultus::learn {
namespace {

using namespace blocks;  // NOLINT(google-build-using-namespace): every name here is one of theirs
using test::gap_to_runtime;
using test::input_of;
using test::kGap;

TEST(BlocksInRuntime, Adapters) {
  torch::manual_seed(1);
  EXPECT_LT(gap_to_runtime(*std::make_shared<LowRank>(std::make_shared<Linear>(6, 5), 2, 4), {2, 3, 6}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<Bottleneck>(std::make_shared<Linear>(6, 6), 6, 3), {2, 3, 6}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<Prompts>(2, 6), {3, 4, 6}), kGap);
  const auto encoder = std::make_shared<Encoder>(EncoderOptions{.width = 8, .heads = 2, .layers = 2});
  add_low_rank(*encoder, 2);
  EXPECT_LT(gap_to_runtime(*encoder, {2, 4, 8}), kGap);
}

TEST(BlocksInRuntime, Spectra) {
  torch::manual_seed(2);
  EXPECT_LT(gap_to_runtime(*high_pass(12, 9), {2, 3, 12, 9}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<BandMask>(ring(8, 10, 0.1, 0.3)), {2, 3, 8, 10}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<LogSpectrum>(7, 10), {2, 3, 7, 10}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<SpectrumConv>(3, 4, 14, 14), {2, 3, 14, 14}), kGap);
}

TEST(BlocksInRuntime, MaskedDecoders) {
  torch::manual_seed(3);
  const auto decoder = std::make_shared<MaskedDecoder>(
      MaskedDecoderOptions{.encoder_width = 6, .width = 8, .heads = 2, .layers = 1, .numbers = 5},
      sine_positions(7, 8));
  test::stir(*decoder);
  decoder->eval();
  const torch::NoGradGuard no_gradients;
  const torch::Tensor input = input_of({2, 7, 6}), hidden = random_mask(2, 7, 0.5);
  EXPECT_LT(
      gap_to_runtime(
          decoder->forward(input, hidden),
          [&](const Exporter& to, const std::string& x) { return decoder->write(to, x, to.constant(hidden)); }, input),
      kGap);
}

/// A fusion of the input with two others.
template <class T>
double gap_of_fusion(T& fusion, const std::vector<torch::Tensor>& others, const Wholes& shape) {
  test::stir(fusion);
  fusion.eval();
  const torch::NoGradGuard no_gradients;
  std::vector<torch::Tensor> sources{input_of(shape)};
  sources.insert(sources.end(), others.begin(), others.end());
  return gap_to_runtime(
      fusion.forward(sources),
      [&](const Exporter& to, const std::string& x) {
        std::vector<std::string> names{x};
        for (const torch::Tensor& other : others) names.push_back(to.constant(other));
        return fusion.write(to, names);
      },
      sources[0]);
}

TEST(BlocksInRuntime, Fusion) {
  torch::manual_seed(4);
  const std::vector<torch::Tensor> others{torch::randn({2, 4, 5}), torch::randn({2, 4, 3})};
  LeaderFusion leader(LeaderFusionOptions{.widths = {6, 5, 3}, .width = 4, .heads = 2});
  EXPECT_LT(gap_of_fusion(leader, others, {2, 4, 6}), kGap);
  GateFusion gate({6, 5, 3}, 4);
  EXPECT_LT(gap_of_fusion(gate, others, {2, 4, 6}), kGap);
  SpecificToInvariant join(AttentionOptions{.width = 6, .heads = 2, .context = 5});
  test::stir(join);
  const torch::NoGradGuard no_gradients;
  const torch::Tensor input = input_of({2, 4, 6});
  EXPECT_LT(
      gap_to_runtime(
          join.forward(input, others[0]),
          [&](const Exporter& to, const std::string& x) { return join.write(to, x, to.constant(others[0])); }, input),
      kGap);
  EXPECT_LT(gap_to_runtime(*discriminator(6, 3), {2, 6}), kGap);
}

TEST(BlocksInRuntime, NetworksAlongTime) {
  torch::manual_seed(5);
  EXPECT_LT(
      gap_to_runtime(*std::make_shared<CausalTcn>(TcnOptions{.in = 4, .widths = {6, 6, 5}, .kernel = 3}), {2, 4, 12}),
      kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<WindowedEncoder>(WindowOptions{
                               .width = 8, .heads = 2, .tokens = 12, .window = 5, .segment = 4, .layers = 1}),
                           {2, 12, 8}),
            kGap);
  TemporalPyramid pyramid(6, 3);
  SpanHeads heads(6, 2, 3);
  test::stir(pyramid), test::stir(heads);
  const torch::NoGradGuard no_gradients;
  const torch::Tensor input = input_of({2, 8, 6});
  // All answers in one row: classes and reach of each level.
  std::vector<torch::Tensor> rows;
  for (const SpanAnswer& level : heads.forward(pyramid.forward(input)))
    rows.push_back(torch::cat({level.classes, level.reach}, 2));
  EXPECT_LT(gap_to_runtime(
                torch::cat(rows, 1),
                [&](const Exporter& to, const std::string& x) {
                  std::vector<std::string> names;
                  for (const auto& [classes, reach] : heads.write(to.in("heads"), pyramid.write(to.in("pyramid"), x)))
                    names.push_back(to.concat({classes, reach}, 2));
                  return to.concat(names, 1);
                },
                input),
            kGap);
}

TEST(BlocksInRuntime, GraphsAndCritics) {
  torch::manual_seed(6);
  const torch::Tensor arm = skeleton(4, {{0, 1}, {1, 2}, {1, 3}}, 0);
  EXPECT_LT(gap_to_runtime(*std::make_shared<SkeletonNet>(
                               SkeletonOptions{.in = 3, .widths = {6, 8}, .strides = {1, 2}, .kernel = 3}, arm),
                           {2, 3, 8, 4}),
            kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<EdgeConv>(3, 6, 4), {2, 3, 10}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<PatchCritic>(3, Wholes{4, 6}), {2, 3, 16, 16}), kGap);
}

}  // namespace
}  // namespace vultus::learn

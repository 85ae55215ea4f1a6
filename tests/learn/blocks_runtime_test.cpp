// Every block answers in the runtime, once it is exported, as it does in libtorch.
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include <vultus/learn/training/blocks/cnn.hpp>
#include <vultus/learn/training/blocks/layers.hpp>
#include <vultus/learn/training/blocks/transformer.hpp>

#include "in_runtime.hpp"

namespace vultus::learn {
namespace {

using namespace blocks;  // NOLINT(google-build-using-namespace): every name here is one of theirs
using test::gap_to_runtime;
using test::input_of;
using test::kGap;

TEST(BlocksInRuntime, Layers) {
  torch::manual_seed(1);
  EXPECT_LT(gap_to_runtime(*std::make_shared<Linear>(6, 5), {3, 6}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<Linear>(6, 5, false), {2, 4, 6}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<Conv>(conv2d(3, 5, 3, 2)), {2, 3, 9, 8}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<Conv>(depthwise(4, 5)), {1, 4, 7, 7}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<Conv>(ConvOptions{.in = 3, .out = 4, .kernel = {3}, .dilation = {2}}),
                           {2, 3, 11}),
            kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<ConvTranspose>(ConvTranspose::Options{
                               .in = 3, .out = 2, .kernel = 3, .stride = 2, .padding = 1, .more = 1}),
                           {2, 3, 5, 4}),
            kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<BatchNorm>(3), {2, 3, 4, 5}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<BatchNorm>(3), {4, 3}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<LayerNorm>(7), {2, 3, 7}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<LayerNorm>(3, Along::channels), {2, 3, 4, 5}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<GroupNorm>(2, 6), {2, 6, 4, 5}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<PRelu>(3), {2, 3, 4, 5}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<Flatten>(), {2, 3, 4}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<Mlp>(Wholes{6, 9, 4}, Act::gelu, 0.5), {3, 6}), kGap);
}

TEST(BlocksInRuntime, Activations) {
  for (const Act act : {Act::none, Act::relu, Act::leaky, Act::gelu, Act::silu, Act::sigmoid, Act::tanh})
    EXPECT_LT(gap_to_runtime(*std::make_shared<Activation>(act), {2, 300}), kGap) << static_cast<int>(act);
}

TEST(BlocksInRuntime, PoolingAndResampling) {
  for (const Pooling kind : {Pooling::mean, Pooling::max}) {
    EXPECT_LT(gap_to_runtime(*std::make_shared<Pool>(kind, 2), {2, 3, 7, 8}), kGap);
    EXPECT_LT(gap_to_runtime(*std::make_shared<Pool>(kind, 3, 2), {2, 3, 7, 9}), kGap);
    EXPECT_LT(gap_to_runtime(*std::make_shared<GlobalPool>(kind), {2, 3, 7, 8}), kGap);
  }
  EXPECT_LT(gap_to_runtime(*std::make_shared<Upsample>(2), {2, 3, 4, 5}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<Upsample>(3, Resampling::linear), {2, 3, 4, 5}), kGap);
}

TEST(BlocksInRuntime, Embeddings) {
  torch::manual_seed(2);
  EXPECT_LT(gap_to_runtime(*std::make_shared<PatchEmbedding>(3, 4, 10), {2, 3, 8, 12}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<TubeletEmbedding>(3, 2, 4, 10), {2, 3, 4, 8, 8}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<Positions>(grid_positions(2, 3, 8), Positions::Kind::learnt,
                                                        Positions::ClassToken::first),
                           {2, 6, 8}),
            kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<Positions>(sine_positions(6, 8), Positions::Kind::fixed), {2, 6, 8}),
            kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<TokenPool>(TokenPool::Kind::first), {2, 6, 8}), kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<TokenPool>(TokenPool::Kind::mean), {2, 6, 8}), kGap);
}

TEST(BlocksInRuntime, EncodersWithMasksAndAContext) {
  torch::manual_seed(3);
  EXPECT_LT(gap_to_runtime(*std::make_shared<Encoder>(
                               EncoderOptions{.width = 16, .heads = 2, .layers = 2, .dropout = 0.3, .drop_path = 0.3}),
                           {2, 5, 16}),
            kGap);
  const auto encoder = std::make_shared<Encoder>(EncoderOptions{.width = 16, .heads = 2, .layers = 2, .context = 8});
  test::stir(*encoder);
  encoder->eval();
  const torch::NoGradGuard no_gradients;
  const torch::Tensor input = input_of({2, 5, 16}), context = input_of({2, 3, 8}, 5);
  const torch::Tensor there = torch::tensor({{1.0F, 1.0F, 1.0F, 0.0F, 0.0F}, {1.0F, 1.0F, 1.0F, 1.0F, 1.0F}});
  const torch::Tensor context_there = torch::tensor({{1.0F, 0.0F, 1.0F}, {0.0F, 0.0F, 0.0F}});
  TokenPool pool(TokenPool::Kind::mean);
  EXPECT_LT(gap_to_runtime(
                pool.forward(encoder->forward(input, there, context, context_there), there),
                [&](const Exporter& to, const std::string& x) {
                  const std::string mask = to.constant(there);
                  const std::string seen =
                      encoder->write(to.in("encoder"), x, mask, to.constant(context), to.constant(context_there));
                  return pool.write(to, seen, mask);
                },
                input),
            kGap);
}

TEST(BlocksInRuntime, ResidualNetworks) {
  torch::manual_seed(4);
  EXPECT_LT(gap_to_runtime(*std::make_shared<SqueezeExcite>(8), {2, 8, 5, 6}), kGap);
  for (const ResidualKind kind : {ResidualKind::basic, ResidualKind::ir})
    EXPECT_LT(gap_to_runtime(*std::make_shared<ResidualCnn>(ResidualCnnOptions{
                                 .widths = {6, 8}, .depths = {1, 2}, .stem_stride = 2, .kind = kind, .squeeze = 2}),
                             {2, 3, 17, 16}),
              kGap);
  EXPECT_LT(gap_to_runtime(*std::make_shared<ResponseNorm>(5), {2, 4, 3, 5}), kGap);
  EXPECT_LT(
      gap_to_runtime(*std::make_shared<ConvNext>(ConvNextOptions{.widths = {6, 8}, .depths = {1, 1}, .kernel = 5}),
                     {2, 3, 16, 24}),
      kGap);
}

TEST(BlocksInRuntime, UNets) {
  torch::manual_seed(5);
  const auto net = std::make_shared<UNet>(UNetOptions{.in = 3, .out = 2, .widths = {6, 8, 10}, .condition = 4});
  EXPECT_LT(gap_to_runtime(*net, {2, 3, 8, 12}), kGap);
  const torch::NoGradGuard no_gradients;
  const torch::Tensor input = input_of({2, 3, 8, 12}), condition = torch::randn({2, 4});
  EXPECT_LT(
      gap_to_runtime(
          net->forward(input, condition),
          [&](const Exporter& to, const std::string& x) { return net->write(to, x, to.constant(condition)); }, input),
      kGap);
}

TEST(BlocksInRuntime, HalfWeightsHalveTheFile) {
  const auto layer = std::make_shared<Linear>(64, 64);
  const std::string whole = onnx_of(*layer, {0, 64}, {0, 64}),
                    half = onnx_of(*layer, {0, 64}, {0, 64}, WeightKind::f16);
  EXPECT_NEAR(static_cast<double>(whole.size() - half.size()), 2 * 64 * 65, 200);  // names and casts beside it
}

}  // namespace
}  // namespace vultus::learn

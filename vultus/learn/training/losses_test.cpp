// Known answers from the formulas by hand or from core.md of the method notes, and gradients against differences.
#include <cmath>

#include <gtest/gtest.h>

#include <vultus/learn/training/losses.hpp>
#include <vultus/learn/training/test_gradient.hpp>

namespace vultus::learn {
namespace {

using test::gradient_gap;
using torch::tensor;

TEST(Losses, NtXentOfTwoPairsOfEqualVectors) {
  const torch::Tensor codes = tensor({{1.0, 0.0}, {0.0, 2.0}, {3.0, 0.0}, {0.0, 1.0}});
  EXPECT_NEAR(nt_xent(codes, 0.5).item<double>(), 0.2395447662, 1e-6);
  EXPECT_NEAR(nt_xent(codes.to(torch::kDouble), 0.1).item<double>(), 9.0795737e-05, 1e-10);
}

TEST(Losses, DistillationOfTheKnownPair) {
  const torch::Tensor teacher = tensor({{2.0, 0.0, -2.0}}), student = tensor({{1.0, 1.0, -2.0}});
  EXPECT_NEAR(distillation(student, teacher, 4).item<double>(), 0.3956362584, 1e-6);
  EXPECT_NEAR(distillation(teacher, teacher, 4).item<double>(), 0, 1e-7);
}

TEST(Losses, ArcFaceMovesTheTrueClassAlone) {
  const double angle = 0.7;
  const torch::Tensor logits = arcface_logits(tensor({{std::cos(angle), 0.25}}), tensor({0}), 64, 0.5);
  EXPECT_NEAR(logits[0][0].item<double>(), 64 * std::cos(angle + 0.5), 1e-4);
  EXPECT_NEAR(logits[0][1].item<double>(), 16, 1e-5);
}

TEST(Losses, CrossEntropyOfSoftLabelsWeighsRows) {
  const torch::Tensor logits = torch::zeros({2, 4}), targets = tensor({{1.0, 0.0, 0.0, 0.0}, {0.5, 0.5, 0.0, 0.0}});
  EXPECT_NEAR(soft_cross_entropy(logits, targets, tensor({1.0, 3.0})).item<double>(), std::log(4.0), 1e-6);
  const torch::Tensor sure = tensor({{100.0, 0.0}, {0.0, 0.0}});
  // The first row costs nothing, the second log 2 with three of four weights.
  EXPECT_NEAR(soft_cross_entropy(sure, tensor({{1.0, 0.0}, {1.0, 0.0}}), tensor({1.0, 3.0})).item<double>(),
              0.75 * std::log(2.0), 1e-6);
}

TEST(Losses, GradientsAreThoseOfDifferences) {
  torch::manual_seed(3);
  const torch::Tensor x = torch::randn({4, 3}, torch::kDouble);
  const torch::Tensor targets = torch::softmax(torch::randn({4, 3}, torch::kDouble), 1);
  const torch::Tensor weights = tensor({1.0, 2.0, 0.5, 1.0}, torch::kDouble);
  EXPECT_LT(gradient_gap([&](const torch::Tensor& v) { return soft_cross_entropy(v, targets, weights); }, x), 1e-7);
  EXPECT_LT(gradient_gap([&](const torch::Tensor& v) { return nt_xent(v, 0.5); }, x), 1e-7);
  EXPECT_LT(gradient_gap([&](const torch::Tensor& v) { return distillation(v, targets, 4); }, x), 1e-7);
  const torch::Tensor labels = tensor({0, 1, 2, 0});
  EXPECT_LT(
      gradient_gap([&](const torch::Tensor& v) { return arcface_logits(0.9 * torch::tanh(v), labels, 8).sum(); }, x),
      1e-6);
}

TEST(Losses, AReversedGradientPointsTheOtherWay) {
  torch::Tensor x = tensor({1.0, -2.0}).set_requires_grad(true);
  const torch::Tensor y = reverse_gradient(x, 0.3);
  EXPECT_TRUE(torch::equal(y, x));
  (y * tensor({2.0, 5.0})).sum().backward();
  EXPECT_NEAR(x.grad()[0].item<double>(), -0.6, 1e-6);
  EXPECT_NEAR(x.grad()[1].item<double>(), -1.5, 1e-6);
  EXPECT_DOUBLE_EQ(reversal_strength(0), 0);
  EXPECT_NEAR(reversal_strength(1), 0.9999092, 1e-6);
}

}  // namespace
}  // namespace vultus::learn

// Known answers by hand or from the method notes, and gradients against differences.
#include <cmath>

#include <gtest/gtest.h>

#include <vultus/learn/training/expression_losses.hpp>
#include <vultus/learn/training/test_gradient.hpp>

namespace vultus::learn {
namespace {

using test::gradient_gap;
using torch::tensor;

double value(const torch::Tensor& x) { return x.item<double>(); }

TEST(PairLoss, CountsThePairsOfTheClassAlone) {
  // Three classes, pairs (0,1) (0,2) (1,2); a sample of class 1: -log(1 - r_01) - log r_12, over 2.
  const torch::Tensor logits = tensor({{0.3, 5.0, -0.7}}, torch::kDouble);
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  EXPECT_NEAR(value(pair_loss(logits, tensor({{0.0, 1.0, 0.0}}, torch::kDouble), torch::ones({3, 2}, torch::kDouble))),
              (-std::log(1 - sigmoid(0.3)) - std::log(sigmoid(-0.7))) / 2, 1e-12);
}

TEST(PairLoss, BalancesEachPairByItself) {
  // 30 against 10: (40 / 60, 40 / 20); 30 against 60: (90 / 60, 90 / 120); 10 against 60: (70 / 20, 70 / 120)
  const torch::Tensor weights = pair_weights(tensor({30.0, 10.0, 60.0}), 1);
  const torch::Tensor wanted = tensor({{40 / 60., 2.}, {1.5, .75}, {3.5, 70 / 120.}}).to(torch::kFloat);
  EXPECT_TRUE(torch::allclose(weights.to(torch::kFloat), wanted, 1e-6));
  EXPECT_TRUE(torch::equal(pair_weights(tensor({30.0, 10.0, 60.0}), 0), torch::ones({3, 2}).to(weights.dtype())));
}

TEST(MutualDivergence, IsNothingWhereAllAgreeAndLogTwoByHand) {
  const torch::Tensor same = torch::full({2, 3, 4}, 0.25);
  EXPECT_NEAR(value(mutual_divergence(same)), 0, 1e-6);
  // Two certain regions that disagree: each lies log 2 from the mean.
  EXPECT_NEAR(value(mutual_divergence(tensor({{{1.0, 0.0}, {0.0, 1.0}}}))), 2 * std::log(2.0), 1e-6);
}

TEST(GuidedLoss, IsTheLabelsAtNoShareAndTheGuidesAtAll) {
  const torch::Tensor logits = tensor({{1.0, 0.0, -1.0}}, torch::kDouble),
                      label = tensor({{0.0, 1.0, 0.0}}, torch::kDouble),
                      guide = tensor({{0.2, 0.5, 0.3}}, torch::kDouble);
  const double sum = std::exp(1.0) + 1 + std::exp(-1.0);
  EXPECT_NEAR(value(guided_loss(logits, label, guide, torch::zeros({1}, torch::kDouble), 2)), std::log(sum), 1e-12);
  // Temperature 1: KL(q || p) by its sum.
  double kl = 0;
  const double q[3] = {0.2, 0.5, 0.3}, l[3] = {1, 0, -1};
  for (int i = 0; i < 3; ++i) kl += q[i] * (std::log(q[i]) - (l[i] - std::log(sum)));
  EXPECT_NEAR(value(guided_loss(logits, label, guide, torch::ones({1}, torch::kDouble), 1)), kl, 1e-12);
  EXPECT_NEAR(value(guided_loss(guide.log(), label, guide, torch::ones({1}, torch::kDouble), 2)), 0, 1e-12);
}

TEST(BalancedDistance, HasTheKnownAnswers) {
  const torch::Tensor targets = tensor({{0.0, 0.0}, {1.0, 1.0}}, torch::kDouble), one = tensor(1.0, torch::kDouble);
  EXPECT_NEAR(value(balanced_distance(targets, targets, one)), 0.6265233750, 1e-9);
  EXPECT_NEAR(value(balanced_distance(tensor({{.2, .1}, {.9, .4}}, torch::kDouble), targets, one)), 0.9575412933, 1e-9);
}

TEST(BalancedDistance, TheVarianceLearnsFromTheEntropyAloneNotFromTheFactorBeforeIt) {
  const torch::Tensor targets = tensor({{0.0, 0.0}, {1.0, 1.0}}, torch::kDouble),
                      said = tensor({{.2, .1}, {.9, .4}}, torch::kDouble);
  // 2 v times the slope of the entropy, which is the value over 2 v.
  const auto entropy = [&](double v) {
    return value(balanced_distance(said, targets, tensor(v, torch::kDouble))) / (2 * v);
  };
  torch::Tensor variance = tensor(0.7, torch::kDouble).requires_grad_();
  balanced_distance(said, targets, variance).backward();
  EXPECT_NEAR(value(variance.grad()), 2 * 0.7 * (entropy(0.7 + 1e-6) - entropy(0.7 - 1e-6)) / 2e-6, 1e-7);
}

TEST(ExpressionLosses, GradientsAreThoseOfDifferences) {
  torch::manual_seed(5);
  const torch::Tensor x = torch::randn({4, 6}, torch::kDouble);
  const torch::Tensor targets = torch::softmax(torch::randn({4, 4}, torch::kDouble), 1);
  const torch::Tensor weights = torch::rand({6, 2}, torch::kDouble);
  EXPECT_LT(gradient_gap([&](const torch::Tensor& v) { return pair_loss(v, targets, weights); }, x), 1e-7);
  EXPECT_LT(gradient_gap(
                [&](const torch::Tensor& v) {
                  return mutual_divergence(torch::softmax(v.view({4, 2, 3}), 2));
                },
                x),
            1e-7);
  const torch::Tensor six = torch::softmax(torch::randn({4, 6}, torch::kDouble), 1);
  const torch::Tensor share = torch::rand({4}, torch::kDouble);
  EXPECT_LT(gradient_gap([&](const torch::Tensor& v) { return guided_loss(v, six, six.flip({1}), share, 2); }, x),
            1e-7);
  EXPECT_LT(gradient_gap([&](const torch::Tensor& v) { return balanced_distance(v, six, share[0] + 0.5); }, x), 1e-7);
}

}  // namespace
}  // namespace vultus::learn

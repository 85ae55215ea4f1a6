// Attacks on models whose best attack is known, budgets, gradients, and attention that reaches what a model only falls
// back on.
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/learn/training/attack/descend.hpp>
#include <vultus/learn/training/attack/face_attack.hpp>
#include <vultus/learn/training/attack/place.hpp>

namespace vultus::learn::attack {
namespace {

using ::testing::HasSubstr;
using torch::Tensor;

constexpr int kSide = 16, kPhoto = 40;
const Similarity kUpright{1, 0, -12, -12};  // the square of 16 pixels in the middle of the photo

Image drawn_photo(std::uint64_t seed, int low = 60, int high = 200) {
  Image image = Image::create(kPhoto, kPhoto, PixelFormat::rgb8).value();
  std::mt19937_64 engine(seed);
  for (int y = 0; y < kPhoto; ++y)
    for (int x = 0; x < 3 * kPhoto; ++x)
      image.mutable_view().row(y)[x] =
          static_cast<std::uint8_t>(low + static_cast<int>(engine() % static_cast<std::uint64_t>(high - low)));
  return image;
}

/// Embeds by a fixed matrix on all pixels: everything is known about it.
class LinearModel final : public Surrogate {
 public:
  explicit LinearModel(std::uint64_t seed) {
    at::Generator random = generator_of(seed);
    matrix_ = torch::randn({3 * kSide * kSide, 5}, random, torch::kFloat);
  }
  [[nodiscard]] std::string name() const override { return "linear"; }
  [[nodiscard]] std::int64_t side() const override { return kSide; }
  [[nodiscard]] Looked look(const Tensor& crops, double, at::Generator&) const override {
    const Tensor features = crops / 127.5 - 1;
    const Tensor rows = torch::matmul(features.flatten(1), matrix_);
    return {rows / rows.norm(2, 1, true), features};
  }

 private:
  Tensor matrix_;
};

/// Brightness of blocks, three colours each: 4 rows, left and right half.
Tensor blocks_of(const Tensor& crops) {
  return torch::avg_pool2d(crops / 127.5 - 1, {kSide / 4, kSide / 2}, {kSide / 4, kSide / 2});  // [n, 3, 4, 2]
}

/// Sees the left half of the face; the right half only where the left says less: what it falls back on.
class LeftModel final : public Surrogate {
 public:
  [[nodiscard]] std::string name() const override { return "left"; }
  [[nodiscard]] std::int64_t side() const override { return kSide; }
  [[nodiscard]] Looked look(const Tensor& crops, double, at::Generator&) const override {
    const Tensor blocks = blocks_of(crops);
    const Tensor rows = torch::maximum(blocks.select(3, 0), blocks.select(3, 1)).flatten(1);
    return {rows / rows.norm(2, 1, true), blocks};
  }
};

/// A victim that looks right, away from the border of the halves, where interpolation reaches across.
double cosine_of_right_halves(const Image& a, const Image& b) {
  const auto row = [](const Image& image) {
    const Tensor crop = pixels_of(image.view()).slice(2, 12, 12 + kSide).slice(3, 12 + kSide / 2 + 2, 12 + kSide);
    const Tensor right = torch::avg_pool2d(crop / 127.5 - 1, {kSide / 4, kSide / 2 - 2}).flatten();
    return right / right.norm();
  };
  return (row(a) * row(b)).sum().item<double>();
}

int largest_change(const Image& a, const Image& b) {
  int most = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < 3 * a.width(); ++x) most = std::max(most, std::abs(a.view().row(y)[x] - b.view().row(y)[x]));
  return most;
}

TEST(Descent, OfALinearLossIsTheCornerOfTheBudget) {
  const Tensor weights = torch::tensor({3.0, -0.5, 1e-4, -20.0});
  const auto loss = [&](const Tensor& x) { return (weights * x).sum(); };
  for (const DescentOptions& options : {DescentOptions{.budget = 8, .step = 8, .steps = 1, .rule = StepRule::sign},
                                        DescentOptions{.budget = 8, .steps = 20, .rule = StepRule::sign, .start = 8},
                                        DescentOptions{.budget = 8, .steps = 10, .rule = StepRule::momentum}}) {
    at::Generator random = generator_of(3);
    const Tensor change = descend(torch::zeros(4, torch::kDouble), loss, options, random).value();
    EXPECT_LT((change + 8 * weights.sign()).abs().max().item<double>(), 1e-9);
  }
}

TEST(Descent, MomentumRemembersGradientsByTheirLength) {
  // Gradients (1, 0.01), then (-0.5, 0.01): divided by their lengths 1.01 and 0.51 the sum of the first is 0.9901 -
  // 0.9804 > 0, so with decay 1 the first number goes down twice; without memory it would come back.
  int asked = 0;
  const auto loss = [&](const Tensor& x) { return (asked++ == 0 ? 1.0 : -0.5) * x[0] + 0.01 * x[1]; };
  at::Generator random = generator_of(1);
  const DescentOptions two{.budget = 1, .step = 0.1, .steps = 2, .rule = StepRule::momentum};
  EXPECT_NEAR(descend(torch::zeros(2, torch::kDouble), loss, two, random).value()[0].item<double>(), -0.2, 1e-12);
  asked = 0;
  DescentOptions forgetful = two;
  forgetful.decay = 0;
  EXPECT_NEAR(descend(torch::zeros(2, torch::kDouble), loss, forgetful, random).value()[0].item<double>(), 0, 1e-12);
}

TEST(Descent, SmoothsGradientsByAWindowOfSumOne) {
  EXPECT_NEAR(gaussian_window(7, 3).sum().item<double>(), 1, 1e-6);
  // A gradient at one place alone moves every place that the window reaches, and no other.
  Tensor weights = torch::zeros({1, 1, 15, 15});
  weights[0][0][7][7] = 1;
  at::Generator random = generator_of(1);
  const DescentOptions options{.budget = 4, .step = 4, .steps = 1, .rule = StepRule::sign, .smooth = 7};
  const Tensor change =
      descend(
          torch::zeros({1, 1, 15, 15}), [&](const Tensor& x) { return (weights * x).sum(); }, options, random)
          .value();
  EXPECT_EQ((change == -4).sum().item<std::int64_t>(), 49);
  EXPECT_EQ((change == 0).sum().item<std::int64_t>(), 225 - 49);
}

TEST(Descent, RefusesALossThatIsNoNumber) {
  at::Generator random = generator_of(1);
  const auto lost = descend(
      torch::zeros(2), [](const Tensor& x) { return (x / 0).sum(); }, {}, random);
  ASSERT_FALSE(lost);
  EXPECT_THAT(lost.error().message, HasSubstr("step 0 is not finite"));
  EXPECT_FALSE(descend(
      torch::zeros(2), [](const Tensor& x) { return x.sum(); }, {.budget = 0}, random));
}

TEST(Places, CutAndPutBackAreTransposesOfLinearMaps) {
  at::Generator random = generator_of(5);
  const Similarity turned{0.6, 0.3, 2, -4};
  Tensor photo = torch::rand({1, 2, 30, 24}, random, torch::kDouble).requires_grad_();
  const Tensor weights = torch::randn({1, 2, 12, 12}, random, torch::kDouble);
  const auto f = [&](const Tensor& at) { return (cut(at, turned, 12) * weights).sum(); };
  f(photo).backward();
  const torch::NoGradGuard no_gradients;
  // Linear: the gradient times the photo is the value, and differences agree with it.
  EXPECT_NEAR((photo.grad() * photo).sum().item<double>(), f(photo).item<double>(), 1e-9);
  for (std::int64_t i = 0; i < photo.numel(); i += 97) {
    Tensor up = photo.detach().clone();
    up.view(-1)[i] += 1;
    EXPECT_NEAR((f(up) - f(photo)).item<double>(), photo.grad().view(-1)[i].item<double>(), 1e-9);
  }
}

TEST(Places, AreExactWhereNothingTurns) {
  const Image photo = drawn_photo(1);
  const Tensor pixels = pixels_of(photo.view());
  EXPECT_TRUE(
      torch::allclose(cut(pixels, kUpright, kSide), pixels.slice(2, 12, 12 + kSide).slice(3, 12, 12 + kSide), 0, 1e-3));
  const Tensor change = torch::full({1, 3, kSide, kSide}, 8.0);
  const Tensor back = put_back(change, kUpright, kPhoto, kPhoto);
  EXPECT_NEAR(back.sum().item<double>(), 8.0 * 3 * kSide * kSide, 1e-1);
  EXPECT_LE(put_back(change, {1.7, 0.4, -20, -30}, kPhoto, kPhoto).abs().max().item<double>(), 8 + 1e-5);
}

TEST(Places, AHalvedCropIsTheMeanOfFourPixels) {
  const Tensor photo = torch::arange(16, torch::kFloat).view({1, 1, 4, 4});
  // Centres of the crop's pixels lie between two of the photo: 2 u + 0.5.
  const Tensor half = cut(photo, {0.5, 0, -0.25, -0.25}, 2);
  EXPECT_TRUE(torch::allclose(half.view(-1), torch::tensor({2.5F, 4.5F, 10.5F, 12.5F}), 0, 1e-4));
}

class FaceAttacks : public ::testing::TestWithParam<Method> {};

TEST_P(FaceAttacks, StayInsideTheBudgetAndTheSquareAndDoWhatTheyAreFor) {
  const Image photo = drawn_photo(2, 0, 256);
  const LinearModel model(7);
  at::Generator random = generator_of(1);
  FaceAttackOptions options{.method = GetParam(), .budget = 5, .steps = 10, .copies = 8};
  const Aim aim{&model, kUpright, {}};
  const AttackedFace dodged = attack_face(photo.view(), kUpright, kSide, std::span(&aim, 1), options).value();
  EXPECT_LE(largest_change(photo, dodged.photo), 5);
  EXPECT_NEAR(dodged.before[0], 1, 1e-5);
  EXPECT_LT(dodged.after[0], 0.99);
  for (int y = 0; y < kPhoto; ++y)
    for (int x = 0; x < kPhoto; ++x) {
      const bool inside = x >= 11 && x <= 12 + kSide && y >= 11 && y <= 12 + kSide;
      for (int c = 0; c < 3 && !inside; ++c)
        ASSERT_EQ(photo.view().row(y)[3 * x + c], dodged.photo.view().row(y)[3 * x + c]) << x << " " << y;
    }

  options.goal = Goal::impersonation;
  const Tensor other = cut(pixels_of(drawn_photo(9).view()), kUpright, kSide);
  const Aim at_other{&model, kUpright, model.look(other, 0, random).embedding};
  const AttackedFace taken = attack_face(photo.view(), kUpright, kSide, std::span(&at_other, 1), options).value();
  EXPECT_LE(largest_change(photo, taken.photo), 5);
  EXPECT_GT(taken.after[0], taken.before[0] + 0.01);
}

TEST_P(FaceAttacks, AreTheSameForTheSameSeed) {
  const Image photo = drawn_photo(4);
  const LinearModel model(7);
  const Aim aim{&model, {0.9, 0.2, -10, -8}, {}};
  const FaceAttackOptions options{.method = GetParam(), .budget = 6, .steps = 4, .copies = 4, .seed = 11};
  const auto attacked = [&] {
    return attack_face(photo.view(), aim.to_crop, kSide, std::span(&aim, 1), options).value();
  };
  EXPECT_EQ(largest_change(attacked().photo, attacked().photo), 0);
}

INSTANTIATE_TEST_SUITE_P(Methods, FaceAttacks,
                         ::testing::Values(Method::fgsm, Method::pgd, Method::mi, Method::di, Method::ti, Method::dfa,
                                           Method::fia, Method::aaa),
                         [](const auto& one) { return std::string(name_of(one.param)); });

TEST(FaceAttack, OfOneStepUsesItsWholeBudgetInEveryPixel) {
  const Image photo = drawn_photo(6);
  const LinearModel model(7);
  const Aim aim{&model, kUpright, {}};
  const auto dodged =
      attack_face(photo.view(), kUpright, kSide, std::span(&aim, 1), {.method = Method::fgsm, .budget = 5}).value();
  int whole = 0;
  for (int y = 12; y < 12 + kSide; ++y)
    for (int x = 3 * 12; x < 3 * (12 + kSide); ++x)
      whole += std::abs(photo.view().row(y)[x] - dodged.photo.view().row(y)[x]) == 5 ? 1 : 0;
  EXPECT_EQ(whole, 3 * kSide * kSide);
}

// Planted attention: the surrogate looks left and falls back on the right, the victim looks right. What follows the
// surrogate's gradient never touches the right half; what aggregates attention over covered faces does.
TEST(PlantedAttention, ReachesAVictimThatLooksElsewhere) {
  Image photo = drawn_photo(3, 100, 110);
  std::mt19937_64 engine(4);
  // Blocks of the left half are bright in a drawn way, those of the right half always darker by more than a budget.
  for (int row = 0; row < 4; ++row)
    for (int c = 0; c < 3; ++c) {
      const int left = 190 + static_cast<int>(engine() % 50), right = 140 + static_cast<int>(engine() % 30);
      for (int y = 12 + 4 * row; y < 16 + 4 * row; ++y)
        for (int x = 12; x < 12 + kSide; ++x)
          photo.mutable_view().row(y)[3 * x + c] = static_cast<std::uint8_t>(x < 12 + kSide / 2 ? left : right);
    }
  const LeftModel model;
  const Aim aim{&model, kUpright, {}};
  const auto victim_after = [&](Method method) {
    const FaceAttackOptions options{.method = method, .budget = 8, .steps = 20, .copies = 30};
    const auto attacked = attack_face(photo.view(), kUpright, kSide, std::span(&aim, 1), options).value();
    EXPECT_LT(attacked.after[0], 0.9999) << name_of(method);
    return cosine_of_right_halves(photo, attacked.photo);
  };
  const double mi = victim_after(Method::mi), pgd = victim_after(Method::pgd), aaa = victim_after(Method::aaa);
  EXPECT_GT(mi, 0.9999);  // no gradient, no change
  EXPECT_GT(pgd, 0.999);  // a random start alone, which means out in a block
  EXPECT_LT(aaa, pgd - 0.001);
}

TEST(FaceAttackOptions, AreChecked) {
  const Image photo = drawn_photo(1);
  const LinearModel model(1);
  const Aim aim{&model, kUpright, {}};
  const auto error_of = [&](const FaceAttackOptions& options, std::span<const Aim> aims) {
    const auto attacked = attack_face(photo.view(), kUpright, kSide, aims, options);
    return attacked ? std::string() : attacked.error().message;
  };
  EXPECT_THAT(error_of({.budget = 0}, std::span(&aim, 1)), HasSubstr("budget must be in [1, 64]"));
  EXPECT_THAT(error_of({.dropout = 1}, std::span(&aim, 1)), HasSubstr("dropout"));
  EXPECT_THAT(error_of({.goal = Goal::impersonation}, std::span(&aim, 1)), HasSubstr("target"));
  EXPECT_THAT(error_of({}, {}), HasSubstr("no surrogate"));
  EXPECT_EQ(method_of("aaa"), Method::aaa);
  EXPECT_EQ(method_of("best"), std::nullopt);
}

}  // namespace
}  // namespace vultus::learn::attack

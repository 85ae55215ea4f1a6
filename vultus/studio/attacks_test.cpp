// Attacks of known place and strength: what they do to flat pictures by their formulas, and what they leave alone.
#include <vultus/studio/attacks.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace vultus::studio {
namespace {

constexpr int kWidth = 240, kHeight = 260;
constexpr double kTurn = 2 * std::numbers::pi;
constexpr AttackedFace kFace{{60, 50, 120, 160}, {{{90, 110}, {150, 110}, {120, 145}, {97, 175}, {143, 175}}}};

Image flat(std::uint8_t level) {
  Image image = Image::create(kWidth, kHeight, PixelFormat::rgb8).value();
  for (int y = 0; y < kHeight; ++y) std::fill(image.row(y), image.row(y) + image.stride(), level);
  return image;
}

/// Brighter to the right and down, and red to the right.
Image slope() {
  Image image = flat(0);
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      image.row(y)[3 * x] = static_cast<std::uint8_t>(40 + x / 2);
      image.row(y)[3 * x + 1] = static_cast<std::uint8_t>(40 + y / 2);
      image.row(y)[3 * x + 2] = 90;
    }
  return image;
}

PlantedAttack plant(const Image& picture, AttackFamily family, double strength = 0.5, std::uint64_t seed = 3) {
  const Image other = slope();
  return attacked(picture.view(), kFace, {family, strength, seed}, Donor{other.view(), kFace.keypoints}).value();
}

class EveryAttack : public ::testing::TestWithParam<AttackFamily> {};
INSTANTIATE_TEST_SUITE_P(Families, EveryAttack, ::testing::ValuesIn(kAllAttacks),
                         [](const auto& row) { return std::string(name_of(row.param)); });

TEST_P(EveryAttack, ItsSeedDecidesItAndTheMaskSaysWhereItIs) {
  const Image picture = flat(120);
  const PlantedAttack first = plant(picture, GetParam()), again = plant(picture, GetParam());
  EXPECT_EQ(first.picture, again.picture);
  EXPECT_EQ(first.mask, again.mask);
  EXPECT_EQ(first.parameters, again.parameters);
  // Nothing of a seam is drawn. Of a generator only one of two factors is, so that neighbours may agree.
  const auto differs = [&](std::uint64_t seed) {
    return plant(slope(), GetParam(), 0.5, seed).picture != plant(slope(), GetParam(), 0.5, 3).picture;
  };
  const bool drawn = std::ranges::any_of(std::array<std::uint64_t, 8>{4, 5, 6, 7, 8, 9, 10, 11}, differs);
  EXPECT_EQ(drawn, GetParam() != AttackFamily::seam);
  int changed = 0, outside = 0;
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      const bool same = std::equal(picture.row(y) + 3 * x, picture.row(y) + 3 * x + 3, first.picture.row(y) + 3 * x);
      changed += same ? 0 : 1;
      outside += !same && first.mask.row(y)[x] == 0 ? 1 : 0;
    }
  EXPECT_GT(changed, kWidth * kHeight / 50);
  EXPECT_EQ(outside, 0);
}

TEST_P(EveryAttack, IsPlainerTheStrongerItIs) {
  const Image picture = slope();
  const auto change = [&](double strength) {
    const PlantedAttack made = plant(picture, GetParam(), strength);
    double sum = 0;
    for (int y = 0; y < kHeight; ++y)
      for (int i = 0; i < 3 * kWidth; ++i) sum += std::abs(int{made.picture.row(y)[i]} - int{picture.row(y)[i]});
    return sum;
  };
  // A seam is not stronger, but harder: the other face has the same colours here.
  if (GetParam() == AttackFamily::seam) return;
  EXPECT_LT(change(0.2), change(0.9));
}

TEST_P(EveryAttack, NamesGoBothWays) { EXPECT_EQ(attack_family_of(name_of(GetParam())).value(), GetParam()); }

TEST(Attacks, MoireIsTheProductOfTwoWaves) {
  const PlantedAttack made = plant(flat(100), AttackFamily::moire, 0.8);
  const double f1 = made.parameters.at("f1"), f2 = made.parameters.at("f2"), angle = made.parameters.at("angle_rad"),
               amplitude = made.parameters.at("amplitude");
  for (const auto& [x, y] : {std::pair(0, 0), {17, 5}, {101, 200}, {238, 13}}) {
    const double turned = std::cos(angle) * x + std::sin(angle) * y;
    EXPECT_NEAR(made.picture.row(y)[3 * x],
                100 * (1 + amplitude * std::sin(kTurn * f1 * x) * std::sin(kTurn * f2 * turned)), 0.5001);
  }
}

TEST(Attacks, HalftoneOfMiddleGreyIsHalfInk) {
  // Full strength: 0.3 of the print over 0.7 of the tinted picture. The green channel of the paper is 244.
  const PlantedAttack made = plant(flat(128), AttackFamily::halftone, 1);
  const double paper = 0.7 * 128 * 244 / 255 + 0.3 * 244, ink = 0.7 * 128 * 244 / 255 + 0.3 * 25;
  int dark = 0, count = 0;
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      const double level = made.picture.row(y)[3 * x + 1];
      dark += level < (paper + ink) / 2 ? 1 : 0;
      ++count;
    }
  EXPECT_NEAR(static_cast<double>(dark) / count, 0.5, 0.04);
}

TEST(Attacks, BandingLightsOneColourInEachColumn) {
  const PlantedAttack made = plant(flat(128), AttackFamily::banding, 0.8);
  const double stripes = made.parameters.at("stripes");
  const std::uint8_t* row = made.picture.row(130);
  for (int x = 100; x < 106; ++x) {
    const double lit = row[3 * x + x % 3], other = row[3 * x + (x + 1) % 3];
    EXPECT_NEAR(lit / other, (1 + 2 * stripes) / (1 - stripes), 0.05) << x;
  }
  // Beyond the edge of the screen is its frame.
  const double edge = made.parameters.at("edge_x");
  const int beyond = edge > 120 ? kWidth - 1 : 0;
  EXPECT_EQ(row[3 * beyond], 18);
}

TEST(Attacks, AGeneratedPictureHasItsEnergyAtTheFinestChecker) {
  const PlantedAttack made = plant(flat(128), AttackFamily::generator, 0.5);
  const double amplitude = made.parameters.at("amplitude");
  EXPECT_DOUBLE_EQ(amplitude, 4);
  for (int y = 10; y < 14; ++y)
    for (int x = 10; x < 14; ++x) EXPECT_EQ(made.picture.row(y)[3 * x], (x + y) % 2 == 0 ? 132 : 124);
}

TEST(Attacks, AMaskLiesWhereItSays) {
  for (std::uint64_t seed = 1; seed < 12; ++seed) {
    const PlantedAttack made = plant(flat(128), AttackFamily::mask, 0.6, seed);
    const double x = made.parameters.at("x"), y = made.parameters.at("y");
    EXPECT_EQ(made.mask.row(static_cast<int>(y))[static_cast<int>(x)], 255);
    const bool upper = made.place.starts_with("upper"), lower = made.place.starts_with("lower");
    EXPECT_EQ(y < 130, upper || (!lower && y < 130)) << made.place;
    if (made.place.ends_with("left")) {
      EXPECT_LT(x, 120);
    }
    if (made.place.ends_with("right")) {
      EXPECT_GT(x, 120);
    }
    EXPECT_EQ(made.mask.row(0)[0], 0);
  }
}

TEST(Attacks, ASeamOfTheSameFaceChangesNothing) {
  const Image picture = slope();
  const PlantedAttack same =
      attacked(picture.view(), kFace, {AttackFamily::seam, 0.5, 1}, Donor{picture.view(), kFace.keypoints}).value();
  for (int y = 0; y < kHeight; ++y)
    for (int i = 0; i < 3 * kWidth; ++i) EXPECT_NEAR(same.picture.row(y)[i], picture.row(y)[i], 2);
  EXPECT_EQ(same.mask.row(143)[120], 255);
}

TEST(Attacks, RefusesWhatMakesNoSense) {
  const Image picture = flat(100);
  EXPECT_FALSE(attacked(picture.view(), kFace, {AttackFamily::moire, 0, 1}));
  EXPECT_FALSE(attacked(picture.view(), kFace, {AttackFamily::moire, 1.1, 1}));
  EXPECT_FALSE(attacked(picture.view(), kFace, {AttackFamily::seam, 0.5, 1}));
  EXPECT_FALSE(attacked({}, kFace, {}));
  EXPECT_FALSE(attacked(picture.view(), {{10, 10, 5, 40}, kFace.keypoints}, {}));
  const Image grey = Image::create(50, 50, PixelFormat::gray8).value();
  EXPECT_FALSE(attacked(grey.view(), kFace, {}));
  const Donor point{picture.view(), {}};
  EXPECT_FALSE(attacked(picture.view(), kFace, {AttackFamily::seam, 0.5, 1}, point));
  EXPECT_FALSE(attack_family_of("paper"));
}

}  // namespace
}  // namespace vultus::studio

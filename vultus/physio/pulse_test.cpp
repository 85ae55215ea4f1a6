#include <vultus/physio/pulse.hpp>

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/physio/heart_rate.hpp>
#include <vultus/physio/skin.hpp>

namespace vultus::physio {
namespace {

constexpr double kRate = 30;
constexpr SkinColour kSkin{180, 130, 110};

struct Planted {
  double bpm = 72;
  double strength = .005;  // of the pulse, relative
  double light = 0;        // of brightness that changes all channels
  double light_hz = 1;
  double noise = 0;  // grey levels
};

/// Skin whose light falls with blood volume, by the relative strengths of the channels in docs of the room.
std::vector<SkinColour> planted(const Planted& plant, double seconds = 20) {
  std::vector<SkinColour> trace;
  unsigned state = 1;
  const auto noise = [&] {
    state = state * 1664525U + 1013904223U;
    return plant.noise * (static_cast<double>(state >> 8U) / 8388608.0 - 1);
  };
  for (int i = 0; i < static_cast<int>(seconds * kRate); ++i) {
    const double volume = plant.strength * std::sin(2 * std::numbers::pi * plant.bpm / 60 * i / kRate);
    const double light = 1 + plant.light * std::sin(2 * std::numbers::pi * plant.light_hz * i / kRate);
    trace.push_back({kSkin.red * light * (1 - .33 * volume) + noise(),
                     kSkin.green * light * (1 - .77 * volume) + noise(),
                     kSkin.blue * light * (1 - .53 * volume) + noise()});
  }
  return trace;
}

TEST(Pulse, GreenAndPosFindAPlantedRate) {
  for (const double bpm : {50.0, 72.0, 95.5, 130.0}) {
    const auto trace = planted({.bpm = bpm, .strength = .005, .noise = .1});
    for (const auto& signal : {green_pulse(trace, kRate), pos_pulse(trace, kRate)}) {
      ASSERT_TRUE(signal);
      const auto reading = heart_rate(*signal, kRate);
      ASSERT_TRUE(reading && reading->rate);
      EXPECT_NEAR(reading->rate->value(), bpm, 1);
    }
  }
}

TEST(Pulse, GreenRisesWithBloodVolumeByTheStrengthOfItsChannel) {
  const auto signal = green_pulse(planted({.bpm = 90, .strength = .01}), kRate, {.25, 12});
  ASSERT_TRUE(signal);
  for (std::size_t i = 90; i < 510; ++i) {
    const double volume = .01 * std::sin(2 * std::numbers::pi * 1.5 * static_cast<double>(i) / kRate);
    EXPECT_NEAR((*signal)[i], .77 * volume, .1 * .0077);
  }
}

TEST(Pulse, BrightnessThatChangesAllChannelsAlikeIsNoPulseForPos) {
  const auto trace = planted({.bpm = 72, .strength = 0, .light = .2, .light_hz = 1.3});
  const auto pos = pos_pulse(trace, kRate);
  ASSERT_TRUE(pos);
  for (const double value : *pos) EXPECT_NEAR(value, 0, 1e-9);
}

TEST(Pulse, ALampThatDeceivesGreenDoesNotDeceivePos) {
  const auto trace = planted({.bpm = 72, .strength = .005, .light = .02, .light_hz = 1.7, .noise = .05});
  const auto green = green_pulse(trace, kRate), pos = pos_pulse(trace, kRate);
  ASSERT_TRUE(green && pos);
  EXPECT_NEAR(heart_rate(*green, kRate)->rate->value(), 102, 1);
  EXPECT_NEAR(heart_rate(*pos, kRate)->rate->value(), 72, 1);
}

TEST(Pulse, PosIsItsFirstSignalWhereTheSecondIsEven) {
  // R even, G up where B goes down: G + B - 2R = 0 and S1 = 2 d / 100 by hand. One window.
  constexpr std::array kUp{1.0, -2.0, 3.0, -1.0, 2.0, -3.0, 1.0, -1.0};
  std::vector<SkinColour> trace;
  for (const double d : kUp) trace.push_back({100, 100 + d, 100 - d});
  const auto signal = pos_pulse(trace, 8, Seconds(1));
  ASSERT_TRUE(signal);
  for (std::size_t i = 0; i < kUp.size(); ++i) EXPECT_NEAR((*signal)[i], 2 * kUp[i] / 100, 1e-12);
}

TEST(Pulse, PosOfOneWindowIsTheSumOfTheSignalsByHand) {
  // Normalised: R = 1, G = 1 + d, B = 1: S1 = d, S2 = d, sd(S1) / sd(S2) = 1, h = 2 d.
  constexpr std::array kUp{.01, -.01, .02, -.02, .03, -.03, .01, -.01};
  std::vector<SkinColour> trace;
  for (const double d : kUp) trace.push_back({90, 120 * (1 + d), 60});
  const auto signal = pos_pulse(trace, 8, Seconds(1));
  ASSERT_TRUE(signal);
  for (std::size_t i = 0; i < kUp.size(); ++i) EXPECT_NEAR((*signal)[i], 2 * kUp[i], 1e-12);
}

TEST(Pulse, RefusesTracesThatAreNone) {
  EXPECT_FALSE(pos_pulse(std::vector<SkinColour>(4, kSkin), kRate));
  EXPECT_FALSE(green_pulse(std::vector<SkinColour>(40, SkinColour{0, 0, 0}), kRate));
  EXPECT_FALSE(pos_pulse(std::vector<SkinColour>(40, SkinColour{10, 10, 0}), kRate));
  std::vector<SkinColour> broken = planted({});
  broken[3].red = NAN;
  EXPECT_FALSE(pos_pulse(broken, kRate));
}

/// 68 points of a face 100 pixels wide around (100, 100): brows at y 70, eyes 80, nose 80 to 105, mouth 125, jaw round.
Landmarks planted_points() {
  Landmarks marks{.scheme = LandmarkScheme::ibug68, .points = std::vector<Point2f>(68)};
  for (std::size_t i = 0; i < 17; ++i) {
    const float angle = 3.1415926F * static_cast<float>(i) / 16;
    marks.points[i] = {100 - 50 * std::cos(angle), 85 + 65 * std::sin(angle)};
  }
  for (std::size_t i = 17; i < 27; ++i) marks.points[i] = {60 + 9 * static_cast<float>(i - 17), 70};
  for (std::size_t i = 27; i < 31; ++i) marks.points[i] = {100, 80 + 8 * static_cast<float>(i - 27)};
  for (std::size_t i = 31; i < 36; ++i) marks.points[i] = {90 + 5 * static_cast<float>(i - 31), 108};
  for (std::size_t i = 36; i < 42; ++i) marks.points[i] = {70 + 3 * static_cast<float>(i - 36), 82};
  for (std::size_t i = 42; i < 48; ++i) marks.points[i] = {115 + 3 * static_cast<float>(i - 42), 82};
  for (std::size_t i = 48; i < 68; ++i) marks.points[i] = {80 + 2 * static_cast<float>(i - 48), 125};
  marks.points[54] = {120, 125};
  return marks;
}

TEST(Skin, IsTheColourOfForeheadAndCheeksWithoutShineAndHair) {
  auto picture = Image::create(200, 200, PixelFormat::rgb8);
  ASSERT_TRUE(picture);
  for (int y = 0; y < 200; ++y)
    for (int x = 0; x < 200; ++x) {
      std::uint8_t* c = picture->row(y) + std::ptrdiff_t{3} * x;
      // Skin everywhere, a bright line and a dark line of 1 pixel through the cheeks: fewer than 5 % of the region.
      const int kind = y == 100 ? 1 : y == 110 ? 2 : 0;
      c[0] = kind == 1 ? 255 : kind == 2 ? 0 : 180, c[1] = kind == 1 ? 255 : kind == 2 ? 0 : 130;
      c[2] = kind == 1 ? 255 : kind == 2 ? 0 : 110;
    }
  const auto colour = skin_colour(picture->view(), planted_points());
  ASSERT_TRUE(colour && *colour);
  EXPECT_EQ(**colour, kSkin);
}

TEST(Skin, OfAFaceOutsideThePictureIsNotMeasured) {
  auto picture = Image::create(40, 40, PixelFormat::rgb8);
  ASSERT_TRUE(picture);
  Landmarks away = planted_points();
  for (Point2f& p : away.points) p.x += 1000;
  const auto colour = skin_colour(picture->view(), away);
  ASSERT_TRUE(colour);
  EXPECT_FALSE(*colour);
  EXPECT_FALSE(skin_colour(picture->view(), {.scheme = LandmarkScheme::ibug68, .points = {}}));
}

}  // namespace
}  // namespace vultus::physio

#include <vultus/liveness/high_pass.hpp>

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace vultus::liveness {
namespace {

constexpr std::size_t kWide = 16, kHigh = 12;

template <class Value>
std::vector<float> plane_of(const Value& value) {
  std::vector<float> plane;
  for (std::size_t y = 0; y < kHigh; ++y)
    for (std::size_t x = 0; x < kWide; ++x) plane.push_back(static_cast<float>(value(x, y)));
  return plane;
}

TEST(HighPass, NothingIsLeftOfAnEvenPlane) {
  const auto plane = plane_of([](auto, auto) { return 7.0; });
  for (const float value : high_pass(plane, kWide, kHigh).value()) EXPECT_NEAR(value, 0, 1e-5);
}

TEST(HighPass, OfACheckerboardThePositiveHalfIsLeft) {
  const auto plane = plane_of([](auto x, auto y) { return (x + y) % 2 == 0 ? 1.0 : -1.0; });
  const auto left = rectified_high_pass(plane, kWide, kHigh).value();
  for (std::size_t i = 0; i < left.size(); ++i) EXPECT_NEAR(left[i], std::max(plane[i], 0.0F), 1e-5) << i;
}

TEST(HighPass, WavesInsideTheSquareGoAndThoseBesideItStay) {
  // A quarter of half of 16 is 2, of half of 12 it is 1.
  const auto wave = [](std::size_t kx, std::size_t ky) {
    return plane_of([=](auto x, auto y) {
      return std::cos(2 * std::numbers::pi *
                      (static_cast<double>(kx * x) / kWide + static_cast<double>(ky * y) / kHigh));
    });
  };
  for (const auto& [kx, ky, stays] :
       {std::tuple(2, 1, false), {1, 0, false}, {3, 1, true}, {2, 2, true}, {0, 2, true}}) {
    const auto plane = wave(static_cast<std::size_t>(kx), static_cast<std::size_t>(ky));
    const auto left = high_pass(plane, kWide, kHigh).value();
    for (std::size_t i = 0; i < left.size(); ++i) EXPECT_NEAR(left[i], stays ? plane[i] : 0, 1e-5) << kx << " " << ky;
  }
}

TEST(HighPass, TheEnergiesOfBothPartsAddUp) {
  unsigned state = 1;
  const auto plane = plane_of([&](auto, auto) {
    state = state * 1664525U + 1013904223U;
    return static_cast<double>(state >> 16U) / 65536 - 0.5;
  });
  const auto fast = high_pass(plane, kWide, kHigh, 0.5).value();
  double whole = 0, parts = 0;
  for (std::size_t i = 0; i < plane.size(); ++i) {
    const double slow = plane[i] - fast[i];
    whole += double{plane[i]} * plane[i], parts += double{fast[i]} * fast[i] + slow * slow;
  }
  EXPECT_NEAR(parts, whole, 1e-5);
}

TEST(HighPass, RefusesWhatMakesNoSense) {
  const std::vector<float> plane(kWide * kHigh);
  EXPECT_FALSE(high_pass(plane, kWide, kWide));
  EXPECT_FALSE(high_pass(plane, kWide * kHigh, 1));
  EXPECT_FALSE(high_pass(plane, kWide, kHigh, 1));
  EXPECT_FALSE(high_pass(plane, kWide, kHigh, -0.1));
}

}  // namespace
}  // namespace vultus::liveness

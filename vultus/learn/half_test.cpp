#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <vultus/learn/half.hpp>

namespace vultus::learn {
namespace {

TEST(HalfFloats, AreThoseOfTheStandard) {
  EXPECT_EQ(half_of(0.0F), 0x0000);
  EXPECT_EQ(half_of(-0.0F), 0x8000);
  EXPECT_EQ(half_of(1.0F), 0x3C00);
  EXPECT_EQ(half_of(-2.0F), 0xC000);
  EXPECT_EQ(half_of(65504.0F), 0x7BFF);
  EXPECT_EQ(half_of(65520.0F), 0x7C00);  // rounds to the next power of two, which there is none of
  EXPECT_EQ(half_of(65519.0F), 0x7BFF);
  EXPECT_EQ(half_of(0x1p-24F), 0x0001);
  EXPECT_EQ(half_of(0x1p-25F), 0x0000);  // half way to nothing: the even one
  EXPECT_EQ(half_of(0x1.8p-24F), 0x0002);
  EXPECT_EQ(half_of(0x1p-14F), 0x0400);
  EXPECT_EQ(half_of(1.0F + 0x1p-11F), 0x3C00);  // half way: the even one
  EXPECT_EQ(half_of(1.0F + 0x1.8p-10F), 0x3C02);
  EXPECT_EQ(half_of(std::numeric_limits<float>::infinity()), 0x7C00);
  EXPECT_TRUE(std::isnan(float_of(half_of(std::numeric_limits<float>::quiet_NaN()))));
}

TEST(HalfFloats, AllOfThemSurviveThereAndBack) {
  for (std::uint32_t bits = 0; bits < 0x10000U; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    if ((half & 0x7FFFU) > 0x7C00U) continue;  // not numbers
    EXPECT_EQ(half_of(float_of(half)), half);
  }
}

}  // namespace
}  // namespace vultus::learn

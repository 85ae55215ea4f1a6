// Binary forms against bytes written by hand from PostgreSQL's manual and IEEE 754.
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include <vultus/postgres/values.hpp>

namespace vultus::postgres {
namespace {

TEST(PostgresValues, HalvesAreTheNearestOnes) {
  // value, bits by hand: sign, 5 bits of exponent + 15, 10 bits of fraction
  EXPECT_EQ(half_of(0.0F), 0x0000);
  EXPECT_EQ(half_of(-0.0F), 0x8000);
  EXPECT_EQ(half_of(1.0F), 0x3C00);
  EXPECT_EQ(half_of(-2.0F), 0xC000);
  EXPECT_EQ(half_of(65504.0F), 0x7BFF);                          // the greatest half
  EXPECT_EQ(half_of(65519.0F), 0x7BFF);                          // nearer to it than to 65536
  EXPECT_EQ(half_of(65520.0F), 0x7C00);                          // a tie with the odd neighbour goes up: infinity
  EXPECT_EQ(half_of(1.0F + std::ldexp(1.0F, -11)), 0x3C00);      // a tie goes to the even neighbour below
  EXPECT_EQ(half_of(1.0F + 3 * std::ldexp(1.0F, -11)), 0x3C02);  // and above
  EXPECT_EQ(half_of(std::ldexp(1.0F, -14)), 0x0400);             // the least normal
  EXPECT_EQ(half_of(std::ldexp(1.0F, -24)), 0x0001);             // the least of all
  EXPECT_EQ(half_of(std::ldexp(1.0F, -25)), 0x0000);             // a tie, 0 is even
  EXPECT_EQ(half_of(std::ldexp(3.0F, -25)), 0x0002);             // a tie between 1 and 2
  EXPECT_EQ(half_of(std::ldexp(1023.75F, -24)), 0x0400);         // rounds up into the normal ones
  EXPECT_EQ(half_of(std::numeric_limits<float>::infinity()), 0x7C00);
  EXPECT_EQ(half_of(std::numeric_limits<float>::quiet_NaN()) & 0x7E00, 0x7E00);
}

TEST(PostgresValues, EveryHalfComesBackFromItsOwnValue) {
  for (std::uint32_t half = 0; half < 0x7C00; ++half) {
    const auto exponent = static_cast<int>(half >> 10);
    const auto fraction = static_cast<float>(half & 0x3FFU);
    const float value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    ASSERT_EQ(half_of(value), half);
    ASSERT_EQ(half_of(-value), half | 0x8000U);
  }
}

TEST(PostgresValues, ACopyIsTheBytesOfTheManual) {
  CopyRows rows;
  rows.row(3);
  rows.add(std::int64_t{258});
  rows.add(nullptr);
  rows.add(std::string_view("ab"));
  rows.row(1);
  const std::array<float, 2> halves{1.0F, -2.0F};
  rows.add_half(halves);
  rows.end();
  std::string expected("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
  expected += std::string("\0\3\0\0\0\x08\0\0\0\0\0\0\1\2\377\377\377\377\0\0\0\2", 22) + "ab";
  expected += std::string("\0\1\0\0\0\x08\0\2\0\0\x3C\0\xC0\0\377\377", 16);
  EXPECT_EQ(rows.take(), expected);
  EXPECT_EQ(rows.take(), "");
}

TEST(PostgresValues, ParametersKnowNullFromEmpty) {
  Parameters parameters;
  parameters.add(std::optional<std::int64_t>()).add(std::string_view()).add(std::optional<double>(1.0));
  const auto view = parameters.view();
  ASSERT_EQ(view.values.size(), 3U);
  EXPECT_EQ(view.values[0], nullptr);
  EXPECT_NE(view.values[1], nullptr);
  EXPECT_EQ(view.lengths[1], 0);
  EXPECT_EQ(std::string(view.values[2], 8), std::string("\x3F\xF0\0\0\0\0\0\0", 8));
}

}  // namespace
}  // namespace vultus::postgres

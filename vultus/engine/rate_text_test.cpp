#include <vultus/engine/rate_text.hpp>

#include <gtest/gtest.h>

namespace vultus::engine {
namespace {

TEST(RateText, SaysRatesAsPeopleDo) {
  EXPECT_EQ(one_of(1e-4), "1 of 10,000");
  EXPECT_EQ(one_of(0.000303), "1 of 3,300");
  EXPECT_EQ(one_of(0.0999), "1 of 10");
  EXPECT_EQ(one_of(0.5), "1 of 2");
  EXPECT_EQ(one_of(1), "1 of 1");
  EXPECT_EQ(one_of(0), "0");
  EXPECT_EQ(one_of(1e-300), "1 of 1,000,000,000,000,000");
}

TEST(RateText, GroupsThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(123), "123");
  EXPECT_EQ(grouped(1234), "1,234");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(-123), "-123");
  EXPECT_EQ(grouped(-1234), "-1,234");
}

TEST(ProbabilityText, NeverSpeaksOfCertainty) {
  EXPECT_EQ(probability_text(std::nullopt), "-");
  EXPECT_EQ(probability_text(0.5), "50.0 %");
  EXPECT_EQ(probability_text(0.9951), "99.51 %");
  EXPECT_EQ(probability_text(0.0049), "0.49 %");
  EXPECT_EQ(probability_text(1.0), "> 99.99 %");
  EXPECT_EQ(probability_text(0.0), "< 0.01 %");
}

}  // namespace
}  // namespace vultus::engine

#include <apps/cli/progress.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ProgressText, TellsDoneTotalShareRateAndTimeLeft) {
  // 90 pictures are left at 12.5 a second: 7.2 s, told as 8.
  EXPECT_EQ(progress_text({.label = "identify", .done = 30, .total = 120, .per_second = 12.5}, 100, false),
            "identify  [######------------------]  30/120  25 %  12.5/s  8 s left");
}

TEST(ProgressText, NeverIsWiderThanTheTerminal) {
  for (const bool unicode : {false, true})
    for (int columns = 0; columns < 90; ++columns)
      EXPECT_LE(
          columns_of(progress_text({.label = "日本語", .done = 5, .total = 9, .per_second = 0.2}, columns, unicode)),
          columns);
}

TEST(ProgressText, ReachesHundredPercentOnlyAtTheEnd) {
  EXPECT_THAT(progress_text({.label = "", .done = 999, .total = 1000, .per_second = {}}, 80, false), HasSubstr("99 %"));
  const std::string end = progress_text({.label = "", .done = 1000, .total = 1000, .per_second = 5}, 80, false);
  EXPECT_THAT(end, HasSubstr("[########################]"));
  EXPECT_THAT(end, HasSubstr("100 %"));
  EXPECT_THAT(end, Not(HasSubstr("left")));
}

TEST(ProgressText, WithoutATotalItCounts) {
  EXPECT_EQ(progress_text({.label = "fetch", .done = 7, .total = 0, .per_second = 2}, 80, false), "fetch  7  2.0/s");
}

TEST(DurationText, ChangesUnitsAtTheirLimits) {
  EXPECT_EQ(duration_text(0), "0 s");
  EXPECT_EQ(duration_text(59), "59 s");
  EXPECT_EQ(duration_text(60), "1 min 00 s");
  EXPECT_EQ(duration_text(125), "2 min 05 s");
  EXPECT_EQ(duration_text(7800), "2 h 10 min");
  EXPECT_EQ(duration_text(-3), "0 s");
}

TEST(RateMeter, ForgetsASlowBeginning) {
  RateMeter rate;
  const RateMeter::TimePoint start{};
  using std::chrono::seconds;
  EXPECT_FALSE(rate.per_second());
  rate.count(0, start);
  rate.count(1, start + seconds(20));  // the networks were compiled first
  EXPECT_NEAR(*rate.per_second(), 0.05, 1e-9);
  for (std::size_t s = 1; s <= 20; ++s) rate.count(1 + 10 * s, start + seconds(20 + s));
  EXPECT_NEAR(*rate.per_second(), 10, 1e-9);
}

TEST(RateMeter, SaysNothingTooEarlyOrWithoutMovement) {
  RateMeter rate;
  const RateMeter::TimePoint start{};
  rate.count(0, start);
  rate.count(5, start + std::chrono::milliseconds(100));
  EXPECT_FALSE(rate.per_second());
  RateMeter still;
  still.count(3, start);
  still.count(3, start + std::chrono::seconds(5));
  EXPECT_FALSE(still.per_second());
}

}  // namespace
}  // namespace vultus::cli

#include <vultus/gallery/utc_time.hpp>

#include <gtest/gtest.h>

namespace vultus {
namespace {

UtcTime at(long seconds) { return UtcTime(std::chrono::seconds(seconds)); }

// Expected values: date -u -d @SECONDS +%FT%TZ
TEST(Iso8601, EqualsTheDateCommand) {
  EXPECT_EQ(to_iso8601(at(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_iso8601(at(951'827'696)), "2000-02-29T12:34:56Z");
  EXPECT_EQ(to_iso8601(at(1'767'323'045)), "2026-01-02T03:04:05Z");
  EXPECT_EQ(to_iso8601(at(-1)), "1969-12-31T23:59:59Z");
  EXPECT_EQ(to_iso8601(at(253'402'300'799)), "9999-12-31T23:59:59Z");
}

TEST(Iso8601, ReadsBackWhatItWrote) {
  for (long seconds = -60'000'000'000; seconds < 250'000'000'000; seconds += 123'456'789)
    EXPECT_EQ(from_iso8601(to_iso8601(at(seconds))), at(seconds)) << seconds;
}

TEST(Iso8601, RefusesWhatIsNoTime) {
  for (const char* text : {"", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z", "2026-13-02T03:04:05Z",
                           "2025-02-29T03:04:05Z", "2026-01-02T24:00:00Z", "2026-01-02T23:60:00Z",
                           "2026-01-02T23:59:60Z", "2026-01-02T03:04:05Zx", "2026-0a-02T03:04:05Z"})
    EXPECT_FALSE(from_iso8601(text)) << text;
}

}  // namespace
}  // namespace vultus

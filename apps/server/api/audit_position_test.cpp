#include <gtest/gtest.h>

#include <apps/server/api/audit_position.hpp>

namespace vultus::server {
namespace {

AuditEntry entry_of(std::int64_t number, const std::string& shard = {}) { return {.number = number, .shard = shard}; }

TEST(AuditPositions, OfOneStoreAreANumber) {
  auto position = AuditPosition::from("").value();
  EXPECT_EQ(position.read_by_all(0), 0);
  position.pass(entry_of(12));
  EXPECT_EQ(position.text(), "12");
  const auto read = AuditPosition::from("12").value();
  EXPECT_EQ(read.read_by_all(0), 12);
  EXPECT_TRUE(read.is_behind(entry_of(12)));
  EXPECT_FALSE(read.is_behind(entry_of(13)));
}

TEST(AuditPositions, OfShardsAreANumberEach) {
  auto position = AuditPosition::from("").value();
  position.pass(entry_of(9, "b"));
  EXPECT_EQ(position.read_by_all(2), 0) << "of the other one nothing was read";
  position.pass(entry_of(4, "a"));
  EXPECT_EQ(position.text(), "a=4,b=9");
  const auto read = AuditPosition::from(position.text()).value();
  EXPECT_EQ(read.read_by_all(2), 4);
  EXPECT_TRUE(read.is_behind(entry_of(9, "b")));
  EXPECT_FALSE(read.is_behind(entry_of(9, "a")));
  EXPECT_FALSE(read.is_behind(entry_of(1, "c")));
}

TEST(AuditPositions, ThatNobodyGaveOutAreNone) {
  for (const char* text : {"x", "-1", "a=", "a=x", "a=1,b", "1.5"}) EXPECT_FALSE(AuditPosition::from(text)) << text;
}

}  // namespace
}  // namespace vultus::server

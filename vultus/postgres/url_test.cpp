// What needs no server: URLs, and that nothing of a password is ever said.
#include <chrono>

#include <gtest/gtest.h>

#include <vultus/postgres/connection.hpp>
#include <vultus/postgres/link.hpp>

namespace vultus::postgres {
namespace {

TEST(PostgresUrl, IsToldFromAFile) {
  EXPECT_TRUE(is_url("postgres://host/db"));
  EXPECT_TRUE(is_url("postgresql:///db"));
  EXPECT_FALSE(is_url("people.vgal"));
  EXPECT_FALSE(is_url("./postgres:/people.vgal"));
  EXPECT_FALSE(is_url("Postgres://host/db"));
}

TEST(PostgresUrl, IsShownWithoutItsPassword) {
  EXPECT_EQ(shown_url("postgresql://ada:s3cret@db.example:6000/faces").value(),
            "postgresql://ada@db.example:6000/faces");
  EXPECT_EQ(shown_url("postgres://ada@a,b/faces?password=s3cret&sslmode=require").value(),
            "postgresql://ada@a,b/faces");
}

TEST(PostgresUrl, AWrongOneIsRefusedWithoutQuotingIt) {
  for (const std::string url : {"postgresql://ada:s3cret@host:1/db?nonsense=1", "postgresql://ada:s3cret%zz@host/db",
                                "http://ada:s3cret@host", "postgresql://ada:s3cret@[::1/db"}) {
    const auto opened = Connection::open({.url = url});
    ASSERT_FALSE(opened) << url;
    EXPECT_EQ(opened.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(opened.error().message.find("s3cret"), std::string::npos) << opened.error().message;
  }
}

TEST(PostgresUrl, AHostThatDoesNotAnswerIsNamedAndCostsNoMoreThanTheDeadline) {
  const auto begin = std::chrono::steady_clock::now();
  // Port 1 of the loopback interface: nobody listens. 192.0.2.1 is kept for documents: packets get lost.
  const auto opened = Connection::open(
      {.url = "postgresql://ada:s3cret@127.0.0.1:1,192.0.2.1:5432/faces", .deadline = std::chrono::milliseconds(800)});
  ASSERT_FALSE(opened);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
  EXPECT_EQ(opened.error().code, ErrorCode::resource_limit);
  EXPECT_NE(opened.error().message.find("postgresql://ada@127.0.0.1:1/faces"), std::string::npos)
      << opened.error().message;
  EXPECT_NE(opened.error().message.find("192.0.2.1"), std::string::npos) << opened.error().message;
  EXPECT_EQ(opened.error().message.find("s3cret"), std::string::npos) << opened.error().message;
}

TEST(PostgresUrl, MoreThan32HostsAreRefused) {
  std::string url = "postgresql://a";
  for (int i = 1; i < 33; ++i) url += ",a";
  const auto opened = Connection::open({.url = url + "/db"});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(opened.error().message.find("33 hosts"), std::string::npos) << opened.error().message;
}

TEST(PostgresUrl, DeadlinesOutsideTheirRangeAreRefused) {
  for (const int ms : {0, -5, 3'600'001}) {
    const auto opened = Connection::open({.url = "postgresql:///db", .deadline = std::chrono::milliseconds(ms)});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::invalid_argument);
  }
}

TEST(PostgresErrors, APasswordIsTakenOutOfEveryText) {
  Link link;
  link.password = "s3cret";
  EXPECT_EQ(link.clean("user s3cret has\npassword s3crets3cret\n"), "user *** has password ******");
  link.password = "*";  // must come to an end
  EXPECT_EQ(link.clean("a*b*"), "a***b***");
}

TEST(PostgresErrors, AStateMeansWhatTheManualSays) {
  EXPECT_EQ(code_of("3D000"), ErrorCode::not_found);
  EXPECT_EQ(code_of("23505"), ErrorCode::invalid_argument);  // unique_violation
  EXPECT_EQ(code_of("42501"), ErrorCode::resource_limit);    // insufficient_privilege
  EXPECT_EQ(code_of("42P01"), ErrorCode::internal);          // undefined_table
  EXPECT_EQ(code_of("53100"), ErrorCode::resource_limit);    // disk_full
  EXPECT_EQ(code_of("57014"), ErrorCode::resource_limit);    // query_canceled
  EXPECT_EQ(code_of("XX001"), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of("XX000"), ErrorCode::internal);
}

}  // namespace
}  // namespace vultus::postgres

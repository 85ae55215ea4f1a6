// The room against a real server.
#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include <vultus/postgres/connection.hpp>
#include <vultus/postgres/test_server.hpp>

namespace vultus::postgres {
namespace {

using std::chrono::milliseconds;
using testing::Server;

Connection open(const std::string& url, milliseconds deadline = std::chrono::seconds(30)) {
  return Connection::open({.url = url, .deadline = deadline}).value();
}

TEST(PostgresConnection, GivesBackEveryKindOfValueToTheBit) {
  Connection connection = open(testing::fresh_database());
  connection.execute("CREATE TABLE t(i bigint, r double precision, t text, b bytea, a bigint[], s text[])").value();
  const std::string bytes("\0\1\377x", 4);
  const auto raw = std::as_bytes(std::span(bytes));
  const std::array<std::int64_t, 3> numbers{-1, 0, 9'223'372'036'854'775'807};
  const std::array<std::string, 2> texts{"", "Zoë"};
  Parameters values;
  values.add(std::int64_t{-9'223'372'036'854'775'807 - 1}).add(0.1).add(std::string_view("naïve 'quote\"")).add(raw);
  values.add(std::span<const std::int64_t>(numbers)).add(std::span<const std::string>(texts));
  ASSERT_EQ(connection.run("INSERT INTO t VALUES($1,$2,$3,$4,$5,$6)", values).value().changed(), 1);
  const Answer answer =
      connection.run("SELECT i, r, t, b, a[3], s[2], s[1], r::float4, i = 5, NULL::bigint, 7::smallint, 8::int FROM t")
          .value();
  ASSERT_EQ(answer.rows(), 1U);
  EXPECT_EQ(answer.integer(0, 0), -9'223'372'036'854'775'807 - 1);
  EXPECT_EQ(answer.real(0, 1), 0.1);
  EXPECT_EQ(answer.text(0, 2), "naïve 'quote\"");
  EXPECT_TRUE(std::ranges::equal(answer.bytes(0, 3), raw));
  EXPECT_EQ(answer.integer(0, 4), 9'223'372'036'854'775'807);
  EXPECT_EQ(answer.text(0, 5), "Zoë");
  EXPECT_EQ(answer.text(0, 6), "");
  EXPECT_EQ(answer.real(0, 7), double{0.1F});
  EXPECT_EQ(answer.integer(0, 8), 0);
  EXPECT_TRUE(answer.is_null(0, 9));
  EXPECT_EQ(answer.integer(0, 10), 7);
  EXPECT_EQ(answer.integer(0, 11), 8);
  EXPECT_THROW((void)answer.integer(0, 2), std::logic_error);
}

TEST(PostgresConnection, TimesAreWholeSecondsSince1970) {
  Connection connection = open(testing::fresh_database());
  // 1767323045 s from 1970 (date -u -d 2026-01-02T03:04:05Z +%s).
  const Answer answer = connection
                            .run(
                                "SELECT $1, '2026-01-02T03:04:05Z'::timestamptz, '0001-01-01T00:00:00Z'::timestamptz, "
                                "'infinity'::timestamptz, NULL::timestamptz, '2026-01-02T03:04:05.5Z'::timestamptz",
                                Parameters().add_time(1'767'323'045))
                            .value();
  EXPECT_EQ(answer.seconds(0, 0), 1'767'323'045);
  EXPECT_EQ(answer.seconds(0, 1), 1'767'323'045);
  EXPECT_EQ(answer.seconds(0, 2), -62'135'596'800);
  for (const int none : {3, 4, 5}) EXPECT_EQ(answer.seconds(0, none), std::nullopt);
}

TEST(PostgresConnection, CopiesRowsInBinaryForm) {
  Connection connection = open(testing::fresh_database());
  connection.execute("CREATE EXTENSION vector; CREATE TABLE t(i bigint, h halfvec(3), b bytea, o double precision)")
      .value();
  connection.begin_copy("COPY t FROM STDIN (FORMAT binary)").value();
  CopyRows rows;
  const std::array<float, 3> halves{0.5F, -0.25F, 1.0F / 3};
  const std::string big(3 << 20, 'x');
  for (std::int64_t i = 0; i < 3; ++i) {
    rows.row(4);
    rows.add(i);
    rows.add_half(halves);
    rows.add(std::as_bytes(std::span(big)));
    rows.add(i == 1 ? std::optional(2.5) : std::nullopt);
    connection.copy(rows.take()).value();
  }
  rows.end();
  connection.copy(rows.take()).value();
  EXPECT_EQ(connection.end_copy().value(), 3);
  const Answer answer = connection.run("SELECT h::text, length(b), o FROM t ORDER BY i").value();
  ASSERT_EQ(answer.rows(), 3U);
  EXPECT_EQ(answer.text(0, 0), "[0.5,-0.25,0.33325195]");  // 1/3 as a half is 1365 / 4096
  EXPECT_EQ(answer.integer(0, 1), 3 << 20);
  EXPECT_EQ(answer.optional_real(1, 2), 2.5);
  EXPECT_EQ(answer.optional_real(2, 2), std::nullopt);
}

TEST(PostgresConnection, AWrongCopyAddsNothingAndBreaksNothing) {
  Connection connection = open(testing::fresh_database());
  connection.execute("CREATE TABLE t(i bigint PRIMARY KEY)").value();
  connection.begin_copy("COPY t FROM STDIN (FORMAT binary)").value();
  CopyRows rows;
  for (const int same : {1, 1}) {
    rows.row(1);
    rows.add(std::int64_t{same});
  }
  rows.end();
  connection.copy(rows.take()).value();
  const auto done = connection.end_copy();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(done.error().message.find("Key (i)"), std::string::npos) << "rows may be personal";
  EXPECT_EQ(connection.integer("SELECT count(*) FROM t").value(), 0);
}

TEST(PostgresConnection, ATransactionIsAllOrNothing) {
  const std::string url = testing::fresh_database();
  Connection one = open(url);
  Connection two = open(url);
  one.execute("CREATE TABLE t(i bigint PRIMARY KEY)").value();
  {
    Transaction transaction = Transaction::begin(one, Transaction::Kind::write).value();
    ASSERT_TRUE(one.run("INSERT INTO t VALUES(1)"));
    EXPECT_EQ(two.integer("SELECT count(*) FROM t").value(), 0);
  }
  EXPECT_EQ(two.integer("SELECT count(*) FROM t").value(), 0);
  Transaction view = Transaction::begin(two, Transaction::Kind::read).value();
  EXPECT_EQ(two.integer("SELECT count(*) FROM t").value(), 0);
  Transaction transaction = Transaction::begin(one, Transaction::Kind::write).value();
  ASSERT_TRUE(one.run("INSERT INTO t VALUES(1)"));
  transaction.commit().value();
  EXPECT_EQ(two.integer("SELECT count(*) FROM t").value(), 0) << "one view until its end";
  EXPECT_FALSE(two.run("INSERT INTO t VALUES(2)")) << "a view writes nothing";
  EXPECT_FALSE(view.commit());
  EXPECT_EQ(two.integer("SELECT count(*) FROM t").value(), 1);
}

TEST(PostgresConnection, ACommitAfterAFailedStatementIsNoSuccess) {
  Connection connection = open(testing::fresh_database());
  connection.execute("CREATE TABLE t(i bigint)").value();
  Transaction transaction = Transaction::begin(connection, Transaction::Kind::write).value();
  ASSERT_TRUE(connection.run("INSERT INTO t VALUES(1)"));
  EXPECT_FALSE(connection.run("SELECT 1/0"));
  EXPECT_FALSE(transaction.commit());
  EXPECT_EQ(connection.integer("SELECT count(*) FROM t").value(), 0);
}

TEST(PostgresConnection, NoticesArriveWhenTheirTransactionDoes) {
  const std::string url = testing::fresh_database();
  Connection reader = open(url);
  Connection writer = open(url);
  reader.execute("LISTEN news").value();
  EXPECT_TRUE(reader.notices(milliseconds(50)).value().empty());
  {
    Transaction undone = Transaction::begin(writer, Transaction::Kind::write).value();
    writer.execute("NOTIFY news, 'never'").value();
  }
  writer.execute("NOTIFY news, '17'").value();
  EXPECT_EQ(reader.notices(std::chrono::seconds(20)).value(), (std::vector<Notice>{{"news", "17"}}));
}

TEST(PostgresConnection, ALateAnswerIsAnErrorAtTheDeadline) {
  Connection connection = open(testing::fresh_database(), milliseconds(600));
  const auto begin = std::chrono::steady_clock::now();
  const auto late = connection.run("SELECT pg_sleep(30)");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::resource_limit) << late.error().message;
}

TEST(PostgresConnection, AServerThatFallsSilentIsGivenUpAtTheDeadline) {
  Connection connection = open(testing::fresh_database(), milliseconds(400));
  connection.execute("SET statement_timeout=0").value();  // as if the network had swallowed the answer
  ASSERT_FALSE(connection.run("SELECT pg_sleep(30)"));
  EXPECT_TRUE(connection.is_broken());
  const auto after = connection.run("SELECT 1");
  ASSERT_FALSE(after);
  EXPECT_EQ(after.error().code, ErrorCode::resource_limit);
}

TEST(PostgresConnection, ALostConnectionIsSeen) {
  const std::string url = testing::fresh_database();
  Connection victim = open(url);
  Connection other = open(url);
  ASSERT_TRUE(other.run("SELECT pg_terminate_backend($1::int)", Parameters().add(std::int64_t{victim.process()})));
  const auto lost = victim.run("SELECT 1");
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, ErrorCode::resource_limit) << lost.error().message;
  EXPECT_TRUE(victim.is_broken());
}

TEST(PostgresConnection, WhoIsNotThereHasACodeOfItsOwn) {
  const auto none = Connection::open({.url = testing::with_database(testing::fresh_database(), "nowhere")});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::not_found) << none.error().message;
  Connection connection = open(testing::fresh_database());
  EXPECT_EQ(connection.run("SELEC 1").error().code, ErrorCode::internal);
}

TEST(PostgresConnection, MoreStatementsThanAreKeptCanBePrepared) {
  Connection connection = open(testing::fresh_database());
  for (int i = 0; i < 450; ++i) ASSERT_EQ(connection.integer("SELECT " + std::to_string(i) + "::bigint").value(), i);
  ASSERT_EQ(connection.integer("SELECT 3::bigint").value(), 3);
}

TEST(PostgresConnection, APasswordIsNeverSaid) {
  Server server({"--tcp"});
  const std::size_t from = server.url().find(':', 13) + 1;
  const std::string password = server.url().substr(from, server.url().find('@') - from);
  ASSERT_GT(password.size(), 16U);
  Connection connection = open(server.url());
  EXPECT_EQ(connection.name().find(password), std::string::npos);
  const auto said = connection.run("SELECT $1::text::int", Parameters().add(std::string_view(password)));
  ASSERT_FALSE(said);
  EXPECT_NE(said.error().message.find("***"), std::string::npos) << said.error().message;
  EXPECT_EQ(said.error().message.find(password), std::string::npos);
  std::string wrong = server.url();
  wrong.replace(from, 4, "none");
  const auto refused = Connection::open({.url = wrong});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::resource_limit);
  EXPECT_EQ(refused.error().message.find(password.substr(4)), std::string::npos) << refused.error().message;
}

TEST(PostgresConnection, OfSeveralServersThePrimaryIsTaken) {
  Server primary;
  Server standby({"--standby-of", primary.folder().string()});
  const auto host = [](const std::string& url) {
    return url.substr(url.find('@') + 1, url.rfind('/') - url.find('@') - 1);
  };
  const std::string both = "postgresql://vultus@" + host(standby.url()) + "," + host(primary.url()) + "/vultus";
  Connection writes = open(both);
  EXPECT_EQ(writes.integer("SELECT pg_is_in_recovery()").value(), 0);
  EXPECT_EQ(Connection::open({.url = both, .role = Role::any}).value().integer("SELECT pg_is_in_recovery()").value(),
            1);
  primary.kill();
  const auto none = Connection::open({.url = both});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::resource_limit) << none.error().message;
  standby.promote();
  EXPECT_EQ(open(both).integer("SELECT pg_is_in_recovery()").value(), 0);
}

}  // namespace
}  // namespace vultus::postgres

#include <vultus/sqlite/database.hpp>

#include <array>
#include <cstdlib>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace vultus::sqlite {
namespace {

using ::testing::HasSubstr;

constexpr std::array<std::string_view, 3> kSteps{
    "CREATE TABLE t(id INTEGER PRIMARY KEY, x) STRICT",  // not valid: a column without a type
    "ALTER TABLE t ADD COLUMN y TEXT", "CREATE INDEX t_y ON t(y)"};
constexpr std::array<std::string_view, 3> kGoodSteps{"CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT) STRICT", kSteps[1],
                                                     kSteps[2]};

Format version(std::size_t number) {
  return {.noun = "notebook", .application_id = 4711, .steps = std::span(kGoodSteps).first(number)};
}

// NOLINTNEXTLINE(cppcoreguidelines-virtual-class-destructor): googletest makes a class of each test.
class DatabaseTest : public ::testing::Test {
 protected:
  DatabaseTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "vultus sqlite XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ / "n";
  }
  ~DatabaseTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Result<Database> open(std::size_t newest, Access access = Access::create_or_open) const {
    return Database::open(version(newest), {.path = path_, .access = access});
  }
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

std::int64_t rows(Database& database) { return database.integer("SELECT count(*) FROM t").value(); }

TEST_F(DatabaseTest, BringsAnOlderFileUpToDateAndKeepsItsRows) {
  for (const std::size_t old : {1U, 2U}) {
    std::filesystem::remove(path_);
    {
      auto made = open(old);
      ASSERT_TRUE(made) << made.error().message;
      ASSERT_TRUE(made->execute("INSERT INTO t(x) VALUES('kept')"));
    }
    const auto reader = open(3, Access::read_only);
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, ErrorCode::unsupported);
    EXPECT_THAT(reader.error().message, HasSubstr("notebook version " + std::to_string(old)));
    auto migrated = open(3, Access::read_write);
    ASSERT_TRUE(migrated) << migrated.error().message;
    EXPECT_EQ(migrated->version(), 3);
    EXPECT_EQ(rows(*migrated), 1);
    EXPECT_TRUE(migrated->execute("UPDATE t SET y='new'"));
    EXPECT_TRUE(open(3, Access::read_only));
    EXPECT_EQ(open(old).error().code, ErrorCode::unsupported) << "an older program does not touch a newer file";
  }
}

TEST_F(DatabaseTest, AStepThatFailsLeavesNoFileThatLooksDone) {
  const Format bad{.noun = "notebook", .application_id = 4711, .steps = kSteps};
  EXPECT_EQ(Database::open(bad, {.path = path_, .access = Access::create_or_open}).error().code, ErrorCode::internal);
  EXPECT_EQ(open(3, Access::read_only).error().code, ErrorCode::not_found);
  EXPECT_TRUE(open(3)) << "and what is left can be made a file";
}

TEST_F(DatabaseTest, AFailedFillingMakesNothing) {
  const auto refused =
      Database::open(version(1), {.path = path_, .access = Access::create_or_open, .on_create = [](Database&) {
                                    return Status(vultus::fail(ErrorCode::cancelled, "no"));
                                  }});
  EXPECT_EQ(refused.error().code, ErrorCode::cancelled);
  auto made = open(1);
  ASSERT_TRUE(made);
  EXPECT_EQ(rows(*made), 0);
}

TEST_F(DatabaseTest, IsMadeOnceHoweverManyMakeIt) {
  std::vector<pid_t> children;
  for (int i = 0; i < 6; ++i) {
    const pid_t id = fork();
    if (id == 0) {
      const auto made = Database::open(
          version(3), {.path = path_,
                       .access = Access::create_or_open,
                       .busy_wait = std::chrono::seconds(30),
                       .on_create = [](Database& fresh) { return fresh.execute("INSERT INTO t(x) VALUES('first')"); }});
      _exit(made ? 0 : 1);
    }
    children.push_back(id);
  }
  for (const pid_t id : children) {
    int status = -1;
    ASSERT_EQ(waitpid(id, &status, 0), id);
    EXPECT_EQ(status, 0);
  }
  auto opened = open(3, Access::read_only);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(rows(*opened), 1);
}

TEST_F(DatabaseTest, IsDurableAndForgetful) {
  auto opened = open(1);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->integer("PRAGMA synchronous").value(), 2) << "FULL";
  EXPECT_EQ(opened->integer("SELECT journal_mode='wal' FROM pragma_journal_mode").value(), 1);
  EXPECT_EQ(opened->integer("PRAGMA foreign_keys").value(), 1);
  EXPECT_EQ(opened->integer("PRAGMA secure_delete").value(), 1);
}

TEST_F(DatabaseTest, WrittenAnewItHoldsTheSameAndNothingElse) {
  auto opened = open(1);
  ASSERT_TRUE(opened);
  ASSERT_TRUE(
      opened->execute("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x < 5000) "
                      "INSERT INTO t(id, x) SELECT x, 'row ' || x FROM c"));
  ASSERT_TRUE(opened->execute("DELETE FROM t WHERE id > 7"));
  ASSERT_TRUE(opened->empty_log().value());
  const auto before = std::filesystem::file_size(path_);
  EXPECT_TRUE(opened->write_anew().value());
  EXPECT_LT(std::filesystem::file_size(path_), before);
  EXPECT_EQ(std::filesystem::file_size(path_.string() + "-wal"), 0U);
  EXPECT_EQ(opened->integer("SELECT sum(id) FROM t WHERE x = 'row ' || id").value(), 28);
  EXPECT_FALSE(opened->execute("ATTACH 'other' AS other")) << "nothing else may be attached";
  EXPECT_FALSE(std::filesystem::exists("other"));
  {
    auto reading = open(1, Access::read_only);
    ASSERT_TRUE(reading);
    const auto transaction = Transaction::begin(*opened, Transaction::Kind::write);
    ASSERT_TRUE(transaction);
    EXPECT_FALSE(opened->write_anew()) << "within a transaction";
  }
  EXPECT_EQ(rows(*opened), 7);
}

TEST_F(DatabaseTest, AnEndlessStatementIsStopped) {
  auto opened = open(1);
  ASSERT_TRUE(opened);
  const auto endless =
      opened->integer("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT count(*) FROM c");
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().code, ErrorCode::corrupt_data);
  EXPECT_TRUE(opened->execute("INSERT INTO t(x) VALUES('after')")) << "the next statement has its own allowance";
}

TEST_F(DatabaseTest, ATransactionThatIsNotCommittedLeavesNothing) {
  auto opened = open(1);
  ASSERT_TRUE(opened);
  {
    const auto transaction = Transaction::begin(*opened, Transaction::Kind::write);
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(opened->execute("INSERT INTO t(x) VALUES('gone')"));
  }
  EXPECT_EQ(rows(*opened), 0);
  auto transaction = Transaction::begin(*opened, Transaction::Kind::write);
  ASSERT_TRUE(opened->execute("INSERT INTO t(x) VALUES('kept')"));
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(rows(*opened), 1);
}

TEST_F(DatabaseTest, TextAndBytesComeBackWhole) {
  auto opened = open(1);
  ASSERT_TRUE(opened);
  const std::string text("a\0b\xFF", 4);
  auto add = opened->prepare("INSERT INTO t(x) VALUES(?)");
  ASSERT_TRUE(add);
  ASSERT_TRUE(add->bind(1, std::string_view(text)).run());
  ASSERT_TRUE(add->bind(1, std::string_view()).run());
  ASSERT_TRUE(add->bind(1, nullptr).run());
  auto get = opened->prepare("SELECT x FROM t ORDER BY id");
  ASSERT_TRUE(get);
  ASSERT_TRUE(get->step().value());
  EXPECT_EQ(get->text(0), text);
  ASSERT_TRUE(get->step().value());
  EXPECT_TRUE(get->is_text(0));
  EXPECT_EQ(get->text(0), "");
  ASSERT_TRUE(get->step().value());
  EXPECT_TRUE(get->is_null(0));
  EXPECT_FALSE(get->optional_text(0));
  EXPECT_FALSE(get->step().value());
}

TEST_F(DatabaseTest, AValueAboveTheLimitIsRefusedByName) {
  auto opened = open(1);
  ASSERT_TRUE(opened);
  auto add = opened->prepare("INSERT INTO t(x) VALUES(?)");
  ASSERT_TRUE(add);
  const std::string big(static_cast<std::size_t>(OpenOptions::kMaxValueBytes) + 1, 'x');
  const Status refused = add->bind(1, std::string_view(big)).run();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::resource_limit);
  EXPECT_THAT(refused.error().message, HasSubstr("16777216"));
  EXPECT_EQ(add->bind(2, std::int64_t{1}).run().error().code, ErrorCode::internal) << "there is no parameter 2";
}

/// What opening says to a user who is not root: nothing is closed to root. @return code and message, "" where it opens
std::string told_to_a_user(const std::function<Result<Database>()>& open) {
  constexpr uid_t kNobody = 65534;
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && (setgid(kNobody) != 0 || setuid(kNobody) != 0)) _exit(1);
    const auto opened = open();
    const std::string said = opened ? "" : std::string(name_of(opened.error().code)) + ": " + opened.error().message;
    _exit(write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string said;
  std::array<char, 4096> block{};
  for (ssize_t got = 0; (got = read(ends[0], block.data(), block.size())) > 0;)
    said.append(block.data(), static_cast<std::size_t>(got));
  close(ends[0]);
  int status = -1;
  if (waitpid(child, &status, 0) != child || status != 0) return "the child failed: " + said;
  return said;
}

TEST_F(DatabaseTest, WhatMayNotBeWrittenIsToldAsThatAndNotAsMissing) {
  namespace fs = std::filesystem;
  ASSERT_TRUE(open(3));
  const auto others_may = [](const fs::path& path, fs::perms perms) { fs::permissions(path, perms); };
  const auto all = fs::perms::all, read_only = fs::perms(0555);
  others_may(path_, fs::perms(0666));

  others_may(folder_, read_only);
  const std::string folder_closed = "resource_limit: " + path_.string() + ": its folder " + folder_.string() +
                                    " cannot be written (Permission denied), and files of a notebook have to be made "
                                    "there";
  EXPECT_EQ(told_to_a_user([&] { return open(3, Access::read_write); }), folder_closed);
  EXPECT_EQ(told_to_a_user([&] { return open(3); }), folder_closed);
  EXPECT_EQ(told_to_a_user([&] { return open(3, Access::read_only); }), "") << "it can be read where it lies";
  const fs::path fresh = folder_ / "fresh";
  const auto make = [&] { return Database::open(version(3), {.path = fresh, .access = Access::create_or_open}); };
  EXPECT_THAT(told_to_a_user(make), HasSubstr("its folder " + folder_.string() + " cannot be written"));
  EXPECT_EQ(told_to_a_user([&] { return Database::open(version(3), {.path = fresh, .access = Access::read_write}); }),
            "not_found: " + fresh.string() + ": no such notebook");

  others_may(folder_, fs::perms(0600));
  const std::string closed = "resource_limit: " + path_.string() + ": cannot be reached (Permission denied)";
  for (const Access access : {Access::read_only, Access::read_write, Access::create_or_open})
    EXPECT_EQ(told_to_a_user([&] { return open(3, access); }), closed);

  others_may(folder_, all);
  others_may(path_, fs::perms(0444));
  EXPECT_EQ(told_to_a_user([&] { return open(3, Access::read_write); }),
            "resource_limit: " + path_.string() + ": the notebook cannot be written (Permission denied)");
  others_may(path_, fs::perms(0));
  EXPECT_EQ(told_to_a_user([&] { return open(3, Access::read_only); }),
            "resource_limit: " + path_.string() + ": the notebook cannot be read (Permission denied)");
}

}  // namespace
}  // namespace vultus::sqlite

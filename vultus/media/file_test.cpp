#include <vultus/media/file.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <limits>

#include <vultus/media/picture.hpp>
#include <vultus/media/test_folder.hpp>

namespace vultus::media {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::TestFolder;

constexpr std::size_t kPlenty = 1'000'000;

std::string text_of(const std::string& path) {
  const auto bytes = read_file(path, kPlenty);
  return bytes ? std::string(bytes->begin(), bytes->end()) : "error: " + bytes.error().message;
}

std::size_t files_in(const std::string& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

TEST(ReadFile, GivesTheBytes) {
  const TestFolder root;
  root.write("ü and space", std::string_view("a\0b", 3));
  EXPECT_EQ(text_of(root / "ü and space"), std::string("a\0b", 3));
  root.write("empty", "");
  EXPECT_EQ(read_file(root / "empty", kPlenty).value().size(), 0U);
  // Files of /proc tell a size of 0 and hold something.
  EXPECT_GT(read_file("/proc/self/status", kPlenty).value().size(), 10U);
}

TEST(ReadFile, NamesFileLimitAndValue) {
  const TestFolder root;
  root.write("big", std::string(100, 'x'));
  EXPECT_TRUE(read_file(root / "big", 100));
  EXPECT_EQ(read_file(root / "big", std::numeric_limits<std::size_t>::max()).value().size(), 100U);
  EXPECT_EQ(read_file(root / "big", 99).error(),
            (Error{ErrorCode::resource_limit, (root / "big") + ": 100 bytes, the limit is 99"}));
  EXPECT_EQ(read_file(root / "none", kPlenty).error(),
            (Error{ErrorCode::not_found, (root / "none") + ": cannot read: no such file or folder"}));
  EXPECT_EQ(read_file(root.path(), kPlenty).error().message, root.path() + ": a folder, not a file");
  EXPECT_EQ(read_file("/proc/self/status", 5).error().code, ErrorCode::resource_limit);
  root.link("loop", "loop");
  EXPECT_THAT(read_file(root / "loop", kPlenty).error().message, EndsWith("symbolic links that lead in a circle"));
}

TEST(ReadFile, NeverWaitsForAPipeOrADevice) {
  const TestFolder root;
  ASSERT_EQ(::mkfifo((root / "pipe.jpg").c_str(), 0644), 0);
  const Error pipe = read_file(root / "pipe.jpg", kPlenty).error();
  EXPECT_EQ(pipe.code, ErrorCode::invalid_argument);
  EXPECT_THAT(pipe.message, HasSubstr("a pipe"));
  EXPECT_EQ(read_file("/dev/zero", kPlenty).error().message, "/dev/zero: a device, not a file");
}

TEST(ReadFile, TellsThatPermissionIsDenied) {
  const TestFolder root;
  root.touch("secret.jpg");
  ::chmod(root.path().c_str(), 0755);
  ::chmod((root / "secret.jpg").c_str(), 0);
  const testing::WithoutPrivileges user;
  EXPECT_EQ(read_file(root / "secret.jpg", kPlenty).error(),
            (Error{ErrorCode::resource_limit, (root / "secret.jpg") + ": cannot read: permission denied"}));
}

TEST(ReadPicture, PutsThePathBeforeTheReason) {
  const TestFolder root;
  root.write("empty.jpg", "");
  root.write("text.jpg", "Dear diary, this is no picture");
  root.write("small.pgm", "P5 1 1 255\n.");
  EXPECT_EQ(read_picture(root / "empty.jpg").error().message,
            (root / "empty.jpg") + ": 0 bytes: an empty file is not a picture");
  EXPECT_EQ(read_picture(root / "text.jpg").error().message,
            (root / "text.jpg") + ": not a picture: starts with \"Dear diary, this\"");
  EXPECT_EQ(read_picture(root / "small.pgm").value().image.row(0)[2], '.');
  EXPECT_EQ(read_picture(root / "none.jpg").error().code, ErrorCode::not_found);
}

TEST(ReadStandardInput, ReadsAPipeToItsEnd) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ASSERT_EQ(::write(ends[1], "abc", 3), 3);
  ::close(ends[1]);
  const int before = ::dup(STDIN_FILENO);
  ::dup2(ends[0], STDIN_FILENO);
  ::close(ends[0]);
  const auto bytes = read_standard_input(kPlenty);
  ::close(STDIN_FILENO);
  const auto closed = read_standard_input(kPlenty);
  if (before >= 0) {
    ::dup2(before, STDIN_FILENO);
    ::close(before);
  }
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_EQ(std::string(bytes->begin(), bytes->end()), "abc");
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, ErrorCode::invalid_argument);
}

TEST(WriteFileAtomically, ReplacesTheWholeAndKeepsPermissions) {
  const TestFolder root;
  root.write("out.txt", "old and longer");
  ::chmod((root / "out.txt").c_str(), 0600);
  ASSERT_TRUE(write_file_atomically(root / "out.txt", "new"));
  EXPECT_EQ(text_of(root / "out.txt"), "new");
  struct stat info {};
  ::stat((root / "out.txt").c_str(), &info);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  const mode_t mask = ::umask(027);
  const Status fresh = write_file_atomically(root / "fresh", "x");
  ::umask(mask);
  ASSERT_TRUE(fresh);
  ::stat((root / "fresh").c_str(), &info);
  EXPECT_EQ(info.st_mode & 0777U, 0640U);
  EXPECT_EQ(files_in(root.path()), 2U) << "no temporary file may stay";
}

TEST(WriteFileAtomically, FollowsALinkAndTakesTheLongestNames) {
  const TestFolder root;
  root.write("real", "old");
  root.link("link", "real");
  ASSERT_TRUE(write_file_atomically(root / "link", "new"));
  EXPECT_EQ(text_of(root / "real"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(root / "link"));
  EXPECT_TRUE(write_file_atomically(root / std::string(255, 'n'), "x"));
}

TEST(WriteFileAtomically, NamesPathAndReasonOfAFailure) {
  const TestFolder root;
  EXPECT_EQ(write_file_atomically(root / "none/out", "x").error(),
            (Error{ErrorCode::not_found, (root / "none/out") + ": cannot write: no such file or folder"}));
  EXPECT_EQ(write_file_atomically(root.path(), "x").error().code, ErrorCode::invalid_argument);
  root.write("protected", "old");
  ::chmod((root / "protected").c_str(), 0444);
  ::chmod(root.path().c_str(), 0777);
  {
    const testing::WithoutPrivileges user;
    EXPECT_EQ(write_file_atomically(root / "protected", "new").error().code, ErrorCode::resource_limit);
  }
  EXPECT_EQ(text_of(root / "protected"), "old");
  ::chmod(root.path().c_str(), 0555);
  const testing::WithoutPrivileges user;
  EXPECT_EQ(write_file_atomically(root / "out", "x").error(),
            (Error{ErrorCode::resource_limit, (root / "out") + ": cannot write: permission denied"}));
}

TEST(WriteFileAtomically, LeavesTheOldFileWhereTheNewOneDoesNotFit) {
  const TestFolder root;
  root.write("out", "old");
  // A limit on the size of files stands for a full disk: write() fails in the same place.
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 10, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const Status status = write_file_atomically(root / "out", std::string(1000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::resource_limit);
  EXPECT_THAT(status.error().message, HasSubstr((root / "out") + ": cannot write: "));
  EXPECT_EQ(text_of(root / "out"), "old");
  EXPECT_EQ(files_in(root.path()), 1U) << "the temporary file must go";
}

}  // namespace
}  // namespace vultus::media

// The gallery among other processes: killed, sharing a file, without room or permission.
#include <csignal>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/test_process.hpp>

namespace vultus {
namespace {

using gallery::testing::as_ordinary_user;
using gallery::testing::Beside;
using gallery::testing::digest;
using gallery::testing::face;
using gallery::testing::Folder;
using gallery::testing::in_another_process;
using gallery::testing::options_for;
using gallery::testing::random_embedding;
using ::testing::HasSubstr;

constexpr int kDimension = 32;

/// The face with this number, the same in every process.
NewFace numbered(int number) {
  std::mt19937 random(static_cast<unsigned>(number));
  FaceDetails details{.source_sha256 = digest('c'), .box = RectF{static_cast<float>(number), 0, 1, 1}};
  return face("S" + std::to_string(number), random_embedding(random, kDimension), details);
}

std::string describe(const Error& error) { return std::string(name_of(error.code)) + ": " + error.message; }

/// Opens and enrols in batches of 1 to 4; after each success the numbers are written to `out`.
std::string enrol_and_tell(const std::filesystem::path& path, int first, int count, int out) {
  GalleryOptions options = options_for(path, kDimension);
  options.busy_wait = std::chrono::seconds(60);
  Result<Gallery> opened = Gallery::open(options);
  if (!opened) return describe(opened.error());
  Gallery gallery = *std::move(opened);
  for (int next = first; next < first + count;) {
    std::vector<NewFace> batch;
    std::string acknowledgement;
    for (int i = 0; i <= next % 4 && next < first + count; ++i, ++next) {
      batch.push_back(numbered(next));
      acknowledgement += std::to_string(next) + "\n";
    }
    if (const auto done = gallery.enrol(batch); !done) return describe(done.error());
    if (out >= 0 && ::write(out, acknowledgement.data(), acknowledgement.size()) < 0) return "the pipe broke";
  }
  return {};
}

TEST(KilledWhileEnrolling, LosesNothingThatWasAcknowledged) {
  const Folder folder;
  const std::filesystem::path path = folder / "g";
  std::mt19937 random(20);
  std::vector<int> acknowledged;
  int rounds_with_faces = 0;
  for (int round = 0; round < 20; ++round) {
    const int first = 100'000 * (round + 1);
    {
      Beside process([&](int to_parent, int) { (void)enrol_and_tell(path, first, 100'000, to_parent); });
      // Every fifth one is killed while it opens or makes the gallery, the others while they enrol.
      if (round % 5 != 0) {
        ASSERT_TRUE(process.wait_for_output());
      }
      std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<int>(0, 30'000)(random)));
      process.kill();
      std::istringstream lines(process.output());
      std::size_t before = acknowledged.size();
      for (std::string line; std::getline(lines, line);) acknowledged.push_back(std::stoi(line));
      rounds_with_faces += acknowledged.size() > before ? 1 : 0;
    }
    const auto opened = Gallery::open(options_for(path, kDimension));
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_TRUE(opened->check().value().sound());
    for (const int number : acknowledged) {
      const NewFace wanted = numbered(number);
      const auto found = opened->search(wanted.embedding).value();
      ASSERT_EQ(found.size(), 1U);
      ASSERT_EQ(found[0].name, wanted.subject) << "acknowledged and lost";
      ASSERT_NEAR(found[0].similarity.value(), 1, 1e-6F);
    }
    // Nothing is half there: a batch is one to four numbers that follow each other, and begins at its own number.
    std::int64_t faces = 0;
    const auto subjects = opened->subjects({.limit = 10'000}).value();
    for (const Subject& one : subjects) faces += one.faces;
    EXPECT_EQ(faces, static_cast<std::int64_t>(subjects.size())) << "a subject without its face";
  }
  EXPECT_GE(rounds_with_faces, 16);
}

TEST(RepeatingAKilledEnrolment, AddsOnlyWhatWasMissing) {
  const Folder folder;
  const std::filesystem::path path = folder / "g";
  {
    Beside process([&](int to_parent, int) { (void)enrol_and_tell(path, 0, 100'000, to_parent); });
    ASSERT_TRUE(process.wait_for_output());
    process.kill();
  }
  ASSERT_EQ(in_another_process([&] { return enrol_and_tell(path, 0, 200, -1); }), "");
  const auto gallery = Gallery::open({.path = path});
  ASSERT_TRUE(gallery);
  const auto subjects = gallery->subjects({.limit = 10'000}).value();
  EXPECT_GE(subjects.size(), 200U);
  for (const Subject& one : subjects) EXPECT_EQ(one.faces, 1) << one.name;
}

TEST(AnotherProcess, IsSeenAfterRefresh) {
  const Folder folder;
  const std::filesystem::path path = folder / "g";
  // Forked before the gallery is open here: an open SQLite file must not be carried into a child.
  Beside writer([&](int to_parent, int from_parent) {
    char ignored;
    if (::read(from_parent, &ignored, 1) != 0) return;
    std::string wrong = enrol_and_tell(path, 10, 10, -1);
    Result<Gallery> gallery = Gallery::open(options_for(path, kDimension));
    if (!gallery) return;
    const auto id = [&](const char* name) { return gallery->find_subject(name).value().value().id; };
    if (!gallery->remove(id("S0")) || !gallery->rename(id("S1"), "Renamed", IfNameTaken::refuse) ||
        !gallery->rename(id("S2"), "S3", IfNameTaken::merge))
      wrong = "a change failed";
    if (wrong.empty()) wrong = "fine";
    (void)!::write(to_parent, wrong.data(), wrong.size());
  });
  Result<Gallery> opened = Gallery::open(options_for(path, kDimension));
  ASSERT_TRUE(opened);
  Gallery& gallery = *opened;
  std::vector<NewFace> faces;
  for (int i = 0; i < 5; ++i) faces.push_back(numbered(i));
  ASSERT_TRUE(gallery.enrol(faces));
  EXPECT_FALSE(gallery.refresh().value()) << "own changes are no news";
  writer.go();
  ASSERT_EQ(writer.output(), "fine");
  EXPECT_EQ(gallery.info().faces, 5) << "memory is as it was until refresh";
  EXPECT_TRUE(gallery.refresh().value());
  EXPECT_FALSE(gallery.refresh().value());
  EXPECT_EQ(gallery.info().faces, 14);
  EXPECT_EQ(gallery.info().subjects, 13);
  EXPECT_EQ(gallery.search(numbered(12).embedding)->front().name, "S12");
  EXPECT_EQ(gallery.search(numbered(1).embedding)->front().name, "Renamed");
  EXPECT_EQ(gallery.search(numbered(2).embedding)->front().name, "S3");
  EXPECT_LT(gallery.search(numbered(0).embedding)->front().similarity.value(), 0.99F) << "S0 was removed";
}

TEST(TwoWriters, NeverLoseOrDoubleAFace) {
  const Folder folder;
  const std::filesystem::path path = folder / "g";
  std::vector<std::unique_ptr<Beside>> writers;
  for (int w = 0; w < 4; ++w)
    writers.push_back(std::make_unique<Beside>([&path, w](int to_parent, int) {
      // All of them make the gallery at the same moment, and overlap by half of their faces.
      std::string said = enrol_and_tell(path, w * 40, 80, -1);
      if (said.empty()) said = "fine";
      (void)!::write(to_parent, said.data(), said.size());
    }));
  for (const auto& writer : writers) EXPECT_EQ(writer->output(), "fine");
  const auto gallery = Gallery::open({.path = path});
  ASSERT_TRUE(gallery) << gallery.error().message;
  EXPECT_TRUE(gallery->check().value().sound());
  EXPECT_EQ(gallery->info().faces, 200);
  EXPECT_EQ(gallery->info().subjects, 200);
}

TEST(LockedGallery, IsAnErrorThatNamesTheWait) {
  const Folder folder;
  const std::filesystem::path path = folder / "g";
  GalleryOptions options = options_for(path, kDimension);
  options.busy_wait = std::chrono::milliseconds(200);
  Result<Gallery> gallery = Gallery::open(options);
  ASSERT_TRUE(gallery);
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const NewFace one = numbered(1);
  const auto refused = gallery->enrol({&one, 1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(),
            (Error{ErrorCode::resource_limit, path.string() + ": locked by another process for longer than 0.2 s"}));
  EXPECT_TRUE(gallery->subjects()) << "readers are not stopped";
  sqlite3_close(other);
  EXPECT_TRUE(gallery->enrol({&one, 1}));
}

TEST(FullDisk, KeepsTheGalleryWholeAndSaysSo) {
  const Folder folder;
  const std::filesystem::path path = folder / "g";
  GalleryOptions options = options_for(path, 2048);
  options.max_bytes = 400'000;
  Result<Gallery> gallery = Gallery::open(options);
  ASSERT_TRUE(gallery);
  std::mt19937 random(1);
  std::int64_t kept = 0;
  Result<std::vector<EnrolOutcome>> last = std::vector<EnrolOutcome>();
  while (kept < 1000) {
    const NewFace one = face("S" + std::to_string(kept), random_embedding(random, 2048));
    last = gallery->enrol({&one, 1});
    if (!last) break;
    ++kept;
  }
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, ErrorCode::resource_limit);
  EXPECT_THAT(last.error().message, HasSubstr("disk full"));
  EXPECT_GT(kept, 10);
  EXPECT_EQ(gallery->info().faces, kept);
  EXPECT_TRUE(gallery->check().value().sound());
  EXPECT_EQ(gallery->subjects({.limit = 10'000})->size(), static_cast<std::size_t>(kept));
}

TEST(FileSizeLimit, KeepsTheGalleryWholeAndSaysSo) {
  const Folder folder;
  const std::filesystem::path path = folder / "g";
  const std::string said = in_another_process([&]() -> std::string {
    Result<Gallery> gallery = Gallery::open(options_for(path, 2048));
    if (!gallery) return describe(gallery.error());
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit little{200'000, RLIM_INFINITY};
    if (setrlimit(RLIMIT_FSIZE, &little) != 0) return "no limit could be set";
    std::mt19937 random(1);
    std::int64_t kept = 0;
    for (; kept < 1000; ++kept) {
      const NewFace one = face("S" + std::to_string(kept), random_embedding(random, 2048));
      const auto done = gallery->enrol({&one, 1});
      if (done) continue;
      if (done.error().code != ErrorCode::resource_limit) return describe(done.error());
      break;
    }
    if (kept == 1000) return "no limit was met";
    if (gallery->info().faces != kept) return "memory and file differ";
    const rlimit plenty{RLIM_INFINITY, RLIM_INFINITY};
    if (setrlimit(RLIMIT_FSIZE, &plenty) != 0) return "the limit could not be lifted";
    const NewFace after = face("After", random_embedding(random, 2048));
    if (const auto done = gallery->enrol({&after, 1}); !done) return describe(done.error());
    if (!gallery->check().value().sound()) return "not sound";
    return gallery->info().faces == kept + 1 ? "" : "a face is missing";
  });
  EXPECT_EQ(said, "");
  const auto gallery = Gallery::open({.path = path});
  ASSERT_TRUE(gallery);
  EXPECT_TRUE(gallery->check().value().sound());
}

TEST(ReadOnlyPlace, CanBeSearchedButNotChanged) {
  const Folder folder;
  const std::filesystem::path path = folder / "g";
  {
    auto gallery = Gallery::open(options_for(path, kDimension));
    ASSERT_TRUE(gallery);
    const NewFace one = numbered(1);
    ASSERT_TRUE(gallery->enrol({&one, 1}));
  }
  const auto refused_for = [&](const Result<Gallery>& tried) -> std::string {
    if (tried) return "opened";
    if (tried.error().code != ErrorCode::resource_limit) return describe(tried.error());
    if (tried.error().message.find(path.parent_path().string()) == std::string::npos)
      return "path not named in: " + tried.error().message;
    return {};
  };
  ASSERT_EQ(chmod(path.c_str(), 0444), 0);
  for (const mode_t folder_mode : {0555U, 0777U}) {
    ASSERT_EQ(chmod(folder.path().c_str(), folder_mode), 0);
    EXPECT_EQ(as_ordinary_user([&]() -> std::string {
                const auto gallery = Gallery::open({.path = path});
                if (!gallery) return describe(gallery.error());
                if (gallery->info().frozen != (folder_mode == 0555U)) return "frozen is told wrong";
                if (!gallery->check() || !gallery->check()->sound()) return "not sound";
                return gallery->search(numbered(1).embedding)->front().name == "S1" ? "" : "not found";
              }),
              "");
    EXPECT_EQ(as_ordinary_user([&] {
                GalleryOptions options = options_for(path, kDimension);
                return refused_for(Gallery::open(options));
              }),
              "");
  }
  ASSERT_EQ(chmod(folder.path().c_str(), 0555), 0);
  EXPECT_EQ(as_ordinary_user([&] { return refused_for(Gallery::open(options_for(folder / "new", kDimension))); }), "");
  ASSERT_EQ(chmod(path.c_str(), 0000), 0);
  EXPECT_EQ(as_ordinary_user([&] { return refused_for(Gallery::open({.path = path})); }), "");
  ASSERT_EQ(chmod(folder.path().c_str(), 0755), 0);
}

TEST(ReadOnlyAccess, LeavesNothingBehindAndChangesNothing) {
  const Folder folder;
  { ASSERT_TRUE(Gallery::open(options_for(folder / "g", kDimension))); }
  {
    auto gallery = Gallery::open({.path = folder / "g"});
    ASSERT_TRUE(gallery);
    const NewFace one = numbered(1);
    EXPECT_EQ(gallery->enrol({&one, 1}).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(gallery->remove(SubjectId(1)).error().message, (folder / "g").string() + ": opened for reading only");
    EXPECT_FALSE(gallery->refresh().value());
  }
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_EQ(entry.path().filename(), "g");
    ++files;
  }
  EXPECT_EQ(files, 1);
}

}  // namespace
}  // namespace vultus

#include <vultus/library/library.hpp>

#include <array>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vultus/core/test_folder.hpp>

namespace vultus::library {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr int kDimension = 4;
const LibraryModel kModel{.id = ModelId("m"), .dimension = kDimension, .preset = "default"};

using Folder = TestFolder;

PhotoFace face(int number, float first) {
  const auto bytes = std::as_bytes(std::span("jpeg", 4));
  return {.number = number,
          .box = {1.5F, -2, 30, 40},
          .detection = Score(0.5F),
          .inter_eye_px = 12.5F,
          .quality = {},
          .sharpness = 1.25F,
          .yaw = -3.0F,
          .pitch = {},
          .embedding = Embedding::normalised(kModel.id, {first, 1, 0, 0}).value(),
          .thumbnail = {bytes.begin(), bytes.end()},
          .cluster = {}};
}

Photo photo(const std::string& sha256, std::vector<PhotoFace> faces) {
  return {.sha256 = sha256, .width = 640, .height = 480, .faces = std::move(faces)};
}

PhotoFile file(const std::string& path, const std::string& sha256) {
  return {.path = path, .bytes = 1000, .modified = 77, .sha256 = sha256};
}

Library opened(const std::filesystem::path& path) { return Library::open({.path = path, .model = kModel}).value(); }

void add(Library& library, Photo one, const std::string& path) {
  const PhotoFile where = file(path, one.sha256);
  const Status added = library.add({&one, 1}, {&where, 1});
  ASSERT_TRUE(added) << added.error().message;
}

std::string run_sql(const std::filesystem::path& path, const char* sql) {
  sqlite3* handle = nullptr;
  char* message = nullptr;
  std::string wrong;
  if (sqlite3_open(path.c_str(), &handle) != SQLITE_OK || sqlite3_exec(handle, sql, nullptr, nullptr, &message) != 0)
    wrong = message == nullptr ? "cannot be opened" : message;
  sqlite3_free(message);
  sqlite3_close(handle);
  return wrong;
}

std::string refusal(const std::filesystem::path& path, const LibraryModel& model = kModel) {
  const auto library = Library::open({.path = path, .model = model});
  return library ? "opened" : std::string(name_of(library.error().code)) + ": " + library.error().message;
}

TEST(Library, GivesBackWhatItWasGiven) {
  const Folder folder;
  std::vector<Photo> photos{photo("bb", {face(1, 0), face(2, 3)}), photo("aa", {})};
  const std::vector<PhotoFile> files{file("/p/one.jpg", "bb"), file("/p/copy.jpg", "bb"),
                                     file("/p/none \xff.jpg", "aa")};
  {
    Library library = opened(folder / "l");
    ASSERT_TRUE(library.add(photos, files));
    EXPECT_GT(photos[0].faces[0].id, 0);
    const std::array clusters{std::pair(photos[0].faces[1].id, std::int64_t{9})};
    ASSERT_TRUE(library.keep_clusters(clusters, {{9, "Ada"}}, 10));
    const std::array apart{std::pair(photos[0].faces[1].id, photos[0].faces[0].id)};
    ASSERT_TRUE(library.keep_apart(apart));
    ASSERT_TRUE(library.keep_apart(apart)) << "told twice is as good as once";
  }
  const Library library = opened(folder / "l");
  const auto content = library.load();
  ASSERT_TRUE(content) << content.error().message;
  ASSERT_EQ(content->photos.size(), 2U);
  EXPECT_EQ(content->photos[0].sha256, "aa");
  EXPECT_EQ(content->photos[1].width, 640);
  ASSERT_EQ(content->photos[1].faces.size(), 2U);
  const PhotoFace& second = content->photos[1].faces[1];
  EXPECT_EQ(second.id, photos[0].faces[1].id);
  EXPECT_EQ(second.number, 2);
  EXPECT_EQ(second.box, (RectF{1.5F, -2, 30, 40}));
  EXPECT_EQ(second.inter_eye_px, 12.5F);
  EXPECT_EQ(second.quality, std::nullopt);
  EXPECT_EQ(second.sharpness, 1.25F);
  EXPECT_EQ(second.yaw, -3.0F);
  EXPECT_NEAR(similarity(second.embedding, photos[0].faces[1].embedding)->value(), 1, 1e-6);
  EXPECT_EQ(second.cluster, 9);
  EXPECT_EQ(content->photos[1].faces[0].cluster, std::nullopt);
  EXPECT_EQ(library.thumbnail(second.id).value(), photos[0].faces[1].thumbnail);
  EXPECT_TRUE(library.thumbnail(999)->empty());
  EXPECT_THAT(content->names, ElementsAre(Pair(9, "Ada")));
  EXPECT_THAT(content->apart, ElementsAre(Pair(photos[0].faces[0].id, photos[0].faces[1].id)));
  EXPECT_EQ(content->next_cluster, 10);
  EXPECT_THAT(content->files, ElementsAre(files[1], files[2], files[0]));
}

TEST(Library, APhotoLeavesWithItsLastFile) {
  const Folder folder;
  Library library = opened(folder / "l");
  add(library, photo("aa", {face(1, 0)}), "/p/1.jpg");
  add(library, photo("aa", {face(1, 0)}), "/p/copy.jpg");
  add(library, photo("bb", {face(1, 1)}), "/p/2.jpg");
  ASSERT_EQ(library.load()->photos.size(), 2U) << "a copy is the same photo";
  const std::array copy{std::string("/p/copy.jpg")};
  ASSERT_TRUE(library.forget(copy));
  EXPECT_EQ(library.load()->photos.size(), 2U);
  const std::array last{std::string("/p/1.jpg")};
  ASSERT_TRUE(library.forget(last));
  ASSERT_EQ(library.load()->photos.size(), 1U);
  EXPECT_EQ(library.load()->photos[0].sha256, "bb");
}

TEST(Library, AFileWithOtherBytesLeadsToItsNewPhoto) {
  const Folder folder;
  Library library = opened(folder / "l");
  add(library, photo("aa", {face(1, 0)}), "/p/1.jpg");
  add(library, photo("cc", {face(1, 1)}), "/p/1.jpg");
  const auto content = library.load();
  ASSERT_EQ(content->photos.size(), 1U);
  EXPECT_EQ(content->photos[0].sha256, "cc");
}

TEST(Library, NumbersOfClustersAreNeverUsedAgain) {
  const Folder folder;
  Library library = opened(folder / "l");
  ASSERT_TRUE(library.keep_clusters({}, {}, 30));
  ASSERT_TRUE(library.keep_clusters({}, {}, 12));
  EXPECT_EQ(library.load()->next_cluster, 30);
}

TEST(Library, RefusesTemplatesOfAnotherModelAndKeepsNothingOfThem) {
  const Folder folder;
  Library library = opened(folder / "l");
  Photo wrong = photo("aa", {face(1, 0)});
  wrong.faces[0].embedding = Embedding::normalised(ModelId("other"), {1, 0, 0, 0}).value();
  const PhotoFile where = file("/p/1.jpg", "aa");
  const Status added = library.add({&wrong, 1}, {&where, 1});
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(library.load()->photos.empty());
  const PhotoFile nowhere = file("/p/2.jpg", "zz");
  EXPECT_EQ(library.add({}, {&nowhere, 1}).error().code, ErrorCode::invalid_argument);
}

TEST(Library, OfAnotherModelNamesBoth) {
  const Folder folder;
  (void)opened(folder / "l");
  EXPECT_EQ(model_of_library(folder / "l").value(), kModel);
  EXPECT_EQ(model_of_library(folder / "none").value(), std::nullopt);
  const std::string said = refusal(folder / "l", {.id = ModelId("dlib"), .dimension = 128, .preset = "commercial"});
  EXPECT_THAT(said, HasSubstr("model_mismatch"));
  EXPECT_THAT(said, HasSubstr("model m with 4 values (preset default), not of model dlib with 128 values"));
  EXPECT_THAT(refusal(folder / "l", {.id = ModelId("m"), .dimension = 8, .preset = ""}), HasSubstr("model_mismatch"));
  EXPECT_THAT(refusal(folder / "new", {.id = ModelId("m"), .dimension = 0, .preset = ""}),
              HasSubstr("invalid_argument"));
}

TEST(Library, TellsForeignDamagedAndNewerFilesApart) {
  const Folder folder;
  std::ofstream(folder / "text") << std::string(5000, 'x');
  EXPECT_THAT(refusal(folder / "text"), HasSubstr("corrupt_data"));
  EXPECT_THAT(refusal(folder / "text"), HasSubstr("not a photo library"));
  ASSERT_EQ(run_sql(folder / "other", "PRAGMA application_id=77; CREATE TABLE t(x)"), "");
  EXPECT_THAT(refusal(folder / "other"), HasSubstr("application id 77"));
  EXPECT_THAT(refusal(folder / "no" / "l"), HasSubstr("not_found"));
  (void)opened(folder / "newer");
  ASSERT_EQ(run_sql(folder / "newer", "PRAGMA user_version=9"), "");
  EXPECT_THAT(refusal(folder / "newer"), HasSubstr("unsupported"));
  EXPECT_THAT(refusal(folder / "newer"), HasSubstr("9"));
}

TEST(Library, ATemplateThatIsNoneIsDamage) {
  for (const char* sql : {"UPDATE faces SET template=x'00'", "UPDATE faces SET template=zeroblob(16)"}) {
    const Folder folder;
    {
      Library library = opened(folder / "l");
      add(library, photo("aa", {face(1, 0)}), "/p/1.jpg");
    }
    ASSERT_EQ(run_sql(folder / "l", sql), "");
    const auto content = opened(folder / "l").load();
    ASSERT_FALSE(content);
    EXPECT_EQ(content.error().code, ErrorCode::corrupt_data);
    EXPECT_THAT(content.error().message, HasSubstr("face 1"));
  }
}

TEST(Library, SurvivesAKilledProcess) {
  const Folder folder;
  const std::filesystem::path path = folder / "l";
  std::array<int, 2> pipe_ends{};
  ASSERT_EQ(::pipe(pipe_ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    auto library = Library::open({.path = path, .model = kModel});
    for (int i = 0; library; ++i) {
      Photo one = photo("sha" + std::to_string(i), {face(1, static_cast<float>(i))});
      const PhotoFile where = file("/p/" + std::to_string(i), one.sha256);
      if (!library->add({&one, 1}, {&where, 1})) break;
      if (::write(pipe_ends[1], "x", 1) != 1) break;  // acknowledged
    }
    ::_exit(0);
  }
  std::array<char, 20> told{};
  std::size_t acknowledged = 0;
  while (acknowledged < told.size()) {
    const ssize_t got = ::read(pipe_ends[0], told.data(), told.size() - acknowledged);
    if (got <= 0) break;
    acknowledged += static_cast<std::size_t>(got);
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
  ASSERT_EQ(acknowledged, told.size());
  const auto content = opened(path).load();
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_GE(content->photos.size(), acknowledged);
  EXPECT_EQ(content->photos.size(), content->files.size());
  for (const Photo& one : content->photos) EXPECT_EQ(one.faces.size(), 1U);
}

}  // namespace
}  // namespace vultus::library

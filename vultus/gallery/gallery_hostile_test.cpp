// Files that are no gallery, or no longer a sound one: an error or correct data, never a crash.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/maintenance.hpp>
#include <vultus/gallery/store/row_sum.hpp>
#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/test_process.hpp>

namespace vultus {
namespace {

using gallery::testing::digest;
using gallery::testing::face;
using gallery::testing::fixed_time;
using gallery::testing::Folder;
using gallery::testing::model_of;
using gallery::testing::options_for;
using gallery::testing::random_embedding;
using gallery::testing::run_sql;
using ::testing::HasSubstr;

constexpr int kDimension = 8;

void make_gallery(const std::filesystem::path& path) {
  auto gallery = Gallery::open(options_for(path, kDimension));
  ASSERT_TRUE(gallery);
  std::mt19937 random(4);
  std::vector<NewFace> faces;
  for (int i = 0; i < 30; ++i) {
    faces.push_back(face("Subject " + std::to_string(i % 6), random_embedding(random, kDimension),
                         {.quality = Score(0.5F),
                          .source = "a.jpg",
                          .source_sha256 = digest('e'),
                          .box = RectF{static_cast<float>(i), 0, 1, 1}}));
    if (i % 7 == 0) faces.back().thumbnail = Thumbnail{ThumbnailFormat::jpeg, std::vector<std::byte>(9000)};
  }
  ASSERT_TRUE(gallery->enrol(faces));
  ASSERT_TRUE(gallery->describe(SubjectId(1), {.tags = {"a", "b"}, .notes = std::string(5000, 'n')}));
  ASSERT_TRUE(gallery->add_calibration({.at = {Cosine(0.25F), 1e-3, "planted"}, .rows = {{1e-3, Cosine(0.25F)}}}));
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(path.string() + suffix);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::string refusal(const std::filesystem::path& path) {
  const auto tried = Gallery::open({.path = path});
  return tried ? "opened" : std::string(name_of(tried.error().code)) + ": " + tried.error().message;
}

TEST(NoGallery, IsToldApart) {
  const Folder folder;
  EXPECT_EQ(refusal(folder / "missing"), "not_found: " + (folder / "missing").string() + ": no such gallery");
  EXPECT_THAT(refusal(folder.path()), HasSubstr("invalid_argument"));
  EXPECT_THAT(refusal(""), HasSubstr("invalid_argument"));
  EXPECT_THAT(refusal("/dev/null"), HasSubstr("invalid_argument"));
  EXPECT_THAT(refusal(folder / std::string(600, 'x')), HasSubstr("the limit is 500"));
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(refusal(folder / "pipe"), HasSubstr("invalid_argument"));
  std::filesystem::create_symlink(folder / "loop", folder / "loop");
  EXPECT_THAT(refusal(folder / "loop"), HasSubstr("resource_limit"));
  write_bytes(folder / "empty", "");
  EXPECT_THAT(refusal(folder / "empty"), HasSubstr("not_found"));
  write_bytes(folder / "text", std::string(5000, 'x'));
  EXPECT_THAT(refusal(folder / "text"), HasSubstr("corrupt_data"));
  EXPECT_THAT(refusal(folder / "text"), HasSubstr("not a gallery"));
  ASSERT_EQ(run_sql((folder / "other").string(), "PRAGMA application_id=77; CREATE TABLE t(x)"), "");
  EXPECT_THAT(refusal(folder / "other"), HasSubstr("corrupt_data"));
  EXPECT_THAT(refusal(folder / "other"), HasSubstr("application id 77"));
  const auto no_folder = Gallery::open(options_for(folder / "no" / "g", kDimension));
  EXPECT_EQ(no_folder.error().code, ErrorCode::not_found);
}

TEST(ForeignFile, IsNeverTurnedIntoAGallery) {
  const Folder folder;
  ASSERT_EQ(run_sql((folder / "other").string(), "CREATE TABLE t(x); INSERT INTO t VALUES('mine')"), "");
  const std::string before = bytes_of(folder / "other");
  EXPECT_EQ(Gallery::open(options_for(folder / "other", kDimension)).error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(bytes_of(folder / "other"), before);
}

TEST(NewGallery, NeedsAModelAndAValidOne) {
  const Folder folder;
  GalleryOptions options{.path = folder / "g", .access = GalleryAccess::create_or_open};
  EXPECT_EQ(Gallery::open(options).error().code, ErrorCode::invalid_argument);
  options.model = model_of(0);
  EXPECT_THAT(Gallery::open(options).error().message, HasSubstr("dimension 0, 1 to 16384 is allowed"));
  options.model = model_of(kDimension);
  options.model->sha256 = "xyz";
  EXPECT_THAT(Gallery::open(options).error().message, HasSubstr("64 lower-case hex digits"));
  options.model = model_of(kDimension);
  options.busy_wait = std::chrono::milliseconds(-1);
  EXPECT_EQ(Gallery::open(options).error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(std::filesystem::exists(folder / "g"));
}

TEST(NewerVersion, IsUnsupportedAndNamesBothVersions) {
  const Folder folder;
  make_gallery(folder / "g");
  ASSERT_EQ(run_sql((folder / "g").string(), "PRAGMA user_version=9"), "");
  EXPECT_EQ(refusal(folder / "g"),
            "unsupported: " + (folder / "g").string() + ": gallery version 9, this program knows 1 to 3");
}

TEST(ForeignSchema, IsRefused) {
  const Folder folder;
  for (const char* sql :
       {"CREATE TRIGGER t AFTER INSERT ON faces BEGIN DELETE FROM subjects; END", "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE extra(x)", "DROP TABLE calibrations", "DROP INDEX faces_of_subject"}) {
    std::filesystem::remove(folder / "g");
    make_gallery(folder / "g");
    ASSERT_EQ(run_sql((folder / "g").string(), sql), "");
    EXPECT_THAT(refusal(folder / "g"), HasSubstr("corrupt_data")) << sql;
  }
}

struct Damage {
  const char* name;
  const char* sql;
  const char* finding;
  bool opens;
};

// Without it the name of the test would hold addresses, which change from run to run.
// NOLINTNEXTLINE(readability-identifier-naming): the name googletest looks for.
void PrintTo(const Damage& damage, std::ostream* to) { *to << damage.name; }

class DamagedRows : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedRows, AreFoundByTheCheck) {
  const Folder folder;
  make_gallery(folder / "g");
  ASSERT_TRUE(check_gallery(folder / "g").value().sound());
  ASSERT_EQ(run_sql((folder / "g").string(), GetParam().sql), "");
  const auto check = check_gallery(folder / "g");
  ASSERT_TRUE(check) << check.error().message;
  EXPECT_FALSE(check->sound());
  EXPECT_THAT(check->findings, ::testing::Contains(HasSubstr(GetParam().finding)));
  if (GetParam().opens) {
    EXPECT_EQ(refusal(folder / "g"), "opened");
  } else {
    EXPECT_THAT(refusal(folder / "g"), HasSubstr("corrupt_data"));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Gallery, DamagedRows,
    ::testing::Values(Damage{"ShortTemplate", "UPDATE templates SET template=x'00' WHERE face=3",
                             "face 3 has a template of 1 bytes, the model makes 32", false},
                      Damage{"ZeroTemplate", "UPDATE templates SET template=zeroblob(32) WHERE face=3",
                             "face 3 has a template of length 0", false},
                      Damage{"NotANumber",
                             "UPDATE templates SET template="
                             "x'0000C07F00000000000000000000000000000000000000000000000000000000' WHERE face=3",
                             "face 3 has a template that is not finite", false},
                      Damage{"Infinite",
                             "UPDATE templates SET template="
                             "x'0000807F00000000000000000000000000000000000000000000000000000000' WHERE face=3",
                             "face 3 has a template that is not finite", false},
                      Damage{"OrphanFace", "UPDATE faces SET subject=99 WHERE id=3",
                             "row 3 of faces points at nothing in subjects", false},
                      Damage{"OrphanThumbnail", "INSERT INTO thumbnails VALUES(99, 'jpeg', x'00', 0)",
                             "points at nothing in faces", true},
                      Damage{"EmptyThumbnail", "UPDATE thumbnails SET bytes=x'' WHERE face=1",
                             "face 1 has a thumbnail of 0 bytes", true},
                      Damage{"OtherModel",
                             "INSERT INTO models VALUES(2,'other',8,NULL,NULL,'2026-01-02T03:04:05Z',0);"
                             "UPDATE templates SET model=2 WHERE face=3",
                             "face 3 has no template of the model that is searched", false},
                      Damage{"NoTime", "UPDATE faces SET enrolled='yesterday' WHERE id=3",
                             "face 3 has the time \"yesterday\"", false},
                      Damage{"NoTags", "UPDATE subjects SET tags='{' WHERE id=2", "tags of subject 2", false},
                      Damage{"BadName", "UPDATE subjects SET name=CAST(x'41FF' AS TEXT) WHERE id=2",
                             "subject 2: subject name is not", false}),
    [](const auto& damage) { return std::string(damage.param.name); });

TEST(Identity, MustBeThere) {
  const Folder folder;
  for (const char* sql : {"DELETE FROM meta WHERE key='model'", "UPDATE meta SET value='7' WHERE key='model'",
                          "UPDATE meta SET value='soon' WHERE key='created'", "UPDATE models SET name=''"}) {
    std::filesystem::remove(folder / "g");
    make_gallery(folder / "g");
    ASSERT_EQ(run_sql((folder / "g").string(), sql), "");
    EXPECT_THAT(refusal(folder / "g"), HasSubstr("corrupt_data")) << sql;
  }
  std::filesystem::remove(folder / "g");
  make_gallery(folder / "g");
  const std::string sum = std::to_string(gallery::sum_of_meta("encryption", "xchacha20"));
  ASSERT_EQ(
      run_sql((folder / "g").string(), "UPDATE meta SET value='xchacha20', sum=" + sum + " WHERE key='encryption'"),
      "");
  EXPECT_THAT(refusal(folder / "g"), HasSubstr("unsupported"));
  ASSERT_EQ(run_sql((folder / "g").string(), "UPDATE meta SET value='none' WHERE key='encryption'"), "");
  EXPECT_THAT(refusal(folder / "g"), HasSubstr("row \"encryption\" of meta is not as it was written"));
}

std::string damaged(const std::string& sound, std::mt19937& random) {
  std::string bytes = sound;
  const auto any = [&](std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random); };
  switch (any(8)) {
    case 0: bytes.resize(any(bytes.size() + 1)); break;
    case 1: {  // one page over another
      const std::size_t pages = bytes.size() / 8192;
      bytes.replace(any(pages) * 8192, 8192, sound, any(pages) * 8192, 8192);
      break;
    }
    case 2: {
      const std::size_t at = any(bytes.size());
      std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), std::min<std::size_t>(512, bytes.size() - at), '\0');
      break;
    }
    default:
      // Most damage goes where the structure is: the first bytes of pages.
      for (std::size_t i = 0, count = 1 + any(6); i < count; ++i) {
        const std::size_t at = any(2) == 0 ? any(bytes.size()) : any(bytes.size() / 8192) * 8192 + any(160);
        bytes[at] = static_cast<char>(any(2) == 0 ? any(256) : static_cast<unsigned char>(bytes[at]) ^ (1U << any(8)));
      }
  }
  return bytes;
}

/// Everything that can be asked of a gallery.
bool use(const std::filesystem::path& path, GalleryAccess access, std::mt19937& random) {
  (void)check_gallery(path);
  Result<Gallery> opened =
      Gallery::open({.path = path, .access = access, .model = model_of(kDimension), .now = fixed_time});
  if (!opened) return false;
  bool fine = true;
  const auto found = opened->search(random_embedding(random, kDimension), {.top_k = 50});
  EXPECT_TRUE(found);
  for (const Candidate& candidate : *found) {
    EXPECT_GE(candidate.similarity.value(), -1);
    EXPECT_LE(candidate.similarity.value(), 1);
  }
  const auto subjects = opened->subjects();
  fine = fine && subjects;
  if (subjects)
    for (const Subject& subject : *subjects) {
      const auto faces = opened->faces(subject.id);
      fine = fine && faces && opened->templates(subject.id);
      if (faces)
        for (const EnrolledFace& one : *faces) fine = opened->thumbnail(one.id) && fine;
    }
  fine = opened->faces_of_source(digest('e')) && opened->calibrations() && opened->undoable() && fine;
  if (access == GalleryAccess::read_write) {
    const NewFace more = face("More", random_embedding(random, kDimension), {.source_sha256 = digest('e')});
    fine = opened->enrol({&more, 1}) && opened->remove(SubjectId(2)) && opened->remove(FaceId(1)) && fine;
    fine = opened->rename(SubjectId(3), "Subject 0", IfNameTaken::merge) && opened->refresh() && fine;
    fine = opened->not_this_person(FaceId(4), SubjectId(1)) && opened->undo() && opened->undo() && fine;
  }
  const auto check = opened->check();
  return fine && check && check->sound();
}

TEST(DamagedFile, GivesAnErrorOrDataButNeverACrash) {
  const Folder folder(Folder::On::memory);
  make_gallery(folder / "sound");
  const std::string sound = bytes_of(folder / "sound");
  ASSERT_GT(sound.size(), 8U * 8192);
  std::mt19937 random(11);
  int as_if_sound = 0, found_out = 0, saved = 0;
  for (int i = 0; i < 600; ++i) {
    write_bytes(folder / "g", damaged(sound, random));
    // What the change of the gallery before it left beside it: its log would be newer than that of this one.
    for (const char* const end : {".keys", ".index", "-wal", "-shm"})
      std::filesystem::remove(folder / (std::string("g") + end));
    if (std::filesystem::exists(folder / "sound.keys"))
      std::filesystem::copy_file(folder / "sound.keys", folder / "g.keys");
    const bool fine = use(folder / "g", i % 5 == 0 ? GalleryAccess::read_write : GalleryAccess::read_only, random);
    ++(fine ? as_if_sound : found_out);
  }
  // Whatever is saved of a damaged file is sound.
  for (int i = 0; i < 60; ++i) {
    write_bytes(folder / "g", damaged(sound, random));
    std::filesystem::remove(folder / "saved");
    if (!repair_gallery(folder / "g", folder / "saved")) continue;
    const auto check = check_gallery(folder / "saved");
    ASSERT_TRUE(check) << check.error().message;
    ASSERT_THAT(check->findings, ::testing::IsEmpty());
    ASSERT_TRUE(Gallery::open({.path = folder / "saved"}));
    ++saved;
  }
  EXPECT_GT(saved, 30);
  // Both must happen: bytes in free space harm nobody, and bytes in the structure are noticed.
  EXPECT_GT(as_if_sound, 15);
  EXPECT_GT(found_out, 150);
}

}  // namespace
}  // namespace vultus

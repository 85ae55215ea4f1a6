#include <vultus/gallery/maintenance.hpp>

#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/test_process.hpp>

namespace vultus {
namespace {

using gallery::testing::Beside;
using gallery::testing::digest;
using gallery::testing::face;
using gallery::testing::Folder;
using gallery::testing::options_for;
using gallery::testing::random_embedding;
using gallery::testing::run_sql;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kDimension = 256;
constexpr int kPeople = 40;
constexpr int kFaces = 120;
constexpr std::size_t kPage = 8192;

std::string person(int face_number) { return "Person " + std::to_string(face_number % kPeople); }

/// The template of the face with this number, the same wherever it is asked for.
Embedding truth(int face_number) {
  std::mt19937 random(static_cast<unsigned>(face_number));
  return random_embedding(random, kDimension);
}

void make_gallery(const std::filesystem::path& path) {
  auto gallery = Gallery::open(options_for(path, kDimension));
  ASSERT_TRUE(gallery);
  std::vector<NewFace> faces;
  for (int i = 1; i <= kFaces; ++i) {
    faces.push_back(face(person(i), truth(i), {.source = "photo " + std::to_string(i), .source_sha256 = digest('5')}));
    if (i % 10 == 0)
      faces.back().thumbnail = Thumbnail{ThumbnailFormat::jpeg, std::vector<std::byte>(3000, std::byte{7})};
  }
  ASSERT_TRUE(gallery->enrol(faces));
  ASSERT_TRUE(gallery->describe(SubjectId(1), {.tags = {"staff"}, .notes = "n"}));
  Calibration measured{.at = {Cosine(0.5F), 0.01, "data"}};
  measured.rows = {{0.01, Cosine(0.5F)}};
  ASSERT_TRUE(gallery->add_calibration(measured));
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// Every face that is there has the template that was enrolled under its number; counts them.
int sound_faces(const Gallery& gallery) {
  int count = 0;
  for (const Subject& subject : gallery.subjects({.limit = 1000}).value()) {
    const auto faces = gallery.faces(subject.id).value();
    const auto templates = gallery.templates(subject.id).value();
    for (std::size_t i = 0; i < faces.size(); ++i, ++count) {
      const int number = static_cast<int>(faces[i].id.number());
      EXPECT_EQ(templates[i], truth(number));
      if (!subject.name.starts_with("lost subject")) {
        EXPECT_EQ(subject.name, person(number));
      }
    }
  }
  return count;
}

TEST(Repair, OfASoundGalleryLosesNothing) {
  const Folder folder(Folder::On::memory);
  make_gallery(folder / "g");
  const auto repaired = repair_gallery(folder / "g", folder / "new");
  ASSERT_TRUE(repaired) << repaired.error().message;
  EXPECT_THAT(repaired->lost, IsEmpty());
  EXPECT_EQ(repaired->subjects, kPeople);
  EXPECT_EQ(repaired->faces, kFaces);
  const auto old = Gallery::open({.path = folder / "g"});
  auto made = Gallery::open({.path = folder / "new", .access = GalleryAccess::read_write});
  ASSERT_TRUE(old && made);
  EXPECT_THAT(made->check().value().findings, IsEmpty());
  EXPECT_EQ(made->subjects({.limit = 1000}).value(), old->subjects({.limit = 1000}).value());
  EXPECT_EQ(made->calibrations().value(), old->calibrations().value());
  EXPECT_EQ(made->info().model, old->info().model);
  EXPECT_EQ(made->thumbnail(FaceId(10)).value(), old->thumbnail(FaceId(10)).value());
  EXPECT_EQ(sound_faces(*made), kFaces);
  const NewFace more = face("More", truth(999));
  EXPECT_EQ(made->enrol({&more, 1}).value().front().face, FaceId(kFaces + 1));
}

TEST(Repair, SavesEverythingThatIsNotOnADamagedPage) {
  const Folder folder(Folder::On::memory);
  make_gallery(folder / "g");
  const std::string sound = bytes_of(folder / "g");
  const std::size_t pages = sound.size() / kPage;
  ASSERT_GT(pages, 30U);
  int saved_with_losses = 0;
  for (std::size_t page = 0; page < pages; ++page) {
    std::string damaged = sound;
    damaged.replace(page * kPage, kPage, kPage, page % 2 == 0 ? '\0' : '\x5a');
    write_bytes(folder / "damaged", damaged);
    std::filesystem::remove(folder / "new");
    const auto repaired = repair_gallery(folder / "damaged", folder / "new");
    if (!repaired) {
      // The first page, or the small table that says what the gallery is.
      EXPECT_EQ(repaired.error().code, ErrorCode::corrupt_data) << page;
      EXPECT_LT(page, 8U) << repaired.error().message;
      EXPECT_FALSE(std::filesystem::exists(folder / "new"));
      continue;
    }
    const auto made = Gallery::open({.path = folder / "new"});
    ASSERT_TRUE(made) << "page " << page << ": " << made.error().message;
    EXPECT_THAT(made->check().value().findings, IsEmpty()) << page;
    const int faces = sound_faces(*made);
    EXPECT_EQ(faces, repaired->faces);
    // 120 faces of 1 KiB: a leaf of templates holds 7, one of the small rows of faces some 50, and a page between them
    // holds the way to everything behind it.
    if (faces < kFaces) {
      EXPECT_FALSE(repaired->lost.empty()) << page;
      ++saved_with_losses;
    }
    if (faces > 0 && faces < kFaces) {
      EXPECT_GE(faces, kFaces - 60) << page;
    }
  }
  EXPECT_GT(saved_with_losses, 15);
}

TEST(Repair, LeavesOutAlteredRowsAndSaysWhich) {
  const Folder folder(Folder::On::memory);
  make_gallery(folder / "g");
  ASSERT_EQ(run_sql((folder / "g").string(),
                    "UPDATE subjects SET notes='forged' WHERE id=1;"
                    "UPDATE faces SET subject=2 WHERE id=5;"
                    "UPDATE templates SET template=zeroblob(1024) WHERE face=7;"
                    "UPDATE thumbnails SET bytes=X'00' WHERE face=10;"
                    "UPDATE calibrations SET threshold=0"),
            "");
  const auto repaired = repair_gallery(folder / "g", folder / "new");
  ASSERT_TRUE(repaired) << repaired.error().message;
  EXPECT_EQ(repaired->faces, kFaces - 2);
  EXPECT_THAT(repaired->lost, Contains(HasSubstr("subject 1 is not as it was written")));
  EXPECT_THAT(repaired->lost, Contains(HasSubstr("now \"lost subject 1\"")));
  EXPECT_THAT(repaired->lost, Contains(HasSubstr("face 5 is not as it was written")));
  EXPECT_THAT(repaired->lost, Contains("face 7 (photo 7): its template is lost"));
  EXPECT_THAT(repaired->lost, Contains(HasSubstr("thumbnail of face 10")));
  EXPECT_THAT(repaired->lost, Contains(HasSubstr("calibration")));
  const auto made = Gallery::open({.path = folder / "new"});
  ASSERT_TRUE(made);
  EXPECT_THAT(made->check().value().findings, IsEmpty());
  EXPECT_EQ(made->subject(SubjectId(1)).value().details, SubjectDetails());
  EXPECT_TRUE(made->calibrations().value().empty());
  EXPECT_EQ(sound_faces(*made), kFaces - 2);
}

TEST(Repair, TouchesNeitherWhatIsThereNorWhatIsNoGallery) {
  const Folder folder(Folder::On::memory);
  make_gallery(folder / "g");
  write_bytes(folder / "there", "mine");
  EXPECT_EQ(repair_gallery(folder / "g", folder / "there").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(bytes_of(folder / "there"), "mine");
  EXPECT_EQ(repair_gallery(folder / "there", folder / "new").error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(repair_gallery(folder / "nothing", folder / "new").error().code, ErrorCode::not_found);
  EXPECT_FALSE(std::filesystem::exists(folder / "new"));
}

TEST(Backup, IsTheGalleryAsItWas) {
  const Folder folder(Folder::On::memory);
  make_gallery(folder / "g");
  auto open = Gallery::open({.path = folder / "g", .access = GalleryAccess::read_write});
  ASSERT_TRUE(open);
  const NewFace late = face("Late", truth(777));  // lies in the log only
  ASSERT_TRUE(open->enrol({&late, 1}));
  const Status copied = backup_gallery(folder / "g", folder / "copy");
  ASSERT_TRUE(copied) << copied.error().message;
  ASSERT_TRUE(open->remove(open->find_subject("Late").value().value().id)) << "the copy is another file";
  const auto restored = Gallery::open({.path = folder / "copy"});
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_THAT(restored->check().value().findings, IsEmpty());
  EXPECT_EQ(restored->info().faces, kFaces + 1);
  EXPECT_EQ(restored->search(truth(777)).value().front().name, "Late");
  EXPECT_EQ(restored->calibrations().value(), open->calibrations().value());
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    EXPECT_THAT(entry.path().filename().string(), ::testing::Not(HasSubstr("part")));
}

TEST(Backup, NeverTouchesWhatIsThereAndLeavesNothingWhenStopped) {
  const Folder folder(Folder::On::memory);
  make_gallery(folder / "g");
  write_bytes(folder / "there", "mine");
  EXPECT_EQ(backup_gallery(folder / "g", folder / "there").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(bytes_of(folder / "there"), "mine");
  EXPECT_EQ(backup_gallery(folder / "nothing", folder / "copy").error().code, ErrorCode::not_found);
  EXPECT_EQ(backup_gallery(folder / "g", folder / "none" / "copy").error().code, ErrorCode::not_found);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(backup_gallery(folder / "g", folder / "copy", stop.get_token()).error().code, ErrorCode::cancelled);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    files += entry.path().filename().string().find("copy") != std::string::npos ? 1 : 0;
  EXPECT_EQ(files, 0);
}

TEST(Backup, HoldsEverythingThatWasAcknowledgedBeforeWhileAnotherProcessWrites) {
  const Folder folder(Folder::On::memory);
  make_gallery(folder / "g");
  Beside writer([&](int to_parent, int) {
    auto gallery = Gallery::open(options_for(folder / "g", kDimension));
    if (!gallery) return;
    for (int i = 1000; i < 100'000; ++i) {
      const NewFace one = face(person(i), truth(i));
      if (!gallery->enrol({&one, 1}) || ::write(to_parent, "x", 1) != 1) return;
    }
  });
  ASSERT_TRUE(writer.wait_for_output());
  for (int round = 0; round < 5; ++round) {
    const std::filesystem::path copy = folder / ("copy " + std::to_string(round));
    std::int64_t before = 0;
    {
      const auto now = Gallery::open({.path = folder / "g"});
      ASSERT_TRUE(now);
      before = now->info().faces;
    }
    const Status copied = backup_gallery(folder / "g", copy);
    ASSERT_TRUE(copied) << copied.error().message;
    const auto restored = Gallery::open({.path = copy});
    ASSERT_TRUE(restored) << restored.error().message;
    EXPECT_THAT(restored->check().value().findings, IsEmpty());
    EXPECT_GE(restored->info().faces, before);
  }
  writer.kill();
}

}  // namespace
}  // namespace vultus

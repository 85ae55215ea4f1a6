// Bytes that were altered behind the gallery's back, where SQLite itself sees nothing wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/test_process.hpp>

namespace vultus {
namespace {

using gallery::testing::digest;
using gallery::testing::embedding;
using gallery::testing::face;
using gallery::testing::Folder;
using gallery::testing::options_for;
using gallery::testing::run_sql;
using ::testing::Contains;
using ::testing::HasSubstr;

void make_gallery(const std::filesystem::path& path) {
  auto gallery = Gallery::open(options_for(path, 2));
  ASSERT_TRUE(gallery);
  NewFace ada = face("Ada", embedding({3, 4}),
                     {.quality = Score(0.5F),
                      .inter_eye_px = 40.0F,
                      .detection = Score(0.5F),
                      .source = "a.jpg",
                      .source_sha256 = digest('1'),
                      .box = RectF{1, 2, 3, 4},
                      .retain_until = UtcTime(std::chrono::seconds(2'000'000'000))});
  ada.thumbnail = Thumbnail{ThumbnailFormat::jpeg, {std::byte{1}, std::byte{2}}};
  const std::vector<NewFace> faces{ada, face("Bea", embedding({1, 0}))};
  ASSERT_TRUE(gallery->enrol(faces));
  ASSERT_TRUE(gallery->describe(SubjectId(1), {.external_id = "x",
                                               .tags = {"t"},
                                               .consent = "c",
                                               .purpose = "p",
                                               .retain_until = UtcTime(std::chrono::seconds(2'000'000'000)),
                                               .notes = "n"}));
  Calibration measured{.at = {Cosine(0.5F), 0.01, "data"}};
  measured.rows = {{0.01, Cosine(0.5F)}};
  ASSERT_TRUE(gallery->add_calibration(measured));
}

struct Altered {
  const char* name;
  const char* sql;
  const char* finding;
};

// NOLINTNEXTLINE(readability-identifier-naming): the name googletest looks for.
void PrintTo(const Altered& altered, std::ostream* to) { *to << altered.name; }

class AlteredBytes : public ::testing::TestWithParam<Altered> {};

TEST_P(AlteredBytes, AreFoundByTheCheck) {
  const Folder folder;
  make_gallery(folder / "g");
  ASSERT_THAT(check_gallery(folder / "g").value().findings, ::testing::IsEmpty());
  ASSERT_EQ(run_sql((folder / "g").string(), GetParam().sql), "");
  const auto check = check_gallery(folder / "g");
  ASSERT_TRUE(check) << check.error().message;
  EXPECT_THAT(check->findings, Contains(HasSubstr(std::string(GetParam().finding) + " is not as it was written")));
}

INSTANTIATE_TEST_SUITE_P(
    Gallery, AlteredBytes,
    ::testing::Values(
        Altered{"Name", "UPDATE subjects SET name='Eve', name_key='Eve' WHERE id=1", "subject 1"},
        Altered{"Created", "UPDATE subjects SET created='2026-01-02T03:04:06Z' WHERE id=1", "subject 1"},
        Altered{"ExternalId", "UPDATE subjects SET external_id='y' WHERE id=1", "subject 1"},
        Altered{"Tags", "UPDATE subjects SET tags='[\"u\"]' WHERE id=1", "subject 1"},
        Altered{"Consent", "UPDATE subjects SET consent='d' WHERE id=1", "subject 1"},
        Altered{"Purpose", "UPDATE subjects SET purpose=NULL WHERE id=1", "subject 1"},
        Altered{"SubjectExpiry", "UPDATE subjects SET retain_until='2099-01-01T00:00:00Z' WHERE id=1", "subject 1"},
        Altered{"Notes", "UPDATE subjects SET notes='o' WHERE id=1", "subject 1"},
        Altered{"SubjectNumber", "UPDATE subjects SET changed=99 WHERE id=1", "subject 1"},
        Altered{"Owner", "UPDATE faces SET subject=2 WHERE id=1", "face 1"},
        Altered{"Enrolled", "UPDATE faces SET enrolled='2026-01-02T03:04:06Z' WHERE id=1", "face 1"},
        Altered{"Expiry", "UPDATE faces SET retain_until=NULL WHERE id=1", "face 1"},
        Altered{"Quality", "UPDATE faces SET quality=0.75 WHERE id=1", "face 1"},
        Altered{"Eyes", "UPDATE faces SET inter_eye_px=41 WHERE id=1", "face 1"},
        Altered{"Detection", "UPDATE faces SET detection=0.75 WHERE id=1", "face 1"},
        Altered{"Source", "UPDATE faces SET source='b.jpg' WHERE id=1", "face 1"},
        Altered{"SourceHash", "UPDATE faces SET source_sha256=NULL WHERE id=1", "face 1"},
        Altered{"SourceKey", "UPDATE faces SET source_key=NULL WHERE id=1", "face 1"},
        Altered{"Box", "UPDATE faces SET box_height=5 WHERE id=1", "face 1"},
        Altered{"FaceNumber", "UPDATE faces SET changed=99 WHERE id=1", "face 1"},
        // (4, 3) / 5: a sound template, but of another face.
        Altered{"Template", "UPDATE templates SET template=X'CDCC4C3F9A99193F' WHERE face=1", "the template of face 1"},
        Altered{"TemplateOwner", "DELETE FROM templates WHERE face=2; UPDATE templates SET face=2 WHERE face=1",
                "the template of face 2"},
        Altered{"Thumbnail", "UPDATE thumbnails SET bytes=X'0103' WHERE face=1", "the thumbnail of face 1"},
        Altered{"ThumbnailFormat", "UPDATE thumbnails SET format='encrypted'", "the thumbnail of face 1"},
        Altered{"Model", "UPDATE models SET sha256=NULL", "model \"planted\""},
        Altered{"Meta", "UPDATE meta SET value='2027-01-01T00:00:00Z' WHERE key='created'", "row \"created\" of meta"},
        Altered{"Threshold", "UPDATE calibrations SET threshold=0.25", "the calibration made at 2026-01-02T03:04:05Z"},
        Altered{"ThresholdRow", "UPDATE calibration_rows SET threshold=0.25",
                "the calibration made at 2026-01-02T03:04:05Z"}),
    [](const auto& altered) { return std::string(altered.param.name); });

TEST(AlteredRow, IsRefusedWhereItIsRead) {
  const Folder folder;
  make_gallery(folder / "g");
  ASSERT_EQ(run_sql((folder / "g").string(), "UPDATE thumbnails SET bytes=X'0103' WHERE face=1"), "");
  const auto gallery = Gallery::open({.path = folder / "g"});
  ASSERT_TRUE(gallery);
  EXPECT_EQ(gallery->thumbnail(FaceId(1)).error().code, ErrorCode::corrupt_data);
  ASSERT_EQ(run_sql((folder / "g").string(), "UPDATE faces SET subject=2 WHERE id=1"), "");
  EXPECT_EQ(gallery->faces(SubjectId(2)).error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(Gallery::open({.path = folder / "g"}).error().message,
            (folder / "g").string() + ": damaged gallery: face 1 is not as it was written: its checksum does not fit");
}

TEST(ChangesByOthers, AreTakenInWithoutReadingAnythingElse) {
  const Folder folder;
  make_gallery(folder / "g");
  auto gallery = Gallery::open({.path = folder / "g"});
  auto writer = Gallery::open({.path = folder / "g", .access = GalleryAccess::read_write});
  ASSERT_TRUE(gallery && writer);
  // What has not changed is damaged: whoever read it again would say so.
  ASSERT_EQ(run_sql((folder / "g").string(),
                    "UPDATE subjects SET notes='o' WHERE id=1; UPDATE faces SET quality=1 "
                    "WHERE id=1; UPDATE templates SET template=X'00' WHERE face=1"),
            "");
  const NewFace more = face("Cleo", embedding({0, 1}));
  ASSERT_TRUE(writer->enrol({&more, 1}));
  const auto changed = gallery->refresh();
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_TRUE(*changed);
  EXPECT_EQ(gallery->search(embedding({0, 1})).value().front().name, "Cleo");
}

}  // namespace
}  // namespace vultus

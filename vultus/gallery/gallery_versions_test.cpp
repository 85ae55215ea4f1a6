// Galleries of older versions are brought up to date with everything that is in them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/test_old_galleries.hpp>
#include <vultus/gallery/test_process.hpp>

namespace vultus {
namespace {

using gallery::testing::as_ordinary_user;
using gallery::testing::digest;
using gallery::testing::embedding;
using gallery::testing::face;
using gallery::testing::fixed_time;
using gallery::testing::Folder;
using gallery::testing::make_old_gallery;
using gallery::testing::model_of;
using gallery::testing::options_for;
using gallery::testing::run_sql;
using ::testing::HasSubstr;

class OldGallery : public ::testing::TestWithParam<int> {};

// Expected values are those that the program of version 2 was given, not what it or this one reads.
TEST_P(OldGallery, OpensForReadingWithEverythingInIt) {
  const Folder folder;
  make_old_gallery(folder / "g", GetParam());
  const auto gallery = Gallery::open({.path = folder / "g"});
  ASSERT_TRUE(gallery) << gallery.error().message;
  EXPECT_EQ(gallery->info().version, 3);
  EXPECT_EQ(gallery->info().model, model_of(2));
  EXPECT_EQ(gallery->info().created, fixed_time());
  const auto subjects = gallery->subjects().value();
  ASSERT_EQ(subjects.size(), 2U);
  EXPECT_EQ(subjects[0], (Subject{.id = SubjectId(1),
                                  .name = "Ada",
                                  .created = fixed_time(),
                                  .faces = 1,
                                  .details = {.external_id = "crm-7",
                                              .tags = {"staff", "Zoë"},
                                              .consent = "form 12",
                                              .purpose = "door",
                                              .retain_until = UtcTime(std::chrono::seconds(1'900'000'000)),
                                              .notes = "line\nline"}}));
  EXPECT_EQ(subjects[1],
            (Subject{.id = SubjectId(2), .name = "Bea", .created = fixed_time(), .faces = 2, .details = {}}));
  const auto faces = gallery->faces(SubjectId(1)).value();
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_EQ(faces[0], (EnrolledFace{.id = FaceId(1),
                                    .subject = SubjectId(1),
                                    .enrolled = fixed_time(),
                                    .details = {.quality = Score(0.5F),
                                                .inter_eye_px = 41.25F,
                                                .detection = Score(0.75F),
                                                .source = "a 1.jpg",
                                                .source_sha256 = digest('1'),
                                                .box = RectF{10.5F, 20, 100, 0},
                                                .retain_until = UtcTime(std::chrono::seconds(2'000'000'000))},
                                    .thumbnail = ThumbnailFormat::jpeg}));
  EXPECT_EQ(gallery->thumbnail(FaceId(1)).value(),
            (Thumbnail{ThumbnailFormat::jpeg, {std::byte{0xFF}, std::byte{0}, std::byte{0xD8}}}));
  EXPECT_EQ(gallery->templates(SubjectId(1)).value().front(), embedding({3, 4}));
  EXPECT_EQ(gallery->search(embedding({0, 1})).value().front().face, FaceId(3));
  EXPECT_EQ(gallery->faces_of_source(digest('2')).value().front().id, FaceId(3));
  const std::vector<Calibration> kept = gallery->calibrations().value();
  ASSERT_EQ(kept.size(), 1U);
  Calibration wanted{
      .at = {Cosine(0.5F), 1e-3, "of version " + std::to_string(GetParam())}, .subjects = 2, .made = fixed_time()};
  if (GetParam() == 2) {
    wanted.fmr_low = 0.0005;
    wanted.fmr_high = 0.002;
    wanted.logistic = LogisticCurve{9, -3, 0.5};
    wanted.rows = {{1e-2, Cosine(0.4F)}, {1e-4, Cosine(0.6F)}};
  }
  EXPECT_EQ(kept[0], wanted);
  EXPECT_THAT(check_gallery(folder / "g").value().findings, ::testing::IsEmpty());
}

TEST_P(OldGallery, GoesOnAsOneOfThisVersion) {
  const Folder folder;
  make_old_gallery(folder / "g", GetParam());
  auto gallery = Gallery::open({.path = folder / "g", .access = GalleryAccess::read_write, .now = fixed_time});
  ASSERT_TRUE(gallery) << gallery.error().message;
  const std::vector<NewFace> more{face("Bea", embedding({0, 1}), {.source_sha256 = digest('2')}),
                                  face("Cleo", embedding({-1, 0}))};
  const auto outcomes = gallery->enrol(more);
  ASSERT_TRUE(outcomes) << outcomes.error().message;
  EXPECT_EQ(outcomes->at(0), (EnrolOutcome{FaceId(3), SubjectId(2), true})) << "it knows what was enrolled before";
  EXPECT_EQ(outcomes->at(1), (EnrolOutcome{FaceId(5), SubjectId(4), false})) << "ids of what was removed stay unused";
  ASSERT_TRUE(gallery->add_calibration({.at = {Cosine(0.5F), 0.01, "new"}}));
  EXPECT_EQ(gallery->calibrations().value().size(), 2U);
  ASSERT_TRUE(gallery->remove(SubjectId(1)));
  EXPECT_THAT(gallery->check().value().findings, ::testing::IsEmpty());
}

TEST_P(OldGallery, ThatMayNotBeWrittenSaysWhatToDo) {
  const Folder folder;
  make_old_gallery(folder / "g", GetParam());
  const auto mode = [](const std::filesystem::path& path, unsigned bits) {
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(bits));
  };
  mode(folder / "g", 0444);
  mode(folder.path(), 0555);
  const std::string refused = as_ordinary_user([&]() -> std::string {
    const auto gallery = Gallery::open({.path = folder / "g"});
    return gallery ? "opened" : std::string(name_of(gallery.error().code)) + ": " + gallery.error().message;
  });
  mode(folder.path(), 0755);
  EXPECT_THAT(refused, ::testing::StartsWith("unsupported: "));
  EXPECT_THAT(refused, HasSubstr("gallery version " + std::to_string(GetParam()) +
                                 ", this program knows 1 to 3; open it once for writing"));
}

TEST_P(OldGallery, WithRowsThatPointAtNothingIsDamagedAndStaysAsItIs) {
  const Folder folder;
  make_old_gallery(folder / "g", GetParam());
  ASSERT_EQ(run_sql((folder / "g").string(), "UPDATE faces SET subject=99 WHERE id=3"), "");
  const auto refused = Gallery::open({.path = folder / "g", .access = GalleryAccess::read_write});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(refused.error().message,
              HasSubstr("cannot be brought up to date from version " + std::to_string(GetParam())));
  EXPECT_EQ(run_sql((folder / "g").string(), "SELECT template FROM faces"), "") << "still the old table";
}

INSTANTIATE_TEST_SUITE_P(Versions, OldGallery, ::testing::Values(1, 2),
                         [](const auto& version) { return "Version" + std::to_string(version.param); });

}  // namespace
}  // namespace vultus

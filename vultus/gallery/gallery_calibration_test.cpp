// What a gallery keeps of its calibrations, and galleries of the version before they held so much.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/test_process.hpp>

namespace vultus {
namespace {

using gallery::testing::as_ordinary_user;
using gallery::testing::digest;
using gallery::testing::embedding;
using gallery::testing::face;
using gallery::testing::fixed_time;
using gallery::testing::Folder;
using gallery::testing::options_for;
using gallery::testing::run_sql;
using ::testing::HasSubstr;

Calibration whole() {
  return {.at = {Cosine(0.375F), 1e-4, "planted"},
          .target = 1.5e-4,
          .fmr_low = 5e-5,
          .fmr_high = 2e-4,
          .fnmr = 0.0625,
          .fpir = 0.25,
          .impostor_pairs = 123456,
          .mated_pairs = 789,
          .logistic = LogisticCurve{20.5, -7.25, 0.25},
          .search_logistic = LogisticCurve{40.5, -27.25, 0.001},
          .ece = 0.0078125,
          .data_sha256 = digest('c'),
          .rows = {{1e-2, Cosine(0.25F)}, {1e-3, Cosine(0.3125F)}, {1.5e-4, Cosine(0.375F)}}};
}

void make_with_ada(const std::filesystem::path& path) {
  auto gallery = Gallery::open(options_for(path, 2));
  ASSERT_TRUE(gallery) << gallery.error().message;
  const std::vector faces{face("Ada", embedding({1, 0}))};
  ASSERT_TRUE(gallery->enrol(faces));
}

TEST(Calibration, IsKeptWithTheSizeOfTheGallery) {
  const Folder folder;
  make_with_ada(folder / "g");
  const OperatingPoint point{Cosine(0.375F), 1e-4, "planted"};
  {
    auto gallery = Gallery::open(options_for(folder / "g", 2));
    ASSERT_TRUE(gallery);
    ASSERT_TRUE(gallery->add_calibration({.at = point}));
    ASSERT_TRUE(gallery->add_calibration(whole()));
  }
  const auto kept = Gallery::open({.path = folder / "g"}).value().calibrations().value();
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0], (Calibration{.at = point, .subjects = 1, .made = fixed_time()}));
  Calibration wanted = whole();
  wanted.subjects = 1;
  wanted.made = fixed_time();
  EXPECT_EQ(kept[1], wanted);
}

TEST(Calibration, ValuesOutsideTheirRangeAreRefusedAndNamed) {
  const Folder folder;
  make_with_ada(folder / "g");
  auto gallery = Gallery::open(options_for(folder / "g", 2));
  ASSERT_TRUE(gallery);
  const auto refusal = [&](auto spoil) {
    Calibration one = whole();
    spoil(one);
    const Status added = gallery->add_calibration(one);
    return added ? "taken" : added.error().message;
  };
  EXPECT_THAT(refusal([](Calibration& c) { c.at.threshold = Cosine(2.0F); }), HasSubstr("threshold of 2.0"));
  EXPECT_THAT(refusal([](Calibration& c) { c.at.false_match_rate = -1; }), HasSubstr("false match rate of -1"));
  EXPECT_THAT(refusal([](Calibration& c) { c.fnmr = 1.5; }), HasSubstr("non-match rate of 1.5"));
  EXPECT_THAT(refusal([](Calibration& c) { c.fmr_low.reset(); }), HasSubstr("two ends"));
  EXPECT_THAT(refusal([](Calibration& c) { c.logistic->prior = 1; }), HasSubstr("prior"));
  EXPECT_THAT(refusal([](Calibration& c) { c.logistic->slope = std::nan(""); }), HasSubstr("not finite"));
  EXPECT_THAT(refusal([](Calibration& c) { std::swap(c.rows[0], c.rows[1]); }), HasSubstr("row 1"));
  EXPECT_THAT(refusal([](Calibration& c) { c.rows.resize(65); }), HasSubstr("the limit is 64"));
  EXPECT_TRUE(gallery->calibrations().value().empty());
}

TEST(Calibration, ValuesThatCannotHaveBeenWrittenAreDamage) {
  const Folder folder;
  for (const char* sql : {"UPDATE calibrations SET threshold=3", "UPDATE calibrations SET prior=7",
                          "UPDATE calibration_rows SET threshold=0.5", "UPDATE calibrations SET data_sha256='x'"}) {
    make_with_ada(folder / sql);
    ASSERT_TRUE(Gallery::open(options_for(folder / sql, 2)).value().add_calibration(whole()));
    ASSERT_EQ(run_sql((folder / sql).string(), sql), "");
    const auto read = Gallery::open({.path = folder / sql}).value().calibrations();
    ASSERT_FALSE(read) << sql;
    EXPECT_EQ(read.error().code, ErrorCode::corrupt_data) << sql;
  }
}

/// Takes a new gallery back to what version 1 of the format was (docs/gallery-format.md of that version): calibrations
/// had threshold, rate, source, subjects and time, and no rows.
void back_to_version_1(const std::filesystem::path& path) {
  for (const char* column :
       {"target", "fmr_low", "fmr_high", "fnmr", "fpir", "impostor_pairs", "mated_pairs", "slope", "intercept", "prior",
        "search_slope", "search_intercept", "search_prior", "ece", "data_sha256"})
    ASSERT_EQ(run_sql(path.string(), std::string("ALTER TABLE calibrations DROP COLUMN ") + column), "");
  ASSERT_EQ(run_sql(path.string(), "DROP TABLE calibration_rows"), "");
  ASSERT_EQ(run_sql(path.string(), "PRAGMA user_version=1"), "");
  ASSERT_EQ(run_sql(path.string(),
                    "INSERT INTO calibrations(model, threshold, false_match_rate, source, subjects, made) "
                    "VALUES(1, 0.5, 0.001, 'of version 1', 1, '2026-01-02T03:04:05Z')"),
            "");
}

TEST(GalleryOfVersion1, OpensForReadingWithEverythingInItAndIsBroughtUpToDate) {
  const Folder folder;
  make_with_ada(folder / "g");
  back_to_version_1(folder / "g");
  const auto gallery = Gallery::open({.path = folder / "g"});
  ASSERT_TRUE(gallery) << gallery.error().message;
  EXPECT_EQ(gallery->info().version, 2);
  EXPECT_TRUE(gallery->find_subject("Ada").value().has_value());
  const std::vector<Calibration> kept = gallery->calibrations().value();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0], (Calibration{.at = {Cosine(0.5F), 1e-3, "of version 1"}, .subjects = 1, .made = fixed_time()}));
  EXPECT_TRUE(check_gallery(folder / "g").value().sound());
}

TEST(GalleryOfVersion1, TakesANewCalibration) {
  const Folder folder;
  make_with_ada(folder / "g");
  back_to_version_1(folder / "g");
  auto gallery = Gallery::open({.path = folder / "g", .access = GalleryAccess::read_write});
  ASSERT_TRUE(gallery) << gallery.error().message;
  ASSERT_TRUE(gallery->add_calibration(whole()));
  EXPECT_EQ(gallery->calibrations().value().at(1).rows, whole().rows);
}

TEST(GalleryOfVersion1, ThatMayNotBeWrittenSaysWhatToDo) {
  const Folder folder;
  make_with_ada(folder / "g");
  back_to_version_1(folder / "g");
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
  EXPECT_THAT(refused, HasSubstr("gallery version 1, this program knows 1 to 2; open it once for writing"));
}

}  // namespace
}  // namespace vultus

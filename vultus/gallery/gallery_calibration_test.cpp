// What a gallery keeps of its calibrations.
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

}  // namespace
}  // namespace vultus

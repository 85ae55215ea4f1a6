// How a gallery is examined, and what is found beside conflicts.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/identity/search_recall.hpp>
#include <vultus/identity/test_gallery.hpp>

namespace vultus::identity {
namespace {

TEST(GalleryHealth, WhatTheOwnerHasSaidIsNotToldAgain) {
  const Folder folder;
  People made(13);
  Faces faces = people(made, 30, 4);
  std::swap(faces[1].subject, faces[6].subject);  // faces 2 and 7 of p000 and p001
  for (std::size_t f = 2; f < 4; ++f) faces[4 * 20 + f].subject = "twin";
  Gallery gallery = gallery_of(folder / "told.vgal", faces);
  const HealthReport before = examine_gallery(gallery, options()).value();
  ASSERT_EQ(of(before, HealthCode::mislabelled).size(), 2U);
  ASSERT_EQ(of(before, HealthCode::same_person).size(), 1U);
  // Face 2 stands under p001 and does not show p000; the twin's first face and the other's show two people.
  ASSERT_TRUE(gallery.not_this_person(FaceId(2), gallery.find_subject(name(0)).value()->id));
  ASSERT_TRUE(gallery.not_same_person(FaceId(81), FaceId(83)));
  const HealthReport after = examine_gallery(gallery, options()).value();
  const auto left = of(after, HealthCode::mislabelled);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].at->face, FaceId(7));
  EXPECT_TRUE(of(after, HealthCode::same_person).empty());
  EXPECT_TRUE(of(after, HealthCode::lookalikes).empty());
}

TEST(GalleryHealth, ThreadsDoNotChangeTheReport) {
  const Folder folder;
  People made(8);
  Faces faces = people(made, 100, 4);
  std::swap(faces[1].subject, faces[6].subject);
  const Gallery gallery = gallery_of(folder / "threads.vgal", faces);
  HealthOptions one = options();
  one.threads = 1;
  HealthOptions many = options();
  many.threads = 8;
  const HealthReport a = examine_gallery(gallery, one).value();
  const HealthReport b = examine_gallery(gallery, many).value();
  ASSERT_EQ(a.findings.size(), b.findings.size());
  for (std::size_t i = 0; i < a.findings.size(); ++i) {
    EXPECT_EQ(a.findings[i].text, b.findings[i].text);
    EXPECT_EQ(a.findings[i].value, b.findings[i].value);
  }
}

TEST(GalleryHealth, AStoppedRunGoesOnWhereItWas) {
  const Folder folder;
  People made(9);
  Faces faces = people(made, 400, 4);
  std::swap(faces[1].subject, faces[6].subject);
  const Gallery gallery = gallery_of(folder / "stopped.vgal", faces);
  HealthOptions wanted = options();
  wanted.threads = 1;
  const HealthReport whole = examine_gallery(gallery, wanted).value();
  wanted.state = folder / "stopped.vgal.doctor";
  std::stop_source stop;
  const auto stopped = examine_gallery(
      gallery, wanted,
      [&](std::string_view what, std::size_t done, std::size_t) {
        if (what == "compare" && done >= 600) stop.request_stop();
      },
      stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
  EXPECT_TRUE(std::filesystem::exists(wanted.state));
  const HealthReport resumed = examine_gallery(gallery, wanted).value();
  EXPECT_GE(resumed.reused, 600);
  EXPECT_LT(resumed.reused, 1600);
  EXPECT_FALSE(std::filesystem::exists(wanted.state));
  ASSERT_EQ(resumed.findings.size(), whole.findings.size());
  for (std::size_t i = 0; i < whole.findings.size(); ++i) EXPECT_EQ(resumed.findings[i].text, whole.findings[i].text);
}

TEST(GalleryHealth, PoorFacesAndOverdueRemovalsAreTold) {
  const Folder folder;
  People made(10);
  Faces faces = people(made, 3, 2);
  faces[0].details.quality = Score(0.2F);
  faces[1].details.quality = Score(0.9F);
  faces[2].details.inter_eye_px = 7.5F;
  faces[3].details.retain_until = UtcTime(std::chrono::seconds(1000));
  Gallery gallery = gallery_of(folder / "poor.vgal", faces);
  SubjectDetails details;
  details.consent = "form 12";
  details.retain_until = UtcTime(std::chrono::seconds(86'400 * 10));
  ASSERT_TRUE(gallery.describe(gallery.find_subject(name(2)).value()->id, details));
  HealthOptions wanted = options();
  wanted.now = UtcTime(std::chrono::seconds(86'400 * 12));
  const HealthReport report = examine_gallery(gallery, wanted).value();
  ASSERT_EQ(of(report, HealthCode::low_quality).size(), 1U);
  EXPECT_EQ(of(report, HealthCode::low_quality)[0].at->face, FaceId(1));
  ASSERT_EQ(of(report, HealthCode::too_small).size(), 1U);
  EXPECT_EQ(of(report, HealthCode::too_small)[0].value, 7.5);
  const auto over = of(report, HealthCode::retention_over);
  ASSERT_EQ(over.size(), 2U);
  EXPECT_EQ(over[0].at->face, FaceId(4));
  EXPECT_EQ(over[1].at->name, name(2));
  EXPECT_NEAR(over[1].value, 2, 1e-9) << "days";
  EXPECT_EQ(of(report, HealthCode::no_consent).size(), 2U);
  EXPECT_EQ(of(report, HealthCode::no_retention).size(), 2U);
  EXPECT_EQ(of(report, HealthCode::not_calibrated).size(), 1U);
}

TEST(GalleryHealth, ACalibrationGrowsStale) {
  const Folder folder;
  People made(11);
  Gallery gallery = gallery_of(folder / "stale.vgal", people(made, 10, 1));
  ASSERT_TRUE(gallery.add_calibration({.at = {Cosine(0.5F), 1e-3, "a test"}}));
  EXPECT_TRUE(of(examine_gallery(gallery, options()).value(), HealthCode::calibration_stale).empty());
  ASSERT_TRUE(gallery.enrol(
      Faces{{.subject = "new", .embedding = made.face(made.direction()), .details = {}, .thumbnail = {}}}));
  const HealthReport report = examine_gallery(gallery, options()).value();
  const auto stale = of(report, HealthCode::calibration_stale);
  ASSERT_EQ(stale.size(), 1U);
  EXPECT_EQ(stale[0].value, 11);
  EXPECT_NEAR(stale[0].limit, 11, 1e-9) << "ten people and a tenth more";
}

TEST(GalleryHealth, AnEmptyGalleryHasNothingWrong) {
  const Folder folder;
  const Gallery gallery = gallery_of(folder / "empty.vgal", {});
  const HealthReport report = examine_gallery(gallery, options()).value();
  EXPECT_TRUE(report.findings.empty());
  EXPECT_TRUE(report.recall.empty());
}

TEST(GalleryHealth, ExactSearchMissesNothing) {
  const Folder folder;
  People made(12);
  const Gallery gallery = gallery_of(folder / "recall.vgal", people(made, 60, 2));
  const HealthReport report = examine_gallery(gallery, options()).value();
  ASSERT_EQ(report.recall.size(), 3U);
  EXPECT_EQ(report.recall_probes, 50U);
  EXPECT_EQ(report.recall[1].method, SearchMethod::bytes);
  EXPECT_EQ(report.recall[0].method, SearchMethod::automatic);
  EXPECT_EQ(report.recall[0].used, SearchMethod::floats) << "120 faces";
  EXPECT_EQ(report.recall[2].used, SearchMethod::cascade);
  for (const SearchRecall& one : {report.recall[0], report.recall[1]}) {
    EXPECT_EQ(one.at_1, 1) << "so small a gallery is searched exactly";
    EXPECT_EQ(one.at_10, 1);
  }
}

TEST(AtCosine, HasTheCosineAndUnitLength) {
  const std::vector<float> to{0.6F, 0.8F, 0};
  // The noise loses its part along `to` (5 * 0.6 + 0 * 0.8 = 3): (5 - 1.8, -2.4, 1), of length sqrt(17).
  const auto made = at_cosine(to, 0.5, {5, 0, 1});
  const double across = std::sqrt(0.75) / std::sqrt(17.0);
  EXPECT_NEAR(made[0], 0.3 + 3.2 * across, 1e-6);
  EXPECT_NEAR(made[1], 0.4 - 2.4 * across, 1e-6);
  EXPECT_NEAR(made[2], across, 1e-6);
}

TEST(GalleryHealth, OptionsAreChecked) {
  const Folder folder;
  const Gallery gallery = gallery_of(folder / "options.vgal", {});
  const auto refused = [&](const HealthOptions& wanted) {
    const auto report = examine_gallery(gallery, wanted);
    return !report && report.error().code == ErrorCode::invalid_argument;
  };
  HealthOptions wrong = options();
  wrong.threads = 0;
  EXPECT_TRUE(refused(wrong));
  wrong = options();
  wrong.references = 1;
  EXPECT_TRUE(refused(wrong));
  wrong = options();
  wrong.limits.conflict = Cosine(0.4F);
  EXPECT_TRUE(refused(wrong)) << "a conflict that is no match";
  wrong = options();
  wrong.limits.attracting_q = 0;
  EXPECT_TRUE(refused(wrong));
}

}  // namespace
}  // namespace vultus::identity

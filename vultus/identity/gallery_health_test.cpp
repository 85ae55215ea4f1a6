// Faults between faces: galleries in which they were planted, and one without any.
#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/identity/test_gallery.hpp>

namespace vultus::identity {
namespace {

TEST(GalleryHealth, ACleanGalleryHasNoConflicts) {
  const Folder folder;
  People made(1);
  const Gallery gallery = gallery_of(folder / "clean.vgal", people(made, 150, 4));
  const HealthReport report = examine_gallery(gallery, options()).value();
  EXPECT_EQ(report.faces, 600);
  EXPECT_EQ(report.subjects, 150);
  // 600 * 599 / 2 pairs at 8e-9 each: 0.0014 conflicts are expected.
  EXPECT_EQ(conflicts(report), 0U);
  EXPECT_TRUE(of(report, HealthCode::attracts_false_matches).empty());
  EXPECT_NEAR(report.expected_conflicts, 600 * 0.005, 1e-9);
}

TEST(GalleryHealth, SwappedLabelsAreAllFoundAndNobodyElse) {
  const Folder folder;
  People made(2);
  Faces faces = people(made, 100, 4);
  std::set<std::pair<std::string, std::string>> planted;
  for (std::size_t p = 0; p < 40; p += 2) {
    std::swap(faces[4 * p + 1].subject, faces[4 * (p + 1) + 2].subject);
    planted.emplace(name(p + 1), name(p));
    planted.emplace(name(p), name(p + 1));
  }
  const Gallery gallery = gallery_of(folder / "swapped.vgal", faces);
  const HealthReport report = examine_gallery(gallery, options()).value();
  const auto found = of(report, HealthCode::mislabelled);
  ASSERT_EQ(found.size(), 40U);
  for (const HealthFinding& one : found) {
    EXPECT_TRUE(planted.contains({one.at->name, one.other->name})) << one.text;
    EXPECT_GT(one.value, 0.6);
    EXPECT_LT(one.own->value(), 0.5F);
    // Faces were numbered in the order of the list: those at odd places 1 and 2 of each four were swapped.
    const auto place = static_cast<std::size_t>(one.at->face->number() - 1);
    EXPECT_TRUE(place % 4 == 1 || place % 4 == 2);
    ASSERT_EQ(one.mend.size(), 2U);
    EXPECT_EQ(one.mend[0].front(), "gallery");
  }
  EXPECT_EQ(conflicts(report), 40U);
}

TEST(GalleryHealth, APersonUnderTwoNamesIsFoundOnce) {
  const Folder folder;
  People made(3);
  Faces faces = people(made, 60, 4);
  for (std::size_t p = 0; p < 10; ++p)
    for (std::size_t f = 2; f < 4; ++f) faces[4 * p + f].subject = name(p) + " again";
  const Gallery gallery = gallery_of(folder / "twice.vgal", faces);
  const HealthReport report = examine_gallery(gallery, options()).value();
  const auto found = of(report, HealthCode::same_person);
  ASSERT_EQ(found.size(), 10U);
  for (const HealthFinding& one : found) EXPECT_EQ(one.at->name + " again", one.other->name);
  EXPECT_EQ(conflicts(report), 10U);
}

TEST(GalleryHealth, TwinsAreToldAndNotTakenForOnePerson) {
  const Folder folder;
  People made(4);
  Faces faces = people(made, 60, 4);
  // Directions with a cosine of 0.78: faces of the two have about 0.78 * 0.8 = 0.62, of one of them 0.8.
  const Embedding first = unit(made.direction());
  const std::vector<float> one(first.values().begin(), first.values().end());
  const auto other = made.relative(one, 0.78F);
  for (int f = 0; f < 4; ++f) {
    faces.push_back({.subject = "Romulus", .embedding = made.face(one), .details = {}, .thumbnail = {}});
    faces.push_back({.subject = "Remus", .embedding = made.face(other), .details = {}, .thumbnail = {}});
  }
  const Gallery gallery = gallery_of(folder / "twins.vgal", faces);
  const HealthReport report = examine_gallery(gallery, options()).value();
  ASSERT_EQ(of(report, HealthCode::lookalikes).size(), 1U);
  EXPECT_EQ(of(report, HealthCode::lookalikes)[0].mend.at(0).at(1), "not");
  EXPECT_EQ(conflicts(report), 1U);
}

TEST(GalleryHealth, ACopyUnderAnotherNameIsToldAsOne) {
  const Folder folder;
  People made(5);
  Faces faces = people(made, 30, 3);
  faces.push_back({.subject = name(7), .embedding = faces[0].embedding, .details = {}, .thumbnail = {}});
  const Gallery gallery = gallery_of(folder / "copy.vgal", faces);
  const HealthReport report = examine_gallery(gallery, options()).value();
  const auto found = of(report, HealthCode::same_picture);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].at->name, name(0));
  EXPECT_EQ(found[0].at->face, FaceId(1));
  EXPECT_EQ(found[0].other->name, name(7));
  EXPECT_NEAR(found[0].value, 1, 1e-6);
}

TEST(GalleryHealth, StrangersAndTwoPeopleUnderOneNameAreFound) {
  const Folder folder;
  People made(6);
  Faces faces = people(made, 30, 4);
  faces.push_back({.subject = name(3), .embedding = made.face(made.direction()), .details = {}, .thumbnail = {}});
  const auto second = made.direction();
  for (int f = 0; f < 2; ++f)
    faces.push_back({.subject = name(5), .embedding = made.face(second), .details = {}, .thumbnail = {}});
  for (int f = 0; f < 2; ++f)
    faces.push_back({.subject = "odd", .embedding = made.face(made.direction()), .details = {}, .thumbnail = {}});
  const Gallery gallery = gallery_of(folder / "mixed.vgal", faces);
  const HealthReport report = examine_gallery(gallery, options()).value();
  EXPECT_EQ(conflicts(report), 3U);
  std::vector<HealthFinding> lonely = of(report, HealthCode::lonely);
  for (auto& one : of(report, HealthCode::closer_to_other)) lonely.push_back(one);
  ASSERT_EQ(lonely.size(), 1U);
  EXPECT_EQ(lonely[0].at->face, FaceId(121));
  const auto two = of(report, HealthCode::two_people);
  ASSERT_EQ(two.size(), 1U);
  const std::vector<std::string> split{"gallery", "split", gallery.info().path, "122,123", "--as", name(5) + " (2)"};
  EXPECT_EQ(two[0].mend, std::vector<std::vector<std::string>>{split});
  const auto odd = of(report, HealthCode::faces_disagree);
  ASSERT_EQ(odd.size(), 1U);
  EXPECT_EQ(odd[0].at->name, "odd");
}

TEST(GalleryHealth, OneWhomManyAreTakenForIsFound) {
  const Folder folder;
  People made(7);
  Faces faces = people(made, 150, 2);
  // The mean of 12 people resembles each of them: 1 / sqrt(12) = 0.29 times the length of a face's own part, 0.89.
  // So that it matches, those people share a direction of their own.
  const Embedding common = unit(made.direction());
  std::vector<float> shared(common.values().begin(), common.values().end());
  Faces crowd;
  for (std::size_t p = 0; p < 40; ++p) {
    const auto middle = made.relative(shared, 0.6F);
    for (int f = 0; f < 2; ++f)
      crowd.push_back({.subject = "crowd " + name(p), .embedding = made.face(middle), .details = {}, .thumbnail = {}});
  }
  faces.insert(faces.end(), crowd.begin(), crowd.end());
  faces.push_back({.subject = "anyone", .embedding = common, .details = {}, .thumbnail = {}});
  const Gallery gallery = gallery_of(folder / "attracting.vgal", faces);
  HealthOptions wanted = options();
  // Members of the crowd have 0.36 * 0.8 = 0.29 to each other and 0.6 * 0.89 = 0.54 to the shared direction.
  wanted.limits.match = wanted.limits.weak_conflict = Cosine(0.45F);
  wanted.limits.conflict = Cosine(0.75F);
  wanted.references = 191;
  const HealthReport report = examine_gallery(gallery, wanted).value();
  const auto found = of(report, HealthCode::attracts_false_matches);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].at->name, "anyone");
  EXPECT_GT(found[0].value, 30.0 / 191) << "nearly all of the crowd of 40";
}

}  // namespace
}  // namespace vultus::identity

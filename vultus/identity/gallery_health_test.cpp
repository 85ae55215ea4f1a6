// The health of galleries whose faults were planted, and of one without any.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/identity/gallery_health.hpp>
#include <vultus/identity/test_planted.hpp>

namespace vultus::identity {
namespace {

constexpr std::size_t kDimension = 128;
constexpr double kNoise = 0.5;  // faces of one person have a cosine of 1 / (1 + 0.25) = 0.8, with a deviation near 0.03

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "vultus health XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Directions of people, and faces around them.
class People {
 public:
  explicit People(std::uint64_t seed) : random_(seed) {}
  std::vector<float> direction() {
    std::vector<float> values(kDimension);
    for (float& v : values) v = normal_(random_) / std::sqrt(static_cast<float>(kDimension));
    return values;
  }
  Embedding face(const std::vector<float>& middle) {
    std::vector<float> values = direction();
    for (std::size_t t = 0; t < kDimension; ++t) values[t] = middle[t] + static_cast<float>(kNoise) * values[t];
    return unit(std::move(values));
  }
  /// Another person whose direction has this cosine to the one given, both of unit length.
  std::vector<float> relative(const std::vector<float>& of, float cosine) {
    const Embedding first = unit(of);
    std::vector<float> other = direction();
    const float along = inner_product(first.values(), other);
    double length = 0;
    for (std::size_t t = 0; t < kDimension; ++t) {
      other[t] -= along * first.values()[t];
      length += double{other[t]} * double{other[t]};
    }
    const auto across = static_cast<float>(std::sqrt(1 - double{cosine} * double{cosine}) / std::sqrt(length));
    for (std::size_t t = 0; t < kDimension; ++t) other[t] = cosine * first.values()[t] + across * other[t];
    return other;
  }

 private:
  std::mt19937_64 random_;
  std::normal_distribution<float> normal_;
};

using Faces = std::vector<NewFace>;

/// Person p is called "p000", "p001", ...
std::string name(std::size_t p) {
  const std::string number = std::to_string(p);
  return "p" + std::string(3 - std::min<std::size_t>(3, number.size()), '0') + number;
}

Faces people(People& made, std::size_t count, std::size_t faces) {
  Faces all;
  for (std::size_t p = 0; p < count; ++p) {
    const auto middle = made.direction();
    for (std::size_t f = 0; f < faces; ++f)
      all.push_back({.subject = name(p), .embedding = made.face(middle), .details = {}, .thumbnail = {}});
  }
  return all;
}

Gallery gallery_of(const std::filesystem::path& path, const Faces& faces) {
  auto gallery = Gallery::open({.path = path,
                                .access = GalleryAccess::create_or_open,
                                .model = GalleryModel{.id = ModelId("planted"),
                                                      .dimension = static_cast<int>(kDimension),
                                                      .sha256 = {},
                                                      .preset = {}},
                                .now = nullptr})
                     .value();
  EXPECT_TRUE(gallery.enrol(faces));
  return gallery;
}

/// Strangers have cosines with a deviation of 1 / sqrt(128) = 0.09: 0.5 lies at 5.7 of them, which a pair exceeds with
/// a probability of 8e-9.
HealthOptions options() {
  HealthOptions made;
  made.limits.match = Cosine(0.5F);
  made.limits.conflict = Cosine(0.55F);
  made.limits.weak_conflict = Cosine(0.5F);
  made.threads = 2;
  made.references = 100;
  made.recall_probes = 50;
  return made;
}

std::vector<HealthFinding> of(const HealthReport& report, HealthCode code) {
  std::vector<HealthFinding> found;
  for (const HealthFinding& one : report.findings)
    if (one.code == code) found.push_back(one);
  return found;
}

std::size_t conflicts(const HealthReport& report) {
  return static_cast<std::size_t>(
      std::ranges::count_if(report.findings, [](const HealthFinding& one) { return one.code <= HealthCode::lonely; }));
}

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
    EXPECT_EQ(one.mend.front(), "gallery");
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
  EXPECT_EQ(of(report, HealthCode::lookalikes)[0].mend[1], "not");
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
  EXPECT_EQ(two[0].mend, (std::vector<std::string>{"gallery", "split", gallery.info().path, name(5), "122", "123",
                                                   "--into", name(5) + " (2)"}));
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
  for (const SearchRecall& one : {report.recall[0], report.recall[1]}) {
    EXPECT_EQ(one.at_1, 1) << "so small a gallery is searched exactly";
    EXPECT_EQ(one.at_10, 1);
  }
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

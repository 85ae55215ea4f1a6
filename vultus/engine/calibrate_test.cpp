#include <vultus/engine/calibrate.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/engine/calibration_report.hpp>
#include <vultus/evaluation/bootstrap.hpp>

namespace vultus::engine {
namespace {

using ::testing::HasSubstr;

using Folder = TestFolder;

constexpr int kDimension = 32;

/// People as random directions, their pictures as noise around them. Planted: the cosine of two people is near 0 with
/// standard deviation 1 / sqrt(32), two pictures of one person near 1 / (1 + noise^2).
class Population {
 public:
  explicit Population(std::uint64_t seed) : random_(seed) {}

  std::vector<float> person() { return normal(1); }
  Embedding picture(const std::vector<float>& person, double noise) {
    std::vector<float> values = normal(noise);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += person[i];
    return Embedding::normalised(ModelId("planted"), std::move(values)).value();
  }

 private:
  std::vector<float> normal(double deviation) {
    std::vector<float> values(kDimension);
    for (float& v : values) {
      double sum = -6;
      for (int k = 0; k < 12; ++k) sum += random_.unit();
      v = static_cast<float>(deviation * sum);
    }
    return values;
  }
  evaluation::Random random_;
};

Gallery gallery_of(const std::filesystem::path& path, int people, int pictures, double noise, std::uint64_t seed) {
  auto gallery =
      Gallery::open(
          {.path = path,
           .access = GalleryAccess::create_or_open,
           .model = GalleryModel{.id = ModelId("planted"), .dimension = kDimension, .sha256 = "", .preset = "default"}})
          .value();
  Population population(seed);
  std::vector<NewFace> faces;
  for (int p = 0; p < people; ++p) {
    const auto person = population.person();
    for (int i = 0; i < pictures; ++i)
      faces.push_back({.subject = "Person " + std::to_string(p), .embedding = population.picture(person, noise)});
  }
  EXPECT_TRUE(gallery.enrol(faces));
  return gallery;
}

Result<CalibrationResult> calibrated(const Gallery& gallery, CalibrateOptions options,
                                     std::span<const Grouping> groups = {}) {
  return calibrate(faces_of_gallery(gallery).value(), gallery, std::nullopt, groups, options);
}

TEST(Calibrate, MeasuresAGalleryAndItsAnswersRestOnItFromThenOn) {
  const Folder folder;
  Gallery gallery = gallery_of(folder / "g", 60, 3, 0.5, 1);
  EXPECT_FALSE(gallery_scale(gallery).value().has_value());
  const auto result = calibrated(gallery, {.fmr = 1e-3});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->record.impostor_pairs, 180 * 179 / 2 - 60 * 3);
  EXPECT_EQ(result->record.mated_pairs, 60 * 3);
  EXPECT_LE(result->fmr.value, 1e-3);
  EXPECT_EQ(result->fmr.groups, 60);
  EXPECT_EQ(result->open_set->people, 59);
  EXPECT_EQ(result->open_set->fpir.samples, 180);
  ASSERT_TRUE(result->record.logistic);
  ASSERT_TRUE(gallery.add_calibration(result->record));
  const auto scale = gallery_scale(gallery).value();
  ASSERT_TRUE(scale);
  EXPECT_EQ(scale->usual.threshold, result->record.at.threshold);
  EXPECT_EQ(scale->usual.calibrated, CalibratedOn::gallery);
  EXPECT_EQ(scale->usual.logistic, result->record.logistic);
  EXPECT_DOUBLE_EQ(scale->target, 1e-3);
  EXPECT_FALSE(scale->usual.stale);
  EXPECT_TRUE(identity::validate(scale->thresholds)) << "rates fall and thresholds rise";
}

TEST(Calibrate, TheRateHoldsForOtherPeopleOfTheSamePopulation) {
  // Threshold from 200 people, rate seen on 200 others: 79,600 pairs of which 1 % are 796, give or take a few score.
  const Folder folder;
  const Gallery own = gallery_of(folder / "a", 200, 2, 0.5, 2);
  const Gallery others = gallery_of(folder / "b", 200, 2, 0.5, 3);
  const auto result = calibrated(own, {.fmr = 0.01});
  ASSERT_TRUE(result);
  const FaceSet faces = faces_of_gallery(others).value();
  double matches = 0;
  double pairs = 0;
  for (std::size_t i = 0; i < faces.templates.size(); ++i)
    for (std::size_t j = i + 1; j < faces.templates.size(); ++j) {
      if (faces.person_of[i] == faces.person_of[j]) continue;
      pairs += 1;
      matches += similarity(faces.templates[i], faces.templates[j]).value() >= result->record.at.threshold ? 1 : 0;
    }
  EXPECT_NEAR(matches / pairs, 0.01, 0.002);
}

TEST(Calibrate, ProbabilitiesComeTrueOnPeopleLeftOut) {
  const Folder folder;
  const Gallery gallery = gallery_of(folder / "g", 200, 3, 0.9, 4);
  const auto result = calibrated(gallery, {.fmr = 0.01});
  ASSERT_TRUE(result);
  ASSERT_TRUE(result->record.ece);
  EXPECT_LT(*result->record.ece, 0.05);
  // A curve that is always sure is wrong, and is told so.
  const auto wrong = calibrate(faces_of_gallery(gallery).value(), gallery, LogisticCurve{.slope = 1, .intercept = 9},
                               {}, {.fmr = 0.01});
  ASSERT_TRUE(wrong);
  EXPECT_NEAR(*wrong->preset_ece, 0.5, 0.01) << "it says yes to everything, and half is no";
}

TEST(Calibrate, ACohortOfStrangersIsSearchedInTheGallery) {
  const Folder folder;
  const Gallery gallery = gallery_of(folder / "g", 50, 1, 0.5, 5);
  FaceSet cohort = faces_of_gallery(gallery_of(folder / "c", 80, 2, 0.5, 6)).value();
  cohort.cohort = true;
  for (std::size_t p = 0; p < cohort.names.size(); ++p)
    if (p >= 10)
      cohort.names[p] = "Stranger " + std::to_string(p);  // the first ten are called like people of the gallery
  const auto result = calibrate(cohort, gallery, std::nullopt, {}, {.fmr = 0.01});
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_TRUE(result->open_set);
  EXPECT_EQ(result->open_set->people, 50);
  EXPECT_EQ(result->open_set->fpir.samples, 70 * 2);
  // By hand: how many of the 140 pictures come near enough to somebody.
  int alarms = 0;
  for (std::size_t i = 0; i < cohort.templates.size(); ++i)
    if (cohort.person_of[i] >= 10)
      alarms += gallery.search(cohort.templates[i]).value().at(0).similarity >= result->record.at.threshold ? 1 : 0;
  EXPECT_DOUBLE_EQ(result->open_set->fpir.value, alarms / 140.0);
}

TEST(Calibrate, RefusesWhatTheGalleryCannotShow) {
  const Folder folder;
  const Gallery gallery = gallery_of(folder / "g", 5, 2, 0.5, 7);
  const auto result = calibrated(gallery, {.fmr = 1e-3});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
  // 10 pictures: 45 pairs less 5 of one person. 3 / 40 = 0.075.
  EXPECT_THAT(result.error().message, HasSubstr("needs at least 3000 pairs of different people, there are 40 (10 "
                                                "pictures of 5 people): the smallest rate that they support is 0.075"));
  EXPECT_THAT(result.error().message, HasSubstr((folder / "g").string()));
  EXPECT_TRUE(calibrated(gallery, {.fmr = 0.075}));
  EXPECT_FALSE(calibrated(gallery, {.fmr = 0.1, .prior = 1}));
  EXPECT_FALSE(calibrated(gallery, {.fmr = 0.1, .draws = 3}));
}

TEST(Calibrate, WithOnePictureAPersonThereAreNoMissesAndNoCurve) {
  const Folder folder;
  const Gallery gallery = gallery_of(folder / "g", 40, 1, 0.5, 8);
  const auto result = calibrated(gallery, {.fmr = 0.01});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_FALSE(result->fnmr);
  EXPECT_FALSE(result->eer);
  EXPECT_FALSE(result->record.logistic);
  EXPECT_THAT(result->no_probability, HasSubstr("pairs of one person"));
  const auto page = calibration_report(*result);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_THAT(*page, HasSubstr("Nobody has two pictures"));
}

TEST(Calibrate, WithSeveralPicturesOfOnePersonAloneThePageSaysThatTwoAreNeeded) {
  const Folder folder;
  Gallery gallery = gallery_of(folder / "g", 40, 1, 0.5, 8);
  Population population(9);
  const auto person = population.person();
  std::vector<NewFace> faces;
  for (int i = 0; i < 2; ++i) faces.push_back({.subject = "Twice", .embedding = population.picture(person, 0.5)});
  ASSERT_TRUE(gallery.enrol(faces));
  const auto result = calibrated(gallery, {.fmr = 0.01});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->record.mated_pairs, 1);
  EXPECT_FALSE(result->fnmr);
  const auto page = calibration_report(*result);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_THAT(*page, HasSubstr("one person alone has several pictures: two are needed"));
  EXPECT_THAT(*page, ::testing::Not(HasSubstr("Nobody has two pictures")));
}

TEST(Calibrate, OfAVeryLargeSetPeopleAreDrawnWithAllTheirPictures) {
  const Folder folder;
  const Gallery gallery = gallery_of(folder / "g", 40, 3, 0.5, 9);
  const auto result = calibrated(gallery, {.fmr = 0.01, .most_faces = 62});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->faces.person_of.size(), 60U) << "20 people of 3 pictures; a part of a person is not taken";
  EXPECT_EQ(result->left_out, 60);
  EXPECT_EQ(result->record.mated_pairs, 20 * 3);
}

TEST(Calibrate, StaleFromATenthMorePeople) {
  const Folder folder;
  Gallery gallery = gallery_of(folder / "g", 20, 2, 0.5, 10);
  ASSERT_TRUE(gallery.add_calibration(calibrated(gallery, {.fmr = 0.01}).value().record));
  Population population(11);
  const auto grow = [&](const std::string& name) {
    const std::vector<NewFace> face{{.subject = name, .embedding = population.picture(population.person(), 0.5)}};
    ASSERT_TRUE(gallery.enrol(face));
  };
  grow("New 1");
  EXPECT_FALSE(gallery_scale(gallery).value()->usual.stale) << "21 of 20";
  grow("New 2");
  EXPECT_TRUE(gallery_scale(gallery).value()->usual.stale) << "22 of 20";
}

TEST(Calibrate, ThePageShowsGroupsCurvesAndNothingThatRuns) {
  const Folder folder;
  const Gallery gallery = gallery_of(folder / "g", 30, 2, 0.5, 12);
  const FaceSet faces = faces_of_gallery(gallery).value();
  std::string csv = "subject,shift\n";
  for (std::size_t p = 0; p < faces.names.size(); ++p) csv += faces.names[p] + (p % 2 == 0 ? ",<day>\n" : ",night\n");
  const auto groups = parse_groups(csv, faces.names, "groups.csv");
  ASSERT_TRUE(groups) << groups.error().message;
  const auto result = calibrated(gallery, {.fmr = 0.01}, *groups);
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->groups.size(), 1U);
  EXPECT_EQ(result->groups[0].groups[0].persons + result->groups[0].groups[1].persons, 30);
  EXPECT_EQ(result->groups[0].groups[0].impostor_pairs, 30U * 29 / 2 - 15);
  const auto page = calibration_report(*result);
  ASSERT_TRUE(page) << page.error().message;
  for (const char* part : {"DET", "ROC", "Similarity of the pairs", "&lt;day&gt;", "Strangers who get a name"})
    EXPECT_THAT(*page, HasSubstr(part));
  EXPECT_THAT(*page, ::testing::Not(HasSubstr("<script")));
  EXPECT_THAT(*page, ::testing::Not(HasSubstr("<day>")));
}

TEST(Groups, AreReadByColumn) {
  const std::vector<std::string> names{"Ada", "Bob", "Cyd"};
  const auto groups =
      parse_groups("file,Subject,sex,age\nx,Ada,f,old\nx,Bob,m,\nx,Ada,f,old\nx,Zoe,f,old\n", names, "g");
  ASSERT_TRUE(groups) << groups.error().message;
  ASSERT_EQ(groups->size(), 2U);
  EXPECT_EQ((*groups)[0].column, "sex");
  EXPECT_EQ((*groups)[0].values, (std::vector<std::string>{"f", "m"}));
  EXPECT_EQ((*groups)[0].value_of, (std::vector<std::uint32_t>{0, 1, 2}));  // 2 = not told
  EXPECT_EQ((*groups)[1].value_of, (std::vector<std::uint32_t>{0, 1, 1}));
}

TEST(Groups, FaultsAreNamedWithTheirLine) {
  const std::vector<std::string> names{"Ada", "Bob"};
  const auto message = [&](const char* csv) {
    const auto groups = parse_groups(csv, names, "g.csv");
    return groups ? "read" : groups.error().message;
  };
  EXPECT_EQ(message(""), "g.csv: empty");
  EXPECT_EQ(message("name,sex\nAda,f\n"), "g.csv: needs a column \"subject\" in its first line");
  EXPECT_EQ(message("subject\nAda\n"), "g.csv: needs a column with groups beside \"subject\"");
  EXPECT_EQ(message("subject,sex\nAda\n"), "g.csv: line 2: 1 fields, the first line has 2");
  EXPECT_EQ(message("subject,sex\nAda,f\nAda,m\n"), "g.csv: line 3: \"Ada\" is \"f\" and \"m\" in column sex");
  EXPECT_EQ(message("subject,sex\nZoe,f\n"), "g.csv: none of its people is among those compared");
  EXPECT_THAT(message("subject,sex\n\"Ada,f\n"), HasSubstr("g.csv: line 2"));
}

}  // namespace
}  // namespace vultus::engine

// Limits of a gallery's health, commands for a shell, and the page.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/engine/gallery_health.hpp>

namespace vultus::engine {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class GalleryHealthPage : public ::testing::Test {
 protected:
  [[nodiscard]] Gallery open(const std::string& model = "m") const {
    return Gallery::open({.path = folder_ / "people.vgal",
                          .access = GalleryAccess::create_or_open,
                          .model = GalleryModel{.id = ModelId(model), .dimension = 2, .sha256 = {}, .preset = {}},
                          .now = nullptr})
        .value();
  }
  static NewFace face(const std::string& subject, float x, float y) {
    return {
        .subject = subject,
        .embedding = Embedding::normalised(ModelId("m"), {x, y}).value(),
        .details = {},
        .thumbnail = Thumbnail{.format = ThumbnailFormat::jpeg, .bytes = {std::byte{1}, std::byte{2}, std::byte{3}}}};
  }
  TestFolder folder_;
};

/// A preset of model "m": 0.4 at 1e-3, 0.6 at 1e-5.
Preset preset() {
  Preset made;
  made.id = "p";
  made.embedder = ModelId("m");
  made.default_fmr = 1e-3;
  made.thresholds = {made.template_model(), "a test", {{1e-3, Cosine(0.4F)}, {1e-5, Cosine(0.6F)}}};
  return made;
}

TEST_F(GalleryHealthPage, LimitsComeFromThePresetAndTheSizeOfTheGallery) {
  Gallery gallery = open(preset().template_model().text());
  const std::vector<Preset> presets{preset()};
  const auto limits = health_limits(gallery, presets, {}).value();
  EXPECT_NEAR(limits.match.value(), 0.4, 1e-6);
  // An empty gallery counts as one person: 0.005 and 0.05 are above the usual rate of a pair, 1e-3.
  EXPECT_NEAR(limits.conflict.value(), 0.4, 1e-6);
  EXPECT_NEAR(limits.weak_conflict.value(), 0.4, 1e-6);
  const auto chosen = health_limits(gallery, presets, {.fmr = {}, .threshold = Cosine(0.5F)}).value();
  EXPECT_NEAR(chosen.match.value(), 0.5, 1e-6);
  EXPECT_NEAR(chosen.conflict.value(), 0.5, 1e-6) << "a conflict is a match at least";
}

TEST_F(GalleryHealthPage, WithoutAMeasurementThereAreNoLimits) {
  Gallery gallery = open();
  const auto limits = health_limits(gallery, {}, {});
  ASSERT_FALSE(limits);
  EXPECT_EQ(limits.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(limits.error().message, HasSubstr("vultus calibrate"));
  Calibration own{.at = {Cosine(0.7F), 1e-3, "a test"}};
  own.rows = {{1e-3, Cosine(0.7F)}, {1e-5, Cosine(0.9F)}};
  ASSERT_TRUE(gallery.add_calibration(own));
  EXPECT_NEAR(health_limits(gallery, {}, {}).value().match.value(), 0.7, 1e-6) << "its own is enough";
}

TEST(CommandText, IsWhatAShellTakesApartAgain) {
  using Commands = std::vector<std::vector<std::string>>;
  EXPECT_EQ(command_text(Commands{}), "");
  EXPECT_EQ(command_text(Commands{{"gallery", "show", "a/b-c_1.vgal", "Ada"}}), "vultus gallery show a/b-c_1.vgal Ada");
  EXPECT_EQ(command_text(Commands{{"x", "Ada Lovelace", "O'Hara", "", "$(rm)", "Zoë"}, {"y"}}),
            "vultus x 'Ada Lovelace' 'O'\\''Hara' '' '$(rm)' 'Zoë' && vultus y");
}

TEST_F(GalleryHealthPage, ShowsFacesCommandsAndNothingThatRuns) {
  Gallery gallery = open();
  const std::string evil = "<script>alert(1)</script>";
  ASSERT_TRUE(gallery.enrol(std::vector<NewFace>{face(evil, 1, 0), face(evil, 1, 1), face("Bob", 0, 1)}));
  identity::HealthReport report{.subjects = 2, .faces = 3, .findings = {}, .limits = {}, .recall = {}};
  report.findings.push_back({.code = identity::HealthCode::mislabelled,
                             .at = identity::HealthPlace{SubjectId(1), evil, FaceId(2)},
                             .other = identity::HealthPlace{SubjectId(2), "Bob", FaceId(3)},
                             .value = 0.7,
                             .limit = 0.6,
                             .own = Cosine(0.1F),
                             .text = "face 2 of " + evil,
                             .mend = {{"gallery", "split", "g", evil, "2"}, {"gallery", "merge", "g", evil, "Bob"}}});
  const std::string page = health_page(gallery, report).value();
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(page, HasSubstr("Faces under a wrong name"));
  EXPECT_THAT(page, HasSubstr("data:image/jpeg;base64,AQID"));
  EXPECT_THAT(page, HasSubstr("&amp;&amp; vultus gallery merge g"));
}

TEST_F(GalleryHealthPage, IsBoundedAndSaysWhatItLeavesOut) {
  Gallery gallery = open();
  ASSERT_TRUE(gallery.enrol(std::vector<NewFace>{face("Ada", 1, 0)}));
  identity::HealthReport report{.subjects = 1, .faces = 1, .findings = {}, .limits = {}, .recall = {}};
  for (int i = 0; i < 30; ++i)
    report.findings.push_back({.code = identity::HealthCode::lonely,
                               .at = identity::HealthPlace{SubjectId(1), "Ada", FaceId(1)},
                               .other = {},
                               .own = {},
                               .text = "a finding",
                               .mend = {}});
  EXPECT_THAT(health_page(gallery, report, {.most_of_a_code = 25}).value(), HasSubstr("5 more are not shown"));
  EXPECT_THAT(health_page(gallery, {}).value(), HasSubstr("Nothing was found."));
}

}  // namespace
}  // namespace vultus::engine

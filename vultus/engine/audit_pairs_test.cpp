// Mated pairs as a table: who is in it, what is worse than the median, and what is left out.
#include <gtest/gtest.h>

#include <vultus/engine/audit_pairs.hpp>
#include <vultus/engine/table_file.hpp>

namespace vultus::engine {
namespace {

MeasuredPicture measured(const std::string& person, const std::string& group, float sharpness, float yaw) {
  MeasuredPicture picture{.person = person, .group = group, .quality = {}};
  const auto put = [&](face::QualityMeasure measure, float value) {
    picture.quality.measures.at(static_cast<std::size_t>(measure)) = face::scored(measure, value);
  };
  put(face::QualityMeasure::sharpness, sharpness);
  put(face::QualityMeasure::head_pose_yaw, yaw);
  return picture;
}

evaluation::Table table_of(const std::string& text) { return parse_table(text, "pairs").value(); }

float sum(std::size_t a, std::size_t b) { return static_cast<float>(a + b) / 10; }

TEST(MeasuredPairs, SayWhatIsWorseInBothPictures) {
  const bool sharp_is_low =
      face::quality_measures().at(static_cast<std::size_t>(face::QualityMeasure::sharpness)).best <
      face::quality_measures().at(static_cast<std::size_t>(face::QualityMeasure::sharpness)).worst;
  const float good = sharp_is_low ? 1.0F : 9.0F;
  const float bad = 10.0F - good;
  const std::vector<MeasuredPicture> pictures{measured("Ada", "f", good, -1), measured("Ada", "f", good, 40),
                                              measured("Bob, jr", "m", bad, -40), measured("Bob, jr", "m", bad, 41)};
  const auto got = table_of(measured_pairs(pictures, "gender", sum).value());
  ASSERT_EQ(got.rows(), 2U);
  EXPECT_EQ(got.columns().size(), 3 + face::kQualityMeasures);
  const auto cell = [&](std::size_t row, const std::string& column) { return got.at(row, *got.find(column)); };
  EXPECT_EQ(cell(0, "person"), "Ada");
  EXPECT_EQ(cell(0, "gender"), "f");
  EXPECT_EQ(cell(0, "score"), "0.100000");
  EXPECT_EQ(cell(0, "worse_sharpness"), "0");
  EXPECT_EQ(cell(1, "person"), "Bob, jr");
  EXPECT_EQ(cell(1, "worse_sharpness"), "1");
  // The median of 1, 40, 40, 41 degrees is 40, by size: 41 alone is worse.
  EXPECT_EQ(cell(0, "worse_head_pose_yaw"), "0");
  EXPECT_EQ(cell(1, "worse_head_pose_yaw"), "") << "the pictures differ";
  EXPECT_EQ(cell(0, "worse_laplacian"), "") << "not measured";
}

TEST(MeasuredPairs, LeaveOutWhoHasNoGroupAndWhatIsTooMuchOfOnePerson) {
  std::vector<MeasuredPicture> pictures(kMostPicturesOfPairs + 5, measured("Ada", "f", 5, 0));
  pictures.push_back(measured("Eve", "", 5, 0));
  pictures.push_back(measured("Eve", "", 5, 0));
  pictures.push_back(measured("Bob", "m", 5, 0));
  const auto got = table_of(measured_pairs(pictures, "gender", sum).value());
  EXPECT_EQ(got.rows(), kMostPicturesOfPairs * (kMostPicturesOfPairs - 1) / 2);
}

TEST(MeasuredPairs, AreRefusedWhereThereAreNoneOrAColumnIsThereTwice) {
  const std::vector<MeasuredPicture> alone{measured("Ada", "f", 5, 0), measured("Bob", "m", 5, 0)};
  EXPECT_EQ(measured_pairs(alone, "gender", sum).error().message, "nobody of a group has two pictures with a face");
  EXPECT_EQ(measured_pairs(alone, "score", sum).error().message,
            "\"score\" is the name of another column of the pairs");
}

}  // namespace
}  // namespace vultus::engine

// Which epoch has which share, by hand.
#include <array>

#include <gtest/gtest.h>

#include <vultus/learn/curriculum.hpp>

namespace vultus::learn {
namespace {

TEST(Curriculum, GivesEachEpochTheShareOfItsStage) {
  // The stages of the published entry for compound expressions.
  const Curriculum stages{{5, 0}, {5, .2}, {3, .4}, {3, 1}};
  const std::array<double, 18> wanted{0, 0, 0, 0, 0, .2, .2, .2, .2, .2, .4, .4, .4, 1, 1, 1, 1, 1};
  for (int epoch = 1; epoch <= 18; ++epoch)
    EXPECT_EQ(curriculum_share(stages, epoch).value(), wanted.at(static_cast<std::size_t>(epoch - 1))) << epoch;
}

TEST(Curriculum, RefusesWhatIsNone) {
  EXPECT_EQ(curriculum_share({}, 1).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(curriculum_share(Curriculum{{1, 0}}, 0).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(validate(Curriculum{{3, 1.5}}).error().message,
            "a stage of 3 epochs with share 1.500000: allowed are 1 to 1000 epochs and shares 0 to 1");
  EXPECT_FALSE(validate(Curriculum{{0, 0.5}}));
}

}  // namespace
}  // namespace vultus::learn

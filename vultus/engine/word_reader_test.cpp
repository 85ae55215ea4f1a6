// Where a word can be read, and where no quad of a file leads to pixels that are not there.
#include <vultus/engine/word_reader.hpp>

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace vultus::engine {
namespace {

class WordPlaces : public ::testing::Test {
 protected:
  [[nodiscard]] bool may_stand(const WordQuad& quad) const {
    const Status checked = check_word(picture_.view(), quad);
    EXPECT_TRUE(checked || checked.error().code == ErrorCode::invalid_argument);
    return checked.has_value();
  }
  Image picture_ = Image::create(100, 60, PixelFormat::rgb8).value();
};

TEST_F(WordPlaces, AreQuadsThatTurnOneWay) {
  for (const WordQuad& quad : {WordQuad{Point2f{10, 10}, {50, 10}, {50, 30}, {10, 30}},
                               WordQuad{Point2f{10, 12}, {50, 8}, {60, 30}, {5, 31}},        // seen from the side
                               WordQuad{Point2f{50, 10}, {10, 10}, {10, 30}, {50, 30}},      // in a mirror
                               WordQuad{Point2f{-5, 10}, {120, 10}, {120, 30}, {5, 30}}}) {  // partly outside
    EXPECT_TRUE(may_stand(quad));
    EXPECT_EQ(flat_quad(quad), quad);
  }
}

TEST_F(WordPlaces, AreTheBoxOfWhatIsNoFlatSheet) {
  const WordQuad box{Point2f{10, 10}, {50, 10}, {50, 50}, {10, 50}};
  for (const WordQuad& quad : {WordQuad{Point2f{10, 10}, {50, 10}, {10, 50}, {50, 40}},     // a bow tie
                               WordQuad{Point2f{10, 10}, {50, 10}, {20, 15}, {10, 50}},     // a dent
                               WordQuad{Point2f{10, 10}, {30, 10}, {50, 10}, {10, 50}}}) {  // a triangle
    EXPECT_TRUE(may_stand(quad));
    EXPECT_EQ(flat_quad(quad), box);
  }
}

TEST_F(WordPlaces, AreFiniteAndNear) {
  for (const float wrong : {std::nanf(""), std::numeric_limits<float>::infinity(), 1e30F})
    EXPECT_FALSE(may_stand({Point2f{10, 10}, {wrong, 10}, {wrong, 30}, {10, 30}}));
  EXPECT_FALSE(may_stand({Point2f{200, 10}, {250, 10}, {250, 30}, {200, 30}})) << "outside";
  EXPECT_FALSE(may_stand({})) << "no area";
}

}  // namespace
}  // namespace vultus::engine

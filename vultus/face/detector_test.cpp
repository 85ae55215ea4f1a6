#include <vultus/face/detector.hpp>

#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/face/fake_network.hpp>

namespace vultus::face {
namespace {

using ::testing::HasSubstr;

/// A detector that fires on the anchor nearest to (x, y) of the given side, in shares of each network input.
test::Answer firing(float x, float y, float side, float score = 0.9F) {
  return [=](runtime::Network& network) {
    const auto anchors = rfb_anchors(network.width(), network.height());
    std::size_t best = 0;
    float least = 1e9F;
    for (std::size_t i = 0; i < anchors.size(); ++i) {
      const float d = std::hypot(anchors[i].x - x * static_cast<float>(network.width()),
                                 anchors[i].y - y * static_cast<float>(network.height()));
      if (anchors[i].size == side && d < least) least = d, best = i;
    }
    std::vector<float> scores(2 * anchors.size()), regressions(4 * anchors.size());
    scores[2 * best + 1] = score;
    return test::Outputs{{"scores", scores}, {"regressions", regressions}};
  };
}

Detector loaded(test::Answer answer, const DetectorOptions& options = {}) {
  return Detector::load(test::fake_model("rfb", {1, 3, 240, 320}, std::move(answer)), options).value();
}

Image grey(int width, int height, std::uint8_t value) {
  Image picture = Image::create(width, height, PixelFormat::rgb8).value();
  for (int y = 0; y < height; ++y) std::fill_n(picture.row(y), 3 * width, value);
  return picture;
}

TEST(Detector, MapsBoxesOfTheNetworkToThePicture) {
  // 400 x 320 is looked at once, at 0.8: input 320 x 256. The anchor of 64 at (144, 112) is a box of 80 at (180, 140).
  auto detector = loaded(firing(0.45F, 0.4375F, 64));
  const auto found = detector.detect(grey(400, 320, 9).view()).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].box.centre().x, 180, 1e-3);
  EXPECT_NEAR(found[0].box.centre().y, 140, 1e-3);
  EXPECT_NEAR(found[0].box.width, 80, 1e-3);
  EXPECT_EQ(found[0].score, Score(0.9F));
}

TEST(Detector, ReportsAFaceSeenByTwoLooksOnce) {
  // The same place and size in both: 64 of 320 and 256 of 1280.
  auto detector = loaded([](runtime::Network& network) {
    return network.width() == 320 ? firing(0.45F, 0.4F, 64)(network) : firing(0.45F, 0.4F, 256, 0.8F)(network);
  });
  const auto found = detector.detect(grey(1280, 960, 9).view()).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].score, Score(0.9F));
}

/// What the fine look of 1280 x 960 finds, and the coarse one of 320 x 256 in the same place.
ScoredBox seen_by_fine_and_coarse(float fine_side, float coarse_side, float coarse_score) {
  auto detector = loaded([=](runtime::Network& network) {
    return network.width() == 320 ? firing(0.45F, 0.4F, coarse_side, coarse_score)(network)
                                  : firing(0.45F, 0.4F, fine_side)(network);
  });
  return detector.detect(grey(1280, 960, 9).view()).value().at(0);
}

TEST(Detector, DoubtsALargeFaceThatTheCoarseLookDidNotSee) {
  // 128 pixels are 32 in the coarse look, 48 are 12.
  EXPECT_FALSE(seen_by_fine_and_coarse(128, 32, 0).confirmed);
  EXPECT_FALSE(seen_by_fine_and_coarse(128, 32, 0.29F).confirmed);
  EXPECT_TRUE(seen_by_fine_and_coarse(128, 32, 0.31F).confirmed) << "half sure is enough to confirm";
  EXPECT_FALSE(seen_by_fine_and_coarse(128, 10, 0.59F).confirmed) << "something small in the middle of it is not it";
  EXPECT_TRUE(seen_by_fine_and_coarse(48, 32, 0).confirmed) << "too small for the coarse look";
}

TEST(Detector, FindsNoFacesInThePadding) {
  // 250 x 100 fills 250 of 256 columns and 100 of 128 rows: y = 0.9 * 128 = 115 is padding.
  EXPECT_TRUE(loaded(firing(0.5F, 0.9F, 10)).detect(grey(250, 100, 9).view()).value().empty());
  EXPECT_EQ(loaded(firing(0.5F, 0.5F, 10)).detect(grey(250, 100, 9).view()).value().size(), 1U);
}

TEST(Detector, PadsWithTheMeanAlsoAfterALargerPicture) {
  std::set<std::uint8_t> seen;
  auto detector = loaded([&](runtime::Network& network) {
    const auto input = network.input();
    seen.clear();
    for (int y = 0; y < network.height(); ++y)
      for (int x = 0; x < network.width(); ++x)
        if (x >= 250 || y >= 100)
          seen.insert(input[3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(network.width()) +
                                 static_cast<std::size_t>(x))]);
    return firing(0.5F, 0.5F, 10)(network);
  });
  ASSERT_TRUE(detector.detect(grey(256, 128, 9).view()));  // the same input size, filled to the brim
  ASSERT_TRUE(detector.detect(grey(250, 100, 9).view()));
  EXPECT_EQ(seen, std::set<std::uint8_t>{127});
}

TEST(Detector, GivesNoFaceAsAnEmptyList) {
  EXPECT_TRUE(loaded(firing(0.5F, 0.5F, 64, 0.59F)).detect(grey(320, 240, 9).view()).value().empty());
  EXPECT_EQ(loaded(firing(0.5F, 0.5F, 64, 0.6F)).detect(grey(320, 240, 9).view()).value().size(), 1U);
}

TEST(Detector, TakesManyDifferentSizesOneAfterTheOther) {
  auto detector = loaded(firing(0.4F, 0.4F, 16));
  for (int side = 64; side <= 64 * 40; side += 64) EXPECT_TRUE(detector.detect(grey(side, 64, 9).view())) << side;
}

TEST(Detector, NeedsAColourPicture) {
  auto detector = loaded(firing(0.5F, 0.5F, 64));
  EXPECT_EQ(detector.detect({}).error().code, ErrorCode::invalid_argument);
  const Image gray = Image::create(10, 10, PixelFormat::gray8).value();
  EXPECT_EQ(detector.detect(gray.view()).error().code, ErrorCode::invalid_argument);
}

TEST(Detector, RefusesANetworkWithAnotherNumberOfAnchorsBeforeAnyPicture) {
  runtime::ModelHandle model = test::fake_model("rfb", {1, 3, 240, 320}, [](runtime::Network&) {
    return test::Outputs{{"scores", std::vector<float>(20)}, {"regressions", std::vector<float>(40)}};
  });
  model.manifest.origin = "models/fake.json";
  const auto refused = Detector::load(model, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(refused.error().message, HasSubstr("models/fake.json: model fake gives 10 scores for"));
  EXPECT_THAT(refused.error().message, HasSubstr("\"outputs\""));
}

TEST(Detector, AsksForTheOutputsOfItsDecoderBeforeAnyPicture) {
  EXPECT_FALSE(Detector::load(test::fake_model("rfb", {1, 3, 240, 320},
                                               [](runtime::Network&) {
                                                 return test::Outputs{{"scores", std::vector<float>(20)}};
                                               }),
                              {}));
}

TEST(Detector, OfTheRfbFamilyNeedsAnInputOfAnySize) {
  runtime::ModelHandle model = test::fake_model("rfb", {1, 3, 240, 320}, firing(0.5F, 0.5F, 64));
  model.manifest.input.resizable = false;
  const auto refused = Detector::load(model, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(refused.error().message, HasSubstr("\"resizable\""));
}

TEST(Detector, NamesAnOptionOutsideItsRange) {
  const auto refused = [](const DetectorOptions& options) {
    const auto detector = Detector::load(test::fake_model("rfb", {1, 3, 240, 320}, firing(0, 0, 10)), options);
    EXPECT_FALSE(detector);
    return detector ? std::string() : detector.error().message;
  };
  EXPECT_THAT(refused({.threshold = Score(1)}), HasSubstr("threshold 1.0"));
  EXPECT_THAT(refused({.threshold = Score(0.01F)}), HasSubstr("threshold 0.01"));
  EXPECT_THAT(refused({.threshold = Score(std::nanf(""))}), HasSubstr("threshold"));
  EXPECT_THAT(refused({.overlap = 0}), HasSubstr("overlap"));
  EXPECT_THAT(refused({.reach = {.coarse_side = 10}}), HasSubstr("sides 10"));
  EXPECT_THAT(refused({.reach = {.fine_side = 5000}}), HasSubstr("5000"));
}

TEST(Detector, RefusesAModelOfAnotherKind) {
  EXPECT_EQ(Detector::load(test::fake_model("ibug68", {1, 3, 240, 320}, firing(0, 0, 10)), {}).error().code,
            ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::face

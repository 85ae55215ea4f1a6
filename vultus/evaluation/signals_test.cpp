// Known answers of overlaps in time, picture quality and distance of texts.
#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

#include <vultus/evaluation/image_quality.hpp>
#include <vultus/evaluation/spotting.hpp>
#include <vultus/evaluation/text_distance.hpp>

namespace vultus::evaluation {
namespace {

TEST(Spotting, OverlapEqualsTheKnownAnswers) {
  // [10, 20] and [12, 24]: 8 / 14; middles 15 and 18, around both 14: 8/14 - (3/14)^2.
  EXPECT_NEAR(iou({10, 20}, {12, 24}), .5714286, 5e-8);
  EXPECT_NEAR(diou({10, 20}, {12, 24}), .5255102, 5e-8);
  EXPECT_EQ(iou({0, 1}, {2, 3}), 0);
  EXPECT_NEAR(diou({0, 1}, {2, 3}), -4.0 / 9, 1e-12);
}

TEST(Spotting, CountsASecondFindingOfOneStretchAsWrong) {
  const std::vector<SpottedVideo> videos{
      {.truth = {{0, 10}, {20, 30}}, .found = {{{0, 9}, .9}, {{1, 10}, .8}, {{40, 50}, .7}}},
      {.truth = {{5, 10}}, .found = {{{5, 7.5}, .6}}}};  // IoU exactly .5
  const SpottingScores got = spotting_scores(videos).value();
  EXPECT_EQ(got.true_positives, 2U);
  EXPECT_NEAR(got.f1, 2.0 * 2 / (3 + 4), 1e-12);
  EXPECT_NEAR(got.precision, 2.0 / 4, 1e-12);
  EXPECT_NEAR(got.recall, 2.0 / 3, 1e-12);
}

TEST(Spotting, MeanAveragePrecisionEqualsTheHandValue) {
  // By falling score right, wrong (duplicate), wrong, right of three stretches: 1/3 * 1 + 1/3 * 2/4 at .3, .4 and .5;
  // the last finding overlaps by .5 alone, so at .6 and .7 there is 1/3.
  const std::vector<SpottedVideo> videos{
      {.truth = {{0, 10}, {20, 30}}, .found = {{{0, 9}, .9}, {{1, 10}, .8}, {{40, 50}, .7}}},
      {.truth = {{5, 10}}, .found = {{{5, 7.5}, .6}}}};
  EXPECT_NEAR(spotting_average_precision(videos, .5).value(), .5, 1e-12);
  EXPECT_NEAR(spotting_average_precision(videos, .6).value(), 1.0 / 3, 1e-12);
  EXPECT_NEAR(spotting_map(videos).value(), (3 * .5 + 2 * (1.0 / 3)) / 5, 1e-12);
}

TEST(Spotting, RefusesWhatHasNoLength) {
  EXPECT_EQ(spotting_scores(std::vector<SpottedVideo>{{.truth = {{3, 3}}}}).error().message,
            "video 0: true span from 3 to 3 has no length");
  EXPECT_FALSE(spotting_scores(std::vector<SpottedVideo>{{.truth = {{0, 1}}, .found = {{{0, 1}, std::nan("")}}}}));
  EXPECT_FALSE(spotting_scores(std::vector<SpottedVideo>{{}}));
  EXPECT_FALSE(spotting_scores(std::vector<SpottedVideo>{{.truth = {{0, 1}}}}, 0));
  EXPECT_FALSE(spotting_map(std::vector<SpottedVideo>{{.found = {{{0, 1}, 1}}}}));
}

int triangle(int value, int period) { return std::abs(value % period - period / 2); }

/// 208 x 192: triangle waves (a smooth picture) or a sawtooth (a rough one), and each with less.
Image picture(bool smooth, bool reduced) {
  Image image = Image::create(208, 192, PixelFormat::gray8).value();
  for (int y = 0; y < 192; ++y)
    for (int x = 0; x < 208; ++x) {
      int value = smooth ? triangle(x, 64) * 4 + triangle(y, 48) * 4 + 20 : x * 7 + y * 13;
      if (reduced) value = smooth ? value / 24 * 24 : value + x * y % 17;
      image.row(y)[x] = static_cast<std::uint8_t>(value % 256);
    }
  return image;
}

TEST(ImageQuality, EqualsScikitImage) {
  // structural_similarity(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255) and
  // peak_signal_noise_ratio of scikit-image 0.26 on the same formulas.
  const Image a = picture(true, false), b = picture(true, true), c = picture(false, false), d = picture(false, true);
  EXPECT_NEAR(ssim(a.view(), b.view()).value(), 0.800013832316719, 1e-9);
  EXPECT_NEAR(psnr(a.view(), b.view()).value(), 26.467489391013853, 1e-9);
  EXPECT_NEAR(ssim(c.view(), d.view()).value(), 0.8047508638025025, 1e-9);
  EXPECT_NEAR(psnr(c.view(), d.view()).value(), 15.476411589977321, 1e-9);
}

TEST(ImageQuality, MultiScaleEqualsScipyOnTheSameFormula) {
  // gaussian_filter(sigma=1.5, truncate=3.5) cropped by 5, five scales of 2 x 2 means.
  EXPECT_NEAR(multi_scale_ssim(picture(true, false).view(), picture(true, true).view()).value(), 0.9797344277727559,
              1e-9);
  EXPECT_NEAR(multi_scale_ssim(picture(false, false).view(), picture(false, true).view()).value(), 0.9501520470078348,
              1e-9);
}

TEST(ImageQuality, OfAPictureAndItselfIsPerfect) {
  const Image a = picture(true, false);
  EXPECT_NEAR(ssim(a.view(), a.view()).value(), 1, 1e-12);
  EXPECT_NEAR(multi_scale_ssim(a.view(), a.view()).value(), 1, 1e-12);
  EXPECT_TRUE(std::isinf(psnr(a.view(), a.view()).value()));
}

TEST(ImageQuality, RefusesUnequalOrSmallPictures) {
  const Image a = picture(true, false);
  const Image small = Image::create(10, 192, PixelFormat::gray8).value();
  const Image colour = Image::create(208, 192, PixelFormat::rgb8).value();
  EXPECT_FALSE(psnr(a.view(), small.view()));
  EXPECT_FALSE(psnr(a.view(), colour.view()));
  EXPECT_EQ(ssim(small.view(), small.view()).error().message, "picture of 10x192 pixels: each side needs at least 11");
  const Image medium = Image::create(175, 400, PixelFormat::gray8).value();
  EXPECT_FALSE(multi_scale_ssim(medium.view(), medium.view()));
  EXPECT_FALSE(psnr(ImageView{}, ImageView{}));
}

TEST(TextDistance, CountsCharactersAndNotBytes) {
  EXPECT_EQ(levenshtein("kitten", "sitting"), 3U);
  EXPECT_EQ(levenshtein("", "abc"), 3U);
  EXPECT_EQ(levenshtein("Ångström", "Angstrom"), 2U);
  EXPECT_DOUBLE_EQ(text_similarity("日本", "日木"), .5);
  EXPECT_DOUBLE_EQ(text_similarity("", ""), 1);
  EXPECT_DOUBLE_EQ(text_similarity("STOP", "stop"), 0);
}

}  // namespace
}  // namespace vultus::evaluation

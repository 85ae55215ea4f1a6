#include <vultus/engine/degraded_probes.hpp>

#include <gtest/gtest.h>

namespace vultus::engine {
namespace {

/// A face whose eyes are 40 pixels apart in a box of 80 x 100.
FaceObservation face() {
  FaceObservation made;
  made.box = {60, 50, 80, 100};
  made.keypoints[0] = {80, 90};
  made.keypoints[1] = {120, 90};
  return made;
}

Image picture() {
  Image made = Image::create(200, 200, PixelFormat::rgb8).value();
  for (int y = 0; y < 200; ++y)
    for (int x = 0; x < 600; ++x) made.row(y)[x] = static_cast<std::uint8_t>((x * 7 + y * 13) % 251);
  return made;
}

TEST(DegradedProbe, SizeIsTheDistanceOfTheEyes) {
  const Image small = degraded(picture().view(), face(), Degradation::size, 10).value();
  EXPECT_EQ(small.width(), 50);  // 40 pixels become 10
  EXPECT_EQ(degraded(picture().view(), face(), Degradation::size, 90).value().width(), 200) << "never enlarged";
}

TEST(DegradedProbe, OcclusionCoversTheFaceFromTheChin) {
  const Image before = picture();
  const Image hidden = degraded(before.view(), face(), Degradation::occlusion, 0.3).value();
  // 30 of the 100 rows of the box: 120 to 149.
  EXPECT_EQ(hidden.row(119)[100 * 3], before.row(119)[100 * 3]);
  for (const int y : {120, 149}) EXPECT_EQ(hidden.row(y)[100 * 3], 128);
  EXPECT_EQ(hidden.row(150)[100 * 3], before.row(150)[100 * 3]);
  EXPECT_EQ(hidden.row(130)[59 * 3], before.row(130)[59 * 3]);
  EXPECT_EQ(hidden.row(130)[60 * 3], 128);
}

TEST(DegradedProbe, EveryLevelIsStrongerThanTheOneBefore) {
  for (const Degradation kind : {Degradation::blur, Degradation::jpeg, Degradation::occlusion}) {
    double before = 0;
    for (const double level : levels_of(kind)) {
      const Image original = picture();
      const Image worse = degraded(original.view(), face(), kind, level).value();
      double change = 0;
      for (int y = 0; y < 200; ++y)
        for (int x = 0; x < 600; ++x) {
          const double d = double{1} * original.row(y)[x] - worse.row(y)[x];
          change += d * d;
        }
      EXPECT_GT(change, before) << name_of(kind) << " " << level;
      before = change;
    }
  }
  double before = 1e9;
  for (const double eyes : levels_of(Degradation::size)) {
    EXPECT_LT(eyes, before);
    before = eyes;
  }
}

}  // namespace
}  // namespace vultus::engine

#include <vultus/engine/scene_cut.hpp>

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace vultus::engine {
namespace {

/// Soft blobs that drift; `scene` chooses where they are, `brighter` is added to every pixel.
Image shot(int scene, int frame, int brighter = 0) {
  Image image = Image::create(320, 180, PixelFormat::rgb8).value();
  std::mt19937 noise(static_cast<unsigned>(scene * 1000 + frame));
  for (int y = 0; y < 180; ++y)
    for (int x = 0; x < 320; ++x) {
      const double v = 128 + 60 * std::sin((x + 2 * frame) / (20.0 + 7 * scene) + scene) +
                       50 * std::cos(y / (15.0 + 5 * scene) + 2 * scene);
      for (int c = 0; c < 3; ++c)
        image.row(y)[3 * x + c] = static_cast<std::uint8_t>(
            std::clamp<int>(static_cast<int>(v) + brighter + static_cast<int>(noise() % 9), 0, 255));
    }
  return image;
}

TEST(SceneCut, IsSeenAtTheFirstFrameOfANewShot) {
  SceneCut cut;
  for (int frame = 0; frame < 60; ++frame)
    EXPECT_EQ(cut.saw(shot(frame / 20, frame).view()), frame == 20 || frame == 40) << frame;
}

TEST(SceneCut, IsNoFade) {
  SceneCut cut;
  for (int frame = 0; frame < 40; ++frame) EXPECT_FALSE(cut.saw(shot(0, frame, 4 * frame - 80).view())) << frame;
}

TEST(SceneCut, TakesAnySize) {
  SceneCut cut;
  const Image tiny = Image::create(1, 1, PixelFormat::rgb8).value();
  EXPECT_FALSE(cut.saw(tiny.view()));
  EXPECT_FALSE(cut.saw({}));
}

}  // namespace
}  // namespace vultus::engine

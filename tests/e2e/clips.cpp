#include <tests/e2e/clips.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

#include <vultus/media/picture.hpp>
#include <vultus/media/transform.hpp>
#include <vultus/media/video_writer.hpp>

namespace vultus::e2e {
namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 360;
constexpr double kRate = 25;

constexpr media::SoundFormat kHum{.rate = 16'000, .channels = 1};

/// The samples beside one frame.
media::SoundBlock hum() {
  std::vector<float> made(static_cast<std::size_t>(kHum.rate / kRate));
  for (std::size_t i = 0; i < made.size(); ++i) made[i] = static_cast<float>(i % 80) / 200 - .2F;
  return {made};
}

void write_clip(const World& world, const std::string& name, int frames, bool somebody, bool humming = false) {
  const auto photo = media::read_picture(samples().obama_2.string()).value();
  media::VideoWriterOptions options{.quality = 18};
  if (humming) options.sound = kHum;
  auto writer = media::VideoWriter::open((world / name).string(), kWidth, kHeight, options).value();
  Image frame = Image::create(kWidth, kHeight, PixelFormat::rgb8).value();
  const float side = static_cast<float>(std::min(photo.image.width(), photo.image.height()));
  for (int i = 0; i < frames; ++i) {
    for (int y = 0; y < kHeight; ++y) std::fill_n(frame.row(y), 3 * kWidth, static_cast<std::uint8_t>(100));
    if (somebody) {
      MutableImageView part = frame.mutable_view();
      part.data = part.row(20) + std::ptrdiff_t{3} * (20 + std::min(4 * i, kWidth - 340));
      part.width = part.height = 320;
      media::resize_into(photo.image.view(), {0, 0, side, side}, part).value();
    }
    if (humming) writer.add_sound(hum()).value();
    writer.add(frame.view(), Seconds(i / kRate)).value();
  }
  writer.finish().value();
}

}  // namespace

void make_clip(const World& world, const std::string& name, int frames) { write_clip(world, name, frames, true); }
void make_humming_clip(const World& world, const std::string& name, int frames) {
  write_clip(world, name, frames, true, true);
}
void make_empty_clip(const World& world, const std::string& name, int frames) {
  write_clip(world, name, frames, false);
}

}  // namespace vultus::e2e

// Writes a planted video for measuring memory: make_long_clip PHOTO VIDEO SECONDS
// 320 x 240 pixels, 5 frames a second; the face of the photo comes for four seconds, wanders, and is gone for three.
#include <algorithm>
#include <cstdint>
#include <cstdio>

#include <bench/whole_number.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/transform.hpp>
#include <vultus/media/video_writer.hpp>

namespace {

using namespace vultus;  // NOLINT(google-build-using-namespace): a program of one file

constexpr int kWidth = 320;
constexpr int kHeight = 240;
constexpr int kFace = 180;
constexpr int kRate = 5;
constexpr int kComes = 7 * kRate;  // frames from one coming to the next
constexpr int kStays = 4 * kRate;

Status write_clip(const std::string& photo_path, const std::string& path, int seconds) {
  VULTUS_TRY(const media::Picture photo, media::read_picture(photo_path));
  VULTUS_TRY(auto writer, media::VideoWriter::open(path, kWidth, kHeight));
  VULTUS_TRY(Image frame, Image::create(kWidth, kHeight, PixelFormat::rgb8));
  const auto side = static_cast<float>(std::min(photo.image.width(), photo.image.height()));
  for (int i = 0; i < seconds * kRate; ++i) {
    for (int y = 0; y < kHeight; ++y) std::fill_n(frame.row(y), 3 * kWidth, static_cast<std::uint8_t>(100 + i % 3));
    if (i % kComes < kStays) {
      MutableImageView part = frame.mutable_view();
      part.data = part.row(20) + std::ptrdiff_t{3} * (10 + 6 * (i % kComes));
      part.width = part.height = kFace;
      VULTUS_CHECK(media::resize_into(photo.image.view(), {0, 0, side, side}, part));
    }
    VULTUS_CHECK(writer.add(frame.view(), Seconds(static_cast<double>(i) / kRate)));
  }
  return writer.finish();
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return std::fputs("make_long_clip PHOTO VIDEO SECONDS\n", stderr), 2;
  const vultus::Status done =
      write_clip(arguments[1], arguments[2], vultus::bench::whole_number("SECONDS", arguments[3]));
  if (!done) std::fprintf(stderr, "make_long_clip: %s\n", done.error().message.c_str());
  return done ? 0 : 1;
}

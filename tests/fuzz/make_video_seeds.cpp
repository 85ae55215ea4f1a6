// Writes a small clip in each container that Vultus writes, and in some that are made by hand: the seeds from which
// libFuzzer starts. A second folder gets two with sound.
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <vultus/media/video_writer.hpp>

namespace {

constexpr int kSide = 16;
constexpr int kFrames = 3;

bool write_clip(const std::string& path, bool with_sound = false) {
  vultus::media::VideoWriterOptions options;
  if (with_sound) options.sound = vultus::media::SoundFormat{.rate = 8'000};
  auto writer = vultus::media::VideoWriter::open(path, kSide, kSide, options);
  if (!writer) return false;
  auto image = vultus::Image::create(kSide, kSide, vultus::PixelFormat::rgb8);
  for (int i = 0; i < kFrames; ++i) {
    for (int y = 0; y < kSide; ++y)
      for (int x = 0; x < 3 * kSide; ++x) image->row(y)[x] = static_cast<std::uint8_t>(i * 60 + x * 2 + y);
    std::vector<float> hum(320);
    for (std::size_t n = 0; n < hum.size(); ++n) hum[n] = static_cast<float>(n % 40) / 100 - .2F;
    if (with_sound && !writer->add_sound(vultus::media::SoundBlock{hum})) return false;
    if (!writer->add(image->view(), vultus::Seconds(i / 25.0))) return false;
  }
  return writer->finish().has_value();
}

/// Uncompressed frames behind lines of text.
void write_y4m(const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  file << "YUV4MPEG2 W16 H16 F25:1 Ip A1:1 C420jpeg\n";
  for (int i = 0; i < kFrames; ++i) file << "FRAME\n" << std::string(kSide * kSide * 3 / 2, static_cast<char>(60 * i));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return std::fprintf(stderr, "usage: make_video_seeds FOLDER FOLDER\n"), 2;
  const std::string folder = arguments[1];
  write_y4m(folder + "/frames.y4m");
  const std::string sounds = arguments[2];
  if (!write_clip(sounds + "/hum.mp4", true) || !write_clip(sounds + "/hum.mkv", true)) return 1;
  return write_clip(folder + "/clip.mp4") && write_clip(folder + "/clip.mkv") ? 0 : 1;
}

// The sound of a video in its copy: in step, changed as the voice alone is changed, and no longer than the frames.
#include <vultus/engine/deid_sound.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <filesystem>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/media/video.hpp>

namespace vultus::engine {
namespace {

constexpr int kVoice = 16'000;
constexpr double kFrames = 25;

Image grey_frame(int number) {
  Image image = Image::create(64, 48, PixelFormat::rgb8).value();
  std::fill_n(image.row(0), 64 * 48 * 3, static_cast<std::uint8_t>(number * 3 % 200));
  return image;
}

/// A grey video of so many seconds beside a sound that may be longer or shorter.
void write_clip(const std::string& path, double seconds, const media::SoundFormat& format,
                const media::SoundBlock& sound) {
  auto writer = media::VideoWriter::open(path, 64, 48, {.sound = format}).value();
  writer.add_sound(sound).value();
  for (int i = 0; i < static_cast<int>(seconds * kFrames); ++i)
    writer.add(grey_frame(i).view(), Seconds(i / kFrames)).value();
  writer.finish().value();
}

/// Copies frames and sound as Deidentifier does.
DeidSound copy(const std::string& from, const std::string& to, SoundTreatment treatment, double alpha = .8) {
  auto reader = media::VideoReader::open(from).value();
  auto sound = CopiedSound::open(from, treatment, {.alpha = alpha}).value();
  media::VideoWriterOptions options;
  if (sound) options.sound = sound->format();
  auto writer = media::VideoWriter::open(to, reader.info().width, reader.info().height, options).value();
  media::VideoFrame frame;
  Seconds at(0);
  while (reader.next(frame).value()) {
    at = reader.info().clock.seconds(frame.time);
    if (sound && frame.number == 0) sound->start(frame.file_time).value();
    if (sound) sound->write_until(at, writer).value();
    writer.add(frame.image.view(), at).value();
  }
  if (sound) sound->finish(Seconds(at.value() + 1 / kFrames), writer).value();
  writer.finish().value();
  return sound ? sound->report() : DeidSound{};
}

std::vector<float> heard(const std::string& path, int rate = kVoice) {
  auto reader = media::SoundReader::open(path).value();
  if (!reader) return {};
  reader->start({.rate = rate}, Seconds(0)).value();
  media::SoundBlock block;
  EXPECT_GT(reader->next(100'000'000, block).value(), 0U);
  return block[0];
}

/// Noise through one resonance.
std::vector<float> resonance(double frequency, double radius, std::size_t samples) {
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0, .01);
  const double angle = 2 * std::numbers::pi * frequency / kVoice;
  std::vector<float> made(samples, 0.0F);
  double one = 0, two = 0;
  for (float& sample : made) {
    const double now = noise(random) + 2 * radius * std::cos(angle) * one - radius * radius * two;
    two = one, one = now;
    sample = static_cast<float>(now);
  }
  return made;
}

/// Where the resonance lies, by linear prediction of order 2; hertz.
double resonance_of(const std::vector<float>& sound) {
  std::vector<double> r(3);
  for (std::size_t lag = 0; lag < r.size(); ++lag)
    for (std::size_t n = lag; n < sound.size(); ++n) r[lag] += double{sound[n]} * double{sound[n - lag]};
  const auto a = protect::linear_prediction(r);
  return std::acos(-a[0] / (2 * std::sqrt(a[1]))) * kVoice / (2 * std::numbers::pi);
}

TEST(CopiedSound, AlphaOneLeavesTheVoiceAsItIs) {
  const TestFolder folder;
  const std::vector<float> voice = resonance(2'000, .9, 2 * kVoice);
  write_clip(folder / "a.mkv", 2, {.rate = kVoice}, {voice});
  const DeidSound report = copy(folder / "a.mkv", folder / "b.mkv", SoundTreatment::voice, 1);
  EXPECT_EQ(report.outcome, SoundOutcome::voice);
  EXPECT_EQ(report.tracks, 1);
  EXPECT_EQ(report.rate, kVoice);
  EXPECT_EQ(report.channels, 1);
  EXPECT_NEAR(report.seconds, 2, 1e-9);
  const auto same = heard(folder / "b.mkv");
  ASSERT_EQ(same.size(), voice.size());
  for (std::size_t i = 0; i < voice.size(); ++i) ASSERT_NEAR(same[i], voice[i], 2.0 / 32'767) << i;
}

TEST(CopiedSound, AVoiceIsChangedAsWithoutAVideo) {
  const TestFolder folder;
  const std::vector<float> voice = resonance(2'000, .99, 4 * kVoice);
  write_clip(folder / "a.mkv", 4, {.rate = kVoice}, {voice});
  copy(folder / "a.mkv", folder / "b.mkv", SoundTreatment::voice, .8);
  const auto changed = heard(folder / "b.mkv");
  const auto alone = protect::mcadams_voice(heard(folder / "a.mkv"), kVoice, {.alpha = .8}).value();
  ASSERT_EQ(changed.size(), alone.size());
  for (std::size_t i = 0; i < alone.size(); ++i) ASSERT_NEAR(changed[i], alone[i], 2.0 / 32'767) << i;
  // 2,000 Hz go to 2,099 Hz (mcadams_test).
  EXPECT_NEAR(resonance_of(voice), 2'000, 25);
  EXPECT_NEAR(resonance_of(changed), 2'099, 50);
}

TEST(CopiedSound, StaysInStepThroughAac) {
  const TestFolder folder;
  std::vector<float> clicks(44'100 * 6, 0.0F);
  for (int second = 0; second < 6; ++second)
    for (int i = 0; i < 441; ++i)
      clicks[44'100 * static_cast<std::size_t>(second) + 22'050 + static_cast<std::size_t>(i)] =
          static_cast<float>(.7 * std::sin(2 * std::numbers::pi * 1'000 * i / 44'100));
  write_clip(folder / "a.mp4", 6, {.rate = 44'100, .channels = 2}, {clicks, clicks});
  for (const SoundTreatment treatment : {SoundTreatment::voice, SoundTreatment::keep}) {
    const DeidSound report = copy(folder / "a.mp4", folder / "b.mp4", treatment);
    EXPECT_EQ(report.channels, treatment == SoundTreatment::keep ? 2 : 1);
    EXPECT_EQ(report.rate, treatment == SoundTreatment::keep ? 44'100 : kVoice);
    const auto sound = heard(folder / "b.mp4");
    for (int second = 0; second < 6; ++second) {
      const auto from = sound.begin() + std::ptrdiff_t{kVoice} * second;
      const auto to = from + std::min<std::ptrdiff_t>(kVoice, sound.end() - from);
      const auto first = std::find_if(from, to, [](float v) { return std::abs(v) > .1F; });
      EXPECT_NEAR(static_cast<double>(first - from) / kVoice, .5, .015) << second;
    }
  }
}

TEST(CopiedSound, EndsWithTheFramesOrBefore) {
  const TestFolder folder;
  write_clip(folder / "long.mp4", 2, {.rate = kVoice}, {resonance(2'000, .9, 5 * kVoice)});
  EXPECT_NEAR(copy(folder / "long.mp4", folder / "b.mp4", SoundTreatment::voice).seconds, 2, 1e-9);
  EXPECT_NEAR(static_cast<double>(heard(folder / "b.mp4").size()) / kVoice, 2, .07) << "within a frame of AAC";
  write_clip(folder / "short.mkv", 2, {.rate = kVoice}, {resonance(2'000, .9, kVoice)});
  EXPECT_NEAR(copy(folder / "short.mkv", folder / "c.mkv", SoundTreatment::keep).seconds, 1, 1e-9);
  EXPECT_EQ(heard(folder / "c.mkv").size(), static_cast<std::size_t>(kVoice));
}

TEST(CopiedSound, FramesAreThoseOfACopyWithoutSound) {
  const TestFolder folder;
  write_clip(folder / "a.mp4", 1, {.rate = kVoice}, {resonance(2'000, .9, kVoice)});
  copy(folder / "a.mp4", folder / "b.mp4", SoundTreatment::voice);
  auto with = media::VideoReader::open(folder / "b.mp4").value();
  auto from = media::VideoReader::open(folder / "a.mp4").value();
  const std::string silent = folder / "c.mp4";
  auto writer = media::VideoWriter::open(silent, 64, 48).value();
  media::VideoFrame frame, other;
  while (from.next(frame).value()) writer.add(frame.image.view(), from.info().clock.seconds(frame.time)).value();
  writer.finish().value();
  auto without = media::VideoReader::open(silent).value();
  for (;;) {
    const bool more = without.next(other).value();
    ASSERT_EQ(with.next(frame).value(), more);
    if (!more) break;
    EXPECT_EQ(frame.image, other.image);
    EXPECT_NEAR(with.info().clock.seconds(frame.time).value(), without.info().clock.seconds(other.time).value(), 1e-4);
  }
}

TEST(CopiedSound, WithoutSoundThereIsNothing) {
  const TestFolder folder;
  const std::string silent = folder / "a.mp4";
  auto writer = media::VideoWriter::open(silent, 64, 48).value();
  writer.add(grey_frame(1).view(), Seconds(0)).value();
  writer.finish().value();
  EXPECT_FALSE(CopiedSound::open(silent, SoundTreatment::voice, {}).value());
  write_clip(folder / "b.mkv", 1, {.rate = kVoice}, {resonance(2'000, .9, kVoice)});
  EXPECT_FALSE(CopiedSound::open(folder / "b.mkv", SoundTreatment::voice, {.alpha = 3}));
}

}  // namespace
}  // namespace vultus::engine

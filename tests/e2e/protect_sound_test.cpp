// vultus protect deid and voice on videos with sound. FFmpeg's program makes the clips and listens to the copies.
#include <algorithm>
#include <cmath>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/clips.hpp>
#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kHeardRate = 16'000;
constexpr double kAFrame = 1.0 / 25;

/// A tone of 1,000 Hz for 20 ms at .5 s, 1.5 s, 2.5 s ..., as FFmpeg's expression.
constexpr const char* kClicks = "aevalsrc=0.6*sin(2*PI*1000*t)*between(mod(t\\,1)\\,0.5\\,0.52):s=44100:d=4";

/// Makes silent.mp4 of four seconds with a face, then other clips of it.
void make(const World& world, const std::string& lines) {
  make_clip(world, "silent.mp4", 100);
  const Answer made = world.shell("set -e; q='ffmpeg -v error -y'; clicks='" + std::string(kClicks) + "'; " + lines);
  ASSERT_EQ(made.code, 0) << made.err;
}

struct Copied {
  Json run, file;
  std::string err;
};

Copied copied(const World& world, const std::string& from, const std::string& to,
              const std::vector<std::string>& more) {
  std::vector<std::string> all{"protect", "deid", from, "-o", to, "--method", "solid", "--fast", "--json"};
  all.insert(all.end(), more.begin(), more.end());
  const Answer answer = world.vultus(all);
  EXPECT_EQ(answer.code, 0) << answer.err;
  const auto lines = json_lines(answer.out);
  if (lines.empty()) return {};
  return {.run = lines[0], .file = lines[0].at("files").at(0), .err = answer.err};
}

/// The sound of a file as FFmpeg hears it; empty where there is none.
std::vector<float> heard(const World& world, const std::string& name) {
  const Answer answer = world.shell("rm -f heard.raw; ffmpeg -v error -y -i " + name + " -map 0:a:0 -ac 1 -ar " +
                                    std::to_string(kHeardRate) + " -f f32le heard.raw");
  if (answer.code != 0) return {};
  const std::string bytes = read_bytes(world / "heard.raw");
  std::vector<float> sound(bytes.size() / sizeof(float));
  std::memcpy(sound.data(), bytes.data(), sound.size() * sizeof(float));
  return sound;
}

std::vector<double> clicks_of(const std::vector<float>& sound) {
  std::vector<double> found;
  std::size_t last = 0;
  for (std::size_t i = 0; i < sound.size(); ++i) {
    if (std::abs(sound[i]) < .1F) continue;
    if (found.empty() || i - last > kHeardRate / 4) found.push_back(static_cast<double>(i) / kHeardRate);
    last = i;
  }
  return found;
}

TEST(ProtectSound, IsDroppedUnlessItIsAskedFor) {
  const World world;
  make(world, "$q -i silent.mp4 -f lavfi -i \"$clicks\" -c:v copy -c:a aac -shortest clip.mp4");
  const Copied dropped = copied(world, "clip.mp4", "out.mp4", {});
  EXPECT_EQ(dropped.file.at("sound"), "dropped");
  EXPECT_TRUE(heard(world, "out.mp4").empty());
  EXPECT_EQ(copied(world, "silent.mp4", "out.mp4", {"--sound", "voice"}).file.at("sound"), "none");
  EXPECT_EQ(copied(world, "a.jpg", "out.jpg", {"--sound", "voice"}).file.at("sound"), "none");
}

TEST(ProtectSound, AVoiceStaysInStepWithTheFrames) {
  const World world;
  make(world,
       "s='-i silent.mp4 -f lavfi -i'; $q $s \"$clicks\" -c:v copy -c:a aac -shortest aac.mp4; "
       "$q $s \"$clicks\" -c:v copy -c:a libopus -ar 48000 opus.mkv; "
       "$q $s \"$clicks\" -c:v copy -c:a aac -f mpegts stream.ts; "
       "$q $s \"$clicks\" -c:v copy -c:a pcm_s16le -ac 2 pcm.mov; "
       // Sound that begins three tenths later, and one with a hole from 1.2 to 1.8 s.
       "$q -i silent.mp4 -itsoffset 0.3 -f lavfi -i \"$clicks\" -c:v copy -c:a aac late.mkv; "
       "$q $s \"$clicks,aselect='not(between(t,1.2,1.8))'\" -c:v copy -c:a flac hole.mkv; "
       "$q $s \"$clicks\" -vf \"select='not(mod(n,3))+between(t,1,1.5)'\" -fps_mode vfr -c:v libx264 -c:a aac odd.mkv");
  struct Case {
    const char* from;
    const char* to;
    std::vector<double> clicks;
  };
  const std::vector<double> all{.5, 1.5, 2.5, 3.5};
  for (const Case& one :
       {Case{"aac.mp4", "a.mp4", all}, Case{"opus.mkv", "b.mkv", all}, Case{"stream.ts", "c.mov", all},
        Case{"pcm.mov", "d.mp4", all}, Case{"late.mkv", "e.mp4", {.8, 1.8, 2.8, 3.8}},
        Case{"hole.mkv", "f.mkv", {.5, 2.5, 3.5}}, Case{"odd.mkv", "g.mp4", all}}) {
    const Copied copy = copied(world, one.from, one.to, {"--sound", "voice"});
    EXPECT_EQ(copy.file.at("sound"), "voice") << one.from;
    EXPECT_EQ(copy.file.at("sound_track").at("alpha"), .8);
    EXPECT_EQ(copy.file.at("sound_track").at("rate"), 16'000);
    EXPECT_EQ(copy.file.at("sound_track").at("channels"), 1);
    EXPECT_NEAR(copy.file.at("sound_track").at("seconds").get<double>(), 4, .15) << one.from;
    const auto found = clicks_of(heard(world, one.to));
    ASSERT_EQ(found.size(), one.clicks.size()) << one.from;
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], one.clicks[i], kAFrame) << one.from;
  }
}

TEST(ProtectSound, KeptIsToldAndSoAreOtherTracks) {
  const World world;
  make(
      world,
      "$q -i silent.mp4 -f lavfi -i \"$clicks\" -f lavfi -i sine=440:d=4 -map 0:v -map 1:a -map 2:a -c:v copy -c:a aac "
      "-metadata title=Ada -metadata:s:a:0 language=fra -metadata:s:a:0 handler_name=Ada two.mp4");
  const Copied kept = copied(world, "two.mp4", "out.mp4", {"--sound", "keep"});
  EXPECT_EQ(kept.file.at("sound"), "kept");
  EXPECT_THAT(kept.file.at("sound_track").at("warning").get<std::string>(), HasSubstr("says who somebody is"));
  EXPECT_EQ(kept.file.at("sound_track").at("tracks_of_input"), 2);
  EXPECT_FALSE(kept.file.at("sound_track").contains("alpha"));
  EXPECT_THAT(kept.err, HasSubstr("says who somebody is"));
  EXPECT_THAT(kept.err, HasSubstr("the first of 2 tracks"));
  EXPECT_EQ(clicks_of(heard(world, "out.mp4")).size(), 4U) << "the second track is a tone without an end";
  const Answer told = world.shell("ffprobe -v error -show_format -show_streams out.mp4");
  ASSERT_EQ(told.code, 0) << told.err;
  EXPECT_THAT(told.out, Not(HasSubstr("Ada")));
  EXPECT_THAT(told.out, Not(HasSubstr("fra\n")));
}

TEST(ProtectSound, DamageIsSilenceAndWhatCannotBeReadIsAnError) {
  const World world;
  make(world,
       "$q -i silent.mp4 -f lavfi -i \"$clicks\" -c:v copy -c:a mp2 -f mpegts whole.ts; "
       "$q -i silent.mp4 -f lavfi -i \"$clicks\" -map 0:v -map 1:a -c:v copy -c:a pcm_s16le whole.mkv");
  std::string stream = read_bytes(world / "whole.ts");
  for (std::size_t at = stream.size() * 2 / 5; at + 400 < stream.size() * 3 / 5; at += 1'000) stream.erase(at, 77);
  world.write("damaged.ts", stream);
  const Copied damaged = copied(world, "damaged.ts", "out.mp4", {"--sound", "voice"});
  EXPECT_EQ(damaged.file.at("sound"), "voice");
  const auto clicks = clicks_of(heard(world, "out.mp4"));
  for (const double at : {.5, 3.5})
    EXPECT_TRUE(std::ranges::any_of(clicks, [&](double click) { return std::abs(click - at) < kAFrame; })) << at;
  // A codec that nobody has.
  std::string unknown = read_bytes(world / "whole.mkv");
  const std::size_t name = unknown.find("A_PCM/INT/LIT");
  ASSERT_NE(name, std::string::npos);
  world.write("unknown.mkv", unknown.replace(name, 5, "A_XYZ"));
  const Answer refused =
      world.vultus({"protect", "deid", "unknown.mkv", "-o", "no.mkv", "--sound", "voice", "--fast", "-q"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("codec of its sound"));
  EXPECT_FALSE(std::filesystem::exists(world / "no.mkv"));
  EXPECT_EQ(copied(world, "unknown.mkv", "out.mkv", {}).file.at("sound"), "dropped")
      << "without sound there is no error";
}

TEST(ProtectSound, OptionsMustFit) {
  const World world;
  const auto code = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all{"protect", "deid", "a.jpg", "-o", "b.jpg"};
    all.insert(all.end(), more.begin(), more.end());
    return world.vultus(all).code;
  };
  EXPECT_EQ(code({"--sound", "loud"}), 2);
  EXPECT_EQ(code({"--sound", "voice", "--alpha", "3"}), 2);
  EXPECT_EQ(code({"--sound", "voice", "--alpha", "1"}), 3) << "the voice would stay as it is";
  EXPECT_EQ(code({"--alpha", "0.7"}), 3) << "without a voice";
  EXPECT_EQ(code({"--sound", "keep", "--alpha", "0.7"}), 3);
}

TEST(ProtectVoice, TakesTheSoundOfAVideo) {
  const World world;
  make(world, "$q -i silent.mp4 -f lavfi -i \"$clicks\" -c:v copy -c:a aac -shortest clip.mp4");
  const Answer answer = world.vultus({"protect", "voice", "clip.mp4", "-o", "voice.wav", "--json"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  EXPECT_EQ(json_lines(answer.out).at(0).at("rate"), 16'000);
  EXPECT_EQ(clicks_of(heard(world, "voice.wav")).size(), 4U);
  const Answer silent = world.vultus({"protect", "voice", "silent.mp4", "-o", "voice.wav"});
  EXPECT_NE(silent.code, 0);
  EXPECT_THAT(silent.err, HasSubstr("no sound"));
}

TEST(ProtectVoice, LeavesItsInputAndNoVoiceAsItIs) {
  const World world;
  ASSERT_EQ(world.shell("ffmpeg -v error -f lavfi -i sine=440:d=1 a.wav").code, 0);
  const std::string before = read_bytes(world / "a.wav");
  const Answer same = world.vultus({"protect", "voice", "./a.wav", "-o", "a.wav"});
  EXPECT_EQ(same.code, 3);
  EXPECT_THAT(same.err, HasSubstr("would replace it"));
  EXPECT_EQ(read_bytes(world / "a.wav"), before);
  const Answer unchanged = world.vultus({"protect", "voice", "a.wav", "-o", "b.wav", "--alpha", "1.01"});
  EXPECT_EQ(unchanged.code, 3);
  EXPECT_THAT(unchanged.err, HasSubstr("alpha 1.01 leaves it as it is; at most 0.98 or at least 1.02 is wanted"));
  EXPECT_EQ(world.vultus({"protect", "voice", "a.wav", "-o", "b.wav", "--alpha", "1.02"}).code, 0);
}

}  // namespace
}  // namespace vultus::e2e

// The built program on videos, pipes and streams.
#include <algorithm>
#include <cmath>
#include <csignal>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/clips.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/test_pictures.hpp>
#include <vultus/media/transform.hpp>
#include <vultus/media/video.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Track, TellsWhoWasThereWhenOneObjectATrack) {
  const World world;
  world.enroll_people();
  make_clip(world, "clip.mp4");
  const Answer answer = world.vultus({"track", "clip.mp4", "--gallery", "people.vgal", "-o", "clip.vultus", "--report",
                                      "clip.html", "--annotate", "named.mp4", "--json"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const auto lines = json_lines(answer.out);
  ASSERT_EQ(lines.size(), 1U) << answer.out;
  EXPECT_EQ(lines[0]["subject"], "Ada Lovelace");
  EXPECT_EQ(lines[0]["track"], 1);
  EXPECT_LT(lines[0]["from"].get<double>(), 0.2);
  EXPECT_NEAR(lines[0]["to"].get<double>(), 49.0 / 25, 0.1);
  EXPECT_GT(lines[0]["similarity"].get<double>(), lines[0]["threshold"].get<double>());
  EXPECT_LT(lines[0]["fmr"].get<double>(), 0.01);
  EXPECT_THAT(read_bytes(world / "clip.html"), HasSubstr("Ada Lovelace"));
  EXPECT_THAT(read_bytes(world / "clip.html"), HasSubstr("data:image/jpeg"));
  auto named = media::VideoReader::open((world / "named.mp4").string());
  ASSERT_TRUE(named) << named.error().message;
  media::VideoFrame frame;
  std::int64_t frames = 0;
  while (named->next(frame).value()) ++frames;
  EXPECT_EQ(frames, 50) << "every frame of a file is there";

  const Answer report = world.vultus({"report", "clip.vultus", "-o", "again.html"});
  EXPECT_EQ(report.code, 0) << report.err;
  EXPECT_THAT(read_bytes(world / "again.html"), HasSubstr("Ada Lovelace"));
  EXPECT_THAT(read_bytes(world / "again.html"), HasSubstr("data:image/jpeg"));

  const Answer twice = world.vultus({"track", "clip.mp4", "-o", "clip.vultus"});
  EXPECT_NE(twice.code, 0);
  EXPECT_THAT(twice.err, HasSubstr("--force"));
}

TEST(Track, WithoutAGalleryNobodyIsNamed) {
  const World world;
  make_clip(world, "clip.mkv");
  const Answer answer = world.vultus({"track", "clip.mkv", "--json"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const auto lines = json_lines(answer.out);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0]["subject"].is_null());
  EXPECT_TRUE(lines[0]["threshold"].is_null());
  EXPECT_NE(world.vultus({"track", "clip.mkv", "--fmr", "1e-3"}).code, 0);
}

TEST(Track, CommercialOnlyRunsNoAnalyserWhoseNetworkIsNotStatedToBeFree) {
  const World world;
  make_clip(world, "clip.mkv", 20);
  const Answer all = world.vultus({"track", "clip.mkv", "-o", "free.vultus", "--commercial-only"});
  ASSERT_EQ(all.code, 0) << all.err;
  for (const char* said : {"landmarks is not measured: model human_iris", "expression is not measured",
                           "eyes is not measured: model fr_eye", "because they read what is not there: "})
    EXPECT_THAT(all.err, HasSubstr(said));
  const Answer exported = world.vultus({"export", "free.vultus", "--format", "jsonl", "-o", "free.jsonl"});
  ASSERT_EQ(exported.code, 0) << exported.err;
  const std::string channels = read_bytes(world / "free.jsonl");
  EXPECT_THAT(channels, HasSubstr("quality"));
  for (const char* network : {"expression_pairwise", "fr_eye", "human_iris", "displayed_units"})
    EXPECT_THAT(channels, Not(HasSubstr(network)));
  for (const char* named : {"expression", "displayed_units", "landmarks", "pose", "liveness"}) {
    const Answer refused =
        world.vultus({"track", "clip.mkv", "-o", "no.vultus", "--commercial-only", "--channels", named});
    EXPECT_EQ(refused.code, 7) << named << refused.err;
    EXPECT_THAT(refused.err, HasSubstr("commercial use is")) << named;
    EXPECT_FALSE(std::filesystem::exists(world / "no.vultus")) << named;
  }
  EXPECT_EQ(world.vultus({"liveness", "challenge", "clip.mkv", "--steps", "blink", "--commercial-only"}).code, 7);
  ASSERT_EQ(world.vultus({"enroll", "free.vgal", "people", "--commercial-only"}).code, 0);
  EXPECT_EQ(world.vultus({"identify", "free.vgal", "b.jpg", "--commercial-only", "--require-live"}).code, 7);
}

TEST(Track, NeverReplacesWhatItReads) {
  const World world;
  world.enroll_people();
  make_clip(world, "clip.mp4", 10);
  world.copy(samples().obama_2, "row/f1.jpg");
  const auto spared = [&](const std::string& file, std::vector<std::string> arguments) {
    const std::string before = read_bytes(world / file);
    const std::string option = arguments[arguments.size() - 2];
    const Answer refused = world.vultus(std::move(arguments));
    EXPECT_EQ(refused.code, 3) << file << refused.err;
    EXPECT_THAT(refused.err, HasSubstr("is an input")) << file;
    EXPECT_THAT(refused.err, HasSubstr(option)) << file;
    EXPECT_EQ(refused.out.find("Annotated video"), std::string::npos);
    EXPECT_EQ(read_bytes(world / file), before) << file;
  };
  spared("clip.mp4", {"track", "clip.mp4", "--report", "clip.mp4"});
  spared("clip.mp4", {"track", "clip.mp4", "--annotate", "./clip.mp4"});
  spared("people.vgal", {"track", "clip.mp4", "--gallery", "people.vgal", "--report", "people.vgal"});
  spared("row/f1.jpg", {"track", "row", "--report", "row/f1.jpg"});
  spared("row/f1.jpg", {"track", "row/f%d.jpg", "--report", "row/f1.jpg"});
  spared("clip.mp4", {"identify", "people.vgal", "clip.mp4", "--report", "clip.mp4"});
  world.write("page.html", "an older page");
  EXPECT_EQ(world.vultus({"track", "clip.mp4", "--report", "page.html"}).code, 0);
  EXPECT_THAT(read_bytes(world / "page.html"), HasSubstr("<h2 id=\"video-1\""));
  world.write("broken.mp4", "this is no video");
  const Answer broken = world.vultus({"track", "broken.mp4", "--annotate", "named.mp4"});
  EXPECT_EQ(broken.code, 1);
  EXPECT_THAT(broken.out, Not(HasSubstr("Annotated video")));
}

TEST(Track, CsvSaysNothingOfAThresholdThatNobodyAskedFor) {
  const World world;
  make_clip(world, "clip.mkv", 20);
  const Answer answer = world.vultus({"track", "clip.mkv", "--csv", "--quiet"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  // subject, similarity, threshold, fmr, probability, calibration, fmr_bound, error_code, error_message
  EXPECT_THAT(answer.out, ::testing::EndsWith(",,,,,,,,,\r\n"));
  EXPECT_EQ(world.vultus({"track"}).code, 2);
  EXPECT_THAT(world.vultus({"track"}).err, HasSubstr("INPUT is required"));
  EXPECT_EQ(world.vultus({"track", "--list-channels"}).code, 0);
}

TEST(Track, ReadsAPipeAndPicturesInARow) {
  const World world;
  make_clip(world, "clip.mkv", 30);
  const Answer piped = world.shell("cat clip.mkv | vultus track - --json --quiet");
  EXPECT_EQ(piped.code, 0) << piped.err;
  EXPECT_EQ(json_lines(piped.out).size(), 1U);
  for (int i = 1; i <= 6; ++i) world.copy(samples().obama_2, "row/f" + std::to_string(i) + ".jpg");
  for (const char* name : {"row", "row/f%d.jpg"}) {
    const Answer row = world.vultus({"track", name, "--rate", "5", "--json", "--quiet"});
    EXPECT_EQ(row.code, 0) << row.err;
    const auto lines = json_lines(row.out);
    ASSERT_EQ(lines.size(), 1U) << name;
    EXPECT_NEAR(lines[0]["to"].get<double>(), 1.0, 1e-6);
  }
}

TEST(Track, AStreamIsFollowedAndItsPasswordNeverTold) {
  const World world;
  // A camera that sends one JPEG after the other.
  world.write("serve.py",
              "import socket, time\n"
              "s = socket.create_server(('127.0.0.1', 0))\n"
              "open('port', 'w').write(str(s.getsockname()[1]))\n"
              "c, _ = s.accept()\n"
              "data = open('b.jpg', 'rb').read()\n"
              "for i in range(60):\n"
              "    c.sendall(data); time.sleep(0.1)\n"
              "c.close()\n");
  const Answer live = world.shell(
      "python3 serve.py & for i in 1 2 3 4 5 6 7 8 9 10; do [ -s port ] || sleep 0.2; done; "
      "vultus track \"tcp://joe:hush@127.0.0.1:$(cat port)\" --json; code=$?; wait; exit $code");
  EXPECT_EQ(live.code, 0) << live.err;
  EXPECT_EQ(json_lines(live.out).size(), 1U) << live.out;
  EXPECT_THAT(live.out + live.err, Not(HasSubstr("hush")));
  const Answer nobody = world.vultus({"track", "rtsp://joe:hush@127.0.0.1:9/x", "--patience", "3", "--json"});
  EXPECT_EQ(nobody.code, 1);
  EXPECT_THAT(nobody.out, HasSubstr("not_found"));
  EXPECT_THAT(nobody.out + nobody.err, Not(HasSubstr("hush")));
}

/// A camera of tests/e2e/rtsp_camera.py with Obama before it, as JPEG or H.264.
class RtspCamera : public ::testing::Test {
 protected:
  void SetUp() override {
    // Sides that are multiples of 8, as JPEG in RTP wants.
    const auto photo = media::read_picture((world_ / "b.jpg").string()).value();
    Image picture = Image::create(640, 480, PixelFormat::rgb8).value();
    const float side = static_cast<float>(std::min(photo.image.width(), photo.image.height()));
    media::resize_into(photo.image.view(), {0, 0, side, side}, picture.mutable_view()).value();
    const auto jpeg = media::testing::jpeg_of(picture, {.quality = 90});  // with the standard Huffman tables
    world_.write("camera.jpg", std::string(jpeg.begin(), jpeg.end()));
    const Answer made = world_.shell(
        "ffmpeg -v error -loop 1 -i camera.jpg -t 2 -r 10 -pix_fmt yuv420p -c:v libx264 -x264-params "
        "slices=1:keyint=10:sliced-threads=0 camera.h264");
    ASSERT_EQ(made.code, 0) << made.err;
    world_.enroll_people();
  }
  /// Follows 40 pictures at 10 a second.
  [[nodiscard]] Answer follow(const std::string& camera) const {
    return world_.shell("python3 \"" VULTUS_SOURCE_DIR "/tests/e2e/rtsp_camera.py\" " + camera +
                        " & for i in 1 2 3 4 5 6 7 8 9 10; do [ -s port ] || sleep 0.2; done; "
                        "vultus track \"rtsp://joe:hush@127.0.0.1:$(cat port)/\" --gallery people.vgal --patience 10 "
                        "--json; code=$?; wait; exit $code");
  }
  World world_;
};

class RtspTransport : public RtspCamera, public ::testing::WithParamInterface<const char*> {};

TEST_P(RtspTransport, IsFollowedAndItsPasswordNeverTold) {
  const Answer live = follow(GetParam());
  EXPECT_EQ(live.code, 0) << live.err;
  const auto lines = json_lines(live.out);
  ASSERT_EQ(lines.size(), 1U) << live.out << live.err;
  EXPECT_EQ(lines[0]["subject"], "Ada Lovelace");
  EXPECT_GT(lines[0]["to"].get<double>() - lines[0]["from"].get<double>(), 1);
  EXPECT_THAT(live.out + live.err, Not(HasSubstr("hush")));
}
INSTANTIATE_TEST_SUITE_P(All, RtspTransport,
                         ::testing::Values("camera.jpg 40 10 port", "camera.jpg 40 10 port --udp",
                                           "camera.h264 40 10 port", "camera.h264 40 10 port --udp"),
                         [](const auto& at) {
                           const std::string line = at.param;
                           return std::string(line.find("h264") == std::string::npos ? "Jpeg" : "H264") +
                                  (line.find("udp") == std::string::npos ? "InTheConnection" : "AsDatagrams");
                         });

TEST_F(RtspCamera, ThatLosesPacketsCostsFramesAndNotTheRun) {
  const Answer live = follow("camera.h264 40 10 port --udp --lose 50");
  EXPECT_EQ(live.code, 0) << live.err;
  EXPECT_THAT(live.err, HasSubstr("1 video"));
}

TEST(Track, AFileThatComesInTimeAndANamedPipeStandForACamera) {
  const World world;
  world.enroll_people();
  make_clip(world, "clip.mkv", 40);
  const Answer live = world.shell(
      "mkfifo camera; ffmpeg -v error -re -i clip.mkv -c copy -f mpegts -y camera & "
      "vultus track camera --gallery people.vgal --json; code=$?; wait; exit $code");
  EXPECT_EQ(live.code, 0) << live.err;
  const auto lines = json_lines(live.out);
  ASSERT_EQ(lines.size(), 1U) << live.out;
  EXPECT_EQ(lines[0]["subject"], "Ada Lovelace");
  const Answer none = world.vultus({"track", "camera:63", "--json"});
  EXPECT_EQ(none.code, 1);
  EXPECT_EQ(json_lines(none.out)[0]["error"]["message"], "camera:63: there is no camera at /dev/video63");
}

TEST(Track, TurnedOddlyTimedAndDamagedClipsShowTheSamePerson) {
  const World world;
  world.enroll_people();
  make_clip(world, "clip.mp4", 75);
  const Answer made = world.shell(
      "set -e; q='ffmpeg -v error -y'; "
      // Lies on its side; the file says so.
      "$q -i clip.mp4 -vf transpose=1 -c:v libx264 side.mp4; $q -i side.mp4 -c copy -metadata:s:v:0 rotate=90 "
      "turned.mp4; "
      // Every third frame, but all of them for half a second.
      "$q -i clip.mp4 -vf \"select='not(mod(n,3))+between(t,1,1.5)'\" -fps_mode vfr -c:v libx264 odd.mkv; "
      "$q -i clip.mp4 -c:v libx264 -g 25 -bf 0 -f mpegts damaged.ts");
  ASSERT_EQ(made.code, 0) << made.err;
  std::string stream = read_bytes(world / "damaged.ts");
  for (std::size_t at = stream.size() / 2; at + 400 < stream.size() * 2 / 3; at += 1000) stream.erase(at, 77);
  world.write("damaged.ts", stream);
  for (const char* name : {"turned.mp4", "odd.mkv", "damaged.ts"}) {
    const Answer answer = world.vultus({"track", name, "--gallery", "people.vgal", "--json"});
    EXPECT_EQ(answer.code, 0) << answer.err;
    const auto lines = json_lines(answer.out);
    ASSERT_FALSE(lines.empty()) << name;
    EXPECT_EQ(lines[0]["subject"], "Ada Lovelace") << name << answer.out;
  }
  const auto rows = json_lines(world.vultus({"identify", "people.vgal", "odd.mkv", "--json", "-q"}).out);
  for (const Json& row : rows) {
    const double frame = row["time"].get<double>() * 25;
    EXPECT_NEAR(frame, std::round(frame), 0.05) << "the time of the file, not frames counted: " << row;
  }
  EXPECT_THAT(world.vultus({"track", "damaged.ts", "--json"}).err, HasSubstr("damaged"));
}

TEST(Track, AnUnreadableVideoIsToldAndTheOthersAreFollowed) {
  const World world;
  make_empty_clip(world, "a.mp4");
  world.write("b.mp4", "this is no video");
  make_clip(world, "c.mp4", 20);
  const Answer answer = world.vultus({"track", "a.mp4", "b.mp4", "missing.mp4", "c.mp4", "--json"});
  EXPECT_EQ(answer.code, 1) << answer.err;
  const auto lines = json_lines(answer.out);
  EXPECT_EQ(line_of(lines, "b.mp4")["error"]["code"], "corrupt_data");
  EXPECT_EQ(line_of(lines, "missing.mp4")["error"]["code"], "not_found");
  EXPECT_TRUE(line_of(lines, "c.mp4").contains("track"));
  EXPECT_TRUE(line_of(lines, "a.mp4").is_null()) << "a video without a face has no row";
}

TEST(Identify, OfAVideoTellsFrameTimeAndTrack) {
  const World world;
  world.enroll_people();
  make_clip(world, "clip.mp4");
  const Answer answer = world.vultus({"identify", "people.vgal", "clip.mp4", "--json"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const auto lines = json_lines(answer.out);
  ASSERT_GT(lines.size(), 35U);
  const Json& last = lines.back();
  EXPECT_EQ(last["frame"], 49);
  EXPECT_NEAR(last["time"].get<double>(), 49.0 / 25, 1e-3);
  EXPECT_EQ(last["track"], 1);
  EXPECT_EQ(last["subject"], "Ada Lovelace");
  EXPECT_EQ(last["box"].size(), 4U);
  EXPECT_GT(last["probability"].get<double>(), 0.99);
  EXPECT_EQ(last["calibration"], "preset");
  EXPECT_TRUE(lines.front()["subject"].is_null()) << "unknown until there is enough evidence";
  for (const Json& line : lines) {
    EXPECT_EQ(line["threshold"], last["threshold"]) << "known before anybody is";
    EXPECT_EQ(line["fmr"], last["fmr"]);
    EXPECT_EQ(line["calibration"], "preset");
  }
  const Answer csv = world.vultus({"identify", "people.vgal", "clip.mp4", "--csv", "--quiet"});
  EXPECT_THAT(csv.out, HasSubstr("file,frame,time,track,"));
  EXPECT_THAT(csv.out, HasSubstr("," + last["probability"].dump() + ",preset,")) << "as JSON prints it";
  EXPECT_THAT(csv.out, Not(HasSubstr(",0.000000,0,")));
  for (const std::vector<std::string>& option : std::vector<std::vector<std::string>>{
           {"--top-k", "3"}, {"--once-per-picture"}, {"--quality"}, {"--require-live"}}) {
    std::vector<std::string> arguments{"identify", "people.vgal", "clip.mp4"};
    arguments.insert(arguments.end(), option.begin(), option.end());
    const Answer refused = world.vultus(arguments);
    EXPECT_EQ(refused.code, 3) << option[0];
    EXPECT_THAT(refused.err, HasSubstr(option[0]));
  }
  EXPECT_EQ(last["face"], 1);
  const Answer mixed = world.vultus({"identify", "people.vgal", "a.jpg", "clip.mp4"});
  EXPECT_NE(mixed.code, 0);
  EXPECT_THAT(mixed.err, HasSubstr("clip.mp4"));
}

TEST(Track, ASignalEndsItAndWhatWasSeenIsKept) {
  const World world;
  make_clip(world, "clip.mkv", 1500);
  bool sent = false;
  const Answer answer = world.vultus(
      {.arguments = {"track", "clip.mkv", "-o", "clip.vultus", "--report", "seen.html", "--frames", "--json"},
       .folder = {},
       .watch = [&](pid_t pid, const std::string& out) {
         if (!sent && std::ranges::count(out, '\n') > 30) kill(pid, SIGINT), sent = true;
       }});
  EXPECT_TRUE(sent);
  EXPECT_EQ(answer.code, 130) << answer.err;
  EXPECT_THAT(read_bytes(world / "seen.html"), HasSubstr("<h2 id=\"video-1\""));
  const Answer report = world.vultus({"report", "clip.vultus", "-o", "clip.html"});
  EXPECT_EQ(report.code, 0) << report.err;
}

}  // namespace
}  // namespace vultus::e2e

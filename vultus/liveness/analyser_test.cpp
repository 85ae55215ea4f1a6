// The analyser on networks that are none; the conformance test of the engine runs it on real ones.
#include <vultus/liveness/analyser.hpp>

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <vultus/face/fake_network.hpp>

namespace vultus::liveness {
namespace {

namespace fake = face::test;
using runtime::Network;

/// White pictures are live, black ones are spoofs, to both networks.
ModelSource by_brightness(int& runs) {
  return [&runs](const ModelId& id) -> Result<runtime::ModelHandle> {
    if (id.text() == "fr_liveness")
      return fake::fake_model("print_replay", {1, 3, 128, 128}, [&runs](Network& net) {
        ++runs;
        const bool bright = net.input()[3 * 64 * 128 + 3 * 64] > 100;
        return fake::Outputs{{"logits", bright ? std::vector<float>{8, 0, 0} : std::vector<float>{0, 8, 0}}};
      });
    return fake::fake_model("spoof_tree", {1, 3, 256, 256}, [](Network& net) {
      const bool bright = net.input()[3 * 128 * 256 + 3 * 128] > 100;
      return fake::Outputs{{"leaves", {bright ? 0.0F : 0.9F}}, {"path", {1}}};
    });
  };
}

Image flat(std::uint8_t level) {
  Image image = Image::create(300, 300, PixelFormat::rgb8).value();
  for (int y = 0; y < 300; ++y) std::fill(image.row(y), image.row(y) + image.stride(), level);
  return image;
}

AnalysedFrame frame_at(double seconds, const Image& picture, bool cut = false, float side = 200) {
  AnalysedFrame frame{.time = {static_cast<std::int64_t>(seconds * 1000)},
                      .seconds = Seconds(seconds),
                      .picture = picture.view(),
                      .cut = cut,
                      .faces = {}};
  AnalysedFace face{TrackId(7), {}, {}};
  face.face.box = {50, 50, side, side};
  frame.faces.push_back(std::move(face));
  return frame;
}

class LivenessAnalyserTest : public ::testing::Test {
 protected:
  std::unique_ptr<Analyser> make(const AnalyserOptions& options = {}) {
    auto made = make_liveness(by_brightness(runs_), options).value();
    Source source;
    source.id = SourceId(1), source.width = 300, source.height = 300;
    made->begin(source).value();
    runs_ = 0;
    return made;
  }
  static const FaceReadings& look(Analyser& analyser, AnalysedFrame& frame) {
    analyser.look(std::span(&frame, 1)).value();
    return frame.faces[0].readings;
  }
  int runs_ = 0;
  Image bright_ = flat(200), dark_ = flat(60);
};

TEST_F(LivenessAnalyserTest, SaysNothingBeforeEnoughWasSeenAndThenWhatTheFramesSay) {
  const auto analyser = make();
  for (int i = 0; i < 10; ++i) {
    AnalysedFrame frame = frame_at(0.2 * i, bright_);
    const FaceReadings& readings = look(*analyser, frame);
    EXPECT_NE(readings.number(kFrame), nullptr);
    EXPECT_EQ(*readings.text(kReason), i < 4 ? "too_few_frames" : "live") << i;
    EXPECT_EQ(*readings.text(kDecision), i < 4 ? "unknown" : "live");
    EXPECT_EQ(readings.number(kLive) != nullptr, i >= 4);
  }
}

TEST_F(LivenessAnalyserTest, LooksAtAFaceNowAndThen) {
  const auto analyser = make({.policy = {}, .track = {}, .every_s = 0.2});
  for (int i = 0; i < 50; ++i) {
    AnalysedFrame frame = frame_at(i / 25.0, bright_);
    look(*analyser, frame);
  }
  EXPECT_EQ(runs_, 10);
}

TEST_F(LivenessAnalyserTest, ForgetsWhatWasBeforeACut) {
  const auto analyser = make();
  for (int i = 0; i < 6; ++i) {
    AnalysedFrame frame = frame_at(0.2 * i, bright_);
    look(*analyser, frame);
  }
  AnalysedFrame after = frame_at(1.2, bright_, true);
  EXPECT_EQ(*look(*analyser, after).text(kReason), "too_few_frames");
}

TEST_F(LivenessAnalyserTest, ATrackEndsWithAnAnswer) {
  const auto analyser = make();
  for (int i = 0; i < 6; ++i) {
    AnalysedFrame frame = frame_at(0.2 * i, dark_);
    look(*analyser, frame);
  }
  Timeline timeline;
  Source source;
  source.id = SourceId(1);
  Evidence evidence;
  evidence.id = EvidenceId(1);
  ASSERT_TRUE(timeline.add(source) && timeline.add(evidence));
  for (const ChannelDeclaration& channel : analyser->info().writes)
    ASSERT_TRUE(timeline.add(Channel{channel.id, channel.unit, EvidenceId(1)}));
  ASSERT_TRUE(timeline.add(Track{TrackId(7), SourceId(1)}));
  ASSERT_TRUE(analyser->end(TrackId(7), timeline));
  ASSERT_EQ(timeline.annotations().size(), 1U);
  EXPECT_EQ(timeline.annotations()[0].label, "spoof");
  EXPECT_DOUBLE_EQ(timeline.annotations()[0].to, 1.0);
  EXPECT_TRUE(analyser->end(TrackId(7), timeline));  // nothing is left to tell
  EXPECT_EQ(timeline.annotations().size(), 1U);
}

TEST_F(LivenessAnalyserTest, AFaceThatIsTooSmallSaysSo) {
  const auto analyser = make();
  AnalysedFrame frame = frame_at(0, bright_, false, 20);
  const FaceReadings& readings = look(*analyser, frame);
  EXPECT_EQ(*readings.text(kReason), "too_small");
  EXPECT_EQ(readings.number(kLive), nullptr);
  EXPECT_EQ(runs_, 0);
}

TEST_F(LivenessAnalyserTest, RefusesOptionsOutsideTheirRange) {
  EXPECT_FALSE(make_liveness(by_brightness(runs_), {.policy = {}, .track = {}, .every_s = -1}));
  EXPECT_FALSE(make_liveness(by_brightness(runs_), {.policy = {}, .track = {.fewest = 0}, .every_s = 0}));
}

}  // namespace
}  // namespace vultus::liveness

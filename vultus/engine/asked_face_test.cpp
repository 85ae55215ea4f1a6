// Whose face a challenge asks: nobody does a step in another one's name.
#include <vultus/engine/asked_face.hpp>

#include <gtest/gtest.h>

namespace vultus::engine {
namespace {

/// Who stands there is told by the width of the box.
constexpr float kAnn = 100, kBob = 120;

Result<Embedding> embed_by_width(ImageView, const FaceObservation& face) {
  return Embedding::normalised(ModelId("fake"),
                               face.box.width == kAnn ? std::vector<float>{1, 0} : std::vector<float>{0, 1});
}

/// A challenge of one turn to the left, ten frames a second.
class AskedScene {
 public:
  /// Nobody is there.
  liveness::ChallengeState nobody(double seconds) {
    for (const double end = now_ + seconds; now_ < end;) add({});
    return challenge_.state();
  }
  /// @param yaw  below 0 = turned to the left; nothing = not measured
  liveness::ChallengeState stands(float who, std::int64_t track, std::optional<double> yaw, double seconds) {
    AnalysedFace face{.track = TrackId(track), .face = {}, .readings = {}};
    face.face.box = {200, 100, who, 140};
    face.readings.write(ChannelId("eye.closure"), 0.0);
    face.readings.write(ChannelId("expression.happiness"), 0.0);
    if (yaw) face.readings.write(ChannelId("pose.ry"), *yaw);
    for (const double end = now_ + seconds; now_ < end;) add({face});
    return challenge_.state();
  }
  AskedFace& asked() { return asked_; }
  [[nodiscard]] const AskedMoment& last() const { return last_; }

 private:
  void add(std::vector<AnalysedFace> faces) {
    AnalysedFrame frame{.time = {}, .seconds = Seconds(now_), .picture = picture_.view(), .faces = std::move(faces)};
    last_ = asked_.look(frame).value();
    last_.face = nullptr;  // it lies in a frame that is gone
    EXPECT_TRUE(challenge_.add(last_.sample));
    now_ += 0.1;
  }

  Image picture_ = Image::create(640, 480, PixelFormat::rgb8).value();
  AskedFace asked_{embed_by_width};
  liveness::Challenge challenge_ = liveness::Challenge::start(std::vector{liveness::Step::turn_left}).value();
  AskedMoment last_;
  double now_ = 0;
};

constexpr double kTurnedLeft = -0.436;  // 25 degrees: a turn, and too far for a comparison

TEST(AskedFace, PassesWhereOnePersonDoesWhatIsAsked) {
  AskedScene scene;
  scene.stands(kAnn, 1, 0.0, 1);
  EXPECT_EQ(scene.stands(kAnn, 1, kTurnedLeft, 0.5), liveness::ChallengeState::passed);
}

TEST(AskedFace, SomebodyElseWhoComesWithATurnedHeadDoesNoStep) {
  AskedScene scene;
  EXPECT_EQ(scene.stands(kAnn, 1, 0.0, 1), liveness::ChallengeState::asked);
  scene.nobody(0.3);
  EXPECT_EQ(scene.stands(kBob, 2, kTurnedLeft, 0.5), liveness::ChallengeState::asked);
  EXPECT_FALSE(scene.last().sample.face);
  EXPECT_EQ(scene.stands(kBob, 2, kTurnedLeft, 2), liveness::ChallengeState::face_lost);
}

TEST(AskedFace, SomebodyElseWhoComesFrontallyIsFoundOut) {
  AskedScene scene;
  scene.stands(kAnn, 1, 0.0, 1);
  EXPECT_EQ(scene.stands(kBob, 2, 0.0, 0.2), liveness::ChallengeState::identity_changed);
}

TEST(AskedFace, WhoComesBackGoesOnOnceCompared) {
  AskedScene scene;
  scene.stands(kAnn, 1, 0.0, 1);
  scene.stands(kAnn, 2, kTurnedLeft, 0.3);
  EXPECT_FALSE(scene.last().sample.face);
  EXPECT_EQ(scene.stands(kAnn, 2, 0.0, 0.3), liveness::ChallengeState::asked);
  EXPECT_TRUE(scene.last().sample.face);
  EXPECT_EQ(scene.stands(kAnn, 2, kTurnedLeft, 0.5), liveness::ChallengeState::passed);
}

TEST(AskedFace, WhoWasNeverFrontalGivesThePlaceUpAsLongAsNothingWasDone) {
  AskedScene scene;
  scene.stands(kBob, 1, kTurnedLeft, 0.5);
  scene.stands(kAnn, 2, 0.0, 0.1);
  EXPECT_TRUE(scene.last().anew);
  EXPECT_EQ(scene.stands(kAnn, 2, 0.0, 0.5), liveness::ChallengeState::asked);
  EXPECT_FALSE(scene.last().anew);
  EXPECT_EQ(scene.asked().take_first(), Embedding::normalised(ModelId("fake"), {1, 0}).value());
}

TEST(AskedFace, AfterAStepNobodyTakesThePlaceOfWhoWasNeverFrontal) {
  AskedScene scene;
  scene.stands(kAnn, 1, std::nullopt, 0.5);
  scene.asked().settle();
  scene.stands(kBob, 2, 0.0, 0.5);
  EXPECT_FALSE(scene.last().sample.face);
  EXPECT_FALSE(scene.asked().take_first());
}

}  // namespace
}  // namespace vultus::engine

// The passive judgement of a challenge: what was said of a face is not forgotten before the end.
#include <vultus/engine/challenge_passive.hpp>

#include <string>

#include <gtest/gtest.h>

#include <vultus/engine/challenge_run.hpp>
#include <vultus/liveness/analyser.hpp>

namespace vultus::engine {
namespace {

using liveness::ChallengeState;
using liveness::Decision;
using liveness::Reason;

AnalysedFace judged_face(std::int64_t track, Reason reason, double live) {
  AnalysedFace face{.track = TrackId(track), .face = {}, .readings = {}};
  face.readings.write(liveness::kLive, live);
  face.readings.write(liveness::kReason, std::string(liveness::name_of(reason)));
  return face;
}

AnalysedFace unjudged_face(std::int64_t track, Reason reason) {
  AnalysedFace face{.track = TrackId(track), .face = {}, .readings = {}};
  face.readings.absent(liveness::kLive, std::string(liveness::name_of(reason)));
  face.readings.write(liveness::kReason, std::string(liveness::name_of(reason)));
  return face;
}

ChallengeRun passed_with(const ChallengePassive& passive) {
  ChallengeRun run;
  run.state = ChallengeState::passed;
  run.passive = passive.reading();
  return run;
}

TEST(ChallengePassive, ASpoofStaysOneAfterACut) {
  ChallengePassive passive(0.5);
  passive.add(judged_face(1, Reason::spoof, 0.1));
  passive.add(unjudged_face(1, Reason::too_few_frames));
  EXPECT_EQ(passive.reading().live, 0.1);
  EXPECT_EQ(passed_with(passive).decision(), Decision::spoof);
  EXPECT_EQ(passed_with(passive).reason(), "spoof");
  passive.add(judged_face(1, Reason::live, 0.9));
  EXPECT_EQ(passed_with(passive).decision(), Decision::spoof);
}

TEST(ChallengePassive, ASpoofStaysOneBehindAHand) {
  ChallengePassive passive(0.5);
  passive.add(judged_face(1, Reason::spoof, 0.2));
  passive.add(unjudged_face(2, Reason::too_few_frames));
  EXPECT_EQ(passed_with(passive).decision(), Decision::spoof);
  // A track that begins with a score ends the one before it as well.
  passive.add(judged_face(3, Reason::live, 0.95));
  EXPECT_EQ(passive.reading().reason, Reason::spoof);
  passive.add(judged_face(4, Reason::spoof, 0.05));
  EXPECT_EQ(passive.reading().live, 0.05);
}

TEST(ChallengePassive, OneTrackCountsByItsLastAnswer) {
  ChallengePassive passive(0.5);
  passive.add(judged_face(1, Reason::spoof, 0.3));
  passive.add(judged_face(1, Reason::live, 0.9));
  EXPECT_EQ(passed_with(passive).decision(), Decision::live);
  EXPECT_EQ(passed_with(passive).reason(), "passed");
}

TEST(ChallengePassive, WhoWasNeverJudgedIsNotLive) {
  ChallengePassive passive(0.4);
  EXPECT_EQ(passive.reading().reason, Reason::too_few_frames);
  EXPECT_EQ(passive.reading().threshold, 0.4);
  passive.add(unjudged_face(1, Reason::too_small));
  EXPECT_EQ(passive.reading().reason, Reason::too_small);
  EXPECT_EQ(passed_with(passive).decision(), Decision::unknown);
  EXPECT_EQ(passed_with(passive).reason(), "not_judged");
  passive.add(judged_face(1, Reason::uncertain, 0.4));
  EXPECT_EQ(passed_with(passive).decision(), Decision::live);
}

TEST(ChallengePassive, WhoGaveThePlaceUpDoesNotCount) {
  ChallengePassive passive(0.5);
  passive.add(judged_face(1, Reason::spoof, 0.1));
  passive.forget();
  passive.add(judged_face(2, Reason::live, 0.9));
  EXPECT_EQ(passed_with(passive).decision(), Decision::live);
}

}  // namespace
}  // namespace vultus::engine

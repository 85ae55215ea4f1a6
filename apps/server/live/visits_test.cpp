// Which faces are worth an event.
#include <gtest/gtest.h>

#include <apps/server/live/visits.hpp>

namespace vultus::server {
namespace {

engine::FollowedFace face(std::int64_t track, RectF box, std::int64_t subject, bool enough = true) {
  engine::FollowedFace seen{.track = TrackId(track), .face = {}, .detected = true, .enough = enough, .decision = {}};
  seen.face.box = box;
  seen.decision.at.threshold = Cosine(0.5F);
  seen.decision.best = Candidate{.subject = SubjectId(subject > 0 ? subject : 7),
                                 .name = "P" + std::to_string(subject),
                                 .face = FaceId(1),
                                 .similarity = Cosine(subject > 0 ? 0.75F : 0.25F)};
  if (subject > 0 && enough) seen.decision.match = seen.decision.best;
  return seen;
}

engine::TrackSummary end_of(std::int64_t track) {
  engine::TrackSummary summary{};
  summary.track = TrackId(track);
  summary.thumbnail = {1, 2, 3};
  return summary;
}

std::string told(const std::vector<Happening>& happened) {
  std::string text;
  for (const Happening& one : happened) text += std::string(name_of(one.kind)) + ":" + one.name + "@" + one.zone + " ";
  return text;
}

class VisitsTest : public ::testing::Test {
 protected:
  std::string see(std::vector<engine::FollowedFace> faces, double now) {
    last_ = visits_.see(faces, 100, 100, now, live_);
    return told(last_);
  }
  std::string end(std::int64_t track, double now) {
    const std::vector tracks{end_of(track)};
    last_ = visits_.ended(tracks, now, live_);
    return told(last_);
  }
  /// From now on liveness is asked for, and this is said of every track.
  void judge(liveness::Reason reason) {
    live_ = [reason](TrackId) {
      return liveness::Reading{.live = reason == liveness::Reason::live ? 0.75 : 0.25, .reason = reason};
    };
  }
  std::vector<Happening> last_;
  LivenessOf live_;
  Visits visits_{CameraRules{.zones = {}, .minimum_face_px = 0, .once_per_visit_s = 60}};
  const RectF middle_{40, 40, 20, 30};
};

TEST_F(VisitsTest, APersonIsToldOnceAVisitAndLostWhenTheTrackEnds) {
  EXPECT_EQ(see({face(1, middle_, 5)}, 0), "known:P5@ ");
  EXPECT_EQ(see({face(1, middle_, 5)}, 50), "");
  EXPECT_EQ(end(1, 51), "lost:P5@ ");
  EXPECT_EQ(see({face(2, middle_, 5)}, 110), "") << "60 s have not passed since 51";
  EXPECT_EQ(end(2, 111), "") << "nothing was told of this track";
  EXPECT_EQ(see({face(3, middle_, 5), face(4, middle_, 6)}, 172), "known:P5@ known:P6@ ");
}

TEST_F(VisitsTest, NobodyIsToldOnceATrackAtItsEndOrAfterAWhile) {
  EXPECT_EQ(see({face(1, middle_, 0)}, 0), "");
  EXPECT_EQ(see({face(1, middle_, 0)}, 2.9), "");
  EXPECT_EQ(see({face(1, middle_, 0)}, 3), "unknown:@ ");
  EXPECT_EQ(see({face(1, middle_, 0)}, 9), "");
  EXPECT_EQ(end(1, 10), "");
  EXPECT_EQ(see({face(2, middle_, 0)}, 20), "");
  EXPECT_EQ(end(2, 21), "unknown:@ ");
}

TEST_F(VisitsTest, WithoutEnoughEvidenceNobodyIsToldBeforeTheEnd) {
  EXPECT_EQ(see({face(1, middle_, 5, false)}, 0), "");
  EXPECT_EQ(see({face(1, middle_, 5, false)}, 30), "");
  EXPECT_EQ(see({face(1, middle_, 5)}, 31), "known:P5@ ") << "a name may come late";
}

TEST_F(VisitsTest, WhereLivenessIsAskedForANameWaitsUntilTheFaceIsJudgedLive) {
  judge(liveness::Reason::too_few_frames);
  EXPECT_EQ(see({face(1, middle_, 5)}, 0), "");
  EXPECT_EQ(see({face(1, middle_, 5)}, 2), "");
  judge(liveness::Reason::live);
  EXPECT_EQ(see({face(1, middle_, 5)}, 2.5), "known:P5@ ");
  EXPECT_EQ(last_.at(0).live, (LivenessTold{.score = 0.75, .decision = "live", .reason = "live"}));
  EXPECT_EQ(last_.at(0).similarity, 0.75);
  EXPECT_EQ(end(1, 4), "lost:P5@ ");
}

TEST_F(VisitsTest, APictureOfSomebodyIsToldAsUnknownWithoutWhomItShows) {
  judge(liveness::Reason::spoof);
  EXPECT_EQ(see({face(1, middle_, 5)}, 0), "");
  EXPECT_EQ(see({face(1, middle_, 5)}, 3), "unknown:@ ");
  EXPECT_EQ(last_.at(0).live->decision, "spoof");
  EXPECT_FALSE(last_.at(0).similarity) << "it would tell whom it resembles";
  EXPECT_FALSE(last_.at(0).subject);
  EXPECT_EQ(end(1, 4), "");
  EXPECT_EQ(see({face(2, middle_, 5)}, 5), "");
  EXPECT_EQ(end(2, 6), "unknown:@ ");
  EXPECT_FALSE(last_.at(0).similarity);
  judge(liveness::Reason::live);
  EXPECT_EQ(see({face(3, middle_, 5)}, 7), "known:P5@ ") << "a picture is no visit of theirs";
}

TEST_F(VisitsTest, SmallFacesAndThoseOutsideTheZonesDoNotCount) {
  visits_.set_rules({.zones = {{"door", {{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}}}, {"gate", {{0.7F, 0}, {1, 0}, {1, 1}}}},
                     .minimum_face_px = 20,
                     .once_per_visit_s = 0});
  EXPECT_EQ(see({face(1, {40, 40, 19, 30}, 1)}, 0), "") << "19 pixels";
  EXPECT_EQ(see({face(1, {40, 40, 20, 30}, 1)}, 1), "") << "centre at 0.5, the border of the door";
  EXPECT_EQ(end(1, 2), "") << "it never counted";
  EXPECT_EQ(see({face(2, {30, 40, 20, 30}, 1), face(3, {85, 10, 20, 20}, 2)}, 3), "known:P1@door known:P2@gate ");
  EXPECT_EQ(see({face(2, {55, 40, 20, 30}, 1)}, 4), "");
  EXPECT_EQ(end(2, 5), "lost:P1@door ") << "where it was last seen inside";
}

TEST(Zones, FollowTheirPolygonAlsoWhereItTurnsInwards) {
  const Zone zone{"c", {{0, 0}, {1, 0}, {1, 0.2F}, {0.2F, 0.2F}, {0.2F, 0.8F}, {1, 0.8F}, {1, 1}, {0, 1}}};
  EXPECT_TRUE(zone.holds({0.1F, 0.5F}));
  EXPECT_TRUE(zone.holds({0.9F, 0.1F}));
  EXPECT_FALSE(zone.holds({0.5F, 0.5F}));
  EXPECT_FALSE(zone.holds({1.5F, 0.1F}));
}

TEST(Zones, AreToldAndReadAgain) {
  const CameraRules rules{
      .zones = {{"door", {{0, 0}, {0.5, 0}, {0.5, 1}}}}, .minimum_face_px = 40, .once_per_visit_s = 5};
  EXPECT_EQ(rules_from(rules_json(rules), {}).value(), rules);
  Json twice = rules_json(rules);
  twice["zones"].push_back(twice["zones"][0]);
  EXPECT_FALSE(rules_from(twice, {}));
  EXPECT_EQ(rules_from(Json{{"minimum_face_px", 9}}, rules).value().zones, rules.zones);
}

}  // namespace
}  // namespace vultus::server

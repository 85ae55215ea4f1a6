#include <vultus/face/tracker.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include <gtest/gtest.h>

namespace vultus::face {
namespace {

constexpr double kFrame = 1.0 / 25;

RectF square_at(double x, double y, double side = 60) {
  return {static_cast<float>(x - side / 2), static_cast<float>(y - side / 2), static_cast<float>(side),
          static_cast<float>(side)};
}

/// Somebody's face: unit vectors at right angles, with some noise.
Embedding person(int who, std::mt19937* random = nullptr) {
  std::vector<float> values(32, 0.0F);
  values[static_cast<std::size_t>(who)] = 1;
  if (random != nullptr) {
    std::normal_distribution<float> noise(0, 0.1F);
    for (float& v : values) v += noise(*random);
  }
  return Embedding::normalised(ModelId("test"), values).value();
}

std::vector<TrackId> ids(const std::vector<std::optional<Joined>>& joined) {
  std::vector<TrackId> all;
  for (const auto& one : joined) all.push_back(one.value().track);
  return all;
}

TEST(BoxMotion, FollowsASteadyMoveAndPredictsTheNextStep) {
  BoxMotion motion(square_at(100, 100));
  for (int i = 1; i <= 40; ++i) {
    motion.predict(Seconds(kFrame));
    motion.correct(square_at(100 + 5.0 * i, 100 + 2.0 * i, 60 + i));
  }
  motion.predict(Seconds(kFrame));
  EXPECT_NEAR(motion.box().centre().x, 100 + 5 * 41, 1);
  EXPECT_NEAR(motion.box().centre().y, 100 + 2 * 41, 1);
  EXPECT_NEAR(motion.box().width, 101, 2);
}

TEST(BoxMotion, OneStepEqualsTwoHalves) {
  BoxMotion one(square_at(100, 100)), two(square_at(100, 100));
  one.predict(Seconds(0.04)), two.predict(Seconds(0.04));
  one.correct(square_at(110, 100)), two.correct(square_at(110, 100));
  one.predict(Seconds(0.2));
  two.predict(Seconds(0.1)), two.predict(Seconds(0.1));
  EXPECT_NEAR(one.box().x, two.box().x, 1e-3);
}

TEST(Tracker, ATrackIsToldAfterThreeDetections) {
  Tracker tracker;
  for (int i = 0; i < 5; ++i) {
    const auto joined = tracker.update(Seconds(i * kFrame), std::vector{square_at(100 + i, 100)}).value();
    EXPECT_EQ(joined[0]->confirmed, i >= 2);
    EXPECT_EQ(joined[0]->is_new, i == 0);
    EXPECT_EQ(joined[0]->track, TrackId(1));
  }
}

TEST(Tracker, KeepsTheIdThroughAShortOcclusion) {
  Tracker tracker;
  for (int i = 0; i < 60; ++i) {
    const bool hidden = i >= 20 && i < 35;
    const auto boxes = hidden ? std::vector<RectF>() : std::vector{square_at(100 + 4.0 * i, 100)};
    const auto joined = tracker.update(Seconds(i * kFrame), boxes).value();
    if (!hidden) {
      EXPECT_EQ(joined[0]->track, TrackId(1)) << i;
    }
  }
}

TEST(Tracker, EndsATrackThatStaysAway) {
  Tracker tracker({.keep_lost = Seconds(1)});
  for (int i = 0; i < 10; ++i) (void)tracker.update(Seconds(i * kFrame), std::vector{square_at(100, 100)}).value();
  (void)tracker.update(Seconds(1.0), {}).value();
  EXPECT_TRUE(tracker.take_ended().empty());
  (void)tracker.update(Seconds(1.5), {}).value();
  EXPECT_EQ(tracker.take_ended(), std::vector{TrackId(1)});
  EXPECT_TRUE(tracker.take_ended().empty()) << "told once";
  EXPECT_EQ(tracker.update(Seconds(1.6), std::vector{square_at(100, 100)}).value()[0]->track, TrackId(2));
}

/// Two people walk through each other. @return the id at each of the two faces, at the end
std::vector<TrackId> cross(bool with_appearance, bool hidden_behind) {
  Tracker tracker;
  std::mt19937 random(7);
  std::vector<TrackId> last;
  for (int i = 0; i <= 50; ++i) {
    const double left = 100 + 6.0 * i, right = 400 - 6.0 * i;
    std::vector<RectF> boxes{square_at(left, 100), square_at(right, 102)};
    std::vector<int> who{0, 1};
    // While they overlap the one behind is not seen.
    if (hidden_behind && std::abs(left - right) < 70) boxes.pop_back();
    const auto joined = tracker
                            .update(Seconds(i * kFrame), boxes,
                                    [&](std::size_t d) -> Result<std::optional<Embedding>> {
                                      if (!with_appearance) return std::optional<Embedding>();
                                      return std::optional(person(who[d], &random));
                                    })
                            .value();
    for (std::size_t d = 0; d < boxes.size(); ++d)
      if (with_appearance && i < 10) tracker.remember(joined[d]->track, person(who[d]));
    last = ids(joined);
  }
  return last;
}

TEST(Tracker, KeepsIdsThroughACrossing) {
  EXPECT_EQ(cross(false, false), (std::vector{TrackId(1), TrackId(2)})) << "by motion";
  EXPECT_EQ(cross(true, false), (std::vector{TrackId(1), TrackId(2)}));
  EXPECT_EQ(cross(true, true), (std::vector{TrackId(1), TrackId(2)})) << "one hides the other";
}

TEST(Tracker, FindsFacesAgainAfterACut) {
  Tracker tracker;
  for (int i = 0; i < 10; ++i) {
    const auto joined =
        tracker.update(Seconds(i * kFrame), std::vector{square_at(100, 100), square_at(300, 100)}).value();
    tracker.remember(joined[0]->track, person(0));
    tracker.remember(joined[1]->track, person(1));
  }
  tracker.cut();
  // They have changed places, and a stranger stands where the first one was.
  const std::vector<int> who{1, 5, 0};
  const auto joined =
      tracker
          .update(Seconds(11 * kFrame), std::vector{square_at(90, 110), square_at(100, 300), square_at(310, 110)},
                  [&](std::size_t d) -> Result<std::optional<Embedding>> { return std::optional(person(who[d])); })
          .value();
  EXPECT_EQ(joined[0]->track, TrackId(2));
  EXPECT_TRUE(joined[1]->is_new);
  EXPECT_EQ(joined[2]->track, TrackId(1));
}

TEST(Tracker, ACutWithoutAppearanceStartsAnew) {
  Tracker tracker;
  for (int i = 0; i < 10; ++i) (void)tracker.update(Seconds(i * kFrame), std::vector{square_at(100, 100)}).value();
  tracker.cut();
  EXPECT_TRUE(tracker.update(Seconds(0.5), std::vector{square_at(100, 100)}).value()[0]->is_new);
}

TEST(Tracker, SomebodyElseInTheSamePlaceIsAnotherTrack) {
  Tracker tracker;
  for (int i = 0; i < 10; ++i) {
    const auto joined = tracker.update(Seconds(i * kFrame), std::vector{square_at(100, 100)}).value();
    tracker.remember(joined[0]->track, person(0));
  }
  (void)tracker.update(Seconds(0.6), {}).value();
  const auto joined =
      tracker
          .update(Seconds(0.7), std::vector{square_at(100, 100)},
                  [&](std::size_t) -> Result<std::optional<Embedding>> { return std::optional(person(3)); })
          .value();
  EXPECT_TRUE(joined[0]->is_new);
}

TEST(Tracker, AYoungTrackMayBeALostOne) {
  Tracker tracker;
  for (int i = 0; i < 5; ++i) {
    const auto joined = tracker.update(Seconds(i * kFrame), std::vector{square_at(100, 100)}).value();
    tracker.remember(joined[0]->track, person(0));
  }
  for (int i = 5; i < 20; ++i) (void)tracker.update(Seconds(i * kFrame), {}).value();
  for (int i = 20; i < 23; ++i) (void)tracker.update(Seconds(i * kFrame), std::vector{square_at(500, 100)}).value();
  EXPECT_FALSE(tracker.reunite(TrackId(2), person(4)).value()) << "somebody else";
  EXPECT_EQ(tracker.reunite(TrackId(2), person(0)).value(), TrackId(1));
  const auto joined = tracker.update(Seconds(23 * kFrame), std::vector{square_at(500, 100)}).value();
  EXPECT_EQ(joined[0]->track, TrackId(1));
  EXPECT_TRUE(joined[0]->confirmed);
  (void)tracker.update(Seconds(9), {}).value();
  EXPECT_EQ(tracker.take_ended(), std::vector{TrackId(1)});
}

TEST(Tracker, AsksForAppearanceOnlyInDoubt) {
  Tracker tracker;
  int asked = 0;
  const auto count = [&](std::size_t) -> Result<std::optional<Embedding>> {
    ++asked;
    return std::optional(person(0));
  };
  for (int i = 0; i < 50; ++i) {
    const auto joined =
        tracker.update(Seconds(i * kFrame), std::vector{square_at(100 + i, 100), square_at(400, 100)}, count).value();
    tracker.remember(joined[0]->track, person(0));
    tracker.remember(joined[1]->track, person(1));
  }
  EXPECT_EQ(asked, 0);
}

TEST(Tracker, TellsWhichOptionIsOutOfItsRange) {
  const auto refused = [](const TrackerOptions& options) {
    Tracker tracker(options);
    const auto joined = tracker.update(Seconds(0), std::vector{square_at(100, 100)});
    return joined ? "" : joined.error().message;
  };
  EXPECT_EQ(refused({.appearance_weight = 3}), "");
  EXPECT_EQ(refused({.appearance_weight = 10}), "TrackerOptions: appearance_weight = 10.000000, must be from 0 to 3");
  EXPECT_NE(refused({.appearance_weight = -1}), "");
  EXPECT_NE(refused({.min_overlap = 1}), "");
  EXPECT_NE(refused({.confirm_after = 0}), "");
  EXPECT_NE(refused({.keep_lost = Seconds(0)}), "");
}

TEST(Tracker, ACrowdKeepsItsIds) {
  std::mt19937 random(11);
  std::normal_distribution<double> jitter(0, 1.5);
  Tracker tracker;
  std::map<int, TrackId> id_of;
  int switches = 0;
  for (int i = 0; i < 100; ++i) {
    std::vector<RectF> boxes;
    std::vector<int> who;
    for (int p = 0; p < 25; ++p) {
      const int row = p / 5;
      if (random() % 10 == 0) continue;  // missed by the detector
      boxes.push_back(square_at(100 + 90 * (p % 5) + 20 * std::sin(i / 9.0 + p) + jitter(random),
                                100 + 90 * row + 20 * std::cos(i / 11.0 + p) + jitter(random)));
      who.push_back(p);
    }
    const auto joined = tracker.update(Seconds(i * kFrame), boxes).value();
    for (std::size_t d = 0; d < boxes.size(); ++d) {
      if (!joined[d]->confirmed) continue;
      const auto [at, first] = id_of.try_emplace(who[d], joined[d]->track);
      if (!first && at->second != joined[d]->track) ++switches, at->second = joined[d]->track;
    }
  }
  EXPECT_EQ(id_of.size(), 25U);
  EXPECT_EQ(switches, 0);
}

TEST(Tracker, MemoryIsBoundedByTheFacesAlive) {
  Tracker tracker({.max_tracks = 10});
  std::mt19937 random(3);
  std::uniform_real_distribution<double> place(0, 1000);
  for (int i = 0; i < 1000; ++i) {
    std::vector<RectF> boxes;
    for (int p = 0; p < 30; ++p) boxes.push_back(square_at(place(random), place(random), 20));
    const auto joined = tracker.update(Seconds(i * kFrame), boxes).value();
    EXPECT_LE(tracker.live().size(), 10U);
    EXPECT_GT(std::ranges::count_if(joined, [](const auto& j) { return !j; }), 0);
    (void)tracker.take_ended();
  }
}

}  // namespace
}  // namespace vultus::face

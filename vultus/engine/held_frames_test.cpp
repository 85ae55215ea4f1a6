#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/engine/held_frames.hpp>

namespace vultus::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Tracks = std::vector<std::int64_t>;

FollowedFace seen(std::int64_t track, bool confirmed) {
  FollowedFace face;
  face.track = TrackId(track);
  face.confirmed = confirmed;
  return face;
}

/// What was passed on: the number of each frame and the tracks in it.
class Held : public ::testing::Test {
 protected:
  Status add(std::int64_t number, std::vector<FollowedFace> faces, const std::vector<SettledTrack>& settled = {}) {
    HeldFrame frame;
    frame.frame.number = number;
    frame.frame.image = Image::create(4, 4, PixelFormat::rgb8).value();
    frame.followed.faces = std::move(faces);
    return held_.add(std::move(frame), settled);
  }
  std::vector<std::pair<std::int64_t, Tracks>> told_;
  HeldFrames held_{[this](HeldFrame& frame) -> Status {
    EXPECT_EQ(frame.followed.frame, &frame.frame);
    Tracks tracks;
    for (const FollowedFace& face : frame.followed.faces) tracks.push_back(face.track.number());
    told_.emplace_back(frame.frame.number, tracks);
    return {};
  }};
};

TEST_F(Held, PassesOnAtOnceWhatIsInNoDoubt) {
  ASSERT_TRUE(add(0, {}));
  ASSERT_TRUE(add(1, {seen(1, true)}));
  EXPECT_THAT(told_, ElementsAre(Pair(0, IsEmpty()), Pair(1, ElementsAre(1))));
}

TEST_F(Held, ATrackHasItsFirstFramesWhenItIsConfirmed) {
  ASSERT_TRUE(add(0, {seen(1, true), seen(2, false)}));
  ASSERT_TRUE(add(1, {seen(1, true)}));
  EXPECT_THAT(told_, IsEmpty());
  ASSERT_TRUE(add(2, {seen(1, true), seen(2, true)}, {{TrackId(2), TrackId(2)}}));
  EXPECT_THAT(told_, ElementsAre(Pair(0, ElementsAre(1, 2)), Pair(1, ElementsAre(1)), Pair(2, ElementsAre(1, 2))));
}

TEST_F(Held, WhatWasNoiseIsNotTold) {
  ASSERT_TRUE(add(0, {seen(1, false)}));
  ASSERT_TRUE(add(1, {}, {{TrackId(1), std::nullopt}}));
  EXPECT_THAT(told_, ElementsAre(Pair(0, IsEmpty()), Pair(1, IsEmpty())));
}

TEST_F(Held, APersonWhoComesBackKeepsTheOldTrack) {
  ASSERT_TRUE(add(0, {seen(3, true), seen(7, false)}));
  ASSERT_TRUE(add(1, {seen(2, true), seen(3, true)}, {{TrackId(7), TrackId(2)}}));
  EXPECT_THAT(told_, ElementsAre(Pair(0, ElementsAre(2, 3)), Pair(1, ElementsAre(2, 3))));
}

TEST_F(Held, OneFaceIsToldOnceWhereBothTracksSawIt) {
  ASSERT_TRUE(add(0, {seen(2, true), seen(7, false)}));
  ASSERT_TRUE(add(1, {seen(2, true)}, {{TrackId(7), TrackId(2)}}));
  EXPECT_THAT(told_, ElementsAre(Pair(0, ElementsAre(2)), Pair(1, ElementsAre(2))));
}

TEST_F(Held, AtTheEndDoubtIsNotTold) {
  ASSERT_TRUE(add(0, {seen(1, false), seen(2, false)}));
  ASSERT_TRUE(held_.finish(std::vector<SettledTrack>{{TrackId(2), TrackId(2)}}));
  EXPECT_THAT(told_, ElementsAre(Pair(0, ElementsAre(2))));
}

TEST_F(Held, MoreFramesThanMayWaitGoOnWithoutTheirDoubtfulFaces) {
  for (std::size_t i = 0; i <= HeldFrames::kMostFrames; ++i)
    ASSERT_TRUE(add(static_cast<std::int64_t>(i), {seen(1, false)}));
  EXPECT_THAT(told_, ElementsAre(Pair(0, IsEmpty())));
  EXPECT_EQ(held_.waiting().size(), HeldFrames::kMostFrames);
}

TEST_F(Held, AnErrorOfTheReceiverIsTold) {
  HeldFrames held([](HeldFrame&) -> Status { return fail(ErrorCode::resource_limit, "full"); });
  EXPECT_EQ(held.add({}, {}).error().message, "full");
}

}  // namespace
}  // namespace vultus::engine

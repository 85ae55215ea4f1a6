#include <vultus/liveness/camera_thresholds.hpp>

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::liveness {
namespace {

using ::testing::HasSubstr;

std::vector<double> hundredths(int count) {
  std::vector<double> scores;
  for (int i = count; i > 0; --i) scores.push_back(i / 1000.0);
  return scores;
}

std::ptrdiff_t not_called_live(const std::vector<double>& scores, const Policy& policy) {
  return std::ranges::count_if(scores, [&](double score) { return judged(score, policy) != Reason::live; });
}

TEST(ThresholdAtBpcer, TurnsAwayTheShareThatWasAskedAndNoMore) {
  const auto scores = hundredths(100);  // .001 ... .100
  // Five of a hundred lie below the sixth.
  EXPECT_NEAR(threshold_at_bpcer(scores, 0.05, 0).value(), 0.006, 1e-12);
  for (const double bpcer : {0.03, 0.05, 0.1, 0.29, 0.5})
    for (const double margin : {0.0, 0.5, 2.0}) {
      const double threshold = threshold_at_bpcer(scores, bpcer, margin).value();
      EXPECT_EQ(not_called_live(scores, {.threshold = threshold, .margin = margin}), std::lround(bpcer * 100))
          << bpcer << ", margin " << margin;
    }
}

TEST(ThresholdAtBpcer, CountsWhatIsUncertainAsTurnedAway) {
  // Sixty live faces with log-odds of 0, .1 ... 5.9: three may go, so .3 has to pass, half a unit above the threshold.
  std::vector<double> scores;
  for (int i = 0; i < 60; ++i) scores.push_back(probability_of(i / 10.0));
  const double threshold = threshold_at_bpcer(scores, 0.05).value();
  EXPECT_NEAR(log_odds(threshold), -0.2, 1e-9);
  EXPECT_EQ(not_called_live(scores, {.threshold = threshold}), 3);
}

TEST(ThresholdAtBpcer, PassesScoresNearOneAndRefusesThoseNearZero) {
  for (const double score : {1.0, 1 - 1e-9, 1 - 1e-6, 0.999}) {
    const std::vector<double> same(60, score);
    EXPECT_EQ(not_called_live(same, {.threshold = threshold_at_bpcer(same, 0.05).value()}), 0) << score;
  }
  const auto none = threshold_at_bpcer(std::vector<double>(60, 0.0), 0.05);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("no threshold lies so far below"));
  EXPECT_FALSE(threshold_at_bpcer(hundredths(60), 0.05, -1));
}

TEST(ThresholdAtBpcer, RefusesARateThatSoFewCannotShow) {
  EXPECT_TRUE(threshold_at_bpcer(hundredths(60), 0.05));
  const auto few = threshold_at_bpcer(hundredths(59), 0.05);
  ASSERT_FALSE(few);
  EXPECT_THAT(few.error().message, HasSubstr("at least 60 live faces, got 59"));
  EXPECT_FALSE(threshold_at_bpcer(hundredths(100), 0));
  EXPECT_FALSE(threshold_at_bpcer(hundredths(100), 0.6));
  auto bad = hundredths(100);
  bad[3] = 1.5;
  EXPECT_FALSE(threshold_at_bpcer(bad, 0.1));
}

CameraThresholds two_cameras() {
  return {
      {"door", {.threshold = 0.42, .bpcer = 0.05, .live = 120, .attacks = 0, .apcer = {}, .planted = false}},
      {"gate \"3\"", {.threshold = 0.6, .bpcer = 0.02, .live = 300, .attacks = 50, .apcer = 0.08, .planted = true}}};
}

TEST(CameraThresholds, AFileHoldsWhatWasWritten) {
  const auto read = parse_camera_thresholds(to_json(two_cameras()), "file");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, two_cameras());
  EXPECT_EQ(threshold_of(*read, "door")->threshold, 0.42);
  const auto other = threshold_of(*read, "window");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::not_found);
  EXPECT_THAT(other.error().message, HasSubstr("door, gate"));
}

TEST(CameraThresholds, BelongToANetwork) {
  CameraThresholds cameras = two_cameras();
  cameras["door"].network = "fa3";
  EXPECT_EQ(parse_camera_thresholds(to_json(cameras), "file").value(), cameras);
  // Files from before there was a choice are those of the usual networks.
  const auto old = parse_camera_thresholds(
      R"({"format": "vultus liveness thresholds", "version": 1, "cameras": {"door":
          {"threshold": 0.4, "bpcer": 0.1, "live": 30, "attacks": 0, "apcer": null, "planted": false}}})",
      "file");
  EXPECT_EQ(old->at("door").network, "passive");
}

TEST(CameraThresholds, WhatIsWrongIsNamed) {
  const auto message = [](const std::string& json) {
    const auto read = parse_camera_thresholds(json, "file");
    return read ? std::string("no error") : read.error().message;
  };
  EXPECT_THAT(message("{"), HasSubstr("no JSON object"));
  EXPECT_THAT(message("{}"), HasSubstr("vultus liveness thresholds"));
  const auto with = [](const std::string& camera) {
    return R"({"format": "vultus liveness thresholds", "version": 1, "cameras": {"door": )" + camera + "}}";
  };
  EXPECT_THAT(message(with("3")), HasSubstr("door"));
  EXPECT_THAT(message(with(R"({"threshold": 2})")), HasSubstr("threshold is 2"));
  EXPECT_THAT(message(with(R"({"threshold": 0.5, "bpcer": 0.1, "live": 1.5})")), HasSubstr("whole number"));
  EXPECT_THAT(message(with(R"({"threshold": 0.5, "bpcer": 0.1, "live": 9, "attacks": 0})")), HasSubstr("planted"));
  const auto newer = parse_camera_thresholds(R"({"format": "vultus liveness thresholds", "version": 2})", "file");
  EXPECT_EQ(newer.error().code, ErrorCode::unsupported);
  EXPECT_THAT(message(std::string(2 << 20, ' ')), HasSubstr("1 MiB"));
}

}  // namespace
}  // namespace vultus::liveness

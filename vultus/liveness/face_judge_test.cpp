// Which network judges, by name; what trained networks see, and what is made of their answers.
#include <vultus/liveness/face_judge.hpp>

#include <algorithm>
#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/face/fake_network.hpp>
#include <vultus/liveness/cue_overlap.hpp>
#include <vultus/liveness/trained_nets.hpp>

namespace vultus::liveness {
namespace {

namespace fake = face::test;
using runtime::Network;
using ::testing::HasSubstr;

constexpr RectF kJudgedBox{50, 50, 100, 100};

Image judged_picture(std::uint8_t level = 120) {
  Image image = Image::create(200, 200, PixelFormat::rgb8).value();
  for (int y = 0; y < 200; ++y) std::fill(image.row(y), image.row(y) + image.stride(), level);
  return image;
}

/// A model of a decoder that answers to the input it gets.
ModelSource one_model(const std::string& decoder, const fake::Answer& answer,
                      const std::map<std::string, double>& parameters) {
  return [=](const ModelId&) -> Result<runtime::ModelHandle> {
    runtime::ModelHandle model = fake::fake_model(decoder, {1, 3, 16, 16}, answer);
    model.manifest.parameters = parameters;
    return model;
  };
}

fake::Answer logits_of(float fake_logit, float live_logit) {
  return [=](Network&) { return fake::Outputs{{"logits", {fake_logit, live_logit}}}; };
}

TEST(FaceJudge, Fa3AddsScaleAndOffsetOfItsRow) {
  const auto judge =
      make_judge(one_model("fa3", logits_of(1, 2.5), {{"live_scale", 2}, {"live_offset", -1}}), "fa3").value();
  const Reading reading = judge->judge(judged_picture().view(), kJudgedBox).value();
  EXPECT_NEAR(log_odds(*reading.live), 2 * 1.5 - 1, 1e-6);
  EXPECT_NEAR(*reading.live, 1 / (1 + std::exp(-2.0)), 1e-6);
  EXPECT_EQ(reading.decision(), Decision::live);
}

TEST(FaceJudge, SlipIsLessLiveTheBrighterItsMap) {
  const auto with = [](float level) {
    const fake::Answer answer = [=](Network&) {
      return fake::Outputs{{"map", std::vector<float>(kSlipSide * kSlipSide, level)}};
    };
    const auto judge =
        make_judge(one_model("slip", answer, {{"live_scale", 0.5}, {"live_offset", 10}}), "slip").value();
    return judge->judge(judged_picture().view(), kJudgedBox).value();
  };
  EXPECT_NEAR(log_odds(*with(4).live), 0.5 * (10 - 4), 1e-6);
  EXPECT_EQ(with(4).decision(), Decision::live);
  EXPECT_EQ(with(20).decision(), Decision::spoof);
}

TEST(FaceJudge, TheMapOfSlipLiesOverWhatItSees) {
  const fake::Answer answer = [](Network&) {
    std::vector<float> map(kSlipSide * kSlipSide, 0);
    map[5 * kSlipSide + 7] = 255;
    return fake::Outputs{{"map", map}};
  };
  const auto judge = make_judge(one_model("slip", answer, {{"crop_scale", 1.2}}), "slip").value();
  const CueMap map = judge->cues(judged_picture().view(), kJudgedBox).value();
  EXPECT_EQ(map.cells, 32);
  EXPECT_NEAR(map.box.x, 40, 1e-3);
  EXPECT_NEAR(map.box.width, 120, 1e-3);
  EXPECT_EQ(std::ranges::max_element(map.cue) - map.cue.begin(), 5 * 32 + 7);
  EXPECT_DOUBLE_EQ(map.cue[5 * 32 + 7], 1);
}

TEST(FaceJudge, TheMapOfFa3IsWhatChangesWithoutTexture) {
  // Live by the brightness of the upper left corner: cells elsewhere change nothing.
  const fake::Answer answer = [](Network& network) {
    return fake::Outputs{{"logits", {0, static_cast<float>(network.input()[0]) / 255}}};
  };
  const auto judge = make_judge(one_model("fa3", answer, {{"crop_scale", 1}}), "fa3").value();
  Image picture = judged_picture();
  for (int y = 50; y < 57; ++y) std::fill(picture.row(y) + 150, picture.row(y) + 171, std::uint8_t{0});
  const CueMap map = judge->cues(picture.view(), kJudgedBox).value();
  EXPECT_GT(map.cue.front(), 0.1);
  EXPECT_NEAR(map.cue.back(), 0, 1e-9);
}

TEST(FaceJudge, WhatCannotBeAssessedHasNoScore) {
  const auto judge = make_judge(one_model("fa3", logits_of(0, 9), {}), "mine").value();
  const Reading dark = judge->judge(judged_picture(5).view(), kJudgedBox).value();
  EXPECT_EQ(dark.reason, Reason::too_dark);
  EXPECT_FALSE(dark.live);
}

TEST(FaceJudge, FaultsAreNamed) {
  EXPECT_THAT(make_judge(one_model("embedding", logits_of(0, 1), {}), "mine").error().message,
              HasSubstr("judges no liveness"));
  EXPECT_FALSE(make_judge(one_model("fa3", logits_of(0, 1), {}), ""));
  const auto short_answer = [](Network&) { return fake::Outputs{{"logits", {1}}}; };
  const auto judge = make_judge(one_model("fa3", short_answer, {}), "fa3").value();
  EXPECT_EQ(judge->judge(judged_picture().view(), kJudgedBox).error().code, ErrorCode::corrupt_data);
  const auto broken = make_judge(one_model("fa3", logits_of(0, NAN), {}), "fa3").value();
  EXPECT_EQ(broken->judge(judged_picture().view(), kJudgedBox).error().code, ErrorCode::internal);
}

TEST(FaceJudge, NamesLeadToTheirModels) {
  EXPECT_THAT(models_of(kUsualNetwork), ::testing::ElementsAre(ModelId("fr_liveness"), ModelId("face_antispoof_dtn")));
  EXPECT_THAT(models_of("slip"), ::testing::ElementsAre(ModelId("liveness_slip")));
  EXPECT_THAT(models_of("mine"), ::testing::ElementsAre(ModelId("mine")));
}

}  // namespace
}  // namespace vultus::liveness

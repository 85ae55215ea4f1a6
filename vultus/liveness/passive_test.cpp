// What is shown to the networks, what is made of their answers, and what is not asked of them.
#include <vultus/liveness/passive.hpp>

#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include <vultus/face/fake_network.hpp>

namespace vultus::liveness {
namespace {

namespace fake = face::test;
using runtime::Network;

Image flat(int width, int height, std::uint8_t level) {
  Image image = Image::create(width, height, PixelFormat::rgb8).value();
  for (int y = 0; y < height; ++y) std::fill(image.row(y), image.row(y) + image.stride(), level);
  return image;
}

ModelSource answering(std::vector<float> logits, std::vector<float> leaves, std::vector<float> path) {
  return [=](const ModelId& id) -> Result<runtime::ModelHandle> {
    if (id.text() == "fr_liveness")
      return fake::fake_model("print_replay", {1, 3, 128, 128}, [=](Network&) {
        return fake::Outputs{{"logits", logits}};
      });
    if (id.text() == "face_antispoof_dtn")
      return fake::fake_model("spoof_tree", {1, 3, 256, 256}, [=](Network&) {
        return fake::Outputs{{"leaves", leaves}, {"path", path}};
      });
    return fail(ErrorCode::not_found, "no fake for " + id.text());
  };
}

PassiveLiveness with(std::vector<float> logits, std::vector<float> leaves, std::vector<float> path,
                     const Policy& policy = {}) {
  return PassiveLiveness::load(answering(std::move(logits), std::move(leaves), std::move(path)), policy).value();
}

TEST(Surroundings, AreTheBoxGrownAboutItsMiddle) {
  const RectF grown = surroundings({100, 100, 40, 60}, 400, 400, 2);
  EXPECT_EQ(grown, (RectF{80, 70, 80, 120}));
}

TEST(Surroundings, AreShiftedIntoThePictureBeforeTheyAreCut) {
  EXPECT_EQ(surroundings({0, 0, 40, 60}, 400, 400, 2), (RectF{0, 0, 80, 120}));
  EXPECT_EQ(surroundings({360, 340, 40, 60}, 400, 400, 2), (RectF{320, 280, 80, 120}));
}

TEST(Surroundings, KeepTheProportionsOfTheBoxWhereThereIsNoRoom) {
  // 100 x 150 in 120 x 160: at most 160/150 of the box fits.
  const RectF grown = surroundings({10, 5, 100, 150}, 120, 160, 2.7);
  EXPECT_NEAR(grown.height, 160, 1e-3);
  EXPECT_NEAR(grown.width / grown.height, 100.0 / 150, 1e-5);
  EXPECT_GE(grown.x, 0);
  EXPECT_LE(grown.right(), 120);
}

TEST(PassiveLiveness, ReadsTheNetworksAsTheyAreDefined) {
  const Image picture = flat(300, 300, 120);
  auto passive = with({2, 1, 0}, {0.1F, -0.4F, 0.3F}, {1, 0.5F, 0});
  const auto evidence = passive.look(picture.view(), {100, 100, 100, 100}).value();
  // log(e^2 / (e^1 + e^0)), and |0.1| * 1 + |-0.4| * 0.5
  EXPECT_NEAR(evidence.print_replay, 2 - std::log(std::exp(1.0) + 1), 1e-6);
  EXPECT_NEAR(evidence.tree, 0.3, 1e-6);
}

TEST(PassiveLiveness, MoreOfEitherKindOfEvidenceIsNeverLessLive) {
  for (const double side : {64.0, 150.0, 300.0})
    for (int i = 0; i < 24; ++i)
      for (int j = 0; j < 10; ++j) {
        const double near = -6 + 0.5 * i, tree = 0.1 * j;
        EXPECT_GT(fused({near + 0.5, tree, side}), fused({near, tree, side}));
        EXPECT_LE(fused({near, tree + 0.1, side}), fused({near, tree, side}));
      }
  EXPECT_LT(fused({0, 0.9, 64}), fused({0, 0.2, 64}));
}

TEST(PassiveLiveness, ASpoofOfTheTreeIsWeakEvidenceOnSmallFacesAlone) {
  // By the definition: half of the first network's log-odds, and for the tree 6 to -0.5 on small faces, 5 to -5 on
  // large.
  EXPECT_NEAR(parts_of({2, 1, 100}).sum(), 1 - 0.5, 1e-12);
  EXPECT_NEAR(parts_of({2, 1, 200}).sum(), 1 - 5, 1e-12);
  EXPECT_NEAR(parts_of({2, 0.1, 100}).sum(), 1 + 6, 1e-12);
  EXPECT_NEAR(parts_of({-4, 0.55, 150}).sum(), -2 + (5.5 - 2.75) / 2, 1e-12);
}

TEST(PassiveLiveness, NetworksThatContradictEachOtherAreNoAnswer) {
  EXPECT_EQ(judged(SpoofEvidence{9, 1, 200}, {}), Reason::networks_disagree);   // 4.5 against -5
  EXPECT_EQ(judged(SpoofEvidence{-8, 0, 200}, {}), Reason::networks_disagree);  // -4 against 5
  EXPECT_EQ(judged(SpoofEvidence{2.4, 1, 200}, {}), Reason::spoof);             // 1.2 against -5: outweighed
  EXPECT_EQ(judged(SpoofEvidence{9, 1, 100}, {}), Reason::live);                // the tree says next to nothing
}

TEST(PassiveLiveness, AClearAnswerIsGivenAndADoubtfulOneIsCalledSo) {
  const Image picture = flat(300, 300, 120);
  const RectF box{50, 50, 200, 200};
  const auto live = with({6, 0, 0}, {0.0F}, {1}).judge(picture.view(), box).value();
  EXPECT_EQ(live.reason, Reason::live);
  EXPECT_EQ(live.decision(), Decision::live);
  const auto spoof = with({0, 6, 0}, {0.9F}, {1}).judge(picture.view(), box).value();
  EXPECT_EQ(spoof.reason, Reason::spoof);
  EXPECT_LT(*spoof.live, 0.5);
  // The threshold at the very score: nothing can be said.
  const auto doubt = with({6, 0, 0}, {0.0F}, {1}, {.threshold = *live.live}).judge(picture.view(), box).value();
  EXPECT_EQ(doubt.reason, Reason::uncertain);
  EXPECT_EQ(doubt.decision(), Decision::unknown);
}

TEST(PassiveLiveness, WhatCannotBeAssessedHasAReasonAndNoScore) {
  auto passive = with({6, 0, 0}, {0.0F}, {1});
  const auto reason = [&](const Image& picture, const RectF& box) {
    const auto reading = passive.judge(picture.view(), box).value();
    EXPECT_FALSE(reading.live);
    EXPECT_EQ(reading.decision(), Decision::unknown);
    return reading.reason;
  };
  EXPECT_EQ(reason(flat(300, 300, 120), {100, 100, 63, 100}), Reason::too_small);
  EXPECT_EQ(reason(flat(300, 300, 10), {100, 100, 100, 100}), Reason::too_dark);
  EXPECT_EQ(reason(flat(300, 300, 250), {100, 100, 100, 100}), Reason::too_bright);
  EXPECT_EQ(reason(flat(300, 300, 120), {400, 400, 100, 100}), Reason::too_small);
}

TEST(PassiveLiveness, MeanGreyIsThatOfTheBoxAlone) {
  Image picture = flat(100, 100, 0);
  for (int y = 20; y < 40; ++y) std::fill(picture.row(y) + 3 * 20, picture.row(y) + 3 * 40, std::uint8_t{200});
  EXPECT_NEAR(*mean_grey(picture.view(), {20, 20, 20, 20}), 200, 1e-9);
  EXPECT_NEAR(*mean_grey(picture.view(), {20, 20, 40, 20}), 100, 1e-9);
  EXPECT_FALSE(mean_grey(picture.view(), {-50, 0, 40, 20}));
}

TEST(PassiveLiveness, RefusesOtherNetworksAndBadOptions) {
  EXPECT_FALSE(PassiveLiveness::load(answering({1, 0, 0}, {0}, {1}), {.threshold = 1}));
  EXPECT_FALSE(PassiveLiveness::load(answering({1, 0, 0}, {0}, {1}), {.margin = -1}));
  EXPECT_FALSE(PassiveLiveness::load(answering({1, 0, 0}, {0}, {1}), {.darkest = 200, .brightest = 100}));
  const auto other = fake::fake_model("embedding", {1, 3, 128, 128}, [](Network&) { return fake::Outputs{}; });
  EXPECT_EQ(PrintReplayNet::load(other).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(SpoofTreeNet::load(other).error().code, ErrorCode::invalid_argument);
  const Image picture = flat(300, 300, 120);
  EXPECT_EQ(with({1, 0}, {0}, {1}).look(picture.view(), {100, 100, 100, 100}).error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(with({1, 0, 0}, {0, 1}, {1}).look(picture.view(), {100, 100, 100, 100}).error().code,
            ErrorCode::corrupt_data);
}

TEST(Reasons, HaveNamesAndAnswers) {
  EXPECT_EQ(name_of(Reason::frames_disagree), "frames_disagree");
  EXPECT_EQ(name_of(decision_of(Reason::live)), "live");
  EXPECT_EQ(name_of(decision_of(Reason::spoof)), "spoof");
  EXPECT_EQ(name_of(decision_of(Reason::too_small)), "unknown");
}

}  // namespace
}  // namespace vultus::liveness

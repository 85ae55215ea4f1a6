#include <vultus/liveness/face_judge.hpp>

#include <algorithm>
#include <utility>

#include <vultus/liveness/trained_nets.hpp>

namespace vultus::liveness {
namespace {

constexpr int kJudgeCells = 7;

class PassiveJudge final : public FaceJudge {
 public:
  explicit PassiveJudge(PassiveLiveness passive) : passive_(std::move(passive)) {}
  Result<Reading> judge(ImageView picture, const RectF& box) override { return passive_.judge(picture, box); }
  Result<CueMap> cues(ImageView picture, const RectF& box) override {
    return cue_map(picture, box, kJudgeCells, passive_);
  }
  [[nodiscard]] const Policy& policy() const override { return passive_.policy(); }

 private:
  PassiveLiveness passive_;
};

/// Of a network whose answer is log-odds and nothing else.
template <class Net>
Result<Reading> judged_by(Net& net, ImageView picture, const RectF& box, const Policy& policy) {
  Reading reading{.live = std::nullopt, .reason = Reason::too_small, .threshold = policy.threshold, .evidence = {}};
  if (const auto why = not_assessable(picture, box, policy)) {
    reading.reason = *why;
    return reading;
  }
  VULTUS_TRY(const double odds, net.live_log_odds(picture, box));
  reading.live = probability_of(odds);
  reading.reason = judged(*reading.live, policy);
  return reading;
}

class Fa3Judge final : public FaceJudge {
 public:
  Fa3Judge(Fa3Net net, Policy policy) : net_(std::move(net)), policy_(policy) {}
  Result<Reading> judge(ImageView picture, const RectF& box) override { return judged_by(net_, picture, box, policy_); }
  Result<CueMap> cues(ImageView picture, const RectF& box) override {
    return cue_map(picture, box, kJudgeCells,
                   [this](ImageView pixels, const RectF& face) { return net_.live_log_odds(pixels, face); });
  }
  [[nodiscard]] const Policy& policy() const override { return policy_; }

 private:
  Fa3Net net_;
  Policy policy_;
};

class SlipJudge final : public FaceJudge {
 public:
  SlipJudge(SlipNet net, Policy policy) : net_(std::move(net)), policy_(policy) {}
  Result<Reading> judge(ImageView picture, const RectF& box) override { return judged_by(net_, picture, box, policy_); }
  Result<CueMap> cues(ImageView picture, const RectF& box) override { return net_.cues(picture, box); }
  [[nodiscard]] const Policy& policy() const override { return policy_; }

 private:
  SlipNet net_;
  Policy policy_;
};

const JudgeRow* row_of(std::string_view name) {
  const auto at = std::ranges::find(kJudges, name, &JudgeRow::name);
  return at == kJudges.end() ? nullptr : &*at;
}

}  // namespace

std::vector<ModelId> models_of(std::string_view network) {
  std::vector<ModelId> ids;
  if (const JudgeRow* const row = row_of(network))
    for (const std::string_view id : row->models) ids.emplace_back(std::string(id));
  else
    ids.emplace_back(std::string(network));
  return ids;
}

Result<std::unique_ptr<FaceJudge>> make_judge(const ModelSource& models, std::string_view network,
                                              const Policy& policy) {
  VULTUS_CHECK(check(policy));
  if (network.empty()) return fail(ErrorCode::invalid_argument, "liveness: no network is named");
  if (network == kUsualNetwork) {
    VULTUS_TRY(auto passive, PassiveLiveness::load(models, policy));
    return std::unique_ptr<FaceJudge>(std::make_unique<PassiveJudge>(std::move(passive)));
  }
  VULTUS_TRY(const runtime::ModelHandle model, models(models_of(network).front()));
  if (model.manifest.decoder == "fa3") {
    VULTUS_TRY(auto net, Fa3Net::load(model));
    return std::unique_ptr<FaceJudge>(std::make_unique<Fa3Judge>(std::move(net), policy));
  }
  if (model.manifest.decoder == "slip") {
    VULTUS_TRY(auto net, SlipNet::load(model));
    return std::unique_ptr<FaceJudge>(std::make_unique<SlipJudge>(std::move(net), policy));
  }
  std::string names;
  for (const JudgeRow& row : kJudges) names += std::string(row.name) + ", ";
  return fail(ErrorCode::invalid_argument, "network " + std::string(network) + " judges no liveness (decoder " +
                                               model.manifest.decoder + "): name " + names +
                                               "or a model whose decoder is fa3 or slip");
}

}  // namespace vultus::liveness

#include <vultus/liveness/passive.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace vultus::liveness {

std::optional<double> mean_grey(ImageView picture, const RectF& box) {
  if (picture.empty() || picture.format != PixelFormat::rgb8) return std::nullopt;
  const int x0 = std::max(0, static_cast<int>(std::floor(box.x)));
  const int y0 = std::max(0, static_cast<int>(std::floor(box.y)));
  const int x1 = std::min(picture.width, static_cast<int>(std::ceil(box.right())));
  const int y1 = std::min(picture.height, static_cast<int>(std::ceil(box.bottom())));
  if (x0 >= x1 || y0 >= y1) return std::nullopt;
  double sum = 0;
  for (int y = y0; y < y1; ++y) {
    const std::uint8_t* row = picture.row(y);
    for (int x = x0; x < x1; ++x) sum += .299 * row[3 * x] + .587 * row[3 * x + 1] + .114 * row[3 * x + 2];
  }
  return sum / (static_cast<double>(x1 - x0) * (y1 - y0));
}

std::optional<Reason> not_assessable(ImageView picture, const RectF& box, const Policy& policy) {
  if (!(std::min(box.width, box.height) >= policy.smallest)) return Reason::too_small;
  const auto grey = mean_grey(picture, box);
  if (!grey) return Reason::too_small;
  if (*grey < policy.darkest) return Reason::too_dark;
  if (*grey > policy.brightest) return Reason::too_bright;
  return std::nullopt;
}

Result<PassiveLiveness> PassiveLiveness::load(const ModelSource& models, const Policy& policy) {
  VULTUS_CHECK(check(policy));
  VULTUS_TRY(const runtime::ModelHandle first, models(ModelId(std::string(kPassiveModels[0]))));
  VULTUS_TRY(const runtime::ModelHandle second, models(ModelId(std::string(kPassiveModels[1]))));
  VULTUS_TRY(auto near, PrintReplayNet::load(first));
  VULTUS_TRY(auto tree, SpoofTreeNet::load(second));
  return PassiveLiveness(std::move(near), std::move(tree), policy);
}

Result<SpoofEvidence> PassiveLiveness::look(ImageView picture, const RectF& box) {
  VULTUS_TRY(const double near, surroundings_.live_log_odds(picture, box));
  VULTUS_TRY(const double tree, tree_.spoof(picture, box));
  return SpoofEvidence{.print_replay = near, .tree = tree, .side = double{std::min(box.width, box.height)}};
}

Result<Reading> PassiveLiveness::judge(ImageView picture, const RectF& box) {
  Reading reading{.live = std::nullopt, .reason = Reason::too_small, .threshold = policy_.threshold, .evidence = {}};
  if (const auto why = not_assessable(picture, box, policy_)) {
    reading.reason = *why;
    return reading;
  }
  VULTUS_TRY(reading.evidence, look(picture, box));
  reading.live = fused(*reading.evidence);
  reading.reason = judged(*reading.evidence, policy_);
  return reading;
}

}  // namespace vultus::liveness

#include <vultus/liveness/trained_nets.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <vultus/face/network_input.hpp>
#include <vultus/liveness/cue_overlap.hpp>
#include <vultus/liveness/spoof_nets.hpp>

namespace vultus::liveness {
namespace {

constexpr double kMostTrainedOdds = 12;
constexpr float kTaughtLevel = 255;

Status check_trained(const runtime::ModelHandle& model, const std::string& wanted) {
  if (model.manifest.decoder == wanted) return {};
  return fail(ErrorCode::invalid_argument, "model " + model.manifest.id.text() + " has decoder " +
                                               model.manifest.decoder + ", " + wanted + " is needed");
}

Result<std::span<const float>> answered(ImageView picture, const RectF& box, double crop, runtime::Network& network,
                                        const char* output, std::size_t values) {
  if (!(box.width > 0) || !(box.height > 0)) return fail(ErrorCode::invalid_argument, "liveness: a box without size");
  VULTUS_CHECK(face::rectangle_into(picture, surroundings(box, picture.width, picture.height, crop), network));
  VULTUS_CHECK(network.run());
  VULTUS_TRY(const auto said, network.output(output));
  if (said.size() != values)
    return fail(ErrorCode::corrupt_data, std::string("the network gives ") + std::to_string(said.size()) +
                                             " values as " + output + ", " + std::to_string(values) + " are wanted");
  if (!std::ranges::all_of(said, [](float value) { return std::isfinite(value); }))
    return fail(ErrorCode::internal, std::string("the network gives no numbers as ") + output);
  return said;
}

}  // namespace

Result<Fa3Net> Fa3Net::load(const runtime::ModelHandle& model) {
  VULTUS_CHECK(check_trained(model, "fa3"));
  VULTUS_TRY(auto network, model.load());
  return Fa3Net(std::move(network), model.parameter("crop_scale", kTrainedCrop), model.parameter("live_scale", 1),
                model.parameter("live_offset", 0));
}

Result<double> Fa3Net::live_log_odds(ImageView picture, const RectF& box) {
  VULTUS_TRY(const auto logits, answered(picture, box, crop_, *network_, "logits", 2));
  return std::clamp(scale_ * (double{logits[1]} - double{logits[0]}) + offset_, -kMostTrainedOdds, kMostTrainedOdds);
}

Result<SlipNet> SlipNet::load(const runtime::ModelHandle& model) {
  VULTUS_CHECK(check_trained(model, "slip"));
  VULTUS_TRY(auto network, model.load());
  return SlipNet(std::move(network), model.parameter("crop_scale", kTrainedCrop), model.parameter("live_scale", 1),
                 model.parameter("live_offset", 0));
}

Result<double> SlipNet::live_log_odds(ImageView picture, const RectF& box) {
  VULTUS_TRY(const auto map, answered(picture, box, crop_, *network_, "map", kSlipSide * kSlipSide));
  const double mean = std::accumulate(map.begin(), map.end(), 0.0) / static_cast<double>(map.size());
  return std::clamp(scale_ * (offset_ - mean), -kMostTrainedOdds, kMostTrainedOdds);
}

Result<CueMap> SlipNet::cues(ImageView picture, const RectF& box) {
  VULTUS_TRY(const auto map, answered(picture, box, crop_, *network_, "map", kSlipSide * kSlipSide));
  CueMap cues{.box = surroundings(box, picture.width, picture.height, crop_),
              .cells = static_cast<int>(kSlipSide),
              .cue = std::vector<double>(map.begin(), map.end())};
  for (double& cue : cues.cue) cue /= kTaughtLevel;
  return cues;
}

}  // namespace vultus::liveness

#include <vultus/liveness/spoof_nets.hpp>

#include <algorithm>
#include <cmath>
#include <string>

#include <vultus/face/network_input.hpp>

namespace vultus::liveness {
namespace {

// Beyond this a network is only more sure of itself, not better informed.
constexpr double kMostLogOdds = 12;

Status check_spoof_decoder(const runtime::ModelHandle& model, const std::string& wanted) {
  if (model.manifest.decoder == wanted) return {};
  return fail(ErrorCode::invalid_argument, "model " + model.manifest.id.text() + " has decoder " +
                                               model.manifest.decoder + ", " + wanted + " is needed");
}

}  // namespace

RectF surroundings(const RectF& box, int width, int height, double scale) {
  const auto w = static_cast<float>(width), h = static_cast<float>(height);
  const float grown = std::min({static_cast<float>(scale), w / box.width, h / box.height});
  const Point2f c = box.centre();
  const RectF wanted{c.x - box.width * grown / 2, c.y - box.height * grown / 2, box.width * grown, box.height * grown};
  return {std::clamp(wanted.x, 0.0F, std::max(0.0F, w - wanted.width)),
          std::clamp(wanted.y, 0.0F, std::max(0.0F, h - wanted.height)), wanted.width, wanted.height};
}

Result<PrintReplayNet> PrintReplayNet::load(const runtime::ModelHandle& model) {
  VULTUS_CHECK(check_spoof_decoder(model, "print_replay"));
  VULTUS_TRY(auto network, model.load());
  return PrintReplayNet(std::move(network), model.parameter("crop_scale", 2.7));
}

Result<double> PrintReplayNet::live_log_odds(ImageView picture, const RectF& box) {
  if (!(box.width > 0) || !(box.height > 0)) return fail(ErrorCode::invalid_argument, "liveness: a box without size");
  VULTUS_CHECK(face::rectangle_into(picture, surroundings(box, picture.width, picture.height, crop_scale_), *network_));
  VULTUS_CHECK(network_->run());
  VULTUS_TRY(const auto logits, network_->output("logits"));
  if (logits.size() != 3)
    return fail(ErrorCode::corrupt_data,
                "the print and replay network gives " + std::to_string(logits.size()) + " values, 3 are wanted");
  // log(p0 / (p1 + p2)) without an overflow.
  const double most = std::max(logits[1], logits[2]);
  const double others = most + std::log(std::exp(logits[1] - most) + std::exp(logits[2] - most));
  const double odds = logits[0] - others;
  if (!std::isfinite(odds)) return fail(ErrorCode::internal, "the print and replay network gives no numbers");
  return std::clamp(odds, -kMostLogOdds, kMostLogOdds);
}

Result<SpoofTreeNet> SpoofTreeNet::load(const runtime::ModelHandle& model) {
  VULTUS_CHECK(check_spoof_decoder(model, "spoof_tree"));
  VULTUS_TRY(auto network, model.load());
  return SpoofTreeNet(std::move(network));
}

Result<double> SpoofTreeNet::spoof(ImageView picture, const RectF& box) {
  VULTUS_CHECK(face::rectangle_into(picture, box, *network_));
  VULTUS_CHECK(network_->run());
  VULTUS_TRY(const auto leaves, network_->output("leaves"));
  VULTUS_TRY(const auto path, network_->output("path"));
  if (leaves.size() != path.size() || leaves.empty())
    return fail(ErrorCode::corrupt_data, "the spoof tree gives " + std::to_string(leaves.size()) + " leaves and " +
                                             std::to_string(path.size()) + " ways to them");
  double sum = 0;
  for (std::size_t i = 0; i < leaves.size(); ++i) sum += std::abs(double{leaves[i]}) * path[i];
  if (!std::isfinite(sum)) return fail(ErrorCode::internal, "the spoof tree gives no numbers");
  return std::max(0.0, sum);
}

}  // namespace vultus::liveness

#include <vultus/engine/dp_expression.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <vultus/evaluation/agreement.hpp>

namespace vultus::engine {
namespace {

constexpr float kSmallestDisplay = 24;  // pixels; as the analyser
constexpr float kSameDisplay = .3F;     // overlap of the face of the original and that of the release

/// What a face displays; nothing where it is too small or its points make no crop.
Result<std::optional<expression::Distribution>> display_of(expression::ExpressionNet& net, ImageView picture,
                                                           const FaceObservation& face) {
  std::optional<expression::Distribution> none;
  if (std::min(face.box.width, face.box.height) < kSmallestDisplay) return none;
  auto read = net.read(picture, face);
  if (read) return std::optional(*std::move(read));
  if (read.error().code == ErrorCode::internal || read.error().code == ErrorCode::corrupt_data) return read.error();
  return none;
}

}  // namespace

Status DpExpressionTally::add(const expression::Distribution& before, const expression::Distribution& after) {
  VULTUS_CHECK(labels_.add(expression::best_label(before), expression::best_label(after)));
  double sum = 0;
  for (std::size_t i = 0; i < before.size(); ++i) sum += std::abs(before[i] - after[i]);
  differences_ += sum / static_cast<double>(before.size());
  return {};
}

DpExpression DpExpressionTally::result() const {
  const auto compared = static_cast<std::int64_t>(labels_.total());
  DpExpression result;
  result.frames = compared + lost_;
  result.unread = unread_;
  result.without_face = lost_;
  result.compared = compared;
  if (result.frames == 0) {
    result.reason = unread_ > 0 ? "no face of the original is found and large enough to be read" : "there is no face";
  } else if (compared == 0) {
    result.reason = "no face is found in the release where one was";
  }
  if (compared == 0) return result;
  const auto all = static_cast<double>(compared);
  double equal = 0, chance = 0;
  for (std::size_t i = 0; i < labels_.classes(); ++i) {
    equal += static_cast<double>(labels_.at(i, i)) / all;
    chance += static_cast<double>(labels_.support(i)) / all * (static_cast<double>(labels_.predicted(i)) / all);
  }
  result.agreement = equal;
  result.chance = chance;
  result.probability_difference = differences_ / all;
  const auto kappa = evaluation::cohen_kappa(labels_);
  if (kappa)
    result.kappa = *kappa;
  else
    result.kappa_reason = "one label alone was displayed: agreement is no more than chance";
  return result;
}

Result<DpExpressionMeter> DpExpressionMeter::start(const Engine& engine, const std::optional<ModelId>& model) {
  if (!model) return DpExpressionMeter("", "left out");
  auto net = [&]() -> Result<expression::ExpressionNet> {
    VULTUS_TRY(const runtime::ModelHandle handle, engine.model(*model));
    return expression::ExpressionNet::load(handle);
  }();
  if (!net && net.error().code != ErrorCode::not_found) return net.error();
  DpExpressionMeter meter(model->text(), net ? std::string() : net.error().message);
  if (net) meter.net_ = *std::move(net);
  return meter;
}

Result<std::optional<expression::Distribution>> DpExpressionMeter::read(ImageView picture, const FaceObservation& face,
                                                                        face::FaceFinder& finder) {
  VULTUS_TRY(const auto found, finder.find(picture));
  const auto overlap = [&](const FaceObservation& one) { return intersection_over_union(one.box, face.box); };
  const auto same = std::ranges::max_element(found, {}, overlap);
  if (same == found.end() || overlap(*same) < kSameDisplay) return std::optional<expression::Distribution>();
  return display_of(*net_, picture, *same);
}

Status DpExpressionMeter::add(ImageView original, ImageView released, const FaceObservation& face,
                              face::FaceFinder& finder) {
  if (!net_) return {};
  VULTUS_TRY(const auto before, read(original, face, finder));
  if (!before) {
    tally_.add_unread();
    return {};
  }
  VULTUS_TRY(const auto after, read(released, face, finder));
  if (after) return tally_.add(*before, *after);
  tally_.add_lost();
  return {};
}

DpExpression DpExpressionMeter::finish() const {
  DpExpression result;
  if (reason_.empty())
    result = tally_.result();
  else
    result.reason = reason_;
  result.model = model_;
  return result;
}

}  // namespace vultus::engine

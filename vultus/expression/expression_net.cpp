#include <vultus/expression/expression_net.hpp>

#include <algorithm>
#include <string>

namespace vultus::expression {

Result<ExpressionNet> ExpressionNet::load(const runtime::ModelHandle& model) {
  VULTUS_TRY(auto net, SystemNet::load(model));
  if (!std::ranges::equal(net.system().labels, kExpressionNames))
    return fail(ErrorCode::invalid_argument, "model " + model.manifest.id.text() + " answers with other labels than " +
                                                 "the seven of surprise to neutral");
  return ExpressionNet(std::move(net));
}

Result<Distribution> ExpressionNet::read(ImageView picture, const FaceObservation& face) {
  VULTUS_TRY(const Reading reading, net_.read(picture, face));
  Distribution probabilities{};
  std::ranges::copy(reading.probabilities, probabilities.begin());
  return probabilities;
}

std::size_t best_label(const Distribution& probabilities) {
  return static_cast<std::size_t>(std::ranges::max_element(probabilities) - probabilities.begin());
}

}  // namespace vultus::expression

#include <algorithm>
#include <cmath>
#include <string>

#include <vultus/expression/expression_net.hpp>
#include <vultus/expression/per_face.hpp>

namespace vultus::expression {
namespace {

const ChannelId kLabel{"expression.label"}, kUncertainty{"expression.uncertainty"};
const ChannelId kValence{"affect.valence"}, kArousal{"affect.arousal"};
// Below this the network sees less than it was made for, and what it says is confident nonsense.
constexpr float kSmallestFace = 24;

/// Entropy over that of a distribution that says nothing, [0, 1].
double uncertainty_of(const Distribution& probabilities) {
  double entropy = 0;
  for (const double p : probabilities)
    if (p > 0) entropy -= p * std::log(p);
  return entropy / std::log(double{kExpressions});
}

class ExpressionAnalyser final : public PerFace {
 public:
  ExpressionAnalyser(AnalyserInfo info, ExpressionNet net) : PerFace(std::move(info)), net_(std::move(net)) {}

 protected:
  Status look_at(const AnalysedFrame& frame, AnalysedFace& face) override {
    const RectF& box = face.face.box;
    if (std::min(box.width, box.height) < kSmallestFace) return absent(face, "the face is smaller than 24 pixels");
    const auto read = net_.read(frame.picture, face.face);
    if (!read) return unread(face, read.error());
    for (std::size_t i = 0; i < kExpressions; ++i) face.readings.write(expression_channel(i), read->at(i));
    face.readings.write(kLabel, std::string(kExpressionNames.at(best_label(*read))));
    face.readings.write(kUncertainty, uncertainty_of(*read));
    const Affect affect = affect_of(*read);
    face.readings.write(kValence, affect.valence);
    face.readings.write(kArousal, affect.arousal);
    return {};
  }

 private:
  ExpressionNet net_;
};

}  // namespace

AnalyserInfo declare_expression(const runtime::ModelHandle* model, const AnalyserResources&) {
  AnalyserInfo info{
      .id = "expression",
      .help = "probabilities of seven displayed expressions, valence and arousal",
      .reads = {},
      .writes = {{kLabel, "name", "the most likely of the seven displayed expressions"},
                 {kUncertainty, "0..1", "entropy of the seven probabilities; 1 = nothing is known"},
                 {kValence, "-1..1", "our reading of the seven probabilities: pleasant above 0"},
                 {kArousal, "-1..1", "our reading of the seven probabilities: aroused above 0"}},
      .evidence = runtime::evidence_of("expression", model, "seven labels; what is displayed, not what is felt")};
  for (std::size_t i = 0; i < kExpressions; ++i)
    info.writes.push_back(
        {expression_channel(i), "probability", "of displayed " + std::string(kExpressionNames.at(i))});
  return info;
}

Result<std::unique_ptr<Analyser>> make_expression(const AnalyserResources& resources) {
  VULTUS_TRY(const runtime::ModelHandle model, resources.model(ModelId(std::string(kExpressionModel))));
  VULTUS_TRY(auto net, ExpressionNet::load(model));
  return std::unique_ptr<Analyser>(
      std::make_unique<ExpressionAnalyser>(declare_expression(&model, resources), std::move(net)));
}

}  // namespace vultus::expression

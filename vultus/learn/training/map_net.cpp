#include <vultus/learn/training/learner.hpp>
#include <vultus/learn/training/map_net.hpp>

namespace vultus::learn {

MapStem::MapStem(const std::vector<HeadInput>& inputs, const std::map<std::string, double>& scales, std::int64_t stem) {
  for (const HeadInput& input : inputs) {
    const auto scale = scales.find(input.name);
    scales_.push_back(scale == scales.end() ? 1 : scale->second);
    const std::int64_t kernel = input.kernel();
    convolutions_.push_back(
        register_module("of_" + input.name, std::make_shared<blocks::Conv>(blocks::conv2d(
                                                input.channels, stem, kernel, kernel == 3 ? 2 : 1, /*bias=*/false))));
  }
  norm_ = register_module("norm", std::make_shared<blocks::BatchNorm>(stem));
}

torch::Tensor MapStem::forward(const std::vector<torch::Tensor>& inputs) {
  torch::Tensor sum;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const torch::Tensor x = convolutions_[i]->forward(inputs[i] / scales_[i]);
    sum = i == 0 ? x : sum + x;
  }
  return torch::relu(norm_->forward(sum));
}

std::string MapStem::write(const blocks::Exporter& to, const std::vector<std::string>& inputs) const {
  std::string sum;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::string x = convolutions_[i]->write(to.in("of_" + inputs[i]), to.times(inputs[i], 1 / scales_[i]));
    sum = i == 0 ? x : to.add(sum, x);
  }
  return to.node("Relu", {norm_->write(to.in("norm"), sum)});
}

MapHead::MapHead(const MapHeadOptions& options) {
  stem_ = register_module("stem", std::make_shared<MapStem>(options.inputs, options.scales, options.stem));
  const std::int64_t side = HeadShape{.inputs = options.inputs, .outputs = {}}.stem_side();
  std::int64_t width = options.stem * side * side;
  rest_ = register_module("rest", std::make_shared<blocks::Chain>());
  rest_->add<blocks::Flatten>();
  rest_->add<blocks::Dropout>(options.input_dropout);
  if (options.hidden > 0) {
    rest_->add<blocks::Linear>(width, options.hidden);
    rest_->add<blocks::BatchNorm>(options.hidden);
    rest_->add<blocks::Activation>(blocks::Act::relu);
    rest_->add<blocks::Dropout>(options.dropout);
    width = options.hidden;
  }
  rest_->add<blocks::Linear>(width, options.answers);
}

torch::Tensor MapHead::forward(const std::vector<torch::Tensor>& inputs) {
  return rest_->forward(stem_->forward(inputs));
}

std::string MapHead::write(const blocks::Exporter& to, const std::vector<std::string>& inputs) const {
  return rest_->write(to.in("rest"), stem_->write(to.in("stem"), inputs));
}

std::string onnx_of(const Learner& learner, const std::vector<HeadInput>& inputs, WeightKind kind,
                    const std::string& name) {
  OnnxWriter to(kind);
  std::vector<std::string> names;
  for (const HeadInput& input : inputs) {
    to.input(input.name, std::vector<std::int64_t>{0, input.channels, input.side, input.side});
    names.push_back(input.name);
  }
  const blocks::Exporter out(to);
  for (const GraphOutput& output : learner.write(out, names)) {
    out.named("Identity", {output.tensor}, output.name);
    to.output(output.name, std::vector<std::int64_t>{0, output.numbers});
  }
  return to.file(name);
}

}  // namespace vultus::learn

#include <vultus/learn/training/systems/scene_net.hpp>

namespace vultus::learn {
namespace {

using namespace blocks;
namespace F = torch::nn::functional;

constexpr std::int64_t kBranchWidth = 16, kFusionWidth = 64;

}  // namespace

SceneNet::SceneNet(const SceneOptions& options) : options_(options) {
  for (std::size_t s = 0; s < options.widths.size(); ++s) {
    auto stage = std::make_shared<Chain>();
    const std::int64_t width = options.widths[s];
    if (s == 0) {
      stage->add<Conv>(ConvOptions{.in = 3,
                                   .out = width,
                                   .kernel = {options.patch, options.patch},
                                   .stride = {options.patch, options.patch},
                                   .padding = {0, 0}});
      stage->add<LayerNorm>(width, Along::channels);
    } else {
      stage->add<LayerNorm>(options.widths[s - 1], Along::channels);
      stage->add<Conv>(ConvOptions{
          .in = options.widths[s - 1], .out = width, .kernel = {2, 2}, .stride = {2, 2}, .padding = {0, 0}});
    }
    for (std::int64_t b = 0; b < options.depths[s]; ++b) stage->add<ConvNextBlock>(width);
    stages_.push_back(register_module("stage" + std::to_string(s), stage));
  }
  whole_ = register_module("whole", std::make_shared<Chain>());
  whole_->add<GlobalPool>();
  whole_->add<LayerNorm>(options.widths.back());
  if (options.brightness) add_branch("brightness", true, 1, false);
  if (options.colourfulness) add_branch("colourfulness", true, 1, false);
  if (options.places > 0) add_branch("places", false, options.places, true);
  if (options.moods > 0) add_branch("moods", false, options.moods, true);
  const auto fused = options.widths.back() + kBranchWidth * static_cast<std::int64_t>(branches_.size());
  fusion_ = register_module("fusion", std::make_shared<Mlp>(Wholes{fused, kFusionWidth, options.emotions}));
}

void SceneNet::add_branch(const std::string& name, bool early, std::int64_t answers, bool classes) {
  const std::int64_t width = early ? options_.widths.front() : options_.widths.back();
  Branch branch{.name = name, .early = early, .classes = classes, .feature = std::make_shared<Chain>(), .answer = {}};
  branch.feature->add<GlobalPool>();
  branch.feature->add<LayerNorm>(width);
  branch.feature->add<Linear>(width, kBranchWidth);
  branch.feature->add<Activation>(Act::gelu);
  branch.answer = std::make_shared<Linear>(kBranchWidth, answers);
  register_module(name, branch.feature), register_module(name + "_answer", branch.answer);
  branches_.push_back(std::move(branch));
}

std::vector<torch::Tensor> SceneNet::trunk(const torch::Tensor& pictures) {
  const torch::Tensor first = stages_.front()->forward(pictures);
  torch::Tensor at = first;
  for (std::size_t s = 1; s < stages_.size(); ++s) at = stages_[s]->forward(at);
  return {first, at};
}

SceneAnswers SceneNet::behind(const std::vector<torch::Tensor>& trunk) {
  SceneAnswers said;
  std::vector<torch::Tensor> features{whole_->forward(trunk[1])};
  for (const Branch& branch : branches_) {
    features.push_back(branch.feature->forward(branch.early ? trunk[0] : trunk[1]));
    const torch::Tensor answer = branch.answer->forward(features.back());
    if (branch.name == "brightness") said.brightness = answer.squeeze(1);
    if (branch.name == "colourfulness") said.colourfulness = answer.squeeze(1);
    if (branch.name == "places") said.place = answer;
    if (branch.name == "moods") said.mood = answer;
  }
  said.emotion = fusion_->forward(torch::cat(features, 1));
  return said;
}

SceneAnswers SceneNet::forward(const torch::Tensor& pictures) { return behind(trunk(pictures)); }

std::string SceneNet::onnx(WeightKind kind) const {
  OnnxWriter out(kind);
  const Wholes shape{1, 3, options_.side, options_.side};
  out.input("picture", shape);
  const Exporter to(out);
  const std::string first = stages_.front()->write(to.in("stage0"), "picture");
  std::string last = first;
  for (std::size_t s = 1; s < stages_.size(); ++s) last = stages_[s]->write(to.in("stage" + std::to_string(s)), last);
  std::vector<std::string> features{whole_->write(to.in("whole"), last)};
  for (const Branch& branch : branches_) {
    features.push_back(branch.feature->write(to.in(branch.name), branch.early ? first : last));
    const std::string answer = branch.answer->write(to.in(branch.name + "_answer"), features.back());
    to.named("Identity", {branch.classes ? to.softmax(answer, 1) : answer}, branch.name);
    out.output(branch.name, Wholes{1, branch.classes ? branch.answer->bias.size(0) : 1});
  }
  to.named("Softmax", {fusion_->write(to.in("fusion"), to.concat(features, 1))}, "probabilities",
           {{.name = "axis", .value = std::int64_t{1}}});
  out.output("probabilities", Wholes{1, options_.emotions});
  return out.file("a4net");
}

std::vector<std::string> SceneNet::outputs() const {
  std::vector<std::string> names{"probabilities"};
  for (const Branch& branch : branches_) names.push_back(branch.name);
  return names;
}

torch::Tensor scene_loss(const SceneAnswers& said, const SceneTruth& truth) {
  torch::Tensor loss = F::cross_entropy(said.emotion, truth.emotion);
  if (said.brightness.defined()) loss = loss + F::mse_loss(said.brightness, truth.brightness);
  if (said.colourfulness.defined()) loss = loss + F::mse_loss(said.colourfulness, truth.colourfulness);
  if (said.place.defined()) loss = loss + F::cross_entropy(said.place, truth.place);
  if (said.mood.defined()) loss = loss + F::cross_entropy(said.mood, truth.mood);
  return loss;
}

torch::Tensor activation_maps(SceneNet& net, const torch::Tensor& pictures, const torch::Tensor& labels) {
  std::vector<torch::Tensor> trunk;
  {
    const torch::NoGradGuard no_gradients;
    trunk = net.trunk(pictures);
  }
  trunk[1] = trunk[1].detach().set_requires_grad(true);
  const torch::Tensor said = net.behind(trunk).emotion.gather(1, labels.unsqueeze(1)).sum();
  const torch::Tensor gradient = torch::autograd::grad({said}, {trunk[1]}).front();
  const torch::NoGradGuard no_gradients;
  torch::Tensor map = torch::relu((gradient.mean({2, 3}, true) * trunk[1]).sum(1, true));
  map = F::interpolate(map, F::InterpolateFuncOptions()
                                .size(std::vector<std::int64_t>{pictures.size(2), pictures.size(3)})
                                .mode(torch::kBilinear)
                                .align_corners(false))
            .squeeze(1);
  const torch::Tensor highest = map.amax({1, 2}, true).clamp_min(1e-12);
  return map / highest;
}

}  // namespace vultus::learn

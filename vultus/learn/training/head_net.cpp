#include <utility>

#include <vultus/learn/training/head_net.hpp>

namespace vultus::learn {
namespace {

std::vector<float> numbers_of(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.detach().to(torch::kFloat).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

/// y = factor x + shift is what a normalisation does once it is trained.
std::pair<torch::Tensor, torch::Tensor> as_line(const torch::nn::BatchNorm1d& norm) {
  const torch::Tensor factor = norm->weight / torch::sqrt(norm->running_var + norm->options.eps());
  return {factor, norm->bias - factor * norm->running_mean};
}

}  // namespace

HeadNetImpl::HeadNetImpl(const TrainingConfig& config) : shape_(config.shape) {
  for (const HeadInput& input : shape_.inputs) {
    const auto scale = config.scales.find(input.name);
    scales_.push_back(scale == config.scales.end() ? 1 : scale->second);
    if (shape_.stem > 0)
      stems_->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(input.channels, shape_.stem, input.kernel())
                                              .stride(input.kernel() == 3 ? 2 : 1)
                                              .padding(input.kernel() / 2)
                                              .bias(false)));
  }
  register_module("stems", stems_);
  if (shape_.stem > 0) stem_norm_ = register_module("stem_norm", torch::nn::BatchNorm1d(shape_.stem));
  input_dropout_ = register_module("input_dropout", torch::nn::Dropout(config.input_dropout));
  if (shape_.hidden > 0) {
    hidden_ = register_module("hidden", torch::nn::Linear(shape_.flat(), shape_.hidden));
    hidden_norm_ = register_module("hidden_norm", torch::nn::BatchNorm1d(shape_.hidden));
    dropout_ = register_module("dropout", torch::nn::Dropout(config.dropout));
  }
  for (const HeadOutput& output : shape_.outputs) outs_->push_back(torch::nn::Linear(shape_.last(), output.classes));
  register_module("outs", outs_);
  offsets_.assign(shape_.outputs.size(), 0), spreads_.assign(shape_.outputs.size(), 1);
}

std::vector<torch::Tensor> HeadNetImpl::forward(const std::vector<torch::Tensor>& inputs) {
  torch::Tensor at;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    torch::Tensor x = inputs[i] / scales_[i];
    if (shape_.stem > 0) {
      if (shape_.inputs[i].side == 0) x = x.unsqueeze(2).unsqueeze(3);
      x = stems_[i]->as<torch::nn::Conv2d>()->forward(x);
    }
    at = i == 0 ? x : at + x;
  }
  // BatchNorm1d takes [n, channels, places].
  if (shape_.stem > 0) at = torch::relu(stem_norm_->forward(at.flatten(2))).flatten(1);
  at = input_dropout_->forward(at);
  if (shape_.hidden > 0) at = dropout_->forward(torch::relu(hidden_norm_->forward(hidden_->forward(at))));
  std::vector<torch::Tensor> answers;
  for (std::size_t i = 0; i < outs_->size(); ++i)
    answers.push_back(outs_[i]->as<torch::nn::Linear>()->forward(at) * spreads_[i] + offsets_[i]);
  return answers;
}

void HeadNetImpl::set_spread(std::size_t output, double offset, double spread) {
  offsets_.at(output) = offset, spreads_.at(output) = spread;
}

HeadWeights HeadNetImpl::folded() const {
  const torch::NoGradGuard no_gradients;
  HeadWeights head{.shape = shape_, .values = {}};
  if (shape_.stem > 0) {
    const auto [factor, shift] = as_line(stem_norm_);
    for (std::size_t i = 0; i < shape_.inputs.size(); ++i)
      head.values["stem." + shape_.inputs[i].name] =
          numbers_of(stems_->ptr(i)->as<torch::nn::Conv2d>()->weight * factor.view({-1, 1, 1, 1}) / scales_[i]);
    head.values["stem.bias"] = numbers_of(shift);
  }
  const double bare = shape_.stem > 0 ? 1 : scales_.front();  // the scale of a row that goes straight on
  if (shape_.hidden > 0) {
    const auto [factor, shift] = as_line(hidden_norm_);
    head.values["hidden.weight"] = numbers_of(hidden_->weight * factor.unsqueeze(1) / bare);
    head.values["hidden.bias"] = numbers_of(hidden_->bias * factor + shift);
  }
  for (std::size_t i = 0; i < shape_.outputs.size(); ++i) {
    const auto* const out = outs_->ptr(i)->as<torch::nn::Linear>();
    const std::string name = "out." + shape_.outputs[i].name;
    head.values[name + ".weight"] = numbers_of(out->weight * spreads_[i] / (shape_.hidden > 0 ? 1 : bare));
    head.values[name + ".bias"] = numbers_of(out->bias * spreads_[i] + offsets_[i]);
  }
  return head;
}

}  // namespace vultus::learn

#include <algorithm>
#include <numeric>

#include <vultus/learn/training/blocks/cnn.hpp>

namespace vultus::learn::blocks {
namespace {

/// [n, c, h, w] as [n, h, w, c]; the other way is its opposite.
class ChannelsLast : public Block {
 public:
  torch::Tensor forward(const torch::Tensor& x) override { return x.permute({0, 2, 3, 1}); }
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override {
    return to.transpose(x, {0, 2, 3, 1});
  }
};

class ChannelsFirst : public Block {
 public:
  torch::Tensor forward(const torch::Tensor& x) override { return x.permute({0, 3, 1, 2}); }
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override {
    return to.transpose(x, {0, 3, 1, 2});
  }
};

void require_stages(const Wholes& widths, const Wholes& depths) {
  TORCH_CHECK(!widths.empty() && widths.size() == depths.size(), "stages need a width and a depth each");
}

}  // namespace

SqueezeExcite::SqueezeExcite(std::int64_t channels, std::int64_t reduction)
    : mlp_(part<Mlp>("mlp", Wholes{channels, std::max<std::int64_t>(channels / reduction, 1), channels}, Act::relu)) {}

torch::Tensor SqueezeExcite::forward(const torch::Tensor& x) {
  return x * torch::sigmoid(mlp_->forward(x.mean({2, 3}))).unsqueeze(2).unsqueeze(3);
}

std::string SqueezeExcite::write(const Exporter& to, const std::string& x) const {
  const std::string weights = to.sigmoid(mlp_->write(to.in("mlp"), to.mean(x, {2, 3}, false)));
  return to.mul(x, to.unsqueeze(weights, {2, 3}));
}

ResidualBlock::ResidualBlock(const Options& options) : kind_(options.kind), branch_(part<Chain>("branch")) {
  const auto [in, out, stride, kind, squeeze] = options;
  if (kind == ResidualKind::ir) branch_->add<BatchNorm>(in);
  branch_->add<Conv>(conv2d(in, out, 3, kind == ResidualKind::basic ? stride : 1, false));
  branch_->add<BatchNorm>(out);
  if (kind == ResidualKind::basic)
    branch_->add<Activation>(Act::relu);
  else
    branch_->add<PRelu>(out);
  branch_->add<Conv>(conv2d(out, out, 3, kind == ResidualKind::basic ? 1 : stride, false));
  branch_->add<BatchNorm>(out);
  if (squeeze > 0) branch_->add<SqueezeExcite>(out, squeeze);
  if (in == out && stride == 1) return;
  shortcut_ = part<Chain>("shortcut");
  shortcut_->add<Conv>(conv2d(in, out, 1, stride, false));
  shortcut_->add<BatchNorm>(out);
}

torch::Tensor ResidualBlock::forward(const torch::Tensor& x) {
  const torch::Tensor sum = branch_->forward(x) + (shortcut_ ? shortcut_->forward(x) : x);
  return kind_ == ResidualKind::basic ? torch::relu(sum) : sum;
}

std::string ResidualBlock::write(const Exporter& to, const std::string& x) const {
  const std::string straight = shortcut_ ? shortcut_->write(to.in("shortcut"), x) : x;
  const std::string sum = to.add(branch_->write(to.in("branch"), x), straight);
  return kind_ == ResidualKind::basic ? to.node("Relu", {sum}) : sum;
}

ResidualCnn::ResidualCnn(const ResidualCnnOptions& options) {
  require_stages(options.widths, options.depths);
  std::int64_t in = options.widths.front();
  for (std::size_t s = 0; s < options.widths.size(); ++s) {
    const auto stage = part<Chain>("stage" + std::to_string(s));
    if (s == 0) {
      stage->add<Conv>(conv2d(options.in, in, 3, options.stem_stride, false));
      stage->add<BatchNorm>(in);
      if (options.kind == ResidualKind::basic)
        stage->add<Activation>(Act::relu);
      else
        stage->add<PRelu>(in);
    }
    for (std::int64_t d = 0; d < options.depths[s]; ++d) {
      stage->add<ResidualBlock>(ResidualBlock::Options{.in = in,
                                                       .out = options.widths[s],
                                                       .stride = s > 0 && d == 0 ? 2 : 1,
                                                       .kind = options.kind,
                                                       .squeeze = options.squeeze});
      in = options.widths[s];
    }
    stages_.push_back(stage);
  }
}

std::vector<torch::Tensor> ResidualCnn::stages(const torch::Tensor& x) {
  std::vector<torch::Tensor> answers;
  for (const auto& stage : stages_) answers.push_back(stage->forward(answers.empty() ? x : answers.back()));
  return answers;
}

std::vector<std::string> ResidualCnn::write_stages(const Exporter& to, const std::string& x) const {
  std::vector<std::string> answers;
  for (std::size_t s = 0; s < stages_.size(); ++s)
    answers.push_back(stages_[s]->write(to.in("stage" + std::to_string(s)), answers.empty() ? x : answers.back()));
  return answers;
}

ResponseNorm::ResponseNorm(std::int64_t channels)
    : gamma_(register_parameter("gamma", torch::zeros({channels}))),
      beta_(register_parameter("beta", torch::zeros({channels}))) {}

torch::Tensor ResponseNorm::forward(const torch::Tensor& x) {
  // The little number below the root keeps the gradient of a channel that says nothing finite.
  const torch::Tensor length = torch::sqrt((x * x).sum({1, 2}, true) + 1e-12);
  return gamma_ * (x * (length / (length.mean(3, true) + 1e-6))) + beta_ + x;
}

std::string ResponseNorm::write(const Exporter& to, const std::string& x) const {
  const std::string length = to.node("Sqrt", {to.plus(to.sum(to.mul(x, x), {1, 2}, true), 1e-12)});
  const std::string share = to.div(length, to.plus(to.mean(length, {3}, true), 1e-6));
  const std::string scaled = to.mul(to.mul(x, share), to.weight("gamma", gamma_));
  return to.add(to.add(scaled, to.weight("beta", beta_)), x);
}

ConvNextBlock::ConvNextBlock(std::int64_t channels, std::int64_t kernel)
    : conv_(part<Conv>("conv", depthwise(channels, kernel))), mix_(part<Chain>("mix")) {
  mix_->add<ChannelsLast>();
  mix_->add<LayerNorm>(channels);
  mix_->add<Linear>(channels, 4 * channels);
  mix_->add<Activation>(Act::gelu);
  mix_->add<ResponseNorm>(4 * channels);
  mix_->add<Linear>(4 * channels, channels);
  mix_->add<ChannelsFirst>();
}

torch::Tensor ConvNextBlock::forward(const torch::Tensor& x) { return x + mix_->forward(conv_->forward(x)); }

std::string ConvNextBlock::write(const Exporter& to, const std::string& x) const {
  return to.add(x, mix_->write(to.in("mix"), conv_->write(to.in("conv"), x)));
}

ConvNext::ConvNext(const ConvNextOptions& options) : chain_(part<Chain>("chain")) {
  require_stages(options.widths, options.depths);
  const auto smaller = [&](std::int64_t in, std::int64_t out, std::int64_t by) {
    chain_->add<Conv>(ConvOptions{.in = in, .out = out, .kernel = {by, by}, .stride = {by, by}, .padding = {0, 0}});
  };
  smaller(options.in, options.widths.front(), options.patch);
  chain_->add<LayerNorm>(options.widths.front(), Along::channels);
  for (std::size_t s = 0; s < options.widths.size(); ++s) {
    if (s > 0) {
      chain_->add<LayerNorm>(options.widths[s - 1], Along::channels);
      smaller(options.widths[s - 1], options.widths[s], 2);
    }
    for (std::int64_t d = 0; d < options.depths[s]; ++d) chain_->add<ConvNextBlock>(options.widths[s], options.kernel);
  }
}

UNet::UNet(const UNetOptions& options) : pool_(part<Pool>("pool", Pooling::mean)), twice_(part<Upsample>("twice")) {
  TORCH_CHECK(!options.widths.empty(), "a U-Net needs a level");
  const Wholes& widths = options.widths;
  for (std::size_t i = 0; i < widths.size(); ++i)
    down_.push_back(
        level("down" + std::to_string(i), i == 0 ? options.in : widths[i - 1], widths[i], options.condition));
  for (std::size_t i = widths.size() - 1; i-- > 0;)
    up_.push_back(level("up" + std::to_string(i), widths[i + 1] + widths[i], widths[i], options.condition));
  last_ = part<Conv>("last", conv2d(widths.front(), options.out, 1));
}

UNet::Level UNet::level(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t condition) {
  // Groups of at least two channels, at most eight: statistics of a sample alone, so that training and use agree.
  const std::int64_t groups = std::gcd(out, std::min<std::int64_t>(8, std::max<std::int64_t>(out / 2, 1)));
  Level made{.first = part<Chain>(name + "_first"), .second = part<Chain>(name + "_second"), .condition = nullptr};
  made.first->add<Conv>(conv2d(in, out));
  made.first->add<GroupNorm>(groups, out);
  made.first->add<Activation>(Act::silu);
  made.second->add<Conv>(conv2d(out, out));
  made.second->add<GroupNorm>(groups, out);
  made.second->add<Activation>(Act::silu);
  if (condition > 0) made.condition = part<Linear>(name + "_condition", condition, out);
  return made;
}

torch::Tensor UNet::through(const Level& level, const torch::Tensor& x, const torch::Tensor& condition) {
  torch::Tensor at = level.first->forward(x);
  if (level.condition && condition.defined()) at = at + level.condition->forward(condition).unsqueeze(2).unsqueeze(3);
  return level.second->forward(at);
}

std::string UNet::write_level(const Exporter& to, const Level& level, const std::string& x,
                              const std::string& condition) {
  std::string at = level.first->write(to.in("first"), x);
  if (level.condition && !condition.empty())
    at = to.add(at, to.unsqueeze(level.condition->write(to.in("condition"), condition), {2, 3}));
  return level.second->write(to.in("second"), at);
}

torch::Tensor UNet::forward(const torch::Tensor& x, const torch::Tensor& condition) {
  std::vector<torch::Tensor> beside;
  torch::Tensor at = x;
  for (std::size_t i = 0; i < down_.size(); ++i) {
    at = through(down_[i], i == 0 ? at : pool_->forward(at), condition);
    beside.push_back(at);
  }
  for (std::size_t i = 0; i < up_.size(); ++i)
    at = through(up_[i], torch::cat({twice_->forward(at), beside[up_.size() - 1 - i]}, 1), condition);
  return last_->forward(at);
}

std::string UNet::write(const Exporter& to, const std::string& x, const std::string& condition) const {
  std::vector<std::string> beside;
  std::string at = x;
  for (std::size_t i = 0; i < down_.size(); ++i) {
    const std::string smaller = i == 0 ? at : pool_->write(to.in("pool"), at);
    at = write_level(to.in("down" + std::to_string(i)), down_[i], smaller, condition);
    beside.push_back(at);
  }
  for (std::size_t i = 0; i < up_.size(); ++i) {
    const std::string larger = to.concat({twice_->write(to.in("twice"), at), beside[up_.size() - 1 - i]}, 1);
    at = write_level(to.in("up" + std::to_string(i)), up_[i], larger, condition);
  }
  return last_->write(to.in("last"), at);
}

}  // namespace vultus::learn::blocks

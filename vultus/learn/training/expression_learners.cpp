#include <cmath>
#include <numeric>
#include <utility>

#include <vultus/learn/training/expression_learners.hpp>
#include <vultus/learn/training/expression_losses.hpp>
#include <vultus/learn/training/losses.hpp>

namespace vultus::learn {
namespace {

using blocks::Exporter;

/// A learner whose network is one head with an activation behind it.
class HeadLearner : public Learner {
 public:
  HeadLearner(MapHeadOptions options, std::string output, blocks::Act act)
      : options_(std::move(options)),
        head_(std::make_shared<MapHead>(options_)),
        output_(std::move(output)),
        act_(act) {}
  [[nodiscard]] std::shared_ptr<torch::nn::Module> net() const override { return head_; }
  torch::Tensor answers(const std::vector<torch::Tensor>& inputs) override {
    const torch::Tensor logits = head_->forward(inputs);
    return act_ == blocks::Act::sigmoid ? torch::sigmoid(logits) : torch::softmax(logits, 1);
  }
  [[nodiscard]] std::vector<GraphOutput> write(const Exporter& to,
                                               const std::vector<std::string>& inputs) const override {
    const std::string logits = head_->write(to, inputs);
    return {{output_, act_ == blocks::Act::sigmoid ? to.sigmoid(logits) : to.softmax(logits, 1), options_.answers}};
  }

 protected:
  MapHeadOptions options_;
  std::shared_ptr<MapHead> head_;

 private:
  std::string output_;
  blocks::Act act_;
};

class Pairwise final : public HeadLearner {
 public:
  Pairwise(MapHeadOptions options, torch::Tensor weights)
      : HeadLearner(std::move(options), "pairs", blocks::Act::sigmoid), weights_(std::move(weights)) {}
  torch::Tensor loss(const LearnBatch& batch) override {
    return pair_loss(head_->forward(batch.inputs), batch.targets, weights_);
  }

 private:
  torch::Tensor weights_;
};

class Multinomial final : public HeadLearner {
 public:
  Multinomial(MapHeadOptions options, torch::Tensor weights, double focus)
      : HeadLearner(std::move(options), "probabilities", blocks::Act::none),
        weights_(std::move(weights)),
        focus_(focus) {}
  torch::Tensor loss(const LearnBatch& batch) override {
    const torch::Tensor logs = torch::log_softmax(head_->forward(batch.inputs), 1);
    torch::Tensor terms = batch.targets * weights_ * logs;
    if (focus_ > 0) terms = terms * (1 - logs.exp()).pow(focus_);
    return -terms.sum() / (batch.targets * weights_).sum();
  }

 private:
  torch::Tensor weights_;
  double focus_;
};

/// The two networks of system 28.
class PoiNet : public torch::nn::Module {
 public:
  explicit PoiNet(const PoiOptions& options) : options_(options) {
    target_ = register_module("target", std::make_shared<MapHead>(options.net));
    stem_ =
        register_module("stem", std::make_shared<MapStem>(options.net.inputs, options.net.scales, options.prior_stem));
    const std::int64_t side = HeadShape{.inputs = options.net.inputs, .outputs = {}}.stem_side();
    for (const PriorRegion& region : options.regions) {
      const auto units = static_cast<std::int64_t>(region.weights.size() / region.bias.size());
      units_.push_back(register_module(
          "units_" + region.name,
          std::make_shared<blocks::Linear>(options.prior_stem * (region.to_row - region.from_row) * side, units)));
      weights_.push_back(torch::tensor(region.weights).view({-1, units}));
      biases_.push_back(torch::tensor(region.bias));
    }
    trust_ = register_parameter("trust", torch::zeros({static_cast<std::int64_t>(units_.size())}));
  }

  torch::Tensor target(const std::vector<torch::Tensor>& inputs) { return target_->forward(inputs); }
  /// [n, regions, E]
  torch::Tensor opinions(const std::vector<torch::Tensor>& inputs) {
    const torch::Tensor map = torch::dropout(stem_->forward(inputs), options_.net.input_dropout, is_training());
    std::vector<torch::Tensor> said;
    for (std::size_t r = 0; r < units_.size(); ++r) {
      const PriorRegion& region = options_.regions[r];
      const torch::Tensor active =
          torch::sigmoid(units_[r]->forward(map.slice(2, region.from_row, region.to_row).flatten(1)));
      said.push_back(torch::softmax(torch::mm(active, weights_[r].t()) + biases_[r], 1));
    }
    return torch::stack(said, 1);
  }
  torch::Tensor together(const torch::Tensor& opinions) {
    return (opinions * torch::softmax(trust_, 0).view({1, -1, 1})).sum(1);
  }

  [[nodiscard]] std::vector<GraphOutput> write(const Exporter& to, const std::vector<std::string>& inputs) const {
    const std::string answer = to.softmax(target_->write(to.in("target"), inputs), 1);
    const std::string map = stem_->write(to.in("stem"), inputs);
    const torch::Tensor trust = torch::softmax(trust_.detach(), 0);
    std::vector<std::string> said;
    std::string sum;
    for (std::size_t r = 0; r < units_.size(); ++r) {
      const PriorRegion& region = options_.regions[r];
      const std::string rows = to.node("Flatten", {to.slice(map, 2, region.from_row, region.to_row)});
      const std::string active = to.sigmoid(units_[r]->write(to.in("units_" + region.name), rows));
      const std::string logs =
          to.add(to.matmul(active, to.constant(weights_[r].t().contiguous())), to.constant(biases_[r]));
      said.push_back(to.softmax(logs, 1));
      const std::string part = to.times(said.back(), trust[static_cast<std::int64_t>(r)].item<double>());
      sum = r == 0 ? part : to.add(sum, part);
    }
    const std::int64_t classes = options_.net.answers;
    return {{"probabilities", answer, classes},
            {"prior", sum, classes},
            {"regions", to.concat(said, 1), classes * static_cast<std::int64_t>(said.size())}};
  }

 private:
  PoiOptions options_;
  std::shared_ptr<MapHead> target_;
  std::shared_ptr<MapStem> stem_;
  std::vector<std::shared_ptr<blocks::Linear>> units_;
  std::vector<torch::Tensor> weights_, biases_;
  torch::Tensor trust_;
};

class Poi final : public PoiLearner {
 public:
  explicit Poi(const PoiOptions& options) : options_(options), net_(std::make_shared<PoiNet>(options)) {
    doubts_ = net_->register_buffer("doubts", torch::full({options.samples}, -1.0, torch::kDouble));
  }
  [[nodiscard]] std::shared_ptr<torch::nn::Module> net() const override { return net_; }
  [[nodiscard]] bool two_views() const override { return true; }

  torch::Tensor loss(const LearnBatch& batch) override {
    const torch::Tensor logits = net_->target(batch.inputs);
    const torch::Tensor doubt = doubt_of(logits.detach(), batch);
    const torch::Tensor opinions = net_->opinions(batch.inputs), q = net_->together(opinions);
    const double risen = options_.ramp > 0 ? std::min(1.0, batch.progress / options_.ramp) : 1;
    const torch::Tensor target =
        guided_loss(logits, batch.targets, q.detach(), options_.guide * risen * doubt, options_.temperature);
    const torch::Tensor of_all = -(batch.targets * q.clamp_min(1e-8).log()).sum(1).mean();
    const torch::Tensor of_each = -(batch.targets.unsqueeze(1) * opinions.clamp_min(1e-8).log()).sum(2).mean(1).mean();
    return target + of_all + of_each + options_.mutual * mutual_divergence(opinions);
  }
  torch::Tensor answers(const std::vector<torch::Tensor>& inputs) override {
    return torch::softmax(net_->target(inputs), 1);
  }
  torch::Tensor prior(const std::vector<torch::Tensor>& inputs) override {
    return net_->together(net_->opinions(inputs));
  }
  torch::Tensor opinions(const std::vector<torch::Tensor>& inputs) override { return net_->opinions(inputs); }
  [[nodiscard]] std::vector<double> doubts() const override {
    const auto count = static_cast<std::size_t>(doubts_.numel());
    return count == 0 ? std::vector<double>()
                      : std::vector<double>(doubts_.data_ptr<double>(), doubts_.data_ptr<double>() + count);
  }
  [[nodiscard]] std::vector<GraphOutput> write(const Exporter& to,
                                               const std::vector<std::string>& inputs) const override {
    return net_->write(to, inputs);
  }

 private:
  torch::Tensor doubt_of(const torch::Tensor& logits, const LearnBatch& batch) {
    const torch::NoGradGuard no_gradients;
    torch::Tensor p = torch::softmax(logits, 1);
    if (!batch.again.empty()) p = (p + torch::softmax(net_->target(batch.again), 1)) / 2;
    const torch::Tensor doubt = options_.doubt == Doubt::disagreement
                                    ? 1 - (p * batch.targets).sum(1)
                                    : -(p * p.clamp_min(1e-8).log()).sum(1) / std::log(static_cast<double>(p.size(1)));
    if (doubts_.numel() > 0) doubts_.index_copy_(0, torch::tensor(batch.samples), doubt.to(torch::kDouble));
    return doubt;
  }

  PoiOptions options_;
  std::shared_ptr<PoiNet> net_;
  torch::Tensor doubts_;  // [samples], a buffer of the net
};

class CompoundHead final : public HeadLearner {
 public:
  CompoundHead(MapHeadOptions options, torch::Tensor parts, double distance)
      : HeadLearner(std::move(options), "parts", blocks::Act::sigmoid), parts_(std::move(parts)), distance_(distance) {
    // The variance is learnt: its square root is a parameter beside the head's.
    deviation_ = head_->register_parameter("deviation", torch::ones({}));
  }
  torch::Tensor loss(const LearnBatch& batch) override {
    const torch::Tensor shown = parts_.index_select(0, torch::tensor(batch.samples));
    const torch::Tensor logits = head_->forward(batch.inputs);
    const torch::Tensor each = torch::nn::functional::binary_cross_entropy_with_logits(logits, shown);
    if (distance_ == 0) return each;
    return each + distance_ * balanced_distance(torch::sigmoid(logits), shown, deviation_.pow(2).clamp_min(1e-3));
  }

 private:
  torch::Tensor parts_, deviation_;
  double distance_;
};

Status check_counts(const std::vector<double>& counts) {
  if (counts.size() < 2)
    return fail(ErrorCode::invalid_argument, "a classifier needs 2 classes, got " + std::to_string(counts.size()));
  return {};
}

}  // namespace

Result<std::unique_ptr<Learner>> pairwise_learner(MapHeadOptions net, const std::vector<double>& counts, double power) {
  VULTUS_CHECK(check_counts(counts));
  net.answers = static_cast<std::int64_t>(counts.size() * (counts.size() - 1) / 2);
  return std::unique_ptr<Learner>(
      std::make_unique<Pairwise>(std::move(net), pair_weights(torch::tensor(counts).to(torch::kFloat), power)));
}

Result<std::unique_ptr<Learner>> multinomial_learner(MapHeadOptions net, const std::vector<double>& counts,
                                                     double power, double focus) {
  VULTUS_CHECK(check_counts(counts));
  net.answers = static_cast<std::int64_t>(counts.size());
  const torch::Tensor n = torch::tensor(counts).to(torch::kFloat).clamp_min(1);
  return std::unique_ptr<Learner>(std::make_unique<Multinomial>(std::move(net), (n.mean() / n).pow(power), focus));
}

void shuffle_prior(PriorRegion& region, std::mt19937_64& engine) {
  const std::size_t classes = region.bias.size(), units = region.weights.size() / classes;
  const std::vector<float> before = region.weights;
  // log(1 - P) of log odds.
  const auto absent = [](float odds) { return -std::log1p(std::exp(static_cast<double>(odds))); };
  std::vector<std::size_t> places(classes);
  for (std::size_t u = 0; u < units; ++u) {
    std::iota(places.begin(), places.end(), 0);
    for (std::size_t i = classes; i > 1; --i) std::swap(places[i - 1], places[engine() % i]);
    for (std::size_t e = 0; e < classes; ++e) {
      const float own = before[e * units + u], others = before[places[e] * units + u];
      region.weights[e * units + u] = others;
      region.bias[e] += static_cast<float>(absent(others) - absent(own));
    }
  }
}

Result<std::unique_ptr<PoiLearner>> poi_learner(const PoiOptions& options) {
  const auto refuse = [](const std::string& what) { return fail(ErrorCode::invalid_argument, "prior: " + what); };
  if (options.regions.empty()) return refuse("no regions");
  const std::int64_t side = HeadShape{.inputs = options.net.inputs, .outputs = {}}.stem_side();
  for (const PriorRegion& region : options.regions) {
    if (region.from_row < 0 || region.to_row > side || region.from_row >= region.to_row)
      return refuse("region " + region.name + " has rows outside 0 to " + std::to_string(side));
    if (std::cmp_not_equal(region.bias.size(), options.net.answers) || region.weights.empty() ||
        region.weights.size() % region.bias.size() != 0)
      return refuse("region " + region.name + " has weights that do not fit " + std::to_string(options.net.answers) +
                    " classes");
  }
  return std::unique_ptr<PoiLearner>(std::make_unique<Poi>(options));
}

Result<std::unique_ptr<Learner>> compound_learner(MapHeadOptions net, torch::Tensor parts, double distance) {
  if (parts.dim() != 2 || parts.size(0) < 1 || parts.size(1) < 2)
    return fail(ErrorCode::invalid_argument, "the parts of compounds must be a table of two columns or more");
  net.answers = parts.size(1);
  return std::unique_ptr<Learner>(std::make_unique<CompoundHead>(std::move(net), parts.to(torch::kFloat), distance));
}

}  // namespace vultus::learn

#include <vultus/learn/training/train.hpp>

#include <algorithm>
#include <cmath>
#include <random>

#include <vultus/learn/class_scores.hpp>
#include <vultus/learn/training/head_net.hpp>
#include <vultus/learn/training/loop.hpp>
#include <vultus/learn/training/losses.hpp>
#include <vultus/learn/training/samplers.hpp>
#include <vultus/learn/training/samples.hpp>

namespace vultus::learn {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kValidationBatch = 256;

class Run {
 public:
  Run(const TrainingConfig& config, Samples samples) : config_(config), samples_(std::move(samples)), net_(nullptr) {
    torch::manual_seed(config.seed);
    net_ = HeadNet(config);
    for (std::int64_t i = 0; i < samples_.count(); ++i)
      (samples_.folds()[static_cast<std::size_t>(i)] == config.fold ? held_out_ : kept_).push_back(i);
    for (std::size_t t = 0; t < config.targets.size(); ++t) prepare(t);
  }

  [[nodiscard]] LoopTask task() {
    LoopTask task;
    task.net = net_.ptr(), task.samples = kept_;
    task.loss = [this](std::span<const std::int64_t> batch, std::mt19937_64& engine) { return losses(batch, engine); };
    if (!held_out_.empty()) task.validate = [this] { return validate(nullptr); };
    task.merit = [](const Measures& measured) { return merit(measured); };
    return task;
  }

  Measures validate(std::vector<std::int64_t>* answers) {
    Measures measured;
    if (held_out_.empty()) return measured;
    const std::vector<torch::Tensor> said = answers_of(held_out_);
    for (std::size_t t = 0; t < config_.targets.size(); ++t) measure(t, said[t], measured, t == 0 ? answers : nullptr);
    return measured;
  }

  /// What early stopping goes by: higher is better.
  [[nodiscard]] static double merit(const Measures& measured) {
    double sum = 0;
    for (const auto& [name, value] : measured) {
      if (name.ends_with(".error"))
        sum -= value / 10;
      else if (name.ends_with(".accuracy") || name.ends_with(".uar"))
        sum += value;
    }
    return sum;
  }

  /// Samples of each class that are trained on.
  [[nodiscard]] std::vector<double> counts(std::size_t t) const {
    std::vector<double> counts(config_.targets[t].classes.size());
    for (const std::int64_t i : kept_)
      ++counts[static_cast<std::size_t>(samples_.labels(t)[static_cast<std::size_t>(i)])];
    return counts;
  }
  HeadNet& net() { return net_; }
  [[nodiscard]] const Samples& samples() const { return samples_; }

 private:
  void prepare(std::size_t t) {
    const TrainingTarget& target = config_.targets[t];
    const std::vector<std::int64_t>& labels = samples_.labels(t);
    const double n = static_cast<double>(kept_.size());
    if (!target.classes.empty()) {
      std::vector<double> counts(target.classes.size());
      for (const std::int64_t i : kept_) ++counts[static_cast<std::size_t>(labels[static_cast<std::size_t>(i)])];
      torch::Tensor weights = torch::empty({static_cast<std::int64_t>(counts.size())});
      for (std::size_t c = 0; c < counts.size(); ++c)
        weights[static_cast<std::int64_t>(c)] =
            std::pow(n / static_cast<double>(counts.size()) / std::max(counts[c], 1.0), config_.class_power);
      class_weights_.push_back(weights);
      return;
    }
    class_weights_.emplace_back();
    double sum = 0, squares = 0;
    for (const std::int64_t i : kept_) {
      const double value = target.numbers[static_cast<std::size_t>(labels[static_cast<std::size_t>(i)])];
      sum += value, squares += value * value;
    }
    const double mean = sum / n;
    spreads_.emplace_back(t, std::sqrt(std::max(squares / n - mean * mean, 1e-12)));
    net_->set_spread(t, mean, spreads_.back().second);
  }

  [[nodiscard]] double spread_of(std::size_t t) const {
    for (const auto& [target, spread] : spreads_)
      if (target == t) return spread;
    return 1;
  }

  /// What answer_power adds to the logits, as shift_priors() does to the weights.
  [[nodiscard]] torch::Tensor shift_of(std::size_t t) const {
    if (config_.answer_power < 0) return torch::zeros({1});
    torch::Tensor shares = torch::tensor(counts(t));
    shares = (shares / shares.sum()).clamp_min(1e-12).log();
    return (shares * (config_.class_power - config_.answer_power)).to(torch::kFloat);
  }

  [[nodiscard]] torch::Tensor loss_of(std::size_t t, const torch::Tensor& said, std::span<const std::int64_t> batch,
                                      const torch::Tensor& other, double share) const {
    const TrainingTarget& target = config_.targets[t];
    torch::Tensor labels = torch::empty({static_cast<std::int64_t>(batch.size())}, torch::kLong);
    for (std::size_t i = 0; i < batch.size(); ++i)
      labels[static_cast<std::int64_t>(i)] = samples_.labels(t)[static_cast<std::size_t>(batch[i])];
    if (target.classes.empty()) {
      const torch::Tensor numbers = torch::tensor(target.numbers).to(torch::kFloat).index_select(0, labels);
      const torch::Tensor mixed = share * numbers + (1 - share) * numbers.index_select(0, other);
      return torch::nn::functional::smooth_l1_loss(said.squeeze(1) / spread_of(t), mixed / spread_of(t),
                                                   torch::nn::functional::SmoothL1LossFuncOptions().beta(0.2));
    }
    const auto classes = static_cast<std::int64_t>(target.classes.size());
    torch::Tensor soft = torch::one_hot(labels, classes).to(torch::kFloat) * (1 - config_.smoothing) +
                         config_.smoothing / static_cast<double>(classes);
    torch::Tensor weights = class_weights_[t].index_select(0, labels);
    // A mixed sample weighs what its parts weigh.
    const torch::Tensor both = share * weights + (1 - share) * weights.index_select(0, other);
    soft = (share * soft * weights.unsqueeze(1) + (1 - share) * (soft * weights.unsqueeze(1)).index_select(0, other)) /
           both.unsqueeze(1);
    return soft_cross_entropy(said, soft, both);
  }

  Losses losses(std::span<const std::int64_t> batch, std::mt19937_64& engine) {
    std::vector<SampleView> views;
    for (const std::int64_t sample : batch)
      views.push_back({sample, static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(samples_.variants()))});
    std::vector<torch::Tensor> inputs = samples_.inputs(views);
    const torch::Tensor other = torch::randperm(static_cast<std::int64_t>(batch.size()), torch::kLong);
    const double share = config_.mixup > 0 ? beta_of(config_.mixup, engine) : 1;
    if (share < 1)
      for (torch::Tensor& input : inputs) input = share * input + (1 - share) * input.index_select(0, other);
    const std::vector<torch::Tensor> said = net_->forward(inputs);
    Losses parts;
    for (std::size_t t = 0; t < said.size(); ++t)
      parts[config_.targets[t].output] = config_.targets[t].weight * loss_of(t, said[t], batch, other, share);
    return parts;
  }

  /// Probabilities or numbers, the crop and its mirror image averaged.
  std::vector<torch::Tensor> answers_of(std::span<const std::int64_t> which) {
    const torch::NoGradGuard no_gradients;
    net_->eval();
    std::vector<std::vector<torch::Tensor>> parts(config_.targets.size());
    for (std::size_t from = 0; from < which.size(); from += kValidationBatch) {
      const auto batch = which.subspan(from, std::min(which.size() - from, static_cast<std::size_t>(kValidationBatch)));
      const std::int64_t looks = std::min<std::int64_t>(samples_.variants(), 2);
      std::vector<torch::Tensor> sums(config_.targets.size());
      for (std::int64_t variant = 0; variant < looks; ++variant) {
        std::vector<SampleView> views;
        for (const std::int64_t sample : batch) views.push_back({sample, variant});
        const auto said = net_->forward(samples_.inputs(views));
        for (std::size_t t = 0; t < said.size(); ++t) {
          const torch::Tensor answer =
              config_.targets[t].classes.empty() ? said[t] : torch::softmax(said[t] + shift_of(t), 1);
          sums[t] = variant == 0 ? answer : sums[t] + answer;
        }
      }
      for (std::size_t t = 0; t < sums.size(); ++t) parts[t].push_back(sums[t] / static_cast<double>(looks));
    }
    std::vector<torch::Tensor> all;
    for (auto& part : parts) all.push_back(torch::cat(part));
    return all;
  }

  void measure(std::size_t t, const torch::Tensor& said, std::map<std::string, double>& measured,
               std::vector<std::int64_t>* answers) const {
    const TrainingTarget& target = config_.targets[t];
    const std::vector<std::int64_t>& labels = samples_.labels(t);
    if (target.classes.empty()) {
      double error = 0;
      for (std::size_t i = 0; i < held_out_.size(); ++i)
        error += std::abs(said[static_cast<std::int64_t>(i)][0].item<double>() -
                          target.numbers[static_cast<std::size_t>(labels[static_cast<std::size_t>(held_out_[i])])]);
      measured[target.output + ".error"] = error / static_cast<double>(held_out_.size());
      return;
    }
    const torch::Tensor best = said.argmax(1);
    Answered all;
    for (std::size_t i = 0; i < held_out_.size(); ++i) {
      all.truth.push_back(labels[static_cast<std::size_t>(held_out_[i])]);
      all.said.push_back(best[static_cast<std::int64_t>(i)].item<std::int64_t>());
    }
    for (const auto& [name, value] : scores_of(all, static_cast<std::int64_t>(target.classes.size())))
      measured[target.output + "." + name] = value;
    if (answers != nullptr) answers->insert(answers->end(), all.said.begin(), all.said.end());
  }

  const TrainingConfig& config_;
  Samples samples_;
  HeadNet net_;
  std::vector<std::int64_t> kept_, held_out_;
  std::vector<torch::Tensor> class_weights_;
  std::vector<std::pair<std::size_t, double>> spreads_;
};

Result<TrainingResult> train_in(const TrainingConfig& config, const fs::path& folder,
                                const std::function<void(const EpochRecord&)>& told, const std::stop_token& stop) {
  VULTUS_TRY(Samples samples, Samples::open(config));
  Run run(config, std::move(samples));
  const LoopOptions options{.name = config.name,
                            .identity = config.sha256,
                            .epochs = config.epochs,
                            .batch = config.batch,
                            .learning_rate = config.learning_rate,
                            .weight_decay = config.weight_decay,
                            .decay_all = true,
                            .warm_up = config.warm_up,
                            .clip = 0,
                            .seed = config.seed,
                            .patience = config.fold >= 0 ? config.patience : 0};
  VULTUS_TRY(LoopResult ran, run_loop(run.task(), options, folder, told, stop));
  TrainingResult result{.head = {},
                        .epochs = std::move(ran.epochs),
                        .validation = {},
                        .validated = {},
                        .split = run.samples().split_text(),
                        .features = run.samples().notes()};
  result.validation = run.validate(&result.validated);
  result.head = run.net()->folded();
  for (std::size_t t = 0; t < config.targets.size(); ++t)
    if (config.answer_power >= 0 && !config.targets[t].classes.empty())
      VULTUS_CHECK(
          shift_priors(result.head, config.targets[t].output, run.counts(t), config.class_power - config.answer_power));
  return result;
}

}  // namespace

Result<TrainingResult> train_head(const TrainingConfig& config, const fs::path& folder,
                                  const std::function<void(const EpochRecord&)>& told, const std::stop_token& stop) {
  return guarded("training", [&] { return train_in(config, folder, told, stop); });
}

}  // namespace vultus::learn

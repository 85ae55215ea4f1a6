#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include <vultus/learn/class_scores.hpp>
#include <vultus/learn/curriculum.hpp>
#include <vultus/learn/label_noise.hpp>
#include <vultus/learn/training/loop.hpp>
#include <vultus/learn/training/samplers.hpp>
#include <vultus/learn/training/system_run.hpp>

namespace vultus::learn {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kJudgedAtOnce = 256;

/// Rows of the samples' tensor "parts"; undefined where there is none.
Result<torch::Tensor> parts_of(const Samples& samples, const TrainingConfig& config) {
  const auto spec = samples.file().find("parts");
  if (!spec) return torch::Tensor();
  if (spec.value()->type != TensorType::f32 || spec.value()->shape.size() != 2 ||
      spec.value()->shape[0] != samples.count())
    return fail(ErrorCode::corrupt_data, "tensor parts is not a row of floats a sample");
  VULTUS_TRY(const auto values, samples.file().floats("parts"));
  torch::Tensor parts = torch::tensor(values).view({samples.count(), spec.value()->shape[1]});
  if (config.shuffle_labels) {
    torch::manual_seed(config.seed + 77);
    parts = parts.index_select(0, torch::randperm(samples.count(), torch::kLong));
  }
  return parts;
}

/// A learner's network beside the average of its weights, so that checkpoints hold both.
class WithAverage : public torch::nn::Module {
 public:
  WithAverage(const std::shared_ptr<torch::nn::Module>& net, const std::shared_ptr<torch::nn::Module>& average) {
    register_module("net", net);
    if (!average) return;
    register_module("average", average);
    for (torch::Tensor& parameter : average->parameters()) parameter.set_requires_grad(false);
  }
};

class SystemRun {
 public:
  SystemRun(const TrainingConfig& config, const LearningSystem& system, Samples samples)
      : config_(config), system_(system), samples_(std::move(samples)) {}

  Status prepare() {
    const auto classes = static_cast<std::int64_t>(config_.targets.front().classes.size());
    if (classes < 2) return fail(ErrorCode::invalid_argument, "a system needs a target with classes");
    VULTUS_CHECK(share_out(classes));
    VULTUS_TRY(const torch::Tensor parts, parts_of(samples_, config_));
    LearnerData data{.samples = samples_.count(),
                     .counts = std::vector<double>(static_cast<std::size_t>(classes)),
                     .parts = parts,
                     .notes = samples_.notes()};
    for (const std::int64_t i : kept_) ++data.counts[at(labels_, i)];
    torch::manual_seed(config_.seed);
    VULTUS_TRY(learner_, system_.make(config_, data));
    if (config_.average > 0) {
      VULTUS_TRY(averaged_, system_.make(config_, data));
      blend(0);
    }
    whole_ = std::make_shared<WithAverage>(learner_->net(), averaged_ ? averaged_->net() : nullptr);
    return {};
  }

  [[nodiscard]] LoopTask task() {
    LoopTask task;
    task.net = whole_, task.samples = kept_, task.groups = learner_->groups();
    if (!config_.curriculum.empty()) task.order = [this](std::mt19937_64& engine) { return order_of(epoch_, engine); };
    task.loss = [this](std::span<const std::int64_t> batch, std::mt19937_64& engine) {
      return Losses{{"loss", loss_of(batch, engine)}};
    };
    if (!held_out_.empty()) task.validate = [this] { return validate(); };
    if (averaged_)
      task.after_step = [this] {
        ++steps_;
        blend(std::min(config_.average, static_cast<double>(1 + steps_) / static_cast<double>(10 + steps_)));
      };
    task.before_epoch = [this](int epoch, double progress) {
      epoch_ = epoch, progress_ = progress;
      // The first steps are averaged over fewer: a resumed run counts those before it.
      steps_ = static_cast<std::int64_t>(epoch - 1) *
               std::max<std::int64_t>(1, static_cast<std::int64_t>(epoch_size_) / config_.batch);
    };
    return task;
  }

  /// What is left when the epochs are over.
  SystemResult result(LoopResult ran) {
    SystemResult result;
    result.epochs = std::move(ran.epochs);
    result.validation = std::move(ran.validation);
    result.judged = judged_;
    result.flipped = flipped_;
    result.split = samples_.split_text();
    result.features = samples_.notes();
    whole_->eval();
    result.onnx = onnx_of(exported(), config_.shape.inputs, config_.keep, config_.name);
    if (averaged_) {
      result.learner = std::move(averaged_), result.trained = std::move(learner_);
    } else {
      result.learner = std::move(learner_);
    }
    return result;
  }

 private:
  Measures validate() {
    judged_.clear();
    Learner& learner = exported();
    for (std::size_t from = 0; from < held_out_.size(); from += kJudgedAtOnce) {
      const auto part = std::span(held_out_).subspan(from, std::min(held_out_.size() - from, kJudgedAtOnce));
      const std::int64_t looks = std::min<std::int64_t>(samples_.variants(), 2);
      torch::Tensor sum;
      for (std::int64_t variant = 0; variant < looks; ++variant) {
        std::vector<SampleView> views;
        for (const std::int64_t sample : part) views.push_back({sample, variant});
        const torch::Tensor said = learner.answers(samples_.inputs(views));
        sum = variant == 0 ? said : sum + said;
      }
      sum = (sum / static_cast<double>(looks)).to(torch::kFloat).contiguous();
      const std::size_t width = static_cast<std::size_t>(sum.size(1));
      const std::span<const float> all(sum.data_ptr<float>(), static_cast<std::size_t>(sum.numel()));
      for (std::size_t i = 0; i < part.size(); ++i) {
        const auto decided = system_.decide(all.subspan(i * width, width));
        judged_.push_back(
            {part[i], samples_.labels(0)[static_cast<std::size_t>(part[i])], decided ? decided.value() : -1});
      }
    }
    return measured();
  }

  static std::size_t at(const std::vector<std::int64_t>& labels, std::int64_t i) {
    return static_cast<std::size_t>(labels[static_cast<std::size_t>(i)]);
  }
  Learner& exported() { return averaged_ ? *averaged_ : *learner_; }

  /// Folds, planted noise, easy and hard samples.
  Status share_out(std::int64_t classes) {
    labels_ = samples_.labels(0);
    flipped_.assign(labels_.size(), false);
    std::vector<std::int64_t> clean;
    for (std::int64_t i = 0; i < samples_.count(); ++i) {
      const std::int64_t label = labels_[static_cast<std::size_t>(i)];
      if (samples_.folds()[static_cast<std::size_t>(i)] == config_.fold) {
        if (label >= system_.judged_from) held_out_.push_back(i);
      } else if (std::ranges::find(config_.untrained, label) == config_.untrained.end()) {
        kept_.push_back(i), clean.push_back(label);
      }
    }
    VULTUS_TRY(const NoisyLabels noisy, plant_noise(clean, classes, config_.noise, config_.seed + 13));
    for (std::size_t k = 0; k < kept_.size(); ++k) {
      labels_[static_cast<std::size_t>(kept_[k])] = noisy.labels[k];
      flipped_[static_cast<std::size_t>(kept_[k])] = noisy.flipped[k];
    }
    for (const std::int64_t i : kept_)
      (std::cmp_less(at(labels_, i), system_.judged_from) ? easy_ : hard_).push_back(i);
    epoch_size_ = kept_.size();
    if (config_.curriculum.empty()) return {};
    VULTUS_CHECK(learn::validate(config_.curriculum));
    if (easy_.empty() || hard_.empty())
      return fail(ErrorCode::invalid_argument, "a curriculum needs samples of single labels and hybrids; there are " +
                                                   std::to_string(easy_.size()) + " and " +
                                                   std::to_string(hard_.size()));
    epoch_size_ = easy_.size();
    return {};
  }

  /// The samples of an epoch of the curriculum in their order.
  std::vector<std::int64_t> order_of(int number, std::mt19937_64& engine) {
    const double share = curriculum_share(config_.curriculum, number).value();
    const std::array sets{MixedSet{easy_, 1 - share}, MixedSet{hard_, share}};
    return mixed(sets, epoch_size_, engine);
  }

  torch::Tensor loss_of(std::span<const std::int64_t> samples, std::mt19937_64& engine) {
    const auto n = static_cast<std::int64_t>(samples.size());
    const auto views = [&] {
      std::vector<SampleView> made;
      for (const std::int64_t sample : samples)
        made.push_back({sample, static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(samples_.variants()))});
      return made;
    };
    LearnBatch batch{.inputs = samples_.inputs(views()),
                     .again = {},
                     .targets = {},
                     .labels = torch::empty({n}, torch::kLong),
                     .samples = {samples.begin(), samples.end()},
                     .progress = progress_};
    if (learner_->two_views()) batch.again = samples_.inputs(views());
    for (std::int64_t i = 0; i < n; ++i)
      batch.labels[i] = labels_[static_cast<std::size_t>(samples[static_cast<std::size_t>(i)])];
    const auto classes = static_cast<std::int64_t>(config_.targets.front().classes.size());
    batch.targets = torch::one_hot(batch.labels, classes).to(torch::kFloat) * (1 - config_.smoothing) +
                    config_.smoothing / static_cast<double>(classes);
    if (config_.mixup > 0) mix(batch, engine);
    return learner_->loss(batch);
  }

  void mix(LearnBatch& batch, std::mt19937_64& engine) const {
    const torch::Tensor other = torch::randperm(batch.targets.size(0), torch::kLong);
    const double share = beta_of(config_.mixup, engine);
    const auto mixed = [&](const torch::Tensor& x) { return share * x + (1 - share) * x.index_select(0, other); };
    for (torch::Tensor& input : batch.inputs) input = mixed(input);
    for (torch::Tensor& input : batch.again) input = mixed(input);
    batch.targets = mixed(batch.targets);
  }

  /// Moves the averaged weights: keep * old + (1 - keep) * new.
  void blend(double keep) {
    const torch::NoGradGuard no_gradients;
    const auto move = [&](const std::vector<torch::Tensor>& into, const std::vector<torch::Tensor>& from) {
      for (std::size_t i = 0; i < into.size(); ++i) {
        if (into[i].is_floating_point())
          torch::Tensor(into[i]).mul_(keep).add_(from[i], 1 - keep);
        else
          torch::Tensor(into[i]).copy_(from[i]);
      }
    };
    move(averaged_->net()->parameters(), learner_->net()->parameters());
    move(averaged_->net()->buffers(), learner_->net()->buffers());
  }

  [[nodiscard]] std::map<std::string, double> measured() const {
    const std::vector<std::string>& names = config_.targets.front().classes;
    Answered all;
    for (const Judged& one : judged_) all.truth.push_back(one.truth), all.said.push_back(one.answer);
    const ClassScores scores = class_scores(all, static_cast<std::int64_t>(names.size()));
    std::map<std::string, double> figures{{"accuracy", scores.accuracy}, {"uar", scores.uar}, {"f1", scores.f1}};
    for (std::size_t c = 0; c < names.size(); ++c)
      if (scores.recall[c]) figures["recall " + names[c]] = *scores.recall[c];
    return figures;
  }

  const TrainingConfig& config_;
  const LearningSystem& system_;
  Samples samples_;
  std::unique_ptr<Learner> learner_, averaged_;
  std::shared_ptr<WithAverage> whole_;
  std::vector<std::int64_t> labels_, kept_, held_out_, easy_, hard_;
  std::vector<bool> flipped_;
  std::vector<Judged> judged_;
  std::size_t epoch_size_ = 0;
  std::int64_t steps_ = 0;
  int epoch_ = 1;
  double progress_ = 0;
};

}  // namespace

Result<SystemResult> train_system(const TrainingConfig& config, const LearningSystem& system, const fs::path& folder,
                                  const std::function<void(const EpochRecord&)>& told, const std::stop_token& stop) {
  torch::set_num_threads(1);  // the same sums on every machine
  return guarded("training", [&]() -> Result<SystemResult> {
    VULTUS_TRY(Samples samples, Samples::open(config));
    SystemRun run(config, system, std::move(samples));
    VULTUS_CHECK(run.prepare());
    VULTUS_TRY(auto ran, run_loop(run.task(),
                                  {.name = config.name,
                                   .identity = config.sha256,
                                   .epochs = config.epochs,
                                   .batch = config.batch,
                                   .learning_rate = config.learning_rate,
                                   .weight_decay = config.weight_decay,
                                   .decay_all = true,
                                   .warm_up = config.warm_up,
                                   .seed = config.seed,
                                   .patience = config.patience},
                                  folder, told, stop));
    return run.result(std::move(ran));
  });
}

}  // namespace vultus::learn

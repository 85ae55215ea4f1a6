#include <vultus/learn/training/loop.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iterator>
#include <numbers>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adamw.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <vultus/learn/training/checkpoint.hpp>
#include <vultus/learn/training/samplers.hpp>

namespace vultus::learn {
namespace {

namespace fs = std::filesystem;

std::string whole_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

double usual_merit(const Measures& measured) {
  double sum = 0;
  for (const auto& [name, value] : measured) {
    if (name.ends_with("accuracy") || name.ends_with("uar"))
      sum += value;
    else if (name.ends_with("loss") || name.ends_with("error"))
      sum -= value;
  }
  return sum;
}

Status check_options(const LoopTask& task, const LoopOptions& options) {
  const auto refuse = [](const std::string& what) { return fail(ErrorCode::invalid_argument, "training: " + what); };
  if (!task.net || !task.loss ||
      std::ranges::any_of(task.turns, [](const LoopTurn& turn) { return turn.loss == nullptr; }))
    return refuse("it needs a network and a loss, and each turn a loss");
  if (options.epochs < 1 || options.epochs > 100'000)
    return refuse("epochs must be from 1 to 100000, not " + std::to_string(options.epochs));
  if (options.batch < 1) return refuse("batch must be at least 1, not " + std::to_string(options.batch));
  if (!(options.learning_rate > 0) || !(options.weight_decay >= 0) || !(options.clip >= 0))
    return refuse("learning_rate must be above 0, weight_decay and clip at least 0");
  if (!(options.warm_up >= 0 && options.warm_up <= 0.9))
    return refuse("warm_up must be from 0 to 0.9, not " + std::to_string(options.warm_up));
  if (options.threads < 1) return refuse("threads must be at least 1, not " + std::to_string(options.threads));
  if (options.patience > 0 && !task.validate) return refuse("patience needs a validation");
  return {};
}

/// A loss that must not be learnt from.
struct NotFinite {
  std::string what;
};

class Loop {
 public:
  Loop(const LoopTask& task, const LoopOptions& options) : task_(task), options_(options) {
    std::set<torch::TensorImpl*> taken;
    optimisers_.resize(task.turns.size() + 1), factors_.resize(optimisers_.size());
    for (std::size_t t = 0; t < task.turns.size(); ++t)
      make_optimiser(t + 1, {{.parameters = task.turns[t].parameters, .factor = task.turns[t].factor}}, taken);
    std::vector<LoopGroup> groups = task.groups;
    groups.push_back({.parameters = task.net->parameters(), .factor = 1});
    make_optimiser(0, groups, taken);
  }

  /// Does every step have something to move?
  [[nodiscard]] bool learns() const {
    return std::ranges::all_of(optimisers_, [](const auto& optimiser) { return optimiser != nullptr; });
  }

  /// @return the means of the losses of an epoch
  Measures epoch(int number) {
    task_.net->train();
    if (task_.before_epoch) task_.before_epoch(number, static_cast<double>(number - 1) / options_.epochs);
    // Everything random of an epoch follows from its number: a resumed run draws what the first would have drawn.
    const std::uint64_t seed = options_.seed * 1000003 + static_cast<std::uint64_t>(number);
    torch::manual_seed(seed);
    std::mt19937_64 engine(seed);
    std::vector<std::int64_t> order = task_.order ? task_.order(engine) : task_.samples;
    if (!task_.order) shuffle_in_place(order, engine);
    const std::span<const std::int64_t> all(order);
    const std::size_t batch = std::min<std::size_t>(static_cast<std::size_t>(options_.batch), all.size());
    if (batch == 0) throw std::logic_error("training: an epoch without samples");
    const std::size_t steps = all.size() / batch;
    Measures sums;
    for (std::size_t step = 0; step < steps; ++step) {
      const double passed = static_cast<double>(number - 1) + static_cast<double>(step) / static_cast<double>(steps);
      set_rate(options_.learning_rate * rate_at(passed / options_.epochs, options_.warm_up));
      for (const auto& [name, value] : one_step(all.subspan(step * batch, batch), engine)) sums[name] += value;
    }
    for (auto& [name, value] : sums) value /= static_cast<double>(steps);
    for (const auto& parameter : task_.net->named_parameters())
      if (parameter.value().defined() && !parameter.value().isfinite().all().item<bool>())
        throw NotFinite{"weight " + parameter.key()};
    return sums;
  }

  Measures validate() {
    if (!task_.validate) return {};
    const torch::NoGradGuard no_gradients;
    task_.net->eval();
    return task_.validate();
  }

  [[nodiscard]] double merit(const Measures& measured) const {
    return task_.merit ? task_.merit(measured) : usual_merit(measured);
  }
  [[nodiscard]] double rate() const { return rate_; }
  [[nodiscard]] std::string bytes(const Progress& progress) const {
    return checkpoint_bytes(*task_.net, optimisers_, options_.identity, progress);
  }
  Result<Progress> restore(const fs::path& path) {
    return restore_checkpoint(path, *task_.net, optimisers_, options_.identity);
  }

 private:
  /// An optimiser with one group for each factor and decay, in a fixed order, of what no other has taken; none where
  /// nothing learns.
  void make_optimiser(std::size_t turn, const std::vector<LoopGroup>& groups, std::set<torch::TensorImpl*>& taken) {
    std::vector<torch::optim::OptimizerParamGroup> made;
    for (const LoopGroup& group : groups) {
      std::vector<torch::Tensor> decayed, plain;
      for (const torch::Tensor& parameter : group.parameters)
        if (parameter.defined() && parameter.requires_grad() && taken.insert(parameter.unsafeGetTensorImpl()).second)
          (options_.decay_all || parameter.dim() >= 2 ? decayed : plain).push_back(parameter);
      for (const bool decay : {true, false}) {
        auto& members = decay ? decayed : plain;
        if (members.empty()) continue;
        auto settings = std::make_unique<torch::optim::AdamWOptions>(options_.learning_rate * group.factor);
        settings->weight_decay(decay ? options_.weight_decay : 0);
        made.emplace_back(std::move(members), std::move(settings));
        factors_[turn].push_back(group.factor);
      }
    }
    if (!made.empty())
      optimisers_[turn] =
          std::make_unique<torch::optim::AdamW>(std::move(made), torch::optim::AdamWOptions(options_.learning_rate));
  }

  void set_rate(double rate) {
    rate_ = rate;
    for (std::size_t o = 0; o < optimisers_.size(); ++o)
      for (std::size_t i = 0; i < factors_[o].size(); ++i)
        static_cast<torch::optim::AdamWOptions&>(optimisers_[o]->param_groups()[i].options()).lr(rate * factors_[o][i]);
  }

  /// One step of one optimiser; `values` gets each loss as "loss.NAME". @return the sum of the losses
  double step_of(std::size_t turn, const Losses& losses, Measures& values) {
    torch::Tensor sum = torch::zeros({});
    for (const auto& [name, loss] : losses) {
      sum = sum + loss;
      if (losses.size() > 1 || turn > 0) values["loss." + name] = loss.item<double>();
    }
    const double total = sum.item<double>();
    if (!std::isfinite(total)) {
      for (const auto& [name, loss] : losses)
        if (!std::isfinite(loss.item<double>())) throw NotFinite{"loss " + name};
      throw NotFinite{"loss"};
    }
    torch::optim::Optimizer& optimiser = *optimisers_[turn];
    optimiser.zero_grad();
    sum.backward();
    if (options_.clip > 0) {
      std::vector<torch::Tensor> moved;
      for (const auto& group : optimiser.param_groups())
        moved.insert(moved.end(), group.params().begin(), group.params().end());
      torch::nn::utils::clip_grad_norm_(moved, options_.clip);
    }
    optimiser.step();
    return total;
  }

  Measures one_step(std::span<const std::int64_t> batch, std::mt19937_64& engine) {
    Measures values;
    values["loss"] = step_of(0, task_.loss(batch, engine), values);
    for (std::size_t t = 0; t < task_.turns.size(); ++t) step_of(t + 1, task_.turns[t].loss(batch, engine), values);
    if (task_.after_step) task_.after_step();
    return values;
  }

  const LoopTask& task_;
  const LoopOptions& options_;
  Optimisers optimisers_;                     // of the first step, then of each turn
  std::vector<std::vector<double>> factors_;  // of the groups of each
  double rate_ = 0;
};

Status keep_log(const fs::path& folder, const LoopOptions& options, const std::vector<EpochRecord>& epochs,
                bool running) {
  std::string lines;
  for (const EpochRecord& record : epochs) lines += log_line(record);
  VULTUS_CHECK(replace_file(folder / "log.jsonl", lines));
  return replace_file(folder / "index.html", log_page(options.name, epochs, running));
}

Result<Measures> epoch_of(Loop& loop, int number) {
  try {
    return loop.epoch(number);
  } catch (const NotFinite& found) {
    return fail(ErrorCode::internal, "epoch " + std::to_string(number) + ": the " + found.what +
                                         " is not a finite number; the checkpoint of the epoch before stays (a lower "
                                         "learning_rate may help)");
  }
}

Result<LoopResult> loop_in(const LoopTask& task, const LoopOptions& options, const fs::path& folder,
                           const EpochTold& told, const std::stop_token& stop) {
  VULTUS_CHECK(check_options(task, options));
  if (!task.order && task.samples.empty()) return fail(ErrorCode::invalid_argument, "training: no samples");
  Loop loop(task, options);
  if (!loop.learns()) return fail(ErrorCode::invalid_argument, "training: no parameter of the network learns");
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return fail(ErrorCode::resource_limit, folder.string() + ": " + failed.message());
  VULTUS_TRY(Progress at, loop.restore(folder / "checkpoint.pt"));
  LoopResult result;
  if (at.epoch > 0) {
    VULTUS_TRY(result.epochs, read_log(whole_text(folder / "log.jsonl")));
    std::erase_if(result.epochs, [&](const EpochRecord& record) { return record.epoch > at.epoch; });
  }
  while (at.epoch < options.epochs) {
    if (options.patience > 0 && at.best_epoch > 0 && at.epoch - at.best_epoch >= options.patience) break;
    if (stop.stop_requested())
      return fail(ErrorCode::cancelled,
                  "stopped after epoch " + std::to_string(at.epoch) + "; the same command goes on from there");
    const auto begin = std::chrono::steady_clock::now();
    VULTUS_TRY(const Measures losses, epoch_of(loop, at.epoch + 1));
    ++at.epoch;
    EpochRecord record{.epoch = at.epoch, .numbers = loop.validate()};
    const double merit = loop.merit(record.numbers);
    record.numbers.insert(losses.begin(), losses.end());
    record.numbers["learning_rate"] = loop.rate();
    record.numbers["seconds"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (options.patience > 0 && merit > at.best) {
      at.best = merit, at.best_epoch = at.epoch;
      VULTUS_CHECK(replace_file(folder / "best.pt", loop.bytes(at)));
    }
    if (told) told(record);
    result.epochs.push_back(std::move(record));
    // The log first: a checkpoint never knows more epochs than it.
    VULTUS_CHECK(keep_log(folder, options, result.epochs, at.epoch < options.epochs));
    VULTUS_CHECK(replace_file(folder / "checkpoint.pt", loop.bytes(at)));
  }
  result.best_epoch = at.epoch;
  if (options.patience > 0 && at.best_epoch > 0) {
    VULTUS_TRY(const Progress best, loop.restore(folder / "best.pt"));
    // A file that is not there restores nothing: the last weights would be taken for the best ones.
    if (best.epoch != at.best_epoch)
      return fail(ErrorCode::not_found, (folder / "best.pt").string() + " does not hold epoch " +
                                            std::to_string(at.best_epoch) +
                                            ", whose weights are the best: take the folder away and train anew");
    result.best_epoch = best.epoch;
  }
  VULTUS_CHECK(keep_log(folder, options, result.epochs, false));
  result.validation = loop.validate();
  task.net->eval();
  return result;
}

}  // namespace

double rate_at(double progress, double warm_up) {
  if (progress < warm_up) return std::max(progress / warm_up, 1e-3);
  return 1e-3 + (1 - 1e-3) * 0.5 * (1 + std::cos(std::numbers::pi * (progress - warm_up) / (1 - warm_up)));
}

Result<LoopResult> run_loop(const LoopTask& task, const LoopOptions& options, const fs::path& folder,
                            const EpochTold& told, const std::stop_token& stop) {
  torch::set_num_threads(options.threads);
  return guarded("training", [&] { return loop_in(task, options, folder, told, stop); });
}

}  // namespace vultus::learn

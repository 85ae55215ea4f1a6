// Training FA3-CLIP on faces of live people and of attacks.
#include <algorithm>
#include <map>
#include <memory>

#include <vultus/learn/training/liveness/fa3_net.hpp>
#include <vultus/learn/training/liveness/face_batches.hpp>
#include <vultus/learn/training/liveness/spoof_run.hpp>
#include <vultus/learn/training/loop.hpp>
#include <vultus/learn/training/samplers.hpp>

namespace vultus::learn {
namespace {

constexpr std::int64_t kScoredAtOnce = 64;
constexpr std::size_t kLeastFaces = 4;

/// Faces by what they are used for.
struct Fa3Faces {
  std::vector<std::vector<std::int64_t>> attacks;  ///< of each kind that is trained on
  std::vector<std::int64_t> live, validation, held_out;
  std::map<std::int64_t, std::vector<std::int64_t>> live_of;  ///< live faces of each subject
};

class Fa3Trainer {
 public:
  Fa3Trainer(const SpoofConfig& config, const Presentations& faces, const SpoofWords& words)
      : config_(config), faces_(faces) {
    torch::manual_seed(config.seed);
    Fa3Options options{.side = faces.seen(),
                       .width = config.width,
                       .layers = config.layers,
                       .heads = config.heads,
                       .neighbours = config.neighbours,
                       .clusters = config.clusters,
                       .vocabulary = words.vocabulary,
                       .frequency = config.frequency,
                       .prompts = config.prompts};
    options.endings[0] = words.fake, options.endings[1] = words.live;
    net_ = std::make_shared<Fa3Net>(options);
  }

  Status sort_faces() {
    const auto& names = faces_.attacks();
    std::vector<bool> left_out(names.size() + 1, false);
    for (const std::string& name : config_.left_out) {
      const auto at = std::ranges::find(names, name);
      if (at == names.end())
        return fail(ErrorCode::invalid_argument, "left out \"" + name + "\": the file has no such kind of attack");
      left_out[static_cast<std::size_t>(at - names.begin()) + 1] = true;
    }
    std::vector<std::int64_t> trained, kinds;
    for (std::int64_t i = 0; i < faces_.count(); ++i) {
      const bool out = left_out[static_cast<std::size_t>(faces_.kind(i))];
      if (faces_.part(i) == Part::train && !out) trained.push_back(i), kinds.push_back(faces_.kind(i));
      if (faces_.part(i) == Part::validation && !out) sorted_.validation.push_back(i);
      if (faces_.part(i) != Part::train) sorted_.held_out.push_back(i);
    }
    if (config_.shuffle_labels) {
      std::mt19937_64 random(config_.seed + 77);
      for (std::size_t i = kinds.size(); i > 1; --i)
        std::swap(kinds[i - 1], kinds[static_cast<std::size_t>(below(random, static_cast<std::int64_t>(i)))]);
    }
    std::vector<std::vector<std::int64_t>> by_kind(names.size() + 1);
    for (std::size_t i = 0; i < trained.size(); ++i) by_kind[static_cast<std::size_t>(kinds[i])].push_back(trained[i]);
    sorted_.live = by_kind.front();
    for (std::size_t kind = 1; kind < by_kind.size(); ++kind) {
      if (by_kind[kind].size() == 1)
        return fail(ErrorCode::invalid_argument, "kind " + names[kind - 1] + " has 1 face to train on, 2 are needed");
      if (!by_kind[kind].empty()) sorted_.attacks.push_back(std::move(by_kind[kind]));
    }
    if (!config_.shuffle_labels)
      for (const std::int64_t face : sorted_.live) sorted_.live_of[faces_.subject(face)].push_back(face);
    if (sorted_.live.size() < kLeastFaces || sorted_.attacks.empty())
      return fail(ErrorCode::invalid_argument, "FA3-CLIP is trained on live faces and on attacks; the file has " +
                                                   std::to_string(sorted_.live.size()) + " live faces and " +
                                                   std::to_string(sorted_.attacks.size()) +
                                                   " kinds of attack to train on");
    return {};
  }

  Result<SpoofResult> run(const SpoofRunOptions& options) {
    LoopTask task;
    task.net = net_;
    task.samples.resize(static_cast<std::size_t>(config_.steps) * static_cast<std::size_t>(config_.batch));
    // Kinds take turns.
    std::vector<std::int64_t> attacks, kinds;
    for (std::size_t kind = 0; kind < sorted_.attacks.size(); ++kind)
      for (const std::int64_t face : sorted_.attacks[kind])
        attacks.push_back(face), kinds.push_back(static_cast<std::int64_t>(kind));
    task.order = [&](std::mt19937_64& random) { return class_balanced(attacks, kinds, task.samples.size(), random); };
    task.loss = [this](std::span<const std::int64_t> fakes, std::mt19937_64& random) -> Losses {
      return {{"loss", loss(fakes, random)}};
    };
    task.validate = [this] { return validate(); };
    SpoofResult result;
    VULTUS_TRY(LoopResult ran, run_loop(task, loop_options(config_), options.folder, options.told, options.stop));
    result.epochs = std::move(ran.epochs);
    const std::vector<double> scores = scores_of(sorted_.held_out);
    for (std::size_t i = 0; i < scores.size(); ++i)
      result.scores.push_back({.face = sorted_.held_out[i], .score = scores[i], .map = {}});
    result.onnx = net_->onnx(config_.keep);
    return result;
  }

 private:
  /// Fakes, then for each a live face: of the same subject where there is one, so that the texts of a
  /// pair have all but the attack in common.
  torch::Tensor loss(std::span<const std::int64_t> fakes, std::mt19937_64& random) {
    std::vector<std::int64_t> batch(fakes.begin(), fakes.end());
    const auto pick = [&](const std::vector<std::int64_t>& from) {
      return from[static_cast<std::size_t>(below(random, static_cast<std::int64_t>(from.size())))];
    };
    const auto count = static_cast<std::int64_t>(fakes.size());
    for (const std::int64_t fake : fakes) {
      const auto own = sorted_.live_of.find(faces_.subject(fake));
      batch.push_back(pick(own != sorted_.live_of.end() ? own->second : sorted_.live));
    }
    const torch::Tensor labels = torch::cat({torch::zeros({count}, torch::kLong), torch::ones({count}, torch::kLong)});
    return fa3_loss(net_->forward(jittered(faces_, batch, random)), labels, config_.contrast);
  }

  /// Fake less live.
  std::vector<double> scores_of(std::span<const std::int64_t> which) {
    const torch::NoGradGuard no_gradients;
    net_->eval();
    std::vector<double> scores;
    for (std::size_t from = 0; from < which.size(); from += kScoredAtOnce) {
      const auto some = which.subspan(from, std::min<std::size_t>(kScoredAtOnce, which.size() - from));
      const torch::Tensor logits = net_->forward(middles(faces_, some)).logits;
      const torch::Tensor apart = (logits.select(1, 0) - logits.select(1, 1)).to(torch::kDouble).contiguous();
      scores.insert(scores.end(), apart.data_ptr<double>(), apart.data_ptr<double>() + apart.numel());
    }
    return scores;
  }

  Measures validate() {
    const std::vector<double> scores = scores_of(sorted_.validation);
    std::vector<double> attacks, live;
    for (std::size_t i = 0; i < scores.size(); ++i)
      (faces_.kind(sorted_.validation[i]) == 0 ? live : attacks).push_back(scores[i]);
    if (attacks.empty() || live.empty()) return {};
    return {{"auc", auc_of(attacks, live)}};
  }

  const SpoofConfig& config_;
  const Presentations& faces_;
  Fa3Faces sorted_;
  std::shared_ptr<Fa3Net> net_;
};

}  // namespace

Result<SpoofResult> train_fa3(const SpoofConfig& config, const Presentations& faces, const SpoofWords& words,
                              const SpoofRunOptions& options) {
  torch::set_num_threads(1);  // the same sums on every machine
  return guarded("training FA3-CLIP", [&]() -> Result<SpoofResult> {
    Fa3Trainer trainer(config, faces, words);
    VULTUS_CHECK(trainer.sort_faces());
    return trainer.run(options);
  });
}

}  // namespace vultus::learn

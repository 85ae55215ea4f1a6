// Training SLIP on live faces alone.
#include <algorithm>
#include <array>
#include <memory>
#include <numeric>

#include <vultus/learn/training/liveness/face_batches.hpp>
#include <vultus/learn/training/liveness/slip_net.hpp>
#include <vultus/learn/training/liveness/spoof_run.hpp>
#include <vultus/learn/training/loop.hpp>
#include <vultus/learn/training/samplers.hpp>

namespace vultus::learn {
namespace {

constexpr std::int64_t kMappedAtOnce = 64;
constexpr std::size_t kLeastLive = 8;
// @source SLIP, AAAI 2025, released code: weight of the cosines; the blob of a target is drawn from these
constexpr double kCosineWeight = 0.8, kNarrowest = 2, kWidest = 6;
constexpr int kFurthestShift = 2;
// Levels are over 255 here. The published loss has them whole, so that maps outweigh the cosines by far: so they do
// here.
constexpr double kMapWeight = 100;
constexpr std::size_t kPlaces = 8;

/// What is said of the faces of a batch, and where.
struct SlipDraw {
  torch::Tensor live, content, spoof;  ///< sentences, [n, length]
  torch::Tensor targets;               ///< [n, 1, 32, 32], levels over 255
  std::vector<PasteAt> pastes;
};

class SlipTrainer {
 public:
  SlipTrainer(const SpoofConfig& config, const Presentations& faces, const SpoofWords& words,
              std::vector<std::int64_t> trained_on)
      : config_(config), faces_(faces), words_(words), trained_on_(std::move(trained_on)) {
    torch::manual_seed(config.seed);
    net_ = std::make_shared<SlipNet>(SlipOptions{.side = faces.seen(),
                                                 .width = config.width,
                                                 .heads = config.heads,
                                                 .vocabulary = words.vocabulary,
                                                 .length = static_cast<std::int64_t>(words.slip_spoof.front().size())});
    for (std::size_t place = 0; place < kPlaces; ++place) {
      const std::vector<float> map = words.target(place, kNarrowest, 0, 0);
      middles_.at(place) = std::ranges::max_element(map) - map.begin();
    }
  }

  Status sort_faces() {
    if (trained_on_.empty())
      for (std::int64_t i = 0; i < faces_.count(); ++i)
        if (faces_.part(i) == Part::train && faces_.kind(i) == 0) trained_on_.push_back(i);
    for (const std::int64_t face : trained_on_) {
      if (faces_.kind(face) != 0)
        return fail(ErrorCode::invalid_argument, "SLIP is trained on live faces alone: face " + std::to_string(face) +
                                                     " is of the kind " +
                                                     faces_.attacks()[static_cast<std::size_t>(faces_.kind(face)) - 1]);
      if (faces_.part(face) != Part::train)
        return fail(ErrorCode::invalid_argument,
                    "face " + std::to_string(face) + " belongs to validation or test: it is not trained on");
    }
    if (trained_on_.size() < kLeastLive)
      return fail(ErrorCode::invalid_argument, "SLIP is trained on live faces; the file has " +
                                                   std::to_string(trained_on_.size()) + ", 8 are needed");
    for (std::int64_t i = 0; i < faces_.count(); ++i)
      if (faces_.part(i) != Part::train) held_out_.push_back(i);
    return {};
  }

  Result<SpoofResult> run(const SpoofRunOptions& options) {
    LoopTask task;
    task.net = net_;
    task.samples.resize(static_cast<std::size_t>(config_.steps) * static_cast<std::size_t>(config_.batch));
    const std::vector<std::int64_t> one_class(trained_on_.size(), 0);
    task.order = [&](std::mt19937_64& random) {
      return class_balanced(trained_on_, one_class, task.samples.size(), random);
    };
    task.loss = [this](std::span<const std::int64_t> batch, std::mt19937_64& random) -> Losses {
      // Each part of the loss moves its own part of the network: what was frozen when it was computed gets none of it.
      net_->train_alone(net_->picture_parameters());
      const torch::Tensor pictures = picture_loss(batch, random);
      net_->train_alone(net_->text_parameters());
      const torch::Tensor texts = text_loss(batch, random);
      net_->train_alone(net_->parameters());
      return {{"pictures", pictures}, {"texts", texts}};
    };
    task.validate = [this] { return validate(); };
    SpoofResult result;
    VULTUS_TRY(LoopResult ran, run_loop(task, loop_options(config_), options.folder, options.told, options.stop));
    result.epochs = std::move(ran.epochs);
    result.scores = scores_of(held_out_);
    result.onnx = net_->onnx(config_.keep);
    return result;
  }

 private:
  /// @param count  faces of the batch
  SlipDraw draw(std::mt19937_64& random, std::size_t count) {
    const auto sentence = [&](const std::vector<std::vector<std::int64_t>>& from, std::size_t at) {
      return torch::tensor(from[at], torch::kLong);
    };
    const auto any = [&](const std::vector<std::vector<std::int64_t>>& from) {
      return sentence(from, static_cast<std::size_t>(below(random, static_cast<std::int64_t>(from.size()))));
    };
    const std::size_t objects = words_.slip_spoof.size() / kPlaces;
    std::vector<torch::Tensor> live, content, spoof, targets;
    SlipDraw made;
    for (std::size_t i = 0; i < count; ++i) {
      const auto place = static_cast<std::size_t>(below(random, kPlaces));
      const auto object = static_cast<std::size_t>(below(random, static_cast<std::int64_t>(objects)));
      const double sigma = kNarrowest + (kWidest - kNarrowest) * unit(random);
      const int row = static_cast<int>(below(random, 2 * kFurthestShift + 1)) - kFurthestShift,
                column = static_cast<int>(below(random, 2 * kFurthestShift + 1)) - kFurthestShift;
      live.push_back(any(words_.slip_live)), content.push_back(any(words_.slip_content));
      spoof.push_back(sentence(words_.slip_spoof, place * objects + object));
      // The control: the map that is taught lies somewhere else than the sentence and the piece say.
      const std::size_t shown = config_.shuffle_labels ? static_cast<std::size_t>(below(random, kPlaces)) : place;
      const std::vector<float> level = words_.target(shown, sigma, row, column);
      targets.push_back(torch::tensor(level).view({1, kSlipCells, kSlipCells}) / kSlipLevel);
      // A piece as wide as the blob at half its height, sqrt(2 ln 2) sigma.
      const std::int64_t middle = middles_.at(place);
      made.pastes.push_back({.row = static_cast<double>(middle / kSlipCells + row) / kSlipCells,
                             .column = static_cast<double>(middle % kSlipCells + column) / kSlipCells,
                             .radius = 1.1774 * sigma / kSlipCells});
    }
    made.live = torch::stack(live), made.content = torch::stack(content), made.spoof = torch::stack(spoof);
    made.targets = torch::stack(targets);
    return made;
  }

  torch::Tensor picture_loss(std::span<const std::int64_t> batch, std::mt19937_64& random) {
    const torch::Tensor live = jittered(faces_, batch, random);
    const SlipDraw said = draw(random, batch.size());
    const std::int64_t count = live.size(0);
    torch::Tensor pictures = live;
    if (config_.cut_and_paste) pictures = torch::cat({live, cut_and_paste(live, said.pastes, random)});
    const SlipView seen = net_->look(pictures);
    const auto first = [&](const torch::Tensor& of) { return of.slice(0, 0, count); };
    const torch::Tensor places = first(seen.places), joined = first(seen.joined);
    const torch::Tensor l = net_->say(said.live, places), s = net_->say(said.spoof, places);
    torch::Tensor loss = kCosineWeight * (mean_cosine(joined, s) - mean_cosine(joined, l));
    if (!config_.cue_maps) return loss;
    const torch::Tensor nothing = torch::zeros_like(said.targets);
    std::vector<torch::Tensor> features{joined, net_->join(joined, s)}, wanted{nothing, said.targets};
    if (config_.cut_and_paste) features.push_back(seen.joined.slice(0, count)), wanted.push_back(said.targets);
    return loss + torch::mse_loss(net_->cues(torch::cat(features)), torch::cat(wanted)) *
                      (kMapWeight * static_cast<double>(features.size()));
  }

  torch::Tensor text_loss(std::span<const std::int64_t> batch, std::mt19937_64& random) {
    const SlipDraw said = draw(random, batch.size());
    torch::Tensor places;
    {
      // The running statistics of the picture's layers belong to the other step.
      const torch::NoGradGuard no_gradients;
      net_->eval();
      places = net_->look(jittered(faces_, batch, random)).places;
      net_->train();
    }
    const torch::Tensor l = net_->say(said.live, places), s = net_->say(said.spoof, places),
                        c = net_->say(said.content, places);
    // t_h, the sum of both, and R(l, s) are pulled together: the loss falls as their cosine grows.
    return mean_cosine(l, s) + mean_cosine(l, c) + mean_cosine(s, c) - mean_cosine(unit_rows(l + s), net_->join(l, s));
  }

  std::vector<FaceScore> scores_of(std::span<const std::int64_t> which) {
    const torch::NoGradGuard no_gradients;
    net_->eval();
    const torch::Tensor spoof_words = net_->read(tokens_of(words_.slip_spoof)),
                        live_words = net_->read(tokens_of(words_.slip_live));
    std::vector<FaceScore> scores;
    for (std::size_t from = 0; from < which.size(); from += kMappedAtOnce) {
      const auto some = which.subspan(from, std::min<std::size_t>(kMappedAtOnce, which.size() - from));
      const SlipView seen = net_->look(middles(faces_, some));
      const torch::Tensor maps = (net_->cues(seen.joined) * kSlipLevel).clamp(0, kSlipLevel).flatten(1).contiguous();
      for (std::size_t i = 0; i < some.size(); ++i) {
        const auto at = static_cast<std::int64_t>(i);
        const float* const map = maps[at].data_ptr<float>();
        FaceScore score{.face = some[i], .map = std::vector<float>(map, map + maps.size(1))};
        score.score = std::accumulate(score.map.begin(), score.map.end(), 0.0) / static_cast<double>(score.map.size());
        score.by_words = nearness(seen, at, spoof_words) - nearness(seen, at, live_words);
        scores.push_back(std::move(score));
      }
    }
    return scores;
  }

  /// Mean cosine of a face to some sentences.
  static double nearness(const SlipView& seen, std::int64_t at, const torch::Tensor& sentences) {
    const torch::Tensor places = seen.places.slice(0, at, at + 1);
    return mean_cosine(seen.joined.slice(0, at, at + 1), SlipNet::meet(sentences, places)).item<double>();
  }

  static torch::Tensor tokens_of(const std::vector<std::vector<std::int64_t>>& sentences) {
    std::vector<torch::Tensor> rows;
    for (const auto& sentence : sentences) rows.push_back(torch::tensor(sentence, torch::kLong));
    return torch::stack(rows);
  }

  /// How far live faces of validation are from nothing: attacks have no part in it.
  Measures validate() {
    std::vector<std::int64_t> live;
    for (const std::int64_t face : held_out_)
      if (faces_.part(face) == Part::validation && faces_.kind(face) == 0) live.push_back(face);
    if (live.empty()) return {};
    const torch::NoGradGuard no_gradients;
    double sum = 0;
    for (std::size_t from = 0; from < live.size(); from += kMappedAtOnce) {
      const auto some = std::span(live).subspan(from, std::min<std::size_t>(kMappedAtOnce, live.size() - from));
      const torch::Tensor maps = net_->cues(net_->look(middles(faces_, some)).joined) * kSlipLevel;
      sum += maps.clamp(0, kSlipLevel).mean().item<double>() * static_cast<double>(some.size());
    }
    return {{"live_level", sum / static_cast<double>(live.size())}};
  }

  const SpoofConfig& config_;
  const Presentations& faces_;
  const SpoofWords& words_;
  std::vector<std::int64_t> trained_on_, held_out_;
  std::shared_ptr<SlipNet> net_;
  std::array<std::int64_t, kPlaces> middles_{};  // the strongest cell of each place's map
};

}  // namespace

Result<SpoofResult> train_slip(const SpoofConfig& config, const Presentations& faces, const SpoofWords& words,
                               const SpoofRunOptions& options, std::vector<std::int64_t> trained_on) {
  torch::set_num_threads(1);  // the same sums on every machine
  return guarded("training SLIP", [&]() -> Result<SpoofResult> {
    SlipTrainer trainer(config, faces, words, std::move(trained_on));
    VULTUS_CHECK(trainer.sort_faces());
    return trainer.run(options);
  });
}

}  // namespace vultus::learn

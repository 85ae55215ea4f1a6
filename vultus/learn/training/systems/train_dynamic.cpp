#include <vultus/learn/training/systems/train_dynamic.hpp>

#include <algorithm>
#include <utility>

#include <torch/torch.h>

#include <vultus/learn/token_budget.hpp>
#include <vultus/learn/training/systems/dynamic_net.hpp>
#include <vultus/learn/training/systems/run_options.hpp>
#include <vultus/learn/training/systems/sample_file.hpp>

namespace vultus::learn {
namespace {

constexpr std::int64_t kClipBatch = 32;

struct ClipData {
  torch::Tensor clips, emotion, first, last;
  torch::Tensor person;  // undefined where the file names none
  std::string numbered_by, named_labels;
  bool planted = false;
};

Result<ClipData> read_clips(const std::filesystem::path& path) {
  VULTUS_TRY(SampleFile file, SampleFile::open(path));
  ClipData data;
  data.planted = file.planted();
  VULTUS_TRY(data.clips, file.tensor("clips", 5));
  VULTUS_TRY(data.emotion, file.labels("emotion", 1000));
  VULTUS_TRY(data.person, file.persons());
  data.numbered_by = file.numbered_by(), data.named_labels = file.named_labels();
  if (!file.has("first")) return data;
  VULTUS_TRY(data.first, file.tensor("first", 1));
  VULTUS_TRY(data.last, file.tensor("last", 1));
  return data;
}

struct ClipAnswers {
  torch::Tensor best, mask;
};

/// @param choice  of `kept` tokens: those of the least mask tell what the choice is worth
ClipAnswers answers_of(DynamicNet& net, const ClipData& data, const std::vector<std::int64_t>& which, std::int64_t kept,
                       DynamicNet::Choice choice) {
  const torch::NoGradGuard no_gradients;
  std::vector<torch::Tensor> best, mask;
  const torch::Tensor clips = rows_of(data.clips, which);
  for (std::int64_t from = 0; from < clips.size(0); from += kClipBatch) {
    const auto said = net.answer(levels_of(clips.slice(0, from, from + kClipBatch)), kept, choice);
    best.push_back(said.logits.argmax(1)), mask.push_back(said.mask);
  }
  return {torch::cat(best), torch::cat(mask)};
}

/// Where bursts are known: how well the peak of the mask finds them, and how well that of the clip before would.
Status measure_bursts(const ClipData& data, const std::vector<std::int64_t>& tested, const torch::Tensor& mask,
                      const DynamicOptions& options, RunScores& scores) {
  const torch::Tensor held = mask.contiguous();
  std::vector<ClipInterval> found, bursts;
  std::vector<double> inside;
  for (std::size_t i = 0; i < tested.size(); ++i) {
    const auto first = data.first[tested[i]].item<std::int64_t>(), last = data.last[tested[i]].item<std::int64_t>();
    if (first < 0) continue;
    const torch::Tensor row = held[static_cast<std::int64_t>(i)].contiguous();
    const std::span values(row.data_ptr<float>(), static_cast<std::size_t>(row.numel()));
    VULTUS_TRY(const auto weights, step_means(values, static_cast<std::size_t>(options.steps())));
    VULTUS_TRY(found.emplace_back(), peak_interval(weights));
    bursts.push_back({static_cast<std::size_t>(first / options.depth), static_cast<std::size_t>(last / options.depth)});
    const auto peak = static_cast<std::size_t>(std::ranges::max_element(weights) - weights.begin());
    inside.push_back(peak >= bursts.back().first && peak <= bursts.back().last ? 1 : 0);
  }
  if (found.empty()) return {};
  double sum = 0, by_chance = 0, peaks = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    sum += overlap(found[i], bursts[i]);
    by_chance += overlap(found[(i + 1) % found.size()], bursts[i]);
    peaks += inside[i];
  }
  const auto n = static_cast<double>(found.size());
  scores.measures["burst_overlap"] = sum / n, scores.measures["overlap_by_chance"] = by_chance / n;
  scores.measures["peak_inside"] = peaks / n;
  return {};
}

Status measure_clips(DynamicNet& net, const ClipData& data, const std::vector<std::int64_t>& tested,
                     RunScores& scores) {
  net.eval();
  const DynamicOptions& o = net.options();
  const torch::Tensor truth = rows_of(data.emotion, tested);
  const ClipAnswers fewer = answers_of(net, data, tested, o.kept_tokens(), DynamicNet::Choice::largest);
  scores.answered = answered(fewer.best, truth);
  scores.measures = scores_of(scores.answered, o.classes);
  const auto all = scores_of(
      answered(answers_of(net, data, tested, o.tokens(), DynamicNet::Choice::largest).best, truth), o.classes);
  scores.measures["accuracy_all"] = all.at("accuracy"), scores.measures["uar_all"] = all.at("uar");
  scores.measures["accuracy_least"] =
      scores_of(answered(answers_of(net, data, tested, o.kept_tokens(), DynamicNet::Choice::least).best, truth),
                o.classes)
          .at("accuracy");
  const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
  const EncoderShape shape{size(o.layers), size(o.width), size(2 * o.width)};
  scores.measures["tokens_saved"] = 1 - static_cast<double>(o.kept_tokens()) / static_cast<double>(o.tokens());
  scores.measures["multiplications_saved"] =
      1 - encoder_multiplications(shape, size(o.kept_tokens())) / encoder_multiplications(shape, size(o.tokens()));
  return data.first.defined() ? measure_bursts(data, tested, fewer.mask, o, scores) : Status();
}

RunIdentity identity_of(const DynamicRun& run) {
  RunIdentity identity("dynamic");
  identity.add("kept", run.kept).add("movement", run.by_movement ? 1 : 0).add("meaning", run.by_meaning ? 1 : 0);
  return identity.add("reconstruct", run.reconstruct ? 1 : 0);
}

Result<RunScores> trained(const DynamicRun& run) {
  if (!(run.kept > 0 && run.kept <= 1))
    return fail(ErrorCode::invalid_argument,
                "kept: a share of " + std::to_string(run.kept) + " tokens is outside (0, 1]");
  VULTUS_TRY(ClipData data, read_clips(run.data));
  ClipData other;
  HeldOut split;
  if (run.tested.empty()) {
    VULTUS_TRY(split, last_persons(data.person, data.clips.size(0), run.test_share));
  } else {
    VULTUS_CHECK(check_apart(run.data, run.tested));
    VULTUS_TRY(other, read_clips(run.tested));
    if (other.clips.sizes().slice(1) != data.clips.sizes().slice(1))
      return fail(ErrorCode::invalid_argument, "clips to test on have another size than those that are trained on");
    VULTUS_CHECK(check_nothing_shared({data.clips, data.person, data.numbered_by},
                                      {other.clips, other.person, other.numbered_by}));
    split = two_files(data.clips.size(0), other.clips.size(0));
  }
  VULTUS_TRY(const std::int64_t classes,
             learnt_classes("emotion", rows_of(data.emotion, split.trained),
                            rows_of(run.tested.empty() ? data.emotion : other.emotion, split.tested)));
  if (run.usable) VULTUS_CHECK(run.usable({.classes = classes, .planted = data.planted, .named = data.named_labels}));
  if (run.shuffle_labels) {
    data.emotion = dealt_out(data.emotion, split, run.tested.empty(), run.seed);
    if (!run.tested.empty()) other.emotion = shuffled_among(other.emotion, split.tested, run.seed);
  }
  torch::manual_seed(static_cast<std::int64_t>(run.seed));
  DynamicOptions options;
  options.frames = data.clips.size(1), options.side = data.clips.size(2), options.classes = classes;
  options.kept = run.kept, options.by_movement = run.by_movement, options.by_meaning = run.by_meaning;
  if (options.frames % options.depth != 0 || options.side % options.patch != 0)
    return fail(ErrorCode::invalid_argument, "clips of " + std::to_string(options.frames) + " frames of " +
                                                 std::to_string(options.side) +
                                                 " pixels: tubelets of 2 frames and 16 pixels must divide them");
  auto net = std::make_shared<DynamicNet>(options);
  LoopTask task;
  task.net = net;
  task.samples = split.trained;
  task.loss = [&](std::span<const std::int64_t> batch, std::mt19937_64& engine) -> Losses {
    const std::vector<std::int64_t> which(batch.begin(), batch.end());
    torch::Tensor clips = levels_of(rows_of(data.clips, which));
    if (engine() % 2 == 0) clips = clips.flip({4});
    const double gain = 0.8 + 0.4 * static_cast<double>(engine() % 1000) / 1000;
    const DynamicNet::Loss loss = net->loss(clips * gain, rows_of(data.emotion, which));
    Losses made{{"classes", loss.classes}};
    if (run.reconstruct) made.emplace("reconstruction", loss.reconstruction);
    return made;
  };
  RunIdentity identity = identity_of(run);
  if (data.person.defined() && run.tested.empty()) identity.add("split by persons", split_sum(split));
  VULTUS_TRY(const LoopOptions looped, options_of(run, "AdaTosk", std::move(identity), run.epochs));
  VULTUS_CHECK(run_loop(task, looped, run.folder, run.told, run.stop));
  RunScores scores;
  scores.split_sha256 = split_sum(split), scores.options = looped.identity;
  scores.planted = data.planted;
  const ClipData& from = run.tested.empty() ? data : other;
  scores.persons = persons_of(from.person, split.tested);
  VULTUS_CHECK(measure_clips(*net, from, split.tested, scores));
  VULTUS_CHECK(replace_file(run.folder / "network.onnx", net->onnx()));
  scores.input = {options.frames, 3, options.side, options.side};
  scores.outputs = {"probabilities", "mask"};
  return scores;
}

}  // namespace

Result<RunScores> train_dynamic(const DynamicRun& run) {
  return guarded("training AdaTosk", [&] { return trained(run); });
}

}  // namespace vultus::learn

#include <vultus/learn/training/systems/train_scene.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <torch/torch.h>

#include <vultus/learn/training/systems/run_options.hpp>
#include <vultus/learn/training/systems/sample_file.hpp>
#include <vultus/learn/training/systems/scene_net.hpp>

namespace vultus::learn {
namespace {

constexpr double kColourUnit = 100;  // of colourfulness, so that its error weighs about as much as that of brightness

struct SceneData {
  torch::Tensor pictures;  // bytes
  SceneTruth truth;
  torch::Tensor person;  // undefined where the file names none
  std::string numbered_by, named_labels;
  std::int64_t emotions = 0, places = 0, moods = 0;
  bool planted = false;
};

bool wanted(const SceneRun& run, std::string_view branch) {
  return std::ranges::find(run.without, branch) == run.without.end();
}

/// What the trunk and the measures behind it divide pictures by: told before hours of training, not behind them.
Result<SceneData> check_sides(SceneData data, const std::filesystem::path& path) {
  constexpr std::int64_t kFewest = 32, kDivisor = 16;
  const std::int64_t high = data.pictures.size(1), wide = data.pictures.size(2);
  if (high == wide && high >= kFewest && high % kDivisor == 0) return data;
  return fail(ErrorCode::invalid_argument, path.string() + ": pictures of " + std::to_string(wide) + " x " +
                                               std::to_string(high) +
                                               " pixels: they must be square, of a multiple of 16 pixels, at least 32");
}

Result<SceneData> read_scenes(const std::filesystem::path& path) {
  VULTUS_TRY(SampleFile file, SampleFile::open(path));
  SceneData data;
  data.planted = file.planted();
  VULTUS_TRY(data.pictures, file.tensor("pictures", 4));
  VULTUS_TRY(data.truth.emotion, file.labels("emotion", 1000));
  for (const auto& [name, into] : {std::pair{"place", &data.truth.place}, std::pair{"mood", &data.truth.mood}}) {
    if (!file.has(name)) continue;
    VULTUS_TRY(*into, file.labels(name, 1000));
  }
  VULTUS_TRY(data.truth.brightness, file.tensor("brightness", 1));
  VULTUS_TRY(data.truth.colourfulness, file.tensor("colourfulness", 1));
  data.truth.colourfulness = data.truth.colourfulness / kColourUnit;
  VULTUS_TRY(data.person, file.persons());
  data.numbered_by = file.numbered_by(), data.named_labels = file.named_labels();
  return check_sides(data, path);
}

/// The classes of each branch, by what is trained on.
Status count_classes(const SceneRun& run, SceneData& data, const SceneData& tested, const HeldOut& split) {
  const auto count = [&](const char* name, const torch::Tensor& column, const torch::Tensor& other) {
    const torch::Tensor trained = rows_of(column, split.trained);
    return learnt_classes(name, trained, other.defined() ? rows_of(other, split.tested) : trained);
  };
  VULTUS_TRY(data.emotions, count("emotion", data.truth.emotion, tested.truth.emotion));
  if (data.truth.place.defined() && wanted(run, "places")) {
    VULTUS_TRY(data.places, count("place", data.truth.place, tested.truth.place));
  }
  if (data.truth.mood.defined() && wanted(run, "moods")) {
    VULTUS_TRY(data.moods, count("mood", data.truth.mood, tested.truth.mood));
  }
  return {};
}

RunIdentity identity_of(const SceneRun& run) {
  RunIdentity identity("scene");
  for (const std::string& branch : run.without) identity.add("without", branch);
  return identity;
}

SceneTruth rows_of_truth(const SceneTruth& truth, const std::vector<std::int64_t>& which) {
  const auto rows = [&](const torch::Tensor& column) { return column.defined() ? rows_of(column, which) : column; };
  return {rows(truth.emotion), rows(truth.brightness), rows(truth.colourfulness), rows(truth.place), rows(truth.mood)};
}

double accuracy(const torch::Tensor& logits, const torch::Tensor& labels) {
  return logits.argmax(1).eq(labels).to(torch::kFloat).mean().item<double>();
}

/// The mean probability of a label while pixels go grey, an eighth at a time down to a half: in the order of a map.
double deletion(SceneNet& net, const torch::Tensor& pictures, const torch::Tensor& labels, const torch::Tensor& map) {
  const torch::NoGradGuard no_gradients;
  constexpr int kSteps = 4;
  const torch::Tensor order = map.flatten(1).argsort(1, true);
  double sum = 0;
  for (int step = 1; step <= kSteps; ++step) {
    const std::int64_t gone = order.size(1) * step / (2 * kSteps);
    torch::Tensor keep = torch::ones({pictures.size(0), order.size(1)});
    keep.scatter_(1, order.slice(1, 0, gone), 0);
    const torch::Tensor left = pictures * keep.view({pictures.size(0), 1, pictures.size(2), pictures.size(3)});
    sum += torch::softmax(net.forward(left).emotion, 1).gather(1, labels.unsqueeze(1)).mean().item<double>();
  }
  return sum / kSteps;
}

void measure_scenes(SceneNet& net, const SceneData& data, const std::vector<std::int64_t>& tested, std::int64_t classes,
                    RunScores& scores) {
  net.eval();
  const torch::Tensor pictures = levels_of(rows_of(data.pictures, tested));
  const SceneTruth truth = rows_of_truth(data.truth, tested);
  SceneAnswers said;
  {
    const torch::NoGradGuard no_gradients;
    std::vector<torch::Tensor> emotion, bright, colour, place, mood;
    for (std::int64_t from = 0; from < pictures.size(0); from += 128) {
      const SceneAnswers part = net.forward(pictures.slice(0, from, from + 128));
      emotion.push_back(part.emotion);
      for (const auto& [tensor, into] : {std::pair{part.brightness, &bright}, std::pair{part.colourfulness, &colour},
                                         std::pair{part.place, &place}, std::pair{part.mood, &mood}})
        if (tensor.defined()) into->push_back(tensor);
    }
    const auto joined = [](const std::vector<torch::Tensor>& parts) {
      return parts.empty() ? torch::Tensor() : torch::cat(parts);
    };
    said = {joined(emotion), joined(bright), joined(colour), joined(place), joined(mood)};
  }
  const torch::Tensor best = said.emotion.argmax(1);
  scores.answered = answered(best, truth.emotion);
  scores.measures = scores_of(scores.answered, classes);
  if (said.brightness.defined())
    scores.measures["brightness_error"] = (said.brightness - truth.brightness).abs().mean().item<double>();
  if (said.colourfulness.defined())
    scores.measures["colourfulness_error"] =
        kColourUnit * (said.colourfulness - truth.colourfulness).abs().mean().item<double>();
  if (said.place.defined()) scores.measures["places"] = accuracy(said.place, truth.place);
  if (said.mood.defined()) scores.measures["moods"] = accuracy(said.mood, truth.mood);
  const std::int64_t looked = std::min<std::int64_t>(64, pictures.size(0));
  const torch::Tensor some = pictures.slice(0, 0, looked), labels = best.slice(0, 0, looked);
  scores.measures["deletion_map"] = deletion(net, some, labels, activation_maps(net, some, labels));
  torch::manual_seed(1);
  // By chance in squares as coarse as the map, so that what differs is the place alone.
  const torch::Tensor chance =
      torch::rand({looked, 4, 4}).repeat_interleave(some.size(2) / 4, 1).repeat_interleave(some.size(3) / 4, 2);
  scores.measures["deletion_random"] = deletion(net, some, labels, chance);
}

Result<RunScores> trained(const SceneRun& run) {
  for (const std::string& branch : run.without)
    if (branch != "brightness" && branch != "colourfulness" && branch != "places" && branch != "moods")
      return fail(ErrorCode::invalid_argument,
                  "branch \"" + branch + "\": there are brightness, colourfulness, places and moods");
  VULTUS_TRY(SceneData data, read_scenes(run.data));
  HeldOut split;
  SceneData other;
  if (run.tested.empty()) {
    VULTUS_TRY(split, last_persons(data.person, data.pictures.size(0), run.test_share));
  } else {
    VULTUS_CHECK(check_apart(run.data, run.tested));
    VULTUS_TRY(other, read_scenes(run.tested));
    split = two_files(data.pictures.size(0), other.pictures.size(0));
    if (other.pictures.size(1) != data.pictures.size(1))
      return fail(ErrorCode::invalid_argument, "pictures to test on have another size than those that are trained on");
    VULTUS_CHECK(check_nothing_shared({data.pictures, data.person, data.numbered_by},
                                      {other.pictures, other.person, other.numbered_by}));
  }
  VULTUS_CHECK(count_classes(run, data, run.tested.empty() ? data : other, split));
  if (run.usable)
    VULTUS_CHECK(run.usable({.classes = data.emotions, .planted = data.planted, .named = data.named_labels}));
  if (run.shuffle_labels) {
    for (torch::Tensor* column : {&data.truth.emotion, &data.truth.place, &data.truth.mood})
      if (column->defined()) *column = dealt_out(*column, split, run.tested.empty(), run.seed);
    if (!run.tested.empty()) other.truth.emotion = shuffled_among(other.truth.emotion, split.tested, run.seed);
  }
  torch::manual_seed(static_cast<std::int64_t>(run.seed));
  auto net = std::make_shared<SceneNet>(SceneOptions{.side = data.pictures.size(1),
                                                     .emotions = data.emotions,
                                                     .places = data.places,
                                                     .moods = data.moods,
                                                     .brightness = wanted(run, "brightness"),
                                                     .colourfulness = wanted(run, "colourfulness")});
  LoopTask task;
  task.net = net;
  task.samples = split.trained;
  task.loss = [&](std::span<const std::int64_t> batch, std::mt19937_64& engine) -> Losses {
    const std::vector<std::int64_t> which(batch.begin(), batch.end());
    torch::Tensor pictures = levels_of(rows_of(data.pictures, which));
    if (engine() % 2 == 0) pictures = pictures.flip({3});
    // Moved by up to two pixels: what is at the border comes back on the other side.
    pictures = pictures.roll({static_cast<std::int64_t>(engine() % 5) - 2, static_cast<std::int64_t>(engine() % 5) - 2},
                             {2, 3});
    return {{"loss", scene_loss(net->forward(pictures), rows_of_truth(data.truth, which))}};
  };
  RunIdentity identity = identity_of(run);
  if (data.person.defined() && run.tested.empty()) identity.add("split by persons", split_sum(split));
  VULTUS_TRY(const LoopOptions options, options_of(run, "A4Net", std::move(identity), run.epochs));
  VULTUS_CHECK(run_loop(task, options, run.folder, run.told, run.stop));
  RunScores scores;
  scores.split_sha256 = split_sum(split), scores.options = options.identity;
  scores.planted = data.planted;
  const SceneData& from = run.tested.empty() ? data : other;
  scores.persons = persons_of(from.person, split.tested);
  measure_scenes(*net, from, split.tested, data.emotions, scores);
  VULTUS_CHECK(replace_file(run.folder / "network.onnx", net->onnx()));
  scores.input = {1, 3, data.pictures.size(1), data.pictures.size(1)};
  scores.outputs = net->outputs();
  return scores;
}

}  // namespace

Result<RunScores> train_scene(const SceneRun& run) {
  return guarded("training A4Net", [&] { return trained(run); });
}

}  // namespace vultus::learn

#include <vultus/learn/training/systems/train_foundation.hpp>

#include <algorithm>
#include <chrono>

#include <torch/torch.h>

#include <vultus/learn/training/systems/dfn_net.hpp>
#include <vultus/learn/training/systems/foundation_net.hpp>
#include <vultus/learn/training/systems/run_options.hpp>
#include <vultus/learn/training/systems/sample_file.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::learn {
namespace {

namespace F = torch::nn::functional;

constexpr int kFolds = 3;
constexpr std::int64_t kFaceBatch = 128;

struct FaceData {
  torch::Tensor pictures, levels, expression, person;
  std::vector<std::string> captions;
  HeldOut split;
  bool planted = false;
};

Result<FaceData> read_faces(const FoundationRun& run) {
  if (run.fold < 0 || run.fold >= kFolds)
    return fail(ErrorCode::invalid_argument, "fold " + std::to_string(run.fold) + ": allowed are 0 to 2");
  if (!run.tested.empty())
    return fail(ErrorCode::invalid_argument,
                "samples to test on (" + run.tested.string() + "): MF2 is tested on a fold of the persons of its data");
  VULTUS_TRY(SampleFile file, SampleFile::open(run.data));
  FaceData data;
  data.planted = file.planted();
  VULTUS_TRY(data.pictures, file.tensor("pictures", 4));
  VULTUS_TRY(data.levels, file.tensor("levels", 2));
  VULTUS_TRY(data.expression, file.labels("expression", 7));
  VULTUS_TRY(data.person, file.persons());
  if (!data.person.defined()) return fail(ErrorCode::not_found, run.data.string() + " has no tensor \"person\"");
  if (data.levels.size(1) != static_cast<std::int64_t>(run.units.size()))
    return fail(ErrorCode::invalid_argument, run.data.string() + " has levels of " +
                                                 std::to_string(data.levels.size(1)) + " units, " +
                                                 std::to_string(run.units.size()) + " are wanted");
  if (data.levels.min().item<std::int64_t>() < 0 || data.levels.max().item<std::int64_t>() > 5)
    return fail(ErrorCode::invalid_argument, run.data.string() + ": a level of a unit is outside 0 to 5");
  for (std::int64_t i = 0; i < file.count(); ++i) {
    const bool tested = data.person[i].item<std::int64_t>() % kFolds == run.fold;
    (tested ? data.split.tested : data.split.trained).push_back(i);
  }
  if (data.split.trained.size() < 2 || data.split.tested.size() < 2)
    return fail(ErrorCode::invalid_argument, run.data.string() + ": too few persons for three folds");
  if (run.shuffle_labels) {
    data.levels = dealt_out(data.levels, data.split, true, run.seed);
    data.expression = dealt_out(data.expression, data.split, true, run.seed + 1);
  }
  for (std::int64_t i = 0; i < file.count(); ++i) {
    std::vector<int> levels;
    for (std::int64_t u = 0; u < data.levels.size(1); ++u) levels.push_back(data.levels[i][u].item<int>());
    VULTUS_TRY(data.captions.emplace_back(),
               run.face_caption(static_cast<std::size_t>(data.expression[i].item<std::int64_t>()), levels));
  }
  return data;
}

/// F1 of each unit at .5: [units]. @param said  logits
torch::Tensor f1_of(const torch::Tensor& said, const torch::Tensor& levels) {
  const torch::Tensor is = said.gt(0).to(torch::kFloat), was = levels.gt(0).to(torch::kFloat);
  return 2 * (is * was).sum(0) / (is.sum(0) + was.sum(0)).clamp_min(1);
}

double f1_of_unit(const torch::Tensor& f1, const std::vector<int>& units, int facs) {
  const auto at = std::ranges::find(units, facs) - units.begin();
  return at < static_cast<std::ptrdiff_t>(units.size()) ? f1[at].item<double>() : 0;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The rows of all blocks, one batch after the other, without gradients.
std::vector<torch::Tensor> kept_blocks(FoundationNet& net, const torch::Tensor& pictures) {
  const torch::NoGradGuard no_gradients;
  net.eval();
  std::vector<std::vector<torch::Tensor>> parts;
  for (std::int64_t from = 0; from < pictures.size(0); from += kFaceBatch) {
    const auto blocks = net.features(levels_of(pictures.slice(0, from, from + kFaceBatch))).blocks;
    parts.resize(blocks.size());
    for (std::size_t b = 0; b < blocks.size(); ++b) parts[b].push_back(blocks[b]);
  }
  std::vector<torch::Tensor> kept;
  for (const auto& part : parts) kept.push_back(torch::cat(part));
  return kept;
}

struct TrunkSaid {
  torch::Tensor units, levels;  // logits [n, units]; most likely level [n, units]
};
TrunkSaid trunk_says(FoundationNet& net, const torch::Tensor& pictures) {
  const torch::NoGradGuard no_gradients;
  net.eval();
  std::vector<torch::Tensor> units, levels;
  for (std::int64_t from = 0; from < pictures.size(0); from += kFaceBatch) {
    const auto features = net.features(levels_of(pictures.slice(0, from, from + kFaceBatch)));
    units.push_back(net.unit_logits(features)), levels.push_back(net.levels(features).argmax(2));
  }
  return {torch::cat(units), torch::cat(levels)};
}

void measure_trunk(FoundationNet& net, const FoundationRun& run, const torch::Tensor& pictures,
                   const torch::Tensor& levels, RunScores& scores) {
  const TrunkSaid said = trunk_says(net, pictures);
  const torch::Tensor f1 = f1_of(said.units, levels);
  scores.measures["units_f1"] = f1.mean().item<double>();
  scores.measures["levels_error"] = (said.levels - levels).abs().to(torch::kFloat).mean().item<double>();
  scores.measures["captions_right"] = said.levels.eq(levels).to(torch::kFloat).mean().item<double>();
  torch::Tensor covered = pictures.clone();
  const std::int64_t side = pictures.size(1);
  covered.slice(1, side * 66 / 100, side).fill_(128);
  const torch::Tensor without = f1_of(trunk_says(net, covered).units, levels);
  for (const int facs : {4, 12}) {
    const std::string name = "au" + std::to_string(facs) + "_f1";
    scores.measures[name] = f1_of_unit(f1, run.units, facs);
    scores.measures[name + "_without_mouth"] = f1_of_unit(without, run.units, facs);
  }
}

RunIdentity identity_of(const FoundationRun& run, const FaceData& data, const std::string& part) {
  RunIdentity identity(part);
  identity.add("fold", run.fold).add("local", run.local ? 1 : 0).add("global", run.global ? 1 : 0);
  std::string captions;
  for (const int unit : run.units) captions += std::to_string(unit) + "\n";
  for (const auto* const texts : {&run.unit_captions, &data.captions})
    for (const std::string& text : *texts) captions += text + "\n";
  return identity.add("captions",
                      runtime::sha256({reinterpret_cast<const std::uint8_t*>(captions.data()), captions.size()}));
}

Status learn_trunk(const FoundationRun& run, const FaceData& data, const std::shared_ptr<FoundationNet>& net) {
  LoopTask task;
  task.net = net;
  task.samples = data.split.trained;
  task.loss = [&](std::span<const std::int64_t> batch, std::mt19937_64& engine) -> Losses {
    const std::vector<std::int64_t> which(batch.begin(), batch.end());
    torch::Tensor pictures = levels_of(rows_of(data.pictures, which));
    if (engine() % 2 == 0) pictures = pictures.flip({3});
    std::vector<std::string> captions;
    for (const std::int64_t i : which) captions.push_back(data.captions[static_cast<std::size_t>(i)]);
    const auto loss = net->loss(pictures, rows_of(data.levels, which), captions);
    return {{"global", loss.global}, {"local", loss.local}, {"units", loss.units}};
  };
  VULTUS_TRY(const LoopOptions options, options_of(run, "MF2", identity_of(run, data, "foundation"), run.epochs));
  VULTUS_CHECK(run_loop(task, options, run.folder / "trunk", run.told, run.stop));
  return {};
}

/// @return all that decided the run
Result<std::string> learn_adapter(const FoundationRun& run, const FaceData& data, FoundationNet& trunk,
                                  const std::shared_ptr<DfnNet>& net) {
  const std::vector<torch::Tensor> blocks = kept_blocks(trunk, data.pictures);
  LoopTask task;
  task.net = net;
  task.samples = data.split.trained;
  task.loss = [&](std::span<const std::int64_t> batch, std::mt19937_64&) -> Losses {
    const std::vector<std::int64_t> which(batch.begin(), batch.end());
    std::vector<torch::Tensor> rows;
    for (const torch::Tensor& block : blocks) rows.push_back(rows_of(block, which));
    const auto said = net->forward(rows);
    return {
        {"units", F::binary_cross_entropy_with_logits(said.units, rows_of(data.levels, which).gt(0).to(torch::kFloat))},
        {"expressions", F::cross_entropy(said.expressions, rows_of(data.expression, which))},
        {"apart", net->penalty()}};
  };
  RunIdentity identity = identity_of(run, data, "dfn");
  identity.add("apart", run.apart).add("epochs of the trunk", run.epochs);
  VULTUS_TRY(const LoopOptions options, options_of(run, "DFN", std::move(identity), run.adapt_epochs));
  VULTUS_CHECK(run_loop(task, options, run.folder / "adapter", run.told, run.stop));
  return options.identity;
}

std::string joined_network(FoundationNet& trunk, const DfnNet& adapter) {
  OnnxWriter out(WeightKind::f32);
  const std::int64_t side = trunk.options().side;
  out.input("picture", blocks::Wholes{1, 3, side, side});
  const blocks::Exporter to(out);
  const auto names = trunk.write_blocks(to.in("trunk"), "picture");
  trunk.write(to.in("trunk"), names);
  adapter.write(to.in("adapter"), names);
  return out.file("mf2");
}

Result<RunScores> trained(const FoundationRun& run) {
  // The loop says it too, but only when the trunk has been learnt.
  if (run.adapt_epochs < 1)
    return fail(ErrorCode::invalid_argument,
                "epochs of the adapter must be at least 1, not " + std::to_string(run.adapt_epochs));
  VULTUS_TRY(const FaceData data, read_faces(run));
  torch::manual_seed(static_cast<std::int64_t>(run.seed));
  FoundationOptions options;
  options.side = data.pictures.size(1), options.units = run.units, options.unit_captions = run.unit_captions;
  options.local = run.local, options.global = run.global;
  options.face_captions = data.captions;
  auto trunk = std::make_shared<FoundationNet>(options);
  auto begin = std::chrono::steady_clock::now();
  VULTUS_CHECK(learn_trunk(run, data, trunk));
  RunScores scores;
  scores.planted = data.planted;
  scores.split_sha256 = split_sum(data.split);
  scores.measures["trunk_seconds"] = seconds_since(begin);
  const torch::Tensor pictures = rows_of(data.pictures, data.split.tested);
  const torch::Tensor levels = rows_of(data.levels, data.split.tested);
  measure_trunk(*trunk, run, pictures, levels, scores);

  // Where the trunk has learnt already it draws nothing, and the adapter must begin as it would behind it.
  torch::manual_seed(static_cast<std::int64_t>(run.seed));
  auto adapter = std::make_shared<DfnNet>(DfnOptions{.width = options.width,
                                                     .blocks = options.layers,
                                                     .grid = options.grid(),
                                                     .units = run.units,
                                                     .expressions = 7,
                                                     .rank = 8,
                                                     .apart = run.apart});
  begin = std::chrono::steady_clock::now();
  VULTUS_TRY(scores.options, learn_adapter(run, data, *trunk, adapter));
  scores.measures["adapt_seconds"] = seconds_since(begin);
  const torch::NoGradGuard no_gradients;
  adapter->eval();
  const auto said = adapter->forward(kept_blocks(*trunk, pictures));
  scores.measures["adapted_units_f1"] = f1_of(said.units, levels).mean().item<double>();
  const torch::Tensor best = said.expressions.argmax(1), truth = rows_of(data.expression, data.split.tested);
  scores.answered = answered(best, truth);
  scores.persons = persons_of(data.person, data.split.tested);
  scores.measures.merge(scores_of(scores.answered, 7));
  double numbers = 0;
  for (const torch::Tensor& parameter : trunk->parameters()) numbers += static_cast<double>(parameter.numel());
  const auto own = static_cast<double>(adapter->trainable());
  scores.measures["trainable"] = own / (own + numbers);
  VULTUS_CHECK(replace_file(run.folder / "network.onnx", joined_network(*trunk, *adapter)));
  scores.input = {1, 3, options.side, options.side};
  scores.outputs = {"units", "levels", "adapted_units", "probabilities"};
  return scores;
}

}  // namespace

Result<RunScores> train_foundation(const FoundationRun& run) {
  return guarded("training MF2", [&] { return trained(run); });
}

}  // namespace vultus::learn

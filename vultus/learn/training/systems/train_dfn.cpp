#include <algorithm>
#include <utility>

#include <torch/torch.h>

#include <vultus/learn/training/systems/dfn_net.hpp>
#include <vultus/learn/training/systems/run_options.hpp>
#include <vultus/learn/training/systems/sample_file.hpp>
#include <vultus/learn/training/systems/train_foundation.hpp>

namespace vultus::learn {
namespace {

namespace F = torch::nn::functional;

constexpr std::int64_t kMapBatch = 256;

struct MapData {
  std::vector<torch::Tensor> maps;  // f16 [n, variants, numbers]
  torch::Tensor labels;             // [n]
  torch::Tensor person;             // [n]; undefined where the file names none
  std::string numbered_by;
  bool planted = false;
};

Result<MapData> read_maps(const DfnRun& run, const std::filesystem::path& path) {
  VULTUS_TRY(SampleFile file, SampleFile::open(path));
  MapData data;
  data.planted = file.planted();
  for (const DfnMap& map : run.maps) {
    VULTUS_TRY(data.maps.emplace_back(), file.tensor(map.name, 3));
    if (data.maps.back().size(2) != std::int64_t{map.channels} * map.side * map.side ||
        data.maps.back().size(1) != data.maps.front().size(1))
      return fail(ErrorCode::corrupt_data, path.string() + ": map " + map.name + " is not [samples, variants, " +
                                               std::to_string(map.channels) + " x " + std::to_string(map.side) + " x " +
                                               std::to_string(map.side) + "]");
  }
  VULTUS_TRY(torch::Tensor codes, file.tensor(run.column, 1));
  data.labels = codes - run.first;
  VULTUS_TRY(data.person, file.persons());
  data.numbered_by = file.numbered_by();
  if (data.labels.min().item<std::int64_t>() < 0 || data.labels.max().item<std::int64_t>() >= run.classes)
    return fail(ErrorCode::invalid_argument, path.string() + ": a label of " + run.column + " is outside " +
                                                 std::to_string(run.first) + " to " +
                                                 std::to_string(run.first + run.classes - 1));
  return data;
}

/// Maps as blocks of a trunk: the mean over the places, then the places; larger maps are averaged down to the last.
std::vector<torch::Tensor> as_blocks(const DfnRun& run, const std::vector<torch::Tensor>& maps) {
  std::vector<torch::Tensor> blocks;
  for (std::size_t m = 0; m < maps.size(); ++m) {
    const DfnMap& map = run.maps[m];
    torch::Tensor x = (maps[m].to(torch::kFloat) / map.scale).view({-1, map.channels, map.side, map.side});
    if (map.side > run.maps.back().side) x = torch::avg_pool2d(x, map.side / run.maps.back().side);
    const torch::Tensor tokens = x.flatten(2).transpose(1, 2);
    blocks.push_back(torch::cat({tokens.mean(1, true), tokens}, 1));
  }
  return blocks;
}

std::string dfn_network(const DfnRun& run, const DfnNet& net) {
  OnnxWriter out(WeightKind::f32);
  const blocks::Exporter to(out);
  std::vector<std::string> names;
  for (const DfnMap& map : run.maps) {
    out.input(map.name, blocks::Wholes{0, map.channels, map.side, map.side});
    std::string x = to.times(map.name, 1 / map.scale);
    const std::int64_t factor = map.side / run.maps.back().side;
    if (factor > 1)
      x = to.node("AveragePool", {x},
                  {{.name = "kernel_shape", .value = blocks::Wholes{factor, factor}},
                   {.name = "strides", .value = blocks::Wholes{factor, factor}}});
    const std::int64_t places = std::int64_t{run.maps.back().side} * run.maps.back().side;
    const std::string tokens = to.transpose(to.reshape(x, {0, map.channels, places}), {0, 2, 1});
    names.push_back(to.concat({to.mean(tokens, {1}, true), tokens}, 1));
  }
  net.write(to, names);
  return out.file("dfn");
}

Status check_maps(const DfnRun& run) {
  if (run.maps.empty()) return fail(ErrorCode::invalid_argument, "no map is named for the frozen trunk");
  for (const DfnMap& map : run.maps)
    if (map.channels != run.maps.back().channels || map.side % run.maps.back().side != 0 || !(map.scale > 0))
      return fail(ErrorCode::invalid_argument, "map " + map.name +
                                                   ": channels must be equal, sides multiples of the "
                                                   "last one's, scales above 0");
  return {};
}

RunIdentity identity_of(const DfnRun& run) {
  RunIdentity identity("dfn maps");
  for (const DfnMap& map : run.maps)
    identity.add("map " + map.name, map.scale).add("channels", map.channels).add("side", map.side);
  identity.add("column", run.column).add("first", static_cast<double>(run.first));
  return identity.add("classes", static_cast<double>(run.classes)).add("rank", run.rank).add("dropout", run.dropout);
}

/// What the net says of the tested samples: the picture and its mirror image, averaged.
Answered answers_of(DfnNet& net, const DfnRun& run, const MapData& from, const std::vector<std::int64_t>& which) {
  net.eval();
  const torch::NoGradGuard no_gradients;
  Answered made;
  const torch::Tensor tested = torch::tensor(which, torch::kLong);
  for (std::int64_t i = 0; i < tested.size(0); i += kMapBatch) {
    const torch::Tensor at = tested.slice(0, i, i + kMapBatch);
    torch::Tensor sum;
    for (std::int64_t v = 0; v < std::min<std::int64_t>(2, from.maps.front().size(1)); ++v) {
      std::vector<torch::Tensor> rows;
      for (const torch::Tensor& map : from.maps) rows.push_back(map.select(1, v).index_select(0, at));
      const torch::Tensor said = torch::softmax(net.forward(as_blocks(run, rows)).expressions, 1);
      sum = v == 0 ? said : sum + said;
    }
    const torch::Tensor best = sum.argmax(1);
    for (std::int64_t k = 0; k < best.size(0); ++k) {
      made.said.push_back(best[k].item<std::int64_t>());
      made.truth.push_back(from.labels[at[k].item<std::int64_t>()].item<std::int64_t>());
    }
  }
  return made;
}

Result<RunScores> trained(const DfnRun& run) {
  VULTUS_CHECK(check_maps(run));
  VULTUS_TRY(MapData data, read_maps(run, run.data));
  MapData other;
  HeldOut split;
  if (run.tested.empty()) {
    VULTUS_TRY(split, last_persons(data.person, data.labels.size(0), run.test_share));
  } else {
    VULTUS_CHECK(check_apart(run.data, run.tested));
    VULTUS_TRY(other, read_maps(run, run.tested));
    VULTUS_CHECK(check_nothing_shared({data.maps.front(), data.person, data.numbered_by},
                                      {other.maps.front(), other.person, other.numbered_by}));
    split = two_files(data.labels.size(0), other.labels.size(0));
  }
  if (run.shuffle_labels) {
    data.labels = dealt_out(data.labels, split, run.tested.empty(), run.seed);
    if (!run.tested.empty()) other.labels = shuffled_among(other.labels, split.tested, run.seed);
  }
  // Rare classes weigh more: by the square root of how rare they are.
  const torch::Tensor counts =
      torch::bincount(rows_of(data.labels, split.trained), {}, run.classes).to(torch::kFloat).clamp_min(1);
  const torch::Tensor weights = (counts.mean() / counts).sqrt();
  torch::manual_seed(static_cast<std::int64_t>(run.seed));
  auto net = std::make_shared<DfnNet>(DfnOptions{.width = run.maps.back().channels,
                                                 .blocks = static_cast<std::int64_t>(run.maps.size()),
                                                 .grid = run.maps.back().side,
                                                 .units = {},
                                                 .expressions = run.classes,
                                                 .rank = run.rank,
                                                 .dropout = run.dropout});
  LoopTask task;
  task.net = net;
  task.samples = split.trained;
  task.loss = [&](std::span<const std::int64_t> batch, std::mt19937_64& engine) -> Losses {
    const std::vector<std::int64_t> which(batch.begin(), batch.end());
    const auto variants = static_cast<std::uint64_t>(data.maps.front().size(1));
    std::vector<torch::Tensor> rows;
    std::vector<std::int64_t> drawn;
    for (std::size_t i = 0; i < which.size(); ++i) drawn.push_back(static_cast<std::int64_t>(engine() % variants));
    const torch::Tensor at = torch::tensor(which, torch::kLong), variant = torch::tensor(drawn, torch::kLong);
    for (const torch::Tensor& map : data.maps) rows.push_back(map.index({at, variant}));
    return {{"expressions",
             F::cross_entropy(net->forward(as_blocks(run, rows)).expressions, data.labels.index_select(0, at),
                              F::CrossEntropyFuncOptions().weight(weights))}};
  };
  RunIdentity identity = identity_of(run);
  if (data.person.defined() && run.tested.empty()) identity.add("split by persons", split_sum(split));
  VULTUS_TRY(const LoopOptions options, options_of(run, "DFN", std::move(identity), run.epochs));
  VULTUS_CHECK(run_loop(task, options, run.folder, run.told, run.stop));
  const MapData& from = run.tested.empty() ? data : other;
  RunScores scores;
  scores.split_sha256 = split_sum(split), scores.options = options.identity;
  scores.planted = data.planted;  // of what it learnt, whatever it is tested on
  scores.answered = answers_of(*net, run, from, split.tested);
  scores.persons = persons_of(from.person, split.tested);
  scores.measures = scores_of(scores.answered, run.classes);
  const torch::NoGradGuard no_gradients;
  scores.measures["trainable_numbers"] = static_cast<double>(net->trainable());
  VULTUS_CHECK(replace_file(run.folder / "network.onnx", dfn_network(run, *net)));
  scores.outputs = {"probabilities"};
  return scores;
}

}  // namespace

Result<RunScores> train_dfn(const DfnRun& run) {
  return guarded("training DFN", [&] { return trained(run); });
}

}  // namespace vultus::learn

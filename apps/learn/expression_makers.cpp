#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include <vultus/expression/compound.hpp>
#include <vultus/expression/emotion_prior.hpp>
#include <vultus/expression/label_space.hpp>
#include <vultus/expression/pairwise.hpp>
#include <vultus/learn/training/expression_learners.hpp>
#include <vultus/learn/training/trunk_tail.hpp>
#include <vultus/runtime/graph.hpp>
#include <vultus/runtime/handle.hpp>

#include <apps/cli/model_shelf.hpp>
#include <apps/learn/expression_makers.hpp>
#include <apps/learn/run_files.hpp>

namespace vultus::learning {
namespace {

using expression::kCompoundParts;
using expression::kExpressions;
using learn::Learner;
using learn::LearnerData;
using learn::SystemOption;
using Options = std::map<std::string, double, std::less<>>;
using Made = Result<std::unique_ptr<Learner>>;

constexpr std::array kPairwiseOptions{SystemOption{"multinomial", 0, 0, 1}, SystemOption{"focus", 0, 0, 10}};
constexpr std::array kPoiOptions{SystemOption{"mutual", 1, 0, 100},       SystemOption{"guide", 1, 0, 1},
                                 SystemOption{"temperature", 2, .1, 100}, SystemOption{"ramp", .5, 0, 1},
                                 SystemOption{"entropy", 0, 0, 1},        SystemOption{"prior_stem", 32, 1, 1024},
                                 SystemOption{"shuffled_prior", 0, 0, 1}};
constexpr std::array kCompoundOptions{SystemOption{"distance", 1, 0, 100}};

learn::MapHeadOptions net_of(const learn::TrainingConfig& config) {
  std::map<std::string, double> scales = config.scales;
  if (!config.tail.map.name.empty()) scales[config.tail.map.name] = config.tail.scale;
  return {.inputs = learn::head_inputs(config),
          .scales = std::move(scales),
          .stem = config.shape.stem,
          .hidden = config.shape.hidden,
          .answers = static_cast<std::int64_t>(config.targets.front().classes.size()),
          .input_dropout = config.input_dropout,
          .dropout = config.dropout};
}

Result<std::int64_t> largest(std::span<const float> answer) {
  return std::ranges::max_element(answer) - answer.begin();
}

learn::LearningSystem pairwise(const Options& options) {
  if (options.at("multinomial") > 0)
    return {
        .make = [focus = options.at("focus")](const learn::TrainingConfig& config, const LearnerData& data) -> Made {
          return learn::multinomial_learner(net_of(config), data.counts, config.class_power, focus);
        },
        .decide = largest,
        .judged_from = 0};
  return {.make = [](const learn::TrainingConfig& config, const LearnerData& data) -> Made {
            return learn::pairwise_learner(net_of(config), data.counts, config.class_power);
          },
          .decide = [](std::span<const float> answer) -> Result<std::int64_t> {
            const std::vector<double> pairs(answer.begin(), answer.end());
            const auto classes =
                static_cast<std::size_t>((1 + std::lround(std::sqrt(1 + 8 * double(pairs.size())))) / 2);
            VULTUS_TRY(const auto p, expression::couple(pairs, classes));
            return std::ranges::max_element(p) - p.begin();
          },
          .judged_from = 0};
}

/// The prior of the AU table by region; shuffled, units keep their numbers but say something of other expressions.
Result<std::vector<learn::PriorRegion>> prior_regions(const std::vector<double>& counts, std::int64_t side,
                                                      bool shuffled, std::uint64_t seed) {
  std::array<double, kExpressions> shares{};
  for (std::size_t e = 0; e < kExpressions; ++e) shares.at(e) = std::max(counts[e], 1.0);
  std::mt19937_64 engine(seed);
  std::vector<learn::PriorRegion> regions;
  for (const expression::FaceRegion& region : expression::face_regions()) {
    VULTUS_TRY(const auto prior, expression::unit_prior(region.units, shares));
    learn::PriorRegion made{.name = std::string(region.name),
                            .from_row = std::lround(region.top * static_cast<double>(side)),
                            .to_row = std::lround(region.bottom * static_cast<double>(side)),
                            .weights = {prior.weights.begin(), prior.weights.end()},
                            .bias = {prior.bias.begin(), prior.bias.end()}};
    if (shuffled) learn::shuffle_prior(made, engine);
    regions.push_back(std::move(made));
  }
  return regions;
}

learn::LearningSystem poi(const Options& options) {
  return {.make = [options](const learn::TrainingConfig& config, const LearnerData& data) -> Made {
            const std::int64_t side = learn::HeadShape{.inputs = learn::head_inputs(config), .outputs = {}}.stem_side();
            VULTUS_TRY(auto regions, prior_regions(data.counts, side, options.at("shuffled_prior") > 0, config.seed));
            VULTUS_TRY(auto learner,
                       learn::poi_learner(
                           {.net = net_of(config),
                            .regions = std::move(regions),
                            .samples = data.samples,
                            .prior_stem = std::lround(options.at("prior_stem")),
                            .mutual = options.at("mutual"),
                            .guide = options.at("guide"),
                            .temperature = options.at("temperature"),
                            .ramp = options.at("ramp"),
                            .doubt = options.at("entropy") > 0 ? learn::Doubt::entropy : learn::Doubt::disagreement}));
            return std::unique_ptr<Learner>(std::move(learner));
          },
          .decide = largest,
          .judged_from = 0};
}

learn::LearningSystem compound(const Options& options) {
  return {.make = [distance = options.at("distance")](const learn::TrainingConfig& config,
                                                      const LearnerData& data) -> Made {
            if (!data.parts.defined())
              return fail(ErrorCode::invalid_argument,
                          "the features have no tensor \"parts\": vultus-learn features --hybrids makes it");
            return learn::compound_learner(net_of(config), data.parts, distance);
          },
          .decide = [](std::span<const float> answer) -> Result<std::int64_t> {
            if (answer.size() != kCompoundParts)
              return fail(ErrorCode::invalid_argument, "compounds are told from six parts");
            std::array<double, kCompoundParts> parts{};
            std::ranges::copy(answer, parts.begin());
            return static_cast<std::int64_t>(kExpressions + expression::best_compound(parts));
          },
          .judged_from = static_cast<std::int64_t>(kExpressions)};
}

/// The last layers of the network that the first input comes from, with gradients.
Result<std::shared_ptr<learn::Trunk>> tail_of(const learn::TrainingConfig& config, const learn::TensorNotes& notes) {
  const learn::HeadInput& from = config.shape.inputs.front();
  VULTUS_TRY(const MapSource source, map_source(notes, from.name));
  VULTUS_TRY(const cli::ModelShelf shelf, cli::open_shelf({}));
  VULTUS_TRY(runtime::ModelHandle handle,
             runtime::model_handle(shelf.catalogue, shelf.store, nullptr, ModelId(source.model)));
  handle.manifest.outputs = {{from.name, source.tensor}, {config.tail.map.name, config.tail.to}};
  VULTUS_TRY(const runtime::Graph whole, runtime::read_graph(handle.manifest, handle.file));
  VULTUS_TRY(runtime::Graph tail, learn::graph_behind(whole, from.name));
  const runtime::GraphValue& end = tail.outputs.at(config.tail.map.name);
  const std::vector<std::int64_t>& shape = tail.nodes[end.node].outputs.at(end.output).shape;
  const std::vector<std::int64_t> wanted{shape.front(), config.tail.map.channels, config.tail.map.side,
                                         config.tail.map.side};
  if (shape != wanted || tail.input.shape[1] != from.channels || tail.input.shape[2] != from.side)
    return fail(ErrorCode::invalid_argument, "tail: " + source.model + " gives \"" + config.tail.map.name + "\" or \"" +
                                                 from.name + "\" another size");
  VULTUS_TRY(auto trunk, learn::Trunk::of(std::move(tail), {.last = -1, .names = {}}));
  learn::OnnxWriter rehearsal(config.keep);  // what cannot be exported is not trained
  VULTUS_CHECK(trunk->write(rehearsal, "tail.", from.name));
  return trunk;
}

learn::LearningSystem behind_tail(learn::LearningSystem system) {
  system.make = [inner = std::move(system.make)](const learn::TrainingConfig& config, const LearnerData& data) -> Made {
    VULTUS_TRY(auto learner, inner(config, data));
    VULTUS_TRY(auto tail, tail_of(config, data.notes));
    return learn::with_tail(std::move(learner), std::move(tail), config.tail.rate);
  };
  return system;
}

Status needs_classes(const learn::TrainingConfig& config, std::size_t classes) {
  if (config.targets.size() == 1 && (classes == 0 || config.targets.front().classes.size() == classes)) return {};
  return fail(ErrorCode::invalid_argument, "system " + config.system + " learns one target" +
                                               (classes == 0 ? "" : " of " + std::to_string(classes) + " classes"));
}

Result<learn::LearningSystem> plain_system(const learn::TrainingConfig& config) {
  for (const learn::HeadInput& input : config.shape.inputs)
    if (input.side == 0)
      return fail(ErrorCode::invalid_argument, "input \"" + input.name + "\": system " + config.system + " reads maps");
  if (config.system == "pairwise") {
    VULTUS_CHECK(needs_classes(config, 0));
    VULTUS_TRY(const Options options, learn::system_options(config, kPairwiseOptions));
    return pairwise(options);
  }
  if (config.system == "poi") {
    VULTUS_CHECK(needs_classes(config, kExpressions));
    VULTUS_TRY(const Options options, learn::system_options(config, kPoiOptions));
    return poi(options);
  }
  if (config.system == "compound") {
    VULTUS_CHECK(needs_classes(config, kExpressions + expression::kCompounds));
    VULTUS_TRY(const Options options, learn::system_options(config, kCompoundOptions));
    return compound(options);
  }
  return fail(ErrorCode::not_found,
              "no system \"" + config.system + "\" that learns; known are pairwise, poi, compound");
}

}  // namespace

Result<learn::LearningSystem> learning_system(const learn::TrainingConfig& config) {
  VULTUS_TRY(learn::LearningSystem system, plain_system(config));
  return config.tail.map.name.empty() ? std::move(system) : behind_tail(std::move(system));
}

bool is_multinomial(const learn::TrainingConfig& config) {
  const auto at = config.options.find("multinomial");
  return config.system == "pairwise" && at != config.options.end() && at->second > 0;
}

void add_doubts(learn::SystemResult& result) {
  Learner* const trained = result.trained ? result.trained.get() : result.learner.get();
  const auto* const known = dynamic_cast<const learn::PoiLearner*>(trained);
  if (known == nullptr) return;
  // The probability that a wrong label is doubted more than a right one, by ranks.
  std::vector<std::pair<double, bool>> doubts;
  const std::vector<double> all = known->doubts();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i] >= 0) doubts.emplace_back(all[i], result.flipped[i]);
  std::ranges::sort(doubts);
  double wrong = 0, below = 0, ordered = 0;
  for (std::size_t i = 0; i < doubts.size();) {
    std::size_t end = i;
    double tied_wrong = 0, tied_right = 0;
    for (; end < doubts.size() && doubts[end].first == doubts[i].first; ++end)
      (doubts[end].second ? tied_wrong : tied_right) += 1;
    ordered += tied_wrong * (below + tied_right / 2);
    wrong += tied_wrong, below += tied_right;
    i = end;
  }
  if (wrong > 0 && below > 0) result.validation["doubt.auroc"] = ordered / (wrong * below);
}

}  // namespace vultus::learning

// System 28 on planted maps: wrong labels withstood, doubts, priors and their control.
#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/learn/training/expression_learners.hpp>
#include <vultus/learn/training/planted_maps.hpp>
#include <vultus/learn/training/system_run.hpp>

namespace vultus::learn {
namespace {

using PoiMade = Result<std::unique_ptr<Learner>>;

MapHeadOptions poi_net_of(const TrainingConfig& config) {
  return {.inputs = config.shape.inputs,
          .scales = config.scales,
          .stem = config.shape.stem,
          .hidden = config.shape.hidden,
          .answers = static_cast<std::int64_t>(config.targets.front().classes.size())};
}

Result<std::int64_t> likeliest(std::span<const float> answer) {
  return std::ranges::max_element(answer) - answer.begin();
}

// Seven classes; eight units of one channel each, active in two classes or three; each region of the face shows some of
// them: what a prior knows.
constexpr std::int64_t kUnits = 8, kKinds = 7;

bool acts(std::int64_t unit, std::int64_t kind) {
  return unit == kind || (unit + 3) % kKinds == kind || (unit == 7 && kind >= 4);
}

std::size_t row_of(std::int64_t unit) { return unit < 3 ? 1 : unit < 5 ? 3 : 5; }

std::vector<PriorRegion> true_regions() {
  std::vector<PriorRegion> regions{
      {"top", 0, 3, {}, {}}, {"middle", 2, 5, {}, {}}, {"low", 4, 7, {}, {}}, {"whole", 0, 7, {}, {}}};
  const std::array<std::vector<std::int64_t>, 4> units{{{0, 1, 2}, {3, 4}, {5, 6, 7}, {0, 1, 2, 3, 4, 5, 6, 7}}};
  for (std::size_t r = 0; r < regions.size(); ++r) {
    regions[r].bias.assign(kKinds, 0);
    for (std::int64_t e = 0; e < kKinds; ++e)
      for (const std::int64_t u : units.at(r)) {
        const double given = acts(u, e) ? 0.85 : 0.05;
        regions[r].weights.push_back(static_cast<float>(std::log(given / (1 - given))));
        regions[r].bias[static_cast<std::size_t>(e)] += static_cast<float>(std::log(1 - given));
      }
  }
  return regions;
}

void plant_units(const std::filesystem::path& path) {
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < 1050; ++i) labels.push_back(i % kKinds);
  plant_maps(path, labels, kUnits, 0.7, [&](std::size_t i, std::vector<float>& map) {
    for (std::int64_t u = 0; u < kUnits; ++u)
      if (acts(u, labels[i]))
        for (std::size_t x = 2; x < 5; ++x) map[static_cast<std::size_t>(u) * 49 + row_of(u) * 7 + x] += 1.2F;
  });
}

struct PoiFigures {
  double accuracy = 0, doubt_of_wrong = 0, doubt_of_right = 0;
};

PoiFigures poi_run(const TestFolder& folder, const std::string& name, double guide, double noise,
                   bool shuffled_labels = false) {
  TrainingConfig config = planted_config(folder / "units.safetensors", kUnits, {"a", "b", "c", "d", "e", "f", "g"});
  config.noise.rate = noise, config.sha256 = name, config.shuffle_labels = shuffled_labels;
  config.shape.hidden = 64, config.epochs = 16;
  const LearningSystem system{.make = [&](const TrainingConfig& c, const LearnerData& data) -> PoiMade {
                                VULTUS_TRY(auto learner, poi_learner({.net = poi_net_of(c),
                                                                      .regions = true_regions(),
                                                                      .samples = data.samples,
                                                                      .prior_stem = 12,
                                                                      .guide = guide,
                                                                      .ramp = 0.2}));
                                return std::unique_ptr<Learner>(std::move(learner));
                              },
                              .decide = likeliest,
                              .judged_from = 0};
  const auto run = train_system(config, system, folder / name, {}).value();
  PoiFigures figures{.accuracy = run.validation.at("accuracy")};
  const auto doubts = dynamic_cast<const PoiLearner&>(*run.learner).doubts();
  double wrong = 0, right = 0;
  for (std::size_t i = 0; i < doubts.size(); ++i) {
    if (doubts[i] < 0) continue;
    (run.flipped[i] ? figures.doubt_of_wrong : figures.doubt_of_right) += doubts[i];
    ++(run.flipped[i] ? wrong : right);
  }
  figures.doubt_of_wrong /= std::max(wrong, 1.0), figures.doubt_of_right /= std::max(right, 1.0);
  return figures;
}

TEST(PoiLearner, WithstandsWrongLabelsBetterThanPlainCrossEntropy) {
  const TestFolder folder;
  plant_units(folder / "units.safetensors");
  const PoiFigures guided = poi_run(folder, "guided", 1, 0.3), plain = poi_run(folder, "plain", 0, 0.3),
                   control = poi_run(folder, "control", 1, 0, true);
  EXPECT_GT(guided.accuracy, plain.accuracy + 0.02) << plain.accuracy;
  EXPECT_GT(guided.doubt_of_wrong, guided.doubt_of_right + 0.3);
  EXPECT_LT(control.accuracy, 0.25);  // 210 samples, chance 1/7: 4 standard errors
}

TEST(PoiDoubts, SurviveAStop) {
  const TestFolder folder;
  plant_units(folder / "units.safetensors");
  TrainingConfig config = planted_config(folder / "units.safetensors", kUnits, {"a", "b", "c", "d", "e", "f", "g"});
  config.epochs = 1;
  const LearningSystem system{
      .make = [](const TrainingConfig& c, const LearnerData& data) -> PoiMade {
        VULTUS_TRY(
            auto learner,
            poi_learner({.net = poi_net_of(c), .regions = true_regions(), .samples = data.samples, .prior_stem = 4}));
        return std::unique_ptr<Learner>(std::move(learner));
      },
      .decide = likeliest,
      .judged_from = 0};
  const auto doubts_of = [&] {
    const auto run = train_system(config, system, folder / "run", {}).value();
    return dynamic_cast<const PoiLearner&>(*run.learner).doubts();
  };
  const std::vector<double> doubts = doubts_of();
  ASSERT_EQ(doubts.size(), 1050U);
  EXPECT_GT(std::ranges::count_if(doubts, [](double doubt) { return doubt >= 0; }), 800);
  EXPECT_EQ(doubts_of(), doubts);  // from the checkpoint: nothing is trained
}

TEST(PriorControl, KeepsNothingOfTheTrueTable) {
  // In the planted prior all classes are equally likely: the bias is what absent units say, and nothing else.
  for (PriorRegion region : true_regions()) {
    const PriorRegion before = region;
    std::mt19937_64 engine(5);
    shuffle_prior(region, engine);
    EXPECT_NE(region.weights, before.weights) << region.name;
    const std::size_t kinds = region.bias.size(), units = region.weights.size() / kinds;
    for (std::size_t e = 0; e < kinds; ++e) {
      double absent = 0;
      for (std::size_t u = 0; u < units; ++u)
        absent += std::log(1 - 1 / (1 + std::exp(-double(region.weights[e * units + u]))));
      EXPECT_NEAR(region.bias[e], absent, 1e-5) << region.name;
    }
    for (std::size_t u = 0; u < units; ++u) {
      std::vector<float> was, is;
      for (std::size_t e = 0; e < kinds; ++e)
        was.push_back(before.weights[e * units + u]), is.push_back(region.weights[e * units + u]);
      EXPECT_TRUE(std::ranges::is_permutation(was, is));
    }
  }
}

TEST(PoiPriors, ThatDoNotFitAreRefused) {
  const TrainingConfig config = planted_config("none", kUnits, {"a", "b", "c", "d", "e", "f", "g"});
  EXPECT_FALSE(poi_learner({.net = poi_net_of(config), .regions = {}}));
  auto regions = true_regions();
  regions[0].to_row = 9;
  EXPECT_THAT(poi_learner({.net = poi_net_of(config), .regions = regions}).error().message,
              ::testing::HasSubstr("region top has rows outside 0 to 7"));
}

}  // namespace
}  // namespace vultus::learn

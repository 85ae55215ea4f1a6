// The expression systems on planted maps: each learns its task, learns nothing where labels are shuffled, and is worse
// without the part that is its own.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
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

using ::testing::HasSubstr;
using Made = Result<std::unique_ptr<Learner>>;

MapHeadOptions net_of(const TrainingConfig& config) {
  return {.inputs = config.shape.inputs,
          .scales = config.scales,
          .stem = config.shape.stem,
          .hidden = config.shape.hidden,
          .answers = static_cast<std::int64_t>(config.targets.front().classes.size()),
          .input_dropout = config.input_dropout,
          .dropout = config.dropout};
}

Result<std::int64_t> largest(std::span<const float> answer) {
  return std::ranges::max_element(answer) - answer.begin();
}

/// The class with the largest sum of opinions.
Result<std::int64_t> most_opinions(std::span<const float> pairs) {
  constexpr std::size_t kClasses = 4;
  std::vector<double> sums(kClasses);
  std::size_t at = 0;
  for (std::size_t i = 0; i < kClasses; ++i)
    for (std::size_t j = i + 1; j < kClasses; ++j, ++at) sums[i] += pairs[at], sums[j] += 1 - pairs[at];
  return std::ranges::max_element(sums) - sums.begin();
}

/// Four Gaussians with shares 1, 1/3, 1/9, 1/27, means at the corners of a simplex in four channels of one place.
void plant_long_tail(const std::filesystem::path& path) {
  std::vector<std::int64_t> labels;
  for (std::int64_t c = 0; c < 4; ++c)
    for (int i = 0; i < 810 / static_cast<int>(std::pow(3, c)); ++i) labels.push_back(c);
  plant_maps(path, labels, 4, 1.0, [&](std::size_t i, std::vector<float>& map) {
    map[static_cast<std::size_t>(labels[i]) * 49 + 24] += 2.6F;
  });
}

LearningSystem pairs_system() {
  return {.make = [](const TrainingConfig& config, const LearnerData& data) -> Made {
            return pairwise_learner(net_of(config), data.counts, config.class_power);
          },
          .decide = most_opinions,
          .judged_from = 0};
}

TEST(PairwiseLearner, FindsRareClassesThatOneSoftmaxMisses) {
  const TestFolder folder;
  plant_long_tail(folder / "f.safetensors");
  TrainingConfig config = planted_config(folder / "f.safetensors", 4, {"a", "b", "c", "d"});
  config.class_power = 1;
  const auto pairs = train_system(config, pairs_system(), folder / "pairs", {});
  ASSERT_TRUE(pairs) << pairs.error().message;
  config.class_power = 0, config.sha256 = "plain";
  const auto plain = train_system(config,
                                  {.make = [](const TrainingConfig& c, const LearnerData& data) -> Made {
                                     return multinomial_learner(net_of(c), data.counts, c.class_power, 0);
                                   },
                                   .decide = largest,
                                   .judged_from = 0},
                                  folder / "plain", {});
  ASSERT_TRUE(plain) << plain.error().message;
  // Classes as likely as each other would be told apart in some three of four cases.
  EXPECT_GT(pairs->validation.at("uar"), 0.55);
  EXPECT_GT(pairs->validation.at("recall c") + pairs->validation.at("recall d"),
            plain->validation.at("recall c") + plain->validation.at("recall d"));
  config.shuffle_labels = true, config.sha256 = "control", config.class_power = 1;
  const auto nothing = train_system(config, pairs_system(), folder / "control", {});
  ASSERT_TRUE(nothing) << nothing.error().message;
  EXPECT_LT(nothing->validation.at("uar"), 0.45);  // chance 1/4
}

constexpr std::int64_t kParts = 4;
// Pairs of parts; the last two are never trained on.
constexpr std::array<std::pair<std::size_t, std::size_t>, 6> kHybrids{{{0, 1}, {2, 3}, {0, 2}, {1, 3}, {0, 3}, {1, 2}}};
const std::vector<std::string> kHybridNames{"a", "b", "c", "d", "ab", "cd", "ac", "bd", "ad", "bc"};

Result<std::int64_t> best_pair(std::span<const float> parts) {
  std::size_t best = 0;
  const auto score = [&](std::size_t c) { return parts[kHybrids.at(c).first] + parts[kHybrids.at(c).second]; };
  for (std::size_t c = 1; c < kHybrids.size(); ++c)
    if (score(c) > score(best)) best = c;
  return kParts + static_cast<std::int64_t>(best);
}

/// Singles show one part over both halves of the map; hybrids show one on the left and one on the right.
void plant_hybrids(const std::filesystem::path& path) {
  std::vector<std::int64_t> labels;
  std::vector<std::vector<float>> parts;
  for (std::int64_t i = 0; i < 1000; ++i) {
    labels.push_back(i % 10);
    std::vector<float> row(kParts);
    if (labels.back() < kParts)
      row[static_cast<std::size_t>(labels.back())] = 1;
    else
      row[kHybrids.at(static_cast<std::size_t>(labels.back() - kParts)).first] =
          row[kHybrids.at(static_cast<std::size_t>(labels.back() - kParts)).second] = 1;
    parts.push_back(std::move(row));
  }
  plant_maps(
      path, labels, kParts, 1.0,
      [&](std::size_t i, std::vector<float>& map) {
        const auto show = [&](std::size_t part, std::size_t from, std::size_t to) {
          for (std::size_t y = 2; y < 5; ++y)
            for (std::size_t x = from; x < to; ++x) map[part * 49 + y * 7 + x] += 0.8F;
        };
        if (labels[i] < kParts) return show(static_cast<std::size_t>(labels[i]), 0, 7);
        const auto& [left, right] = kHybrids.at(static_cast<std::size_t>(labels[i] - kParts));
        show(left, 0, 3), show(right, 4, 7);
      },
      parts);
}

std::map<std::string, double> hybrids_run(const TestFolder& folder, const std::string& name, Curriculum curriculum,
                                          std::vector<std::int64_t> untrained, bool shuffled_labels = false) {
  TrainingConfig config = planted_config(folder / "hybrids.safetensors", kParts, kHybridNames);
  config.curriculum = std::move(curriculum), config.untrained = std::move(untrained), config.sha256 = name;
  config.shuffle_labels = shuffled_labels;
  const LearningSystem system{.make = [](const TrainingConfig& c, const LearnerData& data) -> Made {
                                return compound_learner(net_of(c), data.parts, 0.5);
                              },
                              .decide = best_pair,
                              .judged_from = kParts};
  return train_system(config, system, folder / name, {}).value().validation;
}

TEST(CompoundLearner, TellsHybridsBetterAfterTheCurriculumAlsoThoseThatItNeverSaw) {
  const TestFolder folder;
  plant_hybrids(folder / "hybrids.safetensors");
  const Curriculum stages{{4, 0}, {4, .3}, {4, 1}};
  // 8 and 9 are "ad" and "bc": never trained on; all six are judged.
  const auto learnt = hybrids_run(folder, "curriculum", stages, {8, 9});
  const auto singles = hybrids_run(folder, "singles", {}, {4, 5, 6, 7, 8, 9});
  const auto control = hybrids_run(folder, "control", stages, {8, 9}, true);
  EXPECT_GT(learnt.at("f1"), 0.7);
  EXPECT_GT(learnt.at("f1"), singles.at("f1")) << singles.at("f1");
  // Each by itself has chance 1/6; 40 hybrids: 4 standard errors.
  EXPECT_GT(learnt.at("recall ad") + learnt.at("recall bc"), 2 * 0.4)
      << learnt.at("recall ad") << " " << learnt.at("recall bc");
  EXPECT_LT(control.at("accuracy"), 0.31);  // 120 hybrids, chance 1/6: 4 standard errors
}

TEST(Curricula, NeedBothKindsOfSamples) {
  const TestFolder folder;
  plant_hybrids(folder / "hybrids.safetensors");
  TrainingConfig config = planted_config(folder / "hybrids.safetensors", kParts, kHybridNames);
  config.curriculum = {{2, .5}}, config.untrained = {4, 5, 6, 7, 8, 9};
  const LearningSystem system{.make = [](const TrainingConfig& c, const LearnerData& data) -> Made {
                                return compound_learner(net_of(c), data.parts, 0.5);
                              },
                              .decide = best_pair,
                              .judged_from = kParts};
  EXPECT_THAT(train_system(config, system, folder / "r", {}).error().message,
              HasSubstr("a curriculum needs samples of single labels and hybrids; there are 320 and 0"));
}

TEST(SystemRuns, AStoppedOneEndsAsOneThatWasNot) {
  const TestFolder folder;
  plant_long_tail(folder / "f.safetensors");
  TrainingConfig config = planted_config(folder / "f.safetensors", 4, {"a", "b", "c", "d"});
  config.epochs = 4, config.average = 0.9, config.mixup = 0.2;
  const auto whole = train_system(config, pairs_system(), folder / "whole", {}).value();
  std::stop_source stop;
  const auto stopped = train_system(
      config, pairs_system(), folder / "parts",
      [&](const EpochRecord& record) {
        if (record.epoch == 2) stop.request_stop();
      },
      stop.get_token());
  EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
  const auto parts = train_system(config, pairs_system(), folder / "parts", {}).value();
  EXPECT_EQ(parts.onnx, whole.onnx);
  EXPECT_EQ(parts.epochs.size(), 4U);
  config.sha256 = "another";
  EXPECT_EQ(train_system(config, pairs_system(), folder / "parts", {}).error().code, ErrorCode::model_mismatch);
}

}  // namespace
}  // namespace vultus::learn

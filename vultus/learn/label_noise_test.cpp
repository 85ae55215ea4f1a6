// Planted noise has the rate and the kind that were asked for.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include <vultus/learn/label_noise.hpp>

namespace vultus::learn {
namespace {

std::vector<std::int64_t> even_labels(std::int64_t n, std::int64_t classes) {
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < n; ++i) labels.push_back(i % classes);
  return labels;
}

TEST(LabelNoise, MakesTheWantedShareWrongAndNoOther) {
  const auto clean = even_labels(1000, 7);
  for (const double rate : {0.0, 0.1, 0.3}) {
    const auto noisy = plant_noise(clean, 7, {.rate = rate}, 4).value();
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < clean.size(); ++i) {
      EXPECT_EQ(noisy.flipped[i], noisy.labels[i] != clean[i]);
      wrong += noisy.flipped[i] ? 1 : 0;
    }
    EXPECT_EQ(wrong, static_cast<std::size_t>(rate * 1000));
  }
}

TEST(LabelNoise, SymmetricNoiseGoesEverywhere) {
  const auto clean = even_labels(7000, 7);
  const auto noisy = plant_noise(clean, 7, {.rate = 0.6}, 4).value();
  std::map<std::pair<std::int64_t, std::int64_t>, int> moves;
  for (std::size_t i = 0; i < clean.size(); ++i)
    if (noisy.flipped[i]) ++moves[{clean[i], noisy.labels[i]}];
  EXPECT_EQ(moves.size(), 42U);
  for (const auto& [move, count] : moves) EXPECT_NEAR(count, 100, 50);  // 5 standard deviations of a count of 100
}

TEST(LabelNoise, AsymmetricNoiseFollowsItsTable) {
  const auto clean = even_labels(300, 3);
  const auto noisy =
      plant_noise(clean, 3, {.rate = 0.3, .kind = NoiseKind::asymmetric, .becomes = {2, 0, 1}}, 4).value();
  for (std::size_t i = 0; i < clean.size(); ++i)
    if (noisy.flipped[i]) {
      EXPECT_EQ(noisy.labels[i], (clean[i] + 2) % 3);
    }
}

TEST(LabelNoise, IsTheSameBySeedAndRefusesWhatIsNone) {
  const auto clean = even_labels(100, 4);
  EXPECT_EQ(plant_noise(clean, 4, {.rate = 0.2}, 9).value().labels,
            plant_noise(clean, 4, {.rate = 0.2}, 9).value().labels);
  EXPECT_NE(plant_noise(clean, 4, {.rate = 0.2}, 9).value().labels,
            plant_noise(clean, 4, {.rate = 0.2}, 8).value().labels);
  EXPECT_FALSE(plant_noise(clean, 4, {.rate = 0.95}, 1));
  EXPECT_FALSE(plant_noise(clean, 3, {.rate = 0.1}, 1));
  EXPECT_FALSE(plant_noise(clean, 4, {.rate = 0.1, .kind = NoiseKind::asymmetric, .becomes = {1, 1, 0, 0}}, 1));
}

}  // namespace
}  // namespace vultus::learn

#include <vultus/evaluation/agreement.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

constexpr double kNothingLeft = 1e-12;  // chance agreement this close to 1 leaves nothing to measure

Error undefined(const char* what) {
  return fail(ErrorCode::invalid_argument, fmt::format("{} is undefined: all ratings are one same label", what));
}

/// Coincidences of values within units.
struct Coincidences {
  std::vector<double> values;  ///< distinct, rising
  std::vector<double> table;   ///< values x values
  std::vector<double> margin;  ///< row sums
  double total = 0;
};

Result<std::vector<std::vector<double>>> pairable_units(std::span<const std::vector<std::optional<double>>> ratings) {
  std::vector<std::vector<double>> units;
  const std::size_t columns = ratings.empty() ? 0 : ratings[0].size();
  for (std::size_t rater = 0; rater < ratings.size(); ++rater)
    if (ratings[rater].size() != columns)
      return fail(ErrorCode::invalid_argument,
                  fmt::format("rater {} has {} units, rater 0 has {}", rater, ratings[rater].size(), columns));
  for (std::size_t unit = 0; unit < columns; ++unit) {
    std::vector<double> values;
    for (std::size_t rater = 0; rater < ratings.size(); ++rater) {
      if (!ratings[rater][unit]) continue;
      if (!std::isfinite(*ratings[rater][unit]))
        return fail(ErrorCode::invalid_argument,
                    fmt::format("rating of unit {} by rater {} is not finite", unit, rater));
      values.push_back(*ratings[rater][unit]);
    }
    if (values.size() >= 2) units.push_back(std::move(values));
  }
  if (units.empty()) return fail(ErrorCode::invalid_argument, "no unit has two ratings");
  return units;
}

Coincidences count(const std::vector<std::vector<double>>& units) {
  Coincidences c;
  for (const auto& unit : units) c.values.insert(c.values.end(), unit.begin(), unit.end());
  std::sort(c.values.begin(), c.values.end());
  c.values.erase(std::unique(c.values.begin(), c.values.end()), c.values.end());
  const std::size_t n = c.values.size();
  c.table.assign(n * n, 0);
  c.margin.assign(n, 0);
  const auto index = [&](double v) {
    return static_cast<std::size_t>(std::lower_bound(c.values.begin(), c.values.end(), v) - c.values.begin());
  };
  for (const auto& unit : units) {
    const double share = 1 / static_cast<double>(unit.size() - 1);
    for (std::size_t i = 0; i < unit.size(); ++i)
      for (std::size_t j = 0; j < unit.size(); ++j)
        if (i != j) c.table[index(unit[i]) * n + index(unit[j])] += share;
    for (const double v : unit) c.margin[index(v)] += 1;
  }
  c.total = std::accumulate(c.margin.begin(), c.margin.end(), 0.0);
  return c;
}

/// Squared distance of the values at two positions, low <= high.
double distance(const Coincidences& c, std::size_t low, std::size_t high, AlphaLevel level) {
  if (low == high) return 0;
  double d = 1;
  if (level == AlphaLevel::interval) d = c.values[high] - c.values[low];
  if (level == AlphaLevel::ordinal) {
    d = -(c.margin[low] + c.margin[high]) / 2;
    for (std::size_t g = low; g <= high; ++g) d += c.margin[g];
  }
  return d * d;
}

}  // namespace

Result<double> cohen_kappa(const ConfusionMatrix& table) {
  const auto n = static_cast<double>(table.total());
  if (n <= 0) return fail(ErrorCode::invalid_argument, "there are no ratings");
  double observed = 0;
  double expected = 0;
  for (std::size_t i = 0; i < table.classes(); ++i) {
    observed += static_cast<double>(table.at(i, i)) / n;
    expected += static_cast<double>(table.support(i)) / n * (static_cast<double>(table.predicted(i)) / n);
  }
  if (1 - expected < kNothingLeft) return undefined("Cohen's kappa");
  return (observed - expected) / (1 - expected);
}

Result<double> fleiss_kappa(std::span<const std::vector<std::uint32_t>> counts) {
  if (counts.empty()) return fail(ErrorCode::invalid_argument, "there are no items");
  const double raters = std::accumulate(counts[0].begin(), counts[0].end(), 0.0);
  if (raters < 2) return fail(ErrorCode::invalid_argument, fmt::format("{} raters: at least 2 are needed", raters));
  const auto items = static_cast<double>(counts.size());
  std::vector<double> share(counts[0].size());
  double observed = 0;
  for (std::size_t item = 0; item < counts.size(); ++item) {
    const double sum = std::accumulate(counts[item].begin(), counts[item].end(), 0.0);
    if (counts[item].size() != share.size() || sum != raters)
      return fail(ErrorCode::invalid_argument, fmt::format("item {} has {} labels and {} ratings, item 0 has {} and {}",
                                                           item, counts[item].size(), sum, share.size(), raters));
    for (std::size_t label = 0; label < share.size(); ++label) {
      const double votes = counts[item][label];
      share[label] += votes / (raters * items);
      observed += votes * (votes - 1) / (raters * (raters - 1) * items);
    }
  }
  double expected = 0;
  for (const double p : share) expected += p * p;
  if (1 - expected < kNothingLeft) return undefined("Fleiss' kappa");
  return (observed - expected) / (1 - expected);
}

Result<double> krippendorff_alpha(std::span<const std::vector<std::optional<double>>> ratings, AlphaLevel level) {
  VULTUS_TRY(const auto units, pairable_units(ratings));
  const Coincidences c = count(units);
  const std::size_t n = c.values.size();
  if (n < 2) return undefined("Krippendorff's alpha");
  double observed = 0;
  double expected = 0;
  for (std::size_t low = 0; low < n; ++low)
    for (std::size_t high = low + 1; high < n; ++high) {
      const double squared = distance(c, low, high, level);
      observed += 2 * c.table[low * n + high] * squared / c.total;
      expected += 2 * c.margin[low] * c.margin[high] * squared / (c.total * (c.total - 1));
    }
  return 1 - observed / expected;
}

}  // namespace vultus::evaluation

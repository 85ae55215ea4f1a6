#include <vultus/expression/emotion_prior.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <vultus/core/au_table.hpp>

namespace vultus::expression {
namespace {

static_assert(kAuEmotions == kExpressions, "the AU hub and the label space name the same expressions");

constexpr std::array kBrowUnits{1, 2, 4};
constexpr std::array kEyeUnits{5, 6, 7, 45};
constexpr std::array kNoseUnits{9, 10};
constexpr std::array kMouthUnits{10, 12, 14, 15, 17, 20, 23, 25, 26, 28};
constexpr std::array kWholeUnits{1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 28, 45};

// In the template the eyes lie at .46 of the height, the nose at .64, the mouth's corners at .82.
constexpr std::array<FaceRegion, kFaceRegions> kRegions{{{"brows", 1 / 7.0, 3 / 7.0, kBrowUnits},
                                                         {"eyes", 2 / 7.0, 4 / 7.0, kEyeUnits},
                                                         {"nose", 3 / 7.0, 5 / 7.0, kNoseUnits},
                                                         {"mouth", 4 / 7.0, 1, kMouthUnits},
                                                         {"whole", 0, 1, kWholeUnits}}};

}  // namespace

const std::array<FaceRegion, kFaceRegions>& face_regions() { return kRegions; }

Result<UnitPrior> unit_prior(std::span<const int> units, std::span<const double, kExpressions> shares) {
  if (units.empty()) return fail(ErrorCode::invalid_argument, "a prior needs at least one unit");
  double sum = 0;
  for (const double share : shares) {
    if (!(share > 0) || !std::isfinite(share))
      return fail(ErrorCode::invalid_argument, "share " + std::to_string(share) + " of an expression is not above 0");
    sum += share;
  }
  UnitPrior prior{.units = {units.begin(), units.end()}, .weights = {}, .bias = {}};
  prior.weights.resize(kExpressions * units.size());
  for (std::size_t e = 0; e < kExpressions; ++e) {
    prior.bias.at(e) = std::log(shares[e] / sum);
    for (std::size_t u = 0; u < units.size(); ++u) {
      const ActionUnit* const row = find_au(units[u]);
      if (row == nullptr)
        return fail(ErrorCode::invalid_argument, "unit " + std::to_string(units[u]) + " is not in the AU table");
      const double given = row->given.at(e);
      prior.weights[e * units.size() + u] = std::log(given) - std::log(1 - given);
      prior.bias.at(e) += std::log(1 - given);
    }
  }
  return prior;
}

Result<std::array<double, kExpressions>> expression_of_units(const UnitPrior& prior, std::span<const double> activity) {
  if (activity.size() != prior.units.size())
    return fail(ErrorCode::invalid_argument, std::to_string(activity.size()) + " units are given, the prior has " +
                                                 std::to_string(prior.units.size()));
  std::array<double, kExpressions> logs = prior.bias;
  for (std::size_t u = 0; u < activity.size(); ++u) {
    if (!(activity[u] >= 0 && activity[u] <= 1))
      return fail(ErrorCode::invalid_argument, "unit " + std::to_string(prior.units[u]) + " has " +
                                                   std::to_string(activity[u]) + ", which is no probability");
    for (std::size_t e = 0; e < kExpressions; ++e) logs.at(e) += prior.weights[e * activity.size() + u] * activity[u];
  }
  const double top = *std::ranges::max_element(logs);
  for (double& value : logs) value = std::exp(value - top);
  const double sum = std::accumulate(logs.begin(), logs.end(), 0.0);
  for (double& value : logs) value /= sum;
  return logs;
}

}  // namespace vultus::expression

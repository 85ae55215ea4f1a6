#include <vultus/evaluation/fairness_cells.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

constexpr const std::string* (*kAlways)(const FairnessScores&) = nullptr;
constexpr std::array kFairnessNames{
    NamedScore{"error", [](const FairnessScores& s) { return std::optional(s.error); }, kAlways},
    NamedScore{"od", [](const FairnessScores& s) { return std::optional(s.od); }, kAlways},
    NamedScore{"cev", [](const FairnessScores& s) { return s.cev; },
               [](const FairnessScores& s) { return &s.why_no_cev; }},
    NamedScore{"sde", [](const FairnessScores& s) { return s.sde; },
               [](const FairnessScores& s) { return &s.why_no_cev; }},
    NamedScore{"tteqodds", [](const FairnessScores& s) { return std::optional(s.tteqodds); }, kAlways},
    NamedScore{"ceqodds", [](const FairnessScores& s) { return s.ceqodds; },
               [](const FairnessScores& s) { return &s.why_no_ceqodds; }},
    NamedScore{"eqopp", [](const FairnessScores& s) { return std::optional(s.eqopp); }, kAlways},
    NamedScore{"dempar", [](const FairnessScores& s) { return std::optional(s.dempar); }, kAlways}};

/// Mean over `entries` of the range over the groups.
template <class Value>
double mean_range(const std::vector<FairnessCells>& groups, std::size_t entries, Value value) {
  double sum = 0;
  for (std::size_t e = 0; e < entries; ++e) {
    double low = value(groups.front(), e);
    double high = low;
    for (const FairnessCells& group : groups) {
      low = std::min(low, value(group, e));
      high = std::max(high, value(group, e));
    }
    sum += high - low;
  }
  return sum / static_cast<double>(entries);
}

double column_of_shares(const FairnessCells& cells, std::size_t k) {
  double sum = 0;
  for (std::size_t c = 0; c < cells.classes; ++c) sum += cells.shares[c * cells.classes + k];
  return sum;
}

double overall_disparity(const std::vector<FairnessCells>& groups, std::size_t classes) {
  double sum = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    double best = 0;
    for (const FairnessCells& group : groups) best = std::max(best, group.shares[c * classes + c]);
    if (best <= 0) continue;
    for (const FairnessCells& group : groups)
      sum += (1 - group.shares[c * classes + c] / best) / static_cast<double>(groups.size() - 1);
  }
  return sum / static_cast<double>(classes);
}

/// phi_g[k]: where a group's errors go.
void add_classwise_odds(const GroupedPredictions& p, const std::vector<FairnessCells>& groups, FairnessScores& scores) {
  const std::size_t classes = p.classes.size();
  std::vector<std::vector<double>> errors;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    std::vector<double> to;
    double sum = 0;
    for (std::size_t k = 0; k < classes; ++k) {
      to.push_back(column_of_shares(groups[g], k) - groups[g].shares[k * classes + k]);
      sum += to.back();
    }
    if (sum <= 0) {
      scores.why_no_ceqodds = fmt::format("group \"{}\" has no errors: where they go is undefined", p.groups[g]);
      return;
    }
    for (double& one : to) one /= sum;
    errors.push_back(std::move(to));
  }
  const FairnessCells* first = groups.data();
  scores.ceqodds = mean_range(groups, 2 * classes, [&](const FairnessCells& group, std::size_t e) {
    return e < classes ? group.shares[e * classes + e] : errors[static_cast<std::size_t>(&group - first)][e - classes];
  });
}

/// CEV and SDE: relative changes a of FPR and b of FNR against everybody.
void add_error_changes(const GroupedPredictions& p, const AllFairnessCells& cells, FairnessScores& scores) {
  const std::size_t classes = p.classes.size();
  for (std::size_t c = 0; c < classes; ++c)
    if (cells.all.fpr[c] <= 0 || cells.all.fnr[c] <= 0) {
      scores.why_no_cev = fmt::format("class \"{}\" has no false {}s at all, by whose rate is divided", p.classes[c],
                                      cells.all.fpr[c] <= 0 ? "positive" : "negative");
      return;
    }
  double cev = 0, sde = 0;
  const auto n = static_cast<double>(classes);
  for (const FairnessCells& group : cells.groups) {
    std::vector<double> a, b;
    double mean_a = 0;
    double mean_b = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      a.push_back((group.fpr[c] - cells.all.fpr[c]) / cells.all.fpr[c]);
      b.push_back((group.fnr[c] - cells.all.fnr[c]) / cells.all.fnr[c]);
      mean_a += a.back() / n;
      mean_b += b.back() / n;
    }
    for (std::size_t c = 0; c < classes; ++c) {
      cev += ((a[c] - mean_a) * (a[c] - mean_a) + (b[c] - mean_b) * (b[c] - mean_b)) / n;
      sde += std::abs(b[c] - a[c]) / n;
    }
  }
  scores.cev = cev / static_cast<double>(cells.groups.size());
  scores.sde = sde / static_cast<double>(cells.groups.size());
}

}  // namespace

double FairnessCells::row(std::size_t c) const {
  double sum = 0;
  for (std::size_t k = 0; k < classes; ++k) sum += counts[c * classes + k];
  return sum;
}

double FairnessCells::column(std::size_t k) const {
  double sum = 0;
  for (std::size_t c = 0; c < classes; ++c) sum += counts[c * classes + k];
  return sum;
}

void FairnessCells::derive() {
  total = 0;
  fpr.clear(), fnr.clear();
  for (std::size_t c = 0; c < classes; ++c) total += row(c);
  for (std::size_t c = 0; c < classes; ++c) {
    const double n = row(c);
    const double hits = counts[c * classes + c];
    for (std::size_t k = 0; k < classes; ++k) shares[c * classes + k] = counts[c * classes + k] / n;
    fpr.push_back((column(c) - hits) / (total - n));
    fnr.push_back((n - hits) / n);
  }
}

Result<AllFairnessCells> fairness_cells(const GroupedPredictions& p, std::span<const std::uint32_t> weights) {
  const std::size_t classes = p.classes.size();
  if (classes < 2 || p.groups.size() < 2)
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} classes and {} groups: at least 2 of both are needed", classes, p.groups.size()));
  AllFairnessCells cells{.groups = std::vector<FairnessCells>(p.groups.size(), FairnessCells(classes)),
                         .all = FairnessCells(classes)};
  std::vector<double> members(p.groups.size());
  for (std::size_t i = 0; i < p.rows.size(); ++i) {
    const GroupedPrediction& row = p.rows[i];
    if (row.truth >= classes || row.predicted >= classes || row.group >= p.groups.size())
      return fail(ErrorCode::invalid_argument, fmt::format("prediction {}: a class or group out of range", i));
    const double weight = weights.empty() ? 1 : weights[i];
    const std::size_t at = row.truth * classes + row.predicted;
    cells.groups[row.group].counts[at] += weight;
    cells.all.counts[at] += weight;
    members[row.group] += weight;
  }
  for (std::size_t g = 0; g < members.size(); ++g) {
    if (members[g] == 1)
      return fail(ErrorCode::invalid_argument,
                  fmt::format("group \"{}\" has 1 member: no rate can be told from one", p.groups[g]));
    for (std::size_t c = 0; c < classes; ++c)
      if (cells.groups[g].row(c) <= 0)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("group \"{}\" has no sample of class \"{}\": its recall there is unknown, not 0",
                                p.groups[g], p.classes[c]));
    cells.groups[g].derive();
  }
  cells.all.derive();
  return cells;
}

FairnessScores scores_of(const AllFairnessCells& cells, const GroupedPredictions& named) {
  const std::size_t classes = cells.all.classes;
  FairnessScores scores;
  double hits = 0;
  for (std::size_t c = 0; c < classes; ++c) hits += cells.all.counts[c * classes + c];
  scores.error = 1 - hits / cells.all.total;
  scores.od = overall_disparity(cells.groups, classes);
  scores.tteqodds = mean_range(cells.groups, classes * classes,
                               [](const FairnessCells& group, std::size_t cell) { return group.shares[cell]; });
  scores.eqopp = mean_range(cells.groups, classes,
                            [&](const FairnessCells& group, std::size_t c) { return group.shares[c * classes + c]; });
  scores.dempar = mean_range(cells.groups, classes, column_of_shares);
  add_classwise_odds(named, cells.groups, scores);
  add_error_changes(named, cells, scores);
  return scores;
}

std::span<const NamedScore> fairness_names() { return kFairnessNames; }

Result<FairnessScores> fairness_scores(const GroupedPredictions& predictions, std::span<const std::uint32_t> weights) {
  if (!weights.empty() && weights.size() != predictions.rows.size())
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} weights for {} predictions", weights.size(), predictions.rows.size()));
  VULTUS_TRY(const AllFairnessCells cells, fairness_cells(predictions, weights));
  return scores_of(cells, predictions);
}

}  // namespace vultus::evaluation

#include <vultus/audit/recogniser_bias.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <vultus/evaluation/score_histogram.hpp>

namespace vultus::audit {
namespace {

constexpr std::uint64_t kLeastMated = 30;
constexpr std::int64_t kLeastPersons = 10;

/// Group of each picture, names.size() = none.
std::vector<std::uint32_t> groups_of_pictures(std::span<const std::uint32_t> person_of,
                                              std::span<const std::uint32_t> group_of, std::uint32_t none) {
  std::map<std::uint32_t, std::uint32_t> dense;
  for (const std::uint32_t person : person_of) dense.emplace(person, 0);
  std::uint32_t next = 0;
  for (auto& [person, number] : dense) number = next++;
  std::vector<std::uint32_t> groups;
  groups.reserve(person_of.size());
  for (const std::uint32_t person : person_of) groups.push_back(std::min(none, group_of[dense[person]]));
  return groups;
}

/// Score counts within each group, and what happens between groups.
struct PairCounts {
  std::vector<evaluation::PairHistograms> within;
  std::uint64_t cross_pairs = 0;
  std::uint64_t cross_matches = 0;
};

Result<PairCounts> count_pairs(std::span<const std::uint32_t> person_of, std::span<const std::uint32_t> group,
                               std::uint32_t none, const evaluation::ScoreOfPair& score, float threshold,
                               const std::stop_token& stop) {
  PairCounts counts{.within = std::vector<evaluation::PairHistograms>(none)};
  for (std::size_t i = 0; i < person_of.size(); ++i) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while comparing groups");
    if (group[i] == none) continue;
    for (std::size_t j = i + 1; j < person_of.size(); ++j) {
      if (group[j] == none) continue;
      const float s = score(i, j);
      if (group[i] != group[j]) {
        ++counts.cross_pairs;
        counts.cross_matches += s >= threshold ? 1 : 0;
        continue;
      }
      evaluation::PairHistograms& own = counts.within[group[i]];
      (person_of[i] == person_of[j] ? own.mated : own.impostors).add(s);
    }
  }
  return counts;
}

std::vector<double> values_of(const RecogniserAudit& audit, bool GroupErrors::*measurable,
                              std::optional<evaluation::Figure> evaluation::GroupRates::*rate) {
  std::vector<double> values;
  for (const GroupErrors& group : audit.groups)
    if (group.*measurable && group.rates.*rate) values.push_back((group.rates.*rate)->value);
  return values;
}

double spread_of(const std::vector<double>& values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return *most - *least;
}

/// Largest over smallest and over the geometric mean; empty where a rate is 0.
std::pair<std::optional<double>, std::optional<double>> ratios_of(const std::vector<double>& values) {
  if (values.size() < 2) return {};
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  if (*least <= 0) return {};
  double logs = 0;
  for (const double value : values) logs += std::log(value) / static_cast<double>(values.size());
  return {*most / *least, *most / std::exp(logs)};
}

void summarise(RecogniserAudit& audit, double weight) {
  const auto fmr = values_of(audit, &GroupErrors::fmr_measurable, &evaluation::GroupRates::fmr);
  const auto fnmr = values_of(audit, &GroupErrors::fnmr_measurable, &evaluation::GroupRates::fnmr);
  std::tie(audit.fmr_ratio, audit.fmr_to_mean) = ratios_of(fmr);
  std::tie(audit.fnmr_ratio, audit.fnmr_to_mean) = ratios_of(fnmr);
  if (fmr.size() < 2 || fnmr.size() < 2) return;
  audit.fdr = 1 - (weight * spread_of(fmr) + (1 - weight) * spread_of(fnmr));
  audit.garbe = weight * gini(fmr) + (1 - weight) * gini(fnmr);
}

}  // namespace

double gini(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  double gaps = 0;
  for (const double a : values) {
    sum += a;
    for (const double b : values) gaps += std::abs(a - b);
  }
  if (sum <= 0 || n < 2) return 0;
  return n / (n - 1) * gaps / (2 * n * sum);
}

Result<RecogniserAudit> audit_recogniser(std::span<const std::uint32_t> person_of, const evaluation::ScoreOfPair& score,
                                         std::span<const std::uint32_t> group_of, std::span<const std::string> names,
                                         const RecogniserAuditOptions& options, const std::stop_token& stop) {
  if (!(options.weight >= 0 && options.weight <= 1))
    return fail(ErrorCode::invalid_argument, fmt::format("weight of false matches {}: 0 to 1", options.weight));
  VULTUS_TRY(const auto all,
             evaluation::AllPairs::of(person_of, score,
                                      {.target_fmr = options.target_fmr, .threads = options.threads, .seed = 1}, stop));
  if (group_of.size() != all.persons())
    return fail(ErrorCode::invalid_argument,
                fmt::format("groups of {} persons, there are {}", group_of.size(), all.persons()));
  RecogniserAudit audit{.target_fmr = options.target_fmr, .threshold = all.threshold()};
  VULTUS_TRY(audit.fmr, all.fmr(options.bootstrap));
  VULTUS_TRY(audit.fnmr, all.fnmr(options.bootstrap));
  VULTUS_TRY(auto rates, all.groups(group_of, names, options.bootstrap));
  const auto none = static_cast<std::uint32_t>(names.size());
  VULTUS_TRY(const PairCounts counts,
             count_pairs(person_of, groups_of_pictures(person_of, group_of, none), none, score, all.threshold(), stop));
  audit.cross_pairs = counts.cross_pairs;
  audit.cross_false_matches = counts.cross_matches;
  const double needed = std::ceil(3 / options.target_fmr * (1 - 1e-12));
  for (std::size_t g = 0; g < rates.size(); ++g) {
    GroupErrors group{.rates = std::move(rates[g]), .det = {}};
    group.fmr_measurable = static_cast<double>(group.rates.impostor_pairs) >= needed;
    group.fnmr_measurable =
        group.rates.mated_pairs >= kLeastMated && group.rates.fnmr && group.rates.fnmr->groups >= kLeastPersons;
    if (auto det = evaluation::curve(counts.within[g].mated, counts.within[g].impostors)) group.det = *std::move(det);
    audit.groups.push_back(std::move(group));
  }
  summarise(audit, options.weight);
  return audit;
}

}  // namespace vultus::audit

#include <vultus/audit/frequency_bias.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace vultus::audit {
namespace {

/// Units of one group, by number.
using Members = std::vector<std::size_t>;

Status check_units(std::span<const FrequencyUnit> units, const FrequencyAuditOptions& options) {
  if (options.permutations < 100 || options.permutations > 1'000'000)
    return fail(ErrorCode::invalid_argument, fmt::format("{} permutations: 100 to 1000000", options.permutations));
  if (!(options.level > 0 && options.level < 1))
    return fail(ErrorCode::invalid_argument, fmt::format("level {}: between 0 and 1", options.level));
  if (units.empty() || units.front().importance.empty())
    return fail(ErrorCode::invalid_argument, "frequency audit: nothing was measured");
  for (const FrequencyUnit& unit : units) {
    if (unit.importance.size() != units.front().importance.size())
      return fail(ErrorCode::invalid_argument, fmt::format("frequency audit: {} bands and {} bands",
                                                           unit.importance.size(), units.front().importance.size()));
    if (!std::ranges::all_of(unit.importance, [](double value) { return std::isfinite(value); }))
      return fail(ErrorCode::invalid_argument, "frequency audit: an importance that is not finite");
  }
  return evaluation::validate(options.bootstrap);
}

Result<FrequencyProfile> profile_of(std::span<const FrequencyUnit> units, const Members& members,
                                    const std::string& name, const evaluation::BootstrapOptions& bootstrap) {
  FrequencyProfile profile{.name = name, .units = static_cast<std::int64_t>(members.size()), .bands = {}};
  profile.measurable = profile.units >= kLeastFrequencyUnits;
  if (members.empty()) return profile;
  for (const std::size_t i : members) profile.score += units[i].score / static_cast<double>(members.size());
  for (std::size_t band = 0; band < units.front().importance.size(); ++band) {
    evaluation::Figure figure{.name = fmt::format("importance of band {}", band),
                              .groups = profile.units,
                              .group_kind = "units",
                              .samples = profile.units};
    for (const std::size_t i : members) figure.value += units[i].importance[band] / static_cast<double>(members.size());
    if (profile.measurable) {
      VULTUS_TRY(figure.interval,
                 evaluation::bootstrap_groups(members.size(), bootstrap,
                                              [&](evaluation::GroupWeights weights) -> std::optional<double> {
                                                double sum = 0;
                                                for (std::size_t k = 0; k < members.size(); ++k)
                                                  sum += weights[k] * units[members[k]].importance[band];
                                                return sum / static_cast<double>(members.size());
                                              }));
      figure.draws = bootstrap.draws;
      figure.seed = bootstrap.seed;
    }
    if (!profile.most_important || figure.value > profile.bands[*profile.most_important].value)
      profile.most_important = band;
    profile.bands.push_back(std::move(figure));
  }
  return profile;
}

/// Importances of the units of two groups, the first group first.
using BandRows = std::vector<std::vector<double>>;

BandRows rows_of(std::span<const FrequencyUnit> units, const Members& one, const Members& two) {
  BandRows rows;
  for (const Members* members : {&one, &two})
    for (const std::size_t i : *members) rows.push_back(units[i].importance);
  return rows;
}

std::vector<double> sum_of(const BandRows& rows) {
  std::vector<double> sum(rows.front().size());
  for (const auto& row : rows)
    for (std::size_t b = 0; b < sum.size(); ++b) sum[b] += row[b];
  return sum;
}

/// Divides each band by its deviation over all rows, which dealing labels out anew does not change.
void scale_bands(BandRows& rows) {
  const std::vector<double> sum = sum_of(rows);
  const auto n = static_cast<double>(rows.size());
  for (std::size_t b = 0; b < sum.size(); ++b) {
    double squares = 0;
    for (const auto& row : rows) squares += (row[b] - sum[b] / n) * (row[b] - sum[b] / n);
    const double deviation = std::sqrt(squares / n);
    // What differs by rounding alone is no difference.
    const bool flat = deviation <= 1e-12 * std::max(1.0, std::abs(sum[b] / n));
    for (auto& row : rows) row[b] = flat ? 0 : row[b] / deviation;
  }
}

/// Mean of the first rows less the mean of the others, of each band.
/// @param total  sum over all rows, of each band
std::vector<double> difference_of(const BandRows& rows, const Members& order, std::size_t first,
                                  const std::vector<double>& total) {
  std::vector<double> sum(total.size());
  for (std::size_t k = 0; k < first; ++k)
    for (std::size_t b = 0; b < sum.size(); ++b) sum[b] += rows[order[k]][b];
  const auto n = static_cast<double>(first);
  const auto m = static_cast<double>(rows.size() - first);
  for (std::size_t b = 0; b < sum.size(); ++b) sum[b] = sum[b] / n - (total[b] - sum[b]) / m;
  return sum;
}

double largest(const std::vector<double>& difference) {
  double most = 0;
  for (const double d : difference) most = std::max(most, std::abs(d));
  return most;
}

/// Deals the labels of two groups out anew.
Result<FrequencyComparison> compare(std::span<const FrequencyUnit> units, const Members& one, const Members& two,
                                    const FrequencyAuditOptions& options, const std::stop_token& stop) {
  FrequencyComparison result;
  BandRows rows = rows_of(units, one, two);
  Members order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  result.difference = difference_of(rows, order, one.size(), sum_of(rows));
  if (options.statistic == FrequencyStatistic::scaled) scale_bands(rows);
  const std::vector<double> total = sum_of(rows);
  const std::vector<double> observed = difference_of(rows, order, one.size(), total);
  result.statistic = largest(observed);
  for (std::size_t b = 0; b < observed.size(); ++b)
    if (std::abs(observed[b]) > std::abs(observed[result.band])) result.band = b;
  // The sums of a permutation are added in another order: what differs by rounding alone is a tie, and counts.
  const double tie = 1e-12 * std::max(1.0, result.statistic);
  std::vector<std::int64_t> reached(observed.size());
  evaluation::Random random(options.bootstrap.seed);
  for (int draw = 0; draw < options.permutations; ++draw) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while comparing groups");
    for (std::size_t k = 0; k < one.size(); ++k)  // Fisher and Yates, as far as the first group reaches
      std::swap(order[k], order[k + random.below(order.size() - k)]);
    const double most = largest(difference_of(rows, order, one.size(), total));
    for (std::size_t b = 0; b < observed.size(); ++b) reached[b] += most >= std::abs(observed[b]) - tie ? 1 : 0;
  }
  for (const std::int64_t count : reached)
    result.band_p.push_back(static_cast<double>(1 + count) / (options.permutations + 1));
  result.p = result.band_p[result.band];  // T is what the band of the largest difference reaches
  return result;
}

}  // namespace

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<double> corrected(p.size());
  double most = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    most = std::max(most, std::min(1.0, static_cast<double>(p.size() - k) * p[order[k]]));
    corrected[order[k]] = most;
  }
  return corrected;
}

Result<FrequencyAudit> audit_frequency(std::span<const FrequencyUnit> units, std::span<const std::string> names,
                                       const FrequencyAuditOptions& options, const std::stop_token& stop) {
  VULTUS_CHECK(check_units(units, options));
  std::vector<Members> members(names.size());
  for (std::size_t i = 0; i < units.size(); ++i)
    if (units[i].group < names.size()) members[units[i].group].push_back(i);
  if (std::ranges::all_of(members, [](const Members& group) { return group.empty(); }))
    return fail(ErrorCode::invalid_argument, "frequency audit: nobody is in a group");
  FrequencyAudit audit;
  for (std::size_t g = 0; g < names.size(); ++g) {
    VULTUS_TRY(FrequencyProfile profile, profile_of(units, members[g], names[g], options.bootstrap));
    audit.groups.push_back(std::move(profile));
  }
  std::vector<double> p;
  for (std::size_t a = 0; a < names.size(); ++a)
    for (std::size_t b = a + 1; b < names.size(); ++b) {
      if (!audit.groups[a].measurable || !audit.groups[b].measurable) continue;
      VULTUS_TRY(FrequencyComparison one, compare(units, members[a], members[b], options, stop));
      one.first = a;
      one.second = b;
      p.push_back(one.p);
      audit.comparisons.push_back(std::move(one));
    }
  const std::vector<double> corrected = holm(p);
  for (std::size_t i = 0; i < corrected.size(); ++i) {
    audit.comparisons[i].p_corrected = corrected[i];
    audit.comparisons[i].differs = corrected[i] <= options.level;
  }
  return audit;
}

}  // namespace vultus::audit

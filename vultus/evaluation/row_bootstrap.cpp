#include <vultus/evaluation/row_bootstrap.hpp>

#include <map>
#include <numeric>
#include <utility>

#include <vultus/evaluation/percentile_interval.hpp>

namespace vultus::evaluation {

RowGroups RowGroups::by_name(std::span<const std::string> names, std::string kind) {
  RowGroups rows{.group_of = {}, .kind = std::move(kind)};
  std::map<std::string, std::uint32_t> numbers;
  for (const std::string& name : names)
    rows.group_of.push_back(numbers.emplace(name, static_cast<std::uint32_t>(numbers.size())).first->second);
  rows.groups = numbers.size();
  return rows;
}

RowGroups RowGroups::each(std::size_t rows) {
  RowGroups own{.group_of = std::vector<std::uint32_t>(rows), .groups = rows};
  std::iota(own.group_of.begin(), own.group_of.end(), 0U);
  return own;
}

Result<std::vector<std::optional<Interval>>> bootstrap_rows(const RowGroups& groups, const BootstrapOptions& options,
                                                            const RowStatistics& statistics) {
  VULTUS_CHECK(validate(options));
  std::vector<std::uint32_t> weights(groups.group_of.size(), 1);
  const std::size_t count = statistics(weights).size();
  std::vector<std::optional<Interval>> intervals(count);
  if (groups.groups < 2) return intervals;
  std::vector<std::vector<double>> values(count);
  std::vector<std::uint32_t> drawn(groups.groups);
  Random random(options.seed);
  for (int draw = 0; draw < options.draws; ++draw) {
    draw_groups(random, drawn);
    for (std::size_t row = 0; row < weights.size(); ++row) weights[row] = drawn[groups.group_of[row]];
    const auto all = statistics(weights);
    for (std::size_t s = 0; s < count; ++s)
      if (all[s]) values[s].push_back(*all[s]);
  }
  for (std::size_t s = 0; s < count; ++s)
    intervals[s] = percentile_interval(std::move(values[s]), static_cast<std::size_t>(options.draws), options.level);
  return intervals;
}

}  // namespace vultus::evaluation

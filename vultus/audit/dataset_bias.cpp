#include <vultus/audit/dataset_bias.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vultus/evaluation/bootstrap.hpp>

namespace vultus::audit {
namespace {

using evaluation::NumberedNames;
using evaluation::Table;

Result<NumberedNames> column_names(const Table& table, const std::string& name) {
  VULTUS_TRY(const std::size_t column, table.column(name));
  VULTUS_TRY(const std::vector<std::string> values, table.names(column));
  return evaluation::numbered(values);
}

Result<std::size_t> index_in(const std::vector<std::string>& names, const std::string& name,
                             const std::string& column) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end())
    return fail(ErrorCode::invalid_argument,
                fmt::format("column \"{}\" has no \"{}\"; there are: {}", column, name, fmt::join(names, ", ")));
  return static_cast<std::size_t>(at - names.begin());
}

/// Rows of each cell of group and class.
using CellRows = std::vector<std::vector<std::vector<std::size_t>>>;

/// How many of each group a class of `total` samples has.
std::vector<std::int64_t> wanted_counts(std::size_t groups, std::size_t chosen, std::optional<double> fraction,
                                        std::int64_t total) {
  std::vector<std::int64_t> wanted(groups);
  std::int64_t left = total;
  std::size_t others = groups;
  if (fraction) {
    wanted[chosen] = std::llround(*fraction * static_cast<double>(total));
    left -= wanted[chosen];
    --others;
  }
  std::int64_t at = 0;
  for (std::size_t g = 0; g < groups; ++g) {
    if (fraction && g == chosen) continue;
    const auto n = static_cast<std::int64_t>(others);
    wanted[g] = left / n + (at++ < left % n ? 1 : 0);
  }
  return wanted;
}

/// The most samples a class can have at every fraction from 0 to 1.
std::int64_t most_of_class(const CellRows& cells, std::size_t label, std::size_t chosen, bool biased) {
  const auto groups = static_cast<std::int64_t>(cells.size());
  std::int64_t smallest_other = std::numeric_limits<std::int64_t>::max();
  for (std::size_t g = 0; g < cells.size(); ++g)
    if (g != chosen) smallest_other = std::min(smallest_other, static_cast<std::int64_t>(cells[g][label].size()));
  const auto own = static_cast<std::int64_t>(cells[chosen][label].size());
  if (biased) return std::min(own, (groups - 1) * smallest_other);
  return groups * std::min(own, smallest_other);
}

}  // namespace

Result<Representation> representation(const std::vector<std::uint64_t>& counts) {
  if (counts.size() < 2)
    return fail(ErrorCode::invalid_argument, fmt::format("{} groups: at least 2 are needed", counts.size()));
  double total = 0;
  for (const std::uint64_t n : counts) {
    if (n == 0) return fail(ErrorCode::invalid_argument, "a group of nobody has no share");
    total += static_cast<double>(n);
  }
  double entropy = 0;
  for (const std::uint64_t n : counts) {
    const double share = static_cast<double>(n) / total;
    entropy -= share * std::log(share);
  }
  const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
  const double effective = std::exp(entropy);
  return Representation{.effective_groups = effective,
                        .bias = 1 - (effective - 1) / static_cast<double>(counts.size() - 1),
                        .imbalance = static_cast<double>(*most) / static_cast<double>(*least)};
}

Result<DatasetBias> dataset_bias(const Table& table, const std::string& group, const std::string& label) {
  VULTUS_TRY(const NumberedNames groups, column_names(table, group));
  DatasetBias bias{.groups = groups.names, .counts = std::vector<std::uint64_t>(groups.names.size())};
  for (const std::uint32_t g : groups.of_row) ++bias.counts[g];
  VULTUS_TRY(bias.representational, representation(bias.counts).with_context(group));
  if (label.empty()) return bias;
  VULTUS_TRY(const NumberedNames labels, column_names(table, label));
  bias.classes = labels.names;
  bias.table.assign(groups.names.size(), std::vector<std::uint64_t>(labels.names.size()));
  for (std::size_t row = 0; row < table.rows(); ++row) ++bias.table[groups.of_row[row]][labels.of_row[row]];
  VULTUS_TRY(bias.stereotypical, evaluation::association(bias.table));
  VULTUS_TRY(bias.pointwise, evaluation::pointwise_information(bias.table));
  return bias;
}

Result<Induced> induce(const Table& table, const InducePlan& plan) {
  if (!(plan.fraction >= 0 && plan.fraction <= 1) || plan.per_class < 0)
    return fail(ErrorCode::invalid_argument, fmt::format("fraction {} and {} samples a class: 0 to 1, and at least 0",
                                                         plan.fraction, plan.per_class));
  VULTUS_TRY(const NumberedNames groups, column_names(table, plan.group_column));
  VULTUS_TRY(const NumberedNames labels, column_names(table, plan.label_column));
  VULTUS_TRY(const std::size_t chosen, index_in(groups.names, plan.group, plan.group_column));
  if (groups.names.size() < 2)
    return fail(ErrorCode::invalid_argument, "column \"" + plan.group_column + "\" has one group alone");
  std::vector<bool> biased(labels.names.size(), plan.kind == BiasKind::representational);
  if (plan.kind == BiasKind::stereotypical && plan.classes.empty())
    return fail(ErrorCode::invalid_argument, "stereotypical bias needs the classes that it is in");
  if (plan.kind == BiasKind::stereotypical)
    for (const std::string& name : plan.classes) {
      VULTUS_TRY(const std::size_t c, index_in(labels.names, name, plan.label_column));
      biased[c] = true;
    }
  CellRows cells(groups.names.size(), std::vector<std::vector<std::size_t>>(labels.names.size()));
  for (std::size_t row = 0; row < table.rows(); ++row) cells[groups.of_row[row]][labels.of_row[row]].push_back(row);
  Induced made{.per_class = plan.per_class};
  if (made.per_class == 0) {
    made.per_class = std::numeric_limits<std::int64_t>::max();
    for (std::size_t c = 0; c < labels.names.size(); ++c)
      made.per_class = std::min(made.per_class, most_of_class(cells, c, chosen, biased[c]));
    if (made.per_class == 0)
      return fail(ErrorCode::invalid_argument,
                  "some group has no sample of some class: no bias can be induced; leave that class or group out");
  }
  made.table.assign(groups.names.size(), std::vector<std::uint64_t>(labels.names.size()));
  evaluation::Random random(plan.seed);
  for (std::size_t c = 0; c < labels.names.size(); ++c) {
    const auto wanted = wanted_counts(groups.names.size(), chosen,
                                      biased[c] ? std::optional(plan.fraction) : std::nullopt, made.per_class);
    for (std::size_t g = 0; g < groups.names.size(); ++g) {
      std::vector<std::size_t>& rows = cells[g][c];
      const auto needed = static_cast<std::size_t>(wanted[g]);
      if (rows.size() < needed)
        return fail(ErrorCode::invalid_argument, fmt::format("{}, {}: {} samples, {} are needed", groups.names[g],
                                                             labels.names[c], rows.size(), needed));
      for (std::size_t i = 0; i < needed; ++i) {
        std::swap(rows[i], rows[i + random.below(rows.size() - i)]);
        made.rows.push_back(rows[i]);
      }
      made.table[g][c] = needed;
    }
  }
  std::sort(made.rows.begin(), made.rows.end());
  return made;
}

}  // namespace vultus::audit

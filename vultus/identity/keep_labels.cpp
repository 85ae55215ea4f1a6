#include <vultus/identity/keep_labels.hpp>

#include <map>
#include <utility>

#include <fmt/format.h>

#include <vultus/core/assignment.hpp>

namespace vultus::identity {

Result<std::vector<std::optional<std::int64_t>>> keep_labels(std::span<const std::optional<std::int64_t>> before,
                                                             std::span<const std::uint32_t> now,
                                                             std::uint32_t clusters) {
  if (before.size() != now.size())
    return fail(ErrorCode::invalid_argument, fmt::format("{} old labels of {} items", before.size(), now.size()));
  std::map<std::int64_t, std::size_t> columns;
  for (const auto& label : before)
    if (label) columns.emplace(*label, 0);
  std::vector<std::int64_t> labels;
  labels.reserve(columns.size());
  for (auto& [label, column] : columns) {
    column = labels.size();
    labels.push_back(label);
  }
  std::map<std::pair<std::size_t, std::size_t>, double> shared;
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i] >= clusters)
      return fail(ErrorCode::invalid_argument, fmt::format("item {} in cluster {} of {}", i, now[i], clusters));
    if (before[i]) ++shared[{now[i], columns.at(*before[i])}];
  }
  std::vector<AssignmentEdge> edges;
  edges.reserve(shared.size());
  for (const auto& [pair, items] : shared) edges.push_back({pair.first, pair.second, items});
  VULTUS_TRY(const auto chosen, best_assignment(clusters, edges));
  std::vector<std::optional<std::int64_t>> kept(clusters);
  for (std::size_t c = 0; c < clusters; ++c)
    if (chosen[c]) kept[c] = labels[*chosen[c]];
  return kept;
}

}  // namespace vultus::identity

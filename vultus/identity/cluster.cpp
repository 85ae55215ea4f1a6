#include <vultus/identity/cluster.hpp>

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include <vultus/identity/cluster_nodes.hpp>
#include <vultus/identity/poor_faces.hpp>

namespace vultus::identity {
namespace {

constexpr std::size_t kMostNeighbours = 1000;
constexpr int kMostThreads = 256;

Status validate(const ClusterOptions& options) {
  const auto refuse = [](const std::string& what) { return fail(ErrorCode::invalid_argument, what); };
  if (!(options.threshold.value() >= -1 && options.threshold.value() <= 1))
    return refuse(fmt::format("threshold {}: must be in [-1, 1]", options.threshold.value()));
  if (!(options.least_quality >= 0 && options.least_quality <= 100))
    return refuse(fmt::format("least quality {}: 0 to 100 is allowed", options.least_quality));
  if (options.neighbours < 1 || options.neighbours > kMostNeighbours)
    return refuse(fmt::format("{} neighbours: 1 to {} are allowed", options.neighbours, kMostNeighbours));
  if (options.core < 1 || options.core > kMostNeighbours)
    return refuse(fmt::format("core of {} faces: 1 to {} are allowed", options.core, kMostNeighbours));
  if (options.threads < 1 || options.threads > kMostThreads)
    return refuse(fmt::format("{} threads: 1 to {} are allowed", options.threads, kMostThreads));
  return {};
}

Result<std::vector<std::uint32_t>> grouped(const ClusterNodes& nodes, const ClusterOptions& options,
                                           const std::stop_token& stop) {
  switch (options.method) {
    case ClusterMethod::chinese_whispers: return by_whispers(nodes, options, stop);
    case ClusterMethod::dbscan: return by_dbscan(nodes, options, stop);
    case ClusterMethod::linkage: break;
  }
  return by_linkage(nodes, options, stop);
}

/// Numbers from 0, the largest cluster first, of equals the one with the earlier item.
Clustering numbered(const std::vector<std::uint32_t>& groups) {
  struct Found {
    std::size_t size = 0;
    std::size_t first = 0;
    std::uint32_t group = 0;
  };
  std::vector<Found> found;
  std::vector<std::uint32_t> place(groups.size(), static_cast<std::uint32_t>(groups.size()));  // groups are below it
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (place[groups[i]] == groups.size()) {
      place[groups[i]] = static_cast<std::uint32_t>(found.size());
      found.push_back({0, i, groups[i]});
    }
    ++found[place[groups[i]]].size;
  }
  std::ranges::sort(
      found, [](const Found& a, const Found& b) { return a.size != b.size ? a.size > b.size : a.first < b.first; });
  for (std::uint32_t number = 0; number < found.size(); ++number) place[found[number].group] = number;
  Clustering made{.cluster_of = {}, .clusters = static_cast<std::uint32_t>(found.size())};
  made.cluster_of.reserve(groups.size());
  for (const std::uint32_t group : groups) made.cluster_of.push_back(place[group]);
  return made;
}

}  // namespace

std::string_view name_of(ClusterMethod method) {
  switch (method) {
    case ClusterMethod::chinese_whispers: return "chinese_whispers";
    case ClusterMethod::dbscan: return "dbscan";
    case ClusterMethod::linkage: break;
  }
  return "linkage";
}

Result<Clustering> cluster(const ClusterItems& items, const ClusterOptions& options, const std::stop_token& stop) {
  VULTUS_CHECK(validate(options));
  VULTUS_TRY(const ClusterNodes nodes, make_nodes(items, options.least_quality));
  const auto group = [&](const ClusterNodes& some) { return grouped(some, options, stop); };
  VULTUS_TRY(const std::vector<std::uint32_t> group_of, group_good_faces_first(nodes, options, group, stop));
  std::vector<std::uint32_t> groups(items.templates.size());
  for (std::size_t node = 0; node < nodes.nodes.size(); ++node)
    for (const std::uint32_t item : nodes.nodes[node].items) groups[item] = group_of[node];
  return numbered(groups);
}

}  // namespace vultus::identity

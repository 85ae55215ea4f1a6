// DBSCAN with constraints: dense faces that reach each other, and the faces at their border.
#include <algorithm>
#include <tuple>

#include <vultus/identity/cluster_nodes.hpp>
#include <vultus/identity/neighbours.hpp>

namespace vultus::identity {
namespace {

struct Link {
  float similarity = 0;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

/// @return whether they were joined
bool join_if_allowed(ClusterGroups& groups, std::uint32_t x, std::uint32_t y) {
  std::uint32_t a = groups.group_of(x);
  std::uint32_t b = groups.group_of(y);
  if (a == b || !groups.may_join(a, b)) return false;
  if (groups.pictures_of(a) < groups.pictures_of(b)) std::swap(a, b);
  groups.join(a, b);
  return true;
}

}  // namespace

Result<std::vector<std::uint32_t>> by_dbscan(const ClusterNodes& nodes, const ClusterOptions& options,
                                             const std::stop_token& stop) {
  const NeighbourOptions near{
      .floor = options.threshold.value(), .most = options.neighbours, .threads = options.threads, .allowed = {}};
  VULTUS_TRY(auto graph, nearest_rows(nodes.unit_rows(), nodes.dimension, near, stop));
  make_mutual(graph);
  const std::size_t count = nodes.nodes.size();
  std::vector<bool> core(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t within = nodes.nodes[i].items.size();
    for (const Neighbour& other : graph[i]) within += nodes.nodes[other.row].items.size();
    core[i] = within >= options.core;
  }
  // The most similar faces are joined first, so that of two faces that exclude each other the nearer one gets in.
  std::vector<Link> links;
  std::vector<Link> borders;
  for (std::uint32_t i = 0; i < count; ++i)
    for (const Neighbour& other : graph[i]) {
      if (core[i] && core[other.row] && i < other.row) links.push_back({other.similarity, i, other.row});
      if (core[i] && !core[other.row]) borders.push_back({other.similarity, i, other.row});
    }
  const auto nearer = [](const Link& x, const Link& y) {
    return std::tuple(-x.similarity, x.a, x.b) < std::tuple(-y.similarity, y.a, y.b);
  };
  std::ranges::sort(links, nearer);
  std::ranges::sort(borders, nearer);
  ClusterGroups groups(nodes);
  for (const Link& link : links) join_if_allowed(groups, link.a, link.b);
  std::vector<bool> taken(count);  // a face at the border of two clusters belongs to one, and does not join them
  for (const Link& link : borders)
    if (!taken[link.b]) taken[link.b] = join_if_allowed(groups, link.a, link.b);
  std::vector<std::uint32_t> group_of(count);
  for (std::uint32_t i = 0; i < count; ++i) group_of[i] = groups.group_of(i);
  return group_of;
}

}  // namespace vultus::identity

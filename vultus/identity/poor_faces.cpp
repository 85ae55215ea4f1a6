#include <vultus/identity/poor_faces.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <tuple>

#include <vultus/identity/neighbours.hpp>

namespace vultus::identity {
namespace {

/// The nodes that are not poor, with pairs that are apart among them.
ClusterNodes good_ones(const ClusterNodes& all, std::vector<std::uint32_t>& node_of_good) {
  std::vector<std::uint32_t> good_of(all.nodes.size());
  for (std::uint32_t i = 0; i < all.nodes.size(); ++i) {
    if (all.nodes[i].poor) continue;
    good_of[i] = static_cast<std::uint32_t>(node_of_good.size());
    node_of_good.push_back(i);
  }
  ClusterNodes good;
  good.dimension = all.dimension;
  good.nodes.reserve(node_of_good.size());
  good.sums.reserve(node_of_good.size() * all.dimension);
  for (const std::uint32_t i : node_of_good) {
    ClusterNode node = all.nodes[i];
    std::erase_if(node.apart, [&](std::uint32_t other) { return all.nodes[other].poor; });
    for (std::uint32_t& other : node.apart) other = good_of[other];  // rising, as before
    good.nodes.push_back(std::move(node));
    const auto sum = all.sum(i);
    good.sums.insert(good.sums.end(), sum.begin(), sum.end());
  }
  return good;
}

/// The groups made so far, and the mean of each.
struct Made {
  ClusterGroups groups;
  std::vector<std::uint32_t> leaders;  ///< a node of each group, as ClusterGroups names it
  std::vector<float> sums;             ///< leaders * dimension
  std::vector<double> sizes;
};

Made made_of(const ClusterNodes& nodes, std::span<const std::uint32_t> node_of_good,
             std::span<const std::uint32_t> group_of_good) {
  Made made{ClusterGroups(nodes), {}, {}, {}};
  std::map<std::uint32_t, std::size_t> place_of;
  for (std::size_t i = 0; i < node_of_good.size(); ++i) {
    const auto [at, added] = place_of.emplace(group_of_good[i], made.leaders.size());
    if (added) {
      made.leaders.push_back(node_of_good[i]);
      made.sizes.push_back(0);
      made.sums.resize(made.sums.size() + nodes.dimension);
    } else {
      made.groups.join(made.leaders[at->second], node_of_good[i]);
    }
    made.sizes[at->second] += static_cast<double>(nodes.nodes[node_of_good[i]].items.size());
    const auto sum = nodes.sum(node_of_good[i]);
    const auto into = std::span(made.sums).subspan(at->second * nodes.dimension, nodes.dimension);
    std::ranges::transform(into, sum, into.begin(), std::plus());
  }
  return made;
}

double length_of(std::span<const float> values) {
  double square = 0;
  for (const float v : values) square += double{v} * v;
  return std::sqrt(square);
}

void add_at_unit_length(std::span<const float> values, std::vector<float>& rows) {
  const double length = length_of(values);
  const auto scale = static_cast<float>(length > 0 ? 1 / length : 0);
  for (const float v : values) rows.push_back(v * scale);
}

struct Way {
  float score = 0;
  std::uint32_t poor = 0;   // node
  std::uint32_t group = 0;  // its leader
};

}  // namespace

Result<std::vector<std::uint32_t>> group_good_faces_first(const ClusterNodes& nodes, const ClusterOptions& options,
                                                          const GroupNodes& group, const std::stop_token& stop) {
  if (std::ranges::none_of(nodes.nodes, &ClusterNode::poor)) return group(nodes);
  std::vector<std::uint32_t> node_of_good;
  const ClusterNodes good = good_ones(nodes, node_of_good);
  VULTUS_TRY(const auto group_of_good, group(good));
  Made made = made_of(nodes, node_of_good, group_of_good);

  // Rows: the means of the groups, then the poor faces.
  const auto groups = static_cast<std::uint32_t>(made.leaders.size());
  std::vector<float> rows;
  std::vector<double> tight(groups);  // the length of the mean: 1 where all its faces are the same
  for (std::uint32_t g = 0; g < groups; ++g) {
    const auto sum = std::span(made.sums).subspan(g * nodes.dimension, nodes.dimension);
    tight[g] = length_of(sum) / made.sizes[g];
    add_at_unit_length(sum, rows);
  }
  std::vector<std::uint32_t> poor;
  for (std::uint32_t i = 0; i < nodes.nodes.size(); ++i) {
    if (!nodes.nodes[i].poor) continue;
    poor.push_back(i);
    add_at_unit_length(nodes.sum(i), rows);
  }
  const auto allowed = [&](std::uint32_t a, std::uint32_t b) {
    if ((a < groups) == (b < groups)) return false;
    return made.groups.may_join(made.leaders[std::min(a, b)], poor[std::max(a, b) - groups]);
  };
  VULTUS_TRY(const auto near, nearest_rows(rows, nodes.dimension,
                                           {.floor = options.threshold.value(),
                                            .most = options.neighbours,
                                            .threads = options.threads,
                                            .allowed = allowed},
                                           stop));
  // The score is that of linkage: the cosine to the mean, less where the mean is of faces that differ.
  std::vector<Way> ways;
  for (std::uint32_t p = 0; p < poor.size(); ++p)
    for (const Neighbour& one : near[groups + p]) {
      const auto score = static_cast<float>(double{one.similarity} * std::sqrt(tight[one.row]));
      if (score >= options.threshold.value()) ways.push_back({score, poor[p], made.leaders[one.row]});
    }
  std::ranges::sort(ways, [](const Way& a, const Way& b) {
    return std::tuple(-a.score, a.poor, a.group) < std::tuple(-b.score, b.poor, b.group);
  });
  std::vector<bool> settled(nodes.nodes.size());
  for (const Way& way : ways) {
    const std::uint32_t to = made.groups.group_of(way.group);
    if (settled[way.poor] || !made.groups.may_join(to, way.poor)) continue;
    made.groups.join(to, way.poor);
    settled[way.poor] = true;
  }
  std::vector<std::uint32_t> group_of(nodes.nodes.size());
  for (std::uint32_t i = 0; i < group_of.size(); ++i) group_of[i] = made.groups.group_of(i);
  return group_of;
}

}  // namespace vultus::identity

#include <vultus/identity/cluster_nodes.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace vultus::identity {
namespace {

/// Union of sets that are trees of numbers.
class Union {
 public:
  explicit Union(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t root(std::uint32_t at) {
    while (parent_[at] != at) at = parent_[at] = parent_[parent_[at]];
    return at;
  }
  void join(std::uint32_t a, std::uint32_t b) { parent_[root(b)] = root(a); }

 private:
  std::vector<std::uint32_t> parent_;
};

Status check_lengths(const ClusterItems& items) {
  const std::size_t n = items.templates.size();
  if (items.picture_of.size() != n)
    return fail(ErrorCode::invalid_argument, fmt::format("{} pictures of {} faces", items.picture_of.size(), n));
  if (!items.person_of.empty() && items.person_of.size() != n)
    return fail(ErrorCode::invalid_argument, fmt::format("{} persons of {} faces", items.person_of.size(), n));
  if (!items.quality_of.empty() && items.quality_of.size() != n)
    return fail(ErrorCode::invalid_argument, fmt::format("{} qualities of {} faces", items.quality_of.size(), n));
  for (const auto pairs : {items.together, items.apart})
    for (const ItemPair& pair : pairs)
      if (pair.first >= n || pair.second >= n)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("a constraint on items {} and {}, there are {}", pair.first, pair.second, n));
  for (std::size_t i = 1; i < n; ++i)
    VULTUS_CHECK(similarity(items.templates[0], items.templates[i]));  // of one model and length
  return {};
}

Error contradiction(std::uint32_t a, std::uint32_t b, std::string_view why) {
  return fail(ErrorCode::invalid_argument,
              fmt::format("items {} and {} must be one person, yet they {}", std::min(a, b), std::max(a, b), why));
}

/// One person by must-links, and no contradiction among the items of a node.
Status fill(ClusterNode& node, const ClusterItems& items) {
  std::unordered_map<std::uint32_t, std::uint32_t> first_of_picture;
  std::optional<std::uint32_t> named;
  for (const std::uint32_t item : node.items) {
    const auto [seen, added] = first_of_picture.emplace(items.picture_of[item], item);
    if (!added) return contradiction(seen->second, item, "are two faces of one picture");
    node.pictures.push_back(items.picture_of[item]);
    if (items.person_of.empty() || !items.person_of[item]) continue;
    if (node.person && *node.person != *items.person_of[item])
      return contradiction(*named, item, "were told to be different people");
    node.person = items.person_of[item];
    named = item;
  }
  std::ranges::sort(node.pictures);
  return {};
}

bool is_poor(const ClusterNode& node, const ClusterItems& items, float least_quality) {
  if (node.person || node.items.size() != 1 || items.quality_of.empty()) return false;
  const auto& quality = items.quality_of[node.items[0]];
  return quality && *quality < least_quality;
}

Status add_apart(std::vector<ClusterNode>& nodes, std::span<const std::uint32_t> node_of,
                 std::span<const ItemPair> apart) {
  for (const ItemPair& pair : apart) {
    const std::uint32_t a = node_of[pair.first];
    const std::uint32_t b = node_of[pair.second];
    if (a == b) return contradiction(pair.first, pair.second, "were told to be apart");
    nodes[a].apart.push_back(b);
    nodes[b].apart.push_back(a);
  }
  for (ClusterNode& node : nodes) {
    std::ranges::sort(node.apart);
    node.apart.erase(std::unique(node.apart.begin(), node.apart.end()), node.apart.end());
  }
  return {};
}

void merge_into(std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  const auto middle = std::ssize(a);
  a.insert(a.end(), b.begin(), b.end());
  std::ranges::inplace_merge(a, a.begin() + middle);
  a.erase(std::unique(a.begin(), a.end()), a.end());
}

}  // namespace

bool meet(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  if (a.size() > b.size()) std::swap(a, b);
  return std::ranges::any_of(a, [&](std::uint32_t one) { return std::ranges::binary_search(b, one); });
}

std::vector<float> ClusterNodes::unit_rows() const {
  std::vector<float> rows(sums);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::span<float> row = std::span(rows).subspan(i * dimension, dimension);
    double square = 0;
    for (const float v : row) square += double{v} * v;
    if (!(square > 0)) continue;  // opposite faces told to be one person: similar to nobody
    const auto scale = static_cast<float>(1 / std::sqrt(square));
    for (float& v : row) v *= scale;
  }
  return rows;
}

Result<ClusterNodes> make_nodes(const ClusterItems& items, float least_quality) {
  VULTUS_CHECK(check_lengths(items));
  const auto n = static_cast<std::uint32_t>(items.templates.size());
  Union sure(n);
  std::map<std::uint32_t, std::uint32_t> of_person;
  for (std::uint32_t i = 0; i < n && !items.person_of.empty(); ++i)
    if (items.person_of[i]) sure.join(of_person.emplace(*items.person_of[i], i).first->second, i);
  for (const ItemPair& pair : items.together) sure.join(pair.first, pair.second);
  // The order of the templates' values is the same however the items came.
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) {
    return std::ranges::lexicographical_compare(items.templates[a].values(), items.templates[b].values());
  });
  ClusterNodes made;
  made.dimension = n == 0 ? 0 : items.templates[0].values().size();
  std::vector<std::uint32_t> node_of(n);
  std::unordered_map<std::uint32_t, std::uint32_t> of_root;
  for (const std::uint32_t item : order) {
    const auto [at, added] = of_root.emplace(sure.root(item), static_cast<std::uint32_t>(made.nodes.size()));
    if (added) made.nodes.emplace_back();
    made.nodes[at->second].items.push_back(item);
    node_of[item] = at->second;
  }
  made.sums.assign(made.nodes.size() * made.dimension, 0.0F);
  for (std::size_t i = 0; i < made.nodes.size(); ++i) {
    VULTUS_CHECK(fill(made.nodes[i], items));
    made.nodes[i].poor = is_poor(made.nodes[i], items, least_quality);
    for (const std::uint32_t item : made.nodes[i].items)
      for (std::size_t t = 0; t < made.dimension; ++t)
        made.sums[i * made.dimension + t] += items.templates[item].values()[t];
  }
  VULTUS_CHECK(add_apart(made.nodes, node_of, items.apart));
  return made;
}

ClusterGroups::ClusterGroups(const ClusterNodes& nodes) : parent_(nodes.nodes.size()) {
  std::iota(parent_.begin(), parent_.end(), 0U);
  groups_.reserve(nodes.nodes.size());
  for (const ClusterNode& node : nodes.nodes) groups_.push_back({node.pictures, node.person, node.apart});
}

std::uint32_t ClusterGroups::group_of(std::uint32_t node) const {
  while (parent_[node] != node) node = parent_[node];
  return node;
}

bool ClusterGroups::may_join(std::uint32_t a, std::uint32_t b) const {
  const Group& x = groups_[a];
  const Group& y = groups_[b];
  if (x.person && y.person && *x.person != *y.person) return false;
  if (meet(x.pictures, y.pictures)) return false;
  // Both sides of an apart pair are listed, so that the shorter list is enough.
  const bool first = x.apart.size() < y.apart.size();
  return std::ranges::none_of(first ? x.apart : y.apart,
                              [&](std::uint32_t node) { return group_of(node) == (first ? b : a); });
}

void ClusterGroups::join(std::uint32_t a, std::uint32_t b) {
  parent_[b] = a;
  Group gone = std::move(groups_[b]);
  groups_[b] = {};
  merge_into(groups_[a].pictures, gone.pictures);
  merge_into(groups_[a].apart, gone.apart);
  if (!groups_[a].person) groups_[a].person = gone.person;
}

}  // namespace vultus::identity

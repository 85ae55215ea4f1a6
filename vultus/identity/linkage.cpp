// Clusters joined pair by pair, the most similar first.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <queue>
#include <tuple>

#include <vultus/identity/cluster_nodes.hpp>
#include <vultus/identity/neighbours.hpp>

namespace vultus::identity {
namespace {

// Pairs below the threshold are followed too, because the score of two clusters may rise above the cosines of their
// faces: down to this share of the way from the threshold to 1, below the threshold.
constexpr float kReach = 0.4F;
constexpr float kNone = -2;  // below every score

struct WeightedEdge {
  std::uint32_t to = 0;
  float score = kNone;
};

struct Best {
  float score = kNone;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  /// Of equals the pair of the lowest numbers is joined first.
  bool operator<(const Best& other) const {
    return std::tuple(score, -std::int64_t{from}, -std::int64_t{to}) <
           std::tuple(other.score, -std::int64_t{other.from}, -std::int64_t{other.to});
  }
};

class Linkage {
 public:
  Linkage(const ClusterNodes& nodes, const ClusterOptions& options)
      : nodes_(nodes), options_(options), groups_(nodes), sums_(nodes.sums), tight_(nodes.nodes.size()) {
    for (const ClusterNode& node : nodes.nodes) sizes_.push_back(static_cast<double>(node.items.size()));
    for (std::uint32_t i = 0; i < sizes_.size(); ++i) measure(i);
  }

  Result<std::vector<std::uint32_t>> run(const std::stop_token& stop) {
    const float threshold = options_.threshold.value();
    // The cosine of two means is never below the score, so from the second round on the threshold is floor enough. A
    // round shows pairs that were not among the nearest ones of the round before.
    float floor = threshold - kReach * (1 - threshold);
    for (;;) {
      VULTUS_CHECK(connect(floor, stop));
      if (!join_all(stop)) break;
      floor = threshold;
    }
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while joining faces");
    std::vector<std::uint32_t> group_of(sizes_.size());
    for (std::uint32_t i = 0; i < group_of.size(); ++i) group_of[i] = groups_.group_of(i);
    return group_of;
  }

 private:
  [[nodiscard]] std::span<float> sum(std::uint32_t at) {
    return std::span(sums_).subspan(at * nodes_.dimension, nodes_.dimension);
  }

  /// The length of a cluster's mean: 1 where all its faces are the same.
  void measure(std::uint32_t at) {
    double square = 0;
    for (const float v : sum(at)) square += double{v} * v;
    tight_[at] = std::sqrt(square) / sizes_[at];
  }

  float score(std::uint32_t a, std::uint32_t b) {
    const double average = double{inner_product(sum(a), sum(b))} / (sizes_[a] * sizes_[b]);
    const double tight = std::sqrt(tight_[a] * tight_[b]);
    if (!(average > 0) || !(tight > 0)) return static_cast<float>(average);
    return static_cast<float>(average / tight);
  }

  /// Pairs that may be joined, with their scores.
  Status connect(float floor, const std::stop_token& stop) {
    std::vector<std::uint32_t> live;
    for (std::uint32_t i = 0; i < sizes_.size(); ++i)
      if (groups_.group_of(i) == i) live.push_back(i);
    std::vector<float> rows;
    rows.reserve(live.size() * nodes_.dimension);
    for (const std::uint32_t at : live) {
      const double length = tight_[at] * sizes_[at];
      const auto scale = static_cast<float>(length > 0 ? 1 / length : 0);
      for (const float v : sum(at)) rows.push_back(v * scale);
    }
    const NeighbourOptions near{
        .floor = floor,
        .most = options_.neighbours,
        .threads = options_.threads,
        .allowed = [&](std::uint32_t a, std::uint32_t b) { return groups_.may_join(live[a], live[b]); }};
    VULTUS_TRY(const auto found, nearest_rows(rows, nodes_.dimension, near, stop));
    edges_.assign(sizes_.size(), {});
    for (std::size_t i = 0; i < live.size(); ++i)
      for (const Neighbour& neighbour : found[i]) {
        edges_[live[i]].push_back({live[neighbour.row], kNone});
        edges_[live[neighbour.row]].push_back({live[i], kNone});
      }
    best_.assign(sizes_.size(), {});
    waiting_ = {};
    for (const std::uint32_t at : live) {
      auto& list = edges_[at];
      std::ranges::sort(list, {}, &WeightedEdge::to);
      const auto same = [](const WeightedEdge& a, const WeightedEdge& b) { return a.to == b.to; };
      list.erase(std::unique(list.begin(), list.end(), same), list.end());
      for (WeightedEdge& edge : list) edge.score = score(at, edge.to);
      choose(at);
    }
    return {};
  }

  /// The best partner of a cluster, looked up in its list.
  void choose(std::uint32_t at) {
    Best best;
    for (const WeightedEdge& edge : edges_[at]) best = std::max(best, Best{edge.score, at, edge.to});
    best_[at] = best;
    if (best.score >= options_.threshold.value()) waiting_.push(best);
  }

  /// @return whether anything was joined
  bool join_all(const std::stop_token& stop) {
    bool any = false;
    while (!waiting_.empty() && !stop.stop_requested()) {
      const Best pair = waiting_.top();
      waiting_.pop();
      const Best& now = best_[pair.from];  // an entry that is no longer true was replaced by a later one
      if (now.score != pair.score || now.to != pair.to || groups_.group_of(pair.from) != pair.from) continue;
      const bool swap = sizes_[pair.from] < sizes_[pair.to];
      join(swap ? pair.to : pair.from, swap ? pair.from : pair.to);
      any = true;
    }
    return any;
  }

  /// `gone` becomes part of `kept`.
  void join(std::uint32_t kept, std::uint32_t gone) {
    groups_.join(kept, gone);
    const auto from = sum(gone);
    std::ranges::transform(sum(kept), from, sum(kept).begin(), std::plus());
    sizes_[kept] += sizes_[gone];
    measure(kept);
    std::vector<WeightedEdge> merged;
    merged.reserve(edges_[kept].size() + edges_[gone].size());
    std::ranges::set_union(edges_[kept], edges_[gone], std::back_inserter(merged), {}, &WeightedEdge::to,
                           &WeightedEdge::to);
    std::erase_if(merged, [&](const WeightedEdge& edge) { return edge.to == kept || edge.to == gone; });
    for (WeightedEdge& edge : merged) edge.score = groups_.may_join(kept, edge.to) ? score(kept, edge.to) : kNone;
    for (const WeightedEdge& edge : merged) tell(edge, kept, gone);
    std::erase_if(merged, [](const WeightedEdge& edge) { return edge.score == kNone; });
    edges_[kept] = std::move(merged);
    edges_[gone] = {};
    best_[gone] = {};
    choose(kept);
  }

  /// What a neighbour of two clusters that became one has to know.
  void tell(const WeightedEdge& edge, std::uint32_t kept, std::uint32_t gone) {
    const std::uint32_t at = edge.to;
    auto& list = edges_[at];
    const auto place = [&list](std::uint32_t to) { return std::ranges::lower_bound(list, to, {}, &WeightedEdge::to); };
    if (const auto old = place(gone); old != list.end() && old->to == gone) list.erase(old);
    auto own = place(kept);
    const bool there = own != list.end() && own->to == kept;
    if (edge.score == kNone) {
      if (there) list.erase(own);
    } else if (there) {
      own->score = edge.score;
    } else {
      list.insert(own, {kept, edge.score});
    }
    Best& best = best_[at];
    if (best.to == kept || best.to == gone) {
      choose(at);
    } else if (const Best offered{edge.score, at, kept}; best < offered) {
      best = offered;
      if (best.score >= options_.threshold.value()) waiting_.push(best);
    }
  }

  const ClusterNodes& nodes_;
  const ClusterOptions& options_;
  ClusterGroups groups_;
  std::vector<float> sums_;
  std::vector<double> sizes_;
  std::vector<double> tight_;
  std::vector<std::vector<WeightedEdge>> edges_;  // sorted by where they lead
  std::vector<Best> best_;
  std::priority_queue<Best> waiting_;
};

}  // namespace

Result<std::vector<std::uint32_t>> by_linkage(const ClusterNodes& nodes, const ClusterOptions& options,
                                              const std::stop_token& stop) {
  return Linkage(nodes, options).run(stop);
}

}  // namespace vultus::identity

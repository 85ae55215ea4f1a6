// Chinese whispers with constraints.
#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <unordered_set>

#include <vultus/identity/cluster_nodes.hpp>
#include <vultus/identity/neighbours.hpp>

namespace vultus::identity {
namespace {

// Labels can swing for ever between equal neighbours; usually a dozen rounds settle them.
constexpr int kMostRounds = 100;

/// Which nodes have a label, as far as constraints ask.
struct Label {
  std::unordered_set<std::uint32_t> pictures;
  std::optional<std::uint32_t> person;
  std::size_t with_person = 0;
};

class Whispers {
 public:
  Whispers(const ClusterNodes& nodes, std::vector<std::vector<Neighbour>> near)
      : nodes_(nodes), near_(std::move(near)), label_of_(nodes.nodes.size()), labels_(nodes.nodes.size()) {
    std::iota(label_of_.begin(), label_of_.end(), 0U);
    for (std::uint32_t i = 0; i < label_of_.size(); ++i) enter(i, i);
  }

  /// @return whether the label changed
  bool listen(std::uint32_t node) {
    std::map<std::uint32_t, double> heard;
    for (const Neighbour& other : near_[node])
      heard[label_of_[other.row]] +=
          double{other.similarity} * static_cast<double>(nodes_.nodes[other.row].items.size());
    std::vector<std::pair<double, std::uint32_t>> order;
    order.reserve(heard.size());
    for (const auto& [label, weight] : heard) order.emplace_back(-weight, label);
    std::ranges::sort(order);
    const std::uint32_t old = label_of_[node];
    leave(node, old);
    std::uint32_t chosen = old;
    for (const auto& [weight, label] : order)
      if (fits(node, label)) {
        chosen = label;
        break;
      }
    enter(node, chosen);
    return chosen != old;
  }

  [[nodiscard]] std::vector<std::uint32_t> labels() const { return label_of_; }

 private:
  [[nodiscard]] bool fits(std::uint32_t node, std::uint32_t label) const {
    const ClusterNode& one = nodes_.nodes[node];
    const Label& there = labels_[label];
    if (one.person && there.person && *one.person != *there.person) return false;
    if (std::ranges::any_of(one.pictures, [&](std::uint32_t p) { return there.pictures.contains(p); })) return false;
    return std::ranges::none_of(one.apart, [&](std::uint32_t other) { return label_of_[other] == label; });
  }
  void leave(std::uint32_t node, std::uint32_t label) {
    for (const std::uint32_t p : nodes_.nodes[node].pictures) labels_[label].pictures.erase(p);
    if (nodes_.nodes[node].person && --labels_[label].with_person == 0) labels_[label].person.reset();
  }
  void enter(std::uint32_t node, std::uint32_t label) {
    label_of_[node] = label;
    labels_[label].pictures.insert(nodes_.nodes[node].pictures.begin(), nodes_.nodes[node].pictures.end());
    if (!nodes_.nodes[node].person) return;
    labels_[label].person = nodes_.nodes[node].person;
    ++labels_[label].with_person;
  }

  const ClusterNodes& nodes_;
  std::vector<std::vector<Neighbour>> near_;
  std::vector<std::uint32_t> label_of_;
  std::vector<Label> labels_;
};

/// A drawn order that is the same with every standard library.
void shuffle(std::vector<std::uint32_t>& order, std::mt19937_64& engine) {
  for (std::size_t left = order.size(); left > 1; --left) {
    const std::uint64_t excess = (std::mt19937_64::max() % left + 1) % left;
    std::uint64_t drawn = engine();
    while (drawn > std::mt19937_64::max() - excess) drawn = engine();
    std::swap(order[left - 1], order[drawn % left]);
  }
}

}  // namespace

Result<std::vector<std::uint32_t>> by_whispers(const ClusterNodes& nodes, const ClusterOptions& options,
                                               const std::stop_token& stop) {
  const NeighbourOptions near{
      .floor = options.threshold.value(), .most = options.neighbours, .threads = options.threads, .allowed = {}};
  VULTUS_TRY(auto graph, nearest_rows(nodes.unit_rows(), nodes.dimension, near, stop));
  make_mutual(graph);
  Whispers whispers(nodes, std::move(graph));
  std::vector<std::uint32_t> order(nodes.nodes.size());
  std::iota(order.begin(), order.end(), 0U);
  std::mt19937_64 engine(options.seed);
  for (int round = 0; round < kMostRounds; ++round) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while clustering faces");
    shuffle(order, engine);
    bool changed = false;
    for (const std::uint32_t node : order) changed = whispers.listen(node) || changed;
    if (!changed) break;
  }
  return whispers.labels();
}

}  // namespace vultus::identity

#include <vultus/evaluation/clustering.hpp>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

/// Items of one identity in one cluster.
struct Cell {
  std::uint32_t cluster = 0;
  std::uint32_t identity = 0;
  double items = 0;
};

struct CrossTable {
  std::vector<Cell> cells;  ///< in the order of their clusters
  std::vector<double> of_identity;
  std::size_t clusters = 0;
};

/// Numbers from 0 in the order of first appearance.
std::vector<std::uint32_t> compact(std::span<const std::uint32_t> numbers, std::size_t& count) {
  std::unordered_map<std::uint32_t, std::uint32_t> known;
  std::vector<std::uint32_t> made;
  made.reserve(numbers.size());
  for (const std::uint32_t number : numbers)
    made.push_back(known.emplace(number, static_cast<std::uint32_t>(known.size())).first->second);
  count = known.size();
  return made;
}

Result<CrossTable> table_of(std::span<const std::uint32_t> cluster_of, std::span<const std::uint32_t> identity_of) {
  if (cluster_of.size() != identity_of.size())
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} clusters of {} items with an identity", cluster_of.size(), identity_of.size()));
  if (cluster_of.empty()) return fail(ErrorCode::invalid_argument, "no items: nothing to score");
  CrossTable table;
  std::size_t identities = 0;
  const auto clusters = compact(cluster_of, table.clusters);
  const auto persons = compact(identity_of, identities);
  table.of_identity.resize(identities);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  pairs.reserve(clusters.size());
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    pairs.emplace_back(clusters[i], persons[i]);
    ++table.of_identity[persons[i]];
  }
  std::ranges::sort(pairs);
  for (const auto& [c, p] : pairs) {
    if (table.cells.empty() || table.cells.back().cluster != c || table.cells.back().identity != p)
      table.cells.push_back({c, p, 0});
    ++table.cells.back().items;
  }
  return table;
}

double pairs_of(double items) { return items * (items - 1) / 2; }

ClusterAgreement agreement(double precision, double recall) {
  const double sum = precision + recall;
  return {precision, recall, sum > 0 ? 2 * precision * recall / sum : 0};
}

double share(double part, double whole) { return whole > 0 ? part / whole : 1; }

/// Both metrics with each identity counted `weight(identity)` times.
template <class Weight>
std::pair<ClusterAgreement, ClusterAgreement> measure(const CrossTable& table, const Weight& weight) {
  double right = 0, claimed = 0, there = 0, items = 0, precision = 0, recall = 0;
  for (std::size_t p = 0; p < table.of_identity.size(); ++p) {
    there += weight(p) * pairs_of(table.of_identity[p]);
    items += weight(p) * table.of_identity[p];
  }
  for (std::size_t from = 0; from < table.cells.size();) {
    std::size_t to = from;
    double sum = 0, squares = 0;
    for (; to < table.cells.size() && table.cells[to].cluster == table.cells[from].cluster; ++to) {
      const double weighed = weight(table.cells[to].identity) * table.cells[to].items;
      sum += weighed;
      squares += weighed * weighed;
    }
    claimed += (sum * sum - squares) / 2;  // pairs of different identities
    for (; from < to; ++from) {
      const Cell& cell = table.cells[from];
      const double w = weight(cell.identity);
      right += w * pairs_of(cell.items);
      // An item sees its own identity once and the others as often as they were drawn.
      precision += w * cell.items * cell.items / (cell.items + sum - w * cell.items);
      recall += w * cell.items * cell.items / table.of_identity[cell.identity];
    }
  }
  claimed += right;
  return {agreement(share(right, claimed), share(right, there)),
          agreement(share(precision, items), share(recall, items))};
}

}  // namespace

Result<ClusterScores> score_clusters(std::span<const std::uint32_t> cluster_of,
                                     std::span<const std::uint32_t> identity_of) {
  VULTUS_TRY(const CrossTable table, table_of(cluster_of, identity_of));
  const auto [pairs, bcubed] = measure(table, [](std::size_t) { return 1.0; });
  return ClusterScores{.pairs = pairs,
                       .bcubed = bcubed,
                       .items = static_cast<std::int64_t>(cluster_of.size()),
                       .identities = static_cast<std::int64_t>(table.of_identity.size()),
                       .clusters = static_cast<std::int64_t>(table.clusters)};
}

Result<ClusterIntervals> cluster_intervals(std::span<const std::uint32_t> cluster_of,
                                           std::span<const std::uint32_t> identity_of,
                                           const BootstrapOptions& options) {
  VULTUS_TRY(const CrossTable table, table_of(cluster_of, identity_of));
  VULTUS_CHECK(validate(options));
  if (table.of_identity.size() < 2)
    return fail(ErrorCode::invalid_argument, "an interval over identities needs at least 2 of them, there is 1");
  // One pass of draws for all six numbers.
  Random random(options.seed);
  std::vector<std::uint32_t> weights(table.of_identity.size());
  std::array<std::vector<double>, 6> drawn;
  for (int draw = 0; draw < options.draws; ++draw) {
    draw_groups(random, weights);
    const auto [pairs, bcubed] = measure(table, [&](std::size_t p) { return double{1} * weights[p]; });
    const std::array values{pairs.precision, pairs.recall, pairs.f, bcubed.precision, bcubed.recall, bcubed.f};
    for (std::size_t i = 0; i < values.size(); ++i) drawn.at(i).push_back(values.at(i));
  }
  const double tail = (1 - options.level) / 2;
  std::array<Interval, 6> made;
  for (std::size_t i = 0; i < made.size(); ++i) {
    std::ranges::sort(drawn.at(i));
    made.at(i) = {quantile(drawn.at(i), tail), quantile(drawn.at(i), 1 - tail), options.level};
  }
  return ClusterIntervals{made[0], made[1], made[2], made[3], made[4], made[5]};
}

}  // namespace vultus::evaluation

#include <vultus/audit/decorrelation.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>

#include <vultus/evaluation/association.hpp>

namespace vultus::audit {
namespace {

/// How strongly two yes-no columns are tied; empty where one never varies.
template <class A, class B>
std::optional<double> tie_strength(std::span<const AttributedPair> pairs, A a, B b) {
  std::array<std::array<std::uint64_t, 2>, 2> n{};
  for (const AttributedPair& pair : pairs) ++n[a(pair) ? 1 : 0][b(pair) ? 1 : 0];
  const auto value = evaluation::phi(n[1][1], n[1][0], n[0][1], n[0][0]);
  return value ? std::optional(std::abs(*value)) : std::nullopt;
}

auto has(std::size_t attribute) {
  return [attribute](const AttributedPair& pair) { return ((pair.both >> attribute) & 1U) != 0; };
}

}  // namespace

Decorrelated decorrelate(std::span<const AttributedPair> pairs, std::size_t attributes, double most) {
  Decorrelated all;
  std::vector<std::vector<std::size_t>> clusters;
  for (std::size_t a = 0; a < attributes; ++a) {
    const auto to_group = tie_strength(pairs, has(a), [](const AttributedPair& pair) { return pair.group == 1; });
    if (!to_group || *to_group > most)
      all.dropped.push_back(a);
    else
      clusters.push_back({a});
  }
  std::vector<std::vector<double>> ties(attributes, std::vector<double>(attributes));
  for (const auto& first : clusters)
    for (const auto& second : clusters)
      if (first[0] < second[0])
        ties[first[0]][second[0]] = ties[second[0]][first[0]] =
            tie_strength(pairs, has(first[0]), has(second[0])).value_or(0);
  for (;;) {
    double best = most;
    std::pair<std::size_t, std::size_t> join{0, 0};
    for (std::size_t i = 0; i < clusters.size(); ++i)
      for (std::size_t j = i + 1; j < clusters.size(); ++j) {
        double weakest = 1;
        for (const std::size_t a : clusters[i])
          for (const std::size_t b : clusters[j]) weakest = std::min(weakest, ties[a][b]);
        if (weakest > best) best = weakest, join = {i, j};
      }
    if (join.second == 0) break;
    clusters[join.first].insert(clusters[join.first].end(), clusters[join.second].begin(), clusters[join.second].end());
    clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(join.second));
  }
  for (const auto& cluster : clusters) {
    const auto frequency = [&](std::size_t a) { return std::count_if(pairs.begin(), pairs.end(), has(a)); };
    const std::size_t stays = *std::max_element(
        cluster.begin(), cluster.end(), [&](std::size_t a, std::size_t b) { return frequency(a) < frequency(b); });
    all.kept.push_back(stays);
    for (const std::size_t a : cluster)
      if (a != stays) all.merged.emplace_back(a, stays);
  }
  std::sort(all.kept.begin(), all.kept.end());
  return all;
}

}  // namespace vultus::audit

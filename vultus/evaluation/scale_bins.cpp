#include <vultus/evaluation/scale_bins.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

struct PublishedEdges {
  ScaledThing thing;
  std::string_view revision;
  int setting;
  std::vector<double> edges;
};

const std::vector<PublishedEdges>& published_edges() {
  static const std::vector<PublishedEdges> kEdges{{ScaledThing::text, "tokbench-2", 256, {.02, .03, .04, 1}},
                                                  {ScaledThing::text, "tokbench-2", 512, {.01, .02, .03, 1}},
                                                  {ScaledThing::text, "tokbench-2", 1024, {.005, .01, .02, 1}},
                                                  {ScaledThing::face, "tokbench-2", 256, {0, .1, .2, 1}},
                                                  {ScaledThing::face, "tokbench-2", 512, {0, .05, .2, 1}},
                                                  {ScaledThing::face, "tokbench-2", 1024, {0, .05, .1, 1}},
                                                  {ScaledThing::face, "tokbench-1", 256, {.1, .2, .3, 1}},
                                                  {ScaledThing::face, "tokbench-1", 512, {.05, .1, .2, 1}},
                                                  {ScaledThing::face, "tokbench-1", 1024, {.02, .05, .1, 1}}};
  return kEdges;
}

}  // namespace

Result<ScaleBins> tokbench_bins(ScaledThing thing, int setting, std::string_view revision) {
  const std::string_view name = thing == ScaledThing::text ? "text" : "face";
  for (const PublishedEdges& one : published_edges())
    if (one.thing == thing && one.setting == setting && one.revision == revision)
      return ScaleBins{.protocol = fmt::format("{}, {}, {}", revision, name, setting), .edges = one.edges};
  return fail(
      ErrorCode::invalid_argument,
      fmt::format("no {} edges for setting {} of \"{}\": settings are 256, 512 and 1024; revisions tokbench-2, and "
                  "for faces tokbench-1",
                  name, setting, revision));
}

Result<BinnedMean> binned_mean(std::span<const ScaledScore> scores, const ScaleBins& bins) {
  if (scores.empty()) return fail(ErrorCode::invalid_argument, "there are no scores to put into buckets");
  BinnedMean all{.buckets = {}, .items = scores.size()};
  for (std::size_t b = 0; b + 1 < bins.edges.size(); ++b)
    all.buckets.push_back({.from = bins.edges[b], .to = bins.edges[b + 1], .mean = std::nullopt});
  std::vector<double> sums(all.buckets.size());
  double sum = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const ScaledScore& one = scores[i];
    if (!std::isfinite(one.ratio) || !std::isfinite(one.value))
      return fail(ErrorCode::invalid_argument, fmt::format("score {}: ratio or value is not a finite number", i));
    sum += one.value;
    const auto above = std::upper_bound(bins.edges.begin(), bins.edges.end(), one.ratio);
    if (above == bins.edges.begin() || above == bins.edges.end()) {
      ++all.outside;
      continue;
    }
    const auto bucket = static_cast<std::size_t>(above - bins.edges.begin()) - 1;
    ++all.buckets[bucket].items;
    sums[bucket] += one.value;
  }
  all.mean = sum / static_cast<double>(scores.size());
  double of_buckets = 0;
  bool whole = true;
  for (std::size_t b = 0; b < all.buckets.size(); ++b) {
    if (all.buckets[b].items == 0) {
      whole = false;
      continue;
    }
    all.buckets[b].mean = sums[b] / static_cast<double>(all.buckets[b].items);
    of_buckets += *all.buckets[b].mean / static_cast<double>(all.buckets.size());
  }
  if (whole) all.mean_of_buckets = of_buckets;
  return all;
}

}  // namespace vultus::evaluation

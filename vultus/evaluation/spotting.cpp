#include <vultus/evaluation/spotting.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

constexpr std::array kOverlaps{0.3, 0.4, 0.5, 0.6, 0.7};
// 2/4 computed in seconds may fall a hair below .5.
constexpr double kOverlapHair = 1e-12;

bool has_length(const TimeSpan& span) {
  return std::isfinite(span.from) && std::isfinite(span.to) && span.to > span.from;
}

Status check_videos(std::span<const SpottedVideo> videos, double at_iou) {
  if (!(at_iou > 0 && at_iou <= 1))
    return fail(ErrorCode::invalid_argument, fmt::format("overlap {}: above 0 and at most 1", at_iou));
  for (std::size_t v = 0; v < videos.size(); ++v) {
    for (const TimeSpan& span : videos[v].truth)
      if (!has_length(span))
        return fail(ErrorCode::invalid_argument,
                    fmt::format("video {}: true span from {} to {} has no length", v, span.from, span.to));
    for (const FoundSpan& found : videos[v].found)
      if (!has_length(found.span) || !std::isfinite(found.score))
        return fail(ErrorCode::invalid_argument,
                    fmt::format("video {}: found span from {} to {}, score {}: needs a length and a finite score", v,
                                found.span.from, found.span.to, found.score));
  }
  return {};
}

struct Overlap {
  double iou;
  std::size_t truth;
  std::size_t found;
};

std::size_t matches_of(const SpottedVideo& video, double at_iou) {
  std::vector<Overlap> overlaps;
  for (std::size_t t = 0; t < video.truth.size(); ++t)
    for (std::size_t f = 0; f < video.found.size(); ++f)
      if (const double o = iou(video.truth[t], video.found[f].span); o >= at_iou - kOverlapHair)
        overlaps.push_back({o, t, f});
  std::sort(overlaps.begin(), overlaps.end(), [](const Overlap& a, const Overlap& b) {
    return std::tuple(-a.iou, a.truth, a.found) < std::tuple(-b.iou, b.truth, b.found);
  });
  std::vector<bool> truth_taken(video.truth.size()), found_taken(video.found.size());
  std::size_t matches = 0;
  for (const Overlap& one : overlaps) {
    if (truth_taken[one.truth] || found_taken[one.found]) continue;
    truth_taken[one.truth] = found_taken[one.found] = true;
    ++matches;
  }
  return matches;
}

}  // namespace

double iou(const TimeSpan& a, const TimeSpan& b) {
  const double both = std::max(0.0, std::min(a.to, b.to) - std::max(a.from, b.from));
  return both / (a.to - a.from + b.to - b.from - both);
}

double diou(const TimeSpan& a, const TimeSpan& b) {
  const double around = std::max(a.to, b.to) - std::min(a.from, b.from);
  const double apart = ((a.from + a.to) - (b.from + b.to)) / 2;
  return iou(a, b) - apart * apart / (around * around);
}

Result<SpottingScores> spotting_scores(std::span<const SpottedVideo> videos, double at_iou) {
  VULTUS_CHECK(check_videos(videos, at_iou));
  SpottingScores scores;
  for (const SpottedVideo& video : videos) {
    scores.truth += video.truth.size();
    scores.found += video.found.size();
    scores.true_positives += matches_of(video, at_iou);
  }
  if (scores.truth + scores.found == 0)
    return fail(ErrorCode::invalid_argument, "there is nothing to spot and nothing was found");
  const auto right = static_cast<double>(scores.true_positives);
  if (scores.found > 0) scores.precision = right / static_cast<double>(scores.found);
  if (scores.truth > 0) scores.recall = right / static_cast<double>(scores.truth);
  scores.f1 = 2 * right / static_cast<double>(scores.truth + scores.found);
  return scores;
}

Result<double> spotting_average_precision(std::span<const SpottedVideo> videos, double at_iou) {
  VULTUS_CHECK(check_videos(videos, at_iou));
  struct Entry {
    double score;
    std::size_t video;
    std::size_t found;
  };
  std::vector<Entry> entries;
  std::vector<std::vector<bool>> taken;
  double all = 0;
  for (std::size_t v = 0; v < videos.size(); ++v) {
    taken.emplace_back(videos[v].truth.size());
    all += static_cast<double>(videos[v].truth.size());
    for (std::size_t f = 0; f < videos[v].found.size(); ++f) entries.push_back({videos[v].found[f].score, v, f});
  }
  if (all <= 0) return fail(ErrorCode::invalid_argument, "there is nothing to spot in any video");
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.score > b.score; });
  double area = 0;
  double hits = 0;
  for (std::size_t i = 0; i < entries.size();) {
    double right_here = 0;
    const double score = entries[i].score;
    for (; i < entries.size() && entries[i].score == score; ++i) {
      const SpottedVideo& video = videos[entries[i].video];
      std::vector<bool>& gone = taken[entries[i].video];
      std::size_t best = gone.size();
      double best_iou = at_iou - kOverlapHair;
      for (std::size_t t = 0; t < video.truth.size(); ++t)
        if (const double o = iou(video.truth[t], video.found[entries[i].found].span); !gone[t] && o >= best_iou)
          if (best == gone.size() || o > best_iou) best = t, best_iou = o;
      if (best == gone.size()) continue;
      gone[best] = true;
      ++right_here;
    }
    hits += right_here;
    area += right_here / all * hits / static_cast<double>(i);
  }
  return area;
}

Result<double> spotting_map(std::span<const SpottedVideo> videos) {
  double sum = 0;
  for (const double at : kOverlaps) {
    VULTUS_TRY(const double one, spotting_average_precision(videos, at));
    sum += one;
  }
  return sum / static_cast<double>(kOverlaps.size());
}

}  // namespace vultus::evaluation

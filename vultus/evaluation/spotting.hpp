// Finding stretches of time: overlap of intervals, spotting F1, mean average precision over overlaps.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::evaluation {

/// A stretch of time, in seconds or frames.
struct TimeSpan {
  double from = 0;
  double to = 0;  ///< > from
  bool operator==(const TimeSpan&) const = default;
};

/// A stretch that was found, and how sure the finder is.
struct FoundSpan {
  TimeSpan span;
  double score = 0;  ///< finite
  bool operator==(const FoundSpan&) const = default;
};

/// Truth and findings of one video.
struct SpottedVideo {
  std::vector<TimeSpan> truth;
  std::vector<FoundSpan> found;
};

struct SpottingScores {
  std::size_t true_positives = 0;
  std::size_t truth = 0;  ///< stretches that there are
  std::size_t found = 0;  ///< stretches that were found
  double precision = 0;   ///< 0 where nothing was found
  double recall = 0;      ///< 0 where there is nothing
  double f1 = 0;          ///< 2 TP / (truth + found)
  bool operator==(const SpottingScores&) const = default;
};

/// Intersection over union, [0, 1]. Both spans must have a length above 0. @thread no state
[[nodiscard]] double iou(const TimeSpan& a, const TimeSpan& b);

/// IoU less the squared distance of the middles over the squared length of the smallest span around both, (-1, 1].
/// @thread no state
/// @source Z. Zheng et al., Distance-IoU Loss, AAAI 2020, equation 7, in one dimension
[[nodiscard]] double diou(const TimeSpan& a, const TimeSpan& b);

/// A finding is right if it overlaps a true stretch of its video by at least `at_iou` and that one has no other
/// finding: pairs are made by falling overlap. A second finding of the same stretch is wrong.
/// @param at_iou  (0, 1]
/// @error invalid_argument  no truth and no findings at all, a span without length, a score that is not finite, at_iou
///                          outside its range
/// @thread no state
/// @source Micro-Expression Grand Challenge, spotting task
[[nodiscard]] Result<SpottingScores> spotting_scores(std::span<const SpottedVideo> videos, double at_iou = 0.5);

/// Average precision of the findings of all videos at one overlap: by falling score, each takes the free true stretch
/// that it overlaps most, if by at least `at_iou`. AP = sum of (R_i - R_(i-1)) P_i, findings of one score together.
/// @error invalid_argument  no truth at all; else as spotting_scores
[[nodiscard]] Result<double> spotting_average_precision(std::span<const SpottedVideo> videos, double at_iou);

/// The mean of spotting_average_precision over the overlaps .3, .4, .5, .6 and .7.
/// @error invalid_argument  as spotting_average_precision
[[nodiscard]] Result<double> spotting_map(std::span<const SpottedVideo> videos);

}  // namespace vultus::evaluation

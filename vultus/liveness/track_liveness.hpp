// One answer for a face that is followed: its frames must say the same.
#pragma once

#include <cstddef>
#include <deque>

#include <vultus/liveness/reading.hpp>

namespace vultus::liveness {

/// What is asked of a track.
struct TrackPolicy {
  std::size_t fewest = 5;    ///< frames that could be judged, [1, 1000]
  double agreement = 0.75;   ///< share of the frames on the side of the median, [0.5, 1]
  std::size_t window = 120;  ///< the last so many judged frames count, [fewest, 100000]
  bool operator==(const TrackPolicy&) const = default;
};
/// @error invalid_argument  an option outside its range: the message names it, the range and the value
[[nodiscard]] Status check(const TrackPolicy& policy);

/// What was read of a track so far.
struct TrackReading {
  Reading reading;         ///< `live` is the median over the frames
  std::size_t judged = 0;  ///< frames in the window that had a score
  double agreement = 0;    ///< share of them on the side of the median, [0, 1]
  bool operator==(const TrackReading&) const = default;
};

/// Collects the readings of the frames of one track: the median of their scores decides, and most of them must agree
/// with it. Memory is bounded by the window. Thread-compatible.
class TrackLiveness {
 public:
  /// @param policy, track  must have passed check()
  explicit TrackLiveness(const Policy& policy = {}, const TrackPolicy& track = {}) : policy_(policy), track_(track) {}

  /// The reading of one frame; one without a score counts for the reason alone.
  void add(const Reading& reading);
  /// @return the answer so far; `too_few_frames` or the reason of the last frame that could not be judged where there
  /// are too few
  [[nodiscard]] TrackReading so_far() const;
  /// After a scene cut: it may be somebody else.
  void forget();

 private:
  Policy policy_;
  TrackPolicy track_;
  std::deque<double> scores_;  ///< log-odds
  std::optional<Reason> last_unjudged_;
};

}  // namespace vultus::liveness

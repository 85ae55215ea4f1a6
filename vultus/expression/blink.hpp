// Blinks in the eye aspect of one person as it comes in, frame by frame.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

namespace vultus::expression {

/// A stretch in which both eyes were shut.
struct EyeClosure {
  double from = 0;     ///< seconds: when they began to close
  double to = 0;       ///< seconds: when they were open again
  double deepest = 0;  ///< how far they closed, 0 = as open as usual, 1 = shut
  /// Longer than a blink: the eyes were kept shut.
  [[nodiscard]] bool kept_shut() const { return to - from > kLongestBlink; }
  static constexpr double kLongestBlink = 0.5;  ///< seconds; spontaneous blinks take 0.1 to 0.4
  bool operator==(const EyeClosure&) const = default;
};

/// Finds blinks in values as they come: the same whether a file or a camera is looked at. What is open for a person is
/// learnt from the last seconds (the 80th percentile of the aspect), so that narrow eyes are no blink. Sight is lost
/// where no aspect comes, where values lie farther apart than kLongestStep, and at a scene cut: a closure that goes on
/// then has no end, and one that began before has no beginning. Thread-compatible.
class BlinkDetector {
 public:
  /// @param seconds  of this frame, later than the last one
  /// @param aspect   mean of both eyes (face::eye_aspect); nothing = not seen: an open closure ends without an event
  /// @return a closure that ended with this frame; one whose beginning was not seen only where what was seen of it is
  ///         longer than a blink
  std::optional<EyeClosure> add(double seconds, std::optional<double> aspect);

  /// How far the eyes are closed against their usual openness, [0, 1]; nothing before enough was seen.
  [[nodiscard]] std::optional<double> closure() const { return closure_; }
  /// Blinks a minute in what was seen of the last minute.
  /// @return nothing where that is less than ten seconds, which it is where values come too seldom to see a blink
  [[nodiscard]] std::optional<double> rate() const;
  /// Whether the last value came so long after the one before that a blink has room in between.
  [[nodiscard]] bool too_seldom() const { return too_seldom_; }
  /// After a scene cut: what was open before says nothing.
  void forget();

  // A closure begins where an eye is more than half closed and ends where it is less than a third: a blink that
  // hesitates is one blink.
  static constexpr double kBegins = 0.5, kEnds = 0.33;
  static constexpr double kShortest = 0.04;   ///< seconds: below this it is noise of one frame of a fast camera
  static constexpr double kWindow = 30;       ///< seconds from which usual openness is learnt
  static constexpr double kShutShare = 0.35;  ///< of the usual aspect is left where an eye is shut
  static constexpr std::size_t kFewest = 5;   ///< values before anything is said
  static constexpr double kRateWindow = 60;   ///< seconds
  static constexpr double kRateNeeds = 10;    ///< seconds
  /// Seconds between values: a closure between two of them lasts up to twice as long, and what may be longer than a
  /// blink is none.
  static constexpr double kLongestStep = EyeClosure::kLongestBlink / 2;

 private:
  struct Seen {
    double seconds;
    double aspect;
  };
  /// A stretch between two values that was watched.
  struct Step {
    double to;
    double length;
  };
  [[nodiscard]] double usual() const;
  void lose_sight();
  [[nodiscard]] std::optional<EyeClosure> opened(double seconds);

  std::deque<Seen> seen_;
  std::deque<Step> watched_;   ///< in the last minute
  std::deque<double> blinks_;  ///< when each ended
  std::optional<double> closure_;
  std::optional<EyeClosure> open_;
  bool begun_in_sight_ = false;   ///< of `open_`: it was seen how the eyes began to close
  std::optional<double> last_;    ///< the last value; none = sight was lost
  std::optional<double> before_;  ///< the last moment that was less than a third closed, since sight was lost
  bool too_seldom_ = false;
};

}  // namespace vultus::expression

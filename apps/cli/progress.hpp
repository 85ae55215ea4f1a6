// How far the work is: the text of a progress bar, and the rate behind it.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace vultus::cli {

/// What a bar shows.
struct ProgressState {
  std::string label;  ///< what is being done, e.g. "identify"; may be empty
  std::size_t done = 0;
  std::size_t total = 0;             ///< 0 = not known
  std::optional<double> per_second;  ///< empty = not known yet
};

/// One line of at most `columns` columns, without line end:
///   identify  [########--------------]  34/120  28 %  12.3/s  7 s left
/// Parts are left out from the right where the terminal is narrow.
/// @param unicode  draw with block characters
/// @thread no state
[[nodiscard]] std::string progress_text(const ProgressState& state, int columns, bool unicode);

/// A span of time for people: "7 s", "3 min 05 s", "2 h 10 min".
[[nodiscard]] std::string duration_text(double seconds);

/// The rate of the last seconds: a first slow picture does not spoil the forecast for ever. Thread-compatible.
class RateMeter {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// @param done  never falling
  void count(std::size_t done, TimePoint now);
  /// @return pieces per second; nothing before half a second has passed or where nothing moved
  [[nodiscard]] std::optional<double> per_second() const;

 private:
  struct Sample {
    TimePoint at;
    std::size_t done;
  };
  std::deque<Sample> samples_;
};

}  // namespace vultus::cli

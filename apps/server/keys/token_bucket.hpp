// Limits a second: tokens come back at a steady rate up to a number; each request takes one.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace vultus::server {

/// Thread-compatible.
class TokenBucket {
 public:
  using Time = std::chrono::system_clock::time_point;
  /// What is in it, and when that was counted.
  struct Level {
    double tokens = 0;
    std::optional<Time> last;  ///< empty = nobody has taken one yet
  };

  /// @param per_second  > 0
  /// @param burst       tokens at most, and at first; >= 1
  TokenBucket(double per_second, double burst) : TokenBucket(per_second, burst, Level{.tokens = burst, .last = {}}) {}
  /// One that was kept elsewhere.
  TokenBucket(double per_second, double burst, Level level) : per_second_(per_second), burst_(burst), level_(level) {}

  /// Takes a token.
  /// @return nothing where there was one, else the seconds until there is one. A clock that is set back gives nothing
  /// and takes nothing.
  std::optional<double> take(Time now) {
    const double passed =
        level_.last && now > *level_.last ? std::chrono::duration<double>(now - *level_.last).count() : 0;
    level_ = {.tokens = std::min(burst_, level_.tokens + per_second_ * passed), .last = now};
    if (level_.tokens >= 1) {
      level_.tokens -= 1;
      return std::nullopt;
    }
    return (1 - level_.tokens) / per_second_;
  }

  [[nodiscard]] const Level& level() const { return level_; }

 private:
  double per_second_;
  double burst_;
  Level level_;
};

}  // namespace vultus::server

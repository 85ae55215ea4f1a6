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
  /// @param per_second  > 0
  /// @param burst       tokens at most, and at first; >= 1
  TokenBucket(double per_second, double burst) : per_second_(per_second), burst_(burst), tokens_(burst) {}

  /// Takes a token.
  /// @return nothing where there was one, else the seconds until there is one. A clock that is set back gives nothing
  /// and takes nothing.
  std::optional<double> take(Time now) {
    if (last_ && now > *last_)
      tokens_ = std::min(burst_, tokens_ + per_second_ * std::chrono::duration<double>(now - *last_).count());
    last_ = now;
    if (tokens_ >= 1) {
      tokens_ -= 1;
      return std::nullopt;
    }
    return (1 - tokens_) / per_second_;
  }

 private:
  double per_second_;
  double burst_;
  double tokens_;
  std::optional<Time> last_;
};

}  // namespace vultus::server

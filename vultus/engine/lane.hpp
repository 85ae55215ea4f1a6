// A signal of any length in a bounded number of stretches, with its statistics. Internal to the room.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace vultus::engine {

/// Thread-compatible. Stretches double in length whenever there would be too many: memory is bounded, and no value is
/// lost from the lowest and highest.
class Lane {
 public:
  struct Stretch {
    float low = std::numeric_limits<float>::infinity();  ///< > high: nothing was measured in it
    float high = -std::numeric_limits<float>::infinity();
  };

  /// @param points  most stretches, >= 2  @param width  seconds of a stretch to begin with, > 0
  Lane(std::size_t points, double width) : points_(points), width_(width) {}

  /// @param seconds  >= 0, in any order  @param value  finite
  void add(double seconds, double value) {
    while (seconds >= width_ * static_cast<double>(points_)) halve();
    const auto at = static_cast<std::size_t>(seconds / width_);
    if (at >= stretches_.size()) stretches_.resize(at + 1);
    const auto number = static_cast<float>(value);
    stretches_[at].low = std::min(stretches_[at].low, number);
    stretches_[at].high = std::max(stretches_[at].high, number);
    // Welford (1962): mean and sum of squared differences in one pass.
    ++count_;
    const double off = value - mean_;
    mean_ += off / static_cast<double>(count_);
    squares_ += off * (value - mean_);
    low_ = std::min(low_, value);
    high_ = std::max(high_, value);
  }
  void absent() { ++absent_; }

  [[nodiscard]] const std::vector<Stretch>& stretches() const { return stretches_; }
  [[nodiscard]] double width() const { return width_; }  ///< seconds of a stretch
  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] std::int64_t absences() const { return absent_; }
  [[nodiscard]] double mean() const { return mean_; }
  /// Of the sample, 0 for a single value.
  [[nodiscard]] double deviation() const {
    return count_ > 1 ? std::sqrt(squares_ / static_cast<double>(count_ - 1)) : 0;
  }
  [[nodiscard]] double low() const { return low_; }
  [[nodiscard]] double high() const { return high_; }

 private:
  void halve() {
    width_ *= 2;
    for (std::size_t i = 0; 2 * i < stretches_.size(); ++i) {
      Stretch both = stretches_[2 * i];
      if (2 * i + 1 < stretches_.size()) {
        both.low = std::min(both.low, stretches_[2 * i + 1].low);
        both.high = std::max(both.high, stretches_[2 * i + 1].high);
      }
      stretches_[i] = both;
    }
    stretches_.resize((stretches_.size() + 1) / 2);
  }

  std::size_t points_;
  double width_;
  std::vector<Stretch> stretches_;
  std::int64_t count_ = 0, absent_ = 0;
  double mean_ = 0, squares_ = 0;
  double low_ = std::numeric_limits<double>::infinity(), high_ = -std::numeric_limits<double>::infinity();
};

}  // namespace vultus::engine

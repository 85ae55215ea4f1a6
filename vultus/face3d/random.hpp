// Random numbers that are the same on every machine, for planted faces and their tests.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace vultus::face3d {

/// SplitMix64. The standard library's distributions differ between its makers; these do not.
/// Thread-compatible.
/// @source G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number generators, OOPSLA 2014
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  /// Even over [low, high).
  double uniform(double low = 0, double high = 1) {
    return low + (high - low) * (static_cast<double>(next() >> 11U) * 0x1.0p-53);
  }
  /// Standard normal, by Box and Muller.
  double normal() {
    const double u = 1 - uniform(), v = uniform();
    return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
  }

 private:
  std::uint64_t state_;
};

}  // namespace vultus::face3d

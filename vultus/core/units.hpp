// Numbers that know what they are: a cosine is not a score, a second is not a radian.
#pragma once

#include <compare>
#include <concepts>

namespace vultus {

/// A number with a meaning. Made explicitly, read through value(), ordered with its own kind only.
template <class Tag, std::floating_point T>
class Quantity {
 public:
  using value_type = T;
  constexpr Quantity() = default;
  constexpr explicit Quantity(T value) : value_(value) {}
  [[nodiscard]] constexpr T value() const { return value_; }
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the zero of the comparison for a pointer.
  constexpr auto operator<=>(const Quantity&) const = default;

 private:
  T value_{};
};

/// Similarity of two unit vectors, [-1, 1].
using Cosine = Quantity<struct CosineTag, float>;
/// Confidence of a detector or a component, [0, 1]. Not a calibrated probability.
using Score = Quantity<struct ScoreTag, float>;
/// Angle.
using Radians = Quantity<struct RadiansTag, float>;
/// A span of time.
using Seconds = Quantity<struct SecondsTag, double>;

}  // namespace vultus

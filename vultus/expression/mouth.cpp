#include <vultus/expression/mouth.hpp>

#include <algorithm>
#include <cmath>

namespace vultus::expression {

std::optional<double> mouth_opening(const Landmarks& mesh) {
  constexpr std::size_t kUpper = 13, kLower = 14, kRightEye = 33, kLeftEye = 263;
  const auto& p = mesh.points;
  if (mesh.scheme == LandmarkScheme::ibug68 || p.size() != count_of(mesh.scheme)) return std::nullopt;
  const float eyes = std::hypot(p[kRightEye].x - p[kLeftEye].x, p[kRightEye].y - p[kLeftEye].y);
  if (!(eyes > 0)) return std::nullopt;
  return std::hypot(p[kUpper].x - p[kLower].x, p[kUpper].y - p[kLower].y) / eyes;
}

std::optional<double> SpeakingEstimate::add(double seconds, std::optional<double> opening) {
  if (!opening || !std::isfinite(*opening)) {
    forget();
    return std::nullopt;
  }
  seen_.push_back({seconds, *opening});
  while (seen_.front().seconds < seconds - kWindow) seen_.pop_front();
  const double span = seconds - seen_.front().seconds;
  if (span < kNeeds || seen_.size() < 4) return std::nullopt;
  // Means over a tenth of a second: the noise of single frames grows with the frame rate, speech does not.
  const double rate = static_cast<double>(seen_.size() - 1) / span;
  const auto each = static_cast<std::size_t>(std::max(1.0, std::round(kSmooth * rate)));
  double way = 0;
  for (std::size_t i = 0; i + each < seen_.size(); ++i)
    way += std::abs(seen_[i + each].opening - seen_[i].opening) / static_cast<double>(each);
  return 1 / (1 + std::exp(-kSlope * (way / span - kHalf)));
}

}  // namespace vultus::expression

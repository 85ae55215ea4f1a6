#include <vultus/expression/blink.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace vultus::expression {

double BlinkDetector::usual() const {
  std::vector<double> aspects;
  aspects.reserve(seen_.size());
  for (const Seen& one : seen_) aspects.push_back(one.aspect);
  const auto at = aspects.begin() + static_cast<std::ptrdiff_t>((aspects.size() - 1) * 4 / 5);
  std::ranges::nth_element(aspects, at);
  return *at;
}

void BlinkDetector::lose_sight() {
  open_.reset();
  last_.reset();
  before_.reset();
}

std::optional<EyeClosure> BlinkDetector::add(double seconds, std::optional<double> aspect) {
  while (!blinks_.empty() && blinks_.front() < seconds - kRateWindow) blinks_.pop_front();
  while (!watched_.empty() && watched_.front().to < seconds - kRateWindow) watched_.pop_front();
  closure_.reset();
  if (!aspect || !std::isfinite(*aspect)) {
    lose_sight();
    return std::nullopt;
  }
  constexpr double kAlmost = 1e-9;
  too_seldom_ = last_ && seconds - *last_ > kLongestStep + kAlmost;
  if (too_seldom_) lose_sight();
  if (last_) watched_.push_back({seconds, seconds - *last_});
  last_ = seconds;
  seen_.push_back({seconds, *aspect});
  while (seen_.front().seconds < seconds - kWindow) seen_.pop_front();
  if (seen_.size() < kFewest) return std::nullopt;
  const double open = usual(), shut = kShutShare * open;
  if (!(open > 0)) return std::nullopt;
  const double closed = std::clamp((open - *aspect) / (open - shut), 0.0, 1.0);
  closure_ = closed;
  if (open_) {
    open_->deepest = std::max(open_->deepest, closed);
    return closed < kEnds ? opened(seconds) : std::nullopt;
  }
  if (closed > kBegins) {
    open_ = EyeClosure{.from = before_.value_or(seconds), .to = seconds, .deepest = closed};
    begun_in_sight_ = before_.has_value();
  }
  if (closed < kEnds) before_ = seconds;
  return std::nullopt;
}

/// The eyes are open again.
std::optional<EyeClosure> BlinkDetector::opened(double seconds) {
  EyeClosure done = *open_;
  done.to = seconds;
  open_.reset();
  before_ = seconds;
  if (done.to - done.from < kShortest) return std::nullopt;
  // The end of a blink, or of something longer: only what was seen long enough tells which.
  if (!begun_in_sight_ && !done.kept_shut()) return std::nullopt;
  if (!done.kept_shut()) blinks_.push_back(seconds);
  return done;
}

std::optional<double> BlinkDetector::rate() const {
  double span = 0;
  for (const Step& step : watched_) span += step.length;
  constexpr double kAlmost = 1e-9;
  if (span < kRateNeeds - kAlmost) return std::nullopt;
  return static_cast<double>(blinks_.size()) * 60 / span;
}

void BlinkDetector::forget() {
  seen_.clear();
  closure_.reset();
  lose_sight();
}

}  // namespace vultus::expression

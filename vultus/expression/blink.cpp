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

std::optional<EyeClosure> BlinkDetector::add(double seconds, std::optional<double> aspect) {
  if (!any_) first_ = seconds, before_ = seconds, any_ = true;
  last_ = seconds;
  while (!blinks_.empty() && blinks_.front() < seconds - kRateWindow) blinks_.pop_front();
  closure_.reset();
  if (!aspect || !std::isfinite(*aspect)) {
    open_.reset();
    return std::nullopt;
  }
  seen_.push_back({seconds, *aspect});
  while (seen_.front().seconds < seconds - kWindow) seen_.pop_front();
  if (seen_.size() < kFewest) return std::nullopt;
  const double open = usual(), shut = kShutShare * open;
  if (!(open > 0)) return std::nullopt;
  const double closed = std::clamp((open - *aspect) / (open - shut), 0.0, 1.0);
  closure_ = closed;
  if (open_) {
    open_->deepest = std::max(open_->deepest, closed);
    if (closed >= kEnds) return std::nullopt;
    EyeClosure done = *open_;
    done.to = seconds;
    open_.reset();
    before_ = seconds;
    if (done.to - done.from < kShortest) return std::nullopt;
    if (!done.kept_shut()) blinks_.push_back(seconds);
    return done;
  }
  if (closed > kBegins) open_ = EyeClosure{.from = before_, .to = seconds, .deepest = closed};
  if (closed < kEnds) before_ = seconds;
  return std::nullopt;
}

std::optional<double> BlinkDetector::rate() const {
  const double span = std::min(last_ - first_, kRateWindow);
  if (!any_ || span < kRateNeeds) return std::nullopt;
  return static_cast<double>(blinks_.size()) * 60 / span;
}

void BlinkDetector::forget() {
  seen_.clear();
  open_.reset();
  closure_.reset();
}

}  // namespace vultus::expression

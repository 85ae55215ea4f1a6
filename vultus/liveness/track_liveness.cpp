#include <vultus/liveness/track_liveness.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace vultus::liveness {
namespace {

constexpr std::size_t kMostFewest = 1000, kMostWindow = 100'000;

double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

Status check(const TrackPolicy& policy) {
  if (policy.fewest < 1 || policy.fewest > kMostFewest)
    return fail(ErrorCode::invalid_argument,
                "liveness of a track: fewest " + std::to_string(policy.fewest) + ", allowed are 1 to 1000");
  if (!(policy.agreement >= 0.5 && policy.agreement <= 1))
    return fail(ErrorCode::invalid_argument,
                "liveness of a track: agreement " + std::to_string(policy.agreement) + ", allowed are 0.5 to 1");
  if (policy.window < policy.fewest || policy.window > kMostWindow)
    return fail(ErrorCode::invalid_argument, "liveness of a track: window " + std::to_string(policy.window) +
                                                 ", allowed are " + std::to_string(policy.fewest) + " to 100000");
  return {};
}

void TrackLiveness::add(const Reading& reading) {
  if (!reading.live) {
    last_unjudged_ = reading.reason;
    return;
  }
  scores_.push_back(log_odds(*reading.live));
  if (scores_.size() > track_.window) scores_.pop_front();
}

void TrackLiveness::forget() {
  scores_.clear();
  last_unjudged_.reset();
}

TrackReading TrackLiveness::so_far() const {
  TrackReading result{.reading = {.live = std::nullopt,
                                  .reason = Reason::too_few_frames,
                                  .threshold = policy_.threshold,
                                  .evidence = std::nullopt},
                      .judged = scores_.size()};
  if (scores_.size() < track_.fewest) {
    // Nothing at all could be judged: why is more telling than that it was too few.
    if (scores_.empty() && last_unjudged_) result.reading.reason = *last_unjudged_;
    return result;
  }
  const double median = median_of({scores_.begin(), scores_.end()});
  const double bar = log_odds(policy_.threshold);
  const auto side = static_cast<double>(
      std::ranges::count_if(scores_, [&](double score) { return (score >= bar) == (median >= bar); }));
  result.agreement = side / static_cast<double>(scores_.size());
  result.reading.live = probability_of(median);
  result.reading.reason =
      result.agreement < track_.agreement ? Reason::frames_disagree : judged(*result.reading.live, policy_);
  return result;
}

}  // namespace vultus::liveness

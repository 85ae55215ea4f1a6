#include <vultus/liveness/reading.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace vultus::liveness {
namespace {

constexpr std::array<std::string_view, 3> kDecisionNames{"live", "spoof", "unknown"};
constexpr std::array<std::string_view, 9> kReasonNames{
    "live",           "spoof",          "uncertain", "too_small", "too_dark", "too_bright", "networks_disagree",
    "too_few_frames", "frames_disagree"};
constexpr double kAlmost = 1e-9;

Status in_range(std::string_view name, double value, double low, double high) {
  if (value >= low && value <= high) return {};
  return fail(ErrorCode::invalid_argument, "liveness " + std::string(name) + " " + std::to_string(value) +
                                               ": allowed are " + std::to_string(low) + " to " + std::to_string(high));
}

}  // namespace

std::string_view name_of(Decision decision) { return kDecisionNames.at(static_cast<std::size_t>(decision)); }
std::string_view name_of(Reason reason) { return kReasonNames.at(static_cast<std::size_t>(reason)); }

Decision decision_of(Reason reason) {
  if (reason == Reason::live) return Decision::live;
  return reason == Reason::spoof ? Decision::spoof : Decision::unknown;
}

Status check(const Policy& policy) {
  VULTUS_CHECK(in_range("threshold", policy.threshold, kAlmost, 1 - kAlmost));
  VULTUS_CHECK(in_range("margin", policy.margin, 0, 10));
  VULTUS_CHECK(in_range("smallest face", policy.smallest, 16, 4096));
  VULTUS_CHECK(in_range("darkest", policy.darkest, 0, 255));
  return in_range("brightest", policy.brightest, policy.darkest, 255);
}

double log_odds(double probability) {
  const double p = std::clamp(probability, kAlmost, 1 - kAlmost);
  return std::log(p / (1 - p));
}

double probability_of(double log_odds) { return 1 / (1 + std::exp(-log_odds)); }

LogOddsParts parts_of(const SpoofEvidence& evidence) {
  // The tree alone: 0 below the 0.2 that its makers call live, 1 from 0.9 on, where it stays for whatever is sharp.
  constexpr double kLiveBelow = 0.2, kSpoofFrom = 0.9;
  const double spoof = std::clamp((evidence.tree - kLiveBelow) / (kSpoofFrom - kLiveBelow), 0.0, 1.0);
  // On faces of about 90 pixels 60 % of genuine portraits reach the end, an attack surely does: log(0.6 / 1) = -0.5.
  // On faces of 200 pixels hardly a genuine one does. What lies below the end is a person at every size: of the two the
  // tree is by far the better network, so it leads and the other one decides where it says nothing.
  constexpr double kSmall = 120, kLarge = 180;  // pixels
  const double large = std::clamp((evidence.side - kSmall) / (kLarge - kSmall), 0.0, 1.0);
  const double if_live = std::lerp(6.0, 5.0, large), if_spoof = std::lerp(-0.5, -5.0, large);
  constexpr double kBelieved = 0.5;
  return {.print_replay = kBelieved * evidence.print_replay, .tree = std::lerp(if_live, if_spoof, spoof)};
}

double fused(const SpoofEvidence& evidence) { return probability_of(parts_of(evidence).sum()); }

Reason judged(double live, const Policy& policy) {
  const double above = log_odds(live) - log_odds(policy.threshold);
  if (std::abs(above) < policy.margin) return Reason::uncertain;
  return above >= 0 ? Reason::live : Reason::spoof;
}

Reason judged(const SpoofEvidence& evidence, const Policy& policy) {
  constexpr double kSure = 1;  // log-odds
  const LogOddsParts parts = parts_of(evidence);
  const bool opposed =
      (parts.tree > kSure && parts.print_replay < -kSure) || (parts.tree < -kSure && parts.print_replay > kSure);
  // One that is much surer than the other is believed: only a near draw is no answer.
  const bool draw = std::min(std::abs(parts.tree), std::abs(parts.print_replay)) * 3 >
                    std::max(std::abs(parts.tree), std::abs(parts.print_replay));
  return opposed && draw ? Reason::networks_disagree : judged(fused(evidence), policy);
}

}  // namespace vultus::liveness

#include <vultus/evaluation/attack.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <map>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

struct PresentationScores {
  std::map<std::string, std::vector<double>> attacks;
  std::vector<double> live;
};

Result<PresentationScores> sorted_by_species(std::span<const Presentation> presentations) {
  PresentationScores scores;
  for (std::size_t i = 0; i < presentations.size(); ++i) {
    const Presentation& one = presentations[i];
    if (!std::isfinite(one.score))
      return fail(ErrorCode::invalid_argument, fmt::format("presentation {}: the score is not a finite number", i));
    (one.species.empty() ? scores.live : scores.attacks[one.species]).push_back(one.score);
  }
  if (scores.live.empty()) return fail(ErrorCode::invalid_argument, "no presentation is of a live person");
  if (scores.attacks.empty()) return fail(ErrorCode::invalid_argument, "no presentation is an attack");
  return scores;
}

std::size_t passing(const std::vector<double>& scores, double threshold) {
  return static_cast<std::size_t>(
      std::count_if(scores.begin(), scores.end(), [&](double score) { return score >= threshold; }));
}

double share_of(std::size_t part, std::size_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

}  // namespace

Result<AttackErrors> attack_errors(std::span<const Presentation> presentations, double threshold) {
  VULTUS_TRY(const PresentationScores scores, sorted_by_species(presentations));
  AttackErrors errors{.species = {}, .live = scores.live.size()};
  std::size_t passed = 0;
  for (const auto& [name, attacks] : scores.attacks) {
    SpeciesErrors one{.species = name, .attacks = attacks.size(), .passed = passing(attacks, threshold)};
    one.apcer = share_of(one.passed, one.attacks);
    errors.apcer = std::max(errors.apcer, one.apcer);
    errors.attacks += one.attacks;
    passed += one.passed;
    errors.species.push_back(std::move(one));
  }
  errors.bpcer = share_of(scores.live.size() - passing(scores.live, threshold), scores.live.size());
  errors.far = share_of(passed, errors.attacks);
  errors.acer = (errors.apcer + errors.bpcer) / 2;
  errors.hter = (errors.far + errors.bpcer) / 2;
  return errors;
}

Result<double> threshold_at_apcer(std::span<const Presentation> presentations, double apcer) {
  if (!(apcer >= 0 && apcer < 1))
    return fail(ErrorCode::invalid_argument, fmt::format("wanted APCER {}: at least 0 and below 1", apcer));
  VULTUS_TRY(const PresentationScores scores, sorted_by_species(presentations));
  double threshold = -std::numeric_limits<double>::infinity();
  for (const auto& [name, attacks] : scores.attacks) {
    std::vector<double> falling = attacks;
    std::sort(falling.begin(), falling.end(), std::greater<>());
    const auto allowed = static_cast<std::size_t>(apcer * static_cast<double>(falling.size()) * (1 + 1e-12));
    // The first attack that may not pass any more, and all of its score.
    threshold = std::max(threshold, std::nextafter(falling[allowed], std::numeric_limits<double>::infinity()));
  }
  return threshold;
}

Result<EqualError> equal_error(std::span<const Presentation> presentations) {
  VULTUS_TRY(const PresentationScores scores, sorted_by_species(presentations));
  std::vector<double> live = scores.live, attacks, all;
  for (const auto& [name, some] : scores.attacks) attacks.insert(attacks.end(), some.begin(), some.end());
  std::sort(live.begin(), live.end());
  std::sort(attacks.begin(), attacks.end());
  std::merge(live.begin(), live.end(), attacks.begin(), attacks.end(), std::back_inserter(all));
  all.erase(std::unique(all.begin(), all.end()), all.end());
  all.push_back(std::nextafter(all.back(), std::numeric_limits<double>::infinity()));
  const auto below = [](const std::vector<double>& rising, double threshold) {
    return share_of(
        static_cast<std::size_t>(std::lower_bound(rising.begin(), rising.end(), threshold) - rising.begin()),
        rising.size());
  };
  // As the threshold rises, attacks that pass become fewer and live people that do not become more.
  double far_before = 1, bpcer_before = 0;
  for (const double threshold : all) {
    const double far = 1 - below(attacks, threshold), bpcer = below(live, threshold);
    if (bpcer < far) {
      far_before = far, bpcer_before = bpcer;
      continue;
    }
    const double gap = far_before - bpcer_before, step = gap + bpcer - far;
    const double at = step > 0 ? gap / step : 0;
    return EqualError{.rate = far_before + at * (far - far_before), .threshold = threshold};
  }
  return EqualError{.rate = 1, .threshold = all.back()};  // not reached: above the highest score nothing passes
}

}  // namespace vultus::evaluation

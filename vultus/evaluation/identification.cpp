#include <vultus/evaluation/identification.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace vultus::evaluation {

Result<Identification> Identification::of(std::span<const ProbeResult> probes) {
  if (probes.empty()) return fail(ErrorCode::invalid_argument, "there are no probes");
  Identification made;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const ProbeResult& probe = probes[i];
    if (!std::isfinite(probe.best) || (probe.mated && !std::isfinite(probe.own)))
      return fail(ErrorCode::invalid_argument, fmt::format("probe {}: a score is not a finite number", i));
    if (probe.mated && (probe.own_rank == 0 || probe.own > probe.best))
      return fail(ErrorCode::invalid_argument,
                  fmt::format("probe {}: own subject at rank {} with score {}, the best score is {}", i, probe.own_rank,
                              probe.own, probe.best));
    if (probe.mated)
      made.mated_.push_back(probe);
    else
      made.alarms_.push_back(probe.best);
  }
  std::sort(made.alarms_.begin(), made.alarms_.end());
  return made;
}

std::optional<double> Identification::fpir(double threshold) const {
  if (alarms_.empty()) return std::nullopt;
  const auto first = std::lower_bound(alarms_.begin(), alarms_.end(), threshold);
  return static_cast<double>(alarms_.end() - first) / static_cast<double>(alarms_.size());
}

std::optional<double> Identification::fnir(double threshold, std::uint32_t rank) const {
  if (mated_.empty()) return std::nullopt;
  const auto missed = std::count_if(mated_.begin(), mated_.end(), [&](const ProbeResult& probe) {
    return probe.own_rank > rank || probe.own < threshold;
  });
  return static_cast<double>(missed) / static_cast<double>(mated_.size());
}

Result<double> Identification::threshold_at_fpir(double target) const {
  if (!(target > 0 && target < 1))
    return fail(ErrorCode::invalid_argument,
                fmt::format("target FPIR {}: must be between 0 and 1, both excluded", target));
  const auto n = static_cast<double>(alarms_.size());
  const double needed = std::ceil(3 / target * (1 - 1e-12));
  if (n < needed)
    return fail(ErrorCode::invalid_argument,
                fmt::format("target FPIR {} needs at least {:.0f} non-mated probes, got {}", target, needed, n));
  const auto allowed = static_cast<std::size_t>(target * n * (1 + 1e-12));
  const double excluded = alarms_[alarms_.size() - 1 - allowed];
  const auto next = std::upper_bound(alarms_.begin(), alarms_.end(), excluded);
  return next == alarms_.end() ? std::nextafter(excluded, std::numeric_limits<double>::infinity()) : *next;
}

}  // namespace vultus::evaluation

// Open-set identification: how often a stranger raises an alarm, and how often a known person is missed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::evaluation {

/// What a search over a gallery gave for one probe.
struct ProbeResult {
  double best = 0;             ///< score of the best subject, whoever that is
  bool mated = false;          ///< the probe's person is in the gallery
  double own = 0;              ///< score of the probe's own subject; mated probes only
  std::uint32_t own_rank = 1;  ///< rank of that subject, 1 = best; mated probes only
  bool operator==(const ProbeResult&) const = default;
};

/// Searches sorted once and asked often. Immutable: share freely between threads.
class Identification {
 public:
  /// @error invalid_argument  a score that is not finite, rank 0, an own score above the best, or no probe
  [[nodiscard]] static Result<Identification> of(std::span<const ProbeResult> probes);

  [[nodiscard]] std::size_t mated_probes() const { return mated_.size(); }
  [[nodiscard]] std::size_t non_mated_probes() const { return alarms_.size(); }
  /// Share of the non-mated probes whose best score is at or above the threshold; empty without such probes.
  [[nodiscard]] std::optional<double> fpir(double threshold) const;
  /// Share of the mated probes whose subject is not within the first `rank` or scores below the threshold; empty
  /// without mated probes. Closed-set rank-k hit rate = 1 - fnir(lowest score, k).
  [[nodiscard]] std::optional<double> fnir(double threshold, std::uint32_t rank = 1) const;
  /// The smallest observed score of a non-mated probe or just above the highest one, with FPIR at most the target.
  /// @error invalid_argument  target outside (0, 1), or fewer than 3/target non-mated probes
  [[nodiscard]] Result<double> threshold_at_fpir(double target) const;

 private:
  std::vector<double> alarms_;  ///< best scores of non-mated probes, rising
  std::vector<ProbeResult> mated_;
};

}  // namespace vultus::evaluation

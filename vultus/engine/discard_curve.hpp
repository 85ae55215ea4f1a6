// Error against discard: the second half of the quality benchmark. Private to this room.
#pragma once

#include <vultus/core/result.hpp>
#include <vultus/engine/quality_benchmark.hpp>
#include <vultus/evaluation/bootstrap.hpp>

namespace vultus::engine {

inline constexpr int kDiscardSteps = 50;  ///< of one percent each
inline constexpr int kAreaSteps = 20;     ///< discards that DiscardCurve::area looks at

/// One score that probes could be sorted by, with whether each probe fails.
struct DiscardInput {
  float score = 0;
  bool fails = false;
  std::size_t group = 0;  ///< person, dense
};

/// False non-match rate of what is left when the lowest scores are taken away.
/// @param inputs   sorted by rising score; equal scores go together, so that their order does not matter
/// @param discard  share to take away, [0, 1)
/// @param weights  how often each group counts; empty = once
/// @return nothing where nothing is left
[[nodiscard]] std::optional<double> fnmr_after_discard(std::span<const DiscardInput> inputs, double discard,
                                                       evaluation::GroupWeights weights = {});

/// Fills curves, damage rows, people and the gain of a benchmark whose probes and threshold are known.
Status measure_discards(QualityBenchmark& benchmark, const evaluation::BootstrapOptions& options);

}  // namespace vultus::engine

#include <vultus/identity/decide.hpp>

#include <cmath>

namespace vultus::identity {

Decision decide(std::span<const Candidate> candidates, const OperatingPoint& at) {
  Decision decision{.at = at};
  for (const Candidate& candidate : candidates)
    if (!std::isnan(candidate.similarity.value()) &&
        (!decision.best || candidate.similarity > decision.best->similarity))
      decision.best = candidate;
  if (decision.best && decision.best->similarity >= at.threshold) decision.match = decision.best;
  return decision;
}

}  // namespace vultus::identity

#include <vultus/expression/displayed_units.hpp>

#include <algorithm>
#include <cstddef>
#include <string>

namespace vultus::expression {

static_assert(kExpressions == kAuEmotions);

Result<double> displayed_intensity(const ActionUnit& unit, const Distribution& probabilities) {
  const double rest = unit.given.at(static_cast<std::size_t>(AuEmotion::neutral));
  const double most = std::ranges::max(unit.given);
  if (!(most > rest))
    return fail(ErrorCode::invalid_argument,
                "AU" + std::to_string(unit.facs) + " is expected of no expression more than of a neutral face");
  double expected = 0;
  for (std::size_t e = 0; e < kExpressions; ++e) expected += probabilities.at(e) * unit.given.at(e);
  return std::clamp(kAuMaximum * (expected - rest) / (most - rest), 0.0, kAuMaximum);
}

}  // namespace vultus::expression

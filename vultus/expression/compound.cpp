#include <vultus/expression/compound.hpp>

#include <algorithm>

namespace vultus::expression {

std::array<double, kCompounds> compound_scores(std::span<const double, kCompoundParts> parts) {
  std::array<double, kCompounds> scores{};
  for (std::size_t c = 0; c < kCompounds; ++c)
    scores.at(c) = parts[kCompoundTable.at(c).first] + parts[kCompoundTable.at(c).second];
  return scores;
}

std::size_t best_compound(std::span<const double, kCompoundParts> parts) {
  const auto scores = compound_scores(parts);
  return static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
}

}  // namespace vultus::expression

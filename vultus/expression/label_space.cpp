#include <vultus/expression/label_space.hpp>

namespace vultus::expression {
namespace {

constexpr std::array<Affect, kExpressions> kAffect{
    {{0.2, 0.8}, {-0.5, 0.7}, {-0.7, 0.35}, {0.85, 0.4}, {-0.75, -0.4}, {-0.6, 0.7}, {0, 0}}};

}  // namespace

const std::array<Affect, kExpressions>& expression_affect() { return kAffect; }

Affect affect_of(std::span<const double, kExpressions> probabilities) {
  Affect mean;
  for (std::size_t i = 0; i < kExpressions; ++i) {
    mean.valence += probabilities[i] * kAffect.at(i).valence;
    mean.arousal += probabilities[i] * kAffect.at(i).arousal;
  }
  return mean;
}

}  // namespace vultus::expression

// How each family of attacks is planted. Not installed.
#pragma once

#include <cmath>
#include <random>

#include <vultus/studio/attacks.hpp>

namespace vultus::studio {

/// Draws that are the same with every standard library.
class AttackDraws {
 public:
  explicit AttackDraws(std::uint64_t seed) : random_(seed) {}
  [[nodiscard]] double unit() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  [[nodiscard]] double between(double low, double high) { return low + (high - low) * unit(); }
  [[nodiscard]] int below(int n) { return static_cast<int>(unit() * n); }

 private:
  std::mt19937_64 random_;
};

/// A level as a byte.
[[nodiscard]] inline std::uint8_t byte_of(double level) {
  return static_cast<std::uint8_t>(std::lround(level < 0 ? 0 : level > 255 ? 255 : level));
}

// Each gets `made.picture` as a copy of the picture and `made.mask` at 0.
Status plant_halftone(PlantedAttack& made, const AttackedFace& face, double strength, AttackDraws& draws);
Status plant_moire(PlantedAttack& made, double strength, AttackDraws& draws);
Status plant_banding(PlantedAttack& made, const AttackedFace& face, double strength, AttackDraws& draws);
Status plant_generator(PlantedAttack& made, double strength, AttackDraws& draws);
Status plant_mask(PlantedAttack& made, const AttackedFace& face, double strength, AttackDraws& draws);
Status plant_seam(PlantedAttack& made, const AttackedFace& face, double strength, const Donor& donor);

}  // namespace vultus::studio

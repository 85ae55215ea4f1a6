#include <vultus/studio/attacks.hpp>

#include <algorithm>
#include <cstring>

#include <vultus/studio/attack_recipes.hpp>

namespace vultus::studio {
namespace {

constexpr std::array<std::string_view, 6> kAttackNames{"halftone", "moire", "banding", "mask", "seam", "generator"};
constexpr float kSmallestAttacked = 16;

Status check_attack(ImageView picture, const AttackedFace& face, const AttackPlan& plan,
                    const std::optional<Donor>& donor) {
  const std::string what = "attack " + std::string(name_of(plan.family));
  if (picture.empty() || picture.format != PixelFormat::rgb8)
    return fail(ErrorCode::invalid_argument, what + ": a picture in colour is needed");
  if (!(face.box.width >= kSmallestAttacked) || !(face.box.height >= kSmallestAttacked))
    return fail(ErrorCode::invalid_argument, what + ": the face is smaller than 16 pixels");
  if (!(plan.strength > 0 && plan.strength <= 1))
    return fail(ErrorCode::invalid_argument,
                what + " of strength " + std::to_string(plan.strength) + ": allowed are values above 0 up to 1");
  if (needs_donor(plan.family) && (!donor || donor->picture.empty() || donor->picture.format != PixelFormat::rgb8))
    return fail(ErrorCode::invalid_argument, what + ": somebody else's face is needed");
  return {};
}

Status plant(PlantedAttack& made, const AttackedFace& face, const AttackPlan& plan, const std::optional<Donor>& donor) {
  AttackDraws draws(plan.seed);
  switch (plan.family) {
    case AttackFamily::halftone: return plant_halftone(made, face, plan.strength, draws);
    case AttackFamily::moire: return plant_moire(made, plan.strength, draws);
    case AttackFamily::banding: return plant_banding(made, face, plan.strength, draws);
    case AttackFamily::mask: return plant_mask(made, face, plan.strength, draws);
    case AttackFamily::seam: return plant_seam(made, face, plan.strength, *donor);
    case AttackFamily::generator: break;
  }
  return plant_generator(made, plan.strength, draws);
}

}  // namespace

std::string_view name_of(AttackFamily family) { return kAttackNames.at(static_cast<std::size_t>(family)); }

Result<AttackFamily> attack_family_of(std::string_view name) {
  const auto at = std::ranges::find(kAttackNames, name);
  if (at != kAttackNames.end()) return static_cast<AttackFamily>(at - kAttackNames.begin());
  std::string known;
  for (const std::string_view one : kAttackNames) known += (known.empty() ? "" : ", ") + std::string(one);
  return fail(ErrorCode::invalid_argument, "attack \"" + std::string(name) + "\": must be one of " + known);
}

Result<PlantedAttack> attacked(ImageView picture, const AttackedFace& face, const AttackPlan& plan,
                               const std::optional<Donor>& donor) {
  VULTUS_CHECK(check_attack(picture, face, plan, donor));
  PlantedAttack made;
  VULTUS_TRY(made.picture, Image::create(picture.width, picture.height, PixelFormat::rgb8));
  VULTUS_TRY(made.mask, Image::create(picture.width, picture.height, PixelFormat::gray8));
  for (int y = 0; y < picture.height; ++y)
    std::memcpy(made.picture.row(y), picture.row(y), static_cast<std::size_t>(made.picture.stride()));
  VULTUS_CHECK(plant(made, face, plan, donor));
  return made;
}

}  // namespace vultus::studio

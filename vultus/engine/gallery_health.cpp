#include <vultus/engine/gallery_health.hpp>

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include <vultus/engine/calibrate.hpp>
#include <vultus/engine/enrol_gate.hpp>

namespace vultus::engine {
namespace {

/// Rate of false matches that a conflict never exceeds where the preset says nothing.
constexpr double kMostFmr = 1e-3;

const Preset* preset_of(std::span<const Preset> presets, const GalleryModel& model) {
  const auto at = std::ranges::find_if(presets, [&](const Preset& p) { return p.template_model() == model.id; });
  return at == presets.end() ? nullptr : &*at;
}

/// A word as a shell takes it for one word, whatever it holds.
std::string quoted(const std::string& word) {
  const bool plain = !word.empty() && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./=:,+").find(c) != std::string_view::npos;
  });
  if (plain) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

Result<identity::HealthLimits> health_limits(const Gallery& gallery, std::span<const Preset> presets,
                                             const identity::PointWanted& wanted) {
  const GalleryInfo info = gallery.info();
  VULTUS_TRY(const auto own, gallery_scale(gallery));
  const Preset* preset = preset_of(presets, info.model);
  identity::Scale scale;
  scale.thresholds.model = info.model.id;
  if (preset != nullptr) scale = preset->scale();
  const identity::ThresholdTable& table = scale.thresholds.rows.empty() && own ? own->thresholds : scale.thresholds;
  if (table.rows.empty())
    return fail(ErrorCode::invalid_argument, info.path + ": nobody has measured how alike two people are to model " +
                                                 info.model.id.text() + ": measure it first with vultus calibrate");
  VULTUS_TRY(const OperatingPoint at, identity::operating_point(scale, own, wanted));
  identity::HealthLimits limits{.match = at.threshold, .conflict = {}, .weak_conflict = {}};
  const double most = preset != nullptr && preset->default_fmr > 0 ? preset->default_fmr : kMostFmr;
  VULTUS_TRY(limits.conflict, chance_threshold(table, most, limits.expected, info.subjects));
  VULTUS_TRY(limits.weak_conflict, chance_threshold(table, most, limits.weak_expected, info.subjects));
  limits.conflict = std::max(limits.conflict, limits.match);
  limits.weak_conflict = std::max(limits.weak_conflict, limits.match);
  const EnrolGate gate;
  limits.copy = gate.duplicate;
  limits.inter_eye_px = gate.min_inter_eye_px;
  return limits;
}

std::string command_text(std::span<const std::vector<std::string>> commands) {
  std::string text;
  for (const auto& words : commands) {
    text += text.empty() ? "vultus" : " && vultus";
    for (const std::string& word : words) text += fmt::format(" {}", quoted(word));
  }
  return text;
}

std::string heading_of(identity::HealthCode code) {
  using identity::HealthCode;
  switch (code) {
    case HealthCode::mislabelled: return "Faces under a wrong name";
    case HealthCode::same_person: return "One person under two names, or twins";
    case HealthCode::lookalikes: return "People who look alike";
    case HealthCode::same_picture: return "One picture under two names";
    case HealthCode::matches_other: return "Faces that match somebody else, too";
    case HealthCode::two_people: return "Two people under one name";
    case HealthCode::faces_disagree: return "People whose faces do not match each other";
    case HealthCode::closer_to_other: return "Faces that match none of their person's, and are nearer to somebody else";
    case HealthCode::lonely: return "Faces that match none of their person's";
    case HealthCode::low_quality: return "Poor pictures";
    case HealthCode::too_small: return "Faces of few pixels";
    case HealthCode::attracts_false_matches: return "People whom many others are taken for";
    case HealthCode::search_misses: return "Search";
    case HealthCode::calibration_stale:
    case HealthCode::not_calibrated: return "Calibration";
    case HealthCode::retention_over: return "To be removed by now";
    case HealthCode::no_consent: return "Without a reference of consent";
    case HealthCode::no_retention: break;
  }
  return "Without a date of removal";
}

}  // namespace vultus::engine

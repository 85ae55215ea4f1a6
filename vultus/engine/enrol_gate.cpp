#include <vultus/engine/enrol_gate.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace vultus::engine {
namespace {

using face::QualityMeasure;

Refusal refuse(std::string reason, ErrorCode code, std::string message) {
  return {.reason = std::move(reason), .error = fail(code, std::move(message))};
}

std::optional<float> value_of(const SeenFace& face, QualityMeasure measure) {
  if (!face.quality || !face.quality->at(measure)) return std::nullopt;
  return face.quality->at(measure)->value;
}

std::optional<Refusal> refuse_quality(const std::string& path, const SeenFace& face, const EnrolGate& gate) {
  if (const auto eyes = value_of(face, QualityMeasure::inter_eye_distance); eyes && *eyes < gate.min_inter_eye_px)
    return refuse("too_small", ErrorCode::invalid_argument,
                  fmt::format("{}: the face is too small: {:.1f} pixels between the eyes, at least {:.1f} are wanted",
                              path, *eyes, gate.min_inter_eye_px));
  const float grid = std::max(0.0F, value_of(face, QualityMeasure::compression_artifacts).value_or(0));
  const float least = gate.min_sharpness + gate.sharpness_of_grid * grid;
  if (const auto sharp = value_of(face, QualityMeasure::sharpness); sharp && *sharp < least)
    return refuse("blurred", ErrorCode::invalid_argument,
                  fmt::format("{}: the face is blurred: sharpness {:.3f}, at least {:.3f} is wanted{}", path, *sharp,
                              least, *sharp < gate.min_sharpness ? "" : ", since JPEG's blocks pass for detail"));
  const float yaw = value_of(face, QualityMeasure::head_pose_yaw).value_or(0);
  const float pitch = value_of(face, QualityMeasure::head_pose_pitch).value_or(0);
  if (std::abs(yaw) > gate.max_yaw_degrees || std::abs(pitch) > gate.max_pitch_degrees)
    return refuse(
        "not_frontal", ErrorCode::invalid_argument,
        fmt::format("{}: the face is turned away: yaw {:.0f} degrees, pitch {:.0f}; at most {:.0f} and {:.0f} "
                    "to either side are wanted",
                    path, yaw, pitch, gate.max_yaw_degrees, gate.max_pitch_degrees));
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> refuse_picture(const SeenPicture& seen, const EnrolGate& gate, bool largest, bool force) {
  if (seen.error) return Refusal{.reason = std::string(name_of(seen.error->code)), .error = *seen.error};
  if (seen.faces.empty()) return refuse("no_face", ErrorCode::not_found, seen.path + ": no face was found");
  if (force) return std::nullopt;
  const SeenFace& main = seen.faces.front();
  if (!largest && seen.faces.size() > 1 && seen.faces[1].face.box.area() > gate.max_rival_area * main.face.box.area())
    return refuse("several_faces", ErrorCode::invalid_argument,
                  fmt::format("{}: shows {} faces, the second nearly as large as the first: whose picture is it?",
                              seen.path, seen.faces.size()));
  return refuse_quality(seen.path, main, gate);
}

std::optional<Refusal> refuse_rivals(const std::string& path, const std::string& subject, const Rivals& rivals,
                                     const EnrolGate& gate, Cosine conflict) {
  if (rivals.own && rivals.own->similarity >= gate.duplicate)
    return refuse(
        fmt::format("duplicate_of:{}", rivals.own->face.number()), ErrorCode::invalid_argument,
        fmt::format("{}: {} has this face already, as face {}: similarity {:.3f}, a copy from {:.3f} on", path, subject,
                    rivals.own->face.number(), rivals.own->similarity.value(), gate.duplicate.value()));
  if (rivals.other && rivals.other->similarity >= conflict &&
      (!rivals.own || rivals.own->similarity < rivals.other->similarity))
    return refuse(
        "conflicts_with:" + rivals.other->name, ErrorCode::invalid_argument,
        fmt::format("{}: this is not {} but {}, it seems: similarity {:.3f} to face {}, a match from {:.3f} on", path,
                    subject, rivals.other->name, rivals.other->similarity.value(), rivals.other->face.number(),
                    conflict.value()));
  return std::nullopt;
}

Result<Cosine> conflict_threshold(const Engine& engine, const EnrolGate& gate, std::int64_t subjects) {
  const Preset& preset = engine.preset();
  // Nobody measured how alike two people are to this embedder: nothing can be called a conflict.
  if (preset.thresholds.rows.empty()) return Cosine(std::nextafter(1.0F, 2.0F));
  return chance_threshold(preset.thresholds, preset.default_fmr, gate.conflicts_expected, subjects);
}

Result<Cosine> chance_threshold(const identity::ThresholdTable& table, double most, double expected,
                                std::int64_t subjects) {
  VULTUS_CHECK(identity::validate(table));
  const auto& rows = table.rows;
  const double wanted = std::min(
      {most, expected / static_cast<double>(std::max<std::int64_t>(1, subjects)), rows.front().false_match_rate});
  if (wanted >= rows.back().false_match_rate || rows.size() < 2) {
    const double measured = std::max(wanted, rows.back().false_match_rate);
    VULTUS_TRY(const OperatingPoint at, identity::at_false_match_rate(table, table.model, measured));
    return at.threshold;
  }
  const auto& last = rows.back();
  const auto& before = rows[rows.size() - 2];
  const double steps =
      std::log(wanted / last.false_match_rate) / std::log(last.false_match_rate / before.false_match_rate);
  const double beyond = steps * (double{last.threshold.value()} - double{before.threshold.value()});
  return Cosine(static_cast<float>(std::min(1.0, double{last.threshold.value()} + beyond)));
}

}  // namespace vultus::engine

#include <algorithm>
#include <cmath>

#include <apps/cli/json_lines.hpp>

namespace vultus::cli {

Json number_json(double value, int digits) {
  if (!std::isfinite(value)) return nullptr;
  const double scale = std::pow(10, digits);
  const double rounded = std::round(value * scale) / scale;
  return rounded == 0 ? 0.0 : rounded;  // no negative zero
}

Json score_json(double value) { return number_json(value, 6); }

Json rate_json(double rate) {
  constexpr int kSignificant = 3;
  if (!std::isfinite(rate) || rate == 0) return number_json(rate, 0);
  return number_json(rate, kSignificant - 1 - static_cast<int>(std::floor(std::log10(std::abs(rate)))));
}

void add_fmr(Json& object, const OperatingPoint& at) {
  object["fmr"] = rate_json(at.false_match_rate);
  if (at.rate_is_bound) object["fmr_bound"] = true;
}

Json fmr_json(const OperatingPoint& at) {
  return at.false_match_rate < 1 ? rate_json(at.false_match_rate) : Json(nullptr);
}

Json box_json(const RectF& box) {
  return Json::array(
      {number_json(box.x, 1), number_json(box.y, 1), number_json(box.width, 1), number_json(box.height, 1)});
}

void add_face(Json& object, const FaceObservation& face) {
  object["box"] = box_json(face.box);
  object["detection"] = number_json(face.detection.value(), 4);
  if (face.face_flag) object["face_flag"] = number_json(face.face_flag->value(), 4);
  Json points = Json::array();
  for (const Point2f& p : face.keypoints) points.push_back(Json::array({number_json(p.x, 1), number_json(p.y, 1)}));
  object["keypoints"] = std::move(points);
  if (face.quality && face.quality->inter_eye_px) object["inter_eye_px"] = number_json(*face.quality->inter_eye_px, 1);
}

Json picture_face_json(const std::string& file, int number, const FaceObservation& face) {
  Json object;
  object["file"] = file;
  object["face"] = number;
  add_face(object, face);
  return object;
}

void add_quality(Json& object, const face::QualityReport& report) {
  Json measures = Json::object();
  for (const face::QualityMeasureInfo& info : face::quality_measures()) {
    Json& measure = measures[std::string(info.name)];
    if (const auto& value = report.at(info.id))
      measure = {{"value", number_json(value->value, 4)}, {"score", number_json(value->score, 1)}};
    if (report.at(info.id) && !info.unit.empty()) measure["unit"] = std::string(info.unit);
  }
  object["quality"] = {{"unified", number_json(report.unified, 1)}, {"measures", std::move(measures)}};
}

Json error_json(const std::string& file, const Error& error) {
  Json object;
  object["file"] = file;
  object["error"] = {{"code", std::string(name_of(error.code))}, {"message", error.message}};
  return object;
}

Json candidate_json(const Candidate& candidate) {
  Json object;
  object["subject"] = candidate.name;
  object["similarity"] = score_json(candidate.similarity.value());
  object["face"] = candidate.face.number();
  object["probability"] = candidate.probability ? probability_json(*candidate.probability) : Json(nullptr);
  return object;
}

void add_calibration(Json& object, const OperatingPoint& at, const std::optional<double>& probability) {
  object["probability"] = probability ? probability_json(*probability) : Json(nullptr);
  object["calibration"] = std::string(name_of(at.calibrated));
  if (at.stale) object["calibration_stale"] = true;
}

Json probability_json(double probability) {
  // As many digits as the nearer of 0 and 1 needs: 0.9999998 is not 1.
  const double away = std::min(probability, 1 - probability);
  if (!(away > 0)) return probability;
  return number_json(probability, std::clamp(2 - static_cast<int>(std::floor(std::log10(away))), 3, 12));
}

Json cells_json(const SearchCells& cells) {
  return {{"method", "cells"},
          {"cells", cells.cells},
          {"looked_at", cells.looked_at},
          {"share", number_json(cells.share, 4)},
          {"recall_at_1", number_json(cells.recall_at_1, 5)},
          {"recall_at_10", number_json(cells.recall_at_10, 5)},
          {"measured_on", cells.probes}};
}

std::string json_line(const Json& object) { return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace vultus::cli

#include <apps/server/api/answer_json.hpp>

namespace vultus::server {
namespace {

using cli::number_json;
using cli::rate_json;
using cli::score_json;

constexpr int kTemplateDigits = 7;  // as `vultus embed` prints them

Json optional_rate(const std::optional<double>& rate) { return rate ? rate_json(*rate) : Json(nullptr); }

}  // namespace

Json time_json(const std::optional<UtcTime>& time) { return time ? Json(to_iso8601(*time)) : Json(nullptr); }
Json text_json(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

void add_liveness(Json& object, const liveness::Reading& reading) {
  object["live"] = reading.live ? cli::probability_json(*reading.live) : Json(nullptr);
  object["live_decision"] = std::string(liveness::name_of(reading.decision()));
  object["live_reason"] = std::string(liveness::name_of(reading.reason));
}

Json seen_face_json(const engine::SeenFace& face, int number) {
  Json object;
  object["face"] = number;
  cli::add_face(object, face.face);
  if (face.quality) cli::add_quality(object, *face.quality);
  if (face.liveness) add_liveness(object, *face.liveness);
  return object;
}

Json seen_picture_json(const engine::SeenPicture& seen) {
  Json faces = Json::array();
  for (const engine::SeenFace& face : seen.faces)
    faces.push_back(seen_face_json(face, static_cast<int>(faces.size()) + 1));
  return {{"width", seen.width}, {"height", seen.height}, {"faces", std::move(faces)}};
}

Json template_json(const Embedding& embedding) {
  Json values = Json::array();
  for (const float value : embedding.values()) values.push_back(number_json(value, kTemplateDigits));
  return values;
}

void add_decision_of(Json& object, const Decision& decision) {
  object["subject"] = decision.match ? Json(decision.match->name) : Json(nullptr);
  object["subject_id"] = decision.match ? Json(decision.match->subject.number()) : Json(nullptr);
  object["similarity"] = decision.told() ? score_json(decision.told()->similarity.value()) : Json(nullptr);
  object["threshold"] = score_json(decision.at.threshold.value());
  object["fmr"] = cli::fmr_json(decision.at);
  cli::add_calibration(object, decision.at, decision.told() ? decision.told()->probability : std::nullopt);
}

Json identified_face_json(const engine::IdentifiedFace& face, int number, bool candidates) {
  const Decision& decision = face.decision;
  Json object;
  object["face"] = number;
  cli::add_face(object, face.face);
  add_decision_of(object, decision);
  if (candidates) {
    Json list = Json::array();
    for (const Candidate& candidate : face.candidates) {
      Json one = cli::candidate_json(candidate);
      one["subject_id"] = candidate.subject.number();
      list.push_back(std::move(one));
    }
    object["candidates"] = std::move(list);
  }
  if (face.quality) cli::add_quality(object, *face.quality);
  if (face.liveness) {
    add_liveness(object, *face.liveness);
    object["withheld"] = face.withheld;
  }
  return object;
}

Json listed_subject_json(const Subject& subject) {
  return {{"subject", subject.name},
          {"id", subject.id.number()},
          {"faces", subject.faces},
          {"created", to_iso8601(subject.created)}};
}

Json subject_json(const Subject& subject) {
  const SubjectDetails& details = subject.details;
  Json object = listed_subject_json(subject);
  object["external_id"] = text_json(details.external_id);
  object["tags"] = details.tags;
  object["consent"] = text_json(details.consent);
  object["use"] = text_json(details.purpose);
  object["retain_until"] = time_json(details.retain_until);
  object["notes"] = text_json(details.notes);
  return object;
}

Json enrolled_face_json(const EnrolledFace& face) {
  const FaceDetails& details = face.details;
  Json object;
  object["face"] = face.id.number();
  object["subject_id"] = face.subject.number();
  object["enrolled"] = to_iso8601(face.enrolled);
  object["source"] = details.source;
  object["source_sha256"] = details.source_sha256;
  object["box"] = details.box ? cli::box_json(*details.box) : Json(nullptr);
  object["detection"] = details.detection ? number_json(details.detection->value(), 4) : Json(nullptr);
  object["inter_eye_px"] = details.inter_eye_px ? number_json(*details.inter_eye_px, 1) : Json(nullptr);
  object["quality"] = details.quality ? number_json(details.quality->value(), 4) : Json(nullptr);
  object["retain_until"] = time_json(details.retain_until);
  object["thumbnail"] = face.thumbnail.has_value();
  return object;
}

void add_operating_point(Json& object, const OperatingPoint& at) {
  object["threshold"] = score_json(at.threshold.value());
  object["fmr"] = cli::fmr_json(at);
  object["calibration"] = std::string(name_of(at.calibrated));
  if (at.stale) object["calibration_stale"] = true;
}

Json calibration_record_json(const Calibration& one) {
  Json object;
  object["made"] = to_iso8601(one.made);
  object["threshold"] = number_json(one.at.threshold.value(), 8);
  object["fmr"] = rate_json(one.at.false_match_rate);
  object["target"] = optional_rate(one.target);
  object["fmr_interval"] =
      one.fmr_low && one.fmr_high ? Json::array({rate_json(*one.fmr_low), rate_json(*one.fmr_high)}) : Json(nullptr);
  object["fnmr"] = optional_rate(one.fnmr);
  object["fpir"] = optional_rate(one.fpir);
  object["ece"] = optional_rate(one.ece);
  object["impostor_pairs"] = one.impostor_pairs;
  object["mated_pairs"] = one.mated_pairs;
  object["subjects"] = one.subjects;
  object["source"] = one.at.source;
  return object;
}

Json audit_entry_json(const AuditEntry& entry) {
  Json object;
  object["number"] = entry.number;
  object["at"] = to_iso8601(entry.at);
  object["who"] = entry.who;
  object["purpose"] = text_json(entry.purpose);
  object["what"] = entry.what;
  object["subjects"] = entry.subjects;
  object["faces"] = entry.faces;
  object["count"] = entry.count ? Json(*entry.count) : Json(nullptr);
  object["detail"] = text_json(entry.detail);
  if (!entry.shard.empty()) object["shard"] = entry.shard;
  return object;
}

Json key_json(const ApiKey& key) {
  Json object;
  object["id"] = key.id;
  object["name"] = key.name;
  object["scope"] = std::string(scope_name(key.scope));
  object["collections"] = key.collections ? Json(*key.collections) : Json(nullptr);
  object["per_second"] = key.limits.per_second ? Json(*key.limits.per_second) : Json(nullptr);
  object["burst"] = key.limits.per_second ? Json(key.limits.burst) : Json(nullptr);
  object["per_day"] = key.limits.per_day ? Json(*key.limits.per_day) : Json(nullptr);
  object["created"] = to_iso8601(key.created);
  object["expires"] = time_json(key.expires);
  object["revoked"] = time_json(key.revoked);
  object["last_used"] = time_json(key.last_used);
  return object;
}

}  // namespace vultus::server

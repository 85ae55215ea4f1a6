// Values of the library as the answers of the API: with the member names of the command line.
#pragma once

#include <vultus/engine/identify.hpp>
#include <vultus/engine/looker.hpp>
#include <vultus/gallery/records.hpp>

#include <apps/server/keys/api_key.hpp>
#include <apps/server/openapi/json_schema.hpp>

namespace vultus::server {

/// A face of a picture: its number, box, keypoints, and its quality where it was measured.
[[nodiscard]] Json seen_face_json(const engine::SeenFace& face, int number);
/// {"width", "height", "faces": [...]}
[[nodiscard]] Json seen_picture_json(const engine::SeenPicture& seen);
/// The values of a template.
[[nodiscard]] Json template_json(const Embedding& embedding);
/// "live", "live_decision" and "live_reason".
void add_liveness(Json& object, const liveness::Reading& reading);
/// Who it is, and by which threshold.
void add_decision_of(Json& object, const Decision& decision);
[[nodiscard]] Json identified_face_json(const engine::IdentifiedFace& face, int number, bool candidates);
/// {"subject", "id", "faces", "created"} of a list.
[[nodiscard]] Json listed_subject_json(const Subject& subject);
/// With consent, retention and what else is known.
[[nodiscard]] Json subject_json(const Subject& subject);
[[nodiscard]] Json enrolled_face_json(const EnrolledFace& face);
/// "threshold", "fmr", "calibration" and where they come from.
void add_operating_point(Json& object, const OperatingPoint& at);
[[nodiscard]] Json calibration_record_json(const Calibration& calibration);
[[nodiscard]] Json audit_entry_json(const AuditEntry& entry);
[[nodiscard]] Json key_json(const ApiKey& key);

[[nodiscard]] Json time_json(const std::optional<UtcTime>& time);
[[nodiscard]] Json text_json(const std::string& text);  ///< null for ""

}  // namespace vultus::server

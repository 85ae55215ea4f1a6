// The members of requests of the deepface interface: options, pictures, and distances between faces.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/decision.hpp>
#include <vultus/engine/looker.hpp>

#include <apps/server/api/call.hpp>
#include <apps/server/faces/face_service.hpp>

namespace vultus::server::deepface {

/// How far two faces are apart.
enum class Metric : std::uint8_t { cosine, euclidean, euclidean_l2, angular };
[[nodiscard]] std::string metric_name(Metric metric);
/// @source deepface: cosine 1 - cos, Euclidean distance, acos(cos) / pi. Templates have unit length: both Euclidean
/// ones are the same.
[[nodiscard]] double distance(Metric metric, Cosine similarity);

/// A text that is true or false: "false" is false, unlike in the original. A missing one is `usual`.
[[nodiscard]] Checked<bool> flag_in(const Json& body, const char* name, bool usual);
/// A whole number in JSON or text. A missing one is `usual`.
[[nodiscard]] Checked<std::int64_t> number_in(const Json& body, const char* name, std::int64_t low, std::int64_t high,
                                              std::int64_t usual);
[[nodiscard]] Checked<std::string> text_in(const Json& body, const char* name, const std::string& usual);
[[nodiscard]] Checked<Metric> metric_in(const Json& body);

/// Refuses what nothing here does: align=false, anti_spoofing=true. model_name and detector_backend are read and told
/// in the answer as what was used.
[[nodiscard]] std::optional<Problem> refuse_unknown_options(const Json& body);

/// Looks at a picture: a file of the form, or a data URI. Paths and addresses are refused.
/// @return without a face only where enforce_detection is false
[[nodiscard]] Checked<engine::SeenPicture> look_at(Call& call, const std::string& name, const LookWanted& wanted);

/// A probability in percent, with as many digits as it has; null where there is none.
[[nodiscard]] Json confidence_json(const std::optional<double>& probability);

/// {"x", "y", "w", "h", "left_eye", "right_eye"}: eyes of the person, [x, y]
[[nodiscard]] Json area_json(const FaceObservation& face);

}  // namespace vultus::server::deepface

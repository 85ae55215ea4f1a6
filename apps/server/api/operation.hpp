// A row of the table of routes together with the function behind it, and short words for such rows.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <apps/server/api/call.hpp>
#include <apps/server/http/router.hpp>

namespace vultus::server {

struct Operation {
  Route route;  ///< without `handle`
  std::function<Reply(Call&)> act;
};

inline constexpr const char* kJsonBody = "application/json";
inline constexpr const char* kPictureBody = "application/json, multipart/form-data";
inline constexpr const char* kBytesBody = "application/octet-stream";  ///< read by the function alone

/// {"$ref": "#/components/schemas/<name>"}
[[nodiscard]] std::string schema_ref(const std::string& name);

// Parameters that many routes share.
[[nodiscard]] Parameter collection_parameter();
[[nodiscard]] Parameter subject_parameter();
[[nodiscard]] Parameter face_parameter();
[[nodiscard]] Parameter sealed_parameter();
[[nodiscard]] Parameter limit_parameter();
[[nodiscard]] Parameter cursor_parameter();
[[nodiscard]] Parameter fmr_parameter();
[[nodiscard]] Parameter threshold_parameter();
[[nodiscard]] Parameter quality_parameter();
[[nodiscard]] Parameter idempotency_parameter();
/// If-None-Match of a GET: 304 where the caller has it already.
[[nodiscard]] Parameter unless_match_parameter(const std::string& what);
[[nodiscard]] Parameter purpose_parameter();
/// @param what  "subject", for the description
[[nodiscard]] Parameter match_parameter(const std::string& what);
[[nodiscard]] Parameter query_parameter(std::string name, std::string description, std::string schema);

// The pictures of the examples, in the place of base64 of a photo. The tests put real ones there.
inline constexpr const char* kExampleAda = "(base64 of a photo of Ada)";
inline constexpr const char* kExampleAdaAgain = "(base64 of another photo of Ada)";
inline constexpr const char* kExampleGrace = "(base64 of a photo of Grace)";
inline constexpr const char* kExampleFilm = "(base64 of a film of Ada)";

// The operations of each topic.
[[nodiscard]] std::vector<Operation> system_operations();
[[nodiscard]] std::vector<Operation> picture_operations();
[[nodiscard]] std::vector<Operation> identity_operations();
[[nodiscard]] std::vector<Operation> collection_operations();
[[nodiscard]] std::vector<Operation> subject_operations();
[[nodiscard]] std::vector<Operation> subject_change_operations();
[[nodiscard]] std::vector<Operation> split_operations();
[[nodiscard]] std::vector<Operation> cluster_operations();
[[nodiscard]] std::vector<Operation> enrol_operations();
[[nodiscard]] std::vector<Operation> face_operations();
[[nodiscard]] std::vector<Operation> calibration_operations();
[[nodiscard]] std::vector<Operation> audit_operations();
[[nodiscard]] std::vector<Operation> key_operations();
[[nodiscard]] std::vector<Operation> compreface_service_operations();
[[nodiscard]] std::vector<Operation> track_operations();
[[nodiscard]] std::vector<Operation> liveness_operations();
[[nodiscard]] std::vector<Operation> job_operations();
[[nodiscard]] std::vector<Operation> sealed_operations();
[[nodiscard]] std::vector<Operation> sealed_search_operations();
[[nodiscard]] std::vector<Operation> camera_operations();
[[nodiscard]] std::vector<Operation> event_operations();
[[nodiscard]] std::vector<Operation> webhook_operations();
/// All of them.
[[nodiscard]] std::vector<Operation> all_operations();

}  // namespace vultus::server

#include <apps/server/api/operation.hpp>

#include <utility>

namespace vultus::server {
namespace {

Parameter number_in_path(std::string name, std::string description) {
  return {.name = std::move(name),
          .place = Parameter::Place::path,
          .description = std::move(description),
          .schema = R"({"type": "integer", "minimum": 1, "examples": [1]})",
          .required = true};
}

}  // namespace

std::string schema_ref(const std::string& name) { return R"({"$ref": "#/components/schemas/)" + name + R"("})"; }

Parameter query_parameter(std::string name, std::string description, std::string schema) {
  return {.name = std::move(name),
          .place = Parameter::Place::query,
          .description = std::move(description),
          .schema = std::move(schema)};
}

Parameter collection_parameter() {
  return {.name = "collection",
          .place = Parameter::Place::path,
          .description = "Name of a collection.",
          .schema = R"({"$ref": "#/components/schemas/CollectionName"})",
          .required = true};
}

Parameter subject_parameter() {
  return number_in_path("subject", "Number of a subject. Names stay out of paths, and so out of the logs of proxies.");
}

Parameter face_parameter() { return number_in_path("face", "Number of an enrolled face."); }

Parameter sealed_parameter() {
  return {.name = "sealed",
          .place = Parameter::Place::path,
          .description = "Name of a sealed gallery.",
          .schema = R"({"$ref": "#/components/schemas/SealedName"})",
          .required = true};
}

Parameter limit_parameter() {
  return query_parameter("limit", "How many to answer at most.",
                         R"({"type": "integer", "minimum": 1, "maximum": 1000, "default": 100})");
}

Parameter cursor_parameter() {
  return query_parameter("cursor", "Where to go on: `next` of the page before.",
                         R"({"type": "string", "minLength": 1, "maxLength": 1024})");
}

Parameter fmr_parameter() {
  return query_parameter("fmr",
                         "Wanted false match rate; unless told that of the collection's calibration or of the preset.",
                         R"({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1})");
}

Parameter threshold_parameter() {
  return query_parameter("threshold", "A similarity of your own instead; comes before `fmr`.",
                         R"({"type": "number", "minimum": -1, "maximum": 1})");
}

Parameter quality_parameter() {
  return query_parameter("quality", "Also measure how usable each face is.",
                         R"({"type": "boolean", "default": false})");
}

Parameter idempotency_parameter() {
  return {.name = "Idempotency-Key",
          .place = Parameter::Place::header,
          .description =
              "Any text of the caller's own. For 24 hours the same request with the same text gets the same "
              "answer and is not carried out again; another request with it is refused.",
          .schema = R"({"type": "string", "minLength": 1, "maxLength": 255})"};
}

Parameter match_parameter(const std::string& what) {
  return {.name = "If-Match",
          .place = Parameter::Place::header,
          .description = "ETag of the " + what + " as it was read: where it has changed since, nothing is done.",
          .schema = R"({"type": "string", "minLength": 1, "maxLength": 1024})"};
}

Parameter unless_match_parameter(const std::string& what) {
  return {.name = "If-None-Match",
          .place = Parameter::Place::header,
          .description = "ETag of the " + what + " as the caller has it: where it is still the same, 304 is answered.",
          .schema = R"({"type": "string", "minLength": 1, "maxLength": 1024})"};
}

Parameter purpose_parameter() {
  return {.name = "X-Purpose",
          .place = Parameter::Place::header,
          .description = "Why, for the audit log.",
          .schema = R"({"type": "string", "maxLength": 1000})"};
}

std::vector<Operation> all_operations() {
  std::vector<Operation> all;
  for (const auto& of_a_topic : {&system_operations,      &picture_operations,
                                 &identity_operations,    &collection_operations,
                                 &subject_operations,     &subject_change_operations,
                                 &split_operations,       &cluster_operations,
                                 &enrol_operations,       &face_operations,
                                 &calibration_operations, &audit_operations,
                                 &key_operations,         &compreface_service_operations,
                                 &track_operations,       &liveness_operations,
                                 &job_operations,         &camera_operations,
                                 &event_operations,       &webhook_operations,
                                 &sealed_operations,      &sealed_search_operations})
    for (Operation& operation : of_a_topic()) all.push_back(std::move(operation));
  return all;
}

}  // namespace vultus::server

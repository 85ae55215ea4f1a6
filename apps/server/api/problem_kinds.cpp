#include <apps/server/api/problem_kinds.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace vultus::server {
namespace {

constexpr std::array kProblemKinds{
    // Who calls, and how often.
    ProblemKind{"key_missing", 401, "A key is wanted"},
    ProblemKind{"key_not_valid", 401, "The key is not valid"},
    ProblemKind{"scope_too_small", 403, "The key does not allow this"},
    ProblemKind{"rate_limited", 429, "Too many requests a second"},
    ProblemKind{"quota_exhausted", 429, "The requests of this day are used up"},
    ProblemKind{"server_busy", 429, "All workers are busy"},
    // What was sent.
    ProblemKind{"parameter_not_valid", 400, "A parameter is not valid"},
    ProblemKind{"body_not_valid", 400, "The body is not valid"},
    ProblemKind{"body_type_not_supported", 415, "The body is of a type that is not read here"},
    ProblemKind{"idempotency_key_reused", 422, "The idempotency key was used for another request"},
    ProblemKind{"idempotency_key_in_use", 409, "A request with this idempotency key is being answered"},
    ProblemKind{"precondition_failed", 412, "It has changed since it was read"},
    // Pictures.
    ProblemKind{"picture_not_readable", 422, "The picture cannot be read"},
    ProblemKind{"picture_type_not_supported", 415, "Pictures of this type are not read"},
    ProblemKind{"picture_too_large", 413, "The picture is too large"},
    ProblemKind{"no_face", 422, "The picture shows no face"},
    // What is there.
    ProblemKind{"collection_not_found", 404, "There is no such collection"},
    ProblemKind{"collection_exists", 409, "There is a collection of this name already"},
    ProblemKind{"collection_in_use", 409, "The collection is in use"},
    ProblemKind{"collection_on_server", 409, "The collection lies on a server of its own"},
    ProblemKind{"collection_not_usable", 503, "The collection cannot be opened now"},
    ProblemKind{"encryption_not_set_up", 409, "The server has no key for encrypted collections"},
    // Encrypted search.
    ProblemKind{"sealed_not_found", 404, "There is no such sealed gallery"},
    ProblemKind{"sealed_not_usable", 503, "The sealed gallery cannot be opened now"},
    ProblemKind{"sealed_not_valid", 422, "The bytes are not the sealed file that is wanted"},
    ProblemKind{"sealed_row_not_found", 404, "The sealed gallery has no such row"},
    ProblemKind{"secret_key_refused", 422, "A secret key is for its holder alone and was not kept"},
    ProblemKind{"too_many_sealed", 409, "So many sealed galleries are there that this one cannot be"},
    ProblemKind{"sealed_on_one_server", 409, "Servers that share their state keep no sealed galleries"},
    ProblemKind{"collection_empty", 409, "The collection has no face to compare with"},
    ProblemKind{"collection_too_large", 409, "The collection has more faces than a sealed probe is compared with"},
    // People.
    ProblemKind{"subject_not_found", 404, "There is no such subject"},
    ProblemKind{"subject_without_faces", 409, "The subject has no face to compare with"},
    ProblemKind{"name_taken", 409, "Another subject has this name"},
    ProblemKind{"not_to_be_merged", 409, "These are known to be two people"},
    ProblemKind{"not_to_be_split", 409, "These faces cannot be taken from this person"},
    ProblemKind{"face_not_found", 404, "There is no such face"},
    ProblemKind{"thumbnail_not_found", 404, "No picture of this face is kept"},
    ProblemKind{"liveness_not_available", 503, "The networks that judge liveness are not on this server"},
    ProblemKind{"challenge_not_found", 404, "There is no such challenge for this key"},
    ProblemKind{"challenge_expired", 410, "The time of the challenge is over"},
    ProblemKind{"challenge_answered", 409, "The challenge was answered already"},
    ProblemKind{"rate_not_measured", 422, "Nobody has measured this false match rate"},
    ProblemKind{"key_not_found", 404, "There is no such key"},
    ProblemKind{"last_admin_key", 409, "It is the last key that can make keys"},
    ProblemKind{"job_not_found", 404, "There is no such job"},
    ProblemKind{"timeline_not_found", 404, "The job has no Timeline, or not yet"},
    ProblemKind{"too_many_jobs", 429, "Too many jobs wait already"},
    ProblemKind{"problem_not_found", 404, "There is no such problem"},
    ProblemKind{"not_ready", 503, "The server takes no work now"},
    ProblemKind{"no_audit_log", 404, "The collection has no audit log yet"},
    // Cameras, events, and whom they are told.
    ProblemKind{"camera_not_found", 404, "There is no such camera"},
    ProblemKind{"too_many_cameras", 409, "So many cameras are there that this one cannot be"},
    ProblemKind{"target_not_allowed", 422, "The server may not connect to this target, or open this file"},
    ProblemKind{"no_camera_picture", 404, "The camera gives no picture now"},
    ProblemKind{"too_many_viewers", 429, "So many look or listen already"},
    ProblemKind{"event_not_found", 404, "There is no such event"},
    ProblemKind{"no_event_picture", 404, "No picture of this event is kept"},
    ProblemKind{"webhook_not_found", 404, "There is no such webhook"},
    ProblemKind{"too_many_webhooks", 409, "So many webhooks are there that this one cannot be"},
    // What the transport refuses by itself (http/README.md).
    ProblemKind{"malformed_request", 400, "The head of the request does not follow HTTP"},
    ProblemKind{"malformed_body", 400, "The body of the request does not follow HTTP"},
    ProblemKind{"path_not_decodable", 400, "The path is not percent-encoded UTF-8"},
    ProblemKind{"path_not_found", 404, "Nothing is served under this path"},
    ProblemKind{"method_not_allowed", 405, "This path does not know the method"},
    ProblemKind{"request_timeout", 408, "The request did not come in time"},
    ProblemKind{"body_too_large", 413, "The body of the request is too large"},
    ProblemKind{"url_too_long", 414, "The URL is too long"},
    ProblemKind{"expectation_failed", 417, "The only expectation met here is 100-continue"},
    ProblemKind{"host_not_served", 421, "This host is not served here"},
    ProblemKind{"head_too_large", 431, "The head of the request is too large"},
    ProblemKind{"too_many_requests", 429, "So many requests wait that this one cannot"},
    ProblemKind{"too_many_connections", 429, "So many connections of this address are open that this one cannot be"},
    ProblemKind{"method_not_implemented", 501, "No path knows this method"},
    ProblemKind{"coding_not_implemented", 501, "The only transfer coding spoken here is chunked"},
    ProblemKind{"server_full", 503, "The server holds as much as it may"},
    ProblemKind{"version_not_supported", 505, "Only HTTP/1.0 and HTTP/1.1 are spoken here"},
    // As the library says it.
    ProblemKind{"invalid_argument", 400, "A value has no meaning here"},
    ProblemKind{"not_found", 404, "There is no such thing"},
    ProblemKind{"corrupt_data", 400, "Bytes do not follow their format"},
    ProblemKind{"model_mismatch", 409, "Templates are of different models"},
    ProblemKind{"unsupported", 415, "Understood, but not supported"},
    ProblemKind{"resource_limit", 503, "A limit of the server is reached"},
    ProblemKind{"cancelled", 503, "The server gave up this request"},
    ProblemKind{"internal", 500, "A fault of the server"},
};

}  // namespace

std::span<const ProblemKind> problem_kinds() { return kProblemKinds; }

const ProblemKind* find_problem_kind(std::string_view code) {
  const auto* const at = std::ranges::find(kProblemKinds, code, &ProblemKind::code);
  return at == kProblemKinds.end() ? nullptr : at;
}

Problem problem(std::string_view code, std::string detail, std::optional<int> retry_after) {
  const ProblemKind* kind = find_problem_kind(code);
  if (kind == nullptr) throw std::logic_error("no kind of problem: " + std::string(code));
  return {.status = kind->status,
          .code = std::string(code),
          .title = std::string(kind->title),
          .detail = std::move(detail),
          .retry_after = retry_after};
}

}  // namespace vultus::server

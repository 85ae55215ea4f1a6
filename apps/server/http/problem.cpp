#include <nlohmann/json.hpp>

#include <apps/server/http/message.hpp>

namespace vultus::server {

Response problem_response(const Problem& problem, std::string_view request_id) {
  nlohmann::ordered_json members{
      {"type", "/v1/problems/" + problem.code},
      {"title", problem.title},
      {"status", problem.status},
  };
  if (!problem.detail.empty()) members["detail"] = problem.detail;
  members["code"] = problem.code;
  if (!request_id.empty()) members["request_id"] = request_id;
  Response response;
  response.status = problem.status;
  response.headers.add("Content-Type", "application/problem+json");
  if (problem.retry_after) response.headers.add("Retry-After", std::to_string(*problem.retry_after));
  // Details may repeat what a caller sent: bytes that are no UTF-8 become U+FFFD.
  response.body = members.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return response;
}

Problem problem_of(const Error& error) {
  constexpr int kRetrySeconds = 1;
  const std::string code(name_of(error.code));
  switch (error.code) {
    case ErrorCode::invalid_argument: return {400, code, "A value has no meaning here", error.message, {}};
    case ErrorCode::not_found: return {404, code, "There is no such thing", error.message, {}};
    case ErrorCode::corrupt_data: return {400, code, "Bytes do not follow their format", error.message, {}};
    case ErrorCode::model_mismatch: return {409, code, "Templates are of different models", error.message, {}};
    case ErrorCode::unsupported: return {415, code, "Understood, but not supported", error.message, {}};
    case ErrorCode::resource_limit:
      return {503, code, "A limit of the server is reached", error.message, kRetrySeconds};
    case ErrorCode::cancelled: return {503, code, "The server gave up this request", error.message, kRetrySeconds};
    case ErrorCode::internal: break;
  }
  return {500, "internal", "A fault of the server", "the log of the server knows more under this request id", {}};
}

}  // namespace vultus::server

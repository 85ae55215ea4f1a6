#include <apps/server/compreface/errors.hpp>

#include <apps/server/compreface/answer.hpp>

namespace vultus::server::compreface {
namespace {

/// The original's number and text of a refusal that was made elsewhere.
struct Told {
  int status = 400;
  Code code = Code::other;
  std::string message;
};

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

Told told_of(const Problem& problem) {
  const auto begins = [&](std::string_view with) { return problem.code.starts_with(with); };
  const std::string detail = problem.detail.empty() ? problem.title : problem.detail;
  // What the original's analysis refuses has one number for all.
  if (begins("picture_")) return {400, Code::no_face, detail};
  if (problem.status == 429) return {429, Code::other, detail};
  if (problem.status == 413) return {413, Code::other, detail};
  if (begins("collection_not_found")) return {404, Code::service_not_found, "The collection of the service is gone"};
  if (problem.status == 503) return {503, Code::core_fault, problem.title};
  if (problem.status >= 500) return {500, Code::core_fault, "The server has failed; its log knows more"};
  return {400, Code::other, kSomethingWrong};
}

}  // namespace

Problem refusal(int status, Code code, std::string message) {
  return {.status = status,
          .code = std::to_string(static_cast<int>(code)),
          .title = {},
          .detail = std::move(message),
          .retry_after = {}};
}

Problem bad(Code code, std::string message) { return refusal(400, code, std::move(message)); }
Problem no_face() { return bad(Code::no_face, "No face is found in the given image"); }
Problem several_faces() { return bad(Code::several_faces, "More than one face in the source image"); }
Problem subject_not_found(const std::string& subject) {
  return refusal(404, Code::subject_not_found, "Subject " + subject + " not found");
}
Problem image_not_found() { return refusal(404, Code::image_not_found, "Image ID not found"); }
Problem not_valid(std::string message) { return bad(Code::not_valid, std::move(message)); }

Response refusal_answer(const Refusal& refusal, std::string& why_in_log) {
  const Problem& problem = refusal.problem;
  Told told{.status = problem.status, .message = problem.detail};
  int number = 0;
  if (is_number(problem.code)) {
    number = std::stoi(problem.code);
  } else {
    told = told_of(problem);
    number = static_cast<int>(told.code);
  }
  if (told.status >= 500) why_in_log = refusal.for_log.empty() ? problem.detail : refusal.for_log;
  Response response = pretty_answer({{"message", told.message}, {"code", number}}, told.status);
  if (problem.retry_after) response.headers.set("Retry-After", std::to_string(*problem.retry_after));
  return response;
}

}  // namespace vultus::server::compreface

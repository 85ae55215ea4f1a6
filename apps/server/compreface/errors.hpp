// Refusals as clients of CompreFace know them: a status, a number and a text.
#pragma once

#include <string>

#include <apps/server/api/reply.hpp>

namespace vultus::server::compreface {

/// The numbers of the original.
enum class Code : std::uint8_t {
  other = 0,
  service_not_found = 10,
  header_missing = 20,
  file_not_usable = 21,
  not_valid = 26,
  no_face = 28,
  several_faces = 31,
  parameter_missing = 33,
  part_missing = 34,
  character_forbidden = 36,
  embedding_length = 37,
  core_fault = 41,
  subject_not_found = 42,
  subject_exists = 43,
  image_not_found = 44,
};

inline constexpr const char* kSomethingWrong = "Something went wrong, please try again";

/// A refusal that refusal_answer() tells as it is.
[[nodiscard]] Problem refusal(int status, Code code, std::string message);
[[nodiscard]] Problem bad(Code code, std::string message);  ///< with status 400
[[nodiscard]] Problem no_face();
[[nodiscard]] Problem several_faces();
[[nodiscard]] Problem subject_not_found(const std::string& subject);
[[nodiscard]] Problem image_not_found();
[[nodiscard]] Problem not_valid(std::string message);

/// {"message", "code"}. Refusals of other parts of the server get the number that the original would give.
/// @param why_in_log  gets what only the log is told, where it is a fault of the server
[[nodiscard]] Response refusal_answer(const Refusal& refusal, std::string& why_in_log);

}  // namespace vultus::server::compreface

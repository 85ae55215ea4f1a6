// The subject of a path.
#pragma once

#include <string_view>

#include <apps/server/api/call.hpp>

namespace vultus::server {

/// @return the subject with the number of the path, or subject_not_found
[[nodiscard]] Checked<Subject> subject_of(const Call& call, const Gallery& gallery);

/// The ETag of a subject as it is: changes with its name, details and number of faces.
[[nodiscard]] std::string etag_of(const Subject& subject);

/// Whether a tag is one of those that If-Match or If-None-Match lists, or that lists "*".
[[nodiscard]] bool lists_etag(std::string_view header, std::string_view etag);

/// What is wrong where the request has If-Match and the subject is another one by now: precondition_failed.
[[nodiscard]] std::optional<Problem> check_match(const Call& call, const Subject& subject);

/// An answer that is the subject, with its ETag.
[[nodiscard]] Response subject_answer(const Subject& subject);

}  // namespace vultus::server

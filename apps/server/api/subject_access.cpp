#include <apps/server/api/subject_access.hpp>

#include <algorithm>
#include <array>

#include <sodium.h>

#include <apps/server/api/answer_json.hpp>

namespace vultus::server {

Checked<Subject> subject_of(const Call& call, const Gallery& gallery) {
  return or_problem(gallery.subject(SubjectId(call.path_number("subject"))), ErrorCode::not_found, "subject_not_found",
                    "no subject " + call.path_text("subject"));
}

std::string etag_of(const Subject& subject) {
  const std::string text = subject_json(subject).dump();
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     nullptr, 0);
  std::array<char, 2 * hash.size() + 1> digits{};
  sodium_bin2hex(digits.data(), digits.size(), hash.data(), hash.size());
  return std::string("\"") + digits.data() + "\"";
}

bool lists_etag(std::string_view header, std::string_view etag) {
  if (header == "*") return true;
  // A list of tags (RFC 9110, 13.1.1); ours hold no comma.
  for (std::string_view rest = header; !rest.empty();) {
    std::string_view tag = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), tag.size() + 1));
    while (tag.starts_with(' ')) tag.remove_prefix(1);
    while (tag.ends_with(' ')) tag.remove_suffix(1);
    if (tag == etag) return true;
  }
  return false;
}

std::optional<Problem> check_match(const Call& call, const Subject& subject) {
  const auto wanted = call.request.headers.find("If-Match");
  if (!wanted) return std::nullopt;
  const std::string now = etag_of(subject);
  if (lists_etag(*wanted, now)) return std::nullopt;
  return problem("precondition_failed", "the subject is " + now + " now");
}

Response subject_answer(const Subject& subject) {
  Response response = answer(subject_json(subject));
  response.headers.set("ETag", etag_of(subject));
  return response;
}

}  // namespace vultus::server

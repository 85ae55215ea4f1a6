#include <apps/server/compreface/subject_name.hpp>

#include <algorithm>

#include <vultus/core/utf8.hpp>

#include <apps/server/compreface/errors.hpp>
#include <apps/server/http/ascii.hpp>

namespace vultus::server::compreface {
namespace {

constexpr std::size_t kMostCharacters = 50;

}  // namespace

Checked<std::string> new_subject_name(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return not_valid("Subject cannot be blank");
  if (!is_utf8(text)) return not_valid("Subject must be UTF-8");
  if (const std::size_t characters = characters_of(text).size(); characters > kMostCharacters)
    return not_valid("Subject must have 1 to 50 characters, got " + std::to_string(characters));
  if (const auto at = text.find_first_of(";/\\"); at != std::string_view::npos)
    return bad(Code::character_forbidden, std::string("Subject must not have the characters ; / \\, got ") + text[at]);
  const auto is_control = [](char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F; };
  if (std::ranges::any_of(text, is_control))
    return bad(Code::character_forbidden, "Subject must not have control characters");
  return std::string(text);
}

Checked<std::string> new_subject_in_body(const Call& call) {
  if (!call.body.is_object() || !call.body.contains("subject") || !call.body.at("subject").is_string())
    return not_valid("Subject cannot be blank");
  return new_subject_name(call.body.at("subject").get_ref<const std::string&>());
}

Checked<Subject> subject_named(const Gallery& gallery, const std::string& name) {
  // What is no name is nobody's.
  auto found = gallery.find_subject(name);
  if (!found && found.error().code != ErrorCode::invalid_argument) return found.error();
  if (!found || !*found) return subject_not_found(name);
  return **std::move(found);
}

}  // namespace vultus::server::compreface

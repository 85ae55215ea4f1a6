#include <apps/server/api/pictures.hpp>

#include <algorithm>

#include <apps/server/http/base64.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

constexpr int kRetryWhenBusy = 1;  // seconds

}  // namespace

Result<std::string> bytes_of_base64(std::string_view text, std::size_t most) {
  constexpr std::string_view kMark = ";base64,";
  if (text.starts_with("data:"))
    if (const auto at = text.substr(0, 128).find(kMark); at != std::string_view::npos)
      text.remove_prefix(at + kMark.size());
  return decode_base64(text, most);
}

Checked<std::string> picture_bytes(const Call& call, const std::string& name) {
  const auto part = std::ranges::find(call.form, name, &FormPart::name);
  if (part != call.form.end()) return std::string(part->content);
  auto bytes =
      bytes_of_base64(call.body.at(name).get_ref<const std::string&>(), call.service.faces().limits().decode.max_bytes);
  if (bytes) return *std::move(bytes);
  if (bytes.error().code == ErrorCode::resource_limit) return problem("picture_too_large", bytes.error().message);
  return problem("body_not_valid", "/" + name + ": " + bytes.error().message);
}

Problem picture_problem(const Error& error) {
  switch (error.code) {
    case ErrorCode::unsupported: return problem("picture_type_not_supported", error.message);
    case ErrorCode::resource_limit: return problem("picture_too_large", error.message);
    case ErrorCode::corrupt_data:
    case ErrorCode::invalid_argument: return problem("picture_not_readable", error.message);
    default: return problem_of(error);
  }
}

Checked<engine::SeenPicture> look_at_bytes(Call& call, std::string_view bytes, const std::string& name,
                                           const LookWanted& wanted) {
  auto seen = call.service.faces().look(bytes, name, wanted, call.request.stop);
  if (!seen && seen.error().code == ErrorCode::resource_limit)
    return problem("server_busy", seen.error().message, kRetryWhenBusy);
  if (!seen) return seen.error();
  call.service.counters().looked(1, seen->faces.size());
  call.pictures_seen += 1;
  call.faces_seen += std::ssize(seen->faces);
  return *std::move(seen);
}

Checked<engine::SeenPicture> look_at(Call& call, const std::string& name, const LookWanted& wanted) {
  VULTUS_TRY(const std::string bytes, picture_bytes(call, name));
  VULTUS_TRY(engine::SeenPicture seen, look_at_bytes(call, bytes, name, wanted));
  if (!seen.error) return seen;
  Refusal refusal{.problem = picture_problem(*seen.error), .for_log = seen.error->message};
  return refusal;
}

}  // namespace vultus::server

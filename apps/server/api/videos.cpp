#include <apps/server/api/videos.hpp>

#include <algorithm>

#include <apps/server/api/pictures.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {

Checked<std::shared_ptr<const ScratchFile>> received_video(const Call& call) {
  const auto part = std::ranges::find(call.form, "video", &FormPart::name);
  std::string decoded;
  if (part == call.form.end()) {
    auto bytes = bytes_of_base64(call.body.at("video").get_ref<const std::string&>(),
                                 call.service.faces().limits().max_video_bytes);
    if (!bytes) return problem("body_not_valid", "/video: " + bytes.error().message);
    decoded = *std::move(bytes);
  }
  auto file = ScratchFile::write(call.service.scratch(), ".video",
                                 part == call.form.end() ? std::string_view(decoded) : part->content);
  if (!file) return Error{file.error().code, call.service.without_places(file.error().message)};
  return *std::move(file);
}

std::string said_of_video(std::string message, const std::filesystem::path& file, const Service& service) {
  const std::string place = file.string();
  for (std::size_t at = message.find(place); at != std::string::npos; at = message.find(place))
    message.replace(at, place.size(), "video");
  return service.without_places(std::move(message));
}

}  // namespace vultus::server

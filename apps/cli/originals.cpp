#include <apps/cli/originals.hpp>

#include <optional>
#include <system_error>

#include <sys/stat.h>

#include <vultus/media/content.hpp>
#include <vultus/media/video.hpp>

namespace vultus::cli {
namespace {

std::optional<std::pair<std::uint64_t, std::uint64_t>> file_id(const char* path) {
  struct stat about {};
  if (::stat(path, &about) != 0 || S_ISDIR(about.st_mode)) return std::nullopt;
  return std::pair<std::uint64_t, std::uint64_t>(about.st_dev, about.st_ino);
}

}  // namespace

Originals::Originals(std::span<const std::string> names) {
  for (const std::string& name : names) add(name);
}

Originals::Originals(std::span<const media::Input> inputs) {
  for (const media::Input& input : inputs)
    if (!input.standard_input) add(input.path);
}

void Originals::add(const std::string& name) {
  if (const auto id = file_id(name.c_str())) files_.insert(*id);
}

void Originals::add_pictures(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::recursive_directory_iterator at(folder, std::filesystem::directory_options::skip_permission_denied,
                                                   failed);
  for (const std::filesystem::recursive_directory_iterator end; !failed && at != end; at.increment(failed))
    add_if_named(at->path().string());
}

void Originals::add_video(const std::string& name) {
  if (media::is_stream_name(name)) return;
  add(name);
  const std::filesystem::path path(name);
  std::error_code failed;
  std::filesystem::path folder;
  if (std::filesystem::is_directory(path, failed)) {
    folder = path;
  } else if (name.find('%') != std::string::npos) {
    folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  }
  if (folder.empty()) return;
  std::filesystem::directory_iterator at(folder, failed);
  for (const std::filesystem::directory_iterator end; !failed && at != end; at.increment(failed))
    add_if_named(at->path().string());
  for (const std::string& video : media::videos_in(folder.string(), false)) add(video);
}

void Originals::add_if_named(const std::string& path) {
  if (media::has_picture_name(path) || media::has_video_name(path)) add(path);
}

bool Originals::contains(const std::filesystem::path& path) const {
  const auto id = file_id(path.c_str());
  return id && files_.contains(*id);
}

Status Originals::spare(const std::filesystem::path& output, std::string_view option) const {
  if (!contains(output)) return {};
  return fail(ErrorCode::invalid_argument,
              output.string() + ": is an input, and what is written would replace it; name another place with " +
                  std::string(option));
}

Status has_place(const std::filesystem::path& file, std::string_view option) {
  if (file.empty()) return {};
  std::error_code failed;
  if (std::filesystem::is_directory(file, failed))
    return fail(ErrorCode::invalid_argument, file.string() + ": is a folder; name a file with " + std::string(option));
  const std::filesystem::path folder = file.parent_path();
  if (folder.empty() || std::filesystem::is_directory(folder, failed)) return {};
  return fail(ErrorCode::not_found, file.string() + ": cannot be written: no folder " + folder.string());
}

}  // namespace vultus::cli

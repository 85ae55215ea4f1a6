#include <vultus/media/inputs.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include <sys/stat.h>

#include <vultus/media/file.hpp>
#include <vultus/media/numbered.hpp>
#include <vultus/media/system_error.hpp>
#include <vultus/media/video_pipe.hpp>
#include <vultus/media/wildcards.hpp>

namespace vultus::media {
namespace {

/// What a file is, whatever names lead to it.
using FileId = std::pair<dev_t, ino_t>;

struct Found {
  FileId id;
  bool folder = false;
  bool pipe = false;
};

Result<Found> look_at(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0)
    return Found{{info.st_dev, info.st_ino}, S_ISDIR(info.st_mode), S_ISFIFO(info.st_mode)};
  const int reason = errno;
  if (reason == ENOENT && ::lstat(path.c_str(), &info) == 0)
    return fail(ErrorCode::not_found, path + ": a symbolic link to something that is not there");
  return system_failure(path, "cannot read", reason);
}

std::string joined(const std::string& folder, const std::string& name) {
  if (folder.empty() || folder.back() == '/') return folder + name;
  return folder + '/' + name;
}

/// Names in a folder, sorted by their bytes.
Result<std::vector<std::string>> names_in(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> names;
  std::filesystem::directory_iterator at(folder.empty() ? "." : folder, error);
  for (const std::filesystem::directory_iterator end; !error && at != end; at.increment(error))
    names.push_back(at->path().filename().string());
  if (error) return system_failure(folder, "cannot list the folder", error.value());
  std::ranges::sort(names);
  return names;
}

constexpr std::array<std::string_view, 15> kEndings{"jpg",  "jpeg", "png",  "webp", "tif", "tiff", "gif", "heic",
                                                    "heif", "hif",  "avif", "bmp",  "pbm", "pgm",  "ppm"};

bool is_hidden(const std::string& name) { return name.starts_with('.'); }

std::vector<std::string> components_of(const std::string& path) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (at < path.size()) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    if (slash > at) parts.push_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  return parts;
}

/// Builds the list, one name after the other.
class Expansion {
 public:
  explicit Expansion(const InputOptions& options) : options_(options) {
    if (options_.within.empty()) return;
    if (const Result<Found> found = look_at(options_.within)) around_.emplace_back(found->id, options_.within);
  }
  void add(const std::string& name);
  InputList take() && { return std::move(list_); }

 private:
  void refuse(const std::string& path, Error error) { list_.errors.push_back({path, std::move(error)}); }
  void take_file(const std::string& path, const FileId& id);
  void take_folder(const std::string& path, const FileId& id);
  void take_match(const std::string& path, bool pictures_only);
  void walk(const std::string& folder, const FileId& id);
  bool leads_back(const std::string& path, const FileId& id);
  void add_pattern(const std::string& pattern);
  void add_numbered(const std::string& pattern);
  void match(const std::string& base, std::span<const std::string> parts);
  void match_any_depth(const std::string& base, std::span<const std::string> parts);

  InputOptions options_;
  InputList list_;
  bool standard_input_ = false;
  std::set<FileId> files_;
  std::size_t met_ = 0;  // pictures met for the present name, known ones included
  // Folders around the present one, and all that were entered for the present name.
  std::vector<std::pair<FileId, std::string>> around_;
  std::set<FileId> entered_;
  std::size_t unentered_ = 0;
  // Places of ** that were expanded: links can lead to one folder on any number of ways.
  std::set<std::pair<FileId, std::size_t>> expanded_;
};

void Expansion::add(const std::string& name) {
  entered_.clear();
  expanded_.clear();
  met_ = 0;
  unentered_ = 0;
  if (name.empty()) return refuse(name, fail(ErrorCode::invalid_argument, "an empty file name"));
  if (name == "-") {
    if (!std::exchange(standard_input_, true)) list_.inputs.push_back({name, true});
    return;
  }
  const Result<Found> found = look_at(name);
  if (found && found->folder) return take_folder(name, found->id);
  if (found) return take_file(name, found->id);
  if (found.error().code == ErrorCode::not_found && has_wildcards(name)) return add_pattern(name);
  if (found.error().code == ErrorCode::not_found && name.find('%') != std::string::npos) return add_numbered(name);
  refuse(name, found.error());
}

void Expansion::take_file(const std::string& path, const FileId& id) {
  ++met_;
  if (files_.insert(id).second) list_.inputs.push_back({path, false});
}

void Expansion::take_folder(const std::string& path, const FileId& id) {
  const std::size_t errors = list_.errors.size();
  if (!leads_back(path, id)) walk(path, id);
  if (met_ > 0 || list_.errors.size() > errors) return;
  std::string message = path + ": no picture (" + picture_endings() + ") in this folder";
  if (unentered_ > 0) message += "; " + std::to_string(unentered_) + " folder(s) in it were not entered";
  refuse(path, fail(ErrorCode::not_found, message));
}

bool Expansion::leads_back(const std::string& path, const FileId& id) {
  const auto same = std::ranges::find(around_, id, &std::pair<FileId, std::string>::first);
  if (same == around_.end()) return false;
  refuse(path,
         fail(ErrorCode::invalid_argument, path + ": a symbolic link back to " + same->second + ", not followed"));
  return true;
}

void Expansion::walk(const std::string& folder, const FileId& id) {
  if (!entered_.insert(id).second) return;
  const Result<FolderContent> content = list_folder(folder);
  if (!content) return refuse(folder, content.error());
  around_.emplace_back(id, folder);
  for (const InputError& error : content->errors)
    if (options_.recursive || has_picture_name(error.path)) list_.errors.push_back(error);
  for (const std::string& name : content->pictures) {
    const std::string path = joined(folder, name);
    const Result<Found> found = look_at(path);
    if (found && found->pipe)
      refuse(path, fail(ErrorCode::invalid_argument, path + ": a pipe, not a file; by its own name it is read"));
    else if (found)
      take_file(path, found->id);
  }
  if (!options_.recursive) unentered_ += content->folders.size();
  for (const std::string& name : content->folders) {
    if (!options_.recursive) break;
    const std::string path = joined(folder, name);
    const Result<Found> found = look_at(path);
    if (!found)
      refuse(path, found.error());
    else if (!leads_back(path, found->id))
      walk(path, found->id);
  }
  around_.pop_back();
}

void Expansion::add_pattern(const std::string& pattern) {
  const std::size_t errors = list_.errors.size();
  const std::vector<std::string> parts = components_of(pattern);
  match(pattern.starts_with('/') ? "/" : "", parts);
  if (met_ > 0 || list_.errors.size() > errors) return;
  refuse(pattern, fail(ErrorCode::not_found, pattern + ": no file matches this pattern"));
}

void Expansion::add_numbered(const std::string& pattern) {
  const Result<Numbered> numbered = Numbered::of(pattern);
  if (!numbered) return refuse(pattern, numbered.error());
  const std::vector<std::int64_t> numbers = numbered->there();
  if (numbers.empty())
    return refuse(pattern, fail(ErrorCode::not_found, pattern + ": no picture " + numbered->name(1)));
  for (const std::int64_t number : numbers) {
    const std::string path = numbered->name(number);
    if (const Result<Found> found = look_at(path)) take_file(path, found->id);
  }
}

void Expansion::take_match(const std::string& path, bool pictures_only) {
  const Result<Found> found = look_at(path);
  if (!found) return;
  if (found->folder) {
    if (!pictures_only) take_folder(path, found->id);
    return;
  }
  if (!pictures_only || has_picture_name(path)) take_file(path, found->id);
}

void Expansion::match(const std::string& base, std::span<const std::string> parts) {
  const std::string& part = parts.front();
  const bool last = parts.size() == 1;
  if (part == "**") return match_any_depth(base, parts);
  if (!has_wildcards(part)) {
    const std::string path = joined(base, part);
    if (last) return take_match(path, false);
    if (look_at(path)) match(path, parts.subspan(1));
    return;
  }
  const Result<std::vector<std::string>> names = names_in(base);
  if (!names) {
    if (names.error().code == ErrorCode::resource_limit) refuse(base, names.error());
    return;
  }
  for (const std::string& name : *names) {
    if (!matches_wildcards(part, name)) continue;
    if (last)
      take_match(joined(base, name), false);
    else
      match(joined(base, name), parts.subspan(1));
  }
}

void Expansion::match_any_depth(const std::string& base, std::span<const std::string> parts) {
  const Result<Found> here = look_at(base.empty() ? "." : base);
  if (!here || !here->folder || leads_back(base, here->id)) return;
  if (!expanded_.emplace(here->id, parts.size()).second) return;
  const Result<std::vector<std::string>> names = names_in(base);
  if (!names) return refuse(base, names.error());
  around_.emplace_back(here->id, base);
  const bool last = parts.size() == 1;
  if (!last) match(base, parts.subspan(1));
  for (const std::string& name : *names) {
    if (is_hidden(name)) continue;
    const std::string path = joined(base, name);
    const Result<Found> found = look_at(path);
    if (found && found->folder)
      match(path, parts);
    else if (found && last)
      take_match(path, true);
  }
  around_.pop_back();
}

}  // namespace

Status read_input_into(const Input& input, std::size_t max_bytes, std::vector<std::uint8_t>& into) {
  if (input.standard_input) {
    VULTUS_TRY(into, read_standard_input(max_bytes));
    return {};
  }
  if (is_named_pipe(input.path)) return read_pipe_into(input.path, max_bytes, into);
  return read_file_into(input.path, max_bytes, into);
}

Result<std::vector<std::uint8_t>> read_input(const Input& input, std::size_t max_bytes) {
  std::vector<std::uint8_t> bytes;
  VULTUS_CHECK(read_input_into(input, max_bytes, bytes));
  return bytes;
}

std::string picture_endings() {
  std::string list;
  for (const std::string_view ending : kEndings) list.append(list.empty() ? "" : ", ").append(ending);
  return list;
}

bool has_picture_name(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view ending = path.substr(dot + 1);
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::any_of(kEndings,
                             [&](std::string_view known) { return std::ranges::equal(ending, known, {}, lower); });
}

Result<FolderContent> list_folder(const std::string& path) {
  VULTUS_TRY(const std::vector<std::string> names, names_in(path));
  FolderContent content;
  for (const std::string& name : names) {
    if (is_hidden(name)) continue;
    const std::string full = joined(path, name);
    const Result<Found> found = look_at(full);
    if (!found)
      content.errors.push_back({full, found.error()});
    else if (found->folder)
      content.folders.push_back(name);
    else if (has_picture_name(name))
      content.pictures.push_back(name);
  }
  return content;
}

InputList expand_inputs(std::span<const std::string> names, const InputOptions& options) {
  Expansion expansion(options);
  for (const std::string& name : names) expansion.add(name);
  return std::move(expansion).take();
}

}  // namespace vultus::media

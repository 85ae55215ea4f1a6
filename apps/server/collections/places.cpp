#include <apps/server/collections/places.hpp>

#include <algorithm>
#include <set>
#include <system_error>

#include <apps/server/collections/collection_name.hpp>

namespace vultus::server {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kGalleryEnding = ".vgal";
constexpr std::string_view kNameInUrl = "{collection}";

constexpr std::size_t kMaxSchemaName = 63;

/// A schema's name has only a-z, 0-9 and _: what stands for the other letters stands for nothing else.
std::string schema_of(const std::string& name) {
  std::string schema = "c_";
  for (const char c : name) {
    if (c == '-')
      schema += "_m";
    else if (c == '_')
      schema += "__";
    else
      schema += c;
  }
  return schema;
}

}  // namespace

Status check_url_for_all(const std::string& all) {
  if (all.find(kNameInUrl) == std::string::npos && all.find("options=") != std::string::npos)
    return fail(
        ErrorCode::invalid_argument,
        "a database for all collections has a URL without options=, because each collection's schema goes there");
  return {};
}

Result<std::string> url_of_collection(const std::string& all, const std::string& name) {
  std::string url = all;
  if (const auto at = url.find(kNameInUrl); at != std::string::npos) return url.replace(at, kNameInUrl.size(), name);
  const std::string schema = schema_of(name);
  if (schema.size() > kMaxSchemaName)
    return fail(ErrorCode::invalid_argument, "the name of collection " + name +
                                                 " is too long for a schema: " + std::to_string(schema.size()) +
                                                 " letters, 63 are allowed (- and _ "
                                                 "count twice)");
  return url + (url.find('?') == std::string::npos ? "?" : "&") + "options=-cvultus.schema%3D" + schema;
}

Result<bool> Places::is_noted(const std::string& name) const {
  {
    const std::scoped_lock lock(lock_);
    if (noted_.contains(name)) return true;
  }
  VULTUS_TRY(const bool noted, state_.has_collection(name));
  const std::scoped_lock lock(lock_);
  if (noted) noted_.insert(name);
  return noted;
}

Result<Place> Places::find(const std::string& name) const {
  if (!is_collection_name(name)) return fail(ErrorCode::not_found, "there is no collection of this name");
  if (const auto at = named_.find(name); at != named_.end())
    return Place{.kind = Place::Kind::server, .path = at->second, .known = true};
  if (!all_.empty()) {
    VULTUS_TRY(const bool noted, is_noted(name));
    VULTUS_TRY(const std::string url, url_of_collection(all_, name));
    return Place{.kind = Place::Kind::server, .path = url, .known = noted};
  }
  Place place{.kind = Place::Kind::file, .path = folder_ / (name + std::string(kGalleryEnding))};
  std::error_code failed;
  place.known = fs::is_regular_file(fs::symlink_status(place.path, failed));
  return place;
}

Result<std::vector<std::string>> Places::names() const {
  std::set<std::string> names;
  for (const auto& [name, url] : named_)
    if (is_collection_name(name)) names.insert(name);
  if (!all_.empty()) {
    VULTUS_TRY(const auto noted, state_.collections());
    names.insert(noted.begin(), noted.end());
    return std::vector<std::string>(names.begin(), names.end());
  }
  std::error_code failed;
  for (fs::directory_iterator at(folder_, failed), end; !failed && at != end; at.increment(failed)) {
    const std::string name = at->path().stem().string();
    std::error_code ignored;
    if (at->path().extension() == kGalleryEnding && is_collection_name(name) &&
        fs::is_regular_file(at->symlink_status(ignored)))
      names.insert(name);
  }
  if (failed) return fail(ErrorCode::resource_limit, folder_.string() + ": " + failed.message());
  return std::vector<std::string>(names.begin(), names.end());
}

Status Places::note_made(const std::string& name, const Place& place, std::int64_t when) {
  if (place.kind == Place::Kind::file || named_.contains(name)) return {};
  return state_.add_collection(name, when);
}

Status Places::remove(const std::string& name) {
  VULTUS_TRY(const Place place, find(name));
  if (place.kind == Place::Kind::server)
    return fail(ErrorCode::unsupported,
                "collection " + name + " lies on a server: its database is to be dropped there");
  // A name has no dot, so that no other collection begins like this.
  const std::string begin = place.path.filename().string();
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator at(folder_, failed), end; !failed && at != end; at.increment(failed))
    if (at->path().filename().string().starts_with(begin)) files.push_back(at->path());
  if (failed) return fail(ErrorCode::resource_limit, folder_.string() + ": " + failed.message());
  std::ranges::sort(files, {}, [](const fs::path& file) { return file.extension() != ".keys"; });
  for (const fs::path& file : files)
    if (!fs::remove(file, failed) && failed)
      return fail(ErrorCode::resource_limit, file.filename().string() + ": " + failed.message());
  return {};
}

}  // namespace vultus::server

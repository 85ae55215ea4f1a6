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

std::string url_for(std::string url, const std::string& name) {
  if (const auto at = url.find(kNameInUrl); at != std::string::npos) url.replace(at, kNameInUrl.size(), name);
  return url;
}

}  // namespace

Result<bool> Places::is_noted(const std::string& name) const {
  return database_.with([&](sqlite::Database& database) -> Result<bool> {
    VULTUS_TRY(sqlite::Statement row, database.prepare("SELECT 1 FROM collections WHERE name = ?"));
    row.bind(1, std::string_view(name));
    return row.step();
  });
}

Result<Place> Places::find(const std::string& name) const {
  if (!is_collection_name(name)) return fail(ErrorCode::not_found, "there is no collection of this name");
  if (const auto at = named_.find(name); at != named_.end())
    return Place{.kind = Place::Kind::server, .path = at->second, .known = true};
  if (!all_.empty()) {
    VULTUS_TRY(const bool noted, is_noted(name));
    return Place{.kind = Place::Kind::server, .path = url_for(all_, name), .known = noted};
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
    VULTUS_CHECK(database_.with([&](sqlite::Database& database) -> Status {
      VULTUS_TRY(sqlite::Statement row, database.prepare("SELECT name FROM collections"));
      for (;;) {
        VULTUS_TRY(const bool more, row.step());
        if (!more) return {};
        names.insert(row.text(0));
      }
    }));
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
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement add,
               database.prepare("INSERT INTO collections(name, created) VALUES(?,?) ON CONFLICT DO NOTHING"));
    add.bind(1, std::string_view(name)).bind(2, when);
    return add.run();
  });
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

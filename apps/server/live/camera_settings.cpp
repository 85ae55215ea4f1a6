#include <apps/server/live/camera_settings.hpp>

#include <algorithm>
#include <set>
#include <system_error>

#include <vultus/media/video.hpp>

namespace vultus::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFilePrefix = "file:";
constexpr std::size_t kMostFileName = 1024;

Error outside(const std::string& name, const std::string& why) {
  return fail(ErrorCode::invalid_argument, std::string(kFilePrefix) + name + ": " + why);
}

}  // namespace

bool Zone::holds(Point2f at) const {
  bool inside = false;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const Point2f a = polygon[i];
    const Point2f b = polygon[j];
    if ((a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

Result<CameraSource> camera_source_from(const std::string& text) {
  if (text.starts_with(kFilePrefix)) {
    const std::string name = text.substr(kFilePrefix.size());
    if (name.empty() || name.size() > kMostFileName) return outside(name.substr(0, 40), "the name has 1 to 1024 bytes");
    return CameraSource(FileSource{name});
  }
  if (media::is_camera_name(text) && text.starts_with("camera:")) return CameraSource(DeviceSource{text});
  if (text.find("://") == std::string::npos)
    return fail(ErrorCode::invalid_argument,
                "a source is an address (rtsp://, rtsps://, http://, https://), file:NAME or "
                "camera:NUMBER");
  VULTUS_TRY(TargetUrl url, target_url_from(text));
  return CameraSource(std::move(url));
}

std::string shown_source(const CameraSource& source) {
  if (const auto* file = std::get_if<FileSource>(&source)) return std::string(kFilePrefix) + file->name;
  if (const auto* device = std::get_if<DeviceSource>(&source)) return device->name;
  return std::get<TargetUrl>(source).shown();
}

Result<fs::path> camera_file(const fs::path& folder, const std::string& name) {
  if (folder.empty()) return outside(name, "no folder of camera files is configured (--camera-folder)");
  const fs::path wanted(name);
  if (wanted.is_absolute() || name.find('\0') != std::string::npos ||
      std::ranges::any_of(wanted, [](const fs::path& part) { return part == ".." || part == "."; }))
    return outside(name, "must be a name below the folder, without ..");
  std::error_code failed;
  const fs::path root = fs::canonical(folder, failed);
  if (failed) return fail(ErrorCode::not_found, "the folder of camera files is not there");
  const fs::path file = fs::canonical(root / wanted, failed);
  if (failed) return fail(ErrorCode::not_found, std::string(kFilePrefix) + name + ": no such file");
  if (std::mismatch(root.begin(), root.end(), file.begin(), file.end()).first != root.end())
    return outside(name, "leads out of the folder");
  if (!fs::is_regular_file(file, failed)) return outside(name, "is no file");
  return file;
}

Json rules_json(const CameraRules& rules) {
  Json zones = Json::array();
  for (const Zone& zone : rules.zones) {
    Json polygon = Json::array();
    for (const Point2f& corner : zone.polygon)
      polygon.push_back({cli::number_json(double{corner.x}, 6), cli::number_json(double{corner.y}, 6)});
    zones.push_back({{"name", zone.name}, {"polygon", std::move(polygon)}});
  }
  return {{"zones", std::move(zones)},
          {"minimum_face_px", rules.minimum_face_px},
          {"once_per_visit_s", rules.once_per_visit_s}};
}

Result<CameraRules> rules_from(const Json& json, CameraRules before) {
  CameraRules rules = std::move(before);
  if (!json.is_object()) return rules;
  rules.minimum_face_px = json.value("minimum_face_px", rules.minimum_face_px);
  rules.once_per_visit_s = json.value("once_per_visit_s", rules.once_per_visit_s);
  if (!json.contains("zones")) return rules;
  rules.zones.clear();
  std::set<std::string> names;
  for (const Json& one : json.at("zones")) {
    Zone zone{.name = one.at("name").get<std::string>(), .polygon = {}};
    if (!names.insert(zone.name).second)
      return fail(ErrorCode::invalid_argument, "/rules/zones: two zones are called " + zone.name);
    for (const Json& corner : one.at("polygon"))
      zone.polygon.push_back({corner.at(0).get<float>(), corner.at(1).get<float>()});
    rules.zones.push_back(std::move(zone));
  }
  return rules;
}

}  // namespace vultus::server

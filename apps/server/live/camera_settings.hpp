// What a camera is told: where it is, whose faces it looks for, and what is worth an event.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/result.hpp>
#include <vultus/gallery/utc_time.hpp>

#include <apps/server/live/target_url.hpp>
#include <apps/server/openapi/json_schema.hpp>

namespace vultus::server {

/// A part of the picture. A face is in it when the centre of its box is.
struct Zone {
  std::string name;
  std::vector<Point2f> polygon;  ///< 3 to 64 corners, shares of width and height, [0, 1]

  /// By the rule of even and odd crossings. @param at  shares of width and height
  [[nodiscard]] bool holds(Point2f at) const;
  bool operator==(const Zone&) const = default;
};

struct CameraRules {
  std::vector<Zone> zones;       ///< none = the whole picture counts; the first that holds a face is told
  double minimum_face_px = 0;    ///< of the shorter side of a face's box
  double once_per_visit_s = 60;  ///< a person not seen for longer is on a new visit
  bool operator==(const CameraRules&) const = default;
};

/// A file below the camera folder, plays at its own pace.
struct FileSource {
  std::string name;
  bool operator==(const FileSource&) const = default;
};
/// A device of this machine: "camera:0".
struct DeviceSource {
  std::string name;
  bool operator==(const DeviceSource&) const = default;
};
using CameraSource = std::variant<FileSource, DeviceSource, TargetUrl>;

/// "file:NAME", "camera:0", or an address with rtsp, rtsps, http or https.
/// @error invalid_argument  none of these
[[nodiscard]] Result<CameraSource> camera_source_from(const std::string& text);
/// Without user name, password and query.
[[nodiscard]] std::string shown_source(const CameraSource& source);

/// The file of a name, which must lie in the folder, also by its links.
/// @error invalid_argument  no folder is configured, or the name leads out of it; not_found  no such file
[[nodiscard]] Result<std::filesystem::path> camera_file(const std::filesystem::path& folder, const std::string& name);

struct CameraSettings {
  std::string id;
  std::string name;
  std::string source;  ///< as it was written, with its password
  std::string collection;
  bool enabled = true;
  bool loop = false;          ///< a file begins again at its end
  bool require_live = false;  ///< nobody is named whose face is not judged live
  CameraRules rules;
  UtcTime created{};
  bool operator==(const CameraSettings&) const = default;
};

[[nodiscard]] Json rules_json(const CameraRules& rules);
/// @param json  follows the schema CameraRules; what is not named is as in `before`
/// @error invalid_argument  two zones of one name
[[nodiscard]] Result<CameraRules> rules_from(const Json& json, CameraRules before);

}  // namespace vultus::server

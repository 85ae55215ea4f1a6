#include <vultus/liveness/camera_thresholds.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace vultus::liveness {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::size_t kMostCameras = 10'000;
constexpr std::string_view kThresholdsFormat = "vultus liveness thresholds";

Error wrong(std::string_view origin, const std::string& what) {
  return {ErrorCode::corrupt_data, fmt::format("{}: {}", origin, what)};
}

Result<double> share(const Json& row, const char* key, double low, double high, const std::string& where) {
  const auto at = row.find(key);
  if (at == row.end() || !at->is_number()) return wrong(where, fmt::format("{} must be a number", key));
  const double value = at->get<double>();
  if (!(value >= low && value <= high))
    return wrong(where, fmt::format("{} is {}: allowed are {} to {}", key, value, low, high));
  return value;
}

Result<std::size_t> count(const Json& row, const char* key, const std::string& where) {
  constexpr double kMost = 1e12;
  VULTUS_TRY(const double value, share(row, key, 0, kMost, where));
  if (value != std::floor(value)) return wrong(where, fmt::format("{} must be a whole number", key));
  return static_cast<std::size_t>(value);
}

Result<CameraThreshold> camera_of(const Json& row, const std::string& where) {
  if (!row.is_object()) return wrong(where, "must be an object");
  CameraThreshold camera;
  VULTUS_TRY(camera.threshold, share(row, "threshold", 1e-9, 1 - 1e-9, where));
  VULTUS_TRY(camera.bpcer, share(row, "bpcer", 0, 1, where));
  VULTUS_TRY(camera.live, count(row, "live", where));
  VULTUS_TRY(camera.attacks, count(row, "attacks", where));
  if (const auto at = row.find("apcer"); at != row.end() && !at->is_null()) {
    VULTUS_TRY(camera.apcer, share(row, "apcer", 0, 1, where));
  }
  const auto planted = row.find("planted");
  if (planted == row.end() || !planted->is_boolean()) return wrong(where, "planted must be true or false");
  camera.planted = planted->get<bool>();
  if (const auto at = row.find("network"); at != row.end()) {
    if (!at->is_string() || at->get_ref<const std::string&>().empty()) return wrong(where, "network must be a name");
    camera.network = at->get<std::string>();
  }
  return camera;
}

/// The highest threshold at which a score is called live.
Result<double> highest_that_passes(double score, double margin) {
  const double at = log_odds(score) - margin;
  Policy policy{.threshold = probability_of(at), .margin = margin};
  // Log-odds of the rounded threshold may lie a little higher, above all near 1.
  double less = 1e-15;
  while (check(policy) && judged(score, policy) != Reason::live) {
    policy.threshold = probability_of(at - less);
    less *= 2;
  }
  if (!check(policy))
    return fail(ErrorCode::invalid_argument,
                fmt::format("live faces that have to pass score {:.3g}: no threshold lies so far below", score));
  return policy.threshold;
}

}  // namespace

Result<double> threshold_at_bpcer(std::span<const double> live, double bpcer, double margin) {
  if (!(bpcer > 0 && bpcer <= 0.5))
    return fail(ErrorCode::invalid_argument, fmt::format("wanted BPCER {}: above 0 and at most 0.5", bpcer));
  VULTUS_CHECK(check(Policy{.margin = margin}));
  const double needed = std::ceil(3 / bpcer * (1 - 1e-12));
  if (static_cast<double>(live.size()) < needed)
    return fail(ErrorCode::invalid_argument,
                fmt::format("a BPCER of {} needs at least {} live faces, got {}", bpcer, needed, live.size()));
  std::vector<double> rising(live.begin(), live.end());
  for (const double score : rising)
    if (!(score >= 0 && score <= 1))
      return fail(ErrorCode::invalid_argument, fmt::format("live score {}: allowed are 0 to 1", score));
  std::ranges::sort(rising);
  return highest_that_passes(rising[static_cast<std::size_t>(bpcer * static_cast<double>(rising.size()) * (1 + 1e-12))],
                             margin);
}

Result<CameraThresholds> parse_camera_thresholds(std::string_view json, std::string_view origin) {
  if (json.size() > kMostBytes) return wrong(origin, "is larger than 1 MiB");
  const Json all = Json::parse(json.begin(), json.end(), nullptr, false);
  if (!all.is_object()) return wrong(origin, "is no JSON object");
  const auto format = all.find("format");
  if (format == all.end() || !format->is_string() || format->get_ref<const std::string&>() != kThresholdsFormat)
    return wrong(origin, fmt::format("is no file of \"{}\"", kThresholdsFormat));
  const auto version = all.find("version");
  if (version == all.end() || !version->is_number_integer()) return wrong(origin, "version must be a number");
  if (version->get<double>() != 1)
    return fail(ErrorCode::unsupported,
                fmt::format("{}: version {} is not known to this program", origin, version->get<double>()));
  const auto cameras = all.find("cameras");
  if (cameras == all.end() || !cameras->is_object()) return wrong(origin, "cameras must be an object");
  if (cameras->size() > kMostCameras) return wrong(origin, "holds more than 10000 cameras");
  CameraThresholds read;
  for (const auto& [name, row] : cameras->items()) {
    VULTUS_TRY(const CameraThreshold camera, camera_of(row, fmt::format("{}: camera \"{}\"", origin, name)));
    read.insert_or_assign(name, camera);
  }
  return read;
}

std::string to_json(const CameraThresholds& cameras) {
  Json all;
  all["format"] = kThresholdsFormat;
  all["version"] = 1;
  all["cameras"] = Json::object();
  for (const auto& [name, camera] : cameras)
    all["cameras"][name] = {{"threshold", camera.threshold},
                            {"bpcer", camera.bpcer},
                            {"live", camera.live},
                            {"attacks", camera.attacks},
                            {"apcer", camera.apcer ? Json(*camera.apcer) : Json(nullptr)},
                            {"planted", camera.planted},
                            {"network", camera.network}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<CameraThreshold> threshold_of(const CameraThresholds& cameras, std::string_view name) {
  const auto at = cameras.find(name);
  if (at != cameras.end()) return at->second;
  std::string known;
  for (const auto& [other, camera] : cameras) known += (known.empty() ? "" : ", ") + other;
  return fail(ErrorCode::not_found,
              fmt::format("no threshold of camera \"{}\"; known are: {}", name, known.empty() ? "none" : known));
}

}  // namespace vultus::liveness

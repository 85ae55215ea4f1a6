// A threshold for each camera, chosen on what that camera sees, and the file they are kept in.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/liveness/reading.hpp>

namespace vultus::liveness {

/// What was chosen for a camera, and what it was chosen on.
struct CameraThreshold {
  double threshold = 0.5;           ///< score of live, (0, 1)
  double bpcer = 0;                 ///< share of its live pictures that are not called live at it, [0, 1]
  std::size_t live = 0;             ///< live pictures that were scored
  std::size_t attacks = 0;          ///< attacks that were scored; 0 = nobody attacked this camera
  std::optional<double> apcer;      ///< of the kind of attack that passes most often, [0, 1]; none without attacks
  bool planted = false;             ///< the attacks were planted, not real ones
  std::string network = "passive";  ///< whose scores these are, see face_judge.hpp
  bool operator==(const CameraThreshold&) const = default;
};

/// By the name of the camera.
using CameraThresholds = std::map<std::string, CameraThreshold, std::less<>>;

/// The highest threshold at which at most a share of live people is not called live: it lies below the last score that
/// has to pass by the margin, because what lies within the margin is `uncertain` and gets no name either.
/// @param live    scores of live pictures of the camera, [0, 1]
/// @param bpcer   wanted, (0, 0.5]
/// @param margin  of the policy that the threshold is for, log-odds, [0, 10]
/// @return in (0, 1)
/// @error invalid_argument  bpcer or margin outside its range, a score outside [0, 1], fewer pictures than 3 / bpcer
/// (with no error in n trials the 95 % upper bound is about 3 / n), or scores so near 0 that no threshold passes them
/// @source rule of three; the share is BPCER of ISO/IEC 30107-3:2023
[[nodiscard]] Result<double> threshold_at_bpcer(std::span<const double> live, double bpcer,
                                                double margin = Policy{}.margin);

/// @param json    text of a thresholds file, at most 1 MiB
/// @param origin  its name, for messages
/// @error corrupt_data  not JSON, a field missing or of the wrong kind, a number outside its range
/// @error unsupported   a version newer than this program
/// @thread safe, no state
[[nodiscard]] Result<CameraThresholds> parse_camera_thresholds(std::string_view json, std::string_view origin);
/// The text of the file.
[[nodiscard]] std::string to_json(const CameraThresholds& cameras);

/// The threshold of a camera.
/// @error not_found  no such camera; the message names those that are known
[[nodiscard]] Result<CameraThreshold> threshold_of(const CameraThresholds& cameras, std::string_view name);

}  // namespace vultus::liveness

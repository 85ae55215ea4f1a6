// What is said of a face: live, a spoof, or why nothing can be said.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::liveness {

/// The answer.
enum class Decision : std::uint8_t {
  live,     ///< a person
  spoof,    ///< a print, a screen or a mask
  unknown,  ///< nothing can be said
};
/// "live", "spoof" or "unknown".
[[nodiscard]] std::string_view name_of(Decision decision);

/// Why the answer is what it is.
enum class Reason : std::uint8_t {
  live,               ///< the score lies above the threshold, by more than the margin
  spoof,              ///< below it, by more than the margin
  uncertain,          ///< within the margin
  too_small,          ///< the face has too few pixels
  too_dark,           ///< the face has too little light
  too_bright,         ///< the face has too much light
  networks_disagree,  ///< one network is sure of a person and the other of a spoof
  too_few_frames,     ///< of a track: too few frames could be judged
  frames_disagree,    ///< of a track: its frames say different things
};
/// As JSON has it, e.g. "too_small".
[[nodiscard]] std::string_view name_of(Reason reason);
/// The answer that goes with a reason.
[[nodiscard]] Decision decision_of(Reason reason);

/// What the networks say, before they are weighed against each other.
struct SpoofEvidence {
  double print_replay = 0;  ///< log-odds of "live", of the small network that sees the surroundings
  double tree = 0;          ///< how much like a spoof, >= 0, of the tree that sees the face alone
  double side = 0;          ///< shorter side of the face's box, pixels: the tree is believed less on small faces
  bool operator==(const SpoofEvidence&) const = default;
};

/// Of a face in a picture, or of a track.
struct Reading {
  /// From 0 = spoof to 1 = live; none = not assessed. A probability in shape, but not a calibrated one: there are no
  /// attacks in public that it could have been fitted on (docs/liveness.md).
  std::optional<double> live;
  Reason reason = Reason::too_small;
  double threshold = 0.5;                 ///< that `live` was held against
  std::optional<SpoofEvidence> evidence;  ///< of a picture
  [[nodiscard]] Decision decision() const { return decision_of(reason); }
  bool operator==(const Reading&) const = default;
};

/// What is asked of a face before it is called live.
struct Policy {
  double threshold = 0.5;  ///< (0, 1): of the camera, see camera_thresholds.hpp
  double margin = 0.5;     ///< log-odds to either side of the threshold that are called uncertain, [0, 10]
  float smallest = 64;     ///< shorter side of the box, pixels, [16, 4096]: below it a face is not assessed
  double darkest = 25;     ///< mean grey level of the face, [0, 255]
  double brightest = 240;  ///< mean grey level of the face, [0, 255], above `darkest`
  bool operator==(const Policy&) const = default;
};
/// @error invalid_argument  an option outside its range: the message names it, the range and the value
[[nodiscard]] Status check(const Policy& policy);

/// log(p / (1 - p)). @param probability  [0, 1]; the ends are moved in by 1e-9
[[nodiscard]] double log_odds(double probability);
/// The probability of log-odds.
[[nodiscard]] double probability_of(double log_odds);

/// What each network adds to the log-odds of "live".
struct LogOddsParts {
  double print_replay = 0;  ///< half of what the network says: it is surer than it is right
  /// The tree calls many small faces of genuine portraits a spoof: there a spoof is weak evidence, and a person is
  /// strong evidence still.
  double tree = 0;
  [[nodiscard]] double sum() const { return print_replay + tree; }
};
/// @source our own: shares of genuine portraits (LFW) and clips on which each network is wrong, docs/liveness.md
[[nodiscard]] LogOddsParts parts_of(const SpoofEvidence& evidence);

/// What the networks say together, [0, 1].
[[nodiscard]] double fused(const SpoofEvidence& evidence);

/// Holds a score against the threshold of a policy.
[[nodiscard]] Reason judged(double live, const Policy& policy);
/// The same, and nothing where the networks contradict each other.
[[nodiscard]] Reason judged(const SpoofEvidence& evidence, const Policy& policy);

}  // namespace vultus::liveness

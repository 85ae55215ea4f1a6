// What of the faces before a camera is worth an event: its rules, applied.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/engine/follower.hpp>
#include <vultus/liveness/reading.hpp>

#include <apps/server/live/camera_settings.hpp>

namespace vultus::server {

enum class EventKind : std::uint8_t { known, unknown, lost };
[[nodiscard]] std::string_view name_of(EventKind kind);
[[nodiscard]] std::optional<EventKind> event_kind_from(std::string_view name);

/// What an event says of liveness, in the words of the API.
struct LivenessTold {
  std::optional<double> score;  ///< [0, 1]; empty = not assessed
  std::string decision;         ///< "live", "spoof", "unknown"
  std::string reason;
  bool operator==(const LivenessTold&) const = default;
};

/// Something that has happened before a camera.
struct Happening {
  EventKind kind = EventKind::unknown;
  TrackId track;
  std::optional<SubjectId> subject;  ///< of known and lost
  std::string name;                  ///< of the subject
  std::optional<double> similarity;  ///< to the subject, or to whom an unknown one resembles most; not measured = empty
  std::optional<double> threshold;   ///< at which it was decided; empty where it was not
  std::string zone;                  ///< empty = none
  RectF box;                         ///< pixels, where the face was last seen
  std::optional<LivenessTold> live = {};  ///< of the track so far; empty = it was not asked for
  std::vector<std::uint8_t> picture;      ///< JPEG; may be empty
};

/// What is said of a track so far; nothing = liveness is not asked for.
using LivenessOf = std::function<std::optional<liveness::Reading>(TrackId)>;

/// Where liveness is asked for, a face that is not judged live is nobody's: it is told as unknown, without whom it
/// resembles. Thread-compatible. The clock may be any that does not run backwards; it goes on from connection to
/// connection.
class Visits {
 public:
  /// A track that is surely of nobody for so long is told as unknown before it ends.
  static constexpr double kUnknownAfter = 3;  // s

  explicit Visits(CameraRules rules) : rules_(std::move(rules)) {}
  void set_rules(CameraRules rules) { rules_ = std::move(rules); }

  /// The faces of a frame. A person is told once a visit, nobody once a track.
  std::vector<Happening> see(std::span<const engine::FollowedFace> faces, int width, int height, double now_s,
                             const LivenessOf& live = {});
  /// Tracks that have ended. A person who was told is told as lost; a track without a name as unknown.
  std::vector<Happening> ended(std::span<const engine::TrackSummary> tracks, double now_s, const LivenessOf& live = {});

 private:
  struct Seen {
    double first = 0;
    RectF box;
    std::string zone;
    std::optional<Candidate> person;
    std::optional<double> threshold;
    bool told_known = false;
    bool told_unknown = false;
  };
  [[nodiscard]] bool counts(const RectF& box, int width, int height, std::string& zone) const;
  /// @return whether a visit begins
  bool visit(SubjectId subject, double now_s);

  CameraRules rules_;
  std::map<TrackId, Seen> tracks_;
  std::map<SubjectId, double> last_seen_;
};

}  // namespace vultus::server

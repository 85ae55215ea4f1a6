// Following faces through a video: detections of one moment are joined to the tracks that were there before.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/core/face.hpp>
#include <vultus/core/result.hpp>
#include <vultus/face/box_motion.hpp>

namespace vultus::face {

struct TrackerOptions {
  float min_overlap = 0.1F;       ///< [0, 1): a pair whose boxes overlap less is joined by appearance alone
  Cosine same_face{0.45F};        ///< at or above: the same person, wherever in the picture
  Cosine other_face{0.15F};       ///< below: not the same person, however well the boxes fit
  float appearance_weight = 1;    ///< of (1 - cosine) beside (1 - overlap) in a pairing's cost, [0, 3]
  int confirm_after = 3;          ///< detections that make a track one that is told, >= 1
  Seconds keep_lost{2};           ///< how long a track waits for its face to come back, > 0
  std::size_t max_tracks = 1000;  ///< alive at a time; more detections are left alone
  bool operator==(const TrackerOptions&) const = default;
};

/// @error invalid_argument  an option outside its range
[[nodiscard]] Status validate(const TrackerOptions& options);

/// What became of a detection.
struct Joined {
  TrackId track;
  bool is_new = false;     ///< the track began with it
  bool confirmed = false;  ///< the track has had enough detections to be told
  bool ambiguous = false;  ///< another track might have taken it: who it is should be looked at again
  bool operator==(const Joined&) const = default;
};

/// A track that is alive: seen now, or waiting for its face to come back.
struct LiveTrack {
  TrackId id;
  RectF box;  ///< predicted for the time of the last update or predict()
  bool confirmed = false;
  int missed = 0;  ///< updates since it was seen
};

/// Joins detections to tracks: the overlap with the box that a Kalman filter predicts, and, where that leaves a doubt
/// (crossings, a face that comes back, a cut), the embeddings. A pairing with the least total cost is chosen
/// (Hungarian assignment). Ids are never given twice. Thread-compatible; memory grows with the faces alive only.
class Tracker {
 public:
  /// Gives the template of a detection, by its place in the list; empty = not to be had. Called only in doubt.
  using Appearance = std::function<Result<std::optional<Embedding>>(std::size_t detection)>;

  explicit Tracker(const TrackerOptions& options = {}) : options_(options) {}

  /// Moves all boxes on. @param now  seconds, not before the last time
  void predict(Seconds now);
  /// Takes in the faces of a moment.
  /// @return for each detection its track; empty = too many tracks
  /// @error invalid_argument  options outside their range; else those of `appearance`
  Result<std::vector<std::optional<Joined>>> update(Seconds now, std::span<const RectF> detections,
                                                    const Appearance& appearance = nullptr);
  /// A track's box at the present time, from elsewhere than the detector: not a detection, and no sign that it is seen.
  void steer(TrackId track, const RectF& box);
  /// The picture was cut: boxes mean nothing any more, faces do.
  void cut();
  /// What is known of a track's appearance, for doubts to come. Replaces what was known.
  void remember(TrackId track, const Embedding& embedding);

  /// Is a track that has just been confirmed one that was lost? A face that comes out from behind another is seen in
  /// part first, and only a whole view tells who it is.
  /// @param young  goes on under the id of the track that is returned, and is never told as ended
  /// @return the lost track that looks most alike, at least same_face; nothing = a new person
  /// @error model_mismatch  templates of different models
  Result<std::optional<TrackId>> reunite(TrackId young, const Embedding& embedding);

  [[nodiscard]] std::vector<LiveTrack> live() const;
  /// Tracks that have ended since the last call; unconfirmed ones too.
  [[nodiscard]] std::vector<TrackId> take_ended();

 private:
  struct Track {
    TrackId id;
    BoxMotion motion;
    Seconds seen;
    int hits = 0;
    int missed = 0;
    bool placed = true;  // false after a cut: its box is of another scene
    std::optional<Embedding> appearance;
  };
  struct Doubt;
  [[nodiscard]] Joined join(Track& track, const RectF& box, Seconds now, bool ambiguous) const;
  Status resolve(Seconds now, std::span<const RectF> detections, const Appearance& appearance, const Doubt& doubt,
                 std::vector<std::optional<Joined>>& joined);
  void end_lost(Seconds now);

  TrackerOptions options_;
  Seconds now_{0};
  std::int64_t next_ = 1;
  std::vector<Track> tracks_;
  std::vector<TrackId> ended_;
};

}  // namespace vultus::face

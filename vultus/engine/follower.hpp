// Faces through the frames of one video: found, followed, and named once there is enough evidence.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <vultus/core/decision.hpp>
#include <vultus/core/face.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/engine/scene_cut.hpp>
#include <vultus/face/tracker.hpp>
#include <vultus/gallery/gallery.hpp>
#include <vultus/identity/track_evidence.hpp>

namespace vultus::engine {

struct FollowOptions {
  const Gallery* gallery = nullptr;  ///< who is looked for; null = nobody is named. Must outlive the follower.
  std::optional<OperatingPoint> at;  ///< needed with a gallery
  std::optional<std::vector<SubjectId>> only = std::nullopt;  ///< look among these alone; empty optional = all
  face::TrackerOptions tracker;
  identity::EvidenceOptions evidence;
  Seconds detect_every{
      0.16};                ///< between looks of the detector at the whole picture, >= 0; frames between are followed
  Seconds search_every{1};  ///< between thorough looks, which find small faces, >= detect_every
  bool thumbnails = false;  ///< keep the best picture of each track
  int every = 1;            ///< of a video: look at every Nth frame alone, [1, 10000]
  bool tell_young = false;  ///< tell faces before their track is confirmed, too; take_settled() says what became of it
};

/// Whether a frame shows what was filmed.
enum class Pixels : std::uint8_t { whole, damaged };

/// A face in one frame.
struct FollowedFace {
  TrackId track;
  FaceObservation face;
  bool detected = false;  ///< by the detector in this frame; else followed from the frame before
  bool enough = false;    ///< there is enough evidence to say who it is
  Decision decision;      ///< of the track so far; no match until there is enough evidence
  bool confirmed = true;  ///< false: of a track that may yet turn out to be noise, only where they are asked for
};

/// What became of a track that was not confirmed.
struct SettledTrack {
  TrackId young;
  std::optional<TrackId> as;  ///< the confirmed track that it is, or goes on as; nothing = it was noise
};

/// A frame that is over, and what look() told of it.
struct SeenFrame {
  ImageView frame;
  Seconds time;
  Pixels pixels = Pixels::whole;
  std::span<const FollowedFace> faces;
};

/// What a track was, told when it has ended.
struct TrackSummary {
  TrackId track;
  Seconds from, to;                     ///< first and last time it was seen
  std::int64_t frames = 0;              ///< in which it was seen
  bool enough = false;                  ///< there was enough evidence to say who it is
  Decision decision;                    ///< by all the evidence; `best` also where it was not enough
  int templates = 0;                    ///< that the evidence rests on
  double weight = 0;                    ///< of that evidence
  Seconds best_time{0};                 ///< of the best view
  FaceObservation best;                 ///< the best view
  std::vector<std::uint8_t> thumbnail;  ///< JPEG of 112 x 112 pixels of the best view; where asked for
};

/// How much work was done: detection and templates are the dear parts.
struct FollowCounts {
  std::int64_t frames = 0;
  std::int64_t thorough_looks = 0;
  std::int64_t quick_looks = 0;
  std::int64_t followed = 0;   ///< faces found again by landmarks alone
  std::int64_t templates = 0;  ///< embedder runs
  std::int64_t cuts = 0;
  StageSeconds seconds;  ///< decode is not filled here
};

/// Thread-compatible: each stream has its own. Memory grows with the faces in view only.
class Follower {
 public:
  /// @error invalid_argument  a gallery without a threshold, or an option outside its range
  /// @error model_mismatch    the gallery belongs to another model
  static Result<Follower> start(const Engine& engine, const FollowOptions& options);

  /// Looks at the next frame.
  /// @param frame  rgb8, upright; all frames of one size
  /// @param now    later than the frame before
  /// @param pixels  of damaged frames faces are followed, but they are no evidence of who it is and no best view
  /// @return the confirmed faces in it (with tell_young the others, too), in the order of their tracks
  Result<std::vector<FollowedFace>> look(ImageView frame, Seconds now, Pixels pixels = Pixels::whole);

  /// Confirmed tracks that have ended since the last call.
  [[nodiscard]] std::vector<TrackSummary> take_ended();
  /// What became of tracks that were not confirmed, since the last call. Nothing without tell_young.
  [[nodiscard]] std::vector<SettledTrack> take_settled() { return std::exchange(settled_, {}); }
  /// A video that is over before any track could have enough detections: who was found by each look so far is
  /// confirmed. Does nothing after as many looks as a track needs.
  /// @param frames  all that were looked at, with the faces that were told
  /// @error those of look()
  Status confirm_what_was_seen(std::span<const SeenFrame> frames);
  /// All that are left: the video is over.
  [[nodiscard]] std::vector<TrackSummary> finish();
  [[nodiscard]] const FollowCounts& counts() const { return counts_; }

 private:
  struct Person {
    FaceObservation last;
    identity::TrackEvidence evidence;
    TrackSummary summary;
    double best_value = 0;
    std::int64_t detections = 0;
    bool confirmed = false;
    bool doubtful = false;  // joined in doubt: the next template is made at once
  };
  Follower(FaceParts parts, const FollowOptions& options, int coarse_side)
      : parts_(std::move(parts)), options_(options), coarse_side_(coarse_side), tracker_(options.tracker) {}

  Result<std::vector<FaceObservation>> find(ImageView frame, Seconds now, bool thorough);
  Status detect(ImageView frame, Seconds now, bool thorough, std::vector<FollowedFace>& seen);
  Status follow(ImageView frame, Seconds now, std::vector<FollowedFace>& seen);
  /// A track that has just been confirmed: is it one that was lost? @return the track it goes on as
  Result<TrackId> welcome(ImageView frame, Seconds now, TrackId track, std::optional<Embedding>& made);
  Status recognise(ImageView frame, Seconds now, Person& person, const std::optional<Embedding>& made);
  Status decide(Person& person);
  Status note(ImageView frame, Seconds now, Person& person) const;
  Status keep_best(ImageView frame, Seconds now, Person& person) const;
  void tell(TrackId track, const Person& person, bool detected, std::vector<FollowedFace>& seen) const;
  Result<Embedding> embed(ImageView frame, const FaceObservation& face);

  FaceParts parts_;
  FollowOptions options_;
  int coarse_side_;  // pixels of the longer side of a quick look
  face::Tracker tracker_;
  SceneCut cut_;
  std::map<TrackId, Person> people_;
  std::vector<TrackSummary> ended_;
  std::vector<SettledTrack> settled_;
  FollowCounts counts_;
  std::optional<Seconds> detected_, searched_;
  Pixels pixels_ = Pixels::whole;  // of the frame in view
};

}  // namespace vultus::engine

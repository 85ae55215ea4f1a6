// Are the faces of a stream live? Each is judged again and again while it is followed.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <vultus/core/ids.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/engine/follower.hpp>
#include <vultus/liveness/face_judge.hpp>
#include <vultus/liveness/track_liveness.hpp>

namespace vultus::engine {

struct JudgeOptions {
  liveness::Policy policy;
  liveness::TrackPolicy track;
  double every_s = 0.2;  ///< seconds between looks at a face, [0, 60]
  std::string network{liveness::kUsualNetwork};
};

/// Thread-compatible: each stream has its own. Memory grows with the faces in view only.
class TracksJudge {
 public:
  /// @error invalid_argument  an option outside its range; not_found  a network that was not fetched
  /// @cost compiles two networks: some 100 ms with a warm cache
  static Result<TracksJudge> start(const Engine& engine, const JudgeOptions& options);

  /// Looks at those faces of a frame whose turn it is.
  /// @param picture  rgb8, upright
  /// @param now      later than the frame before
  /// @error internal, resource_limit  the backend failed
  /// @cost about 95 ms a face on one thread, once every JudgeOptions::every_s
  Status look(ImageView picture, Seconds now, std::span<const FollowedFace> faces);
  /// A scene cut: behind it a track may be somebody else.
  void forget();
  /// What is said of a track so far; too few frames where it was never seen.
  [[nodiscard]] liveness::TrackReading so_far(TrackId track) const;
  /// The same of a track that has ended.
  [[nodiscard]] liveness::TrackReading take(TrackId track);

 private:
  struct Person {
    liveness::TrackLiveness frames;
    std::optional<double> looked;
  };
  TracksJudge(std::unique_ptr<liveness::FaceJudge> judge, const JudgeOptions& options)
      : judge_(std::move(judge)), options_(options) {}
  [[nodiscard]] liveness::TrackLiveness nobody() const {
    return liveness::TrackLiveness(options_.policy, options_.track);
  }

  std::unique_ptr<liveness::FaceJudge> judge_;
  JudgeOptions options_;
  std::map<TrackId, Person> people_;
};

}  // namespace vultus::engine

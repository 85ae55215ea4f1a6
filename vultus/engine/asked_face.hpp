// Whose face a challenge asks, frame by frame. Internal to the room.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include <vultus/core/analyser.hpp>
#include <vultus/core/embedding.hpp>
#include <vultus/core/result.hpp>
#include <vultus/liveness/challenge.hpp>

namespace vultus::engine {

/// What a challenge learns of a frame.
struct AskedMoment {
  liveness::ChallengeSample sample;
  const AnalysedFace* face = nullptr;  ///< the one that is asked; null = it is not seen
  bool anew = false;                   ///< it takes the place of one that was never compared and did nothing
};

/// Follows the face that is there first. When its track ends, the most prominent face may go on in its place, but it
/// counts only from the moment when it was compared with that of the first moments: who comes with a turned head cannot
/// be compared yet, and could do a step in somebody else's name. Thread-compatible.
class AskedFace {
 public:
  using Embed = std::function<Result<Embedding>(ImageView picture, const FaceObservation& face)>;
  explicit AskedFace(Embed embed) : embed_(std::move(embed)) {}

  /// @param frame  with channels of pose, eyes and expression; holds the face of the answer
  /// @error those of `embed`
  Result<AskedMoment> look(const AnalysedFrame& frame);
  /// A step was done: nobody else's face can become that of the first moments any more.
  void settle() { settled_ = true; }

  /// The template of the first moments; nothing where the head was never nearly frontal.
  [[nodiscard]] std::optional<Embedding> take_first() { return std::move(first_); }

 private:
  /// @return whether the face may be compared now: nearly frontal, and not compared a moment ago
  [[nodiscard]] bool is_due(const AnalysedFrame& frame, const AnalysedFace& face) const;

  Embed embed_;
  std::optional<TrackId> track_;    // counts
  std::optional<double> compared_;  // when that track was, seconds
  std::optional<Embedding> first_;
  bool settled_ = false;
};

}  // namespace vultus::engine

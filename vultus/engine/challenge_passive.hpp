// What the passive judgement says of a whole challenge, whatever happens to the track meanwhile. Internal to the room.
#pragma once

#include <optional>

#include <vultus/core/analyser.hpp>
#include <vultus/liveness/reading.hpp>

namespace vultus::engine {

/// The worst that the passive judgement says of the stretches of frames in which the face was asked. A stretch ends
/// with its track, or where the analyser forgets the track after a cut: what was said of it until then stays, so that
/// nobody gets rid of a spoof with a cut or a hand before the last step. Thread-compatible.
class ChallengePassive {
 public:
  /// @param threshold  that scores are held against
  explicit ChallengePassive(double threshold);

  /// @param face  the one that is asked, with the channels of the liveness analyser
  void add(const AnalysedFace& face);
  /// Somebody else takes the place before anything was done: what was said of others does not count.
  void forget();

  /// Nothing in `live` means that no stretch could be judged; the reason is then that of the last frame.
  [[nodiscard]] liveness::Reading reading() const;

 private:
  void end_stretch();

  double threshold_;
  std::optional<TrackId> track_;
  std::optional<liveness::Reading> unjudged_;  // of the last frame without a score
  std::optional<liveness::Reading> stretch_;   // the last one of this stretch that has a score
  std::optional<liveness::Reading> worst_;     // of the stretches that ended
};

}  // namespace vultus::engine

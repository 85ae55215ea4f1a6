// The mouth of one person as it comes in, frame by frame.
#pragma once

#include <deque>
#include <optional>

#include <vultus/core/face.hpp>

namespace vultus::expression {

/// How far open a mouth is: the height between the inner lips over the distance of the outer eye corners.
/// @param mesh  scheme mesh468 or mesh478
/// @return nothing where the eyes are one point
[[nodiscard]] std::optional<double> mouth_opening(const Landmarks& mesh);

/// Whether a mouth seems to speak, from its movement alone: without sound a yawn, a laugh and chewing look much like
/// it. Thread-compatible.
class SpeakingEstimate {
 public:
  /// @param seconds  of this frame, later than the last one
  /// @param opening  nothing = not seen
  /// @return [0, 1], a score and no calibrated probability; nothing before half a second was seen
  std::optional<double> add(double seconds, std::optional<double> opening);
  void forget() { seen_.clear(); }  ///< after a scene cut

  static constexpr double kWindow = 1.0;  ///< seconds: some syllables
  static constexpr double kNeeds = 0.5;   ///< seconds
  static constexpr double kSmooth = 0.1;  ///< seconds that are averaged
  /// Mean speed of the opening (1/s) at which the score is one half, and how fast it rises around it. Set by hand.
  static constexpr double kHalf = 0.25, kSlope = 16;

 private:
  struct Seen {
    double seconds;
    double opening;
  };
  std::deque<Seen> seen_;
};

}  // namespace vultus::expression

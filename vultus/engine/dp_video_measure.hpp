// What is left in a released video. Internal to the room.
#pragma once

#include <optional>
#include <vector>

#include <vultus/engine/dp_expression.hpp>
#include <vultus/engine/dp_video.hpp>
#include <vultus/physio/pulse.hpp>

namespace vultus::engine {

/// Frames of the original and of the release, one pair after the other. Thread-compatible.
class DpVideoMeter {
 public:
  /// @param faces  of each frame the face of one person, where it is seen
  /// @param rate   frames per second
  static Result<DpVideoMeter> start(const Engine& engine, std::vector<std::optional<FaceObservation>> faces,
                                    double rate, const DpVideoOptions& options);
  /// @param original, released  rgb8 of one size
  Status add(ImageView original, ImageView released);
  /// Fills in PSNR, pulses, expression and identity.
  Status finish(DpVideoReport& report);

 private:
  DpVideoMeter(FaceParts parts, DpExpressionMeter expression, std::vector<std::optional<FaceObservation>> faces,
               double rate, const OperatingPoint& at);
  Status look_at_skin(ImageView original, ImageView released, const FaceObservation& face);
  Status recognise(ImageView original, ImageView released, const FaceObservation& face);
  Status recognise_mean();

  FaceParts parts_;
  DpExpressionMeter expression_;
  std::vector<std::optional<FaceObservation>> faces_;
  std::vector<bool> sampled_;
  double rate_;
  OperatingPoint at_;
  std::size_t number_ = 0;
  double squares_ = 0, values_ = 0;
  std::vector<physio::SkinColour> skin_before_, skin_after_;
  std::size_t skin_frames_ = 0;
  std::optional<Embedding> reference_;
  DpIdentifiability identity_;
  std::vector<double> mean_;  ///< sum of the released frames
  int width_ = 0, height_ = 0;
};

}  // namespace vultus::engine

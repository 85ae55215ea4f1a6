// Two networks that look for prints and screens in front of the camera.
#pragma once

#include <memory>
#include <utility>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::liveness {

/// The rectangle of `scale` times a face's box around it. Where the picture has no room for it, it is made smaller with
/// its sides in proportion, and then shifted into the picture: what the network was trained with.
/// @param box     pixels of the picture, sides > 0
/// @param width, height  of the picture, pixels, >= 2
/// @param scale   > 0
/// @source Silent-Face-Anti-Spoofing (Apache-2.0), CropImage
[[nodiscard]] RectF surroundings(const RectF& box, int width, int height, double scale);

/// A small network that sees a face and what is around it. Thread-compatible: each worker loads its own.
class PrintReplayNet {
 public:
  /// @error invalid_argument  a model with another decoder; corrupt_data  from the backend
  static Result<PrintReplayNet> load(const runtime::ModelHandle& model);
  /// @param picture  rgb8, upright
  /// @param box      of the detector
  /// @return log-odds that the face is live, [-12, 12]
  /// @error invalid_argument  a box outside the picture; internal  the backend failed
  /// @cost about 3 ms
  /// @source the first of three outputs is "live"
  Result<double> live_log_odds(ImageView picture, const RectF& box);

 private:
  PrintReplayNet(std::unique_ptr<runtime::Network> network, double crop_scale)
      : network_(std::move(network)), crop_scale_(crop_scale) {}
  std::unique_ptr<runtime::Network> network_;
  double crop_scale_;
};

/// A tree of networks that sees the face alone. Thread-compatible: each worker loads its own.
class SpoofTreeNet {
 public:
  /// @error invalid_argument  a model with another decoder; corrupt_data  from the backend
  static Result<SpoofTreeNet> load(const runtime::ModelHandle& model);
  /// @param picture  rgb8, upright
  /// @param box      of the detector; what lies outside the picture is left out
  /// @return how much like a spoof the leaf that was reached is, >= 0, mostly below 1
  /// @error invalid_argument  a box outside the picture; internal  the backend failed
  /// @cost about 90 ms on one thread
  /// @source Y. Liu et al., Deep Tree Learning for Zero-shot Face Anti-Spoofing, CVPR 2019; sum of |leaf| over the path
  Result<double> spoof(ImageView picture, const RectF& box);

 private:
  explicit SpoofTreeNet(std::unique_ptr<runtime::Network> network) : network_(std::move(network)) {}
  std::unique_ptr<runtime::Network> network_;
};

}  // namespace vultus::liveness

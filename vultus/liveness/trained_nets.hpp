// Networks that were trained by vultus-learn, or by a user with it: FA3-CLIP and SLIP as they run.
#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/liveness/cue_map.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::liveness {

/// How many boxes about its middle such a network sees where its manifest says nothing.
inline constexpr double kTrainedCrop = 1.2;

/// What a network of decoder "fa3" says: image and words about it were compared inside. Thread-compatible.
class Fa3Net {
 public:
  /// @error invalid_argument  a model with another decoder; corrupt_data  from the backend
  static Result<Fa3Net> load(const runtime::ModelHandle& model);
  /// @param picture  rgb8, upright. @param box  of the detector
  /// @return log-odds that the face is live, [-12, 12]: live_scale (live - fake) + live_offset of the manifest
  /// @error invalid_argument  a box outside the picture; internal  the backend failed
  /// @source FA3-CLIP, arXiv 2504.00454; scale and offset are fitted on validation data when it is trained
  Result<double> live_log_odds(ImageView picture, const RectF& box);

 private:
  Fa3Net(std::unique_ptr<runtime::Network> network, double crop, double scale, double offset)
      : network_(std::move(network)), crop_(crop), scale_(scale), offset_(offset) {}
  std::unique_ptr<runtime::Network> network_;
  double crop_, scale_, offset_;
};

/// What a network of decoder "slip" says: a map of spoof cues, near 0 on live faces. Thread-compatible.
class SlipNet {
 public:
  /// @error invalid_argument  a model with another decoder; corrupt_data  from the backend
  static Result<SlipNet> load(const runtime::ModelHandle& model);
  /// @return log-odds that the face is live, [-12, 12]: live_scale (live_offset - mean of the map) of the manifest
  /// @error as Fa3Net::live_log_odds
  /// @source SLIP, AAAI 2025, arXiv 2503.19982: the mean of the map; scale and offset come from live faces alone
  Result<double> live_log_odds(ImageView picture, const RectF& box);
  /// The map itself over what the network sees: 32 x 32 cells of 0 (live) to about 1 (the level 255 that is taught).
  Result<CueMap> cues(ImageView picture, const RectF& box);

 private:
  SlipNet(std::unique_ptr<runtime::Network> network, double crop, double scale, double offset)
      : network_(std::move(network)), crop_(crop), scale_(scale), offset_(offset) {}
  std::unique_ptr<runtime::Network> network_;
  double crop_, scale_, offset_;
};

}  // namespace vultus::liveness

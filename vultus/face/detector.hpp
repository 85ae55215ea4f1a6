// Finding faces in a picture.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/face/detection_plan.hpp>
#include <vultus/face/rfb_decoder.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::face {

struct DetectorOptions {
  Score threshold{0.6F};  ///< [0.05, 1): boxes below it are not faces
  float overlap = 0.3F;   ///< (0, 1]: more intersection over union than this is the same face
  DetectionReach reach;
};

/// How closely a picture is looked at.
enum class Look : std::uint8_t {
  thorough,  ///< every pass of plan_detection
  quick,     ///< the coarse one: for the frames of a video between thorough looks
};

/// A face detector of the RFB family, whose input takes any size; of the BlazeFace family, which sees a square of one
/// size: the whole picture first, then overlapping squares of it; or of the SCRFD family, which does the one or the
/// other as its manifest says. Thread-compatible: each worker loads its own.
class Detector {
 public:
  /// Loads the network in the size that most pictures need, so that one which cannot be read is told before the first.
  /// @error invalid_argument  an option outside its range, or a model with another decoder; corrupt_data  from the
  /// backend, or outputs that are not those of the decoder
  static Result<Detector> load(runtime::ModelHandle model, const DetectorOptions& options);

  /// Faces, best first. No face = an empty list.
  /// @param picture    rgb8, upright
  /// @param reduction  pixels of the full picture in one of `picture`, >= 1: what ignore_below counts in
  /// @error invalid_argument  an empty or grey picture; internal  the backend failed
  /// @cost one network run for each pass of plan_detection; a new input size is compiled once
  Result<std::vector<ScoredBox>> detect(ImageView picture, float reduction = 1, Look how = Look::thorough);

 private:
  struct Sized {
    std::unique_ptr<runtime::Network> network;
    std::vector<Anchor> anchors;         // rfb
    std::vector<Point2f> blaze_anchors;  // blazeface
  };
  enum class Family : std::uint8_t { rfb, blazeface, scrfd };
  Detector(runtime::ModelHandle model, const DetectorOptions& options, Family family)
      : model_(std::move(model)), options_(options), family_(family) {}
  /// Whether the network sees a square of one size.
  [[nodiscard]] bool is_square() const {
    return family_ == Family::blazeface || (family_ == Family::scrfd && !model_.manifest.input.resizable);
  }
  [[nodiscard]] std::vector<DetectionPass> passes_for(ImageView picture, float reduction) const;
  /// Are its outputs as large as the decoder needs? Known before the first run.
  [[nodiscard]] Status check_sizes(const Sized& sized) const;
  [[nodiscard]] Status check_levels(const Sized& sized) const;
  [[nodiscard]] int anchors_a_cell() const;
  [[nodiscard]] Result<std::vector<ScoredBox>> decode(const Sized& sized, Score threshold) const;
  [[nodiscard]] Result<std::vector<ScoredBox>> decode_levels(const Sized& sized, Score threshold) const;
  Result<Sized*> network_for(int width, int height);
  Status run(ImageView picture, const DetectionPass& pass, Score threshold, std::vector<ScoredBox>& found);

  runtime::ModelHandle model_;
  DetectorOptions options_;
  Family family_;
  std::map<std::pair<int, int>, Sized> networks_;  // by width and height: a folder of photos has few sizes
};

}  // namespace vultus::face

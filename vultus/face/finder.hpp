// From a picture to its faces: detector, landmarks and the second opinion in one step.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/face/detector.hpp>
#include <vultus/face/face_flag.hpp>
#include <vultus/face/landmarks.hpp>
#include <vultus/face/mesh.hpp>

namespace vultus::face {

/// When a detection counts as a face although the mesh network doubts it: the mesh network was made for faces without
/// a hand, microphone or hat over them, so a large detection that the detector is sure of stays. Not so a large one
/// that only the fine look saw: elbows and folds of clothes look like that (measured: docs/detection.md).
struct FlagRule {
  Score at_least{0.2F};              ///< of the mesh network; most false alarms measured stay below
  Score sure_detection{0.95F};       ///< a detection with at least this score ...
  float large_side = 48;             ///< ... and at least so many pixels on the shorter side of its box stays
  Score unconfirmed_at_least{0.5F};  ///< of the mesh network, for detections that are not ScoredBox::confirmed
  bool operator==(const FlagRule&) const = default;
};

/// @return whether the detection is kept whatever the mesh network says: a second opinion would be thrown away
[[nodiscard]] bool is_sure(const FlagRule& rule, const ScoredBox& detection);

/// @param flag  of the mesh network
/// @return whether the detection is kept
[[nodiscard]] bool keeps(const FlagRule& rule, const ScoredBox& detection, Score flag);

/// @return true if most of the one box lies in the other, which is clearly larger
[[nodiscard]] bool lies_in(const RectF& part, const RectF& whole);

/// Is the one box a part of the other face? Looked at closely, the eyes and nose of a face that fills the picture pass
/// for a face of their own, and the mesh network agrees, since it sees the whole face around them.
/// @return true if `part` lies in `whole`, which is surely a face
[[nodiscard]] bool is_part_of(const FaceObservation& part, const FaceObservation& whole);

/// Thread-compatible: each worker has its own.
class FaceFinder {
 public:
  /// @param flag  nothing = detections are believed without a second opinion
  FaceFinder(Detector detector, LandmarkNet landmarks, std::optional<FaceFlag> flag, FlagRule rule = {})
      : detector_(std::move(detector)), landmarks_(std::move(landmarks)), flag_(std::move(flag)), rule_(rule) {}

  /// The points of the mesh network, whose flag is the second opinion.
  FaceFinder(Detector detector, MeshNet mesh, FlagRule rule = {})
      : detector_(std::move(detector)), mesh_(std::move(mesh)), rule_(rule) {}

  /// Faces, best detection first, with landmarks, keypoints and the distance of the eyes. No face = an empty list.
  /// @param picture  rgb8, upright
  /// @error invalid_argument  an empty or grey picture; internal  the backend failed
  Result<std::vector<FaceObservation>> find(ImageView picture);

  /// The first half of find(): boxes of the detector, best first.
  Result<std::vector<ScoredBox>> detect(ImageView picture, float reduction = 1, Look how = Look::thorough) {
    return detector_.detect(picture, reduction, how);
  }
  /// The second half: `picture` may be a larger version of the one that was searched.
  /// @param detections  boxes in pixels of `picture`
  /// @return those that are faces, without parts of a larger face, in the order of the detections. The network of the
  ///         second opinion runs only where it can change this: FaceObservation::face_flag is empty elsewhere
  Result<std::vector<FaceObservation>> describe(ImageView picture, std::span<const ScoredBox> detections);
  /// Follows a face from one frame of a video to the next without the detector: landmarks are found where the face is
  /// expected, and its box moves as they do.
  /// @param last      the face in an earlier frame, with landmarks
  /// @param expected  where its box should be now, pixels
  /// @return nothing if what was found there does not look like the same face a moment later. Whether a face is there
  /// at
  ///         all is for the next detection to say.
  Result<std::optional<FaceObservation>> follow(ImageView picture, const FaceObservation& last, const RectF& expected);

 private:
  enum class SecondOpinion : std::uint8_t { no, yes };
  [[nodiscard]] SecondOpinion wanted_for(const ScoredBox& detection, std::span<const ScoredBox> all) const;
  Result<std::optional<FaceObservation>> describe_one(ImageView picture, const ScoredBox& detection,
                                                      SecondOpinion opinion);
  Result<std::optional<FaceObservation>> describe_by_landmarks(ImageView picture, const ScoredBox& detection,
                                                               SecondOpinion opinion);
  Result<std::optional<FaceObservation>> describe_by_mesh(ImageView picture, const ScoredBox& detection);

  Detector detector_;
  std::optional<LandmarkNet> landmarks_;  // or mesh_
  std::optional<MeshNet> mesh_;
  std::optional<FaceFlag> flag_;
  FlagRule rule_;
};

/// How much a picture is about a face: its area less twice the squared distance from the middle, in square pixels. Size
/// alone would take a bystander at the edge for the person in the middle. The most prominent face is the main face.
/// @param width, height  of the picture, pixels
[[nodiscard]] float prominence(const RectF& box, int width, int height);

}  // namespace vultus::face

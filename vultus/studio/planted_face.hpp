// Faces with planted truth: who, what the face does, where it stands and looks, in a still or over time.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <vultus/core/au_table.hpp>
#include <vultus/core/geometry.hpp>
#include <vultus/core/units.hpp>
#include <vultus/face3d/render.hpp>

namespace vultus::studio {

/// What is planted.
struct PlantOptions {
  std::uint64_t seed = 1;
  int width = 640;  ///< pixels, [64, 4096]
  int height = 480;
  double max_yaw = .5;  ///< radians, [0, 1.6]: yaw is even within +- this; pitch and roll within .6 and .4 of it
  std::vector<AuActivation> units;  ///< these alone; empty = drawn at random
  bool null = false;  ///< nothing planted: neutral, still, upright, looking into the camera; people, light and
                      ///< background differ all the same
  double frames_per_second = 25;  ///< of clips, [1, 240]
  double seconds = 4;             ///< of clips, (0, 3600]
};
/// @error invalid_argument  an option outside its range: the message names it, the range and the value
[[nodiscard]] Status check(const PlantOptions& options);

/// All that is known of a face in one picture.
struct PlantedFrame {
  face3d::Scene scene;
  std::vector<AuActivation> units;      ///< intensities; units at 0 are left out
  std::array<face3d::Vec3, 2> gaze;     ///< of the subject's right and left eye, length 1, camera's axes
  std::array<face3d::Vec3, 2> eyes;     ///< middles of the eyeballs, millimetres, camera's axes
  std::vector<face3d::Vec3> landmarks;  ///< 68 points of ibug68, millimetres, camera's axes
  std::vector<Point2f> points;          ///< their projections, pixels; hidden ones too
  RectF box;                            ///< around `points`
};

/// A blink: seconds from the beginning of its clip.
struct PlantedBlink {
  double onset = 0;
  double apex = 0;    ///< the eye is shut
  double offset = 0;  ///< the eye is open again
  bool operator==(const PlantedBlink&) const = default;
};

/// Plans one person: the same in every frame. The number `index` of a set does not depend on how many there are.
/// Immutable.
class PlantedPerson {
 public:
  /// @error of check(), and of the model where it lacks a shape of the units
  static Result<PlantedPerson> plan(const face3d::FaceModel& model, const PlantOptions& options, std::uint64_t index);

  /// The person of a picture, where nothing moves.
  [[nodiscard]] Result<PlantedFrame> still(const face3d::FaceModel& model) const;
  /// @param at  seconds from the beginning of the clip
  [[nodiscard]] Result<PlantedFrame> frame(const face3d::FaceModel& model, double at) const;
  [[nodiscard]] const std::vector<PlantedBlink>& blinks() const { return blinks_; }

 private:
  /// A unit that rises, stays and falls once.
  struct Event {
    AuActivation peak;
    double onset, apex, fall, offset;
  };
  struct Fixation {
    double begin, x, y;  ///< gaze against straight into the camera, radians
  };
  struct Sway {
    double size, frequency, phase;  ///< radians, 1/s, radians
  };
  [[nodiscard]] Result<PlantedFrame> seen(const face3d::FaceModel& model, const face3d::RigidPose& pose, double gaze_x,
                                          double gaze_y, std::vector<AuActivation> units) const;
  face3d::Scene base_;
  std::vector<AuActivation> units_;
  double gaze_x_ = 0, gaze_y_ = 0;
  HeadPose pose_;
  std::vector<Event> events_;
  std::vector<Fixation> fixations_;
  std::array<Sway, 3> sway_{};
  std::vector<PlantedBlink> blinks_;
};

}  // namespace vultus::studio

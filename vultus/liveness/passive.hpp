// Is the face in a picture that of a person in front of the camera? Both networks, weighed against each other.
#pragma once

#include <array>
#include <functional>
#include <string_view>

#include <vultus/core/geometry.hpp>
#include <vultus/core/ids.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/liveness/reading.hpp>
#include <vultus/liveness/spoof_nets.hpp>

namespace vultus::liveness {

/// Ids of the networks that it loads.
inline constexpr std::array<std::string_view, 2> kPassiveModels{"fr_liveness", "face_antispoof_dtn"};

/// A verified model by its id.
using ModelSource = std::function<Result<runtime::ModelHandle>(const ModelId&)>;

/// Judges single pictures of faces. Thread-compatible: each worker loads its own.
class PassiveLiveness {
 public:
  /// @error not_found  a network that was not fetched; invalid_argument  the policy; corrupt_data  from the backend
  static Result<PassiveLiveness> load(const ModelSource& models, const Policy& policy = {});

  /// @param picture  rgb8, upright
  /// @param box      of the face
  /// @return a reading; a face that cannot be assessed has a reason and no score
  /// @error internal, resource_limit  the backend failed
  /// @cost about 95 ms on one thread
  Result<Reading> judge(ImageView picture, const RectF& box);

  /// The networks alone, whatever the face looks like.
  /// @error invalid_argument  a box outside the picture; internal  the backend failed
  Result<SpoofEvidence> look(ImageView picture, const RectF& box);

  [[nodiscard]] const Policy& policy() const { return policy_; }

 private:
  PassiveLiveness(PrintReplayNet near, SpoofTreeNet tree, const Policy& policy)
      : surroundings_(std::move(near)), tree_(std::move(tree)), policy_(policy) {}
  PrintReplayNet surroundings_;
  SpoofTreeNet tree_;
  Policy policy_;
};

/// Mean grey level of the pixels in a box (Rec. 601), [0, 255]; nothing where none of it lies in the picture.
[[nodiscard]] std::optional<double> mean_grey(ImageView picture, const RectF& box);

/// Whether the pixels suffice to say anything.
/// @return the reason why not; nothing where they suffice
[[nodiscard]] std::optional<Reason> not_assessable(ImageView picture, const RectF& box, const Policy& policy);

}  // namespace vultus::liveness

// Which track a row of a table belongs to whose program numbered no faces. Private to this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <vultus/core/geometry.hpp>

namespace vultus::timeline {

/// Follows faces from frame to frame by the overlap of their boxes. Faces that were not seen for kForgetFrames are
/// forgotten, so that memory and time stay small however long a table is.
class BoxFollower {
 public:
  static constexpr std::int64_t kForgetFrames = 30;
  static constexpr float kLeastOverlap = 0.1F;  ///< intersection over union

  /// A frame begins: every face may be seen once in it.
  void next_frame() { ++frame_; }
  /// @return the number of the face that overlaps the box best and was not seen in this frame yet; nothing = a new one:
  ///         begin() gives it a number
  [[nodiscard]] std::optional<std::int64_t> follow(const RectF& box);
  /// A new face. @return its number, from 0
  std::int64_t begin(const RectF& box);

 private:
  struct Followed {
    std::int64_t face = 0;
    std::int64_t frame = 0;  // when it was seen last
    RectF box;
  };
  std::vector<Followed> followed_;
  std::int64_t frame_ = 0;
  std::int64_t faces_ = 0;
};

}  // namespace vultus::timeline

// Where one shot of a video ends and another begins.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <vultus/core/image.hpp>

namespace vultus::engine {

/// Compares each frame with the one before, both as a grid of brightness: a cut changes most of it at once, and much
/// more than the frames before it did. Fades are not cuts. Thread-compatible; a few microseconds a frame.
class SceneCut {
 public:
  /// @param frame  rgb8
  /// @return whether the frame begins a new shot; the first one does not
  bool saw(ImageView frame);

 private:
  static constexpr int kColumns = 32;
  static constexpr int kRows = 18;
  using Grid = std::array<std::uint8_t, std::size_t{kColumns} * kRows>;

  Grid last_{};
  bool any_ = false;
  double usual_ = 0;  // change between frames of one shot, running mean
};

}  // namespace vultus::engine

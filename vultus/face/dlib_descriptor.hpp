// dlib's face descriptor: 128 numbers, not scaled, whose Euclidean distance tells people apart.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/face/dlib_chip.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::face {

/// The decoder of manifests whose network takes dlib's chips.
inline constexpr std::string_view kDlibDecoder = "dlib_descriptor";

/// Whether the chip is seen as it is or as its mirror image.
enum class ChipSide : std::uint8_t { as_seen, mirrored };

/// For those who keep dlib's own descriptors. Vultus itself compares unit vectors: Embedder makes those of the same
/// network. Thread-compatible: each worker loads its own.
class DlibDescriber {
 public:
  /// @error invalid_argument  a model with another decoder; unsupported  chips of another size; corrupt_data  from the
  /// backend
  static Result<DlibDescriber> load(const runtime::ModelHandle& model);

  [[nodiscard]] int dimension() const { return dimension_; }
  /// @param picture  rgb8, upright
  /// @return what the network gives, unscaled
  /// @error invalid_argument  no picture, or a place that is no square; internal  the backend failed
  Result<std::vector<float>> describe(ImageView picture, const ChipPlace& place, ChipSide side = ChipSide::as_seen);

 private:
  DlibDescriber(std::unique_ptr<runtime::Network> network, int dimension)
      : network_(std::move(network)), dimension_(dimension) {}
  std::unique_ptr<runtime::Network> network_;
  int dimension_;
};

}  // namespace vultus::face

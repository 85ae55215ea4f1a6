// The layers of a network that dlib wrote, without their connections: the file does not hold those. Not installed.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::runtime {

enum class DlibLayerKind : std::uint8_t { convolution, affine, relu, max_pool, mean_pool, add, dense };

/// One layer that computes. Sizes that a kind does not have are 0.
struct DlibLayer {
  DlibLayerKind kind = DlibLayerKind::relu;
  int filters = 0;            ///< convolution, dense: outputs
  int height = 0, width = 0;  ///< convolution, pools: of the window; 0 x 0 of a pool = everything
  int stride_y = 0, stride_x = 0;
  int padding_y = 0, padding_x = 0;
  std::vector<float>
      values;  ///< convolution: filters, then biases; affine: factors, then offsets; dense: inputs x outputs
  bool operator==(const DlibLayer&) const = default;
};

/// A network for colour pictures of one size.
struct DlibNet {
  std::array<float, 3> mean{};    ///< red, green, blue: taken off every pixel, which is then divided by 256
  int height = 0, width = 0;      ///< of its input, pixels
  std::vector<DlibLayer> layers;  ///< from the input to the output
  bool operator==(const DlibNet&) const = default;
};

/// Reads a metric-learning network (loss_metric over an input of one size), as dlib's face recognition network is.
/// @param origin  name for messages
/// @error corrupt_data  another kind of network, a kind of layer that is not known, or damaged bytes
/// @thread safe, no state
[[nodiscard]] Result<DlibNet> read_dlib_net(std::span<const std::uint8_t> bytes, std::string_view origin);

}  // namespace vultus::runtime

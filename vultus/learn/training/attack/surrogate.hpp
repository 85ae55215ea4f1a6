// Face recognisers that give gradients: what an attack looks at in place of the one it is meant for. Not installed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <torch/types.h>

#include <vultus/core/result.hpp>
#include <vultus/learn/training/trunk.hpp>

namespace vultus::learn::attack {

/// What a surrogate says about crops.
struct Looked {
  torch::Tensor embedding;  ///< [n, dimension], rows of unit length
  torch::Tensor features;   ///< [n, ...], a layer in its middle, part of the way to the embedding
};

class Surrogate {
 public:
  Surrogate() = default;
  Surrogate(const Surrogate&) = delete;
  Surrogate& operator=(const Surrogate&) = delete;
  virtual ~Surrogate() = default;

  [[nodiscard]] virtual std::string name() const = 0;
  [[nodiscard]] virtual std::int64_t side() const = 0;  ///< of its crops, pixels
  /// @param crops    [n, 3, side, side], 0 to 255
  /// @param dropout  share of inner channels that are left out, [0, 1): another network of the same kind each time
  [[nodiscard]] virtual Looked look(const torch::Tensor& crops, double dropout, at::Generator& random) const = 0;
};

/// A face embedder of the catalogue.
/// @param trunk  with one output, the embedding
/// @param layer  number of the node whose maps are the features; -1 = the last whose side is at least a ninth of the
///               crop's
/// @error invalid_argument  several outputs, or no such layer
[[nodiscard]] Result<std::unique_ptr<Surrogate>> surrogate_of(std::shared_ptr<const Trunk> trunk,
                                                              std::int64_t layer = -1);

}  // namespace vultus::learn::attack

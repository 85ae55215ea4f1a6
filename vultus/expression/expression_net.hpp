// A network's opinion on which of seven expressions a face displays.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/expression/label_space.hpp>
#include <vultus/expression/system_net.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::expression {

/// Probabilities in the order of kExpressionNames.
using Distribution = std::array<double, kExpressions>;

/// The network of the analyser and of the commands, unless another is named.
inline constexpr std::string_view kExpressionModel = "expression_pairwise";

/// A network of any system that answers with the seven labels. Thread-compatible: each worker loads its own.
class ExpressionNet {
 public:
  /// @error as SystemNet::load(); invalid_argument  a system of other labels
  static Result<ExpressionNet> load(const runtime::ModelHandle& model);
  /// @error as SystemNet::read()
  Result<Distribution> read(ImageView picture, const FaceObservation& face);

 private:
  explicit ExpressionNet(SystemNet net) : net_(std::move(net)) {}
  SystemNet net_;
};

/// The label with the highest probability; the first of equal ones.
[[nodiscard]] std::size_t best_label(const Distribution& probabilities);

}  // namespace vultus::expression

#include <vultus/learn/training/attack/surrogate.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace vultus::learn::attack {
namespace {

using torch::Tensor;

class TrunkSurrogate final : public Surrogate {
 public:
  TrunkSurrogate(std::shared_ptr<const Trunk> trunk, std::size_t layer, std::set<std::size_t> sums)
      : trunk_(std::move(trunk)), layer_(layer), sums_(std::move(sums)) {}

  [[nodiscard]] std::string name() const override { return trunk_->graph().id.text(); }
  [[nodiscard]] std::int64_t side() const override { return trunk_->graph().input.height(); }

  [[nodiscard]] Looked look(const Tensor& crops, double dropout, at::Generator& random) const override {
    Trunk::Hook hook;
    if (dropout > 0)
      hook = [&](std::size_t node, const Tensor& said) {
        if (!sums_.contains(node)) return said;
        const Tensor kept =
            torch::rand({said.size(0), said.size(1), 1, 1}, random, said.options().requires_grad(false)) >= dropout;
        return said * kept.to(said.dtype()) / (1 - dropout);
      };
    const auto said = trunk_->forward(trunk_->scaled(crops), {layer_}, hook);
    const Tensor rows = said[0].flatten(1);
    return {rows / rows.norm(2, 1, true), said[1]};
  }

 private:
  std::shared_ptr<const Trunk> trunk_;
  std::size_t layer_;
  std::set<std::size_t> sums_;  // of blocks with what goes past them
};

}  // namespace

Result<std::unique_ptr<Surrogate>> surrogate_of(std::shared_ptr<const Trunk> trunk, std::int64_t layer) {
  const auto refuse = [&](const std::string& what) {
    return fail(ErrorCode::invalid_argument, "model " + trunk->graph().id.text() + ": " + what);
  };
  if (trunk->graph().outputs.size() != 1) return refuse("a surrogate has one output, the embedding");
  const auto layers = trunk->layers();
  std::size_t chosen = 0;
  std::set<std::size_t> sums;
  const auto is_map = [](const TrunkLayer& one) { return one.shape.size() == 4; };
  std::set<std::size_t> of_pictures;
  for (const TrunkLayer& one : layers) of_pictures.insert(one.node);
  for (const TrunkLayer& one : layers) {
    if (!is_map(one)) continue;
    const auto& inputs = trunk->graph().nodes[one.node].inputs;
    if (one.kind == "Add" && inputs.size() == 2 && of_pictures.contains(inputs[0].node) &&
        of_pictures.contains(inputs[1].node))
      sums.insert(one.node);
    const std::int64_t side = std::min(one.shape[2], one.shape[3]);
    const bool wanted =
        layer < 0 ? 9 * side >= trunk->graph().input.height() && one.kind != "Parameter" && one.kind != "Transpose"
                  : one.node == static_cast<std::size_t>(layer);
    if (wanted) chosen = one.node;
  }
  if (chosen == 0) return refuse("no inner layer of maps that can be looked at");
  return std::unique_ptr<Surrogate>(new TrunkSurrogate(std::move(trunk), chosen, std::move(sums)));
}

}  // namespace vultus::learn::attack

#include <vultus/learn/training/blocks/block.hpp>

namespace vultus::learn::blocks {

Exporter Exporter::in(std::string_view part) const { return Exporter(*out_, prefix_ + std::string(part) + "."); }

std::string Exporter::node(std::string_view kind, const std::vector<std::string>& inputs,
                           const std::vector<OnnxAttribute>& attributes) const {
  return out_->node(kind, inputs, out_->fresh(prefix_ + std::string(kind)), attributes);
}

std::string Exporter::named(std::string_view kind, const std::vector<std::string>& inputs, const std::string& output,
                            const std::vector<OnnxAttribute>& attributes) const {
  return out_->node(kind, inputs, output, attributes);
}

namespace {

torch::Tensor plain(const torch::Tensor& values) { return values.detach().to(torch::kCPU, torch::kFloat).contiguous(); }
std::span<const float> floats_of(const torch::Tensor& plain) {
  return {plain.data_ptr<float>(), static_cast<std::size_t>(plain.numel())};
}

}  // namespace

std::string Exporter::weight(std::string_view name, const torch::Tensor& values) const {
  const torch::Tensor held = plain(values);
  return out_->weight(prefix_ + std::string(name), held.sizes().vec(), floats_of(held));
}

std::string Exporter::constant(const torch::Tensor& values) const {
  const torch::Tensor held = plain(values);
  return out_->constant(out_->fresh(prefix_ + "constant"), held.sizes().vec(), floats_of(held));
}

std::string Exporter::wholes(const Wholes& values) const {
  const std::int64_t count = static_cast<std::int64_t>(values.size());
  return out_->constant(out_->fresh(prefix_ + "wholes"), std::span(&count, 1), std::span(values));
}

std::string Exporter::scalar(double value) const { return constant(torch::tensor(static_cast<float>(value))); }

std::string Exporter::softmax(const std::string& a, std::int64_t axis) const {
  return node("Softmax", {a}, {{.name = "axis", .value = axis}});
}

std::string Exporter::reshape(const std::string& a, const Wholes& shape) const {
  return node("Reshape", {a, wholes(shape)});
}

std::string Exporter::transpose(const std::string& a, const Wholes& order) const {
  return node("Transpose", {a}, {{.name = "perm", .value = order}});
}

std::string Exporter::unsqueeze(const std::string& a, const Wholes& axes) const {
  return node("Unsqueeze", {a, wholes(axes)});
}

std::string Exporter::squeeze(const std::string& a, const Wholes& axes) const {
  return node("Squeeze", {a, wholes(axes)});
}

std::string Exporter::slice(const std::string& a, std::int64_t axis, std::int64_t begin, std::int64_t end) const {
  return node("Slice", {a, wholes({begin}), wholes({end}), wholes({axis})});
}

std::string Exporter::concat(const std::vector<std::string>& parts, std::int64_t axis) const {
  return node("Concat", parts, {{.name = "axis", .value = axis}});
}

std::string Exporter::mean(const std::string& a, const Wholes& axes, bool keep) const {
  return node("ReduceMean", {a},
              {{.name = "axes", .value = axes}, {.name = "keepdims", .value = std::int64_t{keep ? 1 : 0}}});
}

std::string Exporter::sum(const std::string& a, const Wholes& axes, bool keep) const {
  return node("ReduceSum", {a, wholes(axes)}, {{.name = "keepdims", .value = std::int64_t{keep ? 1 : 0}}});
}

std::string Exporter::unit(const std::string& a, std::int64_t axis) const {
  const std::string length = node("Sqrt", {sum(mul(a, a), {axis}, true)});
  return div(a, node("Max", {length, scalar(1e-12)}));
}

Chain::Chain(std::initializer_list<BlockPointer> blocks) {
  for (const BlockPointer& block : blocks) append(block);
}

torch::Tensor Chain::forward(const torch::Tensor& x) {
  torch::Tensor at = x;
  for (const BlockPointer& block : blocks_) at = block->forward(at);
  return at;
}

std::string Chain::write(const Exporter& to, const std::string& x) const {
  std::string at = x;
  for (std::size_t i = 0; i < blocks_.size(); ++i) at = blocks_[i]->write(to.in(std::to_string(i)), at);
  return at;
}

std::string onnx_of(const Block& block, const Wholes& shape, const Wholes& answers, WeightKind kind,
                    const std::string& input, const std::string& output) {
  OnnxWriter out(kind);
  out.input(input, shape);
  const Exporter to(out);
  to.named("Identity", {block.write(to, input)}, output);
  out.output(output, answers);
  return out.file("network");
}

}  // namespace vultus::learn::blocks

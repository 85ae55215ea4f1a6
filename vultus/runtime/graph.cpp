#include <vultus/runtime/graph.hpp>

#include <memory>
#include <unordered_map>
#include <utility>

#include <openvino/op/constant.hpp>
#include <openvino/op/result.hpp>
#include <openvino/openvino.hpp>
#include <openvino/pass/constant_folding.hpp>
#include <openvino/pass/manager.hpp>

#include <vultus/runtime/openvino_graph.hpp>

namespace vultus::runtime {
namespace {

constexpr std::size_t kMostNodes = 100'000, kMostNumbers = std::size_t{1} << 28U;

/// Notes the attributes of a node. Those of other kinds (bodies of loops, variables) are left out: who computes the
/// graph does not know their operations either.
class AttributeNotes final : public ov::AttributeVisitor {
 public:
  explicit AttributeNotes(GraphNode& node) : node_(node) {}
  using ov::AttributeVisitor::on_adapter;
  void on_adapter(const std::string&, ov::ValueAccessor<void>&) override {}
  void on_adapter(const std::string& name, ov::ValueAccessor<std::string>& value) override {
    node_.texts[name] = value.get();
  }
  void on_adapter(const std::string& name, ov::ValueAccessor<bool>& value) override {
    node_.numbers[name] = {value.get() ? 1 : 0};
  }
  void on_adapter(const std::string& name, ov::ValueAccessor<std::int64_t>& value) override {
    node_.numbers[name] = {value.get()};
  }
  void on_adapter(const std::string& name, ov::ValueAccessor<double>& value) override {
    node_.reals[name] = value.get();
  }
  void on_adapter(const std::string& name, ov::ValueAccessor<std::vector<std::int64_t>>& value) override {
    node_.numbers[name] = value.get();
  }

 private:
  GraphNode& node_;
};

std::vector<std::int64_t> shape_of(const ov::PartialShape& shape) {
  std::vector<std::int64_t> sides;
  if (shape.rank().is_dynamic()) return {-1};
  for (const auto& side : shape) sides.push_back(side.is_static() ? side.get_length() : -1);
  return sides;
}

Result<GraphConstant> constant_of(const ov::op::v0::Constant& node) {
  GraphConstant constant;
  for (const std::size_t side : node.get_shape()) constant.shape.push_back(static_cast<std::int64_t>(side));
  const ov::element::Type type = node.get_element_type();
  if (type.is_real() && type.bitwidth() <= 64)
    constant.reals = node.cast_vector<float>();
  else if (type.is_integral() && type.bitwidth() <= 64)
    constant.whole = node.cast_vector<std::int64_t>();
  else
    return fail(ErrorCode::unsupported,
                "the constant " + node.get_friendly_name() + " is of kind " + type.get_type_name());
  return constant;
}

Result<Graph> graph_of(const ov::Model& model, const ModelManifest& manifest) {
  Graph graph{.id = manifest.id, .input = manifest.input, .nodes = {}, .outputs = {}};
  std::unordered_map<const ov::Node*, std::size_t> places;
  const auto value_of = [&](const ov::Output<ov::Node>& from) {
    return GraphValue{places.at(from.get_node()), from.get_index()};
  };
  std::size_t numbers = 0;
  for (const auto& from : model.get_ordered_ops()) {
    if (ov::is_type<ov::op::v0::Result>(from)) continue;
    if (graph.nodes.size() == kMostNodes)
      return fail(ErrorCode::corrupt_data, "more than " + std::to_string(kMostNodes) + " nodes");
    GraphNode node{.kind = from->get_type_name(),
                   .name = from->get_friendly_name(),
                   .inputs = {},
                   .numbers = {},
                   .reals = {},
                   .texts = {},
                   .outputs = {},
                   .constant = {}};
    for (const auto& input : from->input_values()) node.inputs.push_back(value_of(input));
    for (const auto& output : from->outputs()) {
      const auto& names = output.get_names();
      node.outputs.push_back({{names.begin(), names.end()}, shape_of(output.get_partial_shape())});
    }
    if (const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(from)) {
      numbers += ov::shape_size(constant->get_shape());
      if (numbers > kMostNumbers)
        return fail(ErrorCode::corrupt_data, "more than " + std::to_string(kMostNumbers) + " constant numbers");
      VULTUS_TRY(node.constant, constant_of(*constant));
    } else {
      AttributeNotes notes(node);
      from->visit_attributes(notes);
    }
    places.emplace(from.get(), graph.nodes.size());
    graph.nodes.push_back(std::move(node));
  }
  for (std::size_t i = 0; const auto& [name, tensor] : manifest.outputs)
    graph.outputs.emplace(name, value_of(model.get_results().at(i++)->input_value(0)));
  return graph;
}

}  // namespace

Result<Graph> read_graph(const ModelManifest& manifest, const std::filesystem::path& file) {
  if (!manifest.trunks.empty())
    return fail(ErrorCode::unsupported, "model " + manifest.id.text() + " is a head on trunks: read the trunks");
  return guarded("model " + manifest.id.text(), [&]() -> Result<Graph> {
    VULTUS_TRY(const auto model, network_of_floats(manifest, file, manifest.input.width(), manifest.input.height()));
    ov::pass::Manager passes;
    passes.register_pass<ov::pass::ConstantFolding>();
    passes.run_passes(model);
    return graph_of(*model, manifest);
  });
}

}  // namespace vultus::runtime

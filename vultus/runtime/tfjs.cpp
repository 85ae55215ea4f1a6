#include <vultus/runtime/tfjs.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <vultus/runtime/graphdef.hpp>
#include <vultus/runtime/store.hpp>
#include <vultus/runtime/tfjs_attributes.hpp>
#include <vultus/runtime/tfjs_weights.hpp>

namespace vultus::runtime {
namespace {

using GraphJson = nlohmann::json;
namespace gd = graphdef;

constexpr int kDeepestJson = 24;

/// One node of the JSON.
struct GraphNode {
  std::string name, op;
  std::vector<std::string> inputs;
  const GraphJson* attributes = nullptr;  ///< an object, or null
  gd::Attributes encoded;
};

gd::Attributes of_floats() { return {{"T", gd::attr_type(static_cast<std::uint64_t>(gd::Kind::f32))}}; }

/// max(x, 0) - slope * max(-x, 0)
std::string prelu(const std::string& name, const std::string& x, const std::string& slope) {
  return gd::node(name + "/__p", "Relu", {x}, of_floats()) + gd::node(name + "/__n", "Neg", {x}, of_floats()) +
         gd::node(name + "/__nr", "Relu", {name + "/__n"}, of_floats()) +
         gd::node(name + "/__m", "Mul", {slope, name + "/__nr"}, of_floats()) +
         gd::node(name, "Sub", {name + "/__p", name + "/__m"}, of_floats());
}

/// Makes the graph node by node.
class GraphWriter {
 public:
  GraphWriter(std::map<std::string, TfjsConstant> constants, std::span<const std::int64_t> input_shape)
      : constants_(std::move(constants)), input_shape_(input_shape) {}

  Status add(const GraphJson& row);
  Result<std::string> finish() {
    if (placeholders_ != 1)
      return fail(ErrorCode::unsupported, std::to_string(placeholders_) + " inputs, 1 is supported");
    return std::move(graph_) + gd::field(4, gd::number(1, 1087));  // a producer that knows all of these operations
  }

 private:
  Result<GraphNode> read(const GraphJson& row) const;
  Status fused(const GraphNode& node, std::string_view base);
  Status activation(const GraphNode& node, const std::string& kind, const std::string& name, const std::string& from,
                    std::size_t& next);
  Status constant(const GraphNode& node);

  std::map<std::string, TfjsConstant> constants_;
  std::span<const std::int64_t> input_shape_;
  std::string graph_;
  std::size_t placeholders_ = 0;
};

Result<GraphNode> GraphWriter::read(const GraphJson& row) const {
  GraphNode node;
  const auto text = [&](const char* key) {
    const auto at = row.find(key);
    return at != row.end() && at->is_string() && at->get_ref<const std::string&>().size() <= TfjsLimits::kMostName
               ? at->get<std::string>()
               : std::string();
  };
  if (!row.is_object()) return fail(ErrorCode::corrupt_data, "a node that is no object");
  node.name = text("name"), node.op = text("op");
  if (node.name.empty() || node.op.empty())
    return fail(ErrorCode::corrupt_data,
                "a node needs \"name\" and \"op\" of 1 to " + std::to_string(TfjsLimits::kMostName) + " bytes");
  const auto bad = [&](const std::string& what) {
    return fail(ErrorCode::corrupt_data, "node \"" + node.name + "\": " + what);
  };
  if (const auto inputs = row.find("input"); inputs != row.end()) {
    if (!inputs->is_array()) return bad("\"input\" is no list");
    for (const GraphJson& one : *inputs) {
      if (!one.is_string() || one.get_ref<const std::string&>().size() > TfjsLimits::kMostName)
        return bad("an input that is no name");
      // "^name" only says what must run before.
      if (const std::string& from = one.get_ref<const std::string&>(); !from.starts_with('^'))
        node.inputs.push_back(from);
    }
  }
  const auto attributes = row.find("attr");
  if (attributes == row.end()) return node;
  if (!attributes->is_object()) return bad("\"attr\" is no object");
  node.attributes = &*attributes;
  if (node.op == "Const" || node.op == "Placeholder") return node;  // theirs are written anew
  for (const auto& [key, value] : attributes->items()) {
    auto encoded = tfjs_attribute(value);
    if (!encoded) return bad("attribute \"" + key + "\" is of no known kind");
    node.encoded.emplace(key, *std::move(encoded));
  }
  return node;
}

Status GraphWriter::constant(const GraphNode& node) {
  const auto at = constants_.find(node.name);
  if (at == constants_.end()) return fail(ErrorCode::corrupt_data, "the constant \"" + node.name + "\" has no weights");
  const TfjsConstant& value = at->second;
  graph_ += gd::node(node.name, "Const", {},
                     {{"dtype", gd::attr_type(static_cast<std::uint64_t>(value.kind))},
                      {"value", gd::attr_tensor(value.kind, value.shape, value.bytes)}});
  constants_.erase(at);
  return {};
}

Status GraphWriter::activation(const GraphNode& node, const std::string& kind, const std::string& name,
                               const std::string& from, std::size_t& next) {
  constexpr std::array<std::string_view, 5> kPlain{"Relu", "Relu6", "Elu", "Sigmoid", "Tanh"};
  const auto operand = [&]() -> Result<std::string> {
    if (next >= node.inputs.size())
      return fail(ErrorCode::corrupt_data, "node \"" + node.name + "\": an input is missing for " + kind);
    return node.inputs[next++];
  };
  if (kind == "BiasAdd" || kind == "Prelu") {
    VULTUS_TRY(const std::string with, operand());
    graph_ += kind == "Prelu" ? prelu(name, from, with) : gd::node(name, kind, {from, with}, of_floats());
    return {};
  }
  gd::Attributes attributes = of_floats();
  if (kind == "LeakyRelu") {
    const auto alpha = node.encoded.find("leakyrelu_alpha");
    attributes["alpha"] = alpha == node.encoded.end() ? gd::attr_float(0.2F) : alpha->second;
  } else if (std::ranges::find(kPlain, kind) == kPlain.end()) {
    return fail(ErrorCode::unsupported, "node \"" + node.name + "\": the fused operation \"" + kind + "\"");
  }
  graph_ += gd::node(name, kind, {from}, attributes);
  return {};
}

Status GraphWriter::fused(const GraphNode& node, std::string_view base) {
  std::vector<std::string> parts;
  if (const auto list = node.attributes == nullptr ? GraphJson::const_iterator() : node.attributes->find("fused_ops");
      node.attributes != nullptr && list != node.attributes->end())
    for (const GraphJson& value : list->value("list", GraphJson::object()).value("s", GraphJson::array())) {
      const auto part = tfjs_text(value);
      if (!part) return fail(ErrorCode::corrupt_data, "node \"" + node.name + "\": \"fused_ops\" holds no names");
      parts.push_back(*part);
    }
  if (node.inputs.size() < 2 || parts.size() > 4)
    return fail(ErrorCode::corrupt_data, "node \"" + node.name + "\" needs two inputs and at most 4 fused operations");
  const std::vector<std::string_view> kept =
      base == "MatMul"
          ? std::vector<std::string_view>{"T", "transpose_a", "transpose_b"}
          : std::vector<std::string_view>{"T", "strides", "padding", "data_format", "dilations", "explicit_paddings"};
  gd::Attributes attributes = of_floats();
  for (const std::string_view key : kept)
    if (const auto at = node.encoded.find(std::string(key)); at != node.encoded.end())
      attributes[std::string(key)] = at->second;
  std::string current = parts.empty() ? node.name : node.name + "/__c";
  graph_ += gd::node(current, base, {node.inputs[0], node.inputs[1]}, attributes);
  std::size_t next = 2;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string name = i + 1 == parts.size() ? node.name : node.name + "/__" + std::to_string(i);
    VULTUS_CHECK(activation(node, parts[i], name, current, next));
    current = name;
  }
  return {};
}

Status GraphWriter::add(const GraphJson& row) {
  VULTUS_TRY(const GraphNode node, read(row));
  if (node.op == "NoOp") return {};
  if (node.op == "Const") return constant(node);
  if (node.op == "Placeholder") {
    ++placeholders_;
    graph_ += gd::node(node.name, node.op, {},
                       {{"dtype", gd::attr_type(static_cast<std::uint64_t>(gd::Kind::f32))},
                        {"shape", gd::field(7, gd::shape(input_shape_))}});
    return {};
  }
  if (node.op == "_FusedConv2D") return fused(node, "Conv2D");
  if (node.op == "FusedDepthwiseConv2dNative") return fused(node, "DepthwiseConv2dNative");
  if (node.op == "_FusedMatMul") return fused(node, "MatMul");
  if (node.op == "Prelu") {
    if (node.inputs.size() != 2)
      return fail(ErrorCode::corrupt_data, "node \"" + node.name + "\": Prelu needs two inputs");
    graph_ += prelu(node.name, node.inputs[0], node.inputs[1]);
    return {};
  }
  graph_ += gd::node(node.name, node.op, node.inputs, node.encoded);
  return {};
}

Result<std::string> convert(std::string_view json, std::span<const std::uint8_t> weights,
                            std::span<const std::int64_t> input_shape) {
  if (json.size() > TfjsLimits::kMostText || weights.size() > TfjsLimits::kMostWeights)
    return fail(ErrorCode::corrupt_data, std::to_string(json.size()) + " and " + std::to_string(weights.size()) +
                                             " bytes, at most " + std::to_string(TfjsLimits::kMostText) + " and " +
                                             std::to_string(TfjsLimits::kMostWeights) + " are read");
  const GraphJson model = GraphJson::parse(
      json, [](int depth, GraphJson::parse_event_t, GraphJson&) { return depth < kDeepestJson; }, false);
  if (model.is_discarded() || !model.is_object()) return fail(ErrorCode::corrupt_data, "not a JSON object");
  const auto topology = model.find("modelTopology");
  const auto manifest = model.find("weightsManifest");
  if (topology == model.end() || !topology->is_object() || manifest == model.end())
    return fail(ErrorCode::corrupt_data, "needs \"modelTopology\" and \"weightsManifest\"");
  const auto nodes = topology->find("node");
  if (nodes == topology->end() || !nodes->is_array())
    return fail(ErrorCode::unsupported, "no list of nodes: only graph models are read, no layer models");
  if (nodes->size() > TfjsLimits::kMostNodes)
    return fail(ErrorCode::corrupt_data, std::to_string(nodes->size()) + " nodes, at most " +
                                             std::to_string(TfjsLimits::kMostNodes) + " are read");
  VULTUS_TRY(auto constants, tfjs_constants(*manifest, weights));
  GraphWriter writer(std::move(constants), input_shape);
  for (const GraphJson& node : *nodes) VULTUS_CHECK(writer.add(node));
  return writer.finish();
}

Result<std::string> bytes_of(const std::filesystem::path& file, std::size_t most) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(file, failed);
  std::ifstream in(file, std::ios::binary);
  if (failed || !in) return fail(ErrorCode::not_found, file.string() + " cannot be read");
  if (size > most)
    return fail(ErrorCode::corrupt_data,
                file.string() + ": " + std::to_string(size) + " bytes, at most " + std::to_string(most) + " are read");
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad()) return fail(ErrorCode::not_found, file.string() + " cannot be read");
  return bytes;
}

}  // namespace

Result<std::string> tfjs_to_graphdef(std::string_view json, std::span<const std::uint8_t> weights,
                                     std::span<const std::int64_t> input_shape, std::string_view origin) {
  // The JSON library throws where a value has another kind than asked for: bytes of anybody must not get out as that.
  auto graph = guarded("TFJS", [&] { return convert(json, weights, input_shape); });
  if (graph) return graph;
  Error error = graph.error();
  if (error.code == ErrorCode::internal) error.code = ErrorCode::corrupt_data;
  return error.with_context(origin);
}

Result<std::string> read_tfjs_model(const ModelManifest& manifest, const std::filesystem::path& file) {
  VULTUS_TRY(const std::string json, bytes_of(file, TfjsLimits::kMostText));
  // A store keeps the files of a model in one folder; those of the user's own lie where the manifest says.
  const ModelStore store(file.parent_path().parent_path());
  std::string weights;
  for (std::size_t i = 1; i < manifest.files.size(); ++i) {
    VULTUS_TRY(const std::string shard,
               bytes_of(store.path_of(manifest, manifest.files[i]), TfjsLimits::kMostWeights - weights.size()));
    weights += shard;
  }
  return tfjs_to_graphdef(json, {reinterpret_cast<const std::uint8_t*>(weights.data()), weights.size()},
                          manifest.input.shape, file.filename().string());
}

}  // namespace vultus::runtime

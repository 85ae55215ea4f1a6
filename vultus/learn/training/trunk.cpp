#include <vultus/learn/training/trunk.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <vultus/learn/training/graph_operations.hpp>

namespace vultus::learn {
namespace {

using torch::Tensor;

/// Does a text fit a pattern in which * stands for any text?
bool fits(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() != '*')
    return !text.empty() && text.front() == pattern.front() && fits(text.substr(1), pattern.substr(1));
  for (std::size_t skipped = 0; skipped <= text.size(); ++skipped)
    if (fits(text.substr(skipped), pattern.substr(1))) return true;
  return false;
}

/// What operations multiply the data with: these are counted by TrunkTraining::last.
bool has_weights(std::string_view kind) {
  return kind == "Convolution" || kind == "GroupConvolution" || kind == "MatMul";
}

/// Means and variances of a normalisation were measured, not learnt: a step of a gradient could make a variance
/// negative.
bool is_measured(std::string_view kind, std::size_t input) { return kind == "BatchNormInference" && input >= 3; }

/// libtorch takes no dots in names.
std::string as_module_name(std::string name) {
  std::ranges::replace(name, '.', '_');
  return name;
}

Tensor tensor_of(const runtime::GraphConstant& constant) {
  // Empty rows have no address that could be read.
  if (!constant.reals.empty()) return torch::tensor(constant.reals).view(constant.shape);
  if (!constant.whole.empty()) return torch::tensor(constant.whole).view(constant.shape);
  return torch::zeros(constant.shape);
}

}  // namespace

Result<std::shared_ptr<Trunk>> Trunk::of(runtime::Graph graph, const TrunkTraining& training) {
  const std::string name = "model " + graph.id.text();
  // The constructor is for of() alone, so std::make_shared cannot call it.
  std::shared_ptr<Trunk> trunk(new Trunk(std::move(graph)));
  VULTUS_CHECK(trunk->prepare(training).with_context(name));
  return trunk;
}

Status Trunk::prepare(const TrunkTraining& training) {
  const std::size_t count = graph_.nodes.size();
  constants_.resize(count), names_.resize(count), of_pictures_.assign(count, 0), last_reader_.assign(count, 0);
  std::vector<std::size_t> reader(count, count);  // the first that reads a constant
  std::vector<std::size_t> weighing;              // operations that are counted
  for (std::size_t i = 0; i < count; ++i) {
    const runtime::GraphNode& node = graph_.nodes[i];
    if (node.kind == "Parameter") input_ = i, of_pictures_[i] = 1;
    if (node.kind == "Parameter" || node.constant) continue;
    for (std::size_t input = 0; input < node.inputs.size(); ++input) {
      const std::size_t from = node.inputs[input].node;
      last_reader_[from] = i;
      of_pictures_[i] = of_pictures_[i] != 0 || of_pictures_[from] != 0 ? 1 : 0;
      if (reader[from] != count || !graph_.nodes[from].constant) continue;
      reader[from] = i;
      const auto& constant = *graph_.nodes[from].constant;
      if (constant.reals.size() > 1 && !is_measured(node.kind, input))
        names_[from] = node.name + ":" + std::to_string(input);
    }
    const bool fed = !node.inputs.empty() && of_pictures_[node.inputs[0].node] != 0;
    VULTUS_CHECK(check_step({graph_, node, graph_.input.shape.front(), fed}));
    if (of_pictures_[i] != 0 && has_weights(node.kind)) weighing.push_back(i);
  }
  if (training.last > static_cast<std::int64_t>(weighing.size()))
    return fail(ErrorCode::invalid_argument, "the last " + std::to_string(training.last) +
                                                 " operations with weights shall learn, there are " +
                                                 std::to_string(weighing.size()));
  std::size_t first = count;
  if (training.last < 0) first = 0;
  if (training.last > 0) first = weighing[weighing.size() - static_cast<std::size_t>(training.last)];
  std::vector<char> used(training.names.size(), 0);
  for (std::size_t i = 0; i < count; ++i) {
    if (!graph_.nodes[i].constant) continue;
    Tensor values = tensor_of(*graph_.nodes[i].constant);
    bool learns = !names_[i].empty() && reader[i] != count && reader[i] >= first;
    for (std::size_t p = 0; p < used.size(); ++p)
      if (!names_[i].empty() && fits(names_[i], training.names[p])) learns = true, used[p] = 1;
    if (values.is_floating_point()) {
      const std::string name = std::to_string(i) + " " + as_module_name(names_[i]);
      values = learns ? register_parameter(name, values) : register_buffer(name, values);
    }
    constants_[i] = values;
  }
  for (std::size_t p = 0; p < used.size(); ++p)
    if (used[p] == 0) return fail(ErrorCode::invalid_argument, "no weight is called " + training.names[p]);
  return {};
}

std::vector<std::string> Trunk::weights() const {
  std::vector<std::string> names;
  for (const std::string& name : names_)
    if (!name.empty()) names.push_back(name);
  return names;
}

std::vector<TrunkLayer> Trunk::layers() const {
  std::vector<TrunkLayer> layers;
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
    if (const runtime::GraphNode& node = graph_.nodes[i]; of_pictures_[i] != 0)
      layers.push_back({i, node.kind, node.name, node.outputs.at(0).shape});
  return layers;
}

Tensor Trunk::scaled(const Tensor& pictures) const {
  const runtime::InputSpec& spec = graph_.input;
  if (pictures.dim() != 4 || pictures.size(1) != spec.channels() || pictures.size(2) != spec.height() ||
      pictures.size(3) != spec.width())
    throw std::logic_error("a trunk got pictures of another size than it takes");
  const auto row = [&](const std::vector<float>& values) {
    return torch::tensor(values).to(pictures.dtype()).view({1, -1, 1, 1});
  };
  Tensor x = spec.colour == runtime::Colour::bgr ? pictures.flip(1) : pictures;
  x = (x - row(spec.mean)) / row(spec.scale);
  return spec.layout == runtime::Layout::nhwc ? x.permute({0, 2, 3, 1}) : x;
}

std::vector<Tensor> Trunk::forward(const Tensor& x) const { return forward(x, {}, {}); }

std::vector<Tensor> Trunk::forward(const Tensor& x, const std::vector<std::size_t>& nodes, const Hook& hook) const {
  std::vector<std::size_t> wanted;
  for (const auto& [name, value] : graph_.outputs) wanted.push_back(value.node);
  wanted.insert(wanted.end(), nodes.begin(), nodes.end());
  const std::size_t last = *std::ranges::max_element(wanted);
  std::vector<Tensor> said(graph_.nodes.size());
  std::vector<Tensor> in;
  for (std::size_t i = 0; i <= last; ++i) {
    const runtime::GraphNode& node = graph_.nodes[i];
    if (i == input_)
      said[i] = x;
    else if (node.constant)
      said[i] = constants_[i];
    else {
      in.clear();
      for (const runtime::GraphValue& from : node.inputs) in.push_back(said[from.node]);
      said[i] = compute({graph_, node, graph_.input.shape.front(), of_pictures_[node.inputs[0].node] != 0}, in);
      if (hook) said[i] = hook(i, said[i]);
      // What nobody reads any more need not stay.
      for (const runtime::GraphValue& from : node.inputs)
        if (last_reader_[from.node] == i && std::ranges::find(wanted, from.node) == wanted.end())
          said[from.node] = Tensor();
    }
  }
  std::vector<Tensor> answers;
  for (const std::size_t node : wanted) answers.push_back(said[node]);
  return answers;
}

Result<std::shared_ptr<Trunk>> read_trunk(const runtime::ModelManifest& manifest, const std::filesystem::path& file,
                                          const TrunkTraining& training) {
  VULTUS_TRY(runtime::Graph graph, runtime::read_graph(manifest, file));
  return Trunk::of(std::move(graph), training);
}

}  // namespace vultus::learn

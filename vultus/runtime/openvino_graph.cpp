#include <vultus/runtime/openvino_graph.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <openvino/frontend/manager.hpp>

#include <vultus/runtime/dlib_model.hpp>
#include <vultus/runtime/onnx_check.hpp>
#include <vultus/runtime/tfjs.hpp>

namespace vultus::runtime {
namespace {

/// Looks into a file of the user's own before the library does.
Status check_own_onnx(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in.is_open() || in.bad()) return fail(ErrorCode::not_found, "cannot be read");
  return check_onnx({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

/// A file that only this process sees, gone at the end of its block.
class PassingFile {
 public:
  PassingFile(const PassingFile&) = delete;
  PassingFile& operator=(const PassingFile&) = delete;
  PassingFile(PassingFile&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}
  PassingFile& operator=(PassingFile&&) = delete;
  ~PassingFile() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  static Result<PassingFile> with(const std::string& bytes) {
    std::error_code failed;
    std::string name = (std::filesystem::temp_directory_path(failed) / "vultus-graph-XXXXXX").string();
    if (failed || mkdtemp(name.data()) == nullptr)
      return fail(ErrorCode::resource_limit, "a folder for a converted network cannot be made in the temporary folder");
    PassingFile made{std::filesystem::path(name)};
    std::ofstream out(made.path(), std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) return fail(ErrorCode::resource_limit, made.path().string() + " cannot be written");
    return made;
  }
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "graph.pb"; }

 private:
  explicit PassingFile(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path folder_;
};

/// The library reads a format from a file.
Result<std::shared_ptr<ov::Model>> read_by_library(std::string_view framework, std::string_view format,
                                                   const std::filesystem::path& file) {
  auto model =
      guarded("not a network in the format " + std::string(format), [&]() -> Result<std::shared_ptr<ov::Model>> {
        ov::frontend::FrontEndManager manager;
        const auto reader = manager.load_by_framework(std::string(framework));
        return reader->convert(reader->load(file.string()));
      });
  if (!model && model.error().code == ErrorCode::internal) return fail(ErrorCode::corrupt_data, model.error().message);
  return model;
}

/// TensorFlow's reader takes files only. The graph is made when it is needed and not kept: what is kept is the compiled
/// network (compiled_store.hpp), so this happens once a model and machine.
Result<std::shared_ptr<ov::Model>> read_tfjs(const ModelManifest& manifest, const std::filesystem::path& file) {
  VULTUS_TRY(const std::string graph, read_tfjs_model(manifest, file));
  VULTUS_TRY(const PassingFile passing, PassingFile::with(graph));
  return read_by_library("tf", name_of(Format::tfjs), passing.path());
}

/// Reads a file as the format that its manifest says, and as nothing else.
Result<std::shared_ptr<ov::Model>> read(const ModelManifest& manifest, const std::filesystem::path& file) {
  if (manifest.format == Format::dlib) return read_dlib_model(manifest, file);
  if (manifest.format == Format::tfjs) return read_tfjs(manifest, file);
  // A user's own file may come from anybody; those of packages are known by their sums.
  if (manifest.format == Format::onnx && manifest.source.registry == Registry::local)
    VULTUS_CHECK(check_own_onnx(file));
  return read_by_library(name_of(manifest.format), name_of(manifest.format), file);
}

/// The last sum of two sums with maps of a size: what "residual HxW" names. What an activation is made of is no such
/// sum.
std::optional<ov::Output<ov::Node>> residual(const ov::Model& whole, std::string_view size) {
  const auto is_sum = [](const ov::Node& node) { return std::string_view(node.get_type_name()) == "Add"; };
  std::optional<ov::Output<ov::Node>> last;
  for (const auto& node : whole.get_ordered_ops()) {
    const bool of_sums =
        is_sum(*node) && std::ranges::all_of(node->input_values(), [&](const ov::Output<ov::Node>& from) {
          return is_sum(*from.get_node());
        });
    if (!of_sums) continue;
    const ov::PartialShape shape = node->get_output_partial_shape(0);
    if (shape.rank().is_dynamic() || shape.size() != 4 || shape[2].is_dynamic() || shape[3].is_dynamic()) continue;
    if (std::to_string(shape[2].get_length()) + "x" + std::to_string(shape[3].get_length()) == size)
      last = node->output(0);
  }
  return last;
}

/// The outputs that the manifest names, in the order of their names. They may be inner tensors: a detector is cut
/// before its own box decoding, so that it can be reshaped.
Result<ov::OutputVector> outputs_of(const ov::Model& whole, const ModelManifest& manifest) {
  std::map<std::string, ov::Output<ov::Node>> tensors;
  for (const auto& node : whole.get_ordered_ops())
    for (const auto& output : node->outputs())
      for (const auto& name : output.get_names()) tensors.emplace(name, output);
  ov::OutputVector kept;
  constexpr std::string_view kResidual = "residual ";
  for (const auto& [name, tensor] : manifest.outputs) {
    if (tensor.starts_with(kResidual))
      if (const auto sum = residual(whole, std::string_view(tensor).substr(kResidual.size()))) {
        kept.push_back(*sum);
        continue;
      }
    const auto at = tensors.find(tensor);
    if (at == tensors.end())
      return fail(ErrorCode::corrupt_data, std::string("model ")
                                               .append(manifest.id.text())
                                               .append(" has no tensor ")
                                               .append(tensor)
                                               .append(" for its output ")
                                               .append(name)
                                               .append(" (field \"outputs\")"));
    kept.push_back(at->second);
  }
  return kept;
}

/// The model reduced to the outputs that the manifest names.
Result<std::shared_ptr<ov::Model>> cut(const std::shared_ptr<ov::Model>& whole, const ModelManifest& manifest) {
  VULTUS_TRY(const ov::OutputVector kept, outputs_of(*whole, manifest));
  return std::make_shared<ov::Model>(kept, whole->get_parameters(), manifest.id.text());
}

std::shared_ptr<ov::Model> with_preprocessing(const std::shared_ptr<ov::Model>& model, const InputSpec& spec) {
  ov::preprocess::PrePostProcessor steps(model);
  auto& input = steps.input();
  input.tensor().set_element_type(ov::element::u8).set_layout("NHWC");
  input.model().set_layout(spec.layout == Layout::nchw ? "NCHW" : "NHWC");
  input.preprocess().convert_element_type(ov::element::f32);
  // The bytes come as red, green, blue; mean and scale are given in the order the network sees.
  if (spec.colour == Colour::bgr) input.preprocess().reverse_channels();
  input.preprocess().mean(spec.mean).scale(spec.scale);
  for (std::size_t i = 0; i < model->outputs().size(); ++i) steps.output(i).tensor().set_element_type(ov::element::f32);
  return steps.build();
}

/// A trunk as a model from bytes to the maps that a head reads, in the order of the head's names.
Result<std::shared_ptr<ov::Model>> trunk_of_bytes(const Trunk& trunk, std::int64_t batch) {
  if (!trunk.manifest) return fail(ErrorCode::not_found, "model " + trunk.model.text() + " was not looked up");
  ModelManifest manifest = *trunk.manifest;
  manifest.outputs = trunk.feeds;
  manifest.input.shape[0] = batch;
  return network_of_bytes(manifest, trunk.file, manifest.input.width(), manifest.input.height());
}

/// The input of a head by its name.
std::shared_ptr<ov::op::v0::Parameter> parameter_of(const ov::Model& head, const std::string& name) {
  for (const auto& parameter : head.get_parameters())
    if (parameter->get_friendly_name() == name || parameter->output(0).get_names().contains(name)) return parameter;
  return nullptr;
}

}  // namespace

Result<std::shared_ptr<ov::Model>> network_of_floats(const ModelManifest& manifest, const std::filesystem::path& file,
                                                     int width, int height) {
  const InputSpec& spec = manifest.input;
  VULTUS_TRY(const std::shared_ptr<ov::Model> whole,
             read(manifest, file).with_context("model " + manifest.id.text() + " (" + file.string() + ")"));
  if (whole->inputs().size() != 1)
    return fail(ErrorCode::corrupt_data, "model " + manifest.id.text() + " has " +
                                             std::to_string(whole->inputs().size()) +
                                             " inputs, 1 is wanted (or \"trunks\" that feed them)");
  const ov::PartialShape said(std::vector<ov::Dimension>(spec.shape.begin(), spec.shape.end()));
  // The batch may differ: inner maps are the same whether one picture or two are looked at.
  ov::PartialShape any_batch = said;
  any_batch[0] = whole->input().get_partial_shape().rank() == 4 ? whole->input().get_partial_shape()[0] : said[0];
  if (!whole->input().get_partial_shape().compatible(any_batch))
    return fail(ErrorCode::corrupt_data, "model " + manifest.id.text() + " has input shape " +
                                             whole->input().get_partial_shape().to_string() +
                                             ", its manifest says in \"shape\" " + said.to_string());
  VULTUS_TRY(const auto kept, cut(whole, manifest));
  ov::PartialShape shape = said;
  shape[spec.layout == Layout::nchw ? 2 : 1] = height;
  shape[spec.layout == Layout::nchw ? 3 : 2] = width;
  const Status fits = guarded("reshape", [&]() -> Status {
    kept->reshape(shape);
    return {};
  });
  if (!fits && fits.error().code == ErrorCode::internal)
    return fail(ErrorCode::corrupt_data, "model " + manifest.id.text() + " takes no " + std::to_string(width) + "x" +
                                             std::to_string(height) + R"( pixels, its manifest says "shape" )" +
                                             said.to_string() + R"( and "resizable" )" +
                                             (spec.resizable ? "true" : "false"));
  return fits ? Result<std::shared_ptr<ov::Model>>(kept) : fits.error();
}

Result<std::shared_ptr<ov::Model>> network_of_bytes(const ModelManifest& manifest, const std::filesystem::path& file,
                                                    int width, int height) {
  VULTUS_TRY(const auto kept, network_of_floats(manifest, file, width, height));
  auto fed = guarded("model " + manifest.id.text() + R"( cannot be fed as "layout", "colour", "mean" and "scale" say)",
                     [&]() -> Result<std::shared_ptr<ov::Model>> { return with_preprocessing(kept, manifest.input); });
  if (!fed && fed.error().code == ErrorCode::internal) return fail(ErrorCode::corrupt_data, fed.error().message);
  return fed;
}

/// Input and output of two networks have different shapes. @param input  for the message
Error misfit(const std::string& input, const ov::Node& parameter, const ModelId& trunk,
             const ov::Output<ov::Node>& map) {
  return fail(ErrorCode::corrupt_data, input + " takes " + parameter.get_output_partial_shape(0).to_string() + ", " +
                                           trunk.text() + " gives " + map.get_partial_shape().to_string());
}

Result<std::shared_ptr<ov::Model>> head_on_trunks(const ModelManifest& manifest, const std::filesystem::path& file) {
  const std::string name = "model " + manifest.id.text();
  VULTUS_TRY(const std::shared_ptr<ov::Model> head,
             read(manifest, file).with_context(name + " (" + file.string() + ")"));
  std::size_t fed = 0;
  ov::ParameterVector bytes;
  for (const Trunk& trunk : manifest.trunks) {
    VULTUS_TRY(const auto maps, trunk_of_bytes(trunk, manifest.input.shape[0]).with_context(name));
    const auto& own = maps->get_parameters().front();
    if (bytes.empty()) bytes.push_back(own);
    // All trunks look at the same picture.
    if (bytes.front()->get_partial_shape() != own->get_partial_shape())
      return fail(ErrorCode::corrupt_data, name + ": its trunks take pictures of different sizes");
    if (own != bytes.front()) own->output(0).replace(bytes.front()->output(0));
    for (std::size_t i = 0; const auto& [input, tensor] : trunk.feeds) {
      const auto parameter = parameter_of(*head, input);
      if (!parameter) return fail(ErrorCode::corrupt_data, std::string(name).append(" has no input ").append(input));
      const ov::Output<ov::Node> map = maps->get_results().at(i++)->input_value(0);
      if (!parameter->get_partial_shape().compatible(map.get_partial_shape()))
        return misfit(std::string(name).append(": input ").append(input), *parameter, trunk.model, map);
      parameter->output(0).replace(map);
      ++fed;
    }
  }
  if (fed != head->get_parameters().size())
    return fail(ErrorCode::corrupt_data, name + " has " + std::to_string(head->get_parameters().size()) +
                                             " inputs, its trunks feed " + std::to_string(fed));
  const ov::PartialShape said{manifest.input.shape[0], manifest.input.height(), manifest.input.width(),
                              manifest.input.channels()};
  if (bytes.front()->get_partial_shape() != said)
    return fail(ErrorCode::corrupt_data, name + ": its trunks take " + bytes.front()->get_partial_shape().to_string() +
                                             ", its manifest says " + said.to_string());
  VULTUS_TRY(const ov::OutputVector kept, outputs_of(*head, manifest));
  auto joined = std::make_shared<ov::Model>(kept, bytes, manifest.id.text());
  joined->validate_nodes_and_infer_types();
  return joined;
}

}  // namespace vultus::runtime

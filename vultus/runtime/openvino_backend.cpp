#include <cstdlib>
#include <exception>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <openvino/openvino.hpp>

#include <vultus/runtime/compiled_store.hpp>
#include <vultus/runtime/decoder_contract.hpp>
#include <vultus/runtime/machine.hpp>
#include <vultus/runtime/network.hpp>
#include <vultus/runtime/openvino_graph.hpp>

namespace vultus::runtime {
namespace {

struct Compiled {
  std::vector<std::uint8_t> bytes;  // an imported model reads its weights here, so they live longer than it
  ov::CompiledModel model;
};

class OpenVinoNetwork final : public Network {
 public:
  OpenVinoNetwork(Compiled compiled, const ModelManifest& manifest, int width, int height)
      : compiled_(std::move(compiled)),
        request_(compiled_.model.create_infer_request()),
        batch_(manifest.input.batch()),
        width_(width),
        height_(height),
        channels_(manifest.input.channels()),
        input_(request_.get_input_tensor()) {
    for (const auto& [name, tensor] : manifest.outputs) outputs_.emplace(name, outputs_.size());
  }

  [[nodiscard]] int batch() const override { return batch_; }
  [[nodiscard]] int width() const override { return width_; }
  [[nodiscard]] int height() const override { return height_; }
  [[nodiscard]] int channels() const override { return channels_; }
  [[nodiscard]] std::span<std::uint8_t> input() override {
    return {input_.data<std::uint8_t>(), input_.get_byte_size()};
  }

  Status run() override {
    return guarded("inference", [&]() -> Status {
      request_.infer();
      return {};
    });
  }

  [[nodiscard]] Result<std::span<const float>> output(std::string_view name) const override {
    const auto at = outputs_.find(name);
    if (at == outputs_.end())
      return fail(ErrorCode::not_found, "the network has no output \"" + std::string(name) + "\"");
    return guarded("network output", [&]() -> Result<std::span<const float>> {
      const ov::Tensor tensor = request_.get_output_tensor(at->second);
      return std::span<const float>(tensor.data<const float>(), tensor.get_size());
    });
  }

 private:
  Compiled compiled_;
  mutable ov::InferRequest request_;
  int batch_, width_, height_, channels_;
  std::map<std::string, std::size_t, std::less<>> outputs_;
  ov::Tensor input_;
};

std::string library_version() {
  // "2026.4.1-22982-..." -> "2026.4.1"
  const std::string full = ov::get_openvino_version().buildNumber;
  return full.substr(0, full.find('-'));
}

class OpenVinoBackend final : public Backend {
 public:
  OpenVinoBackend(ov::Core core, const InferenceFacts& facts, const OpenVinoOptions& options, bool bf16)
      : core_(std::move(core)), kept_(options.compiled), bf16_(bf16) {
    machine_ = std::string(ov::get_openvino_version().buildNumber) + "\n" + facts.device + facts.limited_by;
    for (const std::string& can : facts.can) machine_ += " " + can;
  }

  [[nodiscard]] std::string description() const override {
    return "OpenVINO " + library_version() + " CPU " + (bf16_ ? "bf16" : "f32");
  }

  [[nodiscard]] Result<std::unique_ptr<Network>> load(const ModelManifest& manifest, const std::filesystem::path& file,
                                                      const LoadOptions& options) const override {
    const InputSpec& spec = manifest.input;
    const int width = options.width > 0 ? options.width : spec.width();
    const int height = options.height > 0 ? options.height : spec.height();
    if (!spec.resizable && (width != spec.width() || height != spec.height()))
      return fail(ErrorCode::invalid_argument, "model " + manifest.id.text() + " takes " +
                                                   std::to_string(spec.width()) + "x" + std::to_string(spec.height()) +
                                                   " pixels, not " + std::to_string(width) + "x" +
                                                   std::to_string(height));
    auto network =
        guarded("model " + manifest.id.text() + " (" + file.string() + ")", [&]() -> Result<std::unique_ptr<Network>> {
          VULTUS_TRY(Compiled compiled, compiled_or_kept(manifest, file, width, height));
          auto made = std::make_unique<OpenVinoNetwork>(std::move(compiled), manifest, width, height);
          VULTUS_CHECK(check_outputs(manifest, *made));
          return made;
        });
    if (network || network.error().code != ErrorCode::corrupt_data || manifest.origin.empty()) return network;
    return network.error().with_context(manifest.origin);
  }

 private:
  static void add_input(std::ostream& key, const InputSpec& spec) {
    key << '\n' << int(spec.layout) << ' ' << int(spec.colour) << ' ' << spec.resizable;
    for (const auto& numbers : {spec.mean, spec.scale})
      for (const float number : numbers) key << ' ' << std::hexfloat << number;
    for (const std::int64_t side : spec.shape) key << ' ' << side;
  }

  /// Everything that a compiled network depends on.
  [[nodiscard]] std::string key_of(const ModelManifest& manifest, int width, int height) const {
    std::ostringstream key;
    key << machine_ << '\n' << bf16_ << ' ' << width << 'x' << height << ' ' << name_of(manifest.format);
    for (const ModelFile& file : manifest.files) key << ' ' << file.sha256;
    add_input(key, manifest.input);
    for (const auto& [name, tensor] : manifest.outputs) key << '\n' << name << '=' << tensor;
    for (const auto& [name, number] : manifest.parameters) key << '\n' << name << '=' << number;
    for (const Trunk& trunk : manifest.trunks) {
      for (const auto& [name, tensor] : trunk.feeds) key << "\non " << name << '=' << tensor;
      if (!trunk.manifest) continue;
      key << ' ' << name_of(trunk.manifest->format);
      for (const ModelFile& file : trunk.manifest->files) key << ' ' << file.sha256;
      add_input(key, trunk.manifest->input);
    }
    return key.str();
  }

  // Workers run whole pictures side by side. With pinning left on, all of them would sit on the first core.
  [[nodiscard]] ov::AnyMap settings() const {
    return {ov::inference_num_threads(1), ov::num_streams(1), ov::hint::enable_cpu_pinning(false),
            ov::hint::inference_precision(bf16_ ? ov::element::bf16 : ov::element::f32)};
  }

  [[nodiscard]] Result<Compiled> compiled_or_kept(const ModelManifest& manifest, const std::filesystem::path& file,
                                                  int width, int height) const {
    if (!kept_.in_use()) {
      VULTUS_TRY(auto model, compile(manifest, file, width, height));
      return Compiled{.bytes = {}, .model = std::move(model)};
    }
    const std::string name = manifest.id.text();
    const std::string key = key_of(manifest, width, height);
    if (auto bytes = kept_.read(name, key))
      if (Compiled kept = imported(*std::move(bytes)); kept.model) return kept;
    VULTUS_TRY(auto model, compile(manifest, file, width, height));
    std::ostringstream stream;
    model.export_model(stream);
    const std::string bytes = std::move(stream).str();
    kept_.keep(name, key, {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    return Compiled{.bytes = {}, .model = std::move(model)};
  }

  /// @return no model where the library does not take its own bytes back: then it is compiled anew
  [[nodiscard]] Compiled imported(std::vector<std::uint8_t> bytes) const {
    try {
      const ov::Tensor tensor(ov::element::u8, ov::Shape{bytes.size()}, bytes.data());
      auto model = core_.import_model(tensor, "CPU", settings());
      return {.bytes = std::move(bytes), .model = std::move(model)};
    } catch (const std::exception&) {
      return {};
    }
  }

  [[nodiscard]] Result<ov::CompiledModel> compile(const ModelManifest& manifest, const std::filesystem::path& file,
                                                  int width, int height) const {
    if (!manifest.trunks.empty()) {
      VULTUS_TRY(const auto joined, head_on_trunks(manifest, file));
      return core_.compile_model(joined, "CPU", settings());
    }
    VULTUS_TRY(const auto model, network_of_bytes(manifest, file, width, height));
    auto compiled = guarded("it cannot be compiled", [&]() -> Result<ov::CompiledModel> {
      return core_.compile_model(model, "CPU", settings());
    });
    // Networks of packages are known by their sums and have been compiled before; one of the user's own may be
    // anything.
    if (!compiled && compiled.error().code == ErrorCode::internal && manifest.source.registry == Registry::local)
      return fail(ErrorCode::corrupt_data, "model " + manifest.id.text() + ": " + compiled.error().message);
    return compiled;
  }

  mutable ov::Core core_;
  CompiledStore kept_;
  std::string machine_;
  bool bf16_;
};

}  // namespace

namespace {

Result<InferenceFacts> facts_of(const ov::Core& core) {
  return guarded("OpenVINO", [&]() -> Result<InferenceFacts> {
    InferenceFacts facts{.version = library_version(),
                         .device = core.get_property("CPU", ov::device::full_name),
                         .can = core.get_property("CPU", ov::device::capabilities),
                         .limited_by = {}};
    // The arithmetic library inside listens to this name. The capabilities are told without it: networks in bf16 would
    // then run slowly, or not be made at all.
    if (const char* value = std::getenv("ONEDNN_MAX_CPU_ISA"); value != nullptr && *value != '\0')
      if (const std::string isa = value; isa != "ALL" && isa != "DEFAULT") {
        facts.limited_by = "ONEDNN_MAX_CPU_ISA=" + isa;
        std::erase(facts.can, "BF16");
      }
    return facts;
  });
}

}  // namespace

Result<InferenceFacts> inference_facts() {
  return guarded("OpenVINO", []() -> Result<InferenceFacts> { return facts_of(ov::Core()); });
}

Result<std::unique_ptr<Backend>> make_openvino_backend(const OpenVinoOptions& options) {
  return guarded("OpenVINO", [&]() -> Result<std::unique_ptr<Backend>> {
    ov::Core core;
    VULTUS_TRY(const InferenceFacts facts, facts_of(core));
    const bool has_bf16 = facts.has("BF16");
    if (options.precision == Precision::bf16 && !has_bf16)
      return fail(ErrorCode::unsupported, "precision bf16 is not available: this CPU has no bf16 arithmetic");
    const bool bf16 = options.precision == Precision::bf16 || (options.precision == Precision::automatic && has_bf16);
    return std::make_unique<OpenVinoBackend>(std::move(core), facts, options, bf16);
  });
}

}  // namespace vultus::runtime

// Running a network: bytes in, floats out, whatever library does the arithmetic.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/runtime/manifest.hpp>

namespace vultus::runtime {

/// The arithmetic that is wanted. `automatic` = bf16 where the CPU has it in hardware, else f32.
enum class Precision : std::uint8_t { automatic, f32, bf16 };

struct LoadOptions {
  int width = 0;  ///< pixels; 0 = as the manifest says; only for resizable inputs
  int height = 0;
};

/// One loaded network with its own buffers. Thread-compatible: one user at a time.
/// Workers load one each: that was measured faster than sharing (docs/performance.md).
class Network {
 public:
  Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  virtual ~Network() = default;

  [[nodiscard]] virtual int batch() const = 0;
  [[nodiscard]] virtual int width() const = 0;
  [[nodiscard]] virtual int height() const = 0;
  [[nodiscard]] virtual int channels() const = 0;
  /// The bytes that the next run reads: [batch][height][width][channels], colour as red, green, blue.
  /// Mean, scale, layout and colour order of the manifest are applied inside the network.
  [[nodiscard]] virtual std::span<std::uint8_t> input() = 0;
  /// @error internal  the library failed; @cost the whole network
  virtual Status run() = 0;
  /// Values of an output of the last run, by the name the manifest gives it. Valid until the next run.
  /// @error not_found  no such output
  [[nodiscard]] virtual Result<std::span<const float>> output(std::string_view name) const = 0;
};

/// Makes networks from verified files. Thread-safe.
class Backend {
 public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  virtual ~Backend() = default;

  /// @param file  path of the network, already checked against the manifest's sums
  /// @error corrupt_data     the file cannot be read, or its shapes differ from the manifest
  /// @error invalid_argument a size for an input that is not resizable
  [[nodiscard]] virtual Result<std::unique_ptr<Network>> load(const ModelManifest& model,
                                                              const std::filesystem::path& file,
                                                              const LoadOptions& options) const = 0;
  /// Library, device and arithmetic that really run, e.g. "OpenVINO 2026.4.1 CPU bf16".
  [[nodiscard]] virtual std::string description() const = 0;
};

/// A verified model file, ready to be loaded by as many workers as want it. A value; any thread.
struct ModelHandle {
  std::shared_ptr<const Backend> backend;
  ModelManifest manifest;
  std::filesystem::path file;

  [[nodiscard]] Result<std::unique_ptr<Network>> load(const LoadOptions& options = {}) const {
    return backend->load(manifest, file, options);
  }  ///< for one worker; as Backend::load
  /// A number of the manifest's decoder.
  [[nodiscard]] double parameter(const std::string& name, double otherwise) const {
    const auto at = manifest.parameters.find(name);
    return at == manifest.parameters.end() ? otherwise : at->second;
  }
};

struct OpenVinoOptions {
  Precision precision = Precision::automatic;
  std::filesystem::path compiled;  ///< folder for compiled networks; empty = none are kept
};

/// The OpenVINO CPU backend: one thread a network, ONNX and TensorFlow Lite files.
/// @error unsupported  bf16 was asked for and the CPU has none
[[nodiscard]] Result<std::unique_ptr<Backend>> make_openvino_backend(const OpenVinoOptions& options);

}  // namespace vultus::runtime

// One network in words: where its file comes from, what goes in, what comes out, under which licence.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>

namespace vultus::runtime {

/// Who hands out the package that holds a model.
enum class Registry : std::uint8_t { npm, pypi, local };

/// The archive a model is taken from. `local`: a file of the user's, named by ModelFile::path.
struct ModelSource {
  Registry registry = Registry::local;
  std::string package;
  std::string version;
  std::string archive_sha256;
  std::int64_t archive_bytes = 0;
  bool operator==(const ModelSource&) const = default;
};

/// One file inside the archive, or a byte range of one.
struct ModelFile {
  std::string path;                 ///< inside the package; for `local` relative to the manifest, or absolute; no ".."
  std::int64_t offset = 0;          ///< first byte
  std::optional<std::int64_t> end;  ///< one past the last byte; empty = the whole file
  std::string sha256;               ///< of the bytes taken
  std::int64_t bytes = 0;           ///< number of bytes taken
  bool operator==(const ModelFile&) const = default;
};

/// May it be used for money? `not_stated` where nobody says so: neither yes nor no.
enum class Commercial : std::uint8_t { yes, no, not_stated };

struct Licence {
  std::string package;  ///< SPDX name of the package's licence
  std::string weights;  ///< who trained the weights and under which terms, or "not stated"
  Commercial commercial = Commercial::not_stated;
  bool operator==(const Licence&) const = default;
};

/// `dlib`: the serialisation of that library; networks and shape predictors. `tfjs`: a graph model of TensorFlow.js,
/// its model.json first and its shards behind it.
enum class Format : std::uint8_t { onnx, tflite, dlib, tfjs };
enum class Layout : std::uint8_t { nchw, nhwc };
enum class Colour : std::uint8_t { rgb, bgr, gray };

/// What the network is fed: value = (byte - mean) / scale, per channel.
struct InputSpec {
  std::vector<std::int64_t> shape;  ///< 4 numbers in `layout`
  Layout layout = Layout::nchw;
  Colour colour = Colour::rgb;
  std::vector<float> mean;   ///< one a channel
  std::vector<float> scale;  ///< one a channel, not 0
  bool resizable = false;    ///< height and width may be chosen at load

  [[nodiscard]] int batch() const { return static_cast<int>(shape[0]); }
  [[nodiscard]] int channels() const { return colour == Colour::gray ? 1 : 3; }
  [[nodiscard]] int height() const { return static_cast<int>(shape[layout == Layout::nchw ? 2 : 1]); }
  [[nodiscard]] int width() const { return static_cast<int>(shape[layout == Layout::nchw ? 3 : 2]); }
  bool operator==(const InputSpec&) const = default;
};

struct ModelManifest;

/// A network of the catalogue whose inner maps a head reads.
struct Trunk {
  ModelId model;
  std::map<std::string, std::string> feeds;  ///< input of the head -> tensor of the trunk, named as in `outputs`
  // Filled by model_handle(); not part of the JSON.
  std::shared_ptr<const ModelManifest> manifest;
  std::filesystem::path file;
  bool operator==(const Trunk&) const = default;
};

/// One row of the catalogue.
struct ModelManifest {
  ModelId id;
  std::string task;     ///< for people: "face detection", "embedding" ...
  std::string decoder;  ///< which code of Vultus reads the outputs, e.g. "rfb", "ibug68", "embedding", "mesh468"
  ModelSource source;
  std::vector<ModelFile> files;  ///< the first is the network
  Format format = Format::onnx;
  Licence licence;
  InputSpec input;
  /// Name used by the decoder -> tensor name in the file, or "residual HxW": the last sum of two sums whose maps have
  /// that size, for networks whose inner tensors have no names of their own.
  std::map<std::string, std::string> outputs;
  /// Where the network is a head that reads maps of others: it is fed by them, and `input` is the picture they see.
  std::vector<Trunk> trunks;
  std::map<std::string, double> parameters;  ///< numbers of the decoder, e.g. "score_threshold"
  std::string measured;                      ///< for people: accuracy measured with Vultus' own code, and on what
  std::string folder;                        ///< where the manifest was read from; not part of the JSON
  std::string origin;                        ///< its file, for messages; not part of the JSON
  bool operator==(const ModelManifest&) const = default;
};

/// Reads one manifest.
/// @param json    text of a models/*.json file, at most 1 MiB
/// @param origin  its name, for messages
/// @error corrupt_data  not JSON, a field missing or of the wrong kind, a value outside its range, or outputs that are
///        not those of the decoder; the message names field, value and limit
/// @error unsupported   a schema newer than this program
/// @thread safe, no state
[[nodiscard]] Result<ModelManifest> parse_manifest(std::string_view json, std::string_view origin);

/// Refuses a model whose licence does not say that it may be used commercially: "not stated" is no yes.
/// @error unsupported  names the model, what is stated and whose weights they are
[[nodiscard]] Status require_commercial(const ModelManifest& model);

/// Is this a plain name in the registry? Names reach the command line of the registry's client: nothing that could be
/// an option, an address, a path or another registry's name ("owner/name" without @) is one.
/// @return false for Registry::local, which has no packages
[[nodiscard]] bool is_package_name(Registry registry, std::string_view name) noexcept;
/// Is this a plain version, such as 0.4.1657299874 or 1.0-rc.1?
[[nodiscard]] bool is_package_version(std::string_view version) noexcept;

[[nodiscard]] std::string_view name_of(Registry registry) noexcept;      ///< as in manifests
[[nodiscard]] std::string_view name_of(Commercial commercial) noexcept;  ///< as in manifests
[[nodiscard]] std::string_view name_of(Format format) noexcept;          ///< as in manifests

}  // namespace vultus::runtime

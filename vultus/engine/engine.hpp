// The whole: models, preset and backend, loaded once and shared by all workers.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/decision.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/looker.hpp>
#include <vultus/engine/preset.hpp>
#include <vultus/gallery/gallery.hpp>
#include <vultus/identity/scale.hpp>
#include <vultus/media/isolation.hpp>
#include <vultus/runtime/catalogue.hpp>
#include <vultus/runtime/network.hpp>
#include <vultus/runtime/store.hpp>

namespace vultus::engine {

struct EngineOptions {
  std::filesystem::path models;  ///< folder of the manifests; presets lie in its subfolder presets/
  std::filesystem::path cache;   ///< folder of downloaded things; empty = runtime::default_cache_folder()
  /// Folder of the user's own manifests; empty or not there = none.
  std::filesystem::path own_models;
  std::string preset = "default";  ///< its name, or the id of an embedder of the user's own
  std::string detector;            ///< id of another detector than the preset's; empty = the preset's
  std::string embedder;            ///< id of another embedder than the preset's; empty = the preset's
  runtime::Precision precision = runtime::Precision::automatic;
  int threads = 0;     ///< pictures looked at side by side, [0, 256]; 0 = one a processor
  bool tiles = false;  ///< search pictures larger than the detector's input tile by tile
  /// Refuse each network, of the preset and beside it, whose licence does not say that it may be used commercially.
  bool commercial_only = false;
  /// Pictures of strangers are decoded in a process of each worker's own, but not by tokenizer_*. Nothing = here.
  std::optional<media::Isolation> isolation = std::nullopt;
  /// What runs the networks instead of OpenVINO, with arithmetic of its own choice; null = OpenVINO.
  std::shared_ptr<const runtime::Backend> backend = nullptr;
};

/// The presets of a model folder, by name.
/// @error not_found  no such folder; corrupt_data  a preset that cannot be read
[[nodiscard]] Result<std::vector<Preset>> load_presets(const std::filesystem::path& models);

/// The networks of the model folder and the user's own.
/// @param own_models  empty or not there = none
/// @error as runtime::Catalogue::load()
[[nodiscard]] Result<runtime::Catalogue> load_catalogue(const std::filesystem::path& models,
                                                        const std::filesystem::path& own_models);

/// What finds faces and makes templates. Thread-compatible.
struct FaceParts {
  face::FaceFinder finder;
  face::Embedder embedder;
};

/// Immutable after load; any thread. Move-only.
class Engine {
 public:
  /// @error not_found       no such preset, or a model that was not fetched yet: the message says how to fetch it
  /// @error unsupported     commercial_only, and a model of the preset may not be used commercially or does not say so
  /// @error corrupt_data    a manifest, preset or model file that is not what it should be
  /// @error invalid_argument  threads outside its range
  static Result<Engine> load(const EngineOptions& options);

  [[nodiscard]] const Preset& preset() const { return preset_; }
  [[nodiscard]] const runtime::Catalogue& catalogue() const { return catalogue_; }
  [[nodiscard]] const runtime::ModelStore& store() const { return store_; }
  /// The sum of the network that makes the templates; of several the sum of their sums.
  [[nodiscard]] std::string template_sha256() const;
  /// Values of a template.
  [[nodiscard]] int dimension() const;
  /// What really runs, e.g. "OpenVINO 2026.4.1 CPU bf16".
  [[nodiscard]] std::string backend() const { return landmarks_.backend->description(); }
  [[nodiscard]] int threads() const { return threads_; }
  /// Where pictures are decoded that are not decoded in this process.
  [[nodiscard]] const std::optional<media::Isolation>& isolation() const { return isolation_; }
  /// The threshold for a false match rate; for none, that of the preset's default.
  /// @error invalid_argument  a rate that the preset's data does not support, or nothing was measured for its embedder
  [[nodiscard]] Result<OperatingPoint> operating_point(std::optional<double> fmr = std::nullopt) const;
  /// A threshold that the user chose, with what the preset's data says of its false match rate.
  /// @error invalid_argument  outside [-1, 1]
  [[nodiscard]] Result<OperatingPoint> operating_point_at(Cosine threshold) const;

  /// The same for faces of a gallery: what was measured on it comes first, as far as it goes (`calibrated` tells).
  /// @error invalid_argument  a rate that neither the gallery nor the preset supports; else those of reading the
  /// gallery
  [[nodiscard]] Result<OperatingPoint> operating_point(const Gallery& gallery,
                                                       const identity::PointWanted& wanted) const;

  /// A network of the catalogue, verified, to be run as the engine's own are.
  /// @error not_found  no such model, or not fetched yet; corrupt_data  an altered file; unsupported  commercial_only,
  ///        and it may not be used commercially or does not say so
  [[nodiscard]] Result<runtime::ModelHandle> model(const ModelId& id) const;

  /// The networks of one thread, for those who look at frames instead of files.
  /// @cost compiles them: some 100 ms with a warm cache
  [[nodiscard]] Result<FaceParts> make_parts() const;

  /// A worker of its own for one thread.
  /// @cost compiles its networks: some 100 ms with a warm cache
  [[nodiscard]] Result<Looker> make_looker() const;
  /// The first half of a worker: faces without templates.
  [[nodiscard]] Result<face::FaceFinder> make_finder() const;

  /// Looks at many pictures side by side and hands the results over in the order of the inputs, one at a time, on the
  /// calling thread. Memory does not grow with the number of inputs.
  /// @param receive  returns an error to stop everything with it
  /// @error cancelled  stop was requested; what was received before stays received. Else the error of `receive` or of
  /// make_looker
  Status look_at(std::span<const media::Input> inputs, const LookOptions& options,
                 const std::function<Status(SeenPicture)>& receive, const std::stop_token& stop = {}) const;

 private:
  Engine(runtime::Catalogue catalogue, runtime::ModelStore store, Preset preset, int threads)
      : catalogue_(std::move(catalogue)), store_(std::move(store)), preset_(std::move(preset)), threads_(threads) {}

  runtime::Catalogue catalogue_;
  runtime::ModelStore store_;
  Preset preset_;
  int threads_;
  runtime::ModelHandle detector_, landmarks_;
  std::vector<face::EmbedderPart> embedders_;
  std::optional<runtime::ModelHandle> face_flag_;
  std::optional<media::Isolation> isolation_;
  bool commercial_only_ = false;
};

}  // namespace vultus::engine

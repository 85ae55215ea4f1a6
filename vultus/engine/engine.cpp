#include <vultus/engine/engine.hpp>

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <vultus/engine/calibrate.hpp>
#include <vultus/engine/choose_parts.hpp>
#include <vultus/engine/picture_decoder.hpp>
#include <vultus/runtime/handle.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::engine {
namespace fs = std::filesystem;
namespace {

constexpr int kMaxThreads = 256;
// Results that may wait for their turn, for each worker: enough to ride out one slow picture.
constexpr std::size_t kWaitingPerWorker = 8;

/// Hands numbered pictures to workers and collects their results in order.
class Exchange {
 public:
  Exchange(std::size_t count, std::size_t window) : count_(count), window_(window) {}

  /// @return the next picture to look at; nothing when there is none, or when everything stops
  std::optional<std::size_t> take(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    if (!room_.wait(lock, stop, [&] { return stopped_ || next_ >= count_ || next_ < delivered_ + window_; }))
      return std::nullopt;
    if (stopped_ || next_ >= count_) return std::nullopt;
    return next_++;
  }
  void put(std::size_t number, SeenPicture seen) {
    const std::lock_guard lock(mutex_);
    done_.emplace(number, std::move(seen));
    ready_.notify_all();
  }
  void fail_with(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = error;
    stopped_ = true;
    ready_.notify_all();
    room_.notify_all();
  }
  /// @return the next result in order, waiting for it
  Result<SeenPicture> next(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, stop, [&] { return error_ || done_.contains(delivered_); });
    if (error_) return *error_;
    if (!done_.contains(delivered_))
      return fail(ErrorCode::cancelled,
                  "stopped after " + std::to_string(delivered_) + " of " + std::to_string(count_) + " pictures");
    SeenPicture seen = std::move(done_.extract(delivered_).mapped());
    ++delivered_;
    room_.notify_all();
    return seen;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any room_, ready_;
  std::map<std::size_t, SeenPicture> done_;
  std::optional<Error> error_;
  std::size_t count_, window_, next_ = 0, delivered_ = 0;
  bool stopped_ = false;
};

}  // namespace

Result<std::vector<Preset>> load_presets(const fs::path& models) {
  const fs::path folder = models / "presets";
  std::error_code failed;
  std::vector<fs::path> files;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
    if (at->path().extension() == ".json") files.push_back(at->path());
  if (failed) return fail(ErrorCode::not_found, "preset folder " + folder.string() + ": " + failed.message());
  std::ranges::sort(files);
  std::vector<Preset> presets;
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string json((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in.is_open() || in.bad()) return fail(ErrorCode::not_found, "preset " + file.string() + " cannot be read");
    VULTUS_TRY(Preset preset, parse_preset(json, file.string()));
    presets.push_back(std::move(preset));
  }
  return presets;
}

Result<runtime::Catalogue> load_catalogue(const fs::path& models, const fs::path& own_models) {
  std::vector<fs::path> folders{models};
  std::error_code failed;
  if (!own_models.empty() && fs::is_directory(own_models, failed)) folders.push_back(own_models);
  return runtime::Catalogue::load(folders);
}

Result<Engine> Engine::load(const EngineOptions& options) {
  if (options.threads < 0 || options.threads > kMaxThreads)
    return fail(ErrorCode::invalid_argument,
                "threads " + std::to_string(options.threads) + ": allowed are 0 to " + std::to_string(kMaxThreads));
  VULTUS_TRY(auto catalogue, load_catalogue(options.models, options.own_models));
  VULTUS_TRY(const auto presets, load_presets(options.models));
  VULTUS_TRY(Preset chosen, choose_parts(presets, catalogue,
                                         {.preset = options.preset,
                                          .detector = ModelId(options.detector),
                                          .embedder = ModelId(options.embedder)}));
  fs::path cache = options.cache;
  if (cache.empty()) {
    VULTUS_TRY(cache, runtime::default_cache_folder());
  }
  const int processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  Engine engine(std::move(catalogue), runtime::ModelStore(std::move(cache)), std::move(chosen),
                options.threads > 0 ? options.threads : processors);
  engine.preset_.detection.reach.tiles = options.tiles;
  engine.isolation_ = options.isolation;
  engine.commercial_only_ = options.commercial_only;
  if (options.commercial_only)
    for (const ModelId& id : engine.preset_.models()) {
      VULTUS_TRY(const runtime::ModelManifest* const model, engine.catalogue_.find(id));
      VULTUS_CHECK(runtime::require_commercial(*model).with_context("preset " + engine.preset_.id));
    }
  std::shared_ptr<const runtime::Backend> backend = options.backend;
  if (backend == nullptr) {
    VULTUS_TRY(backend, runtime::make_openvino_backend({options.precision, engine.store_.compiled()}));
  }
  const auto handle = [&](const ModelId& id) {
    return runtime::model_handle(engine.catalogue_, engine.store_, backend, id);
  };
  VULTUS_TRY(engine.detector_, handle(engine.preset_.detector));
  VULTUS_TRY(engine.landmarks_, handle(engine.preset_.landmarks));
  std::vector<FusedNetwork> networks{{engine.preset_.embedder, engine.preset_.mirror}};
  networks.insert(networks.end(), engine.preset_.fused_with.begin(), engine.preset_.fused_with.end());
  for (const FusedNetwork& network : networks) {
    VULTUS_TRY(auto model, handle(network.model));
    engine.embedders_.push_back({.model = std::move(model), .mirror = network.mirror});
  }
  if (engine.preset_.face_flag) {
    VULTUS_TRY(engine.face_flag_, handle(*engine.preset_.face_flag));
  }
  return engine;
}

std::string Engine::template_sha256() const {
  if (embedders_.size() == 1) return embedders_.front().model.manifest.files.front().sha256;
  std::string sums;
  for (const face::EmbedderPart& part : embedders_) sums += part.model.manifest.files.front().sha256 + "\n";
  return runtime::sha256({reinterpret_cast<const std::uint8_t*>(sums.data()), sums.size()});
}

int Engine::dimension() const {
  double dimension = 0;
  for (const face::EmbedderPart& part : embedders_) dimension += part.model.parameter("dimension", 0);
  return static_cast<int>(dimension);
}

Result<OperatingPoint> Engine::operating_point(std::optional<double> fmr) const {
  return identity::operating_point(preset_.scale(), {}, {.fmr = fmr, .threshold = {}});
}

Result<OperatingPoint> Engine::operating_point_at(Cosine threshold) const {
  return identity::operating_point(preset_.scale(), {}, {.fmr = {}, .threshold = threshold});
}

Result<OperatingPoint> Engine::operating_point(const Gallery& gallery, const identity::PointWanted& wanted) const {
  VULTUS_TRY(const std::optional<identity::Scale> own, gallery_scale(gallery));
  return identity::operating_point(preset_.scale(), own, wanted);
}

Result<runtime::ModelHandle> Engine::model(const ModelId& id) const {
  if (commercial_only_) {
    VULTUS_TRY(const runtime::ModelManifest* const manifest, catalogue_.find(id));
    VULTUS_CHECK(runtime::require_commercial(*manifest));
  }
  return runtime::model_handle(catalogue_, store_, landmarks_.backend, id);
}

Result<face::FaceFinder> Engine::make_finder() const {
  VULTUS_TRY(auto detector, face::Detector::load(detector_, preset_.detection));
  if (landmarks_.manifest.decoder == "mesh468") {
    VULTUS_TRY(auto mesh, face::MeshNet::load(landmarks_));
    return face::FaceFinder(std::move(detector), std::move(mesh));
  }
  VULTUS_TRY(auto landmarks, face::LandmarkNet::load(landmarks_));
  std::optional<face::FaceFlag> flag;
  if (face_flag_) {
    VULTUS_TRY(flag, face::FaceFlag::load(*face_flag_));
  }
  return face::FaceFinder(std::move(detector), std::move(landmarks), std::move(flag));
}

Result<FaceParts> Engine::make_parts() const {
  VULTUS_TRY(auto finder, make_finder());
  VULTUS_TRY(auto embedder, face::Embedder::load(embedders_));
  return FaceParts{.finder = std::move(finder), .embedder = std::move(embedder)};
}

Result<Looker> Engine::make_looker() const {
  VULTUS_TRY(FaceParts parts, make_parts());
  VULTUS_TRY(media::Decoder decoder, make_decoder(*this));
  Looker looker(std::move(parts.finder), std::move(parts.embedder), std::move(decoder), preset_.detection.reach);
  // The models of this engine by value: a looker may outlive a moved engine.
  looker.set_liveness_models([catalogue = catalogue_, store = store_,
                              backend = landmarks_.backend](const ModelId& id) -> Result<runtime::ModelHandle> {
    VULTUS_TRY(const runtime::ModelManifest* manifest, catalogue.find(id));
    VULTUS_TRY(fs::path file, store.verified(*manifest));
    return runtime::ModelHandle{backend, *manifest, std::move(file)};
  });
  return looker;
}

Status Engine::look_at(std::span<const media::Input> inputs, const LookOptions& options,
                       const std::function<Status(SeenPicture)>& receive, const std::stop_token& stop) const {
  if (inputs.empty()) return {};
  const std::size_t workers = std::min(inputs.size(), static_cast<std::size_t>(threads_));
  Exchange exchange(inputs.size(), workers * kWaitingPerWorker);
  std::vector<std::jthread> threads;
  threads.reserve(workers);
  std::stop_source all;  // stops the workers for whatever reason this function returns
  const std::stop_callback pass_on(stop, [&all] { all.request_stop(); });
  for (std::size_t w = 0; w < workers; ++w)
    threads.emplace_back([&, token = all.get_token()] {
      const Status worked = guarded("worker", [&]() -> Status {
        VULTUS_TRY(Looker looker, make_looker());
        VULTUS_CHECK(looker.prepare(options));
        while (const auto number = exchange.take(token)) exchange.put(*number, looker.look(inputs[*number], options));
        return {};
      });
      if (!worked) exchange.fail_with(worked.error());
    });
  Status delivered = [&]() -> Status {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      VULTUS_TRY(SeenPicture seen, exchange.next(stop));
      VULTUS_CHECK(receive(std::move(seen)));
    }
    return {};
  }();
  all.request_stop();
  return delivered;
}

}  // namespace vultus::engine

#include <apps/server/service.hpp>

#include <utility>

#include <vultus/engine/enrol.hpp>

#include <apps/server/api/gate.hpp>
#include <apps/server/api/job_json.hpp>
#include <apps/server/compreface/front.hpp>
#include <apps/server/keys/first_key.hpp>
#include <apps/server/live/live.hpp>
#include <apps/server/openapi/document.hpp>
#include <apps/server/openapi/schemas.hpp>
#include <apps/server/state/postgres_state.hpp>
#include <apps/server/state/sqlite_state.hpp>

namespace vultus::server {
namespace {

/// Bytes that a body may have: what its pictures may have in base64, and room for the rest.
std::size_t body_limit_of(const Route& route, const FaceLimits& limits, const SealedLimits& sealed) {
  constexpr std::size_t kWithoutBody = 4096;
  constexpr std::size_t kWithoutPictures = std::size_t{1} << 20U;
  if (route.request_type.empty()) return kWithoutBody;
  if (route.request_schema == schema_ref("SealedGalleryFile")) return sealed.max_gallery_bytes;
  if (route.request_schema == schema_ref("SealedProbeFile")) return sealed.max_probe_bytes;
  if (route.request_type == kJsonBody) return kWithoutPictures;
  if (route.request_schema == schema_ref("Enrolment") || route.request_schema == schema_ref("Photos"))
    return limits.max_enrolment_bytes;
  if (route.request_schema == schema_ref("Video")) return (limits.max_video_bytes / 3 + 1) * 4 + kWithoutPictures;
  const std::size_t pictures = route.request_schema == schema_ref("TwoPictures") ? 2 : 1;
  return pictures * (limits.decode.max_bytes / 3 + 1) * 4 + kWithoutPictures;
}

}  // namespace

Result<std::unique_ptr<Service>> Service::open(ServerOptions options) {
  VULTUS_CHECK(check_url_for_all(options.collections.database_for_all));
  if (!options.now) options.now = [] { return std::chrono::system_clock::now(); };
  VULTUS_TRY(DataFolder folder, DataFolder::open(options.data));
  ScratchFile::clear(folder.scratch());
  VULTUS_TRY(const ServerSecret secret, ServerSecret::open(folder.secret()));
  VULTUS_TRY(ServerDatabase database, ServerDatabase::open(folder.database()));
  std::shared_ptr<const engine::Engine> engine = options.loaded_engine;
  if (engine == nullptr) {
    VULTUS_TRY(engine::Engine loaded, engine::Engine::load(options.engine));
    engine = std::make_shared<const engine::Engine>(std::move(loaded));
  }
  std::unique_ptr<Service> service(new Service(std::move(options), std::move(folder), std::move(database), secret));
  const ServerOptions& kept = service->options_;
  VULTUS_CHECK(service->open_state());
  VULTUS_TRY(service->keys_,
             KeyStore::open(*service->state_, service->secret_, {.now = kept.now, .steady = kept.steady}));
  VULTUS_TRY(service->faces_, FaceService::make(engine, kept.faces));
  service->collections_ = std::make_unique<Collections>(service->folder_.collections(), *service->state_,
                                                        kept.collections, engine::gallery_model(*engine), kept.now);
  if (!service->state_->is_shared()) {
    VULTUS_TRY(service->sealed_, SealedStore::open(service->folder_.sealed(), kept.sealed));
  }
  CollectionOptions logs = kept.collections;
  logs.databases.clear();
  logs.database_for_all.clear();
  service->sealed_logs_ = std::make_unique<Collections>(service->folder_.sealed_logs(), *service->state_, logs,
                                                        engine::gallery_model(*engine), kept.now);
  service->server_logs_ = std::make_unique<Collections>(service->folder_.audit(), *service->state_, std::move(logs),
                                                        engine::gallery_model(*engine), kept.now);
  VULTUS_CHECK(service->server_log());
  service->answers_ = std::make_unique<KeptAnswers>(*service->state_);
  service->challenges_ = std::make_unique<Challenges>(*service->state_, service->secret_);
  service->jobs_ = std::make_unique<JobBoard>(kept.now);
  service->feed_ = std::make_unique<JobFeed>(*service->jobs_, job_json);
  const Live::Parts parts{.engine = engine.get(),
                          .database = &service->database_,
                          .secret = &service->own_secret_,
                          .collections = service->collections_.get(),
                          .thresholds = &kept.camera_thresholds,
                          .now = kept.now};
  VULTUS_TRY(service->live_, Live::open(kept.live != nullptr ? *kept.live : LiveOptions(), parts));
  // Last, so that a key is not made for a server that does not start.
  const FirstKeyPlace place{.show = kept.show_admin_key,
                            .file = kept.admin_key_file.empty() ? kept.data / "admin.key" : kept.admin_key_file};
  VULTUS_TRY(const bool made, ensure_admin_key(*service->keys_, place));
  static_cast<void>(made);
  return service;
}

Status Service::open_state() {
  if (options_.state.empty()) {
    state_ = std::make_unique<SqliteState>(database_);
    return {};
  }
  VULTUS_TRY(auto shared, PostgresState::open(options_.state));
  VULTUS_TRY(const Digest secret, shared->secret());
  secret_ = ServerSecret::from(secret);
  state_ = std::move(shared);
  return {};
}

Service::~Service() = default;

void Service::end_streams() {
  feed_->stop();
  live_->stop();
}

Status Service::rest() {
  collections_->close_idle();
  sealed_logs_->close_idle();
  server_logs_->close_idle();
  return keys_->flush();
}

Result<CollectionLease> Service::server_log() {
  return server_logs_->use_or_create({.name = "server", .encrypted = {}, .audit = AuditLevel::all});
}

Gauges Service::gauges() {
  return {.workers = faces_->pool().size(),
          .workers_busy = faces_->pool().busy(),
          .waiting = faces_->pool().waiting(),
          .collections_open = collections_->open_count(),
          .sealed = sealed_ == nullptr ? 0 : sealed_->count(),
          .sealed_open = sealed_ == nullptr ? 0 : sealed_->open_count(),
          .jobs_running = jobs_->running()};
}

void Service::log(const RequestNote& note) const {
  if (options_.log) options_.log(note_line(note));
}

void Service::note_transport(const Answered& answered) {
  if (answered.refusal.empty()) return;
  const RequestNote note{
      .at = to_iso8601(utc_now()),
      .request = std::string(answered.id),
      .method = answered.method ? std::string(name_of(*answered.method)) : std::string(),
      .route = std::string(answered.route),
      .operation = std::string(answered.operation.empty() ? kNoOperation : answered.operation),
      .peer = std::string(answered.peer),
      .status = answered.status,
      .code = std::string(answered.refusal),
      .milliseconds = answered.seconds * 1000,
      .bytes_in = answered.bytes_in,
      .bytes_out = answered.bytes_out,
  };
  counters_.answered(note.operation, note.status, answered.seconds);
  log(note);
}

Status Service::forget_told(const std::string& collection) {
  jobs_->forget(collection);
  return answers_->forget(collection);
}

std::string Service::without_places(std::string text) const {
  for (const std::string& folder :
       {folder_.collections().string() + "/", folder_.sealed().string() + "/", folder_.path().string() + "/"})
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) text.erase(at, folder.size());
  return text;
}

Status add_routes(Router& router, Service& service) {
  const auto schemas = std::make_shared<const JsonSchemas>(all_schemas());
  const auto begin = router.routes().size();
  for (Operation& operation : all_operations()) {
    operation.route.body_limit = body_limit_of(operation.route, service.faces().limits(), service.options().sealed);
    VULTUS_CHECK(router.add(gated(std::move(operation), service, schemas)));
  }
  service.set_document(openapi_document(std::span(router.routes()).subspan(begin), *schemas).dump(1, ' ', false));
  return add_compreface_routes(router, service);
}

}  // namespace vultus::server

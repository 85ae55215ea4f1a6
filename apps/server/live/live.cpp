#include <apps/server/live/live.hpp>

#include <condition_variable>
#include <mutex>
#include <utility>

#include <apps/server/live/mqtt.hpp>
#include <apps/server/live/outbound.hpp>
#include <apps/server/live/webhooks.hpp>

namespace vultus::server {
namespace {

constexpr std::int64_t kPruneEvery = 64;

}  // namespace

Live::Live(const LiveOptions& options, const Parts& parts, OutboundRules rules)
    : parts_(parts),
      rules_(std::make_unique<OutboundRules>(std::move(rules))),
      events_(*parts.database, *parts.secret, options.events),
      hub_(events_),
      webhooks_(std::make_shared<Webhooks>(options.webhooks, Webhooks::Parts{.database = parts.database,
                                                                             .secret = parts.secret,
                                                                             .events = &events_,
                                                                             .rules = rules_.get(),
                                                                             .counters = &counters_,
                                                                             .now = parts.now})),
      prune_every_(options.prune_every) {
  CameraSurroundings around{.engine = parts.engine,
                            .collections = parts.collections,
                            .outbound = rules_.get(),
                            .folder = options.camera_folder,
                            .counters = &counters_,
                            .record = [this](const CameraSettings& camera, Collection& collection,
                                             Happening what) { return record(camera, collection, std::move(what)); },
                            .thresholds = parts.thresholds,
                            .back_off = options.camera_back_off,
                            .patience = options.camera_patience};
  cameras_ =
      std::make_unique<Cameras>(CameraStore(*parts.database, *parts.secret), std::move(around), options.max_cameras);
}

Result<std::unique_ptr<Live>> Live::open(const LiveOptions& options, const Parts& parts) {
  OutboundRules rules{.targets = {}, .resolve = options.resolve, .ca_file = options.ca_file};
  VULTUS_TRY(rules.targets, Targets::from(options.allow_targets));
  std::unique_ptr<Live> live(new Live(options, parts, std::move(rules)));
  VULTUS_CHECK(live->cameras_->load());
  VULTUS_CHECK(live->webhooks_->load());
  if (options.mqtt) {
    VULTUS_TRY(live->mqtt_, MqttPublisher::connect(*options.mqtt, live->counters_));
  }
  VULTUS_CHECK(live->events_.prune(std::chrono::floor<std::chrono::seconds>(parts.now())));
  if (options.start) live->start();
  return live;
}

Live::~Live() { stop(); }

void Live::start() {
  hub_.start();
  webhooks_->start();
  cameras_->start();
  pruning_ = std::jthread([this](const std::stop_token& stop) { prune_until(stop); });
}

void Live::stop() {
  pruning_.request_stop();
  if (pruning_.joinable()) pruning_.join();
  cameras_->stop();
  hub_.stop();
  webhooks_->stop();
  if (mqtt_ != nullptr) mqtt_->stop();
}

/// Where nothing happens no event drops the old ones.
void Live::prune_until(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  while (!stopped.wait_for(lock, stop, prune_every_, [&] { return stop.stop_requested(); }))
    // What cannot be dropped now is dropped the next time.
    static_cast<void>(events_.prune(std::chrono::floor<std::chrono::seconds>(parts_.now())));
}

std::string Live::prometheus_text() const {
  std::size_t enabled = 0;
  std::size_t running = 0;
  for (const auto& camera : cameras_->list()) {
    if (camera->settings().enabled) ++enabled;
    if (camera->status().state == CameraStatus::State::running) ++running;
  }
  return counters_.prometheus_text(enabled, running);
}

Status Live::record(const CameraSettings& camera, Collection& collection, Happening what) {
  LiveEvent event{.time = std::chrono::floor<std::chrono::seconds>(parts_.now()),
                  .camera = camera.id,
                  .collection = collection.name(),
                  .what = std::move(what)};
  {
    // A person may be forgotten at this moment: either before, and nothing is written, or after, and it goes with it.
    const std::scoped_lock lock(collection.changing());
    if (event.what.subject) {
      const auto subject = collection.gallery().subject(*event.what.subject);
      if (!subject && subject.error().code == ErrorCode::not_found) return {};
      if (!subject) return subject.error();
      event.what.name = subject->name;
    }
    auto added = events_.add(std::move(event), [this](sqlite::Database& database, const LiveEvent& written) {
      return webhooks_->enqueue(database, written);
    });
    if (!added) return added.error();
    event = *std::move(added);
    // Under the lock, so that what is forgotten next is cleared after this. It waits for no broker.
    if (mqtt_ != nullptr) mqtt_->publish(event, camera.name);
  }
  ++counters_.events.at(static_cast<std::size_t>(event.what.kind));
  hub_.wake();
  webhooks_->wake();
  if (++recorded_ % kPruneEvery == 0) return events_.prune(event.time);
  return {};
}

Status Live::forget(const std::string& collection, std::span<const SubjectId> people) {
  // A broker keeps the last event of a camera, which may be about one of them.
  if (mqtt_ != nullptr && !people.empty())
    for (const auto& camera : cameras_->list())
      if (camera->settings().collection == collection) mqtt_->clear(camera->settings().id);
  for (const SubjectId one : people) VULTUS_CHECK(events_.forget(collection, one));
  return {};
}

Status Live::merge(const std::string& collection, SubjectId from, SubjectId into) {
  return from == into ? Status() : events_.move(collection, from, into);
}

Status Live::forget_collection(const std::string& collection) {
  for (const auto& camera : cameras_->list()) {
    if (camera->settings().collection != collection) continue;
    const auto removed = remove_camera(camera->settings().id);
    if (!removed && removed.error().code != ErrorCode::not_found) return removed.error();
  }
  return events_.forget_collection(collection);
}

Result<std::int64_t> Live::remove_camera(const std::string& id) {
  const EventFilter its_own{.camera = id};
  // First, so that a camera whose events cannot be removed is there still, and can be removed again.
  VULTUS_TRY(const std::int64_t before, events_.remove(its_own));
  VULTUS_CHECK(cameras_->remove(id));
  // It has ended: nothing is published behind this.
  if (mqtt_ != nullptr) mqtt_->remove(id);
  VULTUS_TRY(const std::int64_t meanwhile, events_.remove(its_own));
  return before + meanwhile;
}

}  // namespace vultus::server

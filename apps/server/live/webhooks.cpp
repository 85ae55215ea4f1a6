#include <apps/server/live/webhooks.hpp>

#include <random>
#include <utility>

#include <vultus/core/version.hpp>

#include <apps/server/data/random_hex.hpp>
#include <apps/server/live/camera_store.hpp>
#include <apps/server/live/outbound.hpp>
#include <apps/server/live/target_url.hpp>
#include <apps/server/live/targets.hpp>
#include <apps/server/live/webhook_signature.hpp>

namespace vultus::server {
namespace {

constexpr std::chrono::milliseconds kLookForDue{500};

/// The payload that Standard Webhooks recommends.
std::string body_of(const LiveEvent& event) {
  const Json json{{"type", "face." + std::string(name_of(event.what.kind))},
                  {"timestamp", to_iso8601(event.time)},
                  {"data", event_json(event)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

double random_part() {
  thread_local std::mt19937_64 numbers{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(numbers);
}

}  // namespace

Webhooks::Webhooks(const WebhookLimits& limits, const Parts& parts)
    : limits_(limits), parts_(parts), store_(*parts.database, *parts.secret, limits) {}

std::int64_t Webhooks::now_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(parts_.now().time_since_epoch()).count();
}

Status Webhooks::load() {
  VULTUS_TRY(auto all, store_.all());
  const std::scoped_lock lock(lock_);
  for (Webhook& one : all) {
    const std::string id = one.id;
    workers_[id] = std::make_unique<Worker>(Worker{std::move(one), {}});
  }
  return {};
}

void Webhooks::begin(Worker& worker) {
  worker.thread = std::jthread([this, webhook = worker.webhook](const std::stop_token& stop) { work(webhook, stop); });
}

void Webhooks::start() {
  const std::scoped_lock lock(lock_);
  working_ = true;
  for (const auto& [id, worker] : workers_) begin(*worker);
}

void Webhooks::stop() {
  const std::scoped_lock changing(changing_);
  std::map<std::string, std::unique_ptr<Worker>> all;
  {
    const std::scoped_lock lock(lock_);
    working_ = false;
    all.swap(workers_);
  }
  for (const auto& [id, worker] : all) worker->thread.request_stop();
}

std::vector<Webhook> Webhooks::list() const {
  const std::scoped_lock lock(lock_);
  std::vector<Webhook> all;
  for (const auto& [id, worker] : workers_) all.push_back(worker->webhook);
  return all;
}

std::optional<Webhook> Webhooks::find(const std::string& id) const {
  const std::scoped_lock lock(lock_);
  const auto at = workers_.find(id);
  return at == workers_.end() ? std::nullopt : std::optional(at->second->webhook);
}

Result<Webhook> Webhooks::add(Webhook webhook) {
  VULTUS_TRY(const TargetUrl url, target_url_from(webhook.url));
  if (!url.scheme.starts_with("http"))
    return fail(ErrorCode::invalid_argument, "the URL of a webhook is http:// or https://, not " + url.scheme + "://");
  if (!url.user.empty() || !url.password.empty())
    return fail(ErrorCode::invalid_argument, "the URL of a webhook has no user name and password: messages are signed");
  VULTUS_CHECK(parts_.rules->targets.check_host(url.host, url.port));
  const std::scoped_lock changing(changing_);
  if (list().size() >= limits_.most)
    return fail(ErrorCode::resource_limit, std::to_string(limits_.most) + " webhooks are there, which is the limit");
  webhook.id = random_hex();
  if (webhook.secret.empty()) webhook.secret = make_webhook_secret();
  VULTUS_CHECK(store_.put(webhook));
  const std::scoped_lock lock(lock_);
  auto& worker = workers_[webhook.id] = std::make_unique<Worker>(Worker{webhook, {}});
  if (working_) begin(*worker);
  return webhook;
}

Status Webhooks::remove(const std::string& id) {
  const std::scoped_lock changing(changing_);
  std::unique_ptr<Worker> gone;
  {
    const std::scoped_lock lock(lock_);
    const auto at = workers_.find(id);
    if (at == workers_.end()) return fail(ErrorCode::not_found, "no webhook " + id);
    gone = std::move(at->second);
    workers_.erase(at);
  }
  gone.reset();
  return store_.remove(id);
}

Status Webhooks::enqueue(sqlite::Database& database, const LiveEvent& event) {
  for (const Webhook& webhook : list())
    if (webhook.wants(event)) VULTUS_CHECK(store_.enqueue(database, webhook, event, now_ms()));
  return {};
}

void Webhooks::wake() {
  {
    const std::scoped_lock lock(lock_);
    ++news_;
  }
  woken_.notify_all();
}

Result<std::int64_t> Webhooks::send_again(const std::string& id) {
  VULTUS_TRY(const std::int64_t count, store_.send_again(id, now_ms()));
  wake();
  return count;
}

Status Webhooks::deliver(const Webhook& webhook, Delivery delivery, const std::stop_token& stop) {
  VULTUS_TRY(const auto event, parts_.events->find(delivery.event));
  if (!event) return store_.done(delivery.id);  // it was removed at this moment
  const std::int64_t now = now_ms();
  const Status sent = guarded("webhook", [&] {
    return send_webhook(webhook, delivery.id, now / 1000, body_of(*event), *parts_.rules, limits_.patience, stop);
  });
  if (sent) {
    ++parts_.counters->delivered;
    return store_.done(delivery.id);
  }
  // A server that stops has not tried.
  if (stop.stop_requested()) return {};
  ++parts_.counters->delivery_failures;
  ++delivery.attempts;
  delivery.error = sent.error().message;
  if (delivery.attempts >= limits_.attempts) {
    ++parts_.counters->dead_letters;
    return store_.failed(delivery, webhook.id, std::nullopt);
  }
  return store_.failed(delivery, webhook.id, now + limits_.back_off.wait(delivery.attempts, random_part()).count());
}

void Webhooks::work(const Webhook& webhook, const std::stop_token& stop) {
  std::uint64_t seen = 0;
  while (!stop.stop_requested()) {
    const auto due = store_.next(webhook.id, now_ms());
    if (due && *due && deliver(webhook, **due, stop)) continue;
    std::unique_lock lock(lock_);
    woken_.wait_for(lock, stop, kLookForDue, [&] { return news_ != seen; });
    seen = news_;
  }
}

}  // namespace vultus::server

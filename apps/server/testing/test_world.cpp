#include <apps/server/testing/test_world.hpp>

#include <mutex>
#include <optional>
#include <stdexcept>

#include <sodium.h>

#include <vultus/core/test_folder.hpp>

#include <apps/server/http/percent.hpp>
#include <apps/server/http/router.hpp>
#include <apps/server/service.hpp>
#include <apps/server/testing/test_engine.hpp>

namespace vultus::server::testing {

struct World::State {
  TestFolder folder{TestFolder::On::memory};  // hundreds of files, whose survival is tested elsewhere
  std::function<void(ServerOptions&)> change;
  std::shared_ptr<const engine::Engine> engine;
  std::chrono::system_clock::time_point now =
      std::chrono::sys_days(std::chrono::year(2026) / 2 / 1) + std::chrono::hours(10);
  std::string admin_key;
  std::mutex lock;
  std::vector<std::string> log;
  int requests = 0;
  std::unique_ptr<Service> service;
  std::optional<Router> router;

  void open() {
    ServerOptions options;
    options.data = folder.path() / "data";
    options.loaded_engine = engine;
    options.faces.lookers = 2;
    options.collections.refresh_every = std::chrono::milliseconds(0);
    options.show_admin_key = [this](const std::string& key) { admin_key = key; };
    options.log = [this](const std::string& line) {
      const std::scoped_lock hold(lock);
      log.push_back(line);
    };
    options.now = [this] {
      const std::scoped_lock hold(lock);  // threads of the server ask, too
      return now;
    };
    options.steady = [this] {
      const std::scoped_lock hold(lock);
      return std::chrono::steady_clock::time_point(now.time_since_epoch());
    };
    if (change) change(options);
    auto opened = Service::open(std::move(options));
    if (!opened) throw std::runtime_error(opened.error().message);
    service = *std::move(opened);
    router.emplace();
    if (const Status added = add_routes(*router, *service); !added) throw std::runtime_error(added.error().message);
  }
};

World::World(const std::function<void(ServerOptions&)>& change, std::shared_ptr<const engine::Engine> engine)
    : state_(std::make_unique<State>()) {
  state_->change = change;
  state_->engine = engine != nullptr ? std::move(engine) : fake_engine();
  state_->open();
}

World::~World() = default;

Response World::ask(Method method, const std::string& target, const Ask& with) {
  Request request{.method = method, .path = target.substr(0, target.find('?'))};
  if (const auto at = target.find('?'); at != std::string::npos)
    request.query = parse_query(std::string_view(target).substr(at + 1)).value();
  request.body = with.body;
  request.id = "request-" + std::to_string(++state_->requests);
  request.peer = "192.0.2.1";
  const std::string key = with.key == "admin" ? state_->admin_key : with.key;
  if (!key.empty()) request.headers.add("Authorization", "Bearer " + key);
  for (const auto& [name, value] : with.headers) request.headers.set(name, value);
  if (!with.body.empty() && !request.headers.find("Content-Type"))
    request.headers.add("Content-Type", "application/json");
  const Router::Match match = state_->router->match(request);
  return match.route == nullptr ? match.refusal : match.route->handle(request);
}

std::string World::code(const Response& response) {
  const auto json = TestJson::parse(response.body, nullptr, false);
  return json.is_object() && json.contains("code") ? json.at("code").get<std::string>() : "no code: " + response.body;
}

std::string World::key(const std::string& scope, const std::vector<std::string>& collections, const TestJson& more) {
  TestJson body{{"name", scope + " key"}, {"scope", scope}};
  if (!collections.empty()) body["collections"] = collections;
  if (more.is_object()) body.update(more);
  const Response made = post("/v1/keys", body);
  if (made.status != 201) throw std::runtime_error("no key: " + made.body);
  return json(made).at("secret").get<std::string>();
}

void World::make_collection(const std::string& name) {
  const Response made = post("/v1/collections", {{"collection", name}});
  if (made.status != 201) throw std::runtime_error("no collection: " + made.body);
}

std::int64_t World::enrol(const std::string& collection, const std::string& subject, const std::string& picture) {
  const Response done = post("/v1/collections/" + collection + "/faces?force=true",
                             {{"faces", {{{"subject", subject}, {"image", base64_of(picture)}}}}});
  if (done.status != 200 || json(done).at("enrolled") != 1) throw std::runtime_error("not enrolled: " + done.body);
  return json(done).at("faces").at(0).at("subject_id").get<std::int64_t>();
}

void World::restart() {
  state_->router.reset();
  state_->service.reset();
  state_->open();
}

void World::advance(std::chrono::seconds by) {
  const std::scoped_lock hold(state_->lock);
  state_->now += by;
}
Service& World::service() { return *state_->service; }
Router& World::router() { return *state_->router; }
std::filesystem::path World::data() const { return state_->folder.path() / "data"; }
const std::string& World::admin_key() const { return state_->admin_key; }

std::vector<std::string> World::log() const {
  const std::scoped_lock hold(state_->lock);
  return state_->log;
}

std::string base64_of(const std::string& bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();
  return text;
}

Ask form_of(const std::vector<std::pair<std::string, std::string>>& parts, const std::string& boundary) {
  Ask ask{.headers = {{"Content-Type", "multipart/form-data; boundary=" + boundary}}};
  for (const auto& [name, bytes] : parts)
    ask.body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + bytes + "\r\n";
  ask.body += "--" + boundary + "--\r\n";
  return ask;
}

}  // namespace vultus::server::testing

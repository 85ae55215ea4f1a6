#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>

#include <apps/server/http/test_client.hpp>

namespace vultus::server {

struct TestServer::Shared {
  std::mutex mutex;
  std::condition_variable changed;
  bool gate = false;
  std::size_t waiting = 0;
  std::deque<std::shared_ptr<StreamWriter>> streams;

  Response wait(const Request& request) {
    std::unique_lock lock(mutex);
    ++waiting;
    changed.notify_all();
    while (!gate && !request.stop.stop_requested()) changed.wait_for(lock, std::chrono::milliseconds(5));
    --waiting;
    return json_response("\"waited\"");
  }
  Response events() {
    Response response;
    response.headers.add("Content-Type", "text/event-stream");
    response.stream = [this](std::shared_ptr<StreamWriter> writer) {
      const std::scoped_lock lock(mutex);
      streams.push_back(std::move(writer));
      changed.notify_all();
    };
    return response;
  }
};

namespace {

void add_test_route(Router& router, Method method, std::string path, std::function<Response(const Request&)> handle,
                    std::size_t body_limit = 0, bool watches = false) {
  Route route;
  route.watches = watches;
  route.method = method;
  route.path = std::move(path);
  route.body_limit = body_limit;
  route.handle = std::move(handle);
  if (const auto added = router.add(std::move(route)); !added) throw std::logic_error(added.error().message);
}

Response page_answer() {
  Response response;
  response.headers.add("Content-Type", "text/html; charset=utf-8");
  response.headers.add("X-Evil", "a\r\nX-Injected: 1");
  response.body = "<p>";
  return response;
}

}  // namespace

TestServer::TestServer(ListenerOptions options, ListenerHooks hooks) : shared_(std::make_shared<Shared>()) {
  auto router = std::make_shared<Router>();
  Shared* shared = shared_.get();  // lives longer than the listener
  add_test_route(
      *router, Method::get, "/watch", [](const Request&) { return json_response("\"alive\""); }, 0, true);
  add_test_route(*router, Method::get, "/hello", [](const Request&) { return json_response("\"hello\""); });
  add_test_route(*router, Method::post, "/echo", [](const Request& request) { return json_response(request.body); });
  add_test_route(
      *router, Method::post, "/small", [](const Request& request) { return json_response(request.body); }, 10);
  add_test_route(*router, Method::get, "/events", [shared](const Request&) { return shared->events(); });
  add_test_route(*router, Method::get, "/wait", [shared](const Request& request) { return shared->wait(request); });
  add_test_route(*router, Method::get, "/throw",
                 [](const Request&) -> Response { throw std::runtime_error("secret"); });
  add_test_route(*router, Method::get, "/big",
                 [](const Request&) { return json_response(std::string(32UL << 20U, 'b')); });
  add_test_route(*router, Method::get, "/page", [](const Request&) { return page_answer(); });
  auto listener = Listener::start(std::move(options), router, std::move(hooks));
  if (!listener) throw std::runtime_error(listener.error().message);
  listener_ = *std::move(listener);
}

TestServer::~TestServer() = default;

void TestServer::open_gate() {
  const std::scoped_lock lock(shared_->mutex);
  shared_->gate = true;
  shared_->changed.notify_all();
}

void TestServer::await_waiting(std::size_t requests) {
  std::unique_lock lock(shared_->mutex);
  const bool there =
      shared_->changed.wait_for(lock, TestClient::kPatience, [&] { return shared_->waiting == requests; });
  if (!there) throw std::runtime_error("the requests have not come");
}

std::shared_ptr<StreamWriter> TestServer::await_stream() {
  std::unique_lock lock(shared_->mutex);
  if (!shared_->changed.wait_for(lock, TestClient::kPatience, [&] { return !shared_->streams.empty(); }))
    throw std::runtime_error("no stream was opened");
  auto writer = shared_->streams.front();
  shared_->streams.pop_front();
  return writer;
}

}  // namespace vultus::server

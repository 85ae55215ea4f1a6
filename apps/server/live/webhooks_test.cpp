// Webhooks against real sockets: signed, tried again, given up, and never sent where they must not go.
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <apps/server/live/live.hpp>
#include <apps/server/live/outbound.hpp>
#include <apps/server/live/redirect_guard.hpp>
#include <apps/server/live/webhook_signature.hpp>
#include <apps/server/live/webhooks.hpp>
#include <apps/server/service.hpp>
#include <apps/server/testing/test_engine.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using testing::picture_of;
using testing::TestJson;
using testing::World;
using Message = http::request<http::string_body>;

/// A server that takes one request a connection and answers as it is told; 0 = says nothing.
class Receiver {
 public:
  explicit Receiver(std::function<unsigned(std::size_t)> status) : status_(std::move(status)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  }
  ~Receiver() {
    thread_.request_stop();
    boost::beast::error_code ignored;
    asio::ip::tcp::socket knock(context_);
    knock.connect(acceptor_.local_endpoint(), ignored);
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] std::vector<Message> messages() const {
    const std::scoped_lock lock(lock_);
    return messages_;
  }
  bool await(std::size_t count) const {
    for (int i = 0; i < 1000 && messages().size() < count; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return messages().size() >= count;
  }

 private:
  void work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      boost::beast::error_code failed;
      asio::ip::tcp::socket socket(context_);
      acceptor_.accept(socket, failed);
      if (failed || stop.stop_requested()) return;
      boost::beast::flat_buffer buffer;
      Message message;
      http::read(socket, buffer, message, failed);
      if (failed) continue;
      unsigned status = 0;
      {
        const std::scoped_lock lock(lock_);
        messages_.push_back(message);
        status = status_(messages_.size());
      }
      if (status == 0) {
        silent_.push_back(std::move(socket));
        continue;
      }
      http::response<http::string_body> answer(static_cast<http::status>(status), 11);
      if (status / 100 == 3)
        answer.set(http::field::location, "http://127.0.0.1:" + std::to_string(port()) + "/inside");
      answer.prepare_payload();
      http::write(socket, answer, failed);
    }
  }
  std::function<unsigned(std::size_t)> status_;
  asio::io_context context_;
  asio::ip::tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
  mutable std::mutex lock_;
  std::vector<Message> messages_;
  std::vector<asio::ip::tcp::socket> silent_;
  std::jthread thread_;
};

OutboundRules allowing(const std::vector<std::string>& rules,
                       const std::vector<std::vector<const char*>>& answers = {}) {
  OutboundRules made{.targets = Targets::from(rules).value(), .resolve = resolve_host, .ca_file = {}};
  if (!answers.empty())
    made.resolve = [answers, turn = std::make_shared<std::size_t>(0)](
                       const std::string&, const std::stop_token&) -> Result<std::vector<IpAddress>> {
      std::vector<IpAddress> found;
      for (const char* one : answers.at(std::min((*turn)++, answers.size() - 1)))
        found.push_back(ip_address_from(one).value());
      return found;
    };
  return made;
}

Webhook hook(const std::string& url) { return {.id = "h", .url = url, .secret = make_webhook_secret()}; }

Status send_to(const std::string& url, const OutboundRules& rules, int patience_ms = 5000) {
  return send_webhook(hook(url), "msg_1", 1, "{}", rules, std::chrono::milliseconds(patience_ms), {});
}

TEST(WebhookSignature, IsThatOfTheSpecification) {
  // The example of the reference implementations of Standard Webhooks.
  EXPECT_EQ(webhook_signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                              R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  EXPECT_TRUE(is_webhook_secret(make_webhook_secret()));
  EXPECT_NE(make_webhook_secret(), make_webhook_secret());
  EXPECT_FALSE(is_webhook_secret("whsec_c2hvcnQ="));
}

TEST(SendWebhook, PostsASignedMessage) {
  const Receiver receiver([](std::size_t) { return 204U; });
  const std::string url = "http://127.0.0.1:" + std::to_string(receiver.port()) + "/in?x=1";
  const Webhook webhook = hook(url);
  const Status sent =
      send_webhook(webhook, "msg_7", 1'700'000'000, R"({"a":1})", allowing({"127.0.0.1"}), std::chrono::seconds(5), {});
  ASSERT_TRUE(sent) << sent.error().message;
  const Message message = receiver.messages().at(0);
  EXPECT_EQ(message.method(), http::verb::post);
  EXPECT_EQ(message.target(), "/in?x=1");
  EXPECT_EQ(message.body(), R"({"a":1})");
  EXPECT_EQ(message["webhook-id"], "msg_7");
  EXPECT_EQ(message["webhook-timestamp"], "1700000000");
  EXPECT_EQ(message["webhook-signature"], *webhook_signature(webhook.secret, "msg_7", 1'700'000'000, R"({"a":1})"));
}

TEST(SendWebhook, FollowsNoRedirectAndWaitsForNoSlowReceiver) {
  const Receiver moved([](std::size_t) { return 307U; });
  const Status redirected = send_to("http://127.0.0.1:" + std::to_string(moved.port()), allowing({"127.0.0.1"}));
  ASSERT_FALSE(redirected);
  EXPECT_NE(redirected.error().message.find("redirects are not followed"), std::string::npos);
  EXPECT_EQ(moved.messages().size(), 1U);
  const Receiver silent([](std::size_t) { return 0U; });
  const Status late = send_to("http://127.0.0.1:" + std::to_string(silent.port()), allowing({"127.0.0.1"}), 200);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::resource_limit);
}

TEST(SendWebhook, ReachesNothingThatIsNotAllowedWhateverTheNameLeadsTo) {
  const Receiver receiver([](std::size_t) { return 204U; });
  const std::string port = std::to_string(receiver.port());
  const std::string url = "http://hooks.example.org:" + port;
  for (const char* inside : {"127.0.0.1", "::ffff:127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "fe80::1"})
    EXPECT_FALSE(send_to(url, allowing({"hooks.example.org"}, {{inside}}))) << inside;
  EXPECT_FALSE(send_to(url, allowing({"hooks.example.org"}, {{"93.184.216.34", "127.0.0.1"}})))
      << "one address inside is one too many";
  EXPECT_FALSE(send_to(url, allowing({}, {{"127.0.0.1"}})));
  EXPECT_FALSE(send_to("http://127.0.0.1:" + port, allowing({"hooks.example.org"})));
  EXPECT_FALSE(send_to("http://2130706433:" + port, allowing({"127.0.0.1"})));
  EXPECT_FALSE(send_to("http://127.0.0.1:" + port, allowing({"127.0.0.1:1"})));
  EXPECT_TRUE(receiver.messages().empty());
}

TEST(SendWebhook, ResolvesOnceAndAgainForEveryConnection) {
  const Receiver receiver([](std::size_t) { return 204U; });
  const std::string url = "http://hooks.example.org:" + std::to_string(receiver.port());
  // The name leads to the allowed address first and somewhere else the next time.
  const OutboundRules rules = allowing({"127.0.0.1"}, {{"127.0.0.1"}, {"127.0.0.2"}});
  EXPECT_TRUE(send_to(url, rules));
  const Status rebound = send_to(url, rules);
  ASSERT_FALSE(rebound);
  EXPECT_NE(rebound.error().message.find("list of allowed targets"), std::string::npos);
  EXPECT_EQ(receiver.messages().size(), 1U);
}

TEST(SendWebhook, TrustsNoCertificateThatNobodyVouchesFor) {
  const Receiver plain([](std::size_t) { return 204U; });
  const Status sent = send_to("https://127.0.0.1:" + std::to_string(plain.port()), allowing({"127.0.0.1"}), 1000);
  EXPECT_FALSE(sent) << "no TLS there at all";
  EXPECT_TRUE(plain.messages().empty());
}

TEST(Resolver, KnowsThisMachineAndEndsWithItsStop) {
  const auto local = resolve_host("localhost", {});
  ASSERT_TRUE(local) << local.error().message;
  for (const IpAddress& one : *local) EXPECT_TRUE(special_range_of(one)) << one.text();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(resolve_host("name.invalid", stop.get_token()));
}

TEST(RedirectGuard, SeesARedirectInPiecesOfAnySize) {
  const std::string redirect = "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\nRTSP/1.0 302 Moved\r\nLocation: rtsp://x/\r\n";
  for (std::size_t piece : {1U, 2U, 7U, 1000U}) {
    RedirectGuard guard;
    bool seen = false;
    for (std::size_t at = 0; at < redirect.size(); at += piece)
      seen = guard.saw_redirect(std::string_view(redirect).substr(at, piece));
    EXPECT_TRUE(seen) << piece;
  }
  RedirectGuard odd;
  EXPECT_TRUE(odd.saw_redirect("RTSP/x \t 0303"));
  RedirectGuard none;
  EXPECT_FALSE(none.saw_redirect("RTSP/1.0 200 OK\r\nRTSP/1.0\n302\r\nRTSP 301 HTTP/1.0 302\r\nRTSP/1.0 404 3"));
}

/// A server with a webhook at a receiver, and an event whenever one is wanted.
class WebhookWorld {
 public:
  explicit WebhookWorld(std::uint16_t port, int attempts = 3) {
    world_ = std::make_unique<World>([attempts](ServerOptions& options) {
      LiveOptions live;
      live.allow_targets = {"127.0.0.1"};
      live.webhooks.attempts = attempts;
      live.webhooks.back_off = {.first = std::chrono::seconds(10), .longest = std::chrono::seconds(20)};
      options.live = std::make_shared<const LiveOptions>(std::move(live));
      options.faces.lookers = 1;
    });
    world_->make_collection("staff");
    subject_ = world_->enrol("staff", "Ada Lovelace", picture_of(50, 60));
    const auto made = world_->post(
        "/v1/webhooks",
        {{"name", "door"}, {"url", "http://127.0.0.1:" + std::to_string(port) + "/"}, {"kinds", {"known"}}});
    EXPECT_EQ(made.status, 201) << made.body;
    id_ = World::json(made).value("webhook", "");
    secret_ = World::json(made).value("secret", "");
  }
  void happen(EventKind kind = EventKind::known) {
    const auto lease = world_->service().collections().use("staff").value();
    Happening what{.kind = kind, .track = TrackId(1), .subject = SubjectId(subject_)};
    ASSERT_TRUE(world_->service().live().record({.id = "c", .name = "hall"}, *lease, what));
  }
  [[nodiscard]] World& world() { return *world_; }
  [[nodiscard]] std::int64_t waiting() { return World::json(world_->get("/v1/webhooks/" + id_)).at("waiting"); }
  bool await_waiting(std::int64_t count) {
    for (int i = 0; i < 500 && waiting() != count; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return waiting() == count;
  }
  TestJson dead() { return World::json(world_->get("/v1/webhooks/" + id_ + "/dead-letters")).at("dead_letters"); }
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const std::string& secret() const { return secret_; }
  [[nodiscard]] std::int64_t subject() const { return subject_; }

 private:
  std::unique_ptr<World> world_;
  std::string id_, secret_;
  std::int64_t subject_ = 0;
};

TEST(Webhooks, TellWhatTheyAreAskedToAndNothingElse) {
  const Receiver receiver([](std::size_t) { return 200U; });
  WebhookWorld with(receiver.port());
  with.happen(EventKind::lost);
  with.happen();
  ASSERT_TRUE(receiver.await(1));
  const Message message = receiver.messages().at(0);
  const auto body = TestJson::parse(message.body());
  EXPECT_EQ(body.at("type"), "face.known");
  EXPECT_EQ(body.at("data").at("subject"), "Ada Lovelace");
  EXPECT_EQ(message["webhook-signature"],
            *webhook_signature(with.secret(), std::string(message["webhook-id"]),
                               std::stoll(std::string(message["webhook-timestamp"])), message.body()));
  EXPECT_TRUE(with.await_waiting(0));
  EXPECT_EQ(receiver.messages().size(), 1U);
  EXPECT_EQ(World::json(with.world().get("/v1/webhooks/" + with.id())).contains("secret"), false);
}

TEST(Webhooks, TryAgainLaterUnderTheSameIdAndGiveUpInTheEnd) {
  const Receiver receiver([](std::size_t count) { return count <= 3 ? 500U : 200U; });
  WebhookWorld with(receiver.port());
  with.happen();
  for (std::size_t attempt = 1; attempt <= 3; ++attempt) {
    ASSERT_TRUE(receiver.await(attempt));
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    EXPECT_EQ(receiver.messages().size(), attempt) << "not before its time";
    with.world().advance(std::chrono::seconds(21));
  }
  for (int i = 0; i < 100 && with.dead().empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ASSERT_EQ(with.dead().size(), 1U);
  EXPECT_EQ(with.dead().at(0).at("attempts"), 3);
  EXPECT_EQ(with.dead().at(0).at("error"), "127.0.0.1 answers with the status 500");
  EXPECT_EQ(World::json(with.world().post("/v1/webhooks/" + with.id() + "/dead-letters", {})).at("sent_again"), 1);
  ASSERT_TRUE(receiver.await(4));
  for (const Message& message : receiver.messages())
    EXPECT_EQ(message["webhook-id"], receiver.messages().at(0)["webhook-id"]);
  EXPECT_TRUE(with.await_waiting(0));
  EXPECT_TRUE(with.dead().empty());
}

TEST(Webhooks, LoseNothingWhenTheServerStartsAgain) {
  const Receiver receiver([](std::size_t count) { return count == 1 ? 503U : 200U; });
  WebhookWorld with(receiver.port());
  with.happen();
  ASSERT_TRUE(receiver.await(1));
  with.world().restart();
  with.world().advance(std::chrono::seconds(21));
  ASSERT_TRUE(receiver.await(2));
  EXPECT_EQ(receiver.messages().at(0)["webhook-id"], receiver.messages().at(1)["webhook-id"]);
  EXPECT_TRUE(with.await_waiting(0));
}

TEST(Webhooks, TellNothingOfAPersonWhoWasForgotten) {
  const Receiver receiver([](std::size_t) { return 500U; });
  WebhookWorld with(receiver.port());
  with.happen();
  ASSERT_TRUE(receiver.await(1));
  EXPECT_EQ(
      with.world().post("/v1/collections/staff/subjects/" + std::to_string(with.subject()) + "/forget", {}).status,
      200);
  EXPECT_TRUE(with.await_waiting(0));
  EXPECT_EQ(World::json(with.world().get("/v1/events")).at("events").size(), 0U);
}

TEST(Webhooks, OfOthersAndOfTargetsThatAreNotAllowedAreRefused) {
  const Receiver receiver([](std::size_t) { return 200U; });
  WebhookWorld with(receiver.port());
  World& world = with.world();
  world.make_collection("guests");
  const auto code = [&](const char* url) {
    return World::code(world.post("/v1/webhooks", {{"name", "n"}, {"url", url}}));
  };
  EXPECT_EQ(code("http://10.0.0.1/"), "target_not_allowed");
  EXPECT_EQ(code("http://169.254.169.254/latest"), "target_not_allowed");
  EXPECT_EQ(code("http://u:p@127.0.0.1/"), "target_not_allowed");
  EXPECT_EQ(code("rtsp://127.0.0.1/"), "body_not_valid");
  EXPECT_EQ(code("http://0177.0.0.1/"), "body_not_valid");
  EXPECT_EQ(code("file:///etc/passwd"), "body_not_valid");
  const std::string key = world.key("admin", {"guests"});
  EXPECT_EQ(World::code(world.get("/v1/webhooks/" + with.id(), key)), "webhook_not_found") << "it is told all events";
  EXPECT_TRUE(World::json(world.get("/v1/webhooks", key)).at("webhooks").empty());
  const auto own = world.post("/v1/webhooks", {{"name", "n"}, {"url", "http://127.0.0.1/"}}, key);
  EXPECT_EQ(World::json(own).at("collections"), TestJson({"guests"})) << own.body;
  EXPECT_EQ(World::code(world.post("/v1/webhooks",
                                   {{"name", "n"}, {"url", "http://127.0.0.1/"}, {"collections", {"staff"}}}, key)),
            "collection_not_found");
}

}  // namespace
}  // namespace vultus::server

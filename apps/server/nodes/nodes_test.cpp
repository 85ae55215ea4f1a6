// Search nodes and their routers over HTTP: who is let in, and what goes wrong on the way.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/gallery/search_node.hpp>

#include <apps/server/http/listener.hpp>
#include <apps/server/http/self_signed.hpp>
#include <apps/server/http/test_client.hpp>
#include <apps/server/nodes/node_client.hpp>
#include <apps/server/nodes/node_routes.hpp>

namespace vultus::server {
namespace {

constexpr const char* kSecret = "0123456789abcdef0123456789abcdef";

class NodesOverHttp : public ::testing::Test {
 protected:
  void SetUp() override {
    write_token("nodes.token", kSecret);
    start({});
  }
  void write_token(const std::string& name, const std::string& text,
                   std::filesystem::perms rights = std::filesystem::perms::owner_read |
                                                   std::filesystem::perms::owner_write) {
    std::ofstream(folder_ / name) << text << "\n";
    std::filesystem::permissions(folder_ / name, rights);
  }
  void start(ListenerOptions options) {
    const auto router = std::make_shared<Router>();
    const NodeToken token = NodeToken::read(folder_ / "nodes.token").value();
    ASSERT_TRUE(add_node_routes(*router, token, [this](std::string_view question) {
      ++questions_;
      return answer_(question);
    }));
    auto listener = Listener::start(std::move(options), router, node_hooks({}));
    ASSERT_TRUE(listener) << listener.error().message;
    listener_ = *std::move(listener);
  }
  Result<std::string> ask(const AskNode& client, const std::string& question, const std::string& token = "nodes.token",
                          std::chrono::milliseconds deadline = std::chrono::seconds(20)) {
    return client({.node = listener_->url(),
                   .access = {.token_file = folder_ / token, .ca_file = ca_file_},
                   .question = question,
                   .deadline = deadline});
  }

  TestFolder folder_;
  std::string ca_file_;
  std::atomic<int> questions_ = 0;
  std::function<std::string(std::string_view)> answer_ = [](std::string_view question) {
    return "answer to " + std::string(question);
  };
  std::unique_ptr<Listener> listener_;
};

TEST_F(NodesOverHttp, CarryBytesThereAndBackOverOneConnection) {
  const AskNode client = node_client();
  const std::string bytes("\0\r\n\xff binary", 11);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(client, bytes).value(), "answer to " + bytes);
  EXPECT_EQ(listener_->load().connections, 1U);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      for (int k = 0; k < 20; ++k) EXPECT_EQ(ask(client, std::to_string(i)).value(), "answer to " + std::to_string(i));
    });
  threads.clear();
  EXPECT_LE(listener_->load().connections, 9U);
  answer_ = [](std::string_view) { return std::string(20U << 20U, 'x'); };
  EXPECT_EQ(ask(client, "much").value().size(), 20U << 20U);
}

TEST_F(NodesOverHttp, AConnectionThatTheNodeClosedIsMadeAnew) {
  const AskNode client = node_client();
  ASSERT_TRUE(ask(client, "1"));
  const auto port = listener_->port();
  listener_.reset();
  ListenerOptions again;
  again.port = port;
  start(again);
  EXPECT_EQ(ask(client, "3").value(), "answer to 3");
}

TEST_F(NodesOverHttp, NobodyAsksWithoutTheSecret) {
  write_token("other.token", std::string(32, 'x'));
  const auto refused = ask(node_client(), "x", "other.token");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(refused.error().message.find("does not take the secret of other.token"), std::string::npos);
  EXPECT_EQ(refused.error().message.find(std::string(32, 'x')), std::string::npos) << "which is not shown";
  for (const std::string& fields :
       {std::string(), std::string("Authorization: Bearer\r\n"), "Authorization: " + std::string(kSecret) + "\r\n",
        "Authorization: Bearer " + std::string(kSecret) + "0\r\n",
        "Authorization: Basic " + std::string(kSecret) + "\r\n",
        "Authorization: Bearer " + std::string(kSecret).substr(1) + "\r\n",
        "X-Api-Key: " + std::string(kSecret) + "\r\n"}) {
    TestClient client(listener_->port());
    const TestAnswer answer = client.ask(post_text(kAskPath, "x", fields));
    EXPECT_EQ(answer.status, 401) << fields;
    EXPECT_EQ(answer.body.find(kSecret), std::string::npos);
  }
  EXPECT_EQ(questions_, 0);
  TestClient health(listener_->port());
  EXPECT_EQ(health.ask(get_text("/v1/health")).status, 200) << "for everybody";
  TestClient known(listener_->port());
  const TestAnswer answer =
      known.ask(post_text(kAskPath, "x", "Authorization: Bearer " + std::string(kSecret) + "\r\n"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "answer to x");
}

TEST_F(NodesOverHttp, SecretsThatAreNoneOrThatOthersReadAreRefused) {
  const auto refused = [&](const std::filesystem::path& file) {
    const auto token = NodeToken::read(file);
    return token ? std::string() : token.error().message;
  };
  EXPECT_NE(refused(""), "");
  EXPECT_NE(refused(folder_ / "nothing"), "");
  write_token("short", std::string(31, 'x'));
  EXPECT_NE(refused(folder_ / "short").find("32 to 512"), std::string::npos);
  write_token("long", std::string(513, 'x'));
  EXPECT_NE(refused(folder_ / "long"), "");
  write_token("longest", std::string(512, 'x'));
  EXPECT_EQ(refused(folder_ / "longest"), "");
  write_token("spaces", "0123456789abcdef 0123456789abcdef");
  EXPECT_NE(refused(folder_ / "spaces"), "");
  write_token("open", kSecret, std::filesystem::perms::owner_read | std::filesystem::perms::others_read);
  EXPECT_NE(refused(folder_ / "open"), "");
  EXPECT_FALSE(ask(node_client(), "x", "open")) << "a router does not use it either";
}

TEST_F(NodesOverHttp, ASlowNodeIsNotWaitedForBeyondTheDeadline) {
  std::atomic<bool> go_on = false;
  answer_ = [&](std::string_view) {
    while (!go_on) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return std::string("late");
  };
  const auto late = ask(node_client(), "x", "nodes.token", std::chrono::milliseconds(100));
  go_on = true;
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::resource_limit) << late.error().message;
}

TEST_F(NodesOverHttp, AQuestionOverTheLimitIsNotRead) {
  TestClient client(listener_->port());
  const std::string head = "POST " + std::string(kAskPath) + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
                           kSecret + "\r\nContent-Length: " + std::to_string(SearchNode::kMaxQuestion + 1) + "\r\n\r\n";
  EXPECT_EQ(client.ask(head).status, 413);
  EXPECT_EQ(questions_, 0);
}

TEST_F(NodesOverHttp, OverTlsTheCertificateMustBeTrusted) {
  ListenerOptions options;
  options.tls = TlsFiles{(folder_ / "tls.crt").string(), (folder_ / "tls.key").string()};
  SelfSignedOptions made;
  made.names = {"127.0.0.1"};
  ASSERT_TRUE(make_self_signed(*options.tls, made));
  start(options);
  const auto refused = ask(node_client(), "x");
  ASSERT_FALSE(refused);
  EXPECT_EQ(questions_, 0);
  ca_file_ = options.tls->certificate;
  const auto answer = ask(node_client(), "x");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(*answer, "answer to x");
}

TEST_F(NodesOverHttp, PlainHttpIsForThisMachineAlone) {
  ListenerOptions options;
  options.address = "0.0.0.0";
  const auto router = std::make_shared<Router>();
  EXPECT_FALSE(Listener::start(options, router, node_hooks({})));
}

}  // namespace
}  // namespace vultus::server

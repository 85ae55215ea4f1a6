// Connections that the server makes, encrypted: whose certificates count.
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>

#include <apps/server/http/self_signed.hpp>
#include <apps/server/http/test_client.hpp>
#include <apps/server/live/outbound.hpp>
#include <apps/server/live/webhook_signature.hpp>
#include <apps/server/live/webhooks.hpp>

namespace vultus::server {
namespace {

class OutboundTls : public ::testing::Test {
 protected:
  void SetUp() override {
    files_ = {(folder_.path() / "tls.crt").string(), (folder_.path() / "tls.key").string()};
    SelfSignedOptions options;
    options.names = {"hooks.example.org"};
    ASSERT_TRUE(make_self_signed(files_, options));
    ListenerOptions listening;
    listening.tls = files_;
    server_.emplace(listening);
  }
  Status send(const std::string& host, const std::string& ca_file) {
    const std::vector<std::string> allowed{"127.0.0.1"};
    const OutboundRules rules{
        .targets = Targets::from(allowed).value(),
        .resolve = [](const std::string&, const std::stop_token&) -> Result<std::vector<IpAddress>> {
          return std::vector{ip_address_from("127.0.0.1").value()};
        },
        .ca_file = ca_file};
    const Webhook webhook{.id = "h",
                          .url = "https://" + host + ":" + std::to_string(server_->port()) + "/echo",
                          .secret = make_webhook_secret()};
    return send_webhook(webhook, "msg_1", 1, "{}", rules, std::chrono::seconds(10), {});
  }
  TestFolder folder_;
  TlsFiles files_;
  std::optional<TestServer> server_;
};

TEST_F(OutboundTls, ACertificateThatIsTrustedAndOfThatNameIsTaken) {
  const Status sent = send("hooks.example.org", files_.certificate);
  EXPECT_TRUE(sent) << sent.error().message;
}

TEST_F(OutboundTls, OneThatNobodyVouchesForOrOfAnotherNameIsRefused) {
  const Status unknown = send("hooks.example.org", "");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::corrupt_data) << unknown.error().message;
  const Status other = send("other.example.org", files_.certificate);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::corrupt_data) << other.error().message;
  EXPECT_FALSE(send("hooks.example.org", (folder_.path() / "missing.pem").string()));
}

}  // namespace
}  // namespace vultus::server

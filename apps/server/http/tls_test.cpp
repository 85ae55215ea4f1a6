// The listener over TLS, spoken to with OpenSSL's own client code.
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <apps/server/http/listener.hpp>
#include <apps/server/http/self_signed.hpp>
#include <apps/server/http/test_client.hpp>
#include <vultus/core/test_folder.hpp>

namespace vultus::server {
namespace {

struct TlsTestFolder {
  TestFolder folder;
  TlsFiles files{(folder / "certificate.pem").string(), (folder / "key.pem").string()};
};

// One connection that trusts one certificate.
class TlsCaller {
 public:
  TlsCaller(std::uint16_t port, const std::string& trusted, int newest = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_client_method())), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    SSL_CTX_load_verify_locations(context_, trusted.c_str(), nullptr);
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_, newest);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    tls_ = SSL_new(context_);
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls_), "127.0.0.1");
    SSL_set_fd(tls_, socket_);
    shaken_ = SSL_connect(tls_) == 1;
  }
  TlsCaller(const TlsCaller&) = delete;
  TlsCaller& operator=(const TlsCaller&) = delete;
  ~TlsCaller() {
    SSL_free(tls_);
    SSL_CTX_free(context_);
    ::close(socket_);
  }

  [[nodiscard]] bool is_trusted() const { return shaken_; }
  [[nodiscard]] std::string version() const { return SSL_get_version(tls_); }
  // The answer to a request after which the server closes, to its end.
  std::string ask(const std::string& request) {
    std::string all;
    if (SSL_write(tls_, request.data(), static_cast<int>(request.size())) <= 0) return all;
    std::array<char, 4096> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    for (int read = 0; (read = SSL_read(tls_, bytes.data(), static_cast<int>(bytes.size()))) > 0;)
      all.append(bytes.data(), static_cast<std::size_t>(read));
    ended_well_ =
        SSL_get_error(tls_, 0) == SSL_ERROR_ZERO_RETURN || (SSL_get_shutdown(tls_) & SSL_RECEIVED_SHUTDOWN) != 0;
    return all;
  }
  [[nodiscard]] bool ended_well() const { return ended_well_; }

 private:
  SSL_CTX* context_;
  int socket_;
  SSL* tls_ = nullptr;
  bool shaken_ = false;
  bool ended_well_ = false;
};

ListenerOptions tls_options(const TlsFiles& files) {
  ListenerOptions options;
  options.tls = files;
  options.headers.strict_transport = std::chrono::seconds(60);
  return options;
}

TEST(ListenerTls, AnswersACallerThatTrustsTheCertificate) {
  const TlsTestFolder at;
  ASSERT_TRUE(make_self_signed(at.files, {}));
  TestServer server(tls_options(at.files));
  EXPECT_EQ(server.listener().url().substr(0, 8), "https://");
  TlsCaller caller(server.port(), at.files.certificate);
  ASSERT_TRUE(caller.is_trusted());
  EXPECT_EQ(caller.version(), "TLSv1.3");
  const std::string answer = caller.ask(get_text("/hello", "Connection: close\r\n"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n\"hello\""));
  EXPECT_NE(answer.find("Strict-Transport-Security: max-age=60\r\n"), std::string::npos);
  EXPECT_TRUE(caller.ended_well());
}

TEST(ListenerTls, CarriesLargeBodiesBothWays) {
  const TlsTestFolder at;
  ASSERT_TRUE(make_self_signed(at.files, {}));
  TestServer server(tls_options(at.files));
  TlsCaller caller(server.port(), at.files.certificate);
  const std::string body(3'000'000, 'z');
  const std::string answer = caller.ask(post_text("/echo", body, "Connection: close\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n" + body));
}

TEST(ListenerTls, SpeaksNoOldVersion) {
  const TlsTestFolder at;
  ASSERT_TRUE(make_self_signed(at.files, {}));
  TestServer server(tls_options(at.files));
  EXPECT_FALSE(TlsCaller(server.port(), at.files.certificate, TLS1_1_VERSION).is_trusted());
  EXPECT_TRUE(TlsCaller(server.port(), at.files.certificate, TLS1_2_VERSION).is_trusted());
}

TEST(ListenerTls, PlainHttpOnItsPortIsNotAnswered) {
  const TlsTestFolder at;
  ASSERT_TRUE(make_self_signed(at.files, {}));
  TestServer server(tls_options(at.files));
  TestClient plain(server.port());
  EXPECT_EQ(plain.ask(get_text("/hello")).status, 0);
}

TEST(ListenerTls, ANewCertificateIsTakenWithoutARestart) {
  const TlsTestFolder at;
  const std::string old = (at.folder / "old.pem").string();
  const auto first = make_self_signed(at.files, {});
  ASSERT_TRUE(first);
  std::filesystem::copy_file(at.files.certificate, old);
  TestServer server(tls_options(at.files));
  TlsCaller before(server.port(), old);
  const auto second = make_self_signed(at.files, {});
  ASSERT_TRUE(second);
  EXPECT_NE(*first, *second);
  EXPECT_TRUE(TlsCaller(server.port(), old).is_trusted());
  ASSERT_TRUE(server.listener().reload_certificate());
  EXPECT_FALSE(TlsCaller(server.port(), old).is_trusted());
  EXPECT_TRUE(TlsCaller(server.port(), at.files.certificate).is_trusted());
  EXPECT_NE(before.ask(get_text("/hello", "Connection: close\r\n")).find("200 OK"), std::string::npos);
}

TEST(ListenerTls, ABrokenNewCertificateLeavesTheOldOneInUse) {
  const TlsTestFolder at;
  ASSERT_TRUE(make_self_signed(at.files, {}));
  const std::string old = (at.folder / "old.pem").string();
  std::filesystem::copy_file(at.files.certificate, old);
  TestServer server(tls_options(at.files));
  std::ofstream(at.files.certificate) << "nothing";
  EXPECT_FALSE(server.listener().reload_certificate());
  EXPECT_TRUE(TlsCaller(server.port(), old).is_trusted());
}

TEST(ListenerTls, RefusesFilesThatDoNotBelongTogether) {
  const TlsTestFolder at;
  const TlsFiles other{(at.folder / "c2.pem").string(), (at.folder / "k2.pem").string()};
  ASSERT_TRUE(make_self_signed(at.files, {}));
  ASSERT_TRUE(make_self_signed(other, {}));
  const auto router = std::make_shared<Router>();
  const auto mixed = Listener::start(tls_options({at.files.certificate, other.key}), router);
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().code, ErrorCode::invalid_argument);
  const auto missing = Listener::start(tls_options({at.files.certificate, "/nowhere/key.pem"}), router);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  TestServer plain;
  EXPECT_EQ(plain.listener().reload_certificate().error().code, ErrorCode::unsupported);
}

TEST(ListenerTls, RefusesAKeyThatIsNotOfItsUserAlone) {
  const TlsTestFolder at;
  ASSERT_TRUE(make_self_signed(at.files, {}));
  const auto refusal = [&] {
    const auto started = Listener::start(tls_options(at.files), std::make_shared<Router>());
    return started ? std::string() : started.error().message;
  };
  EXPECT_EQ(refusal(), "");
  for (const mode_t mode : {0640, 0620, 0604, 0644}) {
    ASSERT_EQ(::chmod(at.files.key.c_str(), mode), 0);
    EXPECT_NE(refusal().find("other users may read or change it"), std::string::npos) << mode;
  }
  TestServer server(tls_options([&] {
    EXPECT_EQ(::chmod(at.files.key.c_str(), 0400), 0);
    return at.files;
  }()));
  ASSERT_EQ(::chmod(at.files.key.c_str(), 0644), 0);
  EXPECT_FALSE(server.listener().reload_certificate()) << "SIGHUP looks again";
  if (::geteuid() == 0) {  // only root can give a file away
    ASSERT_EQ(::chmod(at.files.key.c_str(), 0600), 0);
    ASSERT_EQ(::chown(at.files.key.c_str(), 12345, 12345), 0);
    EXPECT_NE(refusal().find("belongs to another user"), std::string::npos);
  }
}

}  // namespace
}  // namespace vultus::server

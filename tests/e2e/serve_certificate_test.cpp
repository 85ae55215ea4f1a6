// vultus serve and the certificate that it shows.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <apps/server/http/self_signed.hpp>
#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

/// SHA-256 of the certificate that a port of this machine shows, as browsers write it; "" where none comes.
std::string shown_at(std::uint16_t port) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context.get()), &SSL_free);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string shown;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      SSL_set_fd(tls.get(), socket) == 1 && SSL_connect(tls.get()) == 1) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(tls.get()), &X509_free);
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned bytes = 0;
    if (certificate != nullptr && X509_digest(certificate.get(), EVP_sha256(), sum.data(), &bytes) == 1)
      for (unsigned i = 0; i < bytes; ++i) {
        constexpr std::string_view kHex = "0123456789ABCDEF";
        if (i > 0) shown += ':';
        shown += kHex.at(sum.at(i) >> 4U);
        shown += kHex.at(sum.at(i) & 15U);
      }
  }
  ::close(socket);
  return shown;
}

TEST(ServeCertificate, IsReadAgainAtAHangUp) {
  const World world;
  const server::TlsFiles files{(world / "faces/tls.crt").string(), (world / "faces/tls.key").string()};
  bool visited = false;
  const Answer served = world.vultus(
      Call{.arguments = {"serve", "--data", "faces", "--listen", "127.0.0.1:0", "--tls-self-signed", "--fast"},
           .folder = {},
           .watch = [&](pid_t child, const std::string& out) {
             if (visited || out.find('\n') == std::string::npos) return;
             visited = true;
             const auto port = static_cast<std::uint16_t>(std::stoi(out.substr(out.rfind(':') + 1)));
             EXPECT_EQ(shown_at(port), server::certificate_fingerprint(files.certificate).value());
             const std::string fresh = server::make_self_signed(files, {}).value();
             ::kill(child, SIGHUP);
             for (int i = 0; i < 100 && shown_at(port) != fresh; ++i)
               std::this_thread::sleep_for(std::chrono::milliseconds(50));
             EXPECT_EQ(shown_at(port), fresh);
             ::kill(child, SIGTERM);
           }});
  EXPECT_EQ(served.code, 0) << served.err;
}

}  // namespace
}  // namespace vultus::e2e

#include <apps/server/http/tls_context.hpp>

#include <filesystem>
#include <string>
#include <system_error>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <apps/server/http/private_file.hpp>

namespace vultus::server {
namespace {

namespace ssl = boost::asio::ssl;

// Offered or not, HTTP/1.1 is what is spoken: a caller that offers only others is refused.
int choose_protocol(SSL* /*tls*/, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void* /*unused*/) {
  static constexpr unsigned char kProtocol[] = "\x08http/1.1";  // NOLINT(modernize-avoid-c-arrays)
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, kProtocol, sizeof kProtocol - 1, offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

// A key with a passphrase is refused; OpenSSL would ask for it on the terminal.
int refuse_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*unused*/) { return -1; }

std::string last_tls_error() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "not in the PEM format" : reason;
}

Status check_tls_file(const std::string& file) {
  std::error_code error;
  if (std::filesystem::is_regular_file(file, error)) return {};
  return fail(ErrorCode::not_found, file + ": " + (error ? error.message() : "is no file"));
}

Status use_tls_files(SSL_CTX* context, const TlsFiles& files) {
  SSL_CTX_set_default_passwd_cb(context, refuse_passphrase);
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return fail(ErrorCode::invalid_argument, files.certificate + ": no certificate: " + last_tls_error());
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return fail(ErrorCode::invalid_argument,
                files.key + ": no private key without a passphrase for this certificate: " + last_tls_error());
  if (SSL_CTX_check_private_key(context) != 1)
    return fail(ErrorCode::invalid_argument, files.key + ": is not the key of " + files.certificate);
  return {};
}

}  // namespace

Result<std::shared_ptr<ssl::context>> load_tls_context(const TlsFiles& files) {
  VULTUS_CHECK(check_tls_file(files.certificate));
  VULTUS_CHECK(check_private_file(files.key));
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  ERR_clear_error();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                  SSL_OP_PRIORITIZE_CHACHA);
  // Small buffers of idle connections are given back.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1)
    return fail(ErrorCode::internal, "OpenSSL knows none of the ciphers: " + last_tls_error());
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
  VULTUS_CHECK(use_tls_files(native, files));
  return context;
}

}  // namespace vultus::server

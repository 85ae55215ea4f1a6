#include <apps/server/http/self_signed.hpp>

#include <algorithm>
#include <array>
#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <boost/asio/ip/address.hpp>

#include <apps/server/http/private_file.hpp>

namespace vultus::server {
namespace {

template <class T, void (*Free)(T*)>
struct Freed {
  void operator()(T* thing) const { Free(thing); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Freed<X509, X509_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION, X509_EXTENSION_free>>;
using BioPtr = std::unique_ptr<BIO, Freed<BIO, BIO_free_all>>;

constexpr int kMostDays = 3650;
constexpr long kDaySeconds = 86'400;

Error openssl_failed(const char* what) { return fail(ErrorCode::internal, std::string("OpenSSL cannot ") + what); }

bool is_host_name(const std::string& name) {
  constexpr std::size_t kMost = 253;
  return !name.empty() && name.size() <= kMost && name.front() != '.' && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
         });
}

// "DNS:localhost,IP:127.0.0.1"
Result<std::string> alternative_names(const std::vector<std::string>& names) {
  if (names.empty()) return fail(ErrorCode::invalid_argument, "a certificate needs at least one name");
  std::string list;
  for (const std::string& name : names) {
    boost::system::error_code no_address;
    boost::asio::ip::make_address(name, no_address);
    if (no_address && !is_host_name(name))
      return fail(ErrorCode::invalid_argument, "a certificate names hosts and addresses, not \"" + name + "\"");
    list += (list.empty() ? "" : ",") + std::string(no_address ? "DNS:" : "IP:") + name;
  }
  return list;
}

bool add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_random_serial(X509* certificate) {
  std::array<unsigned char, 16> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return false;
  random[0] = static_cast<unsigned char>((random[0] & 0x3FU) | 0x40U);  // positive, and of full length
  const std::unique_ptr<BIGNUM, Freed<BIGNUM, BN_free>> number(
      BN_bin2bn(random.data(), static_cast<int>(random.size()), nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_subject(X509* certificate, const std::string& name) {
  constexpr std::size_t kMost = 64;  // of a common name (RFC 5280, A.1); the alternative names are what counts
  const std::string shown = name.substr(0, kMost);
  X509_NAME* subject = X509_get_subject_name(certificate);
  return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(shown.data()),
                                    static_cast<int>(shown.size()), -1, 0) == 1 &&
         X509_set_issuer_name(certificate, subject) == 1;
}

Result<CertificatePtr> signed_certificate(EVP_PKEY* key, const SelfSignedOptions& options) {
  VULTUS_TRY(const std::string names, alternative_names(options.names));
  using std::chrono::system_clock;
  std::time_t from = system_clock::to_time_t(options.from.value_or(system_clock::now() - std::chrono::hours(1)));
  CertificatePtr certificate(X509_new());
  X509* made = certificate.get();
  const bool filled = made != nullptr && X509_set_version(made, X509_VERSION_3) == 1 && set_random_serial(made) &&
                      X509_time_adj_ex(X509_getm_notBefore(made), 0, 0, &from) != nullptr &&
                      X509_time_adj_ex(X509_getm_notAfter(made), 0, options.days * kDaySeconds, &from) != nullptr &&
                      set_subject(made, options.names.front()) && X509_set_pubkey(made, key) == 1;
  if (!filled) return openssl_failed("fill in a certificate");
  const bool extended = add_extension(made, NID_subject_alt_name, names) &&
                        add_extension(made, NID_basic_constraints, "critical,CA:FALSE") &&
                        add_extension(made, NID_key_usage, "critical,digitalSignature") &&
                        add_extension(made, NID_ext_key_usage, "serverAuth");
  if (!extended || X509_sign(made, key, EVP_sha256()) == 0) return openssl_failed("sign a certificate");
  return certificate;
}

Result<std::string> fingerprint_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return openssl_failed("hash a certificate");
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    if (i > 0) text += ':';
    text += "0123456789ABCDEF"[digest[i] >> 4U];
    text += "0123456789ABCDEF"[digest[i] & 15U];
  }
  return text;
}

std::string bytes_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

Result<std::string> make_self_signed(const TlsFiles& files, const SelfSignedOptions& options) {
  if (options.days < 1 || options.days > kMostDays)
    return fail(ErrorCode::invalid_argument, "days must be 1 to 3650, not " + std::to_string(options.days));
  const KeyPtr key(EVP_EC_gen("P-256"));
  if (!key) return openssl_failed("make a key");
  VULTUS_TRY(const CertificatePtr certificate, signed_certificate(key.get(), options));
  const BioPtr key_text(BIO_new(BIO_s_secmem()));
  const BioPtr certificate_text(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1)
    return openssl_failed("write a certificate");
  VULTUS_CHECK(write_private_file(files.key, bytes_of(key_text.get())));
  VULTUS_CHECK(write_private_file(files.certificate, bytes_of(certificate_text.get())));
  return fingerprint_of(certificate.get());
}

Result<std::string> certificate_fingerprint(const std::string& file) {
  const BioPtr bio(BIO_new_file(file.c_str(), "r"));
  if (!bio) return fail(ErrorCode::not_found, file + ": cannot be read");
  const CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!certificate) return fail(ErrorCode::invalid_argument, file + ": holds no certificate");
  return fingerprint_of(certificate.get());
}

}  // namespace vultus::server

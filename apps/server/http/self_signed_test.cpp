#include <apps/server/http/self_signed.hpp>

#include <sys/stat.h>

#include <filesystem>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <vultus/core/test_folder.hpp>

namespace vultus::server {
namespace {

struct SelfSignedFolder {
  TestFolder folder;
  TlsFiles files{(folder / "certificate.pem").string(), (folder / "key.pem").string()};
};

TEST(SelfSigned, IsForItsOwnerAndNamesWhatItIsFor) {
  const SelfSignedFolder at;
  SelfSignedOptions options;
  options.names = {"cam.example", "192.0.2.7", "2001:db8::1"};
  const auto print = make_self_signed(at.files, options);
  ASSERT_TRUE(print);
  EXPECT_EQ(print->size(), 32U * 3 - 1);
  EXPECT_EQ(certificate_fingerprint(at.files.certificate).value_or(""), *print);
  struct ::stat about {};
  ASSERT_EQ(::stat(at.files.key.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  BIO* bio = BIO_new_file(at.files.certificate.c_str(), "r");
  X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  ASSERT_NE(certificate, nullptr);
  EXPECT_EQ(X509_check_host(certificate, "cam.example", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate, "192.0.2.7", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate, "2001:db8::1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate, "127.0.0.1", 0), 0);
  X509_free(certificate);
  BIO_free(bio);
}

TEST(SelfSigned, RefusesNamesThatAreNone) {
  const SelfSignedFolder at;
  for (const char* name : {"", "a b", "a,DNS:b", "-a", "a/b"}) {
    SelfSignedOptions options;
    options.names = {name};
    EXPECT_FALSE(make_self_signed(at.files, options)) << name;
  }
  EXPECT_FALSE(make_self_signed(at.files, {.names = {}}));
  EXPECT_FALSE(make_self_signed(at.files, {.days = 0}));
  EXPECT_FALSE(make_self_signed({"/nowhere/c", "/nowhere/k"}, {}));
  EXPECT_FALSE(std::filesystem::exists(at.files.key));
}

}  // namespace
}  // namespace vultus::server

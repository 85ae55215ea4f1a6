#include <apps/server/data/sealer.hpp>

#include <sodium.h>

namespace vultus::server {
namespace {

constexpr std::size_t kSealNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kSealTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* sealer_bytes(const void* at) { return static_cast<const unsigned char*>(at); }
unsigned char* sealer_bytes(void* at) { return static_cast<unsigned char*>(at); }

}  // namespace

std::vector<std::byte> Sealer::seal(std::string_view plain, std::string_view about) const {
  std::vector<std::byte> sealed(kSealNonce + plain.size() + kSealTag);
  randombytes_buf(sealed.data(), kSealNonce);
  unsigned long long length = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      sealer_bytes(sealed.data()) + kSealNonce, &length, sealer_bytes(plain.data()), plain.size(),
      sealer_bytes(about.data()), about.size(), nullptr, sealer_bytes(sealed.data()), sealer_bytes(key_.data()));
  return sealed;
}

Result<std::string> Sealer::open(std::span<const std::byte> sealed, std::string_view about) const {
  const Error damaged = fail(ErrorCode::corrupt_data, "sealed bytes do not open");
  if (sealed.size() < kSealNonce + kSealTag) return damaged;
  std::string plain(sealed.size() - kSealNonce - kSealTag, '\0');
  unsigned long long length = 0;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(sealer_bytes(plain.data()), &length, nullptr,
                                                 sealer_bytes(sealed.data()) + kSealNonce, sealed.size() - kSealNonce,
                                                 sealer_bytes(about.data()), about.size(), sealer_bytes(sealed.data()),
                                                 sealer_bytes(key_.data())) != 0)
    return damaged;
  return plain;
}

}  // namespace vultus::server

#include <vultus/gallery/index/block_guard.hpp>

#include <cstring>

#include <sodium.h>
#include <xxhash.h>

namespace vultus::gallery {
namespace {

constexpr std::size_t kKeyBytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
static_assert(crypto_aead_xchacha20poly1305_ietf_ABYTES == 16 && kKeyBytes == 32);

std::array<unsigned char, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES> nonce_of(std::uint64_t number) {
  std::array<unsigned char, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES> nonce{};
  for (std::size_t i = 0; i < 8; ++i) nonce[i] = static_cast<unsigned char>(number >> (8 * i));
  return nonce;
}

const unsigned char* raw(const std::byte* bytes) { return reinterpret_cast<const unsigned char*>(bytes); }
unsigned char* raw(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

}  // namespace

Result<BlockGuard> BlockGuard::make(const SnapshotHeader& header, const std::optional<SnapshotKey>& key) {
  BlockGuard guard;
  if (!key) return guard;
  if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium cannot be used");
  const std::shared_ptr<unsigned char> own(static_cast<unsigned char*>(sodium_malloc(kKeyBytes)),
                                           [](unsigned char* at) { sodium_free(at); });
  if (own == nullptr) return fail(ErrorCode::resource_limit, "no locked memory for the key of a snapshot");
  crypto_generichash(own.get(), kKeyBytes, header.salt.data(), header.salt.size(), key->data(), key->size());
  crypto_generichash(guard.bound_to_.data(), guard.bound_to_.size(), reinterpret_cast<const unsigned char*>(&header),
                     kSnapshotIdentityBytes, nullptr, 0);
  guard.key_ = own;
  return guard;
}

void BlockGuard::close(std::uint64_t number, const std::byte* block, std::byte* out, std::byte* entry) const {
  if (!seals()) {
    const std::uint64_t sum = XXH3_64bits_withSeed(block, kSnapshotBlock, number);
    std::memcpy(entry, &sum, sizeof sum);
    return;
  }
  crypto_aead_xchacha20poly1305_ietf_encrypt_detached(raw(out), raw(entry), nullptr, raw(block), kSnapshotBlock,
                                                      bound_to_.data(), bound_to_.size(), nullptr,
                                                      nonce_of(number).data(), key_.get());
}

bool BlockGuard::open(std::uint64_t number, const std::byte* block, std::byte* out, const std::byte* entry) const {
  if (!seals()) {
    const std::uint64_t sum = XXH3_64bits_withSeed(block, kSnapshotBlock, number);
    return std::memcmp(entry, &sum, sizeof sum) == 0;
  }
  return crypto_aead_xchacha20poly1305_ietf_decrypt_detached(raw(out), nullptr, raw(block), kSnapshotBlock, raw(entry),
                                                             bound_to_.data(), bound_to_.size(),
                                                             nonce_of(number).data(), key_.get()) == 0;
}

std::array<unsigned char, 32> BlockGuard::sum_of(std::span<const std::byte> bytes) const {
  std::array<unsigned char, 32> sum{};
  if (seals()) {
    crypto_generichash(sum.data(), sum.size(), raw(bytes.data()), bytes.size(), key_.get(), kKeyBytes);
  } else {
    const std::uint64_t plain = XXH3_64bits(bytes.data(), bytes.size());
    std::memcpy(sum.data(), &plain, sizeof plain);
  }
  return sum;
}

}  // namespace vultus::gallery

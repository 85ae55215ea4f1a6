#include <vultus/sealed/envelope.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <sodium.h>

namespace vultus::sealed {
namespace {

constexpr std::string_view kMagic = "VLTSEAL";
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHead = kMagic.size() + 2;
constexpr std::size_t kSum = crypto_generichash_BYTES;
constexpr std::array<std::string_view, 5> kKinds{"public key", "secret key", "sealed gallery", "sealed probe",
                                                 "sealed result"};
constexpr std::uint32_t kMaxPasses = 16;
constexpr std::uint32_t kMinMemoryKib = 8;
constexpr std::uint32_t kMaxMemoryKib = 1U << 20U;
constexpr std::size_t kMaxPhrase = 1024;
constexpr std::size_t kSalt = crypto_pwhash_SALTBYTES;
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
using PhraseKey = std::array<std::uint8_t, crypto_aead_xchacha20poly1305_ietf_KEYBYTES>;

std::array<std::uint8_t, kSum> sum_of_file(ByteView bytes) {
  std::array<std::uint8_t, kSum> sum{};
  crypto_generichash(sum.data(), sum.size(), bytes.data(), bytes.size(), nullptr, 0);
  return sum;
}

std::string_view name_of_kind(std::size_t kind) {
  return kind >= 1 && kind <= kKinds.size() ? kKinds[kind - 1] : std::string_view("file of another kind");
}

Status check_guess_cost(const GuessCost& cost, ErrorCode code) {
  if (cost.passes < 1 || cost.passes > kMaxPasses || cost.memory_kib < kMinMemoryKib || cost.memory_kib > kMaxMemoryKib)
    return fail(code, "Argon2id with " + std::to_string(cost.passes) + " passes over " +
                          std::to_string(cost.memory_kib) + " KiB: 1 to 16 over 8 to 1048576 are possible");
  return {};
}

Result<PhraseKey> key_of_phrase(const std::string& phrase, ByteView salt, const GuessCost& cost) {
  if (phrase.empty() || phrase.size() > kMaxPhrase)
    return fail(ErrorCode::invalid_argument,
                "a passphrase of " + std::to_string(phrase.size()) + " bytes: 1 to 1024 are possible");
  PhraseKey key{};
  if (crypto_pwhash(key.data(), key.size(), phrase.data(), phrase.size(), salt.data(), cost.passes,
                    std::size_t{cost.memory_kib} * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return fail(ErrorCode::resource_limit, "no memory for Argon2id: " + std::to_string(cost.memory_kib) + " KiB");
  return key;
}

}  // namespace

std::optional<FileKind> kind_of(ByteView bytes) {
  if (bytes.size() < kHead || !std::equal(kMagic.begin(), kMagic.end(), bytes.begin())) return std::nullopt;
  const std::uint8_t kind = bytes[kMagic.size() + 1];
  if (kind < 1 || kind > kKinds.size()) return std::nullopt;
  return static_cast<FileKind>(kind);
}

Result<ByteReader> open_beginning(ByteView bytes, FileKind kind) {
  const std::string wanted(name_of_kind(static_cast<std::size_t>(kind)));
  if (bytes.size() < kHead || !std::equal(kMagic.begin(), kMagic.end(), bytes.begin()))
    return fail(ErrorCode::corrupt_data, "this is no " + wanted + ": it does not begin like one");
  if (bytes[kMagic.size()] != kVersion)
    return fail(ErrorCode::unsupported, wanted + " of version " + std::to_string(bytes[kMagic.size()]) +
                                            ", this program knows version " + std::to_string(kVersion));
  if (bytes[kMagic.size() + 1] != static_cast<std::uint8_t>(kind))
    return fail(ErrorCode::corrupt_data,
                "a " + wanted + " is wanted, this is a " + std::string(name_of_kind(bytes[kMagic.size() + 1])));
  return ByteReader(bytes.subspan(kHead));
}

ByteWriter begin_file(FileKind kind) {
  ByteWriter to;
  to.raw({reinterpret_cast<const std::uint8_t*>(kMagic.data()), kMagic.size()});
  to.number(kVersion, 1);
  to.number(static_cast<std::uint64_t>(kind), 1);
  return to;
}

Bytes end_file(ByteWriter file) {
  const auto sum = sum_of_file(file.bytes());
  file.raw(sum);
  return std::move(file.bytes());
}

Result<ByteReader> open_file(ByteView bytes, FileKind kind) {
  const std::string wanted(name_of_kind(static_cast<std::size_t>(kind)));
  if (bytes.size() < kHead + kSum)
    return fail(ErrorCode::corrupt_data, "this is no " + wanted + ": it does not begin like one");
  VULTUS_CHECK(open_beginning(bytes, kind));
  const ByteView content = bytes.first(bytes.size() - kSum);
  if (!std::ranges::equal(sum_of_file(content), bytes.last(kSum)))
    return fail(ErrorCode::corrupt_data, wanted + ": its bytes do not have its sum: it was altered or cut off");
  return ByteReader(content.subspan(kHead));
}

Result<Bytes> seal_secret(ByteView body, const std::string& passphrase, const GuessCost& cost) {
  if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium cannot be made ready");
  ByteWriter to = begin_file(FileKind::secret_key);
  if (passphrase.empty()) {
    to.number(0, 1);
    to.raw(body);
    return end_file(std::move(to));
  }
  VULTUS_CHECK(check_guess_cost(cost, ErrorCode::invalid_argument));
  std::array<std::uint8_t, kSalt + kNonce> random{};
  randombytes_buf(random.data(), random.size());
  const auto salt = ByteView(random).first(kSalt);
  const auto nonce = ByteView(random).subspan(kSalt);
  VULTUS_TRY(PhraseKey key, key_of_phrase(passphrase, salt, cost));
  to.number(1, 1);
  to.number(cost.passes, 4);
  to.number(cost.memory_kib, 4);
  to.raw(random);
  const Bytes head = to.bytes();
  Bytes sealed(body.size() + kTag);
  crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data(), nullptr, body.data(), body.size(), head.data(), head.size(),
                                             nullptr, nonce.data(), key.data());
  sodium_memzero(key.data(), key.size());
  to.raw(sealed);
  return end_file(std::move(to));
}

Result<Bytes> open_secret(ByteView bytes, const std::function<Result<std::string>()>& ask) {
  if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium cannot be made ready");
  VULTUS_TRY(ByteReader from, open_file(bytes, FileKind::secret_key));
  VULTUS_TRY(const auto protection, from.number(1, "protection"));
  if (protection == 0) {
    VULTUS_TRY(const auto body, from.raw(from.left(), "secret key"));
    return Bytes(body.begin(), body.end());
  }
  if (protection != 1) return fail(ErrorCode::unsupported, "secret key with protection " + std::to_string(protection));
  GuessCost cost;
  VULTUS_TRY(const auto passes, from.number(4, "passes"));
  VULTUS_TRY(const auto memory, from.number(4, "memory"));
  cost = {.passes = static_cast<std::uint32_t>(passes), .memory_kib = static_cast<std::uint32_t>(memory)};
  VULTUS_CHECK(check_guess_cost(cost, ErrorCode::corrupt_data));
  VULTUS_TRY(const auto salt, from.raw(kSalt, "salt"));
  VULTUS_TRY(const auto nonce, from.raw(kNonce, "nonce"));
  const ByteView head = bytes.first(bytes.size() - kSum - from.left());
  VULTUS_TRY(const auto sealed, from.raw(from.left(), "secret key"));
  if (sealed.size() < kTag) return fail(ErrorCode::corrupt_data, "secret key: cut off");
  if (!ask) return fail(ErrorCode::invalid_argument, "the secret key has a passphrase, and none was given");
  VULTUS_TRY(std::string phrase, ask());
  VULTUS_TRY(PhraseKey key, key_of_phrase(phrase, salt, cost));
  sodium_memzero(phrase.data(), phrase.size());
  Bytes body(sealed.size() - kTag);
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      body.data(), nullptr, nullptr, sealed.data(), sealed.size(), head.data(), head.size(), nonce.data(), key.data());
  sodium_memzero(key.data(), key.size());
  if (opened != 0)
    return fail(ErrorCode::invalid_argument, "the secret key does not open: a wrong passphrase, or it was altered");
  return body;
}

}  // namespace vultus::sealed

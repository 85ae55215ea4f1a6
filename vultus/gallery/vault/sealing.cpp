#include <vultus/gallery/vault/sealing.hpp>

#include <algorithm>

#include <sodium.h>

#include <vultus/gallery/vault/little_endian.hpp>

namespace vultus::gallery {
namespace {

constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kNonce + kTag == kSealedOverhead);
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == kKeyBytes);

constexpr std::string_view kTextPrefix = "s1:";
constexpr std::size_t kTextBlock = 32;
// Longer than the longest text of a gallery when sealed; keeps a hostile text from taking memory.
constexpr std::size_t kMaxSealedText = 1 << 20;

const std::uint8_t* raw(std::span<const std::byte> bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}
std::uint8_t* raw(std::span<std::byte> bytes) { return reinterpret_cast<std::uint8_t*>(bytes.data()); }

/// "vultus1" and a zero, the gallery's id, column and part, the row: 8 + 16 + 8 + 8 bytes.
std::array<std::uint8_t, 40> associated_data(const SealedPlace& place) {
  std::array<std::uint8_t, 40> data{'v', 'u', 'l', 't', 'u', 's', '1', 0};
  std::ranges::copy(place.gallery, data.begin() + 8);
  put_u64(std::span(data).subspan<24, 8>(), static_cast<std::uint64_t>(place.column) | std::uint64_t{place.part} << 8U);
  put_u64(std::span(data).subspan<32, 8>(), static_cast<std::uint64_t>(place.row));
  return data;
}

Error refused() {
  return fail(ErrorCode::corrupt_data,
              "a sealed value does not open: it was altered, or belongs to another place or key");
}

}  // namespace

std::string text_of(const GalleryId& id) { return hex_of(id); }

Result<GalleryId> gallery_id_from(std::string_view text) {
  GalleryId id{};
  if (!bytes_from_hex(text, id))
    return fail(ErrorCode::corrupt_data, "the id of a gallery is not 32 lower-case hex digits");
  return id;
}

std::vector<std::byte> seal(std::span<const std::byte> bytes, KeyView key, const SealedPlace& place) {
  std::vector<std::byte> sealed(bytes.size() + kSealedOverhead);
  const auto data = associated_data(place);
  std::uint8_t* const nonce = raw(std::span(sealed));
  randombytes_buf(nonce, kNonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonce, nullptr, raw(bytes), bytes.size(), data.data(),
                                             data.size(), nullptr, nonce, key.data());
  return sealed;
}

bool unseal_into(std::span<const std::byte> sealed, KeyView key, const SealedPlace& place, std::span<std::byte> into) {
  if (sealed.size() < kSealedOverhead || into.size() != sealed.size() - kSealedOverhead) return false;
  const auto data = associated_data(place);
  const std::uint8_t* const nonce = raw(std::span(sealed));
  return crypto_aead_xchacha20poly1305_ietf_decrypt(raw(into), nullptr, nullptr, nonce + kNonce, sealed.size() - kNonce,
                                                    data.data(), data.size(), nonce, key.data()) == 0;
}

Result<std::vector<std::byte>> unseal(std::span<const std::byte> sealed, KeyView key, const SealedPlace& place) {
  if (sealed.size() < kSealedOverhead) return refused();
  std::vector<std::byte> bytes(sealed.size() - kSealedOverhead);
  if (!unseal_into(sealed, key, place, bytes)) return refused();
  return bytes;
}

std::string seal_text(std::string_view text, KeyView key, const SealedPlace& place) {
  // ISO/IEC 7816-4 padding: 0x80, then zeros.
  std::string padded(text);
  padded += static_cast<char>(0x80);
  padded.append((kTextBlock - padded.size() % kTextBlock) % kTextBlock, '\0');
  const std::vector<std::byte> sealed = seal(std::as_bytes(std::span(padded)), key, place);
  wipe({reinterpret_cast<std::uint8_t*>(padded.data()), padded.size()});
  return std::string(kTextPrefix) + base64_of({raw(std::span<const std::byte>(sealed)), sealed.size()});
}

Result<std::string> unseal_text(std::string_view sealed, KeyView key, const SealedPlace& place) {
  if (!sealed.starts_with(kTextPrefix) || sealed.size() > kMaxSealedText) return refused();
  sealed.remove_prefix(kTextPrefix.size());
  const auto bytes = bytes_from_base64(sealed);
  if (!bytes) return refused();
  VULTUS_TRY(const std::vector<std::byte> padded, unseal(*bytes, key, place));
  std::string text(reinterpret_cast<const char*>(padded.data()), padded.size());
  const std::size_t end = text.find_last_not_of('\0');
  if (end == std::string::npos || static_cast<unsigned char>(text[end]) != 0x80) return refused();
  text.resize(end);
  return text;
}

Hash keyed_hash(std::string_view text, KeyView key) {
  Hash hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                     key.data(), key.size());
  return hash;
}

Hash plain_hash(std::span<const std::uint8_t> bytes) {
  Hash hash{};
  crypto_generichash(hash.data(), hash.size(), bytes.data(), bytes.size(), nullptr, 0);
  return hash;
}

std::string hex_of(std::span<const std::uint8_t> bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

bool bytes_from_hex(std::string_view text, std::span<std::uint8_t> bytes) {
  if (text.size() != bytes.size() * 2) return false;
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = digit(text[2 * i]);
    const int low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

std::string base64_of(std::span<const std::uint8_t> bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();
  return text;
}

std::optional<std::vector<std::byte>> bytes_from_base64(std::string_view text) {
  std::vector<std::byte> bytes(text.size());
  std::size_t length = 0;
  if (sodium_base642bin(raw(std::span(bytes)), bytes.size(), text.data(), text.size(), nullptr, &length, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0)
    return std::nullopt;
  bytes.resize(length);
  return bytes;
}

std::string fingerprint(KeyView key) {
  const Hash hash = keyed_hash("vultus key fingerprint", key);
  return hex_of(std::span(hash).first<8>());
}

}  // namespace vultus::gallery

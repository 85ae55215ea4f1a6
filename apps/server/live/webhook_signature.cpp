#include <apps/server/live/webhook_signature.hpp>

#include <array>
#include <span>

#include <sodium.h>

#include <apps/server/http/base64.hpp>

namespace vultus::server {
namespace {

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::size_t kFewestSecretBytes = 24;
constexpr std::size_t kMostSecretBytes = 64;
constexpr std::size_t kNewSecretBytes = 24;

std::string base64_text(std::span<const unsigned char> bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();
  return text;
}

std::optional<std::string> secret_bytes(std::string_view text) {
  if (!text.starts_with(kSecretPrefix)) return std::nullopt;
  auto bytes = decode_base64(text.substr(kSecretPrefix.size()), kMostSecretBytes);
  if (!bytes || bytes->size() < kFewestSecretBytes) return std::nullopt;
  return *std::move(bytes);
}

}  // namespace

std::string make_webhook_secret() {
  std::array<unsigned char, kNewSecretBytes> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return std::string(kSecretPrefix) + base64_text(bytes);
}

bool is_webhook_secret(std::string_view text) { return secret_bytes(text).has_value(); }

std::optional<std::string> webhook_signature(std::string_view secret, std::string_view id, std::int64_t timestamp,
                                             std::string_view body) {
  const auto key = secret_bytes(secret);
  if (!key) return std::nullopt;
  const std::string head = std::string(id) + "." + std::to_string(timestamp) + ".";
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key->data()), key->size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(head.data()), head.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(body.data()), body.size());
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256_final(&state, mac.data());
  return "v1," + base64_text(mac);
}

}  // namespace vultus::server

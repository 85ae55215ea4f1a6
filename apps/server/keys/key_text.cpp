#include <apps/server/keys/key_text.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

#include <sodium.h>

namespace vultus::server {
namespace {

constexpr std::string_view kKeyPrefix = "vultus_";
constexpr std::size_t kKeyIdBytes = 8;
constexpr std::size_t kKeyIdDigits = 2 * kKeyIdBytes;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretLetters = 43;  // of base64url without padding: ceil(32 * 8 / 6)

constexpr std::size_t kUuidLetters = 36;
constexpr std::array<std::size_t, 4> kUuidHyphens{8, 13, 18, 23};  // in the text, from the left

bool is_key_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}
bool is_id_digit(char c) { return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9'); }

}  // namespace

KeyText make_key_text() {
  std::array<unsigned char, kKeyIdBytes> id{};
  std::array<unsigned char, kSecretBytes> secret{};
  randombytes_buf(id.data(), id.size());
  randombytes_buf(secret.data(), secret.size());
  std::array<char, kKeyIdDigits + 1> digits{};
  std::array<char, kSecretLetters + 1> letters{};
  sodium_bin2hex(digits.data(), digits.size(), id.data(), id.size());
  sodium_bin2base64(letters.data(), letters.size(), secret.data(), secret.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  sodium_memzero(secret.data(), secret.size());
  KeyText key{.id = digits.data(), .text = std::string(kKeyPrefix)};
  key.text += key.id + "_" + letters.data();
  return key;
}

std::string hex_of(std::span<const std::byte> bytes) {
  std::string digits(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(digits.data(), digits.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  digits.pop_back();
  return digits;
}

std::string uuid_text(std::span<const std::byte, 16> bytes) {
  std::string text = hex_of(bytes);
  for (const std::size_t at : kUuidHyphens) text.insert(at, 1, '-');
  return text;
}

std::optional<std::array<std::byte, 16>> uuid_bytes(std::string_view text) {
  if (text.size() != kUuidLetters) return std::nullopt;
  for (const std::size_t at : kUuidHyphens)
    if (text[at] != '-') return std::nullopt;
  std::array<std::byte, 16> bytes{};
  std::size_t read = 0;
  const char* end = nullptr;
  if (sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), "-", &read,
                     &end) != 0 ||
      read != bytes.size() || end != text.data() + text.size())
    return std::nullopt;
  return bytes;
}

std::string make_uuid() {
  std::array<std::byte, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  bytes[6] = (bytes[6] & std::byte{0x0F}) | std::byte{0x40};
  bytes[8] = (bytes[8] & std::byte{0x3F}) | std::byte{0x80};
  return uuid_text(bytes);
}

std::optional<std::string_view> id_of_key_text(std::string_view text) {
  if (text.size() != kKeyPrefix.size() + kKeyIdDigits + 1 + kSecretLetters || !text.starts_with(kKeyPrefix))
    return std::nullopt;
  const std::string_view id = text.substr(kKeyPrefix.size(), kKeyIdDigits);
  const std::string_view rest = text.substr(kKeyPrefix.size() + kKeyIdDigits);
  if (!std::ranges::all_of(id, is_id_digit) || rest.front() != '_' || !std::ranges::all_of(rest, is_key_letter))
    return std::nullopt;
  return id;
}

}  // namespace vultus::server

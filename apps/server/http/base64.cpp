#include <apps/server/http/base64.hpp>

#include <array>
#include <cstdint>

namespace vultus::server {
namespace {

constexpr std::uint32_t kNoSextet = 64;

constexpr std::array<std::uint8_t, 256> make_sextets() {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> sextets{};
  for (auto& sextet : sextets) sextet = kNoSextet;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    sextets[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  return sextets;
}

constexpr auto kSextets = make_sextets();

std::uint32_t sextet_of(char letter) { return kSextets[static_cast<unsigned char>(letter)]; }

Error bad_base64(std::size_t at) {
  return fail(ErrorCode::corrupt_data, "base64: character " + std::to_string(at) + " is outside the alphabet");
}

}  // namespace

Result<std::string> decode_base64(std::string_view text, std::size_t most_bytes) {
  if (text.size() % 4 != 0)
    return fail(ErrorCode::corrupt_data,
                "base64: the length must be a multiple of 4, with padding, not " + std::to_string(text.size()));
  const std::size_t padding = text.ends_with("==") ? 2 : (text.ends_with('=') ? 1 : 0);
  const std::size_t bytes = text.size() / 4 * 3 - padding;
  if (bytes > most_bytes)
    return fail(ErrorCode::resource_limit,
                "base64: " + std::to_string(bytes) + " bytes, at most " + std::to_string(most_bytes));
  const std::string_view letters = text.substr(0, text.size() - padding);
  std::string decoded;
  decoded.reserve(bytes);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const std::uint32_t sextet = sextet_of(letters[i]);
    if (sextet == kNoSextet) return bad_base64(i);
    bits = bits << 6U | sextet;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    decoded += static_cast<char>(bits >> count & 0xFFU);
  }
  if ((bits & ((1U << count) - 1)) != 0)
    return fail(ErrorCode::corrupt_data, "base64: the last character has bits that belong to no byte");
  return decoded;
}

}  // namespace vultus::server

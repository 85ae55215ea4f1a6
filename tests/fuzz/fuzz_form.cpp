// Forms with files, and base64. The first byte says which; of a form, the first line is its Content-Type.
#include <algorithm>
#include <string>
#include <string_view>

#include <vultus/core/utf8.hpp>

#include <apps/server/http/base64.hpp>
#include <apps/server/http/multipart.hpp>

#include "fuzz_target.hpp"

namespace {

using vultus::ErrorCode;
using vultus::fuzz::require;

void check_form(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return;
  const std::string_view type = text.substr(0, end);
  const std::string_view body = text.substr(end + 1);
  const vultus::server::MultipartLimits limits{.parts = 20, .header_bytes = 500, .name_bytes = 100};
  const auto parts = vultus::server::parse_multipart(type, body, limits);
  if (!parts) {
    require(parts.error().code == ErrorCode::corrupt_data || parts.error().code == ErrorCode::resource_limit ||
                parts.error().code == ErrorCode::unsupported,
            "bytes are never our fault");
    return;
  }
  require(parts->size() <= limits.parts, "parts are bounded");
  const char* before = body.data();
  for (const auto& part : *parts) {
    require(vultus::is_utf8(part.name) && part.name.size() <= limits.name_bytes, "a name is text");
    require(!part.file_name || vultus::is_utf8(*part.file_name), "a file's name is text");
    if (part.content.empty()) continue;
    require(part.content.data() >= before && part.content.data() + part.content.size() <= body.data() + body.size(),
            "contents lie in the body, one behind the other");
    before = part.content.data() + part.content.size();
  }
}

std::string encoded(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) bits = bits << 8U | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += k <= count ? kAlphabet[bits >> (18 - 6 * k) & 63U] : '=';
  }
  return text;
}

void check_base64(std::string_view text) {
  const auto bytes = vultus::server::decode_base64(text, 1000);
  if (bytes) require(encoded(*bytes) == text && bytes->size() <= 1000, "bytes have one text alone");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0)
    check_form(text);
  else
    check_base64(text);
  return 0;
}

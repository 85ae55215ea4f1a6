#include <vultus/core/utf8.hpp>

#include <algorithm>
#include <cstddef>

namespace vultus {
namespace {

struct Lead {
  std::size_t length = 0;  // bytes of the character, 0 = not a first byte
  char32_t bits = 0;
  char32_t smallest = 0;  // below it the form is overlong
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80U) return {1, byte, 0};
  if ((byte & 0xE0U) == 0xC0U) return {2, byte & 0x1FU, 0x80};
  if ((byte & 0xF0U) == 0xE0U) return {3, byte & 0x0FU, 0x800};
  if ((byte & 0xF8U) == 0xF0U) return {4, byte & 0x07U, 0x10000};
  return {};
}

/// The character at the start of `text`, or a length of 0.
Lead first_of(std::string_view text) {
  Lead lead = lead_of(static_cast<unsigned char>(text[0]));
  if (lead.length == 0 || lead.length > text.size()) return {};
  for (std::size_t i = 1; i < lead.length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80U) return {};
    lead.bits = (lead.bits << 6U) | (byte & 0x3FU);
  }
  const bool surrogate = lead.bits >= 0xD800 && lead.bits <= 0xDFFF;
  if (lead.bits < lead.smallest || surrogate || lead.bits > 0x10FFFF) return {};
  return lead;
}

}  // namespace

std::u32string characters_of(std::string_view utf8) {
  std::u32string characters;
  while (!utf8.empty()) {
    const Lead first = first_of(utf8);
    characters += first.length > 0 ? first.bits : kStrayByte + static_cast<unsigned char>(utf8[0]);
    utf8.remove_prefix(std::max<std::size_t>(first.length, 1));
  }
  return characters;
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = first_of(text).length;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace vultus

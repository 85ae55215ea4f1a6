#include <vultus/gallery/subject_name.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <vultus/gallery/records.hpp>

namespace vultus::gallery {
namespace {

/// Takes one character off the front of UTF-8 text.
/// @return its code point; nothing for a sequence that is cut, longer than needed, a surrogate or above U+10FFFF
/// @source RFC 3629, section 4
std::optional<std::uint32_t> next_code_point(std::string_view& text) {
  const auto byte_at = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t lead = byte_at(0);
  const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 0x6 ? 2 : lead >> 4 == 0xE ? 3 : lead >> 3 == 0x1E ? 4 : 0;
  if (length == 0 || length > text.size()) return std::nullopt;
  std::uint32_t point = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (byte_at(i) >> 6 != 0x2) return std::nullopt;
    point = point << 6 | (byte_at(i) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> kShortest{0, 0, 0x80, 0x800, 0x10000};
  if (point < kShortest[length] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return std::nullopt;
  text.remove_prefix(length);
  return point;
}

}  // namespace

Status check_length(std::string_view what, std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return {};
  return fail(ErrorCode::invalid_argument, std::string(what) + " of " + std::to_string(text.size()) +
                                               " bytes, the limit is " + std::to_string(limit));
}

Result<std::string> checked_name(std::string_view name) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t from = name.find_first_not_of(kSpace);
  if (from == std::string_view::npos)
    return fail(ErrorCode::invalid_argument,
                "empty subject name, 1 to " + std::to_string(kMaxNameBytes) + " bytes are wanted");
  name = name.substr(from, name.find_last_not_of(kSpace) - from + 1);
  VULTUS_CHECK(check_length("subject name", name, kMaxNameBytes));
  std::string_view rest = name;
  while (!rest.empty()) {
    const std::size_t at = name.size() - rest.size();
    const std::optional<std::uint32_t> point = next_code_point(rest);
    if (!point) return fail(ErrorCode::invalid_argument, "subject name is not UTF-8 at byte " + std::to_string(at));
    if (*point < 0x20 || (*point >= 0x7F && *point < 0xA0))
      return fail(ErrorCode::invalid_argument,
                  "subject name holds control character " + std::to_string(*point) + " at byte " + std::to_string(at));
  }
  return std::string(name);
}

}  // namespace vultus::gallery

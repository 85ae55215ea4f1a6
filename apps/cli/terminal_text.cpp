#include <clocale>
#include <cstddef>
#include <cstdint>
#include <cwchar>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <locale.h>  // NOLINT(modernize-deprecated-headers): newlocale is POSIX

#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

struct Character {
  std::size_t bytes = 1;
  std::optional<char32_t> code;  ///< empty: a byte that belongs to no character
};

/// Length of the sequence that a first byte announces; 0 where it cannot begin one.
std::size_t announced(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

Character next_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = announced(byte(0));
  if (length == 0 || length > text.size()) return {};
  if (length == 1) return {1, byte(0)};
  char32_t code = byte(0) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (overlong || surrogate || code > 0x10FFFF) return {};
  return {length, code};
}

/// Characters that change how those around them are shown.
bool is_direction_mark(char32_t code) {
  return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0x200E || code == 0x200F ||
         code == 0x061C;
}

std::string escaped(std::string_view text, bool keep_line_ends) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const Character c = next_character(text);
    if (!c.code)
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    else if (*c.code == '\n' && keep_line_ends)
      shown += '\n';
    else if (*c.code < 0x20 || (*c.code >= 0x7F && *c.code < 0xA0))
      shown += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(*c.code));
    else if (is_direction_mark(*c.code) || *c.code == 0x2028 || *c.code == 0x2029)
      shown += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(*c.code));
    else
      shown += text.substr(0, c.bytes);
    text.remove_prefix(c.bytes);
  }
  return shown;
}

/// Asks the C library in a locale that knows Unicode, whatever the user's is, for this thread and this moment only.
class UnicodeMoment {
 public:
  UnicodeMoment() : before_(uselocale(unicode())) {}
  ~UnicodeMoment() { uselocale(before_); }
  UnicodeMoment(const UnicodeMoment&) = delete;
  UnicodeMoment& operator=(const UnicodeMoment&) = delete;

  static int columns(char32_t code) {
    const int width = wcwidth(static_cast<wchar_t>(code));
    return width < 0 ? 1 : width;
  }

 private:
  static locale_t unicode() {
    static const locale_t kUnicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return kUnicode;  // null where the system has none: uselocale then changes nothing
  }
  locale_t before_;
};

}  // namespace

std::string printable(std::string_view text) { return escaped(text, false); }

std::string printable_lines(std::string_view text) { return escaped(text, true); }

int columns_of(std::string_view text) {
  const UnicodeMoment moment;
  int columns = 0;
  while (!text.empty()) {
    const Character c = next_character(text);
    columns += c.code ? UnicodeMoment::columns(*c.code) : 1;
    text.remove_prefix(c.bytes);
  }
  return columns;
}

std::string shortened(std::string_view text, int columns) {
  if (columns_of(text) <= columns) return std::string(text);
  std::vector<std::string_view> characters;
  for (std::string_view rest = text; !rest.empty();) {
    const Character c = next_character(rest);
    characters.push_back(rest.substr(0, c.bytes));
    rest.remove_prefix(c.bytes);
  }
  // The end of a path tells more than its beginning: it gets two thirds of the room.
  const int tail_room = (columns - 1) * 2 / 3;
  std::size_t tail = characters.size();
  int used = 0;
  while (tail > 0 && used + columns_of(characters[tail - 1]) <= tail_room) used += columns_of(characters[--tail]);
  std::string head;
  for (std::size_t i = 0; i < tail && used + columns_of(characters[i]) <= columns - 1; ++i) {
    head += characters[i];
    used += columns_of(characters[i]);
  }
  head += "…";
  for (std::size_t i = tail; i < characters.size(); ++i) head += characters[i];
  return head;
}

}  // namespace vultus::cli

#include <vultus/media/wildcards.hpp>

#include <algorithm>
#include <optional>

#include <vultus/core/utf8.hpp>

namespace vultus::media {
namespace {

struct SetMatch {
  bool inside = false;
  std::size_t length = 0;  // characters of the set in the pattern, brackets included
};

/// A set at the start of `pattern`, which begins with '['; nothing where it is not closed.
std::optional<SetMatch> match_set(std::u32string_view pattern, char32_t character) {
  std::size_t at = 1;
  const bool inverted = at < pattern.size() && (pattern[at] == U'!' || pattern[at] == U'^');
  if (inverted) ++at;
  const std::size_t first = at;
  bool inside = false;
  for (; at < pattern.size() && (pattern[at] != U']' || at == first); ++at) {
    const char32_t low = pattern[at];
    const bool range = at + 2 < pattern.size() && pattern[at + 1] == U'-' && pattern[at + 2] != U']';
    if (range) at += 2;
    inside = inside || (character >= low && character <= pattern[at]);
  }
  if (at >= pattern.size()) return std::nullopt;
  return SetMatch{inside != inverted, at + 1};
}

/// How many characters of the pattern match one character; 0 where they do not.
std::size_t match_one(std::u32string_view pattern, char32_t character) {
  if (pattern.empty()) return 0;
  if (pattern[0] == U'?') return 1;
  if (pattern[0] == U'[')
    if (const auto set = match_set(pattern, character)) return set->inside ? set->length : 0;
  return pattern[0] == character ? 1 : 0;
}

}  // namespace

bool has_wildcards(std::string_view text) { return text.find_first_of("*?[") != std::string_view::npos; }

bool matches_wildcards(std::string_view pattern_text, std::string_view name_text) {
  if (name_text.starts_with('.') && !pattern_text.starts_with('.')) return false;
  const std::u32string pattern = characters_of(pattern_text);
  const std::u32string name = characters_of(name_text);
  const std::u32string_view rest(pattern);
  // Only the last star can still grow: going back to it suffices, and the time stays a product of the lengths.
  std::size_t p = 0, n = 0, star = pattern.size(), star_n = 0;
  bool starred = false;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == U'*') {
      starred = true;
      star = p++;
      star_n = n;
    } else if (const std::size_t taken = match_one(rest.substr(p), name[n]); taken > 0) {
      p += taken;
      ++n;
    } else if (starred) {
      p = star + 1;
      n = ++star_n;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of(U'*', p) == std::u32string::npos;
}

}  // namespace vultus::media

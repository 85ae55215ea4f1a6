#include <apps/server/http/header_value.hpp>

#include <apps/server/http/ascii.hpp>

namespace vultus::server {
namespace {

// Takes a quoted text from the beginning of `rest`.
std::optional<std::string> take_quoted(std::string_view& rest, Backslash backslash) {
  std::string text;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return text;
    }
    if (rest[i] == '\\' && i + 1 < rest.size() &&
        (backslash == Backslash::escapes_any || rest[i + 1] == '"' || rest[i + 1] == '\\'))
      ++i;
    text += rest[i];
  }
  return std::nullopt;
}

std::optional<std::string> take_unquoted(std::string_view& rest) {
  const std::string_view text = trimmed(rest.substr(0, rest.find(';')));
  rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  if (text.empty() || text.find_first_of("\" \t") != std::string_view::npos) return std::nullopt;
  return std::string(text);
}

}  // namespace

std::optional<std::string_view> HeaderValue::find(std::string_view name) const {
  for (const auto& [known, found] : parameters)
    if (known == name) return std::string_view(found);
  return std::nullopt;
}

std::optional<HeaderValue> parse_header_value(std::string_view text, Backslash backslash) {
  HeaderValue result;
  std::string_view rest = text;
  result.value = ascii_lowered(trimmed(rest.substr(0, rest.find(';'))));
  rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  while (!rest.empty()) {
    rest.remove_prefix(1);  // ';'
    rest = trimmed(rest);
    if (rest.empty()) break;            // a ';' at the end
    if (rest.front() == ';') continue;  // nothing between two
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    std::string name = ascii_lowered(trimmed(rest.substr(0, equals)));
    rest = trimmed(rest.substr(equals + 1));
    if (!is_token(name) || result.find(name)) return std::nullopt;
    auto found = rest.starts_with('"') ? take_quoted(rest, backslash) : take_unquoted(rest);
    rest = trimmed(rest);
    if (!found || (!rest.empty() && rest.front() != ';')) return std::nullopt;
    result.parameters.emplace_back(std::move(name), *std::move(found));
  }
  return result;
}

}  // namespace vultus::server

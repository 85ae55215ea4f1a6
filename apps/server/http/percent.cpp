#include <apps/server/http/percent.hpp>

#include <vultus/core/utf8.hpp>

namespace vultus::server {
namespace {

// -1: no hexadecimal digit.
int hex_digit_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, Plus plus) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::space) {
      bytes += ' ';
    } else if (text[i] == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_digit_value(text[i + 1]);
      const int low = hex_digit_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      bytes += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      bytes += text[i];
    }
  }
  if (bytes.find('\0') != std::string::npos || !is_utf8(bytes)) return std::nullopt;
  return bytes;
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> values;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view piece = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (piece.empty()) continue;
    const std::size_t equals = piece.find('=');
    auto name = percent_decoded(piece.substr(0, equals), Plus::space);
    auto value = equals == std::string_view::npos ? std::optional<std::string>(std::string())
                                                  : percent_decoded(piece.substr(equals + 1), Plus::space);
    if (!name || !value) return std::nullopt;
    values.emplace_back(*std::move(name), *std::move(value));
  }
  return values;
}

}  // namespace vultus::server

#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/timeline/scan.hpp>

namespace vultus {
namespace {

/// "px (x, y)" -> x, y.
std::vector<std::string> bracketed(std::string_view unit) {
  const std::size_t open = unit.find('('), close = unit.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  std::vector<std::string> names;
  std::string_view rest = unit.substr(open + 1, close - open - 1);
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view name = rest.substr(0, comma);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    if (name.empty()) return {};
    names.emplace_back(name);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return names;
}

/// The number at the end of landmarks.68, or 0.
std::size_t points_of(std::string_view id) {
  const std::string_view last = id.substr(id.rfind('.') + 1);
  std::size_t points = 0;
  const auto read = std::from_chars(last.data(), last.data() + last.size(), points);
  return read.ec == std::errc() && read.ptr == last.data() + last.size() ? points : 0;
}

}  // namespace

std::vector<std::string> element_names(const Channel& channel, std::size_t count) {
  std::vector<std::string> parts = bracketed(channel.unit);
  if (!parts.empty() && count == parts.size()) return parts;
  if (parts.empty() || count % parts.size() != 0) {
    parts.clear();
    const std::size_t points = points_of(channel.id.text());
    static constexpr std::array<const char*, 3> kAxes{"x", "y", "z"};
    if (points > 0 && (count == 2 * points || count == 3 * points))
      parts.assign(kAxes.begin(), kAxes.begin() + static_cast<std::ptrdiff_t>(count / points));
  }
  std::vector<std::string> names;
  names.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    names.push_back(parts.empty() ? std::to_string(i)
                                  : std::to_string(i / parts.size()) + "." + parts[i % parts.size()]);
  return names;
}

}  // namespace vultus

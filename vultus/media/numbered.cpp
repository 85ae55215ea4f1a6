#include <vultus/media/numbered.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace vultus::media {

Result<Numbered> Numbered::of(const std::string& pattern) {
  const std::size_t percent = pattern.find('%');
  std::size_t at = percent + 1;
  Numbered found{.before = pattern.substr(0, percent), .after = {}};
  if (at < pattern.size() && pattern[at] == '0') found.zeros = true, ++at;
  if (at < pattern.size() && pattern[at] >= '1' && pattern[at] <= '9') found.width = pattern[at++] - '0';
  if (at >= pattern.size() || pattern[at] != 'd')
    return fail(ErrorCode::not_found, pattern + ": no such file, and no pattern like frame%04d.png");
  found.after = pattern.substr(at + 1);
  return found;
}

std::string Numbered::name(std::int64_t number) const {
  const std::string digits = std::to_string(number);
  const std::size_t missing = std::max(digits.size(), static_cast<std::size_t>(width)) - digits.size();
  return before + std::string(missing, zeros ? '0' : ' ') + digits + after;
}

std::pair<std::string, std::string> Numbered::folder_and_start() const {
  const std::size_t slash = before.rfind('/');
  if (slash == std::string::npos) return {".", before};
  return {before.substr(0, slash + 1), before.substr(slash + 1)};
}

std::optional<std::int64_t> Numbered::number_of(std::string_view entry, std::string_view start) const {
  if (!entry.starts_with(start)) return std::nullopt;
  const std::size_t at = std::min(entry.find_first_not_of(' ', start.size()), entry.size());
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(entry.data() + at, entry.data() + entry.size(), number);
  if (failed != std::errc() || number < 0) return std::nullopt;
  const std::string there = before.substr(0, before.size() - start.size()) + std::string(entry);
  const std::string whole = name(number);
  // The number must be written as the pattern has it, and what follows it too.
  if (!whole.starts_with(there) || (whole.size() > there.size() && whole[there.size()] != '/')) return std::nullopt;
  return number;
}

std::vector<std::int64_t> Numbered::there() const {
  const auto [folder, start] = folder_and_start();
  std::vector<std::int64_t> numbers;
  std::error_code error;
  std::filesystem::directory_iterator at(folder, error);
  for (const std::filesystem::directory_iterator end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    const auto number = number_of(at->path().filename().string(), start);
    if (number && std::filesystem::is_regular_file(name(*number), ignored)) numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

}  // namespace vultus::media

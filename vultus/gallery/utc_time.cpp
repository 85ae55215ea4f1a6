#include <vultus/gallery/utc_time.hpp>

#include <array>
#include <charconv>
#include <cstddef>

namespace vultus {
namespace {

struct Field {
  std::size_t at;
  std::size_t digits;
};
constexpr std::string_view kShape = "0000-00-00T00:00:00Z";
constexpr std::array<Field, 6> kFields{{{0, 4}, {5, 2}, {8, 2}, {11, 2}, {14, 2}, {17, 2}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string to_iso8601(UtcTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const std::array<long, 6> values{static_cast<int>(date.year()),
                                   static_cast<long>(static_cast<unsigned>(date.month())),
                                   static_cast<long>(static_cast<unsigned>(date.day())),
                                   clock.hours().count(),
                                   clock.minutes().count(),
                                   static_cast<long>(clock.seconds().count())};
  std::string text(kShape);
  for (std::size_t i = 0; i < values.size(); ++i) {
    long rest = values[i];
    for (std::size_t digit = kFields[i].digits; digit-- > 0; rest /= 10)
      text[kFields[i].at + digit] = static_cast<char>('0' + rest % 10);
  }
  return text;
}

std::optional<UtcTime> from_iso8601(std::string_view text) {
  if (text.size() != kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (is_digit(kShape[i]) ? !is_digit(text[i]) : text[i] != kShape[i]) return std::nullopt;
  std::array<int, 6> values{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const char* from = text.data() + kFields[i].at;
    std::from_chars(from, from + kFields[i].digits, values[i]);
  }
  const std::chrono::year_month_day date{std::chrono::year{values[0]},
                                         std::chrono::month{static_cast<unsigned>(values[1])},
                                         std::chrono::day{static_cast<unsigned>(values[2])}};
  if (!date.ok() || values[3] > 23 || values[4] > 59 || values[5] > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(values[3]) + std::chrono::minutes(values[4]) +
         std::chrono::seconds(values[5]);
}

}  // namespace vultus

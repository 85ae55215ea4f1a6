#include <vultus/engine/rate_text.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <fmt/format.h>

namespace vultus::engine {

std::string grouped(std::int64_t number) {
  std::string digits = fmt::format("{}", number);
  const std::size_t sign = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > sign + 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string one_of(double rate) {
  if (!(rate > 0)) return "0";
  const double of = std::min(1 / rate, 1e15);
  if (of < 10) return fmt::format("1 of {:.2g}", of);
  const double step = std::pow(10, std::floor(std::log10(of)) - 1);
  return "1 of " + grouped(std::llround(std::round(of / step) * step));
}

std::string probability_text(const std::optional<double>& probability) {
  if (!probability) return "-";
  constexpr double kLeast = 1e-4;
  if (*probability < kLeast) return "< 0.01 %";
  if (*probability > 1 - kLeast) return "> 99.99 %";
  if (*probability < 0.01 || *probability > 0.99) return fmt::format("{:.2f} %", *probability * 100);
  return fmt::format("{:.1f} %", *probability * 100);
}

std::string percent(double share, int digits) { return fmt::format("{:.{}f} %", share * 100, digits); }

}  // namespace vultus::engine

#include <vultus/physio/band_pass.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string>

namespace vultus::physio {
namespace {

constexpr std::size_t kFewestValues = 8;

/// A filter of second order: y = b0 x + b1 x' + b2 x'' - a1 y' - a2 y''.
struct Biquad {
  double b0, b1, b2, a1, a2;
};

enum class Pass : std::uint8_t { low, high };

/// Second-order Butterworth: 1 / (s^2 + sqrt(2) s + 1), or s^2 over that, with s = (1 - 1/z) / (w (1 + 1/z)).
Biquad butterworth(double limit, double rate, Pass pass) {
  const double w = std::tan(std::numbers::pi * limit / rate);  // prewarped
  const double scale = 1 / (1 + std::numbers::sqrt2 * w + w * w);
  const double a1 = 2 * (w * w - 1) * scale, a2 = (1 - std::numbers::sqrt2 * w + w * w) * scale;
  if (pass == Pass::low) return {w * w * scale, 2 * w * w * scale, w * w * scale, a1, a2};
  return {scale, -2 * scale, scale, a1, a2};
}

/// In place. Begins as if the first value had stood there for ever.
void run(const Biquad& f, std::vector<double>& values) {
  const double gain = (f.b0 + f.b1 + f.b2) / (1 + f.a1 + f.a2);
  double x1 = values.front(), x2 = x1, y1 = gain * x1, y2 = y1;
  for (double& value : values) {
    const double y = f.b0 * value + f.b1 * x1 + f.b2 * x2 - f.a1 * y1 - f.a2 * y2;
    x2 = x1, x1 = value, y2 = y1, y1 = y;
    value = y;
  }
}

/// The values with their odd mirror image at both ends: 2 * end - mirrored.
std::vector<double> continued(std::span<const double> values, std::size_t more) {
  std::vector<double> longer;
  longer.reserve(values.size() + 2 * more);
  for (std::size_t i = more; i > 0; --i) longer.push_back(2 * values.front() - values[i]);
  longer.insert(longer.end(), values.begin(), values.end());
  for (std::size_t i = 1; i <= more; ++i) longer.push_back(2 * values.back() - values[values.size() - 1 - i]);
  return longer;
}

}  // namespace

Result<std::vector<double>> band_pass(std::span<const double> values, double rate, const Band& band) {
  if (values.size() < kFewestValues)
    return fail(ErrorCode::invalid_argument, "a filter needs at least " + std::to_string(kFewestValues) +
                                                 " values, got " + std::to_string(values.size()));
  if (!(band.low > 0 && band.low < band.high && band.high < rate / 2))
    return fail(ErrorCode::invalid_argument, "a band of " + std::to_string(band.low) + " to " +
                                                 std::to_string(band.high) + " Hz at " + std::to_string(rate) +
                                                 " values a second: 0 < low < high < half the rate is wanted");
  if (!std::ranges::all_of(values, [](double v) { return std::isfinite(v); }))
    return fail(ErrorCode::invalid_argument, "a value to be filtered is not finite");
  // Three periods of the lower limit: by then what the beginning left has died away.
  const auto wanted = static_cast<std::size_t>(std::ceil(3 * rate / band.low));
  const std::size_t more = std::min(wanted, values.size() - 1);
  std::vector<double> longer = continued(values, more);
  for (const Biquad& filter : {butterworth(band.low, rate, Pass::high), butterworth(band.high, rate, Pass::low)}) {
    run(filter, longer);
    std::ranges::reverse(longer);
    run(filter, longer);
    std::ranges::reverse(longer);
  }
  const auto begin = longer.begin() + static_cast<std::ptrdiff_t>(more);
  return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(values.size()));
}

}  // namespace vultus::physio

#include <vultus/physio/heart_rate.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numbers>

namespace vultus::physio {
namespace {

constexpr double kGrid = 1.0 / 120;  // Hz: half a beat a minute
constexpr double kAround = .1;       // Hz, of the SNR
constexpr double kSilence = 1e-18;   // power relative to the square of the values: rounding alone

/// |sum w_i (x_i - mean) e^(-j 2 pi f i / rate)|^2 with a Hann window w.
double segment_power(std::span<const double> values, double rate, double hertz) {
  const double count = static_cast<double>(values.size());
  double mean = 0;
  for (const double v : values) mean += v / count;
  double re = 0, im = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double at = static_cast<double>(i);
    const double window = .5 - .5 * std::cos(2 * std::numbers::pi * (at + .5) / count);
    const double angle = 2 * std::numbers::pi * hertz * at / rate;
    re += window * (values[i] - mean) * std::cos(angle);
    im -= window * (values[i] - mean) * std::sin(angle);
  }
  return (re * re + im * im) / (count * count);
}

/// How far the top of a parabola through (-1, a), (0, b), (1, c) is from 0.
double top_of(double a, double b, double c) {
  const double curve = a - 2 * b + c;
  return curve < 0 ? std::clamp(.5 * (a - c) / curve, -.5, .5) : 0.0;
}

Decibel snr_of(std::span<const double> hertz, std::span<const double> power, double at) {
  double signal = 0, rest = 0;
  for (std::size_t i = 0; i < hertz.size(); ++i) {
    const bool near = std::abs(hertz[i] - at) <= kAround || std::abs(hertz[i] - 2 * at) <= kAround;
    (near ? signal : rest) += power[i];
  }
  return Decibel(10 * std::log10(signal / std::max(rest, 1e-300)));
}

std::string short_text(double seconds) {
  const std::string text = std::to_string(seconds);
  return text.substr(0, text.find('.') + 2);
}

}  // namespace

Result<std::vector<double>> power_at(std::span<const double> values, double rate, std::span<const double> hertz,
                                     Seconds segment) {
  if (values.empty()) return fail(ErrorCode::invalid_argument, "a spectrum needs values");
  if (!(rate > 0) || !(segment.value() > 0))
    return fail(ErrorCode::invalid_argument, "rate and segment of a spectrum must be above 0");
  if (!std::ranges::all_of(values, [](double v) { return std::isfinite(v); }))
    return fail(ErrorCode::invalid_argument, "a value of the signal is not finite");
  if (!std::ranges::all_of(hertz, [rate](double f) { return f >= 0 && f <= rate / 2; }))
    return fail(ErrorCode::invalid_argument, "a frequency lies outside 0 to half the rate");
  const auto wanted = static_cast<std::size_t>(std::max(1.0, std::min(std::round(segment.value() * rate), 1e9)));
  const std::size_t length = std::min(wanted, values.size());
  const std::size_t step = std::max<std::size_t>(length / 2, 1);
  std::vector<double> power(hertz.size(), 0.0);
  std::size_t segments = 0;
  for (std::size_t begin = 0; begin + length <= values.size(); begin += step, ++segments)
    for (std::size_t f = 0; f < hertz.size(); ++f)
      power[f] += segment_power(values.subspan(begin, length), rate, hertz[f]);
  for (double& p : power) p /= static_cast<double>(segments);
  return power;
}

Result<HeartRate> heart_rate(std::span<const double> values, double rate, const HeartRateOptions& options) {
  const Band& band = options.band;
  if (!(band.low > 0 && band.low + 3 * kGrid < band.high && band.high < rate / 2))
    return fail(ErrorCode::invalid_argument, "the band of a pulse must lie between 0 and half the rate of " +
                                                 std::to_string(rate) + " values a second");
  if (!(options.shortest >= Seconds(4) && options.segment >= options.shortest))
    return fail(ErrorCode::invalid_argument, "a pulse needs segments of at least 4 s, and no shorter than the signal");
  HeartRate reading;
  const double seconds = static_cast<double>(values.size()) / rate;
  if (seconds < options.shortest.value()) {
    reading.reason = short_text(seconds) + " s are shorter than " + short_text(options.shortest.value()) + " s";
    return reading;
  }
  std::vector<double> hertz;
  const auto steps = static_cast<std::size_t>((band.high + 1e-9 - band.low) / kGrid);
  hertz.reserve(steps + 1);
  for (std::size_t i = 0; i <= steps; ++i)
    hertz.push_back(std::min(band.low + kGrid * static_cast<double>(i), band.high));
  VULTUS_TRY(const std::vector<double> power, power_at(values, rate, hertz, options.segment));
  const auto peak = static_cast<std::size_t>(std::distance(power.begin(), std::ranges::max_element(power)));
  const double largest = std::abs(*std::ranges::max_element(values, {}, [](double v) { return std::abs(v); }));
  if (!(power[peak] > kSilence * largest * largest)) {
    reading.reason = "the signal does not change";
    return reading;
  }
  if (peak == 0 || peak + 1 == power.size()) {
    reading.reason = "the spectrum has no peak inside the band";
    return reading;
  }
  const double shift = top_of(std::log(power[peak - 1]), std::log(power[peak]), std::log(power[peak + 1]));
  const double at = hertz[peak] + shift * kGrid;
  reading.rate = BeatsPerMinute(60 * at);
  reading.snr = snr_of(hertz, power, at);
  return reading;
}

}  // namespace vultus::physio

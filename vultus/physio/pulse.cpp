#include <vultus/physio/pulse.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

namespace vultus::physio {
namespace {

constexpr std::size_t kFewestFrames = 8;

Status require_trace(std::span<const SkinColour> trace, double rate) {
  if (trace.size() < kFewestFrames)
    return fail(ErrorCode::invalid_argument, "a pulse needs at least " + std::to_string(kFewestFrames) +
                                                 " frames, got " + std::to_string(trace.size()));
  if (!(rate > 0) || !std::isfinite(rate))
    return fail(ErrorCode::invalid_argument, "the frame rate of a pulse must be above 0");
  const auto is_colour = [](const SkinColour& c) {
    return std::isfinite(c.red + c.green + c.blue) && c.red >= 0 && c.green >= 0 && c.blue >= 0;
  };
  if (!std::ranges::all_of(trace, is_colour))
    return fail(ErrorCode::invalid_argument, "a colour of the trace is below 0 or not finite");
  return {};
}

SkinColour mean_of(std::span<const SkinColour> trace) {
  SkinColour mean;
  for (const SkinColour& c : trace) mean.red += c.red, mean.green += c.green, mean.blue += c.blue;
  const auto count = static_cast<double>(trace.size());
  return {mean.red / count, mean.green / count, mean.blue / count};
}

struct Moments {
  double mean = 0;
  double deviation = 0;
};

Moments moments_of(std::span<const double> values) {
  Moments m;
  const auto count = static_cast<double>(values.size());
  for (const double v : values) m.mean += v / count;
  for (const double v : values) m.deviation += (v - m.mean) * (v - m.mean) / count;
  m.deviation = std::sqrt(m.deviation);
  return m;
}

/// Rounding of colours that are even leaves this much, relative to 1.
constexpr double kNoDeviation = 1e-13;

}  // namespace

Result<std::vector<double>> green_pulse(std::span<const SkinColour> trace, double rate, const Band& band) {
  VULTUS_CHECK(require_trace(trace, rate));
  const double mean = mean_of(trace).green;
  if (!(mean > 0)) return fail(ErrorCode::invalid_argument, "the trace has no green");
  std::vector<double> signal;
  signal.reserve(trace.size());
  for (const SkinColour& c : trace) signal.push_back(-c.green / mean);
  return band_pass(signal, rate, band);
}

Result<std::vector<double>> pos_pulse(std::span<const SkinColour> trace, double rate, Seconds window) {
  VULTUS_CHECK(require_trace(trace, rate));
  const double wanted = std::round(window.value() * rate);
  if (!(wanted >= 2 && wanted <= static_cast<double>(trace.size())))
    return fail(ErrorCode::invalid_argument, "a window of " + std::to_string(window.value()) +
                                                 " s holds fewer than 2 frames or more than the trace");
  const auto length = static_cast<std::size_t>(wanted);
  std::vector<double> signal(trace.size(), 0.0), s1(length), s2(length);
  for (std::size_t begin = 0; begin + length <= trace.size(); ++begin) {
    const auto part = trace.subspan(begin, length);
    const SkinColour mean = mean_of(part);
    if (!(mean.red > 0 && mean.green > 0 && mean.blue > 0))
      return fail(ErrorCode::invalid_argument, "a channel of the trace is black for a whole window");
    for (std::size_t i = 0; i < length; ++i) {
      const double r = part[i].red / mean.red, g = part[i].green / mean.green, b = part[i].blue / mean.blue;
      s1[i] = g - b;
      s2[i] = g + b - 2 * r;
    }
    const Moments m1 = moments_of(s1), m2 = moments_of(s2);
    const double alpha = m2.deviation > kNoDeviation ? m1.deviation / m2.deviation : 0.0;
    const double mean_h = m1.mean + alpha * m2.mean;
    for (std::size_t i = 0; i < length; ++i) signal[begin + i] += s1[i] + alpha * s2[i] - mean_h;
  }
  return signal;
}

}  // namespace vultus::physio

#include <vultus/protect/mcadams.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>
#include <string>

#include <Eigen/Eigenvalues>

namespace vultus::protect {
namespace {

/// Poles with a smaller part beside the real axis are real.
constexpr double kReal = 1e-12;
/// Angles keep this far from 0 and pi, where two poles would become one.
constexpr double kEdge = 1e-6;
/// What is added to r[0], so that silence and pure tones have a prediction.
constexpr double kFloor = 1e-9;

std::vector<double> autocorrelation(std::span<const double> frame, int order) {
  std::vector<double> r(static_cast<std::size_t>(order) + 1);
  for (std::size_t lag = 0; lag < r.size(); ++lag)
    for (std::size_t n = lag; n < frame.size(); ++n) r[lag] += frame[n] * frame[n - lag];
  r[0] += r[0] * kFloor;
  return r;
}

/// With as few digits as tell it.
std::string shown(double value) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 4).ptr};
}

/// The roots of z^n + a[1] z^(n-1) + ... + a[n]: the eigenvalues of its companion matrix.
std::vector<std::complex<double>> roots_of(std::span<const double> a) {
  const auto n = static_cast<Eigen::Index>(a.size());
  Eigen::MatrixXd companion = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index i = 0; i < n; ++i) companion(0, i) = -a[static_cast<std::size_t>(i)];
  for (Eigen::Index i = 1; i < n; ++i) companion(i, i - 1) = 1;
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(companion, false);
  std::vector<std::complex<double>> roots;
  for (Eigen::Index i = 0; i < n; ++i) roots.push_back(solver.eigenvalues()[i]);
  return roots;
}

/// One frame: what the old prediction leaves over, driven through the new one. Both begin from silence.
std::vector<double> changed(std::span<const double> frame, const McAdamsOptions& options) {
  const auto r = autocorrelation(frame, options.order);
  if (!(r[0] > 0)) return {frame.begin(), frame.end()};
  const std::vector<double> a = linear_prediction(r);
  const std::vector<double> b = moved_poles(a, options.alpha);
  std::vector<double> out(frame.size());
  for (std::size_t n = 0; n < frame.size(); ++n) {
    double value = frame[n];
    for (std::size_t k = 0; k < a.size() && k < n; ++k) value += a[k] * frame[n - 1 - k];
    for (std::size_t k = 0; k < b.size() && k < n; ++k) value -= b[k] * out[n - 1 - k];
    out[n] = value;
  }
  return out;
}

}  // namespace

std::vector<double> linear_prediction(std::span<const double> autocorrelation) {
  const std::size_t order = autocorrelation.size() - 1;
  std::vector<double> a(order), before;
  double error = autocorrelation[0];
  for (std::size_t i = 0; i < order; ++i) {
    double sum = autocorrelation[i + 1];
    for (std::size_t k = 0; k < i; ++k) sum += a[k] * autocorrelation[i - k];
    const double reflection = error > 0 ? -sum / error : 0;
    before.assign(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(i));
    for (std::size_t k = 0; k < i; ++k) a[k] = before[k] + reflection * before[i - 1 - k];
    a[i] = reflection;
    error *= 1 - reflection * reflection;
  }
  return a;
}

std::complex<double> moved_pole(std::complex<double> pole, double alpha) {
  if (std::abs(pole.imag()) < kReal) return pole;
  const double radius = std::abs(pole);
  const double angle = std::clamp(std::pow(std::abs(std::arg(pole)), alpha), kEdge, std::numbers::pi - kEdge);
  return std::polar(radius, pole.imag() > 0 ? angle : -angle);
}

std::vector<double> moved_poles(std::span<const double> a, double alpha) {
  std::vector<std::complex<double>> polynomial{1};
  for (const std::complex<double>& root : roots_of(a)) {
    const std::complex<double> moved = moved_pole(root, alpha);
    polynomial.emplace_back(0);
    for (std::size_t i = polynomial.size() - 1; i > 0; --i) polynomial[i] -= moved * polynomial[i - 1];
  }
  // Poles come in pairs: the imaginary parts are rounding alone.
  std::vector<double> made;
  for (std::size_t i = 1; i < polynomial.size(); ++i) made.push_back(polynomial[i].real());
  return made;
}

Status check_voice_changes(double alpha) {
  if (std::abs(alpha - 1) >= kLeastVoiceChange) return {};
  return fail(ErrorCode::invalid_argument, "voice: alpha " + shown(alpha) + " leaves it as it is; at most " +
                                               shown(1 - kLeastVoiceChange) + " or at least " +
                                               shown(1 + kLeastVoiceChange) + " is wanted");
}

Result<McAdamsVoice> McAdamsVoice::start(int rate, const McAdamsOptions& options) {
  const auto refuse = [](const std::string& why) { return fail(ErrorCode::invalid_argument, "voice: " + why); };
  if (rate < 8000 || rate > 48000) return refuse(std::to_string(rate) + " samples a second; 8000 to 48000 are allowed");
  if (!(options.alpha >= .5 && options.alpha <= 1.5)) return refuse("alpha: 0.5 to 1.5 are allowed");
  if (options.order < 2 || options.order > 64) return refuse("order: 2 to 64 are allowed");
  if (!(options.frame >= .005 && options.frame <= .1)) return refuse("frame: 0.005 to 0.1 s are allowed");
  return McAdamsVoice(rate, options);
}

McAdamsVoice::McAdamsVoice(int rate, const McAdamsOptions& options)
    : options_(options),
      hop_(static_cast<std::size_t>(std::lround(options.frame * rate / 2))),
      window_(2 * hop_),
      waiting_(hop_, 0.0F),  // the first frame begins half a frame before the sound
      sum_(2 * hop_, 0.0) {
  // Square roots of Hann's window on the way in and on the way out: halves that overlap add up to one.
  for (std::size_t i = 0; i < window_.size(); ++i)
    window_[i] = std::sin(std::numbers::pi * (static_cast<double>(i) + .5) / static_cast<double>(window_.size()));
}

void McAdamsVoice::take_frame(std::size_t begin, std::vector<float>& into) {
  std::vector<double> frame(window_.size());
  for (std::size_t i = 0; i < frame.size(); ++i) frame[i] = window_[i] * static_cast<double>(waiting_[begin + i]);
  const auto made = changed(frame, options_);
  for (std::size_t i = 0; i < made.size(); ++i) sum_[i] += window_[i] * made[i];
  // No later frame adds to the first half.
  for (std::size_t i = 0; i < hop_ && !first_ && given_ < added_; ++i, ++given_)
    into.push_back(static_cast<float>(std::clamp(sum_[i], -1.0, 1.0)));
  first_ = false;
  std::copy(sum_.begin() + static_cast<std::ptrdiff_t>(hop_), sum_.end(), sum_.begin());
  std::fill(sum_.begin() + static_cast<std::ptrdiff_t>(hop_), sum_.end(), 0.0);
}

Result<std::vector<float>> McAdamsVoice::add(std::span<const float> samples) {
  if (!std::ranges::all_of(samples, [](float v) { return std::isfinite(v); }))
    return fail(ErrorCode::invalid_argument, "voice: a sample is not finite");
  waiting_.insert(waiting_.end(), samples.begin(), samples.end());
  added_ += samples.size();
  std::vector<float> made;
  std::size_t begin = 0;
  for (; waiting_.size() - begin >= window_.size(); begin += hop_) take_frame(begin, made);
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(begin));
  return made;
}

std::vector<float> McAdamsVoice::finish() {
  std::vector<float> made;
  while (given_ < added_) {
    waiting_.resize(window_.size(), 0.0F);  // silence behind the end
    take_frame(0, made);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(hop_));
  }
  return made;
}

Result<std::vector<float>> mcadams_voice(std::span<const float> samples, int rate, const McAdamsOptions& options) {
  VULTUS_TRY(McAdamsVoice voice, McAdamsVoice::start(rate, options));
  VULTUS_TRY(std::vector<float> made, voice.add(samples));
  const std::vector<float> rest = voice.finish();
  made.insert(made.end(), rest.begin(), rest.end());
  return made;
}

}  // namespace vultus::protect

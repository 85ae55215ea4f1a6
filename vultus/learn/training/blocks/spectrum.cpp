#include <vultus/learn/training/blocks/spectrum.hpp>

#include <cmath>
#include <numbers>
#include <utility>

#include <torch/fft.h>

namespace vultus::learn::blocks {
namespace {

/// Real and imaginary part, as tensors or as names of a graph.
template <class T>
struct Complex {
  T real, imaginary;
};

/// cos and sin of 2 pi j k / n over sqrt(n): the transform is their difference times i, its inverse their sum.
Complex<torch::Tensor> waves(std::int64_t n) {
  const torch::Tensor steps = torch::arange(n, torch::kDouble);
  const torch::Tensor angles =
      torch::outer(steps, steps).remainder(static_cast<double>(n)) * (2 * std::numbers::pi / static_cast<double>(n));
  const double norm = 1 / std::sqrt(static_cast<double>(n));
  return {angles.cos() * norm, angles.sin() * norm};
}

/// The matrices of a transform of h x w in a graph.
class WrittenTransform {
 public:
  WrittenTransform(const Exporter& to, std::int64_t height, std::int64_t width) : to_(to) {
    const auto down = waves(height), along = waves(width);
    down_ = {to.constant(down.real), to.constant(down.imaginary)};
    along_ = {to.constant(along.real), to.constant(along.imaginary)};
  }
  /// (C - iS) x (C - iS) of a real x.
  [[nodiscard]] Complex<std::string> of(const std::string& x) const {
    const std::string c = to_.matmul(down_.real, x), s = to_.matmul(down_.imaginary, x);
    return {to_.sub(to_.matmul(c, along_.real), to_.matmul(s, along_.imaginary)),
            to_.node("Neg", {to_.add(to_.matmul(s, along_.real), to_.matmul(c, along_.imaginary))})};
  }
  /// The real part of (C + iS)(R + iI)(C + iS): (CR - SI) C - (SR + CI) S.
  [[nodiscard]] std::string back(const Complex<std::string>& x) const {
    const std::string real = to_.sub(to_.matmul(down_.real, x.real), to_.matmul(down_.imaginary, x.imaginary));
    const std::string other = to_.add(to_.matmul(down_.imaginary, x.real), to_.matmul(down_.real, x.imaginary));
    return to_.sub(to_.matmul(real, along_.real), to_.matmul(other, along_.imaginary));
  }

 private:
  const Exporter& to_;
  Complex<std::string> down_, along_;
};

torch::Tensor spectrum_of(const torch::Tensor& x) { return torch::fft::fft2(x, c10::nullopt, {-2, -1}, "ortho"); }
torch::Tensor picture_of(const torch::Tensor& spectrum) {
  return torch::real(torch::fft::ifft2(spectrum, c10::nullopt, {-2, -1}, "ortho"));
}

/// The same map, its first row and column in the middle; the graph does it by two slices an axis.
std::string shifted(const Exporter& to, const std::string& x, std::int64_t axis, std::int64_t size) {
  const std::int64_t half = size - size / 2;
  return to.concat({to.slice(x, axis, half, size), to.slice(x, axis, 0, half)}, axis);
}

}  // namespace

torch::Tensor low_square(std::int64_t height, std::int64_t width, double alpha) {
  TORCH_CHECK(alpha >= 0 && alpha <= 1, "alpha must be from 0 to 1, not ", alpha);
  const torch::Tensor rows = torch::fft::fftfreq(height).abs() < 0.5 * alpha,
                      columns = torch::fft::fftfreq(width).abs() < 0.5 * alpha;
  return torch::outer(rows.to(torch::kFloat), columns.to(torch::kFloat));
}

torch::Tensor ring(std::int64_t height, std::int64_t width, double low, double high) {
  const torch::Tensor rows = torch::fft::fftfreq(height, torch::kDouble),
                      columns = torch::fft::fftfreq(width, torch::kDouble);
  const torch::Tensor frequency = torch::sqrt(rows.square().unsqueeze(1) + columns.square().unsqueeze(0));
  return torch::logical_and(frequency >= low, frequency < high).to(torch::kFloat);
}

BandMask::BandMask(const torch::Tensor& mask) : mask_(register_buffer("mask", mask.detach().clone())) {
  TORCH_CHECK(mask.dim() == 2, "a mask of the spectrum is [h, w]");
}

torch::Tensor BandMask::forward(const torch::Tensor& x) { return picture_of(spectrum_of(x) * mask_); }

std::string BandMask::write(const Exporter& to, const std::string& x) const {
  const WrittenTransform transform(to, mask_.size(0), mask_.size(1));
  const std::string mask = to.constant(mask_);
  const auto spectrum = transform.of(x);
  return transform.back({to.mul(spectrum.real, mask), to.mul(spectrum.imaginary, mask)});
}

std::shared_ptr<BandMask> high_pass(std::int64_t height, std::int64_t width, double alpha) {
  return std::make_shared<BandMask>(1 - low_square(height, width, alpha));
}

SpectrumConv::SpectrumConv(std::int64_t in, std::int64_t out, std::int64_t height, std::int64_t width)
    : height_(height),
      width_(width),
      first_(part<Conv>("first", conv2d(in, out, 1))),
      real_(part<Conv>("real", conv2d(out, out, 1))),
      imaginary_(part<Conv>("imaginary", conv2d(out, out, 1))) {}

torch::Tensor SpectrumConv::forward(const torch::Tensor& x) {
  const torch::Tensor spectrum = spectrum_of(first_->forward(x));
  // Each part goes through its own layer; joined they are one spectrum again.
  return torch::relu(picture_of(torch::complex(real_->forward(torch::real(spectrum).contiguous()),
                                               imaginary_->forward(torch::imag(spectrum).contiguous()))));
}

std::string SpectrumConv::write(const Exporter& to, const std::string& x) const {
  const WrittenTransform transform(to, height_, width_);
  const auto spectrum = transform.of(first_->write(to.in("first"), x));
  return to.node("Relu", {transform.back({real_->write(to.in("real"), spectrum.real),
                                          imaginary_->write(to.in("imaginary"), spectrum.imaginary)})});
}

torch::Tensor LogSpectrum::forward(const torch::Tensor& x) {
  return torch::log1p(torch::fft::fftshift(spectrum_of(x).abs(), {{-2, -1}}));
}

std::string LogSpectrum::write(const Exporter& to, const std::string& x) const {
  const auto spectrum = WrittenTransform(to, height_, width_).of(x);
  const std::string squares =
      to.add(to.mul(spectrum.real, spectrum.real), to.mul(spectrum.imaginary, spectrum.imaginary));
  const std::string logarithm = to.node("Log", {to.plus(to.node("Sqrt", {squares}), 1)});
  return shifted(to, shifted(to, logarithm, 2, height_), 3, width_);
}

torch::Tensor power_spectrum(const torch::Tensor& signals, double rate, double low, double high) {
  const torch::Tensor centred = signals - signals.mean(-1, true);
  const torch::Tensor power = torch::fft::rfft(centred).abs().square();
  const torch::Tensor frequencies = torch::fft::rfftfreq(signals.size(-1), 1 / rate, torch::kDouble);
  const torch::Tensor kept = torch::logical_and(frequencies >= low, frequencies <= high).nonzero().flatten();
  TORCH_CHECK(kept.numel() > 0, "no frequency of a signal of ", signals.size(-1), " samples at ", rate,
              " Hz lies from ", low, " to ", high, " Hz");
  const torch::Tensor band = power.index_select(-1, kept);
  return band / band.sum(-1, true).clamp_min(1e-12);
}

torch::Tensor power_distance(const torch::Tensor& a, const torch::Tensor& b, double rate, double low, double high) {
  return (power_spectrum(a, rate, low, high) - power_spectrum(b, rate, low, high)).square().sum(-1);
}

}  // namespace vultus::learn::blocks

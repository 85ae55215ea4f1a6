// Frequencies: of maps [n, c, h, w], and of signals [n, t]. What is exported uses products with the matrices of the
// transform, so that any reader of ONNX runs it; sides are therefore told beforehand. Transforms are orthonormal: the
// sum of squares stays.
#pragma once

#include <cstdint>
#include <string>

#include <vultus/learn/training/blocks/layers.hpp>

namespace vultus::learn::blocks {

/// 1 where the frequency of rows and of columns is less than alpha times the highest, else 0: [h, w], in the order of
/// torch::fft::fft2 (nothing shifted). @param alpha  [0, 1]
[[nodiscard]] torch::Tensor low_square(std::int64_t height, std::int64_t width, double alpha);
/// 1 where the frequency, in cycles a pixel, is from `low` to below `high`: [h, w], order as above. The highest of a
/// row is 0.5, of a diagonal sqrt(0.5). Rings side by side add to 1.
[[nodiscard]] torch::Tensor ring(std::int64_t height, std::int64_t width, double low, double high);

/// Keeps what a mask of the spectrum lets through: the real part of the inverse transform.
class BandMask : public Block {
 public:
  explicit BandMask(const torch::Tensor& mask);  ///< [h, w], order of torch::fft::fft2
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  torch::Tensor mask_;
};

/// What lies outside the square of low frequencies. @source FA3-CLIP, arXiv 2504.00454, alpha 0.25; there a ReLU
/// follows
[[nodiscard]] std::shared_ptr<BandMask> high_pass(std::int64_t height, std::int64_t width, double alpha = 0.25);

/// 1 x 1 convolution, transform, a 1 x 1 convolution of the real part and one of the imaginary part, inverse transform,
/// its real part, ReLU: [n, in, h, w] -> [n, out, h, w].
/// @source FA3-CLIP, arXiv 2504.00454, frequency operator
class SpectrumConv : public Block {
 public:
  SpectrumConv(std::int64_t in, std::int64_t out, std::int64_t height, std::int64_t width);  // NOLINT: sizes of a layer
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  std::int64_t height_, width_;
  std::shared_ptr<Conv> first_, real_, imaginary_;
};

/// log(1 + |spectrum|), lowest frequency in the middle: [n, c, h, w] -> [n, c, h, w].
class LogSpectrum : public Block {
 public:
  LogSpectrum(std::int64_t height, std::int64_t width) : height_(height), width_(width) {}  // NOLINT: sizes of a layer
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

 private:
  std::int64_t height_, width_;
};

/// Power of the frequencies of signals, without their mean, divided by its sum: [n, t] -> [n, kept frequencies].
/// @param rate  samples a second. @param low, high  hertz, what is kept: low <= f <= high; at least one frequency
/// @source J. Gideon, S. Stent, ICCV 2021, section 3.1: periodogram within the band of the pulse
[[nodiscard]] torch::Tensor power_spectrum(const torch::Tensor& signals, double rate, double low, double high);

/// |PSD(a) - PSD(b)|^2 of each pair of rows, each power divided by its sum: [n, t], [n, t] -> [n].
[[nodiscard]] torch::Tensor power_distance(const torch::Tensor& a, const torch::Tensor& b, double rate, double low,
                                           double high);

}  // namespace vultus::learn::blocks

// Convolutions. Shapes: n = batch, in and out = channels, places = one axis to three.
#pragma once

#include <cstdint>
#include <string>

#include <vultus/learn/training/blocks/block.hpp>

namespace vultus::learn::blocks {

/// How weights and biases begin: uniform within 1 / sqrt(inputs of one output), as libtorch's own layers.
[[nodiscard]] torch::Tensor begun(const Wholes& shape, std::int64_t inputs);

/// A convolution along one axis or more; the rows have one number an axis.
struct ConvOptions {
  std::int64_t in = 1;
  std::int64_t out = 1;
  Wholes kernel{3, 3};
  Wholes stride{};    ///< empty = 1
  Wholes padding{};   ///< at both ends, with zeros; empty = kernel / 2, so that a stride of 1 keeps the size
  Wholes dilation{};  ///< empty = 1
  std::int64_t groups = 1;
  bool bias = true;
};

/// [n, in, places ...] -> [n, out, places ...].
class Conv : public Block {
 public:
  explicit Conv(const ConvOptions& options);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

  torch::Tensor weight;  ///< [out, in / groups, kernel ...]
  torch::Tensor bias;    ///< [out]; undefined without

 private:
  ConvOptions options_;
};

/// The opposite of a convolution: maps of (side - 1) stride - 2 padding + kernel + more. [n, in, h, w] -> [n, out, h',
/// w'].
class ConvTranspose : public Block {
 public:
  struct Options {
    std::int64_t in = 1;
    std::int64_t out = 1;
    std::int64_t kernel = 2;
    std::int64_t stride = 2;
    std::int64_t padding = 0;
    std::int64_t more = 0;  ///< rows and columns at the end, less than the stride
  };
  explicit ConvTranspose(const Options& options);
  torch::Tensor forward(const torch::Tensor& x) override;
  [[nodiscard]] std::string write(const Exporter& to, const std::string& x) const override;

  torch::Tensor weight;  ///< [in, out, kernel, kernel]
  torch::Tensor bias;    ///< [out]

 private:
  Options options_;
};

/// k x k, padded to keep the size at stride 1.
[[nodiscard]] ConvOptions conv2d(std::int64_t in, std::int64_t out, std::int64_t kernel = 3, std::int64_t stride = 1,
                                 bool bias = true);
/// k x k for each channel by itself.
[[nodiscard]] ConvOptions depthwise(std::int64_t channels, std::int64_t kernel = 3, std::int64_t stride = 1,
                                    bool bias = true);

}  // namespace vultus::learn::blocks

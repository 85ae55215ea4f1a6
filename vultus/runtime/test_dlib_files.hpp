// For tests: small files as dlib would write them. Not installed.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

namespace vultus::runtime::test {

/// Writes numbers, texts and blocks in dlib's serialisation.
class DlibWriter {
 public:
  std::vector<std::uint8_t> bytes;

  DlibWriter& whole(std::int64_t value) {
    auto rest = static_cast<std::uint64_t>(value < 0 ? -value : value);
    std::vector<std::uint8_t> digits;
    do digits.push_back(static_cast<std::uint8_t>(rest & 0xFFU)), rest >>= 8U;
    while (rest != 0);
    bytes.push_back(static_cast<std::uint8_t>(digits.size() | (value < 0 ? 0x80U : 0U)));
    bytes.insert(bytes.end(), digits.begin(), digits.end());
    return *this;
  }
  /// A number with at most 20 binary digits behind the point.
  DlibWriter& real(double value) { return whole(std::llround(std::ldexp(value, 20))).whole(-20); }
  DlibWriter& flag(bool value) {
    bytes.push_back(value ? '1' : '0');
    return *this;
  }
  DlibWriter& text(std::string_view value) {
    whole(static_cast<std::int64_t>(value.size()));
    bytes.insert(bytes.end(), value.begin(), value.end());
    return *this;
  }
  DlibWriter& tensor(const std::vector<float>& values) {
    whole(2).whole(static_cast<std::int64_t>(values.size())).whole(1).whole(1).whole(1);
    for (const float value : values)
      for (unsigned shift = 0; shift < 32; shift += 8)
        bytes.push_back(static_cast<std::uint8_t>(std::bit_cast<std::uint32_t>(value) >> shift));
    return *this;
  }
  DlibWriter& alias() { return whole(1).whole(0).whole(0).whole(0).whole(0); }
  /// What training leaves behind a layer.
  DlibWriter& state() { return flag(true).flag(false).flag(false).tensor({}).tensor({}).tensor({}); }

  DlibWriter& convolution(const std::vector<float>& values, int filters, int window, int stride, int padding) {
    text("con_4").tensor(values).whole(filters).whole(window).whole(window).whole(stride).whole(stride);
    whole(padding).whole(padding).alias().alias();
    return real(1).real(1).real(1).real(0).state();
  }
  DlibWriter& affine(const std::vector<float>& values) {
    return text("affine_").tensor(values).alias().alias().whole(0).state();
  }
  DlibWriter& plain(std::string_view kind) { return text(kind).state(); }
  DlibWriter& pool(std::string_view kind, int window, int stride) {
    return text(kind).whole(window).whole(window).whole(stride).whole(stride).whole(0).whole(0).state();
  }
  DlibWriter& dense(const std::vector<float>& values, int outputs, int inputs) {
    text("fc_2").whole(outputs).whole(inputs).tensor(values).alias().alias().whole(1);
    return real(1).real(1).real(1).real(0).state();
  }
};

/// A residual network on 9 x 9 pixels with one block that halves, which can be calculated by hand: the first
/// convolution adds red, green and blue (1 x 1) and halves with stride 1; see dlib_model_test.
inline std::vector<std::uint8_t> small_dlib_net() {
  DlibWriter out;
  out.whole(1).text("loss_metric_2").real(0.04).real(0.6);
  // From the output: dense, mean, relu, add, pool, skip, tag, affine, convolution, relu, affine, convolution, tag,
  // pool, relu, affine; the convolution at the input is counted by its 3.
  for (const int kind : {2, 2, 2, 2, 2, 1, 1, 2, 2, 2, 2, 2, 1, 2, 2, 2}) out.whole(kind);
  out.whole(3).text("input_rgb_image_sized").real(0).real(0).real(0).whole(9).whole(9);
  out.convolution({1, 1, 1, 0}, 1, 1, 1, 0);
  // Behind the state of the layer at the input stands the number of samples a picture.
  out.whole(1);
  out.affine({0.5F, 1}).plain("relu_").pool("max_pool_2", 3, 2);
  out.convolution({0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 10}, 2, 3, 2, 0).affine({1, 1, 0, 0});
  out.plain("relu_");
  std::vector<float> pass(2 * 2 * 9 + 2);
  pass[4] = 1;          // filter 0: the centre of channel 0
  pass[9 * 3 + 4] = 1;  // filter 1: the centre of channel 1
  out.convolution(pass, 2, 3, 1, 1).affine({2, 1, 0, 0});
  out.pool("avg_pool_2", 2, 2).plain("add_prev_").plain("relu_");
  out.pool("avg_pool_2", 0, 1).dense({1, 0, 0, 0, 1, 100}, 3, 2);
  return out.bytes;
}

/// A shape predictor of two points with one stage of one tree of one split. It compares the pixel at the first point
/// with the one a quarter of the face to its right; if the first is brighter by more than 10, the first point moves
/// down by a quarter of the face, else the second moves up by a quarter.
inline std::vector<std::uint8_t> small_shape_predictor() {
  DlibWriter out;
  out.whole(1);
  out.whole(-4).whole(-1).real(0.25).real(0.5).real(0.75).real(0.5);
  out.whole(1).whole(1).whole(1).whole(0).whole(1).real(10);  // stages, trees, splits; the split
  out.whole(2);                                               // leaves
  out.whole(-4).whole(-1).real(0).real(0.25).real(0).real(0);
  out.whole(-4).whole(-1).real(0).real(0).real(0).real(-0.25);
  out.whole(1).whole(2).whole(0).whole(0);                   // anchors of the two pixels
  out.whole(1).whole(2).real(0).real(0).real(0.25).real(0);  // steps from there
  return out.bytes;
}

}  // namespace vultus::runtime::test

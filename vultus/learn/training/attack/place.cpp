#include <vultus/learn/training/attack/place.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

namespace vultus::learn::attack {
namespace {

using torch::Tensor;

Similarity undone(const Similarity& transform) {
  const auto inverse = transform.inverse();
  if (!inverse) throw std::logic_error("a face was placed by a transform of scale 0");
  return *inverse;
}

/// Interpolates `from` at the points where the pixels of a target of width x height come from.
/// @param parts  points for each pixel of the target in each direction; their mean is taken
Tensor sampled(const Tensor& from, const Similarity& to_source, std::int64_t width, std::int64_t height, int parts) {
  const auto options = torch::TensorOptions().dtype(from.dtype());
  const auto axis = [&](std::int64_t length) { return (torch::arange(length * parts, options) + 0.5) / parts - 0.5; };
  const auto grid = torch::meshgrid({axis(height), axis(width)}, "ij");
  const Tensor &y = grid[0], &x = grid[1];
  const Tensor u = to_source.a * x - to_source.b * y + to_source.tx;
  const Tensor v = to_source.b * x + to_source.a * y + to_source.ty;
  // grid_sample without aligned corners: -1 is the left edge of the first pixel.
  const auto places = [](const Tensor& at, std::int64_t length) {
    return (2 * at + 1) / static_cast<double>(length) - 1;
  };
  const Tensor where = torch::stack({places(u, from.size(3)), places(v, from.size(2))}, 2).unsqueeze(0);
  constexpr std::int64_t kLinear = 0, kZerosOutside = 0;
  const Tensor fine = torch::grid_sampler(from, where, kLinear, kZerosOutside, false);
  return parts == 1 ? fine : torch::avg_pool2d(fine, parts, parts);
}

}  // namespace

Tensor pixels_of(ImageView picture) {
  std::vector<float> values;
  values.reserve(std::size_t{3} * static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height));
  for (int y = 0; y < picture.height; ++y)
    values.insert(values.end(), picture.row(y), picture.row(y) + std::ptrdiff_t{3} * picture.width);
  return torch::tensor(values).view({1, picture.height, picture.width, 3}).permute({0, 3, 1, 2}).contiguous();
}

void pixels_into(const Tensor& pixels, MutableImageView picture) {
  const Tensor bytes = pixels.detach()[0].permute({1, 2, 0}).round().clamp(0, 255).to(torch::kByte).contiguous();
  const auto row = std::ptrdiff_t{3} * picture.width;
  for (int y = 0; y < picture.height; ++y) std::copy_n(bytes.data_ptr<std::uint8_t>() + y * row, row, picture.row(y));
}

Tensor cut(const Tensor& photo, const Similarity& to_crop, std::int64_t side) {
  const Similarity to_photo = undone(to_crop);
  const int parts = std::clamp(static_cast<int>(std::lround(to_photo.scale())), 1, 16);
  return sampled(photo, to_photo, side, side, parts);
}

Tensor put_back(const Tensor& change, const Similarity& to_crop, std::int64_t height, std::int64_t width) {
  return sampled(change, to_crop, width, height, 1);
}

Similarity for_part(const Similarity& to_crop, double left, double top) {
  const Similarity& t = to_crop;
  return {t.a, t.b, t.tx + t.a * left - t.b * top, t.ty + t.b * left + t.a * top};
}

}  // namespace vultus::learn::attack

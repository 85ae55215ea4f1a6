#include <vultus/learn/training/liveness/face_batches.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace vultus::learn {
namespace {

constexpr float kMiddleLevel = 127.5F;

/// A crop of one face. @param x, y  of its corner. @param into  3 x seen x seen
void crop_into(const Presentations& faces, std::int64_t face, std::int64_t x, std::int64_t y, bool mirrored, float gain,
               float* into) {
  const std::int64_t side = faces.side(), seen = faces.seen();
  const auto* const from = reinterpret_cast<const std::uint8_t*>(faces.pixels(face).data());
  for (std::int64_t row = 0; row < seen; ++row)
    for (std::int64_t column = 0; column < seen; ++column) {
      const std::int64_t at = x + (mirrored ? seen - 1 - column : column);
      const std::uint8_t* const pixel = from + ((y + row) * side + at) * 3;
      for (std::int64_t c = 0; c < 3; ++c) {
        const float level = std::min(static_cast<float>(pixel[c]) * gain, 255.0F);
        into[(c * seen + row) * seen + column] = (level - kMiddleLevel) / kMiddleLevel;
      }
    }
}

torch::Tensor room_for(const Presentations& faces, std::size_t count) {
  return torch::empty({static_cast<std::int64_t>(count), 3, faces.seen(), faces.seen()});
}

}  // namespace

torch::Tensor middles(const Presentations& faces, std::span<const std::int64_t> which) {
  torch::Tensor made = room_for(faces, which.size());
  for (std::size_t i = 0; i < which.size(); ++i)
    crop_into(faces, which[i], faces.margin(), faces.margin(), false, 1,
              made[static_cast<std::int64_t>(i)].data_ptr<float>());
  return made;
}

torch::Tensor jittered(const Presentations& faces, std::span<const std::int64_t> which, std::mt19937_64& random) {
  torch::Tensor made = room_for(faces, which.size());
  const std::int64_t shifts = 2 * faces.margin() + 1;
  for (std::size_t i = 0; i < which.size(); ++i) {
    const std::int64_t x = below(random, shifts), y = below(random, shifts);
    const bool mirrored = below(random, 2) == 1;
    const auto gain = static_cast<float>(0.9 + 0.2 * unit(random));
    crop_into(faces, which[i], x, y, mirrored, gain, made[static_cast<std::int64_t>(i)].data_ptr<float>());
  }
  return made;
}

torch::Tensor cut_and_paste(const torch::Tensor& pictures, std::span<const PasteAt> at, std::mt19937_64& random) {
  const std::int64_t count = pictures.size(0), height = pictures.size(2), width = pictures.size(3);
  TORCH_CHECK(count >= 2 && count == static_cast<std::int64_t>(at.size()), "cut and paste: ", count, " pictures and ",
              at.size(), " places");
  torch::Tensor made = pictures.clone();
  for (std::int64_t i = 0; i < count; ++i) {
    const PasteAt& where = at[static_cast<std::size_t>(i)];
    torch::Tensor other = pictures[(i + 1) % count], mine = made[i];
    const double cy = where.row * static_cast<double>(height), cx = where.column * static_cast<double>(width);
    const double stretch = 0.75 + 0.5 * unit(random);
    const double ry = where.radius * static_cast<double>(height) * stretch,
                 rx = where.radius * static_cast<double>(width) / stretch;
    // From where in the other picture: any place that holds the piece.
    const std::int64_t dy = below(random, height) - static_cast<std::int64_t>(cy),
                       dx = below(random, width) - static_cast<std::int64_t>(cx);
    const bool mirrored = below(random, 2) == 1;
    const auto gain = static_cast<float>(0.6 + 0.8 * unit(random)),
               shift = static_cast<float>(0.6 * unit(random) - 0.3);
    const auto from = other.accessor<float, 3>();
    auto into = mine.accessor<float, 3>();
    for (std::int64_t y = std::max<std::int64_t>(0, static_cast<std::int64_t>(cy - ry));
         y < std::min(height, static_cast<std::int64_t>(cy + ry) + 1); ++y)
      for (std::int64_t x = std::max<std::int64_t>(0, static_cast<std::int64_t>(cx - rx));
           x < std::min(width, static_cast<std::int64_t>(cx + rx) + 1); ++x) {
        if (std::hypot((static_cast<double>(x) + 0.5 - cx) / rx, (static_cast<double>(y) + 0.5 - cy) / ry) > 1)
          continue;
        const std::int64_t sy = (y + dy + height) % height;
        const std::int64_t sx0 = (x + dx + width) % width, sx = mirrored ? width - 1 - sx0 : sx0;
        for (std::int64_t c = 0; c < 3; ++c) into[c][y][x] = std::clamp(from[c][sy][sx] * gain + shift, -1.0F, 1.0F);
      }
  }
  return made;
}

LoopOptions loop_options(const SpoofConfig& config) {
  constexpr double kLongestGradient = 1;
  return {.name = config.name,
          .identity = config.sha256,
          .epochs = config.epochs,
          .batch = config.batch,
          .learning_rate = config.learning_rate,
          .weight_decay = config.weight_decay,
          .warm_up = config.warm_up,
          .clip = kLongestGradient,
          .seed = config.seed};
}

double auc_of(const std::vector<double>& positive, const std::vector<double>& negative) {
  if (positive.empty() || negative.empty()) return 0.5;
  std::vector<double> rising = negative;
  std::ranges::sort(rising);
  double wins = 0;
  for (const double score : positive) {
    const auto [low, high] = std::ranges::equal_range(rising, score);
    wins += static_cast<double>(low - rising.begin()) + 0.5 * static_cast<double>(high - low);
  }
  return wins / (static_cast<double>(positive.size()) * static_cast<double>(negative.size()));
}

}  // namespace vultus::learn

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <apps/learn/crop_jitter.hpp>

namespace vultus::learning {
namespace {

double between(evaluation::Random& random, double amount) { return (2 * random.unit() - 1) * amount; }

void take_colour(std::span<std::uint8_t> pixels) {
  for (std::size_t i = 0; i + 2 < pixels.size(); i += 3) {
    // @source Rec. 601
    const double grey = 0.299 * pixels[i] + 0.587 * pixels[i + 1] + 0.114 * pixels[i + 2];
    std::ranges::fill(pixels.subspan(i, 3), static_cast<std::uint8_t>(std::lround(grey)));
  }
}

void blur(int side, std::span<std::uint8_t> pixels) {
  const std::vector<std::uint8_t> old(pixels.begin(), pixels.end());
  for (int y = 1; y + 1 < side; ++y)
    for (int x = 1; x + 1 < side; ++x)
      for (int c = 0; c < 3; ++c) {
        int sum = 0;
        for (int dy = -1; dy <= 1; ++dy)
          for (int dx = -1; dx <= 1; ++dx) sum += old[static_cast<std::size_t>(((y + dy) * side + x + dx) * 3 + c)];
        pixels[static_cast<std::size_t>((y * side + x) * 3 + c)] = static_cast<std::uint8_t>((sum + 4) / 9);
      }
}

}  // namespace

Similarity jitter(const JitterRange& range, int side, evaluation::Random& random) {
  const double angle = between(random, range.turn), scale = 1 + between(random, range.scale), half = side / 2.0;
  const double a = scale * std::cos(angle), b = scale * std::sin(angle);
  return {a, b, half - (a * half - b * half) + between(random, range.shift),
          half - (b * half + a * half) + between(random, range.shift)};
}

Similarity after(const Similarity& first, const Similarity& second) {
  return {second.a * first.a - second.b * first.b, second.b * first.a + second.a * first.b,
          second.a * first.tx - second.b * first.ty + second.tx, second.b * first.tx + second.a * first.ty + second.ty};
}

void jitter_pixels(const JitterRange& range, int side, evaluation::Random& random, std::span<std::uint8_t> pixels) {
  const double gain = 1 + between(random, range.gain), bias = between(random, range.bias);
  const bool grey = random.unit() < range.grey, blurred = random.unit() < range.blurred;
  for (std::uint8_t& pixel : pixels)
    pixel = static_cast<std::uint8_t>(std::clamp(std::lround(128 + gain * (pixel - 128.0) + bias), 0L, 255L));
  if (grey) take_colour(pixels);
  if (blurred) blur(side, pixels);
}

}  // namespace vultus::learning

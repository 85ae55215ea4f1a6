// Planted templates: what a gallery of faces looks like, with the truth known.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace vultus::bench {

/// Four templates of each subject, in a space of a quarter of the dimensions with some isotropic noise, drawn around 64
/// centres. Mated similarity is about 0.63, the others spread by about 0.09. Templates of a subject are made together:
/// a row of directions that is read serves all of them.
class Planted {
 public:
  static constexpr std::size_t kTogether = 8;  ///< templates that are made at once, at most

  explicit Planted(int dimension)
      : dimension_(static_cast<std::size_t>(dimension)),
        latent_(std::max<std::size_t>(1, dimension_ / 4)),
        directions_(numbers(latent_ * dimension_)),
        centres_(numbers(kCentres * latent_)),
        noise_(numbers(kNoise + dimension_)) {}

  /// What follows is that of this number, whatever was made before.
  void begin(std::uint32_t number) {
    random_.seed(number);
    normal_.reset();
  }

  [[nodiscard]] std::vector<float> subject() {
    const std::size_t centre = random_() % kCentres;
    std::vector<float> latent(latent_);
    for (std::size_t i = 0; i < latent_; ++i)
      latent[i] = std::sqrt(0.15F) * centres_[centre * latent_ + i] + std::sqrt(0.85F) * normal_(random_);
    return latent;
  }

  /// @param out  up to kTogether templates of unit length, one behind the other
  void faces(const std::vector<float>& subject, std::span<float> out) {
    const std::size_t count = out.size() / dimension_;
    std::vector<float> z(latent_ * kTogether);
    for (std::size_t l = 0; l < latent_; ++l)
      for (std::size_t f = 0; f < count; ++f)
        z[l * kTogether + f] = std::sqrt(0.6F) * subject[l] + std::sqrt(0.4F) * normal_(random_);
    std::array<const float*, kTogether> noise{};
    for (std::size_t f = 0; f < count; ++f) noise[f] = noise_.data() + random_() % kNoise;
    const float width = 0.1F * std::sqrt(static_cast<float>(latent_));
    for (std::size_t d = 0; d < dimension_; d += kLanes) {
      const std::size_t lanes = std::min(kLanes, dimension_ - d);
      std::array<std::array<float, kLanes>, kTogether> sums{};
      for (std::size_t l = 0; l < latent_; ++l) {
        const float* const direction = directions_.data() + l * dimension_ + d;
        if (lanes == kLanes) {
          for (std::size_t f = 0; f < kTogether; ++f)
            for (std::size_t i = 0; i < kLanes; ++i) sums[f][i] += z[l * kTogether + f] * direction[i];
        } else {
          for (std::size_t f = 0; f < count; ++f)
            for (std::size_t i = 0; i < lanes; ++i) sums[f][i] += z[l * kTogether + f] * direction[i];
        }
      }
      for (std::size_t f = 0; f < count; ++f)
        for (std::size_t i = 0; i < lanes; ++i) out[f * dimension_ + d + i] = sums[f][i] + width * noise[f][d + i];
    }
    for (std::size_t f = 0; f < count; ++f) normalise(out.subspan(f * dimension_, dimension_));
  }

 private:
  static constexpr std::size_t kCentres = 64;
  static constexpr std::size_t kLanes = 4;
  // The noise is a hundredth of a template's energy: numbers drawn once, read from anywhere.
  static constexpr std::size_t kNoise = 1 << 20;

  std::vector<float> numbers(std::size_t count) {
    std::vector<float> all(count);
    for (float& one : all) one = normal_(random_);
    return all;
  }
  static void normalise(std::span<float> values) {
    double square = 0;
    for (const float v : values) square += double{v} * double{v};
    for (float& v : values) v = static_cast<float>(v / std::sqrt(square));
  }

  std::mt19937 random_{7};
  std::normal_distribution<float> normal_;
  std::size_t dimension_, latent_;
  std::vector<float> directions_, centres_, noise_;
};

}  // namespace vultus::bench

#include <apps/learn/attack_defences.hpp>

#include <algorithm>
#include <array>

#include <vultus/media/degrade.hpp>

namespace vultus::learning {
namespace {

constexpr int kQuality = 75;
constexpr double kSigma = 1, kSmaller = 0.9;

Result<Image> copied(ImageView photo) {
  VULTUS_TRY(Image image, Image::create(photo.width, photo.height, photo.format));
  for (int y = 0; y < photo.height; ++y) std::copy_n(photo.row(y), std::ptrdiff_t{3} * photo.width, image.row(y));
  return image;
}

Result<Image> as_jpeg(ImageView photo) { return media::compressed(photo, kQuality); }
Result<Image> softened(ImageView photo) { return media::blurred(photo, kSigma); }

/// The nearest of 16 values from 0 to 255.
Result<Image> with_four_bits(ImageView photo) {
  VULTUS_TRY(Image image, copied(photo));
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < 3 * image.width(); ++x)
      image.row(y)[x] = static_cast<std::uint8_t>((image.row(y)[x] + 8) / 17 * 17);
  return image;
}

Result<Image> smaller_inside_a_border(ImageView photo) {
  VULTUS_TRY(const Image small, media::shrunk(photo, kSmaller));
  VULTUS_TRY(Image image, Image::create(photo.width, photo.height, photo.format));
  const int left = (photo.width - small.width()) / 2, top = (photo.height - small.height()) / 2;
  for (int y = 0; y < image.height(); ++y)
    std::fill_n(image.row(y), std::ptrdiff_t{3} * image.width(), std::uint8_t{0});
  for (int y = 0; y < small.height(); ++y)
    std::copy_n(small.row(y), std::ptrdiff_t{3} * small.width(), image.row(top + y) + std::ptrdiff_t{3} * left);
  return image;
}

constexpr std::array kDefences{Defence{"none", copied}, Defence{"jpeg75", as_jpeg}, Defence{"blur1", softened},
                               Defence{"bits4", with_four_bits}, Defence{"resize-pad", smaller_inside_a_border}};

}  // namespace

std::span<const Defence> attack_defences() { return kDefences; }

}  // namespace vultus::learning

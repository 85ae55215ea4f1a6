// Rings of frequency: waves that lie in one of them, sums and energies that must come out, and 8-bit pictures.
#include <cmath>
#include <complex>
#include <numbers>

#include <gtest/gtest.h>

#include <vultus/audit/fourier.hpp>
#include <vultus/audit/frequency_bands.hpp>
#include <vultus/evaluation/bootstrap.hpp>

namespace vultus::audit {
namespace {

FrequencyBands bands_of(int side, int bands, bool remove_mean = false) {
  return FrequencyBands::make({.side = side, .bands = bands, .remove_mean = remove_mean}).value();
}

std::vector<double> noise(int side, std::uint64_t seed) {
  evaluation::Random random(seed);
  std::vector<double> values(static_cast<std::size_t>(side * side));
  for (double& value : values) value = random.unit() * 255;
  return values;
}

/// mean + amplitude cos(2 pi (u x + v y) / side)
std::vector<double> wave(int side, int u, int v, double mean, double amplitude) {
  std::vector<double> values;
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      values.push_back(mean + amplitude * std::cos(2 * std::numbers::pi * (u * x + v * y) / side));
  return values;
}

double energy_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return sum;
}

TEST(Fourier2d, EqualsTheDefinition) {
  for (const int side : {8, 12, 13, 15}) {  // powers of two, mixed factors, a prime, odd
    const auto n = static_cast<std::size_t>(side);
    const std::vector<double> values = noise(side, 3);
    std::vector<std::complex<double>> fast(values.begin(), values.end());
    fourier_2d(fast, n, -1);
    for (const auto& [u, v] : {std::pair{0, 0}, {1, 0}, {0, 3}, {5, 7}, {side - 1, 2}}) {
      std::complex<double> sum = 0;
      for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
          sum += values[static_cast<std::size_t>(y) * static_cast<std::size_t>(side) + static_cast<std::size_t>(x)] *
                 std::polar(1.0, -2 * std::numbers::pi * (u * x + v * y) / side);
      EXPECT_NEAR(std::abs(fast[static_cast<std::size_t>(v * side + u)] - sum), 0, 1e-8)
          << side << " " << u << " " << v;
    }
    fourier_2d(fast, n, 1);
    for (std::size_t i = 0; i < fast.size(); ++i) ASSERT_NEAR(std::abs(fast[i] - values[i]), 0, 1e-9);
  }
}

TEST(FrequencyBands, PutEveryFrequencyIntoTheRingOfItsRadius) {
  const FrequencyBands bands = bands_of(112, 28);  // width 2
  EXPECT_EQ(bands.band_of(0, 0), 0);
  EXPECT_EQ(bands.band_of(1, 1), 0);    // radius 1.41
  EXPECT_EQ(bands.band_of(2, 0), 1);    // a border belongs to the ring above
  EXPECT_EQ(bands.band_of(3, 4), 2);    // 5
  EXPECT_EQ(bands.band_of(109, 4), 2);  // 109 stands for -3
  EXPECT_EQ(bands.band_of(55, 0), 27);
  EXPECT_EQ(bands.band_of(56, 56), 27);  // 79.2: a corner
  EXPECT_DOUBLE_EQ(bands.lowest(1), 2);
  EXPECT_DOUBLE_EQ(bands.lowest(28), 56);
}

TEST(FrequencyBands, AWaveLiesInOneRing) {
  const FrequencyBands bands = bands_of(32, 8);  // width 2; radius of (3, 4) is 5: ring 2
  const auto parts = bands.parts(wave(32, 3, 4, 100, 20)).value();
  const auto expected = wave(32, 3, 4, 0, 20);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_NEAR(parts[0][i], 100, 1e-9) << "the mean is in ring 0";
    ASSERT_NEAR(parts[2][i], expected[i], 1e-9);
    for (const std::size_t other : {1U, 3U, 4U, 5U, 6U, 7U}) ASSERT_NEAR(parts[other][i], 0, 1e-9);
  }
  const auto shares = bands.energies(wave(32, 3, 4, 100, 20)).value();
  EXPECT_NEAR(shares[2], 1, 1e-12);
  EXPECT_NEAR(shares[0], 0, 1e-12);
  // With the mean: 100^2 against 20^2 / 2.
  EXPECT_NEAR(bands_of(32, 8, true).energies(wave(32, 3, 4, 100, 20)).value()[0], 10000.0 / 10200, 1e-12);
}

TEST(FrequencyBands, PartsAreThePictureAndTheirEnergiesAreItsEnergy) {
  for (const auto& [side, count] : {std::pair{16, 8}, {21, 7}, {112, 28}, {112, 5}}) {
    const FrequencyBands bands = bands_of(side, count, true);
    const std::vector<double> channel = noise(side, 9);
    const auto parts = bands.parts(channel).value();
    ASSERT_EQ(parts.size(), static_cast<std::size_t>(count));
    std::vector<double> sum(channel.size());
    double energy = 0;
    const auto shares = bands.energies(channel).value();
    for (std::size_t b = 0; b < parts.size(); ++b) {
      energy += energy_of(parts[b]);
      EXPECT_NEAR(energy_of(parts[b]) / energy_of(channel), shares[b], 1e-12);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += parts[b][i];
    }
    EXPECT_NEAR(energy / energy_of(channel), 1, 1e-12);  // Parseval: rings are orthogonal
    for (std::size_t i = 0; i < sum.size(); ++i) ASSERT_NEAR(sum[i], channel[i], 1e-9);
  }
}

TEST(FrequencyBands, AFlatChannelHasNoEnergy) {
  const auto shares = bands_of(16, 4).energies(std::vector<double>(256, 77.0)).value();
  EXPECT_EQ(shares, std::vector<double>(4, 0.0));
}

Image picture_of(const std::vector<double>& green, int side) {
  Image image = Image::create(side, side, PixelFormat::rgb8).value();
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      image.row(y)[3 * x] = 10;
      image.row(y)[3 * x + 1] = static_cast<std::uint8_t>(std::lround(
          green[static_cast<std::size_t>(y) * static_cast<std::size_t>(side) + static_cast<std::size_t>(x)]));
      image.row(y)[3 * x + 2] = 200;
    }
  return image;
}

TEST(WithoutEachBand, TakesTheWaveOutOfItsChannelAlone) {
  const Image picture = picture_of(wave(16, 5, 0, 128, 50), 16);  // radius 5, width 2: ring 2
  const auto masked = without_each_band(bands_of(16, 4), picture.view()).value();
  ASSERT_EQ(masked.size(), 4U);
  for (int y = 0; y < 16; ++y)
    for (int x = 0; x < 16; ++x) {
      EXPECT_NEAR(masked[2].image.row(y)[3 * x + 1], 128, 2) << "rounding of the picture is all that is left";
      EXPECT_EQ(masked[2].image.row(y)[3 * x], 10);
      EXPECT_EQ(masked[2].image.row(y)[3 * x + 2], 200);
      EXPECT_NEAR(masked[1].image.row(y)[3 * x + 1], picture.row(y)[3 * x + 1], 2);
    }
}

TEST(WithoutEachBand, KeepsTheMeanUnlessTold) {
  const Image picture = picture_of(std::vector<double>(256, 90.0), 16);
  EXPECT_EQ(without_each_band(bands_of(16, 4), picture.view()).value()[0].image, picture);
  EXPECT_EQ(without_each_band(bands_of(16, 4, true), picture.view()).value()[0].image.row(3)[4], 0);
}

TEST(WithoutEachBand, CountsWhatIsCut) {
  // Green is 255 in one half and 0 in the other: a square wave, the sum of odd waves 4 / (pi k) sin(k x). The third
  // one is negative in the middle of a half, so without it the picture overshoots there.
  std::vector<double> step(256);
  for (std::size_t i = 0; i < step.size(); ++i) step[i] = i % 16 < 8 ? 255 : 0;
  const auto masked = without_each_band(bands_of(16, 8), picture_of(step, 16).view()).value();
  EXPECT_GT(masked[3].clipped, 0.05) << "radius 3 is in ring 3 of width 1";
  EXPECT_DOUBLE_EQ(masked[6].clipped, 0) << "even waves of a square wave are 0: nothing changes";
}

TEST(FrequencyBands, RefuseWhatTheyCannotCut) {
  EXPECT_EQ(FrequencyBands::make({.side = 4, .bands = 2}).error().message,
            "frequency bands: a side of 4 pixels: 8 to 1024");
  EXPECT_EQ(FrequencyBands::make({.side = 112, .bands = 57}).error().message,
            "frequency bands: 57 bands of pictures of 112 pixels: 2 to 56");
  EXPECT_FALSE(FrequencyBands::make({.side = 112, .bands = 1}));
  EXPECT_FALSE(bands_of(16, 4).parts(std::vector<double>(255)));
  EXPECT_FALSE(bands_of(16, 4).energies(std::vector<double>(255)));
  EXPECT_FALSE(without_each_band(bands_of(32, 4), picture_of(std::vector<double>(256), 16).view()));
}

}  // namespace
}  // namespace vultus::audit

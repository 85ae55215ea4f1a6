#include <vultus/audit/frequency_bands.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <utility>

#include <fmt/format.h>

#include <vultus/audit/fourier.hpp>

namespace vultus::audit {
namespace {

using Spectrum = std::vector<std::complex<double>>;

Spectrum spectrum_of(std::span<const double> channel, int side) {
  Spectrum spectrum(channel.begin(), channel.end());
  fourier_2d(spectrum, static_cast<std::size_t>(side), -1);
  return spectrum;
}

/// Frequency with its sign left out: elements above side / 2 stand for negative ones.
int cycles(int index, int side) { return std::min(index, side - index); }

std::uint8_t to_byte(double value, std::size_t& clipped) {
  const double rounded = std::round(value);
  if (rounded < 0 || rounded > 255) ++clipped;
  return static_cast<std::uint8_t>(std::clamp(rounded, 0.0, 255.0));
}

}  // namespace

Result<FrequencyBands> FrequencyBands::make(const FrequencyBandOptions& options) {
  if (options.side < 8 || options.side > 1024)
    return fail(ErrorCode::invalid_argument,
                fmt::format("frequency bands: a side of {} pixels: 8 to 1024", options.side));
  if (options.bands < 2 || options.bands > options.side / 2)
    return fail(ErrorCode::invalid_argument, fmt::format("frequency bands: {} bands of pictures of {} pixels: 2 to {}",
                                                         options.bands, options.side, options.side / 2));
  std::vector<int> ring;
  ring.reserve(static_cast<std::size_t>(options.side) * static_cast<std::size_t>(options.side));
  for (int v = 0; v < options.side; ++v)
    for (int u = 0; u < options.side; ++u) {
      const double radius = std::hypot(cycles(u, options.side), cycles(v, options.side));
      // radius / width; a radius on a border, such as 4 of width 2, belongs to the ring above it.
      const double place = radius * 2 * options.bands / options.side;
      ring.push_back(std::min(static_cast<int>(place + 1e-9), options.bands - 1));
    }
  return FrequencyBands(options, std::move(ring));
}

int FrequencyBands::band_of(int u, int v) const {
  return ring_[static_cast<std::size_t>(v) * static_cast<std::size_t>(options_.side) + static_cast<std::size_t>(u)];
}

double FrequencyBands::lowest(int band) const { return band * (options_.side / 2.0) / options_.bands; }

Result<std::vector<std::vector<double>>> FrequencyBands::parts(std::span<const double> channel) const {
  if (channel.size() != size())
    return fail(ErrorCode::invalid_argument,
                fmt::format("frequency bands: {} values of a channel, {} are needed", channel.size(), size()));
  const Spectrum spectrum = spectrum_of(channel, options_.side);
  std::vector<std::vector<double>> all(static_cast<std::size_t>(options_.bands));
  // The part of a ring is real, because the ring holds every frequency with its conjugate: two rings share one
  // transform, as its real and its imaginary part.
  for (int band = 0; band < options_.bands; band += 2) {
    Spectrum two(size());
    for (std::size_t i = 0; i < size(); ++i) {
      if (ring_[i] == band) two[i] = spectrum[i];
      if (ring_[i] == band + 1) two[i] = std::complex(0.0, 1.0) * spectrum[i];
    }
    fourier_2d(two, static_cast<std::size_t>(options_.side), 1);
    for (const int k : {0, 1}) {
      const int number = band + k;
      if (number >= options_.bands) break;
      auto& part = all[static_cast<std::size_t>(number)];
      part.reserve(size());
      for (const auto& value : two) part.push_back(k == 0 ? value.real() : value.imag());
    }
  }
  return all;
}

Result<std::vector<double>> FrequencyBands::energies(std::span<const double> channel) const {
  if (channel.size() != size())
    return fail(ErrorCode::invalid_argument,
                fmt::format("frequency bands: {} values of a channel, {} are needed", channel.size(), size()));
  const Spectrum spectrum = spectrum_of(channel, options_.side);
  std::vector<double> shares(static_cast<std::size_t>(options_.bands));
  double total = 0;
  for (std::size_t i = options_.remove_mean ? 0 : 1; i < size(); ++i) {
    shares[static_cast<std::size_t>(ring_[i])] += std::norm(spectrum[i]);
    total += std::norm(spectrum[i]);
  }
  // Rounding leaves some 1e-26 of a flat channel: that is no energy.
  const double all = total + (options_.remove_mean ? 0 : std::norm(spectrum[0]));
  for (double& share : shares) share = total > 1e-20 * all ? share / total : 0;
  return shares;
}

Result<std::vector<MaskedPicture>> without_each_band(const FrequencyBands& bands, ImageView picture) {
  const int side = bands.options().side;
  if (picture.empty() || picture.width != side || picture.height != side)
    return fail(ErrorCode::invalid_argument, fmt::format("frequency bands: a picture of {}x{} pixels, {}x{} are needed",
                                                         picture.width, picture.height, side, side));
  const int channels = channels_of(picture.format);
  const auto width = static_cast<std::size_t>(side);
  std::vector<MaskedPicture> masked(static_cast<std::size_t>(bands.options().bands));
  for (MaskedPicture& one : masked) {
    VULTUS_TRY(one.image, Image::create(side, side, picture.format));
  }
  std::vector<double> plane(width * width);
  for (int channel = 0; channel < channels; ++channel) {
    double mean = 0;
    for (std::size_t i = 0; i < plane.size(); ++i) {
      plane[i] = picture.row(static_cast<int>(
          i / width))[i % width * static_cast<std::size_t>(channels) + static_cast<std::size_t>(channel)];
      mean += plane[i] / static_cast<double>(plane.size());
    }
    VULTUS_TRY(const auto parts, bands.parts(plane));
    for (std::size_t b = 0; b < masked.size(); ++b) {
      const double kept = b == 0 && !bands.options().remove_mean ? mean : 0;
      std::size_t clipped = 0;
      for (std::size_t i = 0; i < plane.size(); ++i)
        masked[b].image.row(static_cast<int>(
            i / width))[i % width * static_cast<std::size_t>(channels) + static_cast<std::size_t>(channel)] =
            to_byte(plane[i] - parts[b][i] + kept, clipped);
      masked[b].clipped += static_cast<double>(clipped) / static_cast<double>(plane.size()) / channels;
    }
  }
  return masked;
}

}  // namespace vultus::audit

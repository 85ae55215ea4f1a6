// Pictures cut into rings of spatial frequency, and pictures that lack one ring.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::audit {

struct FrequencyBandOptions {
  int side = 112;  ///< of the square pictures, pixels, [8, 1024]
  int bands = 28;  ///< rings of equal width up to side / 2 cycles a picture, [2, side / 2]
  /// The mean of a channel belongs to the lowest ring. Unless told, it stays when that ring is taken away: a face
  /// without its brightness says more of the range of pixels than of frequencies.
  bool remove_mean = false;
  bool operator==(const FrequencyBandOptions&) const = default;
};

/// Rings of the discrete Fourier transform. Immutable.
/// Ring b holds the frequencies (u, v) with b w <= sqrt(u^2 + v^2) < (b + 1) w, w = side / 2 / bands cycles a picture;
/// the corners beyond side / 2 join the last ring, so that the rings together are the whole picture.
/// @source Frequency Matters, arXiv 2501.16896 (base method: arXiv 2407.11941); rings of equal width are our reading
class FrequencyBands {
 public:
  /// @error invalid_argument  side or bands outside their range
  static Result<FrequencyBands> make(const FrequencyBandOptions& options);

  [[nodiscard]] const FrequencyBandOptions& options() const { return options_; }
  /// Ring of the transform's element in row v and column u. @param u, v  [0, side)
  [[nodiscard]] int band_of(int u, int v) const;
  /// Lowest frequency of a ring, cycles a picture. @param band  [0, bands]
  [[nodiscard]] double lowest(int band) const;

  /// What each ring adds to a channel: side x side values a ring, row by row. Their sum is the channel, the mean of the
  /// channel included (it is in the part of ring 0).
  /// @param channel  side x side values, row by row
  /// @error invalid_argument  another number of values
  /// @cost (bands / 2 + 1) transforms of O(side^2 log side)
  [[nodiscard]] Result<std::vector<std::vector<double>>> parts(std::span<const double> channel) const;

  /// Share of each ring in the energy of a channel (sum of squares, without the mean unless remove_mean): sums to 1.
  /// All 0 for a channel without energy.
  /// @error as parts()
  [[nodiscard]] Result<std::vector<double>> energies(std::span<const double> channel) const;

 private:
  FrequencyBands(const FrequencyBandOptions& options, std::vector<int> ring)
      : options_(options), ring_(std::move(ring)) {}
  [[nodiscard]] std::size_t size() const { return ring_.size(); }

  FrequencyBandOptions options_;
  std::vector<int> ring_;  ///< of every element of the transform, row by row
};

/// A picture that lacks one ring.
struct MaskedPicture {
  Image image;
  double clipped = 0;  ///< share of the values that left [0, 255] and were cut, [0, 1]
};

/// Pictures that lack one ring each, rounded to 8 bits. Every channel is transformed by itself.
/// @param picture  side x side pixels of the bands
/// @return as many pictures as there are bands
/// @error invalid_argument  another size
/// @thread no state
[[nodiscard]] Result<std::vector<MaskedPicture>> without_each_band(const FrequencyBands& bands, ImageView picture);

}  // namespace vultus::audit
